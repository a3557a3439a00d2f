"""Four proofs for every exercise: the stub is not attempted, the solution is right on five seeds, every mutant is
wrong and told why, and the time stays under its limit."""

import ast
import importlib
from functools import cache
from importlib.util import find_spec

import pytest

from course_kit.authoring.source import read, sources
from course_kit.checking import LocalAnswer, State, all_exercises, run
from course_kit.checking.registry import find
from course_kit.exercises.inventory import inventory

SEEDS = (0, 1, 2, 3, 4)
# A check or a figure adds nothing to the names; leaving both out keeps the proofs fast.
NO_NAMES = {"check", "hint", "figure"}


def source_of(number: str):
    return next(s for s in sources() if s.stem.startswith(number))


@cache
def cells_of(number: str):
    return read(source_of(number))


@cache
def namespace(number: str, solved: bool) -> dict:
    """The names that a notebook's cells leave behind."""
    names = {"__name__": "__main__"}
    for cell in cells_of(number):
        if (
            cell.kind == "code"
            and not NO_NAMES & set(cell.tags)
            and ("stub" if solved else "solution") not in cell.tags
        ):
            exec(compile(cell.source, f"<notebook {number}>", "exec"), names)
    return names


def wrong_answers(exercise) -> list:
    """Those of its notebook's table; none where there is no table, which a test below forbids."""
    module = f"tests.mutants.e{exercise.notebook}"
    return importlib.import_module(module).MUTANTS.get(exercise.id, []) if find_spec(module) else []


def mutants():
    for exercise in all_exercises():
        for mutant in wrong_answers(exercise):
            yield pytest.param(exercise, mutant, id=f"{exercise.id} {mutant.name}")


EXERCISES = [pytest.param(e, id=e.id) for e in all_exercises()]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_untouched_stub_is_not_attempted(exercise):
    """A student who has done nothing is told so, whatever the case."""
    outcome = run(exercise, LocalAnswer(dict(namespace(exercise.notebook, solved=False))))

    assert State.NOT_ATTEMPTED == outcome.state, str(outcome)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_solution_is_right_in_time(exercise, seed):
    """The shipped solution is right whatever numbers are dealt, within the time that a call may take."""
    outcome = run(exercise, LocalAnswer(dict(namespace(exercise.notebook, solved=True))), seed=seed)

    assert State.RIGHT == outcome.state, str(outcome)
    assert outcome.seconds < exercise.limit


@pytest.mark.parametrize("exercise,mutant", list(mutants()))
def test_mutant_is_wrong_and_told_why(exercise, mutant):
    """Each wrong answer is refused with the message that helps."""
    names = dict(namespace(exercise.notebook, solved=True))
    exec(compile(mutant.code, "<mutant>", "exec"), names)

    outcome = run(exercise, LocalAnswer(names), seed=7)

    assert mutant.state == outcome.state, str(outcome)
    assert mutant.says in str(outcome)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_at_least_three_mutants(exercise):
    """A check that never met a wrong answer proves nothing."""
    assert len(wrong_answers(exercise)) >= 3


@pytest.mark.parametrize("exercise", EXERCISES)
def test_exercise_agrees_with_the_inventory(exercise):
    """Title and slides are those of the slide inventory."""
    entry = inventory()["exercises"][exercise.id]

    assert entry["title"] == exercise.title
    assert tuple(entry["slides"]) == exercise.slides


@pytest.mark.parametrize("exercise", EXERCISES)
def test_stub_and_solution_define_the_same_names(exercise):
    """Stub and solution have the same signatures, and both define what the exercise asks for."""
    cells = [c for c in cells_of(exercise.notebook) if c.exercise == exercise.id and c.kind == "code"]
    stub, solution = (next(c for c in cells if role in c.tags) for role in ("stub", "solution"))

    assert set(exercise.names) <= set(signatures(stub.source))
    for name in exercise.names:
        assert signatures(stub.source)[name] == signatures(solution.source)[name]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_notebook_checks_and_hints(exercise):
    """Each exercise has its check in a cell of its own, and a hint at hand."""
    check = [c for c in cells_of(exercise.notebook) if "check" in c.tags and f'"{exercise.id}"' in c.source]
    hints = [c for c in cells_of(exercise.notebook) if "hint" in c.tags and f'"{exercise.id}"' in c.source]

    assert [f'check("{exercise.id}")'] == [c.source for c in check]
    assert len(hints) == 1


def signatures(source: str) -> dict:
    """Maps each name that a cell defines to its arguments (functions), its methods (classes) or nothing."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.unparse(node.args)
        elif isinstance(node, ast.ClassDef):
            found[node.name] = "class"
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        found[name.id] = "value"
    return found


def test_every_exercise_of_the_inventory_is_there():
    """A notebook that is in the kit has every exercise that the inventory gives it, and no other."""
    for source in sources():
        number = source.stem[:2]
        due = {id for id, e in inventory()["exercises"].items() if e["notebook"] == number}

        assert due == {e.id for e in all_exercises() if e.notebook == number}


def test_find_knows_every_exercise():
    """An id leads back to its exercise."""
    assert all(find(e.id) is e for e in all_exercises())
