"""What a notebook cell has that Python has not: magics, shell lines, help lines, ``await`` at the top."""

import ast
import inspect
import re
from types import CodeType

MAGIC = re.compile(r"(?P<indent>\s*)%(?P<name>[A-Za-z_]\w*)\s*(?P<rest>.*)")
SHELL = re.compile(r"(?P<indent>\s*)!")
ASSIGNED = re.compile(r"(?P<indent>\s*)(?P<target>[\w.,\s\[\]'\"]+?)\s*=\s*[!%]")
HELP = re.compile(r"(?P<indent>\s*)(\?{1,2}\s*[\w.%]+|%?[\w.]+\?{1,2})\s*$")
RUN_THE_REST = {"time", "timeit", "capture", "prun", "python", "python3", "py"}
MAX_REPAIRS = 200


def prepare(source: str) -> tuple[str, list[str]]:
    """``source`` as plain Python with the same line numbers, and a note for each thing put aside.

    A line is touched only where Python itself stumbles over it, so a percent sign in a string stays. What is no
    Python after that is returned as it is; compiling it gives the student's own syntax error.
    """
    first, _, rest = source.lstrip("\n").partition("\n")
    if first.startswith("%%"):
        name = first[2:].split()[0] if first[2:].split() else ""
        if name not in RUN_THE_REST:
            return "", [f"a cell of %%{name} is not run when graded"]
        blank = "\n" * (len(source) - len(source.lstrip("\n")) + 1)
        prepared, notes = prepare(blank + rest)
        return prepared, [f"%%{name} is ignored when graded", *notes]
    lines, notes = source.split("\n"), []
    for _ in range(MAX_REPAIRS):
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            at = (error.lineno or 0) - 1
            repaired = _repair(lines[at]) if 0 <= at < len(lines) else None
            if repaired is None:
                break
            notes.append(f"line {at + 1} is ignored when graded: {lines[at].strip()[:80]}")
            lines[at] = repaired
        except (ValueError, RecursionError, MemoryError):
            break  # NUL characters, or nesting that no parser takes: compiling says which
        else:
            break
    return "\n".join(lines), notes


def _repair(line: str) -> str | None:
    """The Python that stands for a line that is none, or None if it is nothing that IPython knows."""
    if found := MAGIC.match(line):
        kept = found["rest"] if found["name"] == "time" and found["rest"] else "pass"
        return found["indent"] + kept
    if found := SHELL.match(line) or HELP.match(line):
        return found["indent"] + "pass"
    if found := ASSIGNED.match(line):
        return f"{found['indent']}{found['target']} = None"
    return None


def compile_cell(source: str, filename: str) -> tuple[CodeType, bool]:
    """Code for ``exec``, and whether it awaits something at the top level, as a notebook may."""
    code = compile(source, filename, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code, bool(code.co_flags & inspect.CO_COROUTINE)
