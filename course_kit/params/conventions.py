"""One cell, counted as Keras, PyTorch, ONNX, Flax and its paper store it.

>>> from course_kit import params
>>> print(params.conventions("GRU", 4, 5))
GRU with m = 4 inputs and n = 5 units
<BLANKLINE>
convention                      formula           numbers put in      number  blocks       biases
------------------------------  ----------------  ------------------  ------  -----------  -----------------------
Keras, reset_after=True         3(n^2 + mn + 2n)  3(5^2 + 4·5 + 2·5)     165  z, r, h      2 of 3n, as rows of one
Keras, reset_after=False        3(n^2 + mn + n)   3(5^2 + 4·5 + 5)       150  z, r, h      1 of 3n
PyTorch GRU                     3(n^2 + mn + 2n)  3(5^2 + 4·5 + 2·5)     165  r, z, n      2 of 3n
ONNX GRU                        3(n^2 + mn + 2n)  3(5^2 + 4·5 + 2·5)     165  z, r, h      2 of 3n, in one row
Flax linen GRUCell              3(n^2 + mn) + 4n  3(5^2 + 4·5) + 4·5     155  r, z, n      one each, n has two
Cho et al. 2014, equations 5-8  3(n^2 + mn)       3(5^2 + 4·5)           135  not stacked  none is printed
slide D1.23                     3(n^2 + mn + n)   3(5^2 + 4·5 + 5)       150  not stacked  1 of 3n
<BLANKLINE>
Of two biases that are added only the sum acts; in a GRU whose reset acts after the product, h has two that differ.
The share that z keeps is written by others as the share that is new; the number is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from course_kit.params import expression, formulas
from course_kit.params.expression import Expression, Letter
from course_kit.params.formulas import whole
from course_kit.params.render import columns


@dataclass(frozen=True)
class Convention:
    """How one library or paper stores a cell.

    Args:
        name: whose it is.
        formula: the count as a function of m and n; None where the cell is not there.
        blocks: the gates in the order in which they stand in a weight.
        biases: which there are.
    """

    name: str
    formula: Callable[[int, int], int | Expression] | None
    blocks: str
    biases: str


def _two_biases(gates: int) -> Callable:
    return lambda m, n: gates * (n**2 + m * n + 2 * n)


def _slide_gru(m, n):
    return formulas.gru(m, n, reset_after=False)


_UNSTACKED = "not stacked"
_IFCO, _IOFC, _IFGO = "i, f, c, o", "i, o, f, c", "i, f, g, o"
_TOGETHER = "2 of 4n, in one row"

CONVENTIONS: dict[str, tuple[Convention, ...]] = {
    "SimpleRNN": (
        Convention("Keras SimpleRNN", formulas.simple_rnn, "h", "1 of n"),
        Convention("PyTorch RNN", lambda m, n: n**2 + m * n + 2 * n, "h", "2 of n"),
        Convention("ONNX RNN", lambda m, n: n**2 + m * n + 2 * n, "h", "2 of n, in one row"),
        Convention("Flax linen SimpleCell", formulas.simple_rnn, "h", "1 of n, with the kernel of x"),
        Convention("slide D1.6", formulas.simple_rnn, _UNSTACKED, "1 of n"),
    ),
    "LSTM": (
        Convention("Keras LSTM", formulas.lstm, _IFCO, "1 of 4n"),
        Convention("PyTorch LSTM", _two_biases(4), _IFGO, "2 of 4n"),
        Convention("ONNX LSTM", _two_biases(4), _IOFC, _TOGETHER),
        Convention("Flax linen LSTMCell", formulas.lstm, _IFGO, "one each, with the kernel of h"),
        Convention(
            "Gers et al. 2000, one cell a block",
            lambda m, n: 4 * (n**2 + m * n) + 3 * n,
            _UNSTACKED,
            "of the three gates, none of the cell's input",
        ),
        Convention("slide D1.21", formulas.lstm, _UNSTACKED, "1 of 4n"),
    ),
    "PeepholeLSTM": (
        Convention("course_kit PeepholeLSTM", formulas.peephole_lstm, _IFCO + "; i, f, o", "1 of 4n"),
        Convention("Keras", None, "", "no peepholes"),
        Convention("PyTorch", None, "", "no peepholes"),
        Convention("ONNX LSTM with P", lambda m, n: _two_biases(4)(m, n) + 3 * n, _IOFC + "; i, o, f", _TOGETHER),
        Convention("Flax", None, "", "no peepholes"),
        Convention("slide D1.22", formulas.peephole_lstm, _UNSTACKED, "1 of 4n"),
    ),
    "GRU": (
        Convention(
            "Keras, reset_after=True",
            lambda m, n: formulas.gru(m, n, reset_after=True),
            "z, r, h",
            "2 of 3n, as rows of one",
        ),
        Convention("Keras, reset_after=False", _slide_gru, "z, r, h", "1 of 3n"),
        Convention("PyTorch GRU", _two_biases(3), "r, z, n", "2 of 3n"),
        Convention("ONNX GRU", _two_biases(3), "z, r, h", "2 of 3n, in one row"),
        Convention("Flax linen GRUCell", lambda m, n: 3 * (n**2 + m * n) + 4 * n, "r, z, n", "one each, n has two"),
        Convention("Cho et al. 2014, equations 5-8", lambda m, n: 3 * (n**2 + m * n), _UNSTACKED, "none is printed"),
        Convention("slide D1.23", _slide_gru, _UNSTACKED, "1 of 3n"),
    ),
}
_SUMS = "Of two biases that are added only the sum acts"
NOTES = {
    "SimpleRNN": (f"{_SUMS}.",),
    "LSTM": (f"{_SUMS}.", "The c of Keras and ONNX is called g elsewhere: the candidate."),
    "PeepholeLSTM": (
        f"{_SUMS}.",
        "A peephole is a number for a unit and gate, 3n together; behind the semicolon stands their order.",
    ),
    "GRU": (
        f"{_SUMS}; in a GRU whose reset acts after the product, h has two that differ.",
        "The share that z keeps is written by others as the share that is new; the number is the same.",
    ),
}
HEADS = ("convention", "formula", "numbers put in", "number", "blocks", "biases")


@dataclass(frozen=True, repr=False)
class Conventions:
    """One cell in every convention: `print` gives the table, a notebook shows it, `numbers` has the counts."""

    cell: str
    m: int
    n: int

    @property
    def numbers(self) -> dict[str, int | None]:
        """The count in each convention, None where the cell is not there."""
        return {c.name: c.formula(self.m, self.n) if c.formula else None for c in CONVENTIONS[self.cell]}

    def __str__(self) -> str:
        lines = columns([HEADS, *self._rows()], right=(HEADS.index("number"),))
        return "\n".join([self._title(), "", *lines, "", *NOTES[self.cell]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str = "td") -> str:
            texts = [expression.html(escape(cell)) if k in (1, 2) else escape(cell) for k, cell in enumerate(cells)]
            return "<tr>" + "".join(f'<{tag} style="text-align:left">{text}</{tag}>' for text in texts) + "</tr>"

        body = "".join(line(row) for row in self._rows())
        notes = "".join(f"<p>{escape(note)}</p>" for note in NOTES[self.cell])
        caption = f"<caption>{escape(self._title())}</caption>"
        return f"<table>{caption}<thead>{line(HEADS, 'th')}</thead><tbody>{body}</tbody></table>{notes}"

    def _title(self) -> str:
        return f"{self.cell} with m = {self.m} inputs and n = {self.n} units"

    def _rows(self) -> list[tuple[str, ...]]:
        return [self._row(convention) for convention in CONVENTIONS[self.cell]]

    def _row(self, convention: Convention) -> tuple[str, ...]:
        if convention.formula is None:
            return convention.name, "-", "-", "-", "-", convention.biases
        symbol, filled = (convention.formula(Letter(m), Letter(n)) for m, n in (("m", "n"), (str(self.m), str(self.n))))
        number = str(convention.formula(self.m, self.n))
        return convention.name, str(symbol), str(filled), number, convention.blocks, convention.biases


def conventions(cell: str, m: int, n: int) -> Conventions:
    """How many parameters a cell has in Keras, PyTorch, ONNX, Flax and on paper, and why.

    Args:
        cell: "SimpleRNN", "LSTM", "PeepholeLSTM" or "GRU".
        m: inputs.
        n: units.

    Raises:
        ValueError: another cell, or a number that is not a positive integer.

    >>> conventions("LSTM", 5, 7).numbers["PyTorch LSTM"]  # 28 more than Keras' 364
    392
    """
    if cell not in CONVENTIONS:
        raise ValueError(f"cell must be one of {', '.join(CONVENTIONS)}. Got {cell!r}.")
    m, n = whole(m=m, n=n)
    return Conventions(cell, m, n)
