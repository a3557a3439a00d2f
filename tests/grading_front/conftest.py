"""A notebook of three exercises, small workers without TensorFlow, and files as students hand them in."""

import json
import sys
from pathlib import Path

import pytest

from course_kit.checking import registry
from course_kit.grading import isolation
from course_kit.grading.limits import MIB, Limits
from course_kit.grading.server import WorkerServer
from tests.grading_front import e99_three

SETUP = "import numpy as np\nfrom course_kit import check"
GATE = "def gate(x, W, b):\n    return 1 / (1 + np.exp(-(x @ W + b)))"
MISPRINT = 'misprint = "i"'
DOUBLE = "class Double:\n    def __call__(self, inputs):\n        return 2 * inputs"
RIGHT = (SETUP, GATE, 'check("E99.1")', MISPRINT, 'check("E99.2")', DOUBLE, 'check("E99.3")')


def notebook(cells=RIGHT, **changes) -> str:
    """The text of a notebook file; ``gate=...`` puts another text in the place of that cell."""
    named = {"setup": SETUP, "gate": GATE, "misprint": MISPRINT, "double": DOUBLE}
    replaced = {named[name]: text for name, text in changes.items()}
    cells = [replaced.get(cell, cell) for cell in cells]
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
                for cell in cells
            ],
        }
    )


def hand_in(folder: Path, student: str, content: str, name: str = "99_three.ipynb") -> Path:
    """Write a student's file."""
    path = folder / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def three(monkeypatch):
    """The course has one notebook, 99, with three exercises."""
    monkeypatch.setattr(registry, "notebooks", lambda: {"99": "e99_three"})
    monkeypatch.setitem(sys.modules, "course_kit.exercises.e99_three", e99_three)
    registry.notebook_exercises.cache_clear()
    yield
    registry.notebook_exercises.cache_clear()


@pytest.fixture(scope="session")
def sandbox() -> str:
    """What this machine can do; what it cannot is the business of the sandbox's own tests."""
    return "none" if isolation.available().level == "none" else "auto"


@pytest.fixture(scope="session")
def server(sandbox):
    """Workers that have NumPy imported and no TensorFlow: ready in a moment, and soon out of memory."""
    with WorkerServer(Limits(memory=256 * MIB), sandbox, preload=("numpy",)) as running:
        yield running
