"""The pages say what was found, to whom it concerns, and nothing that a submission brings is more than text."""

import re
from collections import Counter

import pytest

from course_kit.checking import State
from course_kit.checking.outcome import COLOURS
from course_kit.grading.report import TEMPLATES, write_report
from tests.grading import pages
from tests.grading.report_class import (
    CELL,
    EXERCISES,
    NUMBERS,
    WRONG,
    class_of,
    feedback_of,
    index_of,
    outcome,
    run_over,
    submission,
)

SIGNS = {State.RIGHT: "✓", State.WRONG: "✗", State.COULD_NOT_RUN: "!", State.NOT_ATTEMPTED: "–"}
FOUR = dict(zip(EXERCISES, State, strict=False))


def grades(page: str) -> list[list[str]]:
    """The words of the students' table, row by row."""
    rows = pages.read(page).one("table", id="grades").one("tbody").all("tr")
    return [[cell.words for cell in row.children] for row in rows]


def test_index_counts_what_the_records_say(tmp_path):
    """Each exercise's row has the number of students in each state, counted here from the records."""
    result = class_of(30)
    table = pages.read(index_of(tmp_path, result)).one("table", id="exercises")
    heads = [th.words.lower().lstrip("✗!– ") for th in table.all("tr")[0].all("th")]

    for k, id in enumerate(EXERCISES):
        states = Counter(s.outcomes[k].state for s in result.submissions)
        cells = dict(zip(heads, [c.words for c in table.all("tr")[k + 1].children], strict=True))
        assert cells["exercise"] == f"{id} {EXERCISES[id][0]}"
        assert cells["right"] == f"{states[State.RIGHT]} ({100 * states[State.RIGHT] / 30:.0f} %)"
        for state in (State.WRONG, State.COULD_NOT_RUN, State.NOT_ATTEMPTED):
            assert cells[state] == str(states[state])
        assert cells["seconds"] == "0.01"


def test_index_has_a_row_for_each_student(tmp_path):
    """A student's row leads to the feedback and has points, each state's word, and seconds."""
    result = class_of(8)
    rows = pages.read(index_of(tmp_path, result)).one("table", id="grades").one("tbody").all("tr")

    for row, s in zip(rows, result.submissions, strict=True):
        assert row.one("a").attributes["href"] == f"feedback/{s.student}.html"
        expected = [s.student, f"{s.points:g}", *(str(o.state) for o in s.outcomes), "0", f"{s.seconds:.2f}"]
        assert [c.words for c in row.children] == expected
        assert (tmp_path / "out" / "feedback" / f"{s.student}.html").is_file()


def test_score_distribution_counts_students(tmp_path):
    """The picture's text alternative and its bars say how many students have which score."""
    result = class_of(30)
    figure = pages.read(index_of(tmp_path, result)).one("svg", role="img")
    scores = Counter(int(s.points) for s in result.submissions)
    expected = [f"{n} student{'s' * (n != 1)} with {p} point{'s' * (p != 1)}" for p, n in sorted(scores.items())]

    assert figure.one("desc").words == ", ".join(expected) + "."
    assert len(figure.all("rect")) == len(scores)


@pytest.mark.parametrize(
    "points,label",
    [(0.0, "0 per cent"), (0.7, "70 per cent"), (0.97, "90 per cent"), (sum([0.1] * 10), "100 per cent")],
)
def test_broken_points_are_shown_as_shares(tmp_path, points, label):
    """With broken points the bars are tenths; full marks have their own, also when floats add up to a bit less."""
    answer = outcome("E08.1", State.WRONG, points=points)
    other = submission("b", {}, outcomes=(outcome("E08.1", State.WRONG, points=0.3),))
    page = index_of(tmp_path, run_over(submission("a", {}, outcomes=(answer,)), other))

    assert f"1 student with {label}" in pages.read(page).one("svg", role="img").one("desc").words


def test_most_frequent_mistake_is_named_with_its_count(tmp_path):
    """A known wrong form goes before the bare sentence, and counts among all who went wrong."""
    wrong = [submission(f"w{k}", {"E08.1": State.WRONG}) for k in range(3)]
    crash = submission("c", {"E08.1": State.COULD_NOT_RUN})
    text = pages.read(index_of(tmp_path, run_over(*wrong, crash))).one("table", id="exercises").words

    assert "the bias b_f is missing (3 of 4)" in text
    assert "differs in 6 of 6" not in text


@pytest.mark.parametrize(
    "isolation,loud", [("none", True), ("none: unsafe", True), ("None (--sandbox none)", True), ("nonesuch", False)]
)
def test_isolation_stands_at_the_top(tmp_path, isolation, loud):
    """Before any number stands under which isolation it was made; without any, in a box that warns."""
    page = pages.read(index_of(tmp_path, class_of(3, isolation=isolation)))

    assert f"Graded under: {isolation}" in page.one("header").words
    assert bool(page.one("header").all(class_="alarm")) is loud
    assert ("Nothing was isolated" in page.words) is loud


@pytest.mark.parametrize("complete", [True, False])
def test_incomplete_run_says_so(tmp_path, complete):
    """Who reads a partial page knows it."""
    words = pages.read(index_of(tmp_path, class_of(3, complete=complete))).words

    assert ("This run is incomplete" in words) is not complete


def test_no_submissions_are_a_page_too(tmp_path):
    """An empty class gives a sentence, not a division by zero."""
    page = index_of(tmp_path, run_over())

    assert "There were no submissions to grade." in page
    assert not pages.faults(page)


def test_students_without_a_notebook_are_a_page_too(tmp_path):
    """Where nobody handed in an exercise there is still a row for each student."""
    nothing = submission("ada", {}, notebook="", notes=("no notebook (.ipynb) was found in the folder",))
    page = index_of(tmp_path, run_over(nothing))

    assert grades(page) == [["ada", "0", "1", "0.14"]]
    assert not pages.faults(page)
    assert "no notebook (.ipynb) was found" in feedback_of(tmp_path, nothing)


def test_two_thousand_submissions_stay_under_five_megabytes(tmp_path):
    """The largest class of the design is one page that a browser opens."""
    index = write_report(class_of(2000), tmp_path / "out")

    assert index.stat().st_size < 5e6
    assert len(list((tmp_path / "out" / "feedback").iterdir())) == 2000


def test_seed_stands_nowhere(tmp_path):
    """The instructor's secret is on no page."""
    write_report(class_of(3), tmp_path)

    assert not [p for p in tmp_path.rglob("*.html") if "987654321" in p.read_text(encoding="utf-8")]


# --- several notebooks


def test_only_the_file_that_counts_gives_points(tmp_path):
    """Of two files for one notebook the last counts, whichever is better; nobody gains by handing in ten guesses."""
    guess = submission("ada", {"E08.1": State.RIGHT}, counts=False)
    last = submission("ada", {"E08.1": State.NOT_ATTEMPTED}, notebook="08_lstm_gate_by_gate-Copy1")
    for files in ((guess, last), (last, guess)):
        assert grades(index_of(tmp_path, run_over(*files))) == [["ada", "0", "not attempted", "0", "0.28"]]


def test_exercise_that_was_not_handed_in_is_named(tmp_path):
    """Whoever lacks a notebook has "no file" in the table, and a list in the feedback."""
    ada, bob = submission("ada", {"E08.1": State.RIGHT}), submission("bob", {"E08.2": State.RIGHT})
    feedback = pages.read(feedback_of(tmp_path, ada, bob)).words

    assert grades(index_of(tmp_path, run_over(ada, bob))) == [
        ["ada", "1", "right", "no file", "0", "0.14"],
        ["bob", "1", "no file", "right", "0", "0.14"],
    ]
    assert "Not handed in No file of yours has these exercises: E08.2 Input gate and candidate (1 point)" in feedback
    assert "points of 2" in feedback


# --- feedback


def test_feedback_says_state_by_word_sign_and_colour(tmp_path):
    """Each exercise has its state in words, its sign, and the class that gives it its colour."""
    page = pages.read(feedback_of(tmp_path, submission("ada", FOUR)))
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")

    for (id, state), block in zip(FOUR.items(), page.all("section", class_="exercise"), strict=True):
        chip = block.one("span", class_="chip")
        letter = chip.attributes["class"].split()[-1]
        variable = re.search(rf"\.{letter} {{ --state: var\((--\w+)\)", style)[1]
        assert block.one("h3").words == f"{id} {EXERCISES[id][0]}"
        assert (
            block.one("strong", class_="").words == state if False else state in block.one("p", class_="verdict").words
        )
        assert chip.words == SIGNS[state]
        assert f"{variable}: {COLOURS[state]};" in style


@pytest.mark.parametrize("id", WRONG)
def test_feedback_has_the_whole_message(tmp_path, id):
    """Sentence, numbers, known wrong form, hint, the cases, and the student's own cell."""
    words = pages.read(feedback_of(tmp_path, submission("ada", {id: State.WRONG}))).words
    message = WRONG[id]

    for text in (message.sentence, message.obtained, message.expected, message.index, message.known):
        assert text in words
    assert "Hint: Look at which terms are added" in words
    assert " ".join(CELL.format(number=id[-1], title=EXERCISES[id][0]).split()) in words


def test_feedback_tells_numbers_of_one_case_only(tmp_path):
    """Of the other cases that went wrong a student reads the state, not what was dealt in them."""
    page = feedback_of(tmp_path, submission("ada", {"E08.2": State.WRONG}))

    assert "Looked at: input gate (✓ right), candidate (✗ wrong)." in pages.read(page).words
    assert "of another case" not in page


def test_cases_of_one_state_are_not_told_it_each(tmp_path):
    """A right answer lists what was looked at; an untouched one, of which nothing can be said, does not."""
    answers = submission("ada", {"E08.2": State.RIGHT, "E08.1": State.NOT_ATTEMPTED})
    right, untouched = pages.read(feedback_of(tmp_path, answers)).all("section", class_="exercise")

    assert "Looked at: input gate, candidate." in right.words
    assert "Looked at" not in untouched.words


def test_terse_feedback_leaves_the_numbers_out(tmp_path):
    """What was obtained and expected, where, and how far apart is gone; the sentence and the hint stay."""
    answer = submission("ada", {"E08.1": State.WRONG})
    full = pages.read(feedback_of(tmp_path, answer)).words
    terse = pages.read(feedback_of(tmp_path, answer, terse=True)).words

    for number in NUMBERS:
        assert number in full
        assert number not in terse
    assert "the bias b_f is missing" in terse
    assert "Hint:" in terse


def test_feedback_names_what_was_not_looked_at_and_where_to_look(tmp_path):
    """After a wrong case the rest is named, and the slides that the exercise stands on."""
    words = pages.read(
        feedback_of(tmp_path, submission("ada", {"E08.1": State.WRONG, "E08.5": State.COULD_NOT_RUN}))
    ).words

    assert "Not looked at: seven steps, masked row." in words
    assert "Where to look: slides D1.17, D3.19, D5.9." in words


def test_feedback_shows_notes_and_output(tmp_path):
    """What happened to the file, and what it printed; a flood keeps its first and last part."""
    flood = "first line\n" + "x" * 100_000 + "\nlast line"
    note = "cell 4 did not run: SyntaxError: invalid syntax"
    words = pages.read(feedback_of(tmp_path, submission("ada", FOUR, notes=(note,), output=flood))).words

    assert note in words
    assert "first line" in words
    assert "last line" in words
    assert f"{len(flood) - 20_000} characters left out" in words


def test_feedback_shows_no_other_student(tmp_path):
    """Neither name nor cell nor message of another one, and no way to the class."""
    eve = submission(
        "eve", {"E08.1": State.WRONG}, cells={"E08.1": "EVES_CELL"}, notes=("EVES_NOTE",), output="EVES_OUTPUT"
    )
    page = feedback_of(tmp_path, submission("ada", {"E08.2": State.RIGHT}), eve)

    assert not re.search("Eves|bias b_f|index.html", page)
