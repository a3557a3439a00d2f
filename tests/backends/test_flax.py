"""Weights to and from Flax: `flax.linen`, fed with them, computes the same."""

import flax.linen as nn
import jax
import keras
import numpy as np
import pytest

from course_kit.cells.convert import from_flax, to_flax
from tests.cells.convert.systems import EVERYWHERE, UNITS, Kind, h_of
from tests.cells.table import largest_difference

CELLS = {keras.layers.SimpleRNN: nn.SimpleCell, keras.layers.LSTM: nn.OptimizedLSTMCell}
everywhere = pytest.mark.parametrize("kind", EVERYWHERE, ids=lambda kind: kind.name)


@pytest.fixture
def rng():
    return np.random.default_rng(59)


def flax_rnn(kind: Kind) -> nn.RNN:
    return nn.RNN(CELLS.get(kind.layer, nn.GRUCell)(UNITS))


def flax_h(kind, params, x, states) -> np.ndarray:
    """The carry of Flax' LSTM is (c, h)."""
    start = tuple(states[::-1]) if len(states) > 1 else states[0]
    return np.asarray(flax_rnn(kind).apply({"params": {"cell": params}}, x, initial_carry=start))


@everywhere
@pytest.mark.parametrize("use_bias", [True, False])
def test_flax_computes_the_same_with_our_weights(kind, use_bias, rng):
    """Names and shapes are those that Flax gives its own parameters."""
    layer, x, states = kind.draw(rng, use_bias=use_bias)
    params = to_flax(layer)
    own = flax_rnn(kind).init(jax.random.key(0), x)["params"]["cell"]

    assert jax.tree.map(np.shape, params) == jax.tree.map(np.shape, dict(own))
    assert largest_difference(flax_h(kind, params, x, states), h_of(layer, x, states)) < 1e-6


@everywhere
def test_we_compute_the_same_with_weights_of_flax(kind, rng):
    """Every parameter of Flax is random; they come back to the bit."""
    layer, x, states = kind.draw(rng)
    own = flax_rnn(kind).init(jax.random.key(0), x)["params"]["cell"]
    params = jax.tree.map(lambda a: 0.6 * rng.normal(size=a.shape).astype("float32"), dict(own))

    layer.set_weights(from_flax(params, layer))
    again = to_flax(layer)

    assert largest_difference(h_of(layer, x, states), flax_h(kind, params, x, states)) < 1e-6
    assert jax.tree.all(jax.tree.map(np.array_equal, again, params))
