"""Cells made wrong in one place, several as found in published code: the comparison with the twin sees each."""

import inspect
import sys
import textwrap

import numpy as np
import pytest

from course_kit.cells import PeepholeLSTMCell
from tests.cells.addons_rows import ADDONS_WRONG_FORMS
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
    ("lstm1997", "stores the squashed state", "[h_new, c_new, ", "[h_new, squash_output(c_new), "),
    ("lstm1997", "puts out the old state", "squash_output(c_new)", "squash_output(c)"),
    ("lstm1997", "does not squash the output", "squash_output(c_new)", "c_new"),
    ("lstm1997 of the paper", "squashes both with g", "squash_output(c_new)", "squash_input(c_new)"),
    ("lstm1997 of the paper", "squashes both with h", "squash_input(a_c)", "squash_output(a_c)"),
    (
        "lstm1997 in blocks",
        "gives the gates to the wrong cells",
        "self._to_cells(i)",
        "ops.tile(i, [1, self.block_size])",
    ),
    ("lstm1997 in blocks", "feeds back o before i", "[i, o], axis", "[o, i], axis"),
    ("lstm1997 in blocks", "feeds back no gates", "[h, *gates], axis", "[h, ops.zeros_like(*gates)], axis"),
    ("lstm1997 in blocks", "feeds back the state", "[h, *gates], axis", "[c, *gates], axis"),
    ("peephole", "output gate sees the old state", "p_o * self._seen(c_new)", "p_o * self._seen(c)"),
    ("peephole", "stores tanh(c)", "[h_new, c_new]", "[h_new, self.activation(c_new)]"),
    ("peephole", "stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
    ("peephole", "swaps p_i and p_f", "p_i, p_f, p_o =", "p_f, p_i, p_o ="),
    ("peephole", "drops p_i", " + p_i * self._seen(c)", ""),
    ("peephole", "drops p_f", " + p_f * self._seen(c)", ""),
    ("peephole", "has no tanh on the output", "o * self.activation(c_new)", "o * c_new"),
    (
        "peephole",
        "adds the output peephole after the sigmoid",
        "activation(a_o + p_o * self._seen(c_new))",
        "activation(a_o) + p_o * self._seen(c_new)",
    ),
    ("gru", "writes what it should keep", 'self.update == "keep"', 'self.update == "write"'),
    ("gru", "updates by r", "z * h + (1 - z) * h_tilde if", "r * h + (1 - r) * h_tilde if"),
    ("gru", "keeps what was reset", "z * h + (1 - z) * h_tilde if", "z * r * h + (1 - z) * h_tilde if"),
    ("gru", "stacks r before z", "a_z, a_r, a_h =", "a_r, a_z, a_h ="),
    ("gru", "resets nothing", "ops.matmul(r * seen, U_h)", "ops.matmul(seen, U_h)"),
    ("gru", "resets after the product", "ops.matmul(r * seen, U_h)", "r * ops.matmul(seen, U_h)"),
    ("gru that writes", "forgets nothing", "(1 - z) * h + z * h_tilde", "h + z * h_tilde"),
    ("gru with reset after", "does not reset the bias", "(ops.matmul(seen, U_h) + b_h)", "ops.matmul(seen, U_h) + b_h"),
    ("gru with reset after", "resets before the product", "r * (ops.matmul(seen, U_h)", "(ops.matmul(r * seen, U_h)"),
    ("gru with reset after", "has one bias in the gates", ") + b_past[: 2 * n]", ")"),
    ("lag skip", "counts from zero", "states[lag - 1]", "states[lag - 2]"),
    ("lag skip", "skips nothing", "ops.concatenate(past,", "ops.concatenate([past[0], 0 * past[1]],"),
    ("lag skip", "does not move its memory", "*states[:-1]]", "*states[1:]]"),
    ("lag skip of two lags", "puts lag 1 last", "(1, *self.lags)", "(*self.lags, 1)"),
    ("lag skip of two lags", "sorts the lags", "(1, *self.lags)", "(1, *sorted(self.lags))"),
    ("array", "stacks i, c, f, o", "a_i, a_f, a_c, a_o,", "a_i, a_c, a_f, a_o,"),
    ("array", "averages the lanes", "ops.sum(self._by_lane", "ops.mean(self._by_lane"),
    ("array", "takes the largest lane", "ops.sum(self._by_lane", "ops.max(self._by_lane"),
    (
        "array",
        "sums before tanh",
        "ops.sum(self._by_lane(o * self.activation(c_new)), axis=1)",
        "self.activation(ops.sum(self._by_lane(o * c_new), axis=1))",
    ),
    ("array", "has no tanh on the output", "o * self.activation(c_new)", "o * c_new"),
    ("array", "stores tanh(c)", "[h_new, c_new]", "[h_new, self.activation(c_new)]"),
    ("array with soft selection", "keeps what it should erase", "1 - s * f", "s * f"),
    ("array with soft selection", "erases without regard to the share", "1 - s * f", "1 - f"),
    ("array with soft selection", "does not scale the output gate", "s * o", "o"),
    ("array with soft selection", "shares among units", "(*attention)), axis=1)", "(*attention)), axis=2)"),
    (
        "array with soft selection",
        "has no logistic function on the attention",
        "self.attention_activation(*attention)",
        "attention[0]",
    ),
    ("depth-gated", "output gate sees the old state", "p_o * c_new", "p_o * c"),
    (
        "depth-gated",
        "output gate sees the state without the depth gate's part",
        "p_o * c_new",
        "p_o * (f * c + i * self.activation(a_c))",
    ),
    ("depth-gated", "stacks i, c, f, o", "a_i, a_f, a_c, a_o =", "a_i, a_c, a_f, a_o ="),
    ("depth-gated", "swaps p_i and p_f", "p_i, p_f, p_o =", "p_f, p_i, p_o ="),
    ("depth-gated", "drops p_i", "a_i + p_i * c", "a_i"),
    ("depth-gated", "drops p_f", "a_f + p_f * c", "a_f"),
    ("depth-gated", "stores tanh(c)", "new_states += [x, c_new]", "new_states += [x, self.activation(c_new)]"),
    ("depth-gated", "has no tanh on the output", "o * self.activation(c_new)", "o * c_new"),
    ("depth-gated", "swaps w_c and w_l", "w_c, w_l =", "w_l, w_c ="),
    ("depth-gated", "lets in the memory below of the step before", "d * below", "d * memories[layer - 1]"),
    ("depth-gated", "looks at the memory below of the step before", "w_l * below", "w_l * memories[layer - 1]"),
    ("depth-gated", "looks at its own new memory", "w_c * c ", "w_c * c_new "),
    ("depth-gated", "lets in the output below", "d * below", "d * x"),
    ("depth-gated", "is a plain stack", "c_new + d * below", "c_new"),
    ("depth-gated", "weighs new against below", "c_new + d * below", "(1 - d) * c_new + d * below"),
    ("grid", "puts out time", "return up,", "return h_new,"),
    ("grid", "reads depth before time", "[h, up],", "[up, h],"),
    ("grid", "exchanges the memories", "[m, up_memory],", "[up_memory, m],"),
    ("grid", "begins each block with an empty memory", "[m, up_memory],", "[m, 0 * up_memory],"),
    ("grid", "hands the depth memory to the next step", "[h_new, m_new]", "[h_new, up_memory]"),
    ("grid", "prefers time", "DIMENSIONS.index(self.priority)", "1 - DIMENSIONS.index(self.priority)"),
    ("grid", "has no priority", "DIMENSIONS.index(self.priority)", "None"),
    ("grid", "squashes as an LSTM", "squashing=self.squashing", 'squashing="lstm"'),
    (
        "grid with its own weights in each block",
        "squashes as the paper",
        "squashing=self.squashing",
        'squashing="paper"',
    ),
    (
        "grid with its own weights in each block",
        "has the blocks upside down",
        "kernels, biases, strict",
        "kernels[::-1], biases, strict",
    ),
]
WRONG_FORMS += ADDONS_WRONG_FORMS
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
