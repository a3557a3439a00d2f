"""Propositional formulas to evaluate: trees of T, F, not, and, or, xor, in which the outermost operator comes last.

A formula is written in Polish notation, operator first, and needs no brackets: "and not F T" is (not F) and T. So the
same words, in the same order, are a sequence for a network that reads, and the leaves of a tree for one that is told
the structure. The trees are binary: "not a" is (not, a), "and a b" is ((and, a), b).

The truth value is fair given everything but the leaves: it is thrown first, then the operators, then the values of
the parts, uniformly among those that give the value. Neither the operators nor the shape tell it.
"""

from typing import Any, NamedTuple

import numpy as np

WORDS = ("", "T", "F", "not", "and", "or", "xor")  # a word's number is its place; 0 is padding
TRUE, FALSE, NOT, AND, OR, XOR = range(1, 7)
OPERATORS = (NOT, AND, OR, XOR)
# The values of the two parts, for each operator and value of the whole.
PARTS = {
    (AND, True): ((True, True),),
    (AND, False): ((False, False), (False, True), (True, False)),
    (OR, True): ((True, True), (False, True), (True, False)),
    (OR, False): ((False, False),),
    (XOR, True): ((False, True), (True, False)),
    (XOR, False): ((False, False), (True, True)),
}


class Formula(NamedTuple):
    """A formula, its truth value, and how many operators it has."""

    tree: Any
    value: bool
    operators: int


def formula(operators: int, rng: np.random.Generator) -> Formula:
    """A random formula with so many operators, each as likely as the others."""
    value = bool(rng.integers(2))
    return Formula(_tree(operators, value, rng), value, operators)


def formulas(count: int, operators: tuple[int, ...], seed: int, unseen: frozenset = frozenset()) -> list[Formula]:
    """Different formulas, as many of each number of operators as of the others.

    Args:
        count: how many of each number of operators at most; of short ones there are not so many, and a formula that
            did not turn up in 20 throws in a row is not waited for.
        operators: the numbers of operators.
        seed: deals them.
        unseen: trees that must not be among them.

    >>> [written(f.tree) for f in formulas(1, (1, 3), seed=0)]
    ['(F or T)', '(F and not not F)']
    """
    rng = np.random.default_rng(seed)
    found: dict[Any, Formula] = {}
    for k in operators:
        last, vain = len(found) + count, 0
        while len(found) < last and vain < 20:
            new = formula(k, rng)
            vain = vain + 1 if new.tree in found or new.tree in unseen else 0
            if not vain:
                found[new.tree] = new
    return list(found.values())


def words(tree: Any) -> list[int]:
    """The leaves from the left: the formula in Polish notation.

    >>> words(((AND, (NOT, FALSE)), TRUE)) == [AND, NOT, FALSE, TRUE]
    True
    """
    return [word for part in tree for word in words(part)] if isinstance(tree, tuple) else [tree]


def written(tree: Any) -> str:
    """The formula as people write it.

    >>> written(((AND, (NOT, FALSE)), TRUE))
    '(not F and T)'
    """
    if not isinstance(tree, tuple):
        return WORDS[tree]
    first, b = tree
    if first == NOT:
        return f"not {written(b)}"
    operator, a = first
    return f"({written(a)} {WORDS[operator]} {written(b)})"


def height(tree: Any) -> int:
    """How many nodes lie one above the other, leaves not counted.

    >>> height(((AND, (NOT, FALSE)), TRUE))
    3
    """
    return 1 + max(map(height, tree)) if isinstance(tree, tuple) else 0


def _tree(operators: int, value: bool, rng: np.random.Generator) -> Any:
    if not operators:
        return TRUE if value else FALSE
    operator = OPERATORS[rng.integers(len(OPERATORS))]
    if operator == NOT:
        return (NOT, _tree(operators - 1, not value, rng))
    left = int(rng.integers(operators))  # of the operators that are left, 0 to all of them
    options = PARTS[operator, value]
    a, b = options[rng.integers(len(options))]
    return ((operator, _tree(left, a, rng)), _tree(operators - 1 - left, b, rng))
