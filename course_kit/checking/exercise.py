"""What an exercise is: what is asked, and the cases by which it is judged."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """One thing that is looked at: ``function(answer, draw)`` returns quietly or raises what ``expect`` raises.

    ``hint`` is what a student is told when this case is wrong; empty: the exercise's first hint. ``points`` is what
    it is worth by itself, for a step on a scale; 0 for what must be right before any step counts.
    """

    name: str
    function: Callable
    hint: str = ""
    points: float = 0


@dataclass
class Exercise:
    """One exercise of the course.

    Args:
        id: str, as in the slide inventory, for example "E08.1".
        title: str, likewise.
        slides: tuple of str, the slides it covers, for example "D1.17".
        names: tuple of str, what the student must define.
        hints: two sentences, from the first push to nearly the answer.
        points: int, what it is worth; all of them for a right answer, otherwise none, or those of the cases that
            are steps.
        limit: float, seconds that one call of the student's work may take when it is graded.
        prose: str, the name whose words a person reads and marks by a rubric; empty: there is none.
        by_hand: int, what those words are worth, beside ``points``.
        cases: filled by the decorator ``case``.
    """

    id: str
    title: str
    slides: tuple[str, ...]
    names: tuple[str, ...]
    hints: tuple[str, str]
    points: int = 1
    limit: float = 5.0
    prose: str = ""
    by_hand: int = 0
    cases: list[Case] = field(default_factory=list)

    @property
    def notebook(self) -> str:
        """The number of its notebook: "08" for "E08.1"."""
        return self.id[1:3]

    @property
    def max_points(self) -> int:
        """What the checker and a reader of its prose can give together."""
        return self.points + self.by_hand

    def case(self, name: str, hint: str = "", points: float = 0) -> Callable:
        """Decorator: the function below it is a case called ``name`` ("values", "inputs left alone").

        ``hint`` is for this case alone, where the exercise's first hint would not help with it. ``points`` makes it a
        step: it counts as soon as it and all cases without points are right.
        """

        def register(function: Callable) -> Callable:
            if any(c.name == name for c in self.cases):
                raise ValueError(f"{self.id} has two cases called {name!r}")
            self.cases.append(Case(name, function, hint, points))
            return function

        return register
