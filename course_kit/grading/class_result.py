"""What grading a class gives: every record, and how the run was made."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from course_kit.grading.marks import Final, Marks
from course_kit.grading.results import SubmissionResult


@dataclass(frozen=True)
class ClassResult:
    """One run over a class.

    Args:
        submissions: sorted by student, then notebook; they may lie on disk, so each pass over them reads it.
        seed: int, what dealt the inputs; it is the instructor's secret and never stands in feedback.
        isolation: str, in words, under which the submissions ran.
        started: str, ISO 8601 with time zone.
        seconds: float, wall time of the run.
        complete: bool, False when it was interrupted.
        marks: Marks, what people and the clock add.
        reused: int, how many were graded by an earlier run and had not changed.
    """

    submissions: Sequence[SubmissionResult]
    seed: int
    isolation: str
    started: str
    seconds: float
    complete: bool = True
    reused: int = 0
    marks: Marks = field(default_factory=Marks)

    def final(self, submissions: list[SubmissionResult]) -> Final:
        """The points of the student whose results these are, marks by hand and lateness counted."""
        return self.marks.final(submissions)
