"""The twins of the lag-skip network, the memory blocks and the GRU with reset after, against their limit cases."""

import numpy as np
import pytest
from scipy.special import expit

from course_kit.reference import (
    elman_forward,
    gru_forward,
    gru_step,
    lag_skip_forward,
    lag_skip_step,
    lstm1997_blocks_forward,
    lstm1997_blocks_step,
    lstm1997_forward,
)

N, T, M, UNITS, BLOCKS = 2, 7, 3, 6, 3
HIDDEN = UNITS + 2 * BLOCKS


@pytest.fixture
def draw():
    rng = np.random.default_rng(53)
    return lambda *shapes: [rng.normal(size=shape, scale=0.7) for shape in shapes]


@pytest.fixture
def blocks(draw):
    """Input, states and weights of three blocks of two cells."""
    return draw(
        (N, T, M), (N, UNITS), (N, UNITS), (N, 2 * BLOCKS), (M, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN,)
    )  # fmt: skip


def test_a_block_computes_what_the_paper_writes_for_one_of_its_cells(blocks):
    """Cell 3, the second of block 1, written out: equations 7 to 9."""
    x, y, s, gates, W, U, b = blocks
    net = x[:, 0] @ W + np.concatenate([y, gates], axis=1) @ U + b

    y_new, s_new, gates_new = lstm1997_blocks_step(x[:, 0], *blocks[1:], block_size=2)

    state = s[:, 3] + expit(net[:, 1]) * (4 * expit(net[:, BLOCKS + 3]) - 2)
    assert np.allclose(s_new[:, 3], state, rtol=0, atol=1e-14)
    assert np.allclose(y_new[:, 3], expit(net[:, -BLOCKS + 1]) * (2 * expit(state) - 1), rtol=0, atol=1e-14)
    assert np.allclose(gates_new[:, [1, BLOCKS + 1]], expit(net[:, [1, -BLOCKS + 1]]), rtol=0, atol=1e-14)


def test_blocks_of_one_cell_that_do_not_see_the_gates_are_the_lstm_of_1997(draw):
    """U has no rows for the gates, that is zeros."""
    x, y0, s0, gates0 = draw((N, T, M), (N, UNITS), (N, UNITS), (N, 2 * UNITS))
    W, U, b = draw((M, 3 * UNITS), (UNITS, 3 * UNITS), (3 * UNITS,))

    y, s, _ = lstm1997_blocks_forward(x, y0, s0, gates0, W, np.pad(U, [(0, 2 * UNITS), (0, 0)]), b, block_size=1)
    expected = lstm1997_forward(x, y0, s0, W, U, b, squashing="paper")

    assert all(np.allclose(a, e, rtol=0, atol=1e-14) for a, e in zip((y, s), expected, strict=True))


def test_one_lag_without_weights_is_elmans_hidden_layer(draw):
    """And with weights it is not."""
    x, past, W, U, b = draw((N, T, M), (N, 3, UNITS), (M, UNITS), (2 * UNITS, UNITS), (UNITS,))
    _, expected = elman_forward(x, past[:, 0], W, U[:UNITS], b, np.eye(UNITS), np.zeros(UNITS))

    with_skips = lag_skip_forward(x, past, W, U, b, lags=[3])
    U[UNITS:] = 0

    assert np.allclose(lag_skip_forward(x, past, W, U, b, lags=[3]), expected, rtol=0, atol=1e-14)
    assert np.abs(with_skips - expected).max() > 0.1


def test_a_lag_reaches_exactly_its_steps_back(draw):
    """In step 4 the lag of 3 reads h of step 1, and a lag of 5 what was there before step 0."""
    x, past, W, U, b = draw((N, T, M), (N, 5, UNITS), (M, UNITS), (3 * UNITS, UNITS), (UNITS,))

    h = lag_skip_forward(x, past, W, U, b, lags=[3, 5])
    a = x[:, 4] @ W + h[:, 3] @ U[:UNITS] + h[:, 1] @ U[UNITS : 2 * UNITS] + past[:, 0] @ U[2 * UNITS :] + b

    assert np.allclose(h[:, 4], np.tanh(a), rtol=0, atol=1e-14)


def test_a_gru_with_reset_after_multiplies_its_second_bias(draw):
    """One step, written out."""
    x, h, W, U, b = draw((N, M), (N, UNITS), (M, 3 * UNITS), (UNITS, 3 * UNITS), (2, 3 * UNITS))
    (x_z, x_r, x_c), (h_z, h_r, h_c) = (np.split(a, 3, axis=1) for a in (x @ W + b[0], h @ U + b[1]))
    z, c_tilde = expit(x_z + h_z), np.tanh(x_c + expit(x_r + h_r) * h_c)

    keep, write = (gru_step(x, h, W, U, b, update, reset_after=True) for update in ("keep", "write"))

    assert np.allclose(keep, z * h + (1 - z) * c_tilde, rtol=0, atol=1e-14)
    assert np.allclose(write, (1 - z) * h + z * c_tilde, rtol=0, atol=1e-14)


def test_forward_is_step_after_step_and_leaves_its_arguments_alone(draw, blocks):
    """For the three of them, with float32 arguments computed in float64."""
    x, h, past = draw((N, T, M), (N, UNITS), (N, 4, UNITS))
    gru = [a.astype(np.float32) for a in draw((M, 3 * UNITS), (UNITS, 3 * UNITS), (2, 3 * UNITS))]
    lag = [a.astype(np.float32) for a in draw((M, UNITS), (3 * UNITS, UNITS), (UNITS,))]
    given = [a.copy() for a in (x, h, past, *gru, *lag, *blocks)]

    hs = gru_forward(x, h, *gru, reset_after=True)
    lagged = lag_skip_forward(x, past, *lag, lags=(4, 2))
    y, s, gates = lstm1997_blocks_forward(*blocks, block_size=2)

    memory, state = past, tuple(blocks[1:4])
    for t in range(T):
        h_t = gru_step(x[:, t], hs[:, t - 1] if t else h, *gru, reset_after=True)
        l_t = lag_skip_step(x[:, t], memory, *lag, lags=(4, 2))
        memory = np.concatenate([l_t[:, np.newaxis], memory[:, :-1]], axis=1)
        state = lstm1997_blocks_step(blocks[0][:, t], *state, *blocks[4:], block_size=2)
        for obtained, expected in ((hs, h_t), (lagged, l_t), (y, state[0]), (s, state[1]), (gates, state[2])):
            assert np.array_equal(obtained[:, t], expected)
            assert expected.dtype == np.float64
    assert all(np.array_equal(a, b) for a, b in zip((x, h, past, *gru, *lag, *blocks), given, strict=True))
