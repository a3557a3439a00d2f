"""Wrong answers that every check must reject, one module a notebook."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A wrong answer.

    Args:
        name: what is wrong with it.
        code: Python that replaces the student's definitions; it runs after the solution notebook's cells.
        says: a part of the message that the student must get.
        state: the state expected.
    """

    name: str
    code: str
    says: str
    state: str = "wrong"
