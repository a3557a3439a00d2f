"""The four states, and what stands in each answer."""

import numpy as np
import pytest

from course_kit.checking import Draw, Exercise, LocalAnswer, State, expect, run
from course_kit.checking.answer import Answer, Lost

DOUBLE = Exercise("E99.1", "Double", slides=("D1.1",), names=("double",), hints=("add it to itself", "2 * x"), points=2)


@DOUBLE.case("values")
def _(answer, draw):
    x = draw.normal(2, 3)
    expect(answer.double(x), 2 * x, "y", known={"the square came back": x**2})


@DOUBLE.case("zero")
def _(answer, draw):
    expect(answer.double(np.zeros(2)), np.zeros(2), "y at 0")


def judged(function, **kwargs):
    return run(DOUBLE, LocalAnswer({"double": function}), **kwargs)


def raises(x):
    raise RuntimeError("no idea")


STATES = {
    "right": (lambda x: 2 * x, State.RIGHT, 2),
    "wrong": (lambda x: x, State.WRONG, 0),
    "stub": (lambda x: None, State.NOT_ATTEMPTED, 0),
    "raises": (raises, State.COULD_NOT_RUN, 0),
    "right in one case only": (lambda x: 2 * x if x.any() else x + 1, State.WRONG, 0),
    "half a stub": (lambda x: 2 * x if x.any() else None, State.WRONG, 0),
}


@pytest.mark.parametrize("function,state,points", STATES.values(), ids=STATES)
def test_state_and_points(function, state, points):
    """Points are for a right answer alone."""
    outcome = judged(function)

    assert (state, points, 2) == (outcome.state, outcome.points, outcome.max_points)


def test_message_of_a_wrong_answer():
    """Everything that helps, in order."""
    outcome = judged(lambda x: x**2, seed=1)
    first = Draw(1, "E99.1", "values").normal(2, 3)[0, 0]
    worst = np.abs(2 * (x := Draw(1, "E99.1", "values").normal(2, 3)) - x**2).max()

    assert (
        "E99.1 Double: wrong\n"
        "  y differs in 6 of 6 entries\n"
        f"  first at [0, 0]: obtained {first**2:.6g}, expected {2 * first:.6g}\n"
        f"  largest difference {worst:.3g}, tolerance 1e-12\n"
        "  recognised: the square came back\n"
        "  hint: add it to itself\n"
        "  not looked at yet: zero"
    ) == str(outcome)


def test_message_of_a_right_answer():
    """It says how much was looked at, and that the numbers will be others."""
    assert "E99.1 Double: right\n  2 of 2 cases right; the instructor deals other numbers." == str(
        judged(lambda x: 2 * x)
    )


def test_to_the_end_looks_at_all_cases():
    """pytest wants each case's own state."""
    outcome = judged(lambda x: x, to_the_end=True)

    assert {"values": State.WRONG, "zero": State.RIGHT} == outcome.cases
    assert () == outcome.not_looked_at


def test_hard_coded_answer_fails_on_the_next_seed():
    """The numbers come from the seed."""
    stored = 2 * Draw(0, "E99.1", "values").normal(2, 3)

    def remembered(x):
        return stored if x.any() else x

    assert State.RIGHT == judged(remembered, seed=0).state
    assert State.WRONG == judged(remembered, seed=1).state


def test_lost_answer_ends_the_exercise():
    """After a call that took too long no further case is tried."""

    class Gone(Answer):
        def call(self, name, *args, **kwargs):
            raise Lost("double took longer than 5 s")

    outcome = run(DOUBLE, Gone(), to_the_end=True)

    assert State.COULD_NOT_RUN == outcome.state
    assert ("zero",) == outcome.not_looked_at


def test_a_case_that_falls_over_does_not_stop_the_class():
    """An error of ours becomes a sentence for the instructor."""
    odd = Exercise("E99.2", "Odd", slides=(), names=("f",), hints=("", ""))

    @odd.case("values")
    def _(answer, draw):
        return answer.f() + 1

    outcome = run(odd, LocalAnswer({"f": lambda: "text"}))

    assert State.COULD_NOT_RUN == outcome.state
    assert "tell the instructor" in str(outcome)


def test_message_is_escaped_in_html():
    """What the student wrote cannot become markup."""

    def nasty(x):
        raise ValueError("<script>alert(1)</script>")

    page = judged(nasty)._repr_html_()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_state_stands_in_words_in_html():
    """Colour alone tells nothing."""
    assert "wrong" in judged(lambda x: x)._repr_html_()


@pytest.mark.parametrize("exercise,case", [("E99.2", "values"), ("E99.1", "zero")])
def test_other_exercise_or_case_is_dealt_other_numbers(exercise, case):
    """One seed does not mean one set of numbers."""
    assert not np.array_equal(Draw(0, "E99.1", "values").normal(3), Draw(0, exercise, case).normal(3))


def test_sizes_differ():
    """m, n and the batch are never the same, so that no transposed matrix passes."""
    for seed in range(50):
        m, n, o = Draw(seed, "E99.1", "values").sizes(3)

        assert 4 == len({m, n, o, 2})


def test_a_case_with_its_own_hint_gives_that():
    """A hint helps with what went wrong, not with what was asked first."""
    exercise = Exercise("E99.3", "Two", slides=(), names=("f",), hints=("for all", "nearly all"))

    @exercise.case("first")
    def _(answer, draw):
        expect(answer.f(1.0), 1.0, "f(1)")

    @exercise.case("second", hint="for this one")
    def _(answer, draw):
        expect(answer.f(2.0), 4.0, "f(2)")

    assert "for this one" == run(exercise, LocalAnswer({"f": lambda x: x})).hint
    assert "for all" == run(exercise, LocalAnswer({"f": lambda x: 0.0}), to_the_end=True).hint
