"""Pairs are found by what hardly anybody else wrote, whatever was renamed, reordered or commented; others are not."""

import ast
import csv
import random

import pytest
from rich.console import Console

from course_kit.cli import main
from course_kit.grading import similar as module
from course_kit.grading.pieces import every, pieces
from course_kit.grading.similar import run, similar
from tests.grading_front.conftest import DOUBLE, SETUP, hand_in, notebook

pytestmark = pytest.mark.usefixtures("three")

SAME = {
    "names": ("total = first @ W + b", "s = u @ kernel + bias"),
    "comments and layout": ("y = np.exp(-(x @ W\n   + b))  # hello", "y = np.exp(-(x @ W + b))"),
    "the order of a sum": ("y = f(a) + g(b) + 3", "y = 3 + g(q) + f(p)"),
    "a docstring and annotations": (
        'def f(x: int) -> int:\n    """Mine."""\n    return helper(x) * 2 + x ** 3',
        "def g(q):\n    return helper(q) * 2 + q ** 3",
    ),
    "the order of statements": ("a = f(1)\nb = g(2)", "q = g(2)\np = f(1)"),
    "imports": ("import numpy as np\na = f(1)", "a = f(1)"),
}
OTHER = {
    "another method": ("y = x.sum()", "y = x.mean()"),
    "another number": ("y = x ** 2", "y = x ** 3"),
    "the order of a product of matrices": ("y = W @ x", "y = x @ y"),
    "another function of Python's": ("y = sum(a)", "y = max(a)"),
    "one name twice": ("y = f(a, a)", "y = f(a, b)"),
    "a difference": ("y = a.sum() - b.mean()", "y = b.mean() - a.sum()"),
}


def keys(source):
    return {piece.key for piece in every(pieces(ast.parse(source)))}


@pytest.mark.parametrize("one,two", SAME.values(), ids=SAME)
def test_disguise_does_not_change_a_piece(one, two):
    """What a minute in an editor changes is put aside."""
    if (one, two) == SAME["names"]:
        two = two.replace("s =", "z =")

    assert keys(one) == keys(two) != set()


@pytest.mark.parametrize("one,two", OTHER.values(), ids=OTHER)
def test_other_code_is_another_piece(one, two):
    """What it computes is not put aside."""
    assert keys(one) != keys(two)


def gate(deal: random.Random) -> str:
    """One of many honest ways to write the gate, and to try it out."""
    product = deal.choice(["x @ W", "np.dot(x, W)", "np.matmul(x, W)", "np.einsum('nm,mk->nk', x, W)"])
    total = deal.choice([f"{product} + b", f"b + {product}", f"np.add({product}, b)"])
    name = deal.choice(["a", "z", "net", "logits"])
    squash = deal.choice(["1 / (1 + np.exp(-{0}))", "np.exp({0}) / (np.exp({0}) + 1)", "0.5 * (np.tanh({0} / 2) + 1)"])
    lines = ["def gate(x, W, b):", f"    {name} = {total}", f"    return {squash.format(name)}"]
    for _ in range(deal.randrange(4)):
        method = deal.choice(["sum", "mean", "max"])
        lines.append(f"print(gate(np.ones(({deal.randrange(9)}, 3)), np.eye(3), {deal.random():.2f}).{method}())")
    return "\n".join(lines)


# A roundabout way that nobody else goes, and the same after an evening of disguise.
OWN = """\
def gate(x, W, b):
    rows = []
    for row in x:
        rows.append([sum(r * w for r, w in zip(row, column)) for column in W.T])
    shifted = np.array(rows) + b
    positive = np.where(shifted > 0, np.exp(-np.abs(shifted)), 1)
    return positive / (1 + np.exp(-np.abs(shifted)))"""
COPY = """\
def gate(inputs, kernel, bias):
    \"\"\"All my own work.\"\"\"
    collected = []
    for line in inputs:  # every line
        collected.append([sum(p * q for p, q in zip(line, k)) for k in kernel.T])
    moved = bias + np.array(collected)
    top = np.where(moved > 0, np.exp(-np.abs(moved)), 1)
    return top / (np.exp(-np.abs(moved)) + 1)"""


@pytest.fixture
def course(tmp_path):
    """Forty who wrote by themselves, and what was handed out."""
    deal = random.Random(3)
    for k in range(40):
        hand_in(tmp_path / "class", f"s{k:02}", notebook(gate=gate(deal)))
    hand_in(tmp_path / "starter", ".", notebook([SETUP, "def gate(x, W, b):\n    return None", DOUBLE]))
    return tmp_path / "class", tmp_path / "starter"


def names(pairs):
    return [(pair.first.student, pair.second.student) for pair in pairs]


def test_copy_in_disguise_is_first_and_honest_work_is_not_listed(course):
    """Renamed, reordered and commented: all of it is shared, and the exercise is named."""
    folder, starter = course
    before = similar(folder, starter)
    hand_in(folder, "ada", notebook(gate=OWN))
    hand_in(folder, "bea", notebook(gate=COPY))

    first, *rest = similar(folder, starter)

    assert ("ada", "bea") == (first.first.student, first.second.student)
    assert first.exercises == ("E99.1",)
    assert first.share > 0.8
    assert first.bits > 2 * max([pair.bits for pair in rest], default=0)
    assert len(before) == len(rest)
    assert len(before) <= 3


def test_what_was_handed_out_makes_no_pair(course):
    """Two who left a long starter as it was, where all others deleted it, share nothing of their own."""
    folder, starter = course
    hand_in(starter, ".", notebook([SETUP, OWN]), "99_more.ipynb")
    hand_in(folder, "ada", notebook(gate=OWN))
    hand_in(folder, "bea", notebook(gate=OWN))

    assert ("ada", "bea") not in names(similar(folder, starter))


def test_published_solution_makes_no_pair(course, monkeypatch):
    """Two who copied what anybody can read did not copy from each other."""
    folder, starter = course
    hand_in(folder, "ada", notebook(gate=OWN))
    hand_in(folder, "bea", notebook(gate=COPY))
    monkeypatch.setattr(module, "_editions", lambda numbers, solved: {"99": keys(OWN)} if solved else {})

    assert ("ada", "bea") not in names(similar(folder, starter))


def test_what_half_of_the_class_wrote_says_nothing(course):
    """The way that was shown in the tutorial."""
    folder, starter = course
    for k in range(40):
        hand_in(folder, f"t{k:02}", notebook(gate=OWN))

    assert not [pair for pair in names(similar(folder, starter)) if "t00" in pair]


def test_own_two_files_and_a_group_s_one_are_no_pair(course):
    """A student does not copy from herself, nor a group from itself."""
    folder, starter = course
    hand_in(folder, "ada", notebook(gate=OWN))
    hand_in(folder, "ada", notebook(gate=COPY), "99_three (1).ipynb")

    assert not [pair for pair in names(similar(folder, starter)) if pair == ("ada", "ada")]


def test_two_students_are_a_class(tmp_path, course):
    """Also where there is nobody to compare with."""
    hand_in(tmp_path / "two", "ada", notebook(gate=OWN))
    hand_in(tmp_path / "two", "bea", notebook(gate=COPY))

    assert [("ada", "bea")] == names(similar(tmp_path / "two", course[1]))


HOSTILE = {
    "nested": "gate = " + "(" * 90 + "1" + ")" * 90 + "+1" * 5000,
    "deep calls": "gate = " + "f(" * 85 + "1" + ")" * 85,
    "no Python": "def gate(:",
    "NUL": "gate = '\0'",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_stops_nothing(course, source):
    """The pair beside it is still found."""
    folder, starter = course
    hand_in(folder, "ada", notebook(gate=OWN))
    hand_in(folder, "bea", notebook(gate=COPY))
    hand_in(folder, "eve", notebook(gate=source))
    hand_in(folder, "eva", "{", "99_x.ipynb")

    assert ("ada", "bea") == names(similar(folder, starter))[0]


def test_command_prints_a_list_and_writes_a_table(course, tmp_path):
    """A sentence says what the list is not; names are no formulas and no markup."""
    folder, starter = course
    hand_in(folder, "=ada[bold]", notebook(gate=OWN))
    hand_in(folder, "bea", notebook(gate=COPY))
    console = Console(width=160, record=True)

    code = run(folder, console, tmp_path / "pairs.csv", starter, top=1)

    shown = console.export_text()
    with (tmp_path / "pairs.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert 0 == code
    assert "no verdict" in shown
    assert "=ada[bold]" in shown
    assert ("'=ada[bold]", "bea", "E99.1") == (row["first"], row["second"], row["exercises"])


def test_wrong_folder_is_a_sentence(tmp_path):
    """As with the other commands."""
    console = Console(width=160, record=True)

    assert 2 == run(tmp_path / "nowhere", console)
    assert "is not a folder" in console.export_text()
    assert 2 == main(["similar", str(tmp_path / "nowhere"), "--top", "3"])
