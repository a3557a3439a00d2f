"""The LSTM of 1997 against its paper's counts and learning rule, against Keras' LSTM and against itself in parts."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from course_kit.cells import LSTM1997Cell
from tests.cells.table import UNITS, M, N, T, keras_lstm, largest_difference, layer_of, numpy
from tests.oracles.truncated1997 import truncated_gradient

BLOCKS, SIZE = 3, 2
CELLS = BLOCKS * SIZE


@pytest.fixture
def rng():
    return np.random.default_rng(19)


def draw(rng, *widths):
    """An input and a non-zero state."""
    return [rng.normal(size=(N, T, M)), *(rng.normal(size=(N, width)) for width in widths)]


def without_forgetting(weights, size=1):
    """The weights of Keras' LSTM whose forget gate stays open, and whose gates are one a cell.

    W_f = U_f = 0 and b_f = 50: in float64 the logistic function of 50 is 1.
    """
    opened = []
    for a, f in zip(weights, (0.0, 0.0, 50.0), strict=True):
        gates = (a.shape[-1] * size) // (size + 2) // size
        i, c, o = np.split(a, [gates, a.shape[-1] - gates], axis=-1)
        i, o = (np.repeat(gate, size, axis=-1) for gate in (i, o))
        opened.append(np.concatenate([i, np.full_like(i, f), c, o], axis=-1))
    return opened


def test_without_blocks_it_is_keras_lstm_whose_forget_gate_stays_open(rng):
    """The reduced form of the slides."""
    layer, weights = layer_of(LSTM1997Cell(UNITS, dtype="float64"), rng)
    x, h0, c0 = draw(rng, UNITS, UNITS)

    obtained = numpy(layer(x, initial_state=[h0, c0]))
    expected = numpy(keras_lstm(*without_forgetting(weights))(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, expected) < 1e-14


def test_a_block_is_cells_whose_gates_have_the_same_weights(rng):
    """Three blocks of two cells are six cells of Keras' LSTM with each gate there twice."""
    layer, weights = layer_of(LSTM1997Cell(CELLS, block_size=SIZE, dtype="float64"), rng)
    x, h0, c0 = draw(rng, CELLS, CELLS)

    obtained = numpy(layer(x, initial_state=[h0, c0]))
    expected = numpy(keras_lstm(*without_forgetting(weights, SIZE))(x, initial_state=[h0, c0]))

    assert largest_difference(obtained, expected) < 1e-14


def test_gates_that_are_fed_back_are_an_input_that_comes_from_the_step_before(rng):
    """Keras' LSTM, told the gates of the step before, gives the same; and these are the gates that were told.

    The equations have one solution, so gates that reproduce themselves are right.
    """
    cell = LSTM1997Cell(CELLS, block_size=SIZE, gate_recurrence=True, dtype="float64")
    layer, (W, U, b) = layer_of(cell, rng)
    x, *state = draw(rng, CELLS, CELLS, 2 * BLOCKS)
    states = [state]
    for t in range(T):
        states.append(numpy(layer(x[:, t : t + 1], initial_state=states[-1])[1:]))
    h, c, gates = (np.stack(series, axis=1) for series in zip(*states, strict=True))  # from before the first step on

    told = np.concatenate([x, gates[:, :-1]], axis=-1)
    lstm = keras_lstm(*without_forgetting([np.concatenate([W, U[CELLS:]]), U[:CELLS], b], SIZE))
    expected, _, c_last = numpy(lstm(told, initial_state=[h[:, 0], c[:, 0]]))
    net = np.concatenate([x, h[:, :-1], gates[:, :-1]], axis=-1) @ np.concatenate([W, U]) + b

    assert largest_difference([h[:, 1:], c[:, -1]], [expected, c_last]) < 1e-14
    assert largest_difference(gates[:, 1:], expit(np.delete(net, range(BLOCKS, BLOCKS + CELLS), axis=-1))) < 1e-14
    assert largest_difference(numpy(layer(x, initial_state=state))[0], h[:, 1:]) == 0


def test_biases_of_the_gates_alone_are_biases_with_zeros_for_the_cells(rng):
    """`use_bias="gates"`."""
    how = {"block_size": SIZE, "gate_recurrence": True, "dtype": "float64"}
    some, (W, U, b) = layer_of(LSTM1997Cell(CELLS, "paper", use_bias="gates", **how), rng)
    every, _ = layer_of(LSTM1997Cell(CELLS, "paper", **how), rng)
    every.set_weights([W, U, np.concatenate([b[:BLOCKS], np.zeros(CELLS), b[BLOCKS:]])])
    x, *state = draw(rng, CELLS, CELLS, 2 * BLOCKS)

    assert b.shape == (2 * BLOCKS,)
    assert largest_difference(numpy(some(x, initial_state=state)), numpy(every(x, initial_state=state))) == 0


def test_paper_squashing_is_tanh_of_half_the_argument_with_double_input(rng):
    """g(a) = 2 tanh(a/2) and h(a) = tanh(a/2): with c = 2 c', candidate weights twice as large give the tanh cell."""
    paper, (W, U, b) = layer_of(LSTM1997Cell(UNITS, "paper", dtype="float64"), rng)
    plain, _ = layer_of(LSTM1997Cell(UNITS, "tanh", dtype="float64"), rng)
    half_candidate = np.repeat([1.0, 0.5, 1.0], UNITS)
    plain.set_weights([W * half_candidate, U * half_candidate, b * half_candidate])
    x, h0, c0 = draw(rng, UNITS, UNITS)

    h, _, c = numpy(paper(x, initial_state=[h0, 2 * c0]))
    h_plain, _, c_plain = numpy(plain(x, initial_state=[h0, c0]))

    assert largest_difference([h, c], [h_plain, 2 * c_plain]) < 1e-14


# --- the paper's counts -----------------------------------------------------------------------------------------------

# Table 10: task, b blocks of s cells, inputs, outputs, weights W, who has biases; connectivity F throughout: gates and
# cells see inputs, cells and gates, and outputs see cells
TABLE_10 = [
    ("1-1", 4, 1, 7, 7, 264, "gates"),
    ("1-2", 3, 2, 7, 7, 276, "gates"),
    ("2c-1", 2, 1, 54, 2, 364, "none"),
    ("2c-2", 2, 1, 104, 2, 664, "none"),
    ("2c-3", 2, 1, 204, 2, 1264, "none"),
    ("2c-4", 2, 1, 504, 2, 3064, "none"),
    ("2c-5", 2, 1, 1004, 2, 6064, "none"),
    ("3a", 3, 1, 1, 1, 102, "hidden units"),
    ("4-1", 2, 2, 2, 1, 93, "all units"),
    ("6a", 2, 2, 8, 4, 156, "all units"),
    ("6b", 3, 2, 8, 8, 308, "all units"),
]


@pytest.mark.parametrize(("task", "b", "s", "m", "o", "weights", "biases"), TABLE_10, ids=[row[0] for row in TABLE_10])
def test_a_model_has_as_many_weights_as_the_paper_says(task, b, s, m, o, weights, biases):
    """The cell with gate recurrence, and a read-out."""
    use_bias = {"none": False, "gates": "gates"}.get(biases, True)
    cell = LSTM1997Cell(b * s, "paper", block_size=s, gate_recurrence=True, use_bias=use_bias)
    read_out = keras.layers.Dense(o, use_bias=biases == "all units")
    model = keras.Sequential([keras.Input((None, m)), keras.layers.RNN(cell), read_out])

    assert model.count_params() == weights


def test_the_twelfth_count_is_of_a_cell_without_output_gate_and_recurrence():
    """Task 2a, 10504: inputs into one cell and its input gate, and inputs and the cell into the outputs."""
    cell = LSTM1997Cell(1, "paper", use_bias=False)
    cell.build((None, 101))
    read_out = keras.layers.Dense(101, use_bias=False)
    read_out.build((None, 101 + 1))
    i_and_c = cell.kernel[:, :2]

    assert np.size(i_and_c) + read_out.count_params() == 10504


# --- the truncated gradient -------------------------------------------------------------------------------------------


def test_truncated_gradient_is_the_one_that_the_paper_computes_forwards(rng):
    """Blocks, gate recurrence, the paper's squashing, from a non-zero state; and the full gradient is another."""
    how = {"block_size": SIZE, "gate_recurrence": True, "dtype": "float64"}
    cut, weights = layer_of(LSTM1997Cell(CELLS, "paper", gradient="truncated", **how), rng)
    full, _ = layer_of(LSTM1997Cell(CELLS, "paper", **how), rng)
    full.set_weights(weights)
    x, *state = draw(rng, CELLS, CELLS, 2 * BLOCKS)
    pull = rng.normal(size=(N, T, CELLS))

    def gradient(layer):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(pull * layer(x, initial_state=state)[0])
        return numpy(tape.gradient(loss, [w.value for w in layer.trainable_variables]))

    expected = truncated_gradient(x, *state, *weights, SIZE, pull)

    assert largest_difference(gradient(cut), expected) < 1e-12
    assert largest_difference(numpy(cut(x, initial_state=state)), numpy(full(x, initial_state=state))) == 0
    assert all(np.abs(f - e).max() > 0.1 for f, e in zip(gradient(full), expected, strict=True))


def state_jacobian(layer, x, c0, others):
    """d c_T / d c_0 for one row, (n, n)."""
    h0, *gates = others
    c0 = tf.constant(c0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(c0)
        c_last = layer(x, initial_state=[h0, c0, *gates])[2]
    return numpy(tape.jacobian(c_last, c0, experimental_use_pfor=False))[0, :, 0, :]


@pytest.mark.parametrize(
    ("size", "gate_recurrence", "squashing"),
    [(1, False, "tanh"), (1, False, "paper"), (2, False, "paper"), (2, True, "paper")],
)
def test_errors_ride_the_carousel_unchanged_when_they_cannot_leave_it(size, gate_recurrence, squashing, rng):
    """Truncated, d c_T / d c_0 is the identity, exactly; in full it is another matrix, the true one.

    Appendix A.2 of the paper, eq. 30, has the first; slide D4.39 claims it without the cut.
    """
    how = {"block_size": size, "gate_recurrence": gate_recurrence, "dtype": "float64"}
    cut, weights = layer_of(LSTM1997Cell(CELLS, squashing, gradient="truncated", **how), rng)
    whole, _ = layer_of(LSTM1997Cell(CELLS, squashing, **how), rng)
    whole.set_weights(weights)
    x, h0, c0, *gates = (a[:1] for a in draw(rng, *cut.cell.state_size))

    def last_c(c):
        return numpy(whole(x, initial_state=[h0, c, *gates])[2])[0]

    steps = 1e-6 * np.eye(CELLS)
    differences = np.stack([(last_c(c0 + e) - last_c(c0 - e)) / 2e-6 for e in steps], axis=1)

    assert np.array_equal(state_jacobian(cut, x, c0, [h0, *gates]), np.eye(CELLS))
    assert np.abs(differences - np.eye(CELLS)).max() > 0.1
    assert largest_difference(state_jacobian(whole, x, c0, [h0, *gates]), differences) < 1e-8
