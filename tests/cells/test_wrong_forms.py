"""Cells made wrong in one place, several as found in published code: the comparison with the twin sees each."""

import inspect
import sys
import textwrap

import numpy as np
import pytest

from course_kit.cells import PeepholeLSTMCell
from tests.cells.table import ROWS, M, N, T, largest_difference, numpy, randomise

# (row, what is wrong, text of `call`, what takes its place)
WRONG_FORMS = [
    ("elman", "reads out the previous hidden state", "matmul(h, ", "matmul(states[0], "),
    ("elman", "has no bias in the read-out", "+ self.output_bias", "+ 0.0"),
    ("elman", "keeps the first state", ", new_states\n", ", states\n"),
    ("jordan", "feeds nothing back", "self.context_decay * context + y]", "context]"),
    ("jordan", "has no bias in the hidden layer", "+ self.bias", "+ 0.0"),
    ("jordan", "has no bias in the read-out", "+ self.output_bias", "+ 0.0"),
    ("jordan with decay", "keeps the output only", "self.context_decay * context + y]", "y]"),
    ("jordan with decay", "averages", "context + y]", "context + (1 - self.context_decay) * y]"),
    ("jordan with decay", "feeds back before the activation", "context + y]", "context + a]"),
    ("lstm1997", "stacks c before i", "a_i, a_c, a_o =", "a_c, a_i, a_o ="),
    ("lstm1997", "stacks o before i", "a_i, a_c, a_o =", "a_o, a_c, a_i ="),
    ("lstm1997", "forgets", "c_new = c +", "c_new = (1 - self.recurrent_activation(a_i)) * c +"),
    ("lstm1997", "stores the squashed state", "[h_new, c_new]", "[h_new, squash_output(c_new)]"),
    ("lstm1997", "puts out the old state", "squash_output(c_new)", "squash_output(c)"),
    ("lstm1997", "does not squash the output", "squash_output(c_new)", "c_new"),
    ("lstm1997 of the paper", "squashes both with g", "squash_output(c_new)", "squash_input(c_new)"),
    ("lstm1997 of the paper", "squashes both with h", "squash_input(a_c)", "squash_output(a_c)"),
    ("peephole", "output gate sees the old state", "p_o * c_new", "p_o * c"),
    ("peephole", "stores tanh(c)", "[h_new, c_new]", "[h_new, self.activation(c_new)]"),
    ("peephole", "stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
    ("peephole", "swaps p_i and p_f", "p_i, p_f, p_o =", "p_f, p_i, p_o ="),
    ("peephole", "drops p_i", " + p_i * c", ""),
    ("peephole", "drops p_f", " + p_f * c", ""),
    ("peephole", "has no tanh on the output", "o * self.activation(c_new)", "o * c_new"),
]
every_wrong_form = pytest.mark.parametrize(
    ("row", "wrong", "text", "instead"), WRONG_FORMS, ids=[f"{row} {wrong}" for row, wrong, *_ in WRONG_FORMS]
)


def planted(row, text: str, instead: str):
    """A layer whose cell is the row's, with `text` replaced in its `call`."""
    layer = row.layer()
    cls = type(layer.cell)
    source = textwrap.dedent(inspect.getsource(cls.call))
    assert source.count(text) == 1, f"{cls.__name__}.call has {text!r} {source.count(text)} times"
    names = {**vars(sys.modules[cls.__module__]), "cls": cls}
    exec(source.replace(text, instead).replace("super()", "super(cls, self)"), names)
    # the wrong `call` on the instance's own class, so that `keras.layers.RNN` meets it as any other cell's
    layer.cell.__class__ = type(f"Wrong{cls.__name__}", (cls,), {"call": names["call"]})
    layer.build((N, T, M))
    return layer


@every_wrong_form
def test_a_wrong_form_is_seen(row, wrong, text, instead):
    """More than a thousandth from the twin within seven steps; the form itself is the twin's to 1e-12."""
    rng = np.random.default_rng(23)
    row = next(r for r in ROWS if r.name == row)
    layer = planted(row, text, instead)
    weights, x, states = randomise(layer, rng), rng.normal(size=(N, T, M)), row.states(rng)
    right = row.layer()
    right.build((N, T, M))
    right.set_weights(weights)
    expected, _ = row.twin(x, states, weights)

    assert largest_difference(numpy(right(x, initial_state=states))[0], expected) < 1e-12
    assert largest_difference(numpy(layer(x, initial_state=states))[0], expected) > 1e-3


@pytest.mark.parametrize(
    ("wrong", "seen"),
    [
        ("output gate sees the old state", True),
        ("has no tanh on the output", True),
        ("stores tanh(c)", False),
        ("stacks i, c, f, o", False),
        ("swaps p_i and p_f", False),
        ("drops p_i", False),
        ("drops p_f", False),
    ],
)
def test_one_step_from_zero_with_weights_of_one_would_not_see_them(wrong, seen):
    """Why the other tests take seven steps, random weights and biases and a state that is not zero."""
    peephole = next(r for r in ROWS if r.name == "peephole")
    _, _, text, instead = next(form for form in WRONG_FORMS if form[:2] == ("peephole", wrong))
    layer = planted(peephole, text, instead)
    right = peephole.layer()
    right.build((N, T, M))
    x = np.random.default_rng(2).normal(size=(N, 1, M))
    for each in (layer, right):
        each.set_weights([np.ones_like(w) if w.ndim == 2 else 0 * w for w in each.get_weights()])

    difference = largest_difference(numpy(layer(x))[0], numpy(right(x))[0])

    assert isinstance(right.cell, PeepholeLSTMCell)
    assert (difference > 1e-3) == seen
    assert seen or difference == 0
