"""Weights to and from PyTorch and Flax without PyTorch and Flax: exact ways back, and what is refused.

That the numbers are the right ones, the two libraries themselves say in `tests/backends`.
"""

import keras
import numpy as np
import pytest

from course_kit.cells import ElmanCell, GRUCell, PeepholeLSTMCell
from course_kit.cells.convert import from_flax, from_onnx, from_pytorch, to_flax, to_onnx, to_pytorch
from tests.cells.convert.systems import EVERYWHERE, PEEPHOLE, RESET_BEFORE, UNITS, h_of
from tests.cells.table import largest_difference

everywhere = pytest.mark.parametrize("kind", EVERYWHERE, ids=lambda kind: kind.name)
BOTH = {"PyTorch": (to_pytorch, from_pytorch), "Flax": (to_flax, from_flax)}


@pytest.fixture
def rng():
    return np.random.default_rng(43)


@everywhere
@pytest.mark.parametrize("use_bias", [True, False])
def test_to_pytorch_and_back_changes_no_bit(kind, use_bias, rng):
    """Under names of any layer and direction."""
    layer, _, _ = kind.draw(rng, use_bias=use_bias)

    back = from_pytorch(to_pytorch(layer, "_l1_reverse"), kind.make(use_bias=use_bias).cell, "_l1_reverse")

    assert [w.dtype for w in back] == [w.dtype for w in layer.get_weights()]
    assert largest_difference(back, layer.get_weights()) == 0


@everywhere
def test_to_flax_and_back_changes_no_number_that_acts(kind, rng):
    """Of a GRU's two biases z and r keep the sum; from then on no bit changes."""
    layer, x, states = kind.draw(rng)
    expected, params = h_of(layer, x, states), to_flax(layer)

    layer.set_weights(from_flax(params, layer))
    again = to_flax(layer)

    assert largest_difference(h_of(layer, x, states), expected) < 1e-6
    assert {part: sorted(inner) for part, inner in again.items()} == {p: sorted(i) for p, i in params.items()}
    for part, inner in params.items():
        assert all(largest_difference(again[part][name], array) == 0 for name, array in inner.items())


@pytest.mark.parametrize("kind", EVERYWHERE[:2], ids=lambda kind: kind.name)
@pytest.mark.parametrize("use_bias", [True, False])
def test_to_flax_and_back_changes_no_bit(kind, use_bias, rng):
    """Where Keras has one bias; without one Flax gets zeros, and a target without one takes them."""
    layer, _, _ = kind.draw(rng, use_bias=use_bias)

    back = from_flax(to_flax(layer), kind.make(use_bias=use_bias).cell)

    assert largest_difference(back, layer.get_weights()) == 0


def test_arrays_are_copies(rng):
    """Writing into what a conversion gave changes no layer and no argument."""
    layer, _, _ = EVERYWHERE[1].draw(rng)
    before = layer.get_weights()
    arrays = to_pytorch(layer)

    for array in from_pytorch(arrays, layer):
        array[...] = 7

    assert largest_difference(from_pytorch(arrays, layer), before) == 0
    assert largest_difference(layer.get_weights(), before) == 0


@pytest.mark.parametrize("layout", BOTH)
def test_peepholes_that_are_zero_are_no_obstacle(layout, rng):
    """A PeepholeLSTM goes where an LSTM goes as long as they do nothing."""
    there, back = BOTH[layout]
    layer, _, _ = PEEPHOLE.draw(rng)
    weights = [*layer.get_weights()[:-1], np.zeros((3, UNITS))]
    layer.set_weights(weights)

    assert largest_difference(back(there(layer), layer), weights) < 1e-7


@pytest.mark.parametrize("kind", RESET_BEFORE, ids=lambda kind: kind.name)
@pytest.mark.parametrize("layout", BOTH)
def test_a_gru_that_resets_before_the_product_is_refused(layout, kind, rng):
    """PyTorch and Flax have the other network; both ways say so."""
    there, back = BOTH[layout]
    layer, _, _ = kind.draw(rng)

    for convert in (lambda: there(layer), lambda: back({}, layer)):
        with pytest.raises(ValueError) as caught:
            convert()
        assert str(caught.value) == f"reset_after must be True: so it is in {layout}. Got False, another network."


def refusals(rng):
    """(what is done, what it says)."""
    peephole, _, _ = PEEPHOLE.draw(rng)
    lstm, _, _ = EVERYWHERE[1].draw(rng)
    arrays, onnx = to_pytorch(lstm), to_onnx(peephole)
    largest = np.abs(peephole.get_weights()[-1]).max()
    bias = np.abs(lstm.get_weights()[-1]).max()
    few, wrong = {"weight_ih_l0": arrays["weight_ih_l0"]}, {**arrays, "weight_hh_l0": np.zeros((20, 4))}
    elman, relu = ElmanCell(5, 2), keras.layers.LSTMCell(5, activation="relu")
    names = "a SimpleRNN, an LSTM, a PeepholeLSTM or a GRU"
    return [
        (lambda: to_pytorch(peephole),
         f"the peepholes must be zero for PyTorch, which has none. Got one of {largest:.3g}."),
        (lambda: to_flax(peephole), f"the peepholes must be zero for Flax, which has none. Got one of {largest:.3g}."),
        (lambda: from_onnx(onnx, lstm),
         f"the peepholes must be zero for a target without them. Got one of {largest:.3g}."),
        (lambda: from_pytorch(arrays, keras.layers.LSTMCell(5, use_bias=False)),
         f"the biases must be zero for use_bias=False. Got one of {bias:.3g}."),
        (lambda: from_pytorch(few, lstm), "arrays must have 'weight_hh_l0'. Got the names ['weight_ih_l0']."),
        (lambda: from_pytorch(arrays, keras.layers.LSTMCell(4)),
         "weight_ih_l0 must have the shape (16, inputs). Got (20, 3)."),
        (lambda: from_pytorch(wrong, lstm), "weight_hh_l0 must have the shape (20, 5). Got (20, 4)."),
        (lambda: to_onnx(elman), f"source must be {names}. Got {elman!r}."),
        (lambda: from_onnx({}, elman), f"target must be {names}. Got {elman!r}."),
        (lambda: to_onnx(relu), "activation must be 'tanh': it is no weight. Got 'relu'."),
        (lambda: to_onnx(GRUCell(5, recurrent_activation="hard_sigmoid")),
         "recurrent_activation must be 'sigmoid': it is no weight. Got 'hard_sigmoid'."),
    ]  # fmt: skip


@pytest.mark.parametrize("which", range(11))
def test_what_cannot_be_said_in_the_other_layout_is_refused(which, rng):
    """A ValueError with the rule and what came."""
    do, message = refusals(rng)[which]

    with pytest.raises(ValueError) as caught:
        do()

    assert str(caught.value) == message


def test_a_source_without_weights_is_refused():
    """It must be built first; a target need not."""
    with pytest.raises(ValueError, match=r"source must be built. Got <PeepholeLSTMCell"):
        to_onnx(PeepholeLSTMCell(3))
