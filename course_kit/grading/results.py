"""What grading gives: plain records, from which gradebook, reports and pytest read."""

from dataclasses import dataclass, field

from course_kit.checking import Outcome


@dataclass(frozen=True)
class SubmissionResult:
    """One notebook of one student.

    Args:
        student: str, the folder's or archive's name.
        notebook: str, the file's name without its ending, for example "08_lstm_gate_by_gate".
        path: str, where it was found, relative to the folder that is graded.
        outcomes: one for every exercise of the notebook, in order, whatever the student did.
        notes: sentences on what happened to the file: "cell 4: SyntaxError ...", "input() was refused".
        cells: maps an exercise's id to the student's own cell that defines its names, for the feedback.
        output: first and last part of what the notebook printed.
        seconds, cpu_seconds: wall and processor time that this submission took.
    """

    student: str
    notebook: str
    path: str
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    output: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def points(self) -> float:
        return sum(o.points for o in self.outcomes)

    @property
    def max_points(self) -> float:
        return sum(o.max_points for o in self.outcomes)


@dataclass(frozen=True)
class ClassResult:
    """One run over a class.

    Args:
        submissions: sorted by student, then notebook.
        seed: int, what dealt the inputs; it is the instructor's secret and never stands in feedback.
        isolation: str, in words, under which the submissions ran.
        started: str, ISO 8601 with time zone.
        seconds: float, wall time of the run.
        complete: bool, False when it was interrupted.
    """

    submissions: tuple[SubmissionResult, ...]
    seed: int
    isolation: str
    started: str
    seconds: float
    complete: bool = True
