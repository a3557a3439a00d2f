"""What a class's page tells, counted from the records: who has what, where a class fails, how scores lie."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from course_kit.checking import Outcome, State
from course_kit.grading.class_result import ClassResult
from course_kit.grading.results import SubmissionResult, counted

ORDER = (State.RIGHT, State.WRONG, State.COULD_NOT_RUN, State.NOT_ATTEMPTED)
NO_FILE = "no file"  # not a state of the checker: the student handed in no notebook with this exercise
MOST_MISTAKES = 3
MOST_LETTERS = 400  # of a mistake that is counted
COLUMNS = 12  # more exercises than fit side by side on a page are summed up by notebook
BARS = 12  # more points than this are shown as shares in eleven bars: 0, 10, ... 90, 100 %


@dataclass(frozen=True)
class StudentLine:
    """A student's row: ``states`` holds a word for every exercise of the class, in its order; ``notebooks`` points."""

    student: str
    points: float
    states: tuple[str, ...]
    notebooks: tuple[float, ...]
    notes: int
    seconds: float


@dataclass(frozen=True)
class ExerciseLine:
    """An exercise's row. ``counts`` maps a state's word to the number of students; ``mistakes`` has the most frequent
    ones with their numbers; ``seconds`` is the median of those who have a file."""

    id: str
    title: str
    max_points: float
    counts: dict[str, int]
    mistakes: tuple[tuple[str, int], ...]
    seconds: float

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
    """Everything that the index page shows beside the run's own facts. ``notebooks`` has the numbers of the columns, if
    the students' table has one for each notebook and not for each exercise."""

    students: tuple[StudentLine, ...]
    exercises: tuple[ExerciseLine, ...]
    states: dict[str, int]
    notebooks: tuple[str, ...]
    max_points: float
    bars: tuple[Bar, ...]
    bars_are_shares: bool
    median_points: float
    median_seconds: float
    slowest: SubmissionResult | None


def by_student(result: ClassResult) -> Iterator[tuple[str, list[SubmissionResult]]]:
    """Every student with their submissions, in the order of the run; one student's are in memory at a time."""
    places: dict[str, list[int]] = {}
    for place, submission in enumerate(result.submissions):
        places.setdefault(submission.student, []).append(place)
    for student, own in places.items():
        yield student, [result.submissions[place] for place in own]


def exercises_of(result: ClassResult) -> dict[str, Outcome]:
    """Maps each exercise of the run to an outcome that has its title and points, in the course's order."""
    found = {o.exercise: o for s in result.submissions for o in s.outcomes}
    return dict(sorted(found.items(), key=lambda item: natural(item[0])))


def glance(result: ClassResult) -> Glance:
    """Count a run."""
    exercises = exercises_of(result)
    numbers = tuple(dict.fromkeys(id[1:3] for id in exercises)) if len(exercises) > COLUMNS else ()
    students, counts = [], {id: _Count() for id in exercises}
    for student, submissions in by_student(result):
        best = counted(submissions)
        for id, count in counts.items():
            count.add(best.get(id))
        final = result.final(submissions)
        students.append(
            StudentLine(
                student,
                points=final.points,
                states=tuple(str(best[id].state) if id in best else NO_FILE for id in exercises),
                notebooks=tuple(sum(p for id, p in final.exercises.items() if id[1:3] == n) for n in numbers),
                notes=sum(len(s.notes) for s in submissions),
                seconds=sum(s.seconds for s in submissions),
            )
        )
    lines = tuple(_exercise_line(outcome, counts[id]) for id, outcome in exercises.items())
    totals = {str(word): sum(line.counts[word] for line in lines) for word in (*ORDER, NO_FILE)}
    max_points = sum(o.max_points for o in exercises.values())
    points = [s.points for s in students]
    bars, shares = score_bars(points, max_points)
    seconds, slowest = [], None
    for submission in result.submissions:
        seconds.append(submission.seconds)
        if slowest is None or submission.seconds > slowest.seconds:
            slowest = submission
    return Glance(
        students=tuple(students),
        exercises=lines,
        states=totals,
        notebooks=numbers,
        max_points=max_points,
        bars=bars,
        bars_are_shares=shares,
        median_points=statistics.median(points) if points else 0.0,
        median_seconds=statistics.median(seconds) if seconds else 0.0,
        slowest=slowest,
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


class _Count:
    """What a class made of one exercise: states by their word, and mistakes by their sentence."""

    def __init__(self):
        self.states: Counter = Counter()
        self.mistakes: Counter = Counter()
        self.seconds: list[float] = []

    def add(self, outcome: Outcome | None) -> None:
        self.states[str(outcome.state) if outcome else NO_FILE] += 1
        if outcome:
            self.seconds.append(outcome.seconds)
        if outcome and outcome.message and outcome.state in (State.WRONG, State.COULD_NOT_RUN):
            self.mistakes[(outcome.message.known or outcome.message.sentence)[:MOST_LETTERS]] += 1


def _exercise_line(sample: Outcome, count: _Count) -> ExerciseLine:
    return ExerciseLine(
        sample.exercise,
        sample.title,
        sample.max_points,
        {str(word): count.states[word] for word in (*ORDER, NO_FILE)},
        tuple(count.mistakes.most_common(MOST_MISTAKES)),
        statistics.median(count.seconds) if count.seconds else 0.0,
    )


def natural(id: str) -> list:
    """Sorts "E08.9" before "E08.10"."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", id)]
