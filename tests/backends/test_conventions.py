"""The counts that the table of conventions gives for PyTorch and Flax, against their own modules."""

import flax.linen as nn
import jax
import pytest
import torch

from course_kit import params

MODULES = {
    ("SimpleRNN", "PyTorch RNN"): torch.nn.RNN,
    ("LSTM", "PyTorch LSTM"): torch.nn.LSTM,
    ("GRU", "PyTorch GRU"): torch.nn.GRU,
}
CELLS = {
    ("SimpleRNN", "Flax linen SimpleCell"): nn.SimpleCell,
    ("LSTM", "Flax linen LSTMCell"): nn.LSTMCell,
    ("GRU", "Flax linen GRUCell"): nn.GRUCell,
}


@pytest.mark.parametrize("m, n", [(5, 7), (4, 5), (1, 3)])
@pytest.mark.parametrize("key", MODULES, ids=lambda key: key[1])
def test_a_module_of_pytorch_has_that_many_parameters(key, m, n):
    """PyTorch's own parameters, one by one."""
    module = MODULES[key](m, n)

    assert sum(p.numel() for p in module.parameters()) == params.conventions(key[0], m, n).numbers[key[1]]


@pytest.mark.parametrize("m, n", [(5, 7), (4, 5), (1, 3)])
@pytest.mark.parametrize("key", CELLS, ids=lambda key: key[1])
def test_a_cell_of_flax_has_that_many_parameters(key, m, n):
    """The tree that `init` makes."""
    cell, x = CELLS[key](n), jax.numpy.zeros((2, m))
    carry = cell.initialize_carry(jax.random.key(0), x.shape)
    made = cell.init(jax.random.key(1), carry, x)

    assert sum(leaf.size for leaf in jax.tree.leaves(made)) == params.conventions(key[0], m, n).numbers[key[1]]
