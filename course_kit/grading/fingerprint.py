"""What a result depends on, as a hash: the file, the seed, the limits, and every line of the kit that judges it.

A submission whose hash was graded before is not graded again. The kit's own part is followed import by import, so that
a change in the exercises of one notebook grades the submissions of that notebook again, and no others.
"""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from course_kit.checking import registry
from course_kit.grading.files import Unreadable
from course_kit.grading.submissions import Submission

ROOT = Path(__file__).resolve().parents[2]
# What asks, compares and runs; not what finds files or writes reports.
JUDGING = tuple(f"course_kit.grading.{n}" for n in ("answer", "notebooks", "session", "worker", "keeper", "template"))
LIBRARIES = ("numpy", "tensorflow", "keras")


def fingerprint(submission: Submission, about: dict) -> str:
    """The hash for a submission graded under ``about``: seed, limits and whatever else changes a result."""
    try:
        content = submission.read()
    except Unreadable as refusal:
        content = str(refusal).encode()
    told = [submission.student, submission.notebook, submission.path, about, code(_number(submission.notebook))]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    digest.update(content)
    return digest.hexdigest()


@cache
def code(number: str | None) -> str:
    """The hash of all that judges notebook ``number`` ("08"); None: of every notebook."""
    known = registry.notebooks()
    modules = [f"course_kit.exercises.{known[n]}" for n in ([number] if number else known)]
    digest = hashlib.sha256(json.dumps(_versions()).encode())
    for path in sorted({*closure([*modules, *JUDGING]), Path(__file__).with_name("judge.py")}):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def closure(modules: Iterable[str]) -> set[Path]:
    """The files of ``modules`` and of every module of the kit that they import, however deep, wherever it stands.

    >>> sorted(path.name for path in closure(["course_kit.reference.lstm"]))
    ['activations.py', 'lstm.py']
    """
    found: dict[str, Path] = {}
    left = list(modules)
    while left:
        name = left.pop()
        path = _file(name)
        if name not in found and path:
            found[name] = path
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            left += _imports(ast.parse(path.read_bytes()), package)
    return set(found.values())


def _imports(tree: ast.Module, package: str) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))


def _file(module: str) -> Path | None:
    """Where a module of the kit lies, without importing it. One that is loaded may lie elsewhere."""
    if module.partition(".")[0] != "course_kit":
        return None
    stem = ROOT.joinpath(*module.split("."))
    loaded = getattr(sys.modules.get(module), "__file__", None)
    places = [*([Path(loaded)] if loaded else []), stem.with_suffix(".py"), stem / "__init__.py"]
    return next((path for path in places if path.is_file()), None)


def _versions() -> list[str]:
    return [sys.version, *(f"{name} {metadata.version(name)}" for name in LIBRARIES)]


def _number(stem: str) -> str | None:
    """The notebook that a file's name says it is, as ``notebooks.which_notebook`` takes it."""
    start = re.match(r"(\d\d)(?!\d)", stem)
    return start[1] if start and start[1] in registry.notebooks() else None
