"""``course-kit grade DIR --out OUT``: grade a class, show its table, say where gradebook and report lie."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_kit.checking import State
from course_kit.grading.at_a_glance import NO_FILE, by_student, exercises_of
from course_kit.grading.class_result import ClassResult
from course_kit.grading.cluster import ClusterError
from course_kit.grading.config import ConfigError, read_limits
from course_kit.grading.judge import grade_class, refusal
from course_kit.grading.marks import MarksError, read_marks, read_policy
from course_kit.grading.report import MARKS, one_line
from course_kit.grading.results import SubmissionResult, counted
from course_kit.grading.server import ServerError, WorkerRefused
from course_kit.grading.store import InUse
from course_kit.grading.submissions import NoSubmissions
from course_kit.grading.watch import Watch, say

MOST_ROWS = 40
MOST_LETTERS = 140


def run(
    folder: Path,
    out: Path,
    seed: int | None = None,
    jobs: int | None = None,
    sandbox: str = "auto",
    console: Console | None = None,
    config: Path | None = None,
    feedback: str = "full",
    resume: bool = False,
    manual: Path | None = None,
    late: tuple[Iterable[str], float, float] = ((), 0.0, 100.0),
    title: str = "course-kit",
    cluster: str | None = None,
) -> int:
    """Grade ``folder`` into ``out``, under the limits of ``config``; ``feedback`` is "full" or "terse", ``resume`` goes
    on with the last run's seed. The table of marks ``manual`` is counted in, and lateness, as ``read_policy`` takes it.
    ``title`` is the assignment's name in Canvas; ``cluster`` the address of a Dask scheduler to grade on.

    Returns:
        int, the exit code: 0 when every submission was graded, whatever its marks; 1 when the run was stopped or the
        machine failed; 2 when nothing could be graded at all.
    """
    console = console or Console()
    if seed is not None and seed < 0:
        say(console, f"the seed must be a whole number of at least 0. Got {seed}.")
        return 2
    try:
        limits = read_limits(config)
        marks = read_marks(manual, read_policy(*late))
    except (ConfigError, MarksError) as error:
        say(console, str(error))
        return 2
    if resume and seed is not None:
        say(console, "--resume goes on with the seed of the run that it resumes: leave --seed out")
        return 2
    try:
        with Watch(console) as watch:
            result = grade_class(
                folder,
                out,
                seed,
                jobs,
                sandbox,
                watch.show,
                limits,
                terse=feedback == "terse",
                resume=resume,
                marks=marks,
                title=title,
                cluster=cluster,
            )
    except (NoSubmissions, InUse, ClusterError) as error:
        say(console, str(error))
        return 2
    except WorkerRefused as error:
        say(console, refusal(error, "--sandbox"))
        return 2
    except ServerError as error:
        say(console, f"no submission could be run: {error}")
        return 2
    except OSError as error:
        say(console, f"{error.filename or out} cannot be read or written: {error.strerror}")
        return 2
    show(result, out, console)
    for row in result.marks.unused()[:MOST_ROWS]:
        say(console, f"nobody in this class is called {row.student}: line {row.line} of the marks was not used")
    failed = [s for s in result.submissions if s.machine]
    for submission in failed:
        say(console, f"{submission.path}: {submission.notes[0]}")
    return 1 if failed or not result.complete else 0


def show(result: ClassResult, out: Path, console: Console) -> None:
    """Print the class as a table, the seed, the isolation, and where the files lie."""
    console.print(table(result))
    students = len({s.student for s in result.submissions})
    if students > MOST_ROWS:
        say(console, f"and {students - MOST_ROWS} students more in {out / 'summary.csv'}")
    say(console, "  ".join(f"{sign} {word}" for word, (_, sign) in MARKS.items()))
    if not result.complete:
        say(console, f"stopped: the gradebook holds the {len(result.submissions)} graded so far, and no others")
        say(console, "the same command with --resume goes on from here")
    count = f"{len(result.submissions)} submission{'s' * (len(result.submissions) != 1)}"
    same = f" ({result.reused} had not changed)" if result.reused else ""
    say(console, f"{count}{same} in {result.seconds:.1f} s, seed {result.seed}, isolation: {result.isolation}")
    say(console, f"gradebook  {out / 'gradebook.csv'}")
    say(console, f"report     {out / 'index.html'}")


def table(result: ClassResult) -> Table:
    """A row a student: points, a sign for each exercise, and the first thing that went wrong."""
    asked = exercises_of(result)
    notebooks = sorted({id[1:3] for id in asked})
    shown = Table()
    shown.add_column("student", no_wrap=True)
    shown.add_column("points", justify="right", no_wrap=True)
    for number in notebooks:
        shown.add_column(f"notebook {number}", no_wrap=True)
    shown.add_column("what to look at first")
    most = sum(o.max_points for o in asked.values())
    for student, submissions in islice(by_student(result), MOST_ROWS):
        best = counted(submissions)
        signs = [
            " ".join(MARKS[best[id].state if id in best else NO_FILE][1] for id in asked if id[1:3] == number)
            for number in notebooks
        ]
        total = f"{result.final(submissions).points:g}/{most:g}"
        shown.add_row(Text(one_line(student, 24)), total, *signs, Text(first_trouble(submissions)))
    return shown


def first_trouble(submissions: list[SubmissionResult]) -> str:
    """The first note or wrong answer of a student, in a line."""
    for submission in submissions:
        if not submission.outcomes and submission.notes:
            return one_line(submission.notes[0], MOST_LETTERS)
    for outcome in (o for s in submissions for o in s.outcomes):
        if outcome.state not in (State.RIGHT, State.NOT_ATTEMPTED) and outcome.message:
            return one_line(f"{outcome.exercise}: {outcome.message.known or outcome.message.sentence}", MOST_LETTERS)
    notes = [note for s in submissions for note in s.notes]
    missing = [o for s in submissions for o in s.outcomes if o.state is State.NOT_ATTEMPTED and o.message]
    if missing:
        notes.append(f"{missing[0].exercise}: {missing[0].message.sentence}")
    return one_line(notes[0], MOST_LETTERS) if notes else ""
