"""Weights to and from PyTorch: PyTorch, fed with them, computes the same."""

import keras
import numpy as np
import pytest
import torch

from course_kit.cells.convert import from_pytorch, to_pytorch
from tests.cells.convert.systems import EVERYWHERE, UNITS, M, h_of
from tests.cells.table import largest_difference

MODULES = {keras.layers.SimpleRNN: torch.nn.RNN, keras.layers.LSTM: torch.nn.LSTM}
everywhere = pytest.mark.parametrize("kind", EVERYWHERE, ids=lambda kind: kind.name)


@pytest.fixture
def rng():
    return np.random.default_rng(47)


def module_of(kind, **arguments) -> torch.nn.Module:
    return MODULES.get(kind.layer, torch.nn.GRU)(M, UNITS, batch_first=True, device="cpu", **arguments)


def torch_h(module, x, states) -> np.ndarray:
    start = [torch.from_numpy(s)[None] for s in states]
    with torch.no_grad():
        h, _ = module(torch.from_numpy(x), start[0] if len(start) == 1 else tuple(start))
    return h.numpy()


@everywhere
@pytest.mark.parametrize("use_bias", [True, False])
def test_pytorch_computes_the_same_with_our_weights(kind, use_bias, rng):
    """`load_state_dict` is strict: no name is missing and none is left over."""
    layer, x, states = kind.draw(rng, use_bias=use_bias)
    module = module_of(kind, bias=use_bias)

    module.load_state_dict({name: torch.tensor(array) for name, array in to_pytorch(layer).items()})

    assert largest_difference(torch_h(module, x, states), h_of(layer, x, states)) < 1e-6


@everywhere
def test_we_compute_the_same_with_weights_of_pytorch(kind, rng):
    """Both biases of PyTorch are random; its own arrays come back with the same sums."""
    layer, x, states = kind.draw(rng)
    module = module_of(kind)
    arrays = {name: tensor.numpy() for name, tensor in module.state_dict().items()}

    layer.set_weights(from_pytorch(arrays, layer))
    again = to_pytorch(layer)

    assert largest_difference(h_of(layer, x, states), torch_h(module, x, states)) < 1e-6
    for name, array in arrays.items():
        assert "bias" in name or largest_difference(again[name], array) == 0
    sums = [a["bias_ih_l0"] + a["bias_hh_l0"] for a in (again, arrays)]
    assert largest_difference(*sums) == 0
