"""Whoever waits is told how far it is, how fast, and for how long still."""

import io

from rich.console import Console

from course_kit.grading.results import SubmissionResult
from course_kit.grading.running import Progress
from course_kit.grading.watch import Watch

LAST = SubmissionResult("[bold]ada", "08_lstm", "ada/08_lstm.ipynb", (), notes=("it is empty",))


def shown(terminal: bool) -> str:
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=150)
    with Watch(console) as watch:
        watch.show(Progress(done=100, total=401, reused=100))
        watch.show(Progress(done=101, total=401, reused=100, rate=5.0, last=LAST))
    return text.getvalue()


def test_plain_lines_where_there_is_no_terminal():
    """A log has a line a submission, and no sign that moves a cursor."""
    assert shown(terminal=False).splitlines() == [
        "100 of 401 had not changed since they were graded",
        "101/401 [bold]ada 08_lstm: it is empty (5.0 a second, 1 min 0 s left)",
    ]


def test_bar_on_a_terminal():
    """The bar has the count, the speed, the time left and whose work was last, and no lines pile up."""
    text = shown(terminal=True)

    for piece in ("101/401", "5.0 a second, 1 min 0 s left", "[bold]ada"):
        assert piece in text
    assert "it is empty" not in text
