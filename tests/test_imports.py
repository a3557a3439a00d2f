"""Who may import whom, read from the imports themselves; and what an import must not drag in."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).parents[1] / "course_kit"
LIBRARY = {"cells", "layers", "memories", "params", "gradients"}
ROOMS = {p.name for p in KIT.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
HEAVY = {"tensorflow", "keras", "torch", "jax"}

# For each room: which rooms of the kit it may import (besides itself), and whether Keras.
MAY_IMPORT = {
    "reference": set(),
    **{room: LIBRARY for room in LIBRARY},
    "datasets": set(),
    "models": LIBRARY | {"datasets", "evaluation", "plots"},
    "evaluation": set(),
    "plots": {"reference"} | LIBRARY | {"datasets"},
    # The registry finds an exercise's module by name; there is no import statement from checking to exercises.
    "checking": set(),
    "exercises": {"reference", "checking"},
    "grading": {"exercises", "checking", "authoring"},
    "authoring": {"exercises", "checking", "params"},
}
KNOWS_KERAS = LIBRARY | {"models", "evaluation", "datasets", "plots"}


def modules():
    return [p for p in sorted(KIT.rglob("*.py")) if p.parent != KIT]


def imported(path: Path) -> set[str]:
    """Dotted names of all modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            home = ".".join(["course_kit", *path.relative_to(KIT).parts[: -node.level]]) + "." if node.level else ""
            module = home + (node.module or "")
            found |= {module.rstrip("."), *(f"{module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(KIT)))
def test_module_imports_only_what_its_room_may(path):
    """The rule of who imports whom holds in every file."""
    room = path.relative_to(KIT).parts[0]
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("course_kit.")} & ROOMS

    assert rooms - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(KIT)))
def test_keras_is_imported_only_where_it_belongs(path):
    """The checker and the judge do without Keras; the one exception is the process that runs students' code, and
    the probes, which run there."""
    room = path.relative_to(KIT).parts[0]
    heavy = {name.split(".")[0] for name in imported(path)} & HEAVY
    runs_in_the_students_process = path.name == "template.py" or room == "exercises"

    assert not heavy or room in KNOWS_KERAS or runs_in_the_students_process


def test_reference_is_numpy_alone():
    """The oracles lean on NumPy and SciPy and nothing else."""
    for path in (KIT / "reference").glob("*.py"):
        roots = {name.split(".")[0] for name in imported(path)}

        assert roots - sys.stdlib_module_names <= {"numpy", "scipy", "course_kit"}


def test_public_api_of_keras_alone():
    """No private path of Keras is named in code."""
    private = "keras" + ".src"

    assert [] == [str(p) for p in KIT.rglob("*.py") if private in p.read_text(encoding="utf-8")]


LIGHT = {
    "the kit": "import course_kit",
    "every exercise": "from course_kit.checking import all_exercises; assert len(all_exercises()) > 5",
    "a NumPy check": (
        "import numpy as np; from course_kit import check\n"
        "def forget_gate(x, h, W, U, b): return 1 / (1 + np.exp(-(x @ W + h @ U + b)))\n"
        "assert check('E08.1').state == 'right'"
    ),
    "the judge": "import course_kit.grading.judge, course_kit.grading.server, course_kit.grading.report",
    "the pytest plugin": "import course_kit.grading.plugin",
    "the command line": "import course_kit.cli; course_kit.cli.parser()",
    "a count": "from course_kit import params; assert params.simple_rnn(4, 5) == 50",
}


@pytest.mark.parametrize("code", LIGHT.values(), ids=LIGHT)
def test_needs_no_tensorflow(code):
    """These cost no seven seconds: a fresh process shows neither TensorFlow nor Keras among its modules."""
    script = f"{code}\nimport sys, json; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert not HEAVY & set(json.loads(result.stdout.splitlines()[-1]))


def test_public_names():
    """The package's index is what it says."""
    import course_kit

    assert ["check", "hint", "progress"] == course_kit.__all__
    assert all(hasattr(course_kit, name) for name in course_kit.__all__)
