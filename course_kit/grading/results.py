"""What grading a notebook gives: a plain record, from which gradebook, reports and pytest read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from course_kit.checking import Message, Outcome, State
from course_kit.grading.handed_in import Owner


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
        machine: bool, True when the grading machine failed, not the student: this one is to be graded again.
        seconds, cpu_seconds: wall and processor time that this submission took.
        counts: bool, False when a later file of the same student for the same notebook counts instead.
        owner: Owner or None, what the learning platform knows of the student and the time of handing in.
    """

    student: str
    notebook: str
    path: str
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    output: str = ""
    machine: bool = False
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    counts: bool = True
    owner: Owner | None = None

    @property
    def points(self) -> float:
        return sum(o.points for o in self.outcomes)

    @property
    def max_points(self) -> float:
        return sum(o.max_points for o in self.outcomes)


def counted(submissions: Iterable[SubmissionResult]) -> dict[str, Outcome]:
    """A student's outcome for each exercise; of two files for one notebook the last one's."""
    return {o.exercise: o for s in submissions if s.counts for o in s.outcomes}


def from_record(record: dict) -> SubmissionResult:
    """The result of which ``record`` is what ``dataclasses.asdict`` and JSON have made."""
    outcomes = tuple(_outcome(o) for o in record["outcomes"])
    return SubmissionResult(**(record | {"outcomes": outcomes, "notes": tuple(record["notes"])}))


def _outcome(record: dict) -> Outcome:
    message = record["message"]
    read = {
        "state": State(record["state"]),
        "message": Message(**message) if message else None,
        "cases": {name: State(state) for name, state in record["cases"].items()},
        "not_looked_at": tuple(record["not_looked_at"]),
    }
    return Outcome(**(record | read))
