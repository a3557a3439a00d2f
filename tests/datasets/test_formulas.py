"""Formulas to evaluate: their values are those that Python gives, and nothing but the leaves tells them."""

import numpy as np
import pytest

from course_kit.datasets.formulas import (
    AND,
    FALSE,
    NOT,
    OPERATORS,
    TRUE,
    WORDS,
    XOR,
    formulas,
    height,
    words,
    written,
)


def evaluated(tree) -> bool:
    """By Python: T and F are names, xor is ^, and not a is 1 ^ a, which binds more tightly than and and or."""
    return bool(eval(written(tree).replace("xor", "^").replace("not ", "1 ^ "), {"T": 1, "F": 0}))


def test_value_is_what_python_gives():
    """The generator throws the value first; evaluating what it made gives the same."""
    dealt = formulas(120, (1, 2, 3, 5, 8, 12), seed=3)

    assert len(dealt) > 400
    assert all(f.value == evaluated(f.tree) for f in dealt)


def test_words_are_polish_notation():
    """Read from the right with a stack, the words give the value again: the structure can be had from them."""
    for f in formulas(60, (2, 6, 9), seed=4):
        stack = []
        for word in reversed(words(f.tree)):
            if word in (TRUE, FALSE):
                stack.append(word == TRUE)
            elif word == NOT:
                stack.append(not stack.pop())
            else:
                a, b = stack.pop(), stack.pop()
                stack.append(a and b if word == AND else a != b if word == XOR else a or b)
        assert [f.value] == stack


def test_number_of_operators_is_the_one_asked_for():
    """Each formula says how many it has, and has them."""
    for f in formulas(40, (1, 4, 7), seed=5):
        assert f.operators == sum(word in OPERATORS for word in words(f.tree))


@pytest.mark.parametrize("first", OPERATORS, ids=[WORDS[o] for o in OPERATORS])
def test_first_operator_does_not_tell_the_value(first):
    """About half are true whatever stands outermost; four standard errors are allowed."""
    values = [f.value for f in formulas(3000, (6,), seed=6) if words(f.tree)[0] == first]

    assert len(values) > 600
    assert abs(np.mean(values) - 0.5) < 4 * 0.5 / np.sqrt(len(values))


def test_formulas_differ_and_keep_off_those_seen():
    """None twice, none of those learned from; of short ones there are only so many."""
    learned = formulas(300, (1, 2, 4), seed=7)
    others = formulas(300, (2, 4), seed=8, unseen=frozenset(f.tree for f in learned))
    short = [f for f in learned if f.operators == 1]

    assert len({f.tree for f in learned}) == len(learned)
    assert not {f.tree for f in learned} & {f.tree for f in others}
    assert len(short) == 2 + 3 * 4  # not T, not F, and three operators with four pairs each


def test_same_seed_deals_the_same_formulas():
    """So that all networks learn from the same."""
    assert formulas(20, (3,), seed=9) == formulas(20, (3,), seed=9)
    assert formulas(20, (3,), seed=9) != formulas(20, (3,), seed=10)


def test_height_counts_nodes_above_leaves():
    """A binary operator is two nodes, since its first part is joined to it first."""
    assert (0, 1, 2, 3) == tuple(map(height, (TRUE, (NOT, TRUE), ((AND, TRUE), FALSE), ((AND, (NOT, FALSE)), TRUE))))
