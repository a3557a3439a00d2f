"""How far a run is, for whoever waits: a bar on a terminal, plain lines in a file."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from course_kit.grading.report import duration
from course_kit.grading.results import SubmissionResult
from course_kit.grading.running import Progress


class Watch:
    """Shows a ``Progress`` each time that ``show`` is called. Use it as a context manager."""

    def __init__(self, console: Console):
        self._console = console
        text = [TextColumn(f"{{task.fields[{name}]}}", markup=False) for name in ("speed", "who")]
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), *text)
        self._bar = Bar(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._task = self._bar.add_task("", total=None, speed="", who="starting")

    def __enter__(self) -> "Watch":
        self._bar.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self._bar.__exit__(*error)

    def show(self, state: Progress) -> None:
        """Renew the bar; where there is none, print a line for the submission just graded."""
        last, speed = state.last, rate(state)
        who = last.student if last else "starting"
        self._bar.update(self._task, completed=state.done, total=state.total, speed=speed, who=who)
        if self._console.is_terminal:
            return
        if state.reused and not last:
            say(self._console, f"{state.reused} of {state.total} had not changed since they were graded")
        if last:
            about = f"{last.student} {last.notebook or '-'}: {points(last)}"
            say(self._console, f"{state.done}/{state.total} {about} ({speed})")


def rate(state: Progress) -> str:
    """The speed and the time that is left.

    >>> rate(Progress(done=10, total=40, reused=0, rate=6.0))
    '6.0 a second, 5.00 s left'
    """
    if not state.rate:
        return ""
    speed = f"{state.rate:.1f} a second" if state.rate >= 1 else f"{duration(1 / state.rate)} each"
    return f"{speed}, {duration(state.seconds_left)} left"


def points(submission: SubmissionResult) -> str:
    if not submission.outcomes:
        return "; ".join(submission.notes)
    return f"{submission.points:g} of {submission.max_points:g} points in {submission.seconds:.2f} s"


def say(console: Console, text: str) -> None:
    """Print a line as it is: a student's name may look like markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
