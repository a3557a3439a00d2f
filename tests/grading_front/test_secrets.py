"""What a student could learn from feedback, and what an instructor's terminal could be told."""

import dataclasses

import pytest

from course_kit.checking import Message, State
from course_kit.grading.files import printable
from course_kit.grading.judge import SEED_BITS, Judge, told
from course_kit.grading.submissions import find_submissions
from tests.grading_front.conftest import hand_in, notebook

LEAK = "def gate(x, W, b):\n    raise ValueError('the inputs are ' + repr(x.tolist()))"


def graded(folder, server, content: str, terse: bool):
    hand_in(folder, "ada", content)
    (submission,) = find_submissions(folder)
    return Judge(server, 3, terse).grade(submission)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("terse", [False, True])
def test_text_of_an_error_in_a_call_is_left_out_of_terse_feedback(tmp_path, server, terse):
    """Type, line and cell stay: they are the student's own, and hold no input."""
    outcome = graded(tmp_path, server, notebook(gate=LEAK), terse).outcomes[0]
    sentence = outcome.message.sentence

    assert outcome.state is State.COULD_NOT_RUN
    assert "ValueError in line 2 of cell 2: `raise ValueError(" in sentence
    assert ("the inputs are [[" in sentence) is not terse
    assert all(("inputs are [[" in text) is not terse for text in outcome.case_messages.values())


@pytest.mark.usefixtures("three")
def test_text_of_an_error_in_a_cell_stays(tmp_path, server):
    """Cells run before any input is there."""
    result = graded(tmp_path, server, notebook(["raise ValueError('my own words')"]), terse=True)

    assert ("cell 1: ValueError: my own words (line 1)",) == result.notes


def test_seed_is_too_long_to_be_guessed():
    """A student who writes down the inputs can try seeds at home, a million in a second and core: 285 years."""
    assert 2**SEED_BITS / 1e6 / 3600 / 24 / 365 > 200
    assert 2**SEED_BITS == int(float(2**SEED_BITS))


TEXTS = [
    "plain, 1.5 µm, \u4e2d",
    "\x1b[2J\x1b]0;owned\x07",
    "a\nvictim,99",
    "\u202egnp.eda",
    "\ud800",
    "\x9b31m",
    "x" * 10**5,
]


@pytest.mark.parametrize("text", TEXTS, ids=[ascii(text)[:20] for text in TEXTS])
def test_message_is_printable_and_of_readable_length(text):
    """All its texts; the numbers are as they were."""
    found = told(Message(text, obtained=text, expected=text, index=text, known=text, difference=2.0, tolerance=0.5))

    for value in dataclasses.asdict(found).values():
        assert not isinstance(value, str) or (value.isprintable() and len(value) <= 2000)
    assert (2.0, 0.5) == (found.difference, found.tolerance)
    assert printable(text[:2000]) == found.sentence
