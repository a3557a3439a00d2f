"""Weights that hold several matrices start as if each matrix stood alone."""

import keras
import numpy as np

from course_kit.cells import GridLSTMCell
from course_kit.cells.side_by_side import part, redrawn, side_by_side, with_forget_bias


def test_matrices_side_by_side_are_drawn_each_by_itself():
    """Each has orthogonal rows, as the whole of (3, 16) could not have in both halves, and they differ."""
    initializer = keras.initializers.Orthogonal()

    whole = np.asarray(side_by_side((redrawn(initializer, k), 8) for k in range(2))((3, 16), dtype="float32"))
    one, two = part(whole, 0, 8), part(whole, 1, 8)

    assert whole.shape == (3, 16)
    for each in (one, two):
        assert np.abs(each @ each.T - np.eye(3)).max() < 1e-6
    assert np.abs(one - two).max() > 0.1


def test_a_seeded_cell_can_be_made_again_and_its_matrices_differ():
    """The seed moves on from matrix to matrix."""
    kernels = []
    for _ in range(2):
        cell = GridLSTMCell(4, 2, tied=None, recurrent_initializer=keras.initializers.GlorotNormal(seed=5))
        cell.build((None, 3))
        kernels.append(np.asarray(cell.recurrent_kernel))

    matrices = np.split(kernels[0], 4, axis=1)
    assert np.array_equal(*kernels)
    assert min(np.abs(a - b).max() for k, a in enumerate(matrices) for b in matrices[:k]) > 0.1


def test_a_function_may_be_an_initializer():
    """Keras takes any callable; it is used as it is in every place."""
    assert redrawn(keras.ops.zeros, 3) is keras.ops.zeros


def test_only_the_forget_gates_block_is_set():
    """Of five blocks of two, whatever the others start with."""
    bias = with_forget_bias(keras.initializers.Constant(0.25), -1.0, 2)((10,), dtype="float32")

    assert np.asarray(bias).tolist() == [0.25, 0.25, -1, -1, *[0.25] * 6]
