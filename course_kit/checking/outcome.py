"""The answer to a check: one of four states, and a message that teaches."""

import html
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class State(StrEnum):
    """The four answers of the checker. They differ by word, not by colour alone."""

    NOT_ATTEMPTED = "not attempted"
    RIGHT = "right"
    WRONG = "wrong"
    COULD_NOT_RUN = "could not run"


# Okabe & Ito's colours for the bar at the side; the state is always written out as well.
COLOURS = {
    State.NOT_ATTEMPTED: "#999999",
    State.RIGHT: "#009E73",
    State.WRONG: "#D55E00",
    State.COULD_NOT_RUN: "#CC79A7",
}


@dataclass(frozen=True)
class Message:
    """What a wrong answer is told. Texts are ready to print; empty ones are left out.

    Args:
        sentence: what is wrong: type, then shape, then values, in that order of looking.
        obtained, expected: the first wrong place's values, as text.
        index: that place, as text, "[0, 2]".
        difference: largest absolute difference.
        tolerance: what would have been accepted.
        known: the named wrong form, if the answer is one.
    """

    sentence: str
    obtained: str = ""
    expected: str = ""
    index: str = ""
    difference: float | None = None
    tolerance: float | None = None
    known: str = ""

    def lines(self) -> list[str]:
        found = [self.sentence]
        if self.obtained and self.expected:
            where = f"first at {self.index}: " if self.index else ""
            found.append(f"{where}obtained {self.obtained}, expected {self.expected}")
        elif self.obtained:
            found.append(f"obtained {self.obtained}")
        if self.difference is not None:
            found.append(f"largest difference {self.difference:.3g}, tolerance {self.tolerance:.0e}")
        if self.known:
            found.append(f"recognised: {self.known}")
        return found


@dataclass(frozen=True)
class Outcome:
    """What a check found, for one exercise.

    ``cases`` maps each case that was looked at to its state; ``not_looked_at`` names the others.
    """

    exercise: str
    title: str
    state: State
    points: float
    max_points: float
    message: Message | None = None
    hint: str = ""
    cases: dict[str, State] = field(default_factory=dict)
    case_messages: dict[str, str] = field(default_factory=dict)
    not_looked_at: tuple[str, ...] = ()
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """The message, a line each, without the heading."""
        if self.state is State.RIGHT:
            count = len(self.cases)
            found = [f"{count} of {count} cases right; the instructor deals other numbers."]
            if (rest := self.max_points - self.points) > 0:
                found.append(f"Your words are read by a person, for up to {rest:g} point{'s' * (rest != 1)} more.")
            return found
        found = self.message.lines() if self.message else []
        if self.hint:
            found.append(f"hint: {self.hint}")
        if self.not_looked_at:
            found.append("not looked at yet: " + ", ".join(self.not_looked_at))
        return found

    def __str__(self) -> str:
        return "\n  ".join([f"{self.exercise} {self.title}: {self.state}", *self.lines()])

    def __repr__(self) -> str:
        return f"<Outcome {self.exercise} {self.state}>"

    def _repr_html_(self) -> str:
        body = "".join(f"<div>{html.escape(line)}</div>" for line in self.lines())
        return (
            f'<div role="status" style="border-left:0.4em solid {COLOURS[self.state]};padding:0.3em 0.8em;'
            f'margin:0.3em 0"><div><strong>{html.escape(self.exercise)} {html.escape(self.title)}: '
            f"{self.state}</strong></div>{body}</div>"
        )

    def as_dict(self) -> dict:
        """Plain data for results.json."""
        return asdict(self)
