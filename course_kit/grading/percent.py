"""Cells of a Python file in the percent format, in which Jupytext, Spyder and VS Code keep notebooks."""

import re

MARKER = re.compile(r"#\s?%%(?P<title>.*)")
TEXT = re.compile(r"\[(markdown|md|raw)\]")
COMMENT = re.compile(r"^# ?", re.MULTILINE)


def cells(text: str) -> list[tuple[str, str]]:
    """Kind ("code" or "markdown") and source of every cell; what stands before the first marker is one, too.

    >>> cells("# %% [markdown]\\n# A title\\n\\n# %%\\nx = 1\\n")
    [('markdown', 'A title'), ('code', 'x = 1')]
    """
    found: list[tuple[str, list[str]]] = [("code", [])]
    for line in _without_header(text.splitlines()):
        if marker := MARKER.match(line):
            found.append(("markdown" if TEXT.search(marker["title"]) else "code", []))
        else:
            found[-1][1].append(line)
    joined = [(kind, "\n".join(lines).strip("\n")) for kind, lines in found]
    return [(kind, source if kind == "code" else COMMENT.sub("", source)) for kind, source in joined if source]


def _without_header(lines: list[str]) -> list[str]:
    """Jupytext opens a file with settings between two lines of ``# ---``."""
    if lines[:1] == ["# ---"] and "# ---" in lines[1:]:
        return lines[lines.index("# ---", 1) + 1 :]
    return lines
