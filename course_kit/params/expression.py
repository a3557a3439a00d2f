"""Formulas that print themselves: call a count function with letters and it returns what stands on the slide.

>>> m, n = Letter("m"), Letter("n")
>>> print(4 * (n**2 + m * n + n))
4(n^2 + mn + n)

The functions of ``formulas`` are ordinary Python. Handed numbers they give a number; handed letters they give an
expression; handed letters named "5" and "7" they give the formula with the numbers put in. So the symbol, the line with
the numbers and the value come from one line of code and cannot drift apart.
"""

import re
from dataclasses import dataclass


class Expression:
    """A sum, product or power of letters and whole numbers."""

    def __add__(self, other: "Expression | int") -> "Expression":
        return _sum(self, other)

    def __radd__(self, other: int) -> "Expression":
        return _sum(other, self)

    def __mul__(self, other: "Expression | int") -> "Expression | int":
        return _product(self, other)

    def __rmul__(self, other: int) -> "Expression | int":
        return _product(other, self)

    def __pow__(self, exponent: int) -> "Expression":
        return Power(self, exponent)


@dataclass(frozen=True)
class Letter(Expression):
    """A letter of a formula, "n", "n1", or a number that stands in its place, "7"."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Power(Expression):
    base: Expression
    exponent: int

    def __str__(self) -> str:
        return f"{_in_brackets(self.base)}^{self.exponent}"


@dataclass(frozen=True)
class Product(Expression):
    factors: tuple

    def __str__(self) -> str:
        text = _in_brackets(self.factors[0])
        for factor in self.factors[1:]:
            text = _beside(text, _in_brackets(factor))
        return text


@dataclass(frozen=True)
class Sum(Expression):
    terms: tuple

    def __str__(self) -> str:
        return " + ".join(str(term) for term in self.terms)


def _sum(left, right):
    if isinstance(left, int) and left == 0:
        return right
    if isinstance(right, int) and right == 0:
        return left
    return Sum((*(left.terms if isinstance(left, Sum) else (left,)), right))


def _product(left, right):
    if 0 in (left, right):
        return 0
    if isinstance(left, int) and left == 1:
        return right
    if isinstance(right, int) and right == 1:
        return left
    # Only the left side is flattened: 2 * (4 * x) stays "2·4x", which shows the doubling.
    return Product((*(left.factors if isinstance(left, Product) else (left,)), right))


def _in_brackets(part) -> str:
    return f"({part})" if isinstance(part, Sum) else str(part)


def _beside(left: str, right: str) -> str:
    """Two factors side by side: 4n, 2mn, 4(m + n), m n1, 4·7."""
    if right[0].isdigit():
        return f"{left}·{right}"
    plain = re.fullmatch(r"\d*[A-Za-z]*", left) and right[:2].isalpha()  # letters without digits behind them
    if right[0] == "(" or left[-1] == ")" or left.isdigit() or plain:
        return left + right
    return f"{left} {right}"


def latex(formula: str) -> str:
    r"""The printed formula in LaTeX.

    >>> print(latex("4(n1^2 + m n1 + n1)"))
    4(n_{1}^{2} + m n_{1} + n_{1})
    """
    formula = re.sub(r"\^(\d+)", r"^{\1}", formula)
    return re.sub(r"([A-Za-z])(\d+)", r"\1_{\2}", formula).replace("·", r" \cdot ")


def html(formula: str) -> str:
    """The printed formula in HTML, with raised and lowered digits.

    >>> print(html("n^2 + mn"))
    n<sup>2</sup> + mn
    """
    formula = re.sub(r"\^(\d+)", r"<sup>\1</sup>", formula)
    return re.sub(r"([A-Za-z])(\d+)", r"\1<sub>\2</sub>", formula)
