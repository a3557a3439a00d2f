"""What a count says: the number, its formula, the weights it is made of, and how this is printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from course_kit.params import expression
from course_kit.params.expression import Expression
from course_kit.params.systems import Tensor

LETTERS = {
    "m": "inputs", "n": "units", "o": "outputs", "C": "channels", "F": "filters", "k": "kernel side",
    "v": "words", "d": "numbers per word", "b": "memory blocks", "K": "lags",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Count:
    """How many parameters something has, and why.

    Attributes:
        name: the class that was counted.
        symbol: the count in letters; ``formula`` and ``latex`` print it.
        filled: the count with the numbers put in; ``put_in`` prints it.
        numbers: what each letter stands for.
        value: the count.
        tensors: the weights, in the order of ``layer.weights``.
        output: letter and number of the width that goes out.
        notes: what a reader should know, in sentences; ``note`` joins them.
        words: what a letter stands for, where it is not what ``LETTERS`` says.
    """

    name: str
    symbol: Expression | int
    filled: Expression | int
    numbers: Mapping[str, int]
    value: int
    tensors: tuple[Tensor, ...]
    output: tuple[str, int] = ("", 0)
    notes: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def formula(self) -> str:
        return str(self.symbol)

    @property
    def put_in(self) -> str:
        return str(self.filled)

    @property
    def latex(self) -> str:
        return expression.latex(self.formula)

    @property
    def note(self) -> str:
        return " ".join(self.notes)

    @property
    def trainable(self) -> int:
        return sum(tensor.number for tensor in self.tensors if tensor.trainable)

    @property
    def non_trainable(self) -> int:
        return self.value - self.trainable

    def __str__(self) -> str:
        letters = ", ".join(
            f"{letter} = {n} {self.words.get(letter) or LETTERS.get(letter[0], '')}".rstrip()
            for letter, n in self.numbers.items()
        )
        chain = [self.formula, self.put_in, str(self.value)]
        lines = [f"{self.name}: " + " = ".join(dict.fromkeys(chain)) + (f"   ({letters})" if letters else "")]
        name = max((len(tensor.name) for tensor in self.tensors), default=0)
        shape = max((len(_shapes(tensor)) for tensor in self.tensors), default=0)
        for tensor in self.tensors:
            frozen = "" if tensor.trainable else " (not trainable)"
            columns = f"  {tensor.name:<{name}}  {_shapes(tensor):<{shape}}  {tensor.number:>9}"
            lines.append(f"{columns}  {tensor.meaning}{frozen}")
        lines.append(f"  trainable {self.trainable}, not trainable {self.non_trainable}")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    __repr__ = __str__


def _shapes(tensor: Tensor) -> str:
    shape = printed_shape(tensor.shape)
    return shape if tensor.symbol == shape else f"{shape} = {tensor.symbol}"


def printed_shape(shape: tuple) -> str:
    """ "(5, 28)" or "(m, 4n)"."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
