"""GRU in its four forms against onnxruntime, TensorFlow's own kernel, Keras' GRU and the identities between them."""

from itertools import product

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_kit.cells import GRUCell, gru_weights
from course_kit.layers import AnyGRU
from tests.cells.table import UNITS, M, N, T, largest_difference, layer_of, numpy
from tests.oracles.onnx_cells import onnx_gru

FORMS = [{"update": update, "reset_after": after} for update, after in product(["keep", "write"], [False, True])]
NEGATED = np.repeat([-1.0, 1.0, 1.0], UNITS)  # z and not r, h


@pytest.fixture
def rng():
    return np.random.default_rng(29)


def draw(rng):
    """An input and a non-zero state."""
    return rng.normal(size=(N, T, M)), rng.normal(size=(N, UNITS))


def keras_gru(reset_after, weights, dtype="float64"):
    gru = keras.layers.GRU(
        UNITS,
        reset_after=reset_after,
        use_bias=len(weights) == 3,
        return_sequences=True,
        return_state=True,
        dtype=dtype,
    )
    gru.build((N, T, M))
    gru.set_weights(weights)
    return gru


def diagonal(weights):
    """The weights with a diagonal recurrent kernel for the candidate."""
    kernel, recurrent_kernel, bias = weights
    recurrent_kernel = recurrent_kernel.copy()
    recurrent_kernel[:, 2 * UNITS :] *= np.eye(UNITS)
    return [kernel, recurrent_kernel, bias]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_gru_is_onnxruntime_gru(form, rng):
    """Rows of seven and of four steps; ONNX knows one sign, so for the other its z is negated."""
    layer, (W, U, b) = layer_of(GRUCell(UNITS, **form), rng)
    x, h0 = draw(rng)
    lengths = np.array([7, 4])
    valid = np.arange(T) < lengths[:, np.newaxis]
    sign = NEGATED if form["update"] == "write" else 1.0

    h, last = numpy(layer(x.astype("float32"), initial_state=[h0.astype("float32")], mask=valid))
    expected = onnx_gru(x, h0, W * sign, U * sign, b * sign, form["reset_after"], lengths)

    assert largest_difference(h[valid], expected[valid]) < 1e-6
    assert largest_difference(last, expected[range(N), lengths - 1]) < 1e-6


def test_gru_is_tensorflow_gru_block_cell_in_value_and_gradient(rng):
    """`GRUBlockCell` has the blocks r, u and then c; its own backward kernel goes back one step."""
    cell = GRUCell(UNITS)
    cell.build((N, M))
    weights = [rng.normal(size=w.shape).astype("float32") for w in cell.get_weights()]
    cell.set_weights(weights)
    W, U, b = weights
    x, h, pull = (rng.normal(size=(N, width)).astype("float32") for width in (M, UNITS, UNITS))
    ru = np.r_[UNITS : 2 * UNITS, 0:UNITS]
    both = np.concatenate([W, U])
    block = {"x": x, "h_prev": h, "w_ru": both[:, ru], "w_c": both[:, 2 * UNITS :]}
    block |= {"b_ru": b[ru], "b_c": b[2 * UNITS :]}

    r, u, c, expected = tf.raw_ops.GRUBlockCell(**block)
    dx, dh, dc_bar, dru_bar = tf.raw_ops.GRUBlockCellGrad(**block, r=r, u=u, c=c, d_h=pull)
    bias_gradient = np.concatenate([*np.split(numpy(dru_bar), 2, axis=1)[::-1], numpy(dc_bar)], axis=1).sum(axis=0)
    sources = [tf.constant(x), tf.constant(h)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        obtained, _ = cell(sources[0], [sources[1]])
        loss = tf.reduce_sum(pull * obtained)
    gradients = numpy(tape.gradient(loss, [*sources, cell.bias.value]))

    assert largest_difference(numpy(obtained), numpy(expected)) < 1e-6
    assert largest_difference(gradients, [numpy(dx), numpy(dh), bias_gradient]) < 1e-5


@pytest.mark.parametrize("reset_after", [False, True])
def test_keeping_gru_is_keras_gru(reset_after, rng):
    """In float64, from a non-zero state."""
    layer, weights = layer_of(GRUCell(UNITS, reset_after=reset_after, dtype="float64"), rng)
    x, h0 = draw(rng)

    obtained = numpy(layer(x, initial_state=[h0]))

    assert largest_difference(obtained, numpy(keras_gru(reset_after, weights)(x, initial_state=h0))) < 1e-14


@pytest.mark.parametrize("reset_after", [False, True])
def test_negating_z_turns_one_update_into_the_other(reset_after, rng):
    """1 - sigmoid(a) = sigmoid(-a); and without the sign they are two networks."""
    keep, weights = layer_of(GRUCell(UNITS, reset_after=reset_after, dtype="float64"), rng)
    write, _ = layer_of(GRUCell(UNITS, reset_after=reset_after, update="write", dtype="float64"), rng)
    x, h0 = draw(rng)
    expected = numpy(keep(x, initial_state=[h0]))

    write.set_weights([w * NEGATED for w in weights])
    assert largest_difference(numpy(write(x, initial_state=[h0])), expected) < 1e-14

    write.set_weights(weights)
    assert largest_difference(numpy(write(x, initial_state=[h0])), expected) > 0.1


def test_with_a_diagonal_candidate_kernel_both_resets_are_one(rng):
    """(r h) U = r (h U) needs a diagonal U; a full one gives another network."""
    before, weights = layer_of(GRUCell(UNITS, dtype="float64"), rng)
    after, _ = layer_of(GRUCell(UNITS, reset_after=True, dtype="float64"), rng)
    x, h0 = draw(rng)

    def difference(kernel, recurrent_kernel, bias):
        before.set_weights([kernel, recurrent_kernel, bias])
        after.set_weights([kernel, recurrent_kernel, np.stack([bias, 0 * bias])])
        return largest_difference(numpy(before(x, initial_state=[h0])), numpy(after(x, initial_state=[h0])))

    assert difference(*diagonal(weights)) < 1e-14
    assert difference(*weights) > 0.01


def test_of_two_biases_only_the_sum_acts_in_the_gates_and_each_in_the_candidate(rng):
    """Why `reset_after=True` stores 6n numbers and uses 4n."""
    layer, (W, U, b) = layer_of(GRUCell(UNITS, reset_after=True, dtype="float64"), rng)
    x, h0 = draw(rng)
    expected = numpy(layer(x, initial_state=[h0]))

    def moved(block):
        shift = np.repeat(np.eye(3)[block] * 0.7, UNITS)
        layer.set_weights([W, U, b + np.stack([shift, -shift])])
        return largest_difference(numpy(layer(x, initial_state=[h0])), expected)

    assert max(moved(0), moved(1)) < 1e-14
    assert moved(2) > 0.1


# --- converters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_weights_go_to_keras_and_come_back(form, use_bias, rng):
    """The same outputs in Keras' layer, and the same weights after the way back."""
    layer, weights = layer_of(GRUCell(UNITS, **form, use_bias=use_bias, dtype="float64"), rng)
    x, h0 = draw(rng)
    after = form["reset_after"]

    theirs = keras_gru(after, gru_weights(layer, update="keep", reset_after=after))
    back = gru_weights(theirs, **form)

    expected = numpy(layer(x, initial_state=[h0]))
    assert largest_difference(numpy(theirs(x, initial_state=h0)), expected) < 1e-14
    assert largest_difference(back, weights) == 0


@pytest.mark.parametrize(("old", "new"), list(product(FORMS, FORMS)), ids=str)
def test_every_form_becomes_every_other_where_the_candidate_kernel_is_diagonal(old, new, rng):
    """Sixteen ways; the second bias of the candidate is zero."""
    source, weights = layer_of(GRUCell(UNITS, **old, dtype="float64"), rng)
    weights = diagonal(weights)
    if old["reset_after"]:
        weights[2][1, 2 * UNITS :] = 0
    source.set_weights(weights)
    target, _ = layer_of(GRUCell(UNITS, **new, dtype="float64"), rng)
    x, h0 = draw(rng)

    target.set_weights(gru_weights(source, **new))

    assert largest_difference(numpy(target(x, initial_state=[h0])), numpy(source(x, initial_state=[h0]))) < 1e-14


def test_cells_and_layers_give_the_same_weights(rng):
    """A cell, `RNN` of it, `AnyGRU`; the source's own weights stay as they are."""
    layer = AnyGRU(UNITS)
    layer.build((N, T, M))
    before = layer.get_weights()
    new = {"update": "write", "reset_after": False}

    one, other = gru_weights(layer, **new), gru_weights(layer.cell, **new)
    one[0][...] = 7

    assert largest_difference(other[0], before[0] * NEGATED) == 0
    assert largest_difference(layer.get_weights(), before) == 0


def test_a_conversion_that_would_change_the_outputs_is_refused(rng):
    """The rule and what came; also for words that mean nothing and for a layer without weights."""
    before, (_, U, _) = layer_of(GRUCell(UNITS), rng)
    after, weights = layer_of(GRUCell(UNITS, reset_after=True), rng)
    after.set_weights(diagonal(weights))
    beside = np.abs(U[:, 2 * UNITS :] * (1 - np.eye(UNITS))).max()
    bias = np.abs(weights[2][1, 2 * UNITS :]).max()
    refusals = [
        (before, "keep", True, "reset_after can change only where the candidate's recurrent kernel is diagonal. "
            f"Got an entry of {beside:.3g} beside the diagonal."),
        (after, "keep", False, "reset_after can become False only where the candidate's recurrent bias is zero. "
            f"Got an entry of {bias:.3g}."),
        (before, "hold", True, "update must be 'keep' or 'write'. Got 'hold'."),
        (before, "keep", "after", "reset_after must be True or False. Got 'after'."),
    ]  # fmt: skip

    for source, update, reset_after, message in refusals:
        with pytest.raises(ValueError) as caught:
            gru_weights(source, update=update, reset_after=reset_after)
        assert str(caught.value) == message
    with pytest.raises(ValueError, match=r"source must be built. Got <GRUCell"):
        gru_weights(GRUCell(3), update="keep", reset_after=False)
