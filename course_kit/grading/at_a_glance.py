"""What a class's page tells, counted from the records: who has what, where a class fails, how scores lie."""

import re
import statistics
from collections import Counter
from dataclasses import dataclass

from course_kit.checking import Outcome, State
from course_kit.grading.results import ClassResult, SubmissionResult

ORDER = (State.RIGHT, State.WRONG, State.COULD_NOT_RUN, State.NOT_ATTEMPTED)
NO_FILE = "no file"  # not a state of the checker: the student handed in no notebook with this exercise
BARS = 12  # more points than this are shown as shares in eleven bars: 0, 10, ... 90, 100 %


@dataclass(frozen=True)
class StudentLine:
    """A student's row: ``states`` holds a word for every exercise of the class, in its order."""

    student: str
    points: float
    states: tuple[str, ...]
    notes: int
    seconds: float


@dataclass(frozen=True)
class ExerciseLine:
    """An exercise's row. ``counts`` maps a state's word to the number of students."""

    id: str
    title: str
    max_points: float
    counts: dict[str, int]
    mistake: str
    mistake_count: int

    @property
    def share(self) -> float:
        """The share of right answers among all students, 0 to 1."""
        return self.counts[State.RIGHT] / sum(self.counts.values())


@dataclass(frozen=True)
class Bar:
    """A bar of the score distribution."""

    label: str
    count: int


@dataclass(frozen=True)
class Glance:
    """Everything that the index page shows beside the run's own facts."""

    students: tuple[StudentLine, ...]
    exercises: tuple[ExerciseLine, ...]
    states: dict[str, int]
    max_points: float
    bars: tuple[Bar, ...]
    bars_are_shares: bool
    median_points: float
    median_seconds: float
    slowest: SubmissionResult | None


def by_student(result: ClassResult) -> dict[str, list[SubmissionResult]]:
    """Every student's submissions, in the order of the run."""
    found: dict[str, list[SubmissionResult]] = {}
    for submission in result.submissions:
        found.setdefault(submission.student, []).append(submission)
    return found


def best_outcomes(submissions: list[SubmissionResult]) -> dict[str, Outcome]:
    """A student's outcome for each exercise; where two files answer it, the one with more points counts."""
    best: dict[str, Outcome] = {}
    for outcome in (o for s in submissions for o in s.outcomes):
        if outcome.exercise not in best or outcome.points > best[outcome.exercise].points:
            best[outcome.exercise] = outcome
    return best


def exercises_of(result: ClassResult) -> dict[str, Outcome]:
    """Maps each exercise of the run to an outcome that has its title and points, in the course's order."""
    found = {o.exercise: o for s in result.submissions for o in s.outcomes}
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def glance(result: ClassResult) -> Glance:
    """Count a run."""
    exercises = exercises_of(result)
    students, outcomes_by_student = [], []
    for student, submissions in by_student(result).items():
        best = best_outcomes(submissions)
        outcomes_by_student.append(best)
        students.append(
            StudentLine(
                student,
                points=sum(o.points for o in best.values()),
                states=tuple(str(best[id].state) if id in best else NO_FILE for id in exercises),
                notes=sum(len(s.notes) for s in submissions),
                seconds=sum(s.seconds for s in submissions),
            )
        )
    lines = tuple(
        _exercise_line(outcome, [best.get(id) for best in outcomes_by_student]) for id, outcome in exercises.items()
    )
    totals = {str(word): sum(line.counts[word] for line in lines) for word in (*ORDER, NO_FILE)}
    max_points = sum(o.max_points for o in exercises.values())
    points = [s.points for s in students]
    bars, shares = score_bars(points, max_points)
    seconds = [s.seconds for s in result.submissions]
    return Glance(
        students=tuple(students),
        exercises=lines,
        states=totals,
        max_points=max_points,
        bars=bars,
        bars_are_shares=shares,
        median_points=statistics.median(points) if points else 0.0,
        median_seconds=statistics.median(seconds) if seconds else 0.0,
        slowest=max(result.submissions, key=lambda s: s.seconds, default=None),
    )


def score_bars(points: list[float], max_points: float) -> tuple[tuple[Bar, ...], bool]:
    """The score distribution, and whether its bars are shares of the points rather than points.

    >>> [bar.count for bar in score_bars([0, 2, 2], 2)[0]]
    [1, 0, 2]
    """
    if max_points <= BARS and all(float(p).is_integer() for p in [*points, max_points]):
        counts = Counter(int(p) for p in points)
        return tuple(Bar(str(p), counts[p]) for p in range(int(max_points) + 1)), False
    # 1e-9: seven tenths of the points, summed as floats, belong to 70 %.
    counts = Counter(min(10, int(10 * p / max_points + 1e-9)) for p in points)
    return tuple(Bar(str(10 * k), counts[k]) for k in range(11)), True


def _exercise_line(sample: Outcome, outcomes: list[Outcome | None]) -> ExerciseLine:
    counts = Counter(str(o.state) if o else NO_FILE for o in outcomes)
    mistakes = Counter(
        o.message.known or o.message.sentence
        for o in outcomes
        if o and o.message and o.state in (State.WRONG, State.COULD_NOT_RUN)
    )
    mistake, count = mistakes.most_common(1)[0] if mistakes else ("", 0)
    return ExerciseLine(
        sample.exercise,
        sample.title,
        sample.max_points,
        {str(word): counts[word] for word in (*ORDER, NO_FILE)},
        mistake,
        count,
    )


def _natural(id: str) -> list:
    """Sorts "E08.9" before "E08.10"."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", id)]
