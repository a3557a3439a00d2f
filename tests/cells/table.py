"""The cells under the contract test, one row each, and what the tests of this folder share."""

import keras
import numpy as np

from course_kit import reference
from course_kit.cells import ElmanCell, GRUCell, JordanCell, LagSkipCell, LSTM1997Cell, PeepholeLSTMCell
from tests.cells.addons_rows import ADDONS_ROWS
from tests.cells.further import FURTHER_ROWS
from tests.cells.ntm_row import NTM_ROW
from tests.cells.row import OUT, UNITS, M, N, Row, T  # noqa: F401  (tests take the sizes from here)


def elman_twin(x, states, weights):
    y, h = reference.elman_forward(x, states[0], *weights)
    return y, [h]


def jordan_twin(context_decay, output_activation):
    def twin(x, states, weights):
        how = {"sigma_y": output_activation, "context_decay": context_decay}
        y, _ = reference.jordan_forward(x, states[0], *weights, **how)
        contexts, context = [], states[0]
        for t in range(y.shape[1]):
            context = context_decay * context + y[:, t]
            contexts.append(context)
        return y, [np.stack(contexts, axis=1)]

    return twin


def lstm1997_twin(squashing):
    def twin(x, states, weights):
        h, c = reference.lstm1997_forward(x, *states, *weights, squashing=squashing)
        return h, [h, c]

    return twin


def peephole_twin(x, states, weights):
    h, c = reference.peephole_forward(x, *states, *weights)
    return h, [h, c]


def blocks_twin(x, states, weights):
    y, s, gates = reference.lstm1997_blocks_forward(x, *states, *weights, block_size=2)
    return y, [y, s, gates]


def gru_twin(update, reset_after):
    def twin(x, states, weights):
        h = reference.gru_forward(x, states[0], *weights, update=update, reset_after=reset_after)
        return h, [h]

    return twin


def lag_skip_twin(lags):
    def twin(x, states, weights):
        past = np.stack(states, axis=1)
        h = reference.lag_skip_forward(x, past, *weights, lags=lags)
        # after step t the k-th state is h k steps before: what was there at the start, newest last, then h
        long = np.concatenate([past[:, ::-1], h], axis=1)
        return h, [long[:, max(lags) - k : max(lags) - k + x.shape[1]] for k in range(max(lags))]

    return twin


SIGMA = {"linear": reference.identity, "tanh": np.tanh}


def jordan_row(name, variant=False, **own):
    return Row(
        name,
        make=lambda n, o, **arguments: JordanCell(n, o, **{**own, **arguments}),
        count=lambda m, n, o: n * (m + o + 1) + o * (n + 1),
        biases=lambda n, o: n + o,
        state_widths=lambda n, o: [o],
        twin=jordan_twin(own.get("context_decay", 0.0), SIGMA[own.get("output_activation", "linear")]),
        variant=variant,
    )


def lstm1997_row(name, variant=False, **own):
    return Row(
        name,
        make=lambda n, o, **arguments: LSTM1997Cell(n, **{**own, **arguments}),
        count=lambda m, n, o: 3 * n * (m + n + 1),
        biases=lambda n, o: 3 * n,
        state_widths=lambda n, o: [n, n],
        twin=lstm1997_twin(own.get("squashing", "tanh")),
        variant=variant,
    )


def gru_row(name, update, reset_after, variant=True):
    own = {"update": update, "reset_after": reset_after}
    return Row(
        name,
        make=lambda n, o, **arguments: GRUCell(n, **own, **arguments),
        count=lambda m, n, o: 3 * n * (m + n + 1 + reset_after),
        biases=lambda n, o: 3 * n * (1 + reset_after),
        state_widths=lambda n, o: [n],
        twin=gru_twin(update, reset_after),
        variant=variant,
    )


def lag_skip_row(name, lags, variant=False):
    return Row(
        name,
        make=lambda n, o, **arguments: LagSkipCell(n, lags, **arguments),
        count=lambda m, n, o: n * (m + (1 + len(lags)) * n + 1),
        biases=lambda n, o: n,
        state_widths=lambda n, o: [n] * max(lags),
        twin=lag_skip_twin(lags),
        variant=variant,
        masked=lambda mask, U: np.tile(mask, 1 + len(lags))[:, np.newaxis] * U,
    )


ROWS = [
    Row(
        "elman",
        make=ElmanCell,
        count=lambda m, n, o: n * (m + n + 1) + o * (n + 1),
        biases=lambda n, o: n + o,
        state_widths=lambda n, o: [n],
        twin=elman_twin,
    ),
    jordan_row("jordan"),
    jordan_row("jordan with decay", variant=True, context_decay=0.6, output_activation="tanh"),
    lstm1997_row("lstm1997"),
    lstm1997_row("lstm1997 of the paper", variant=True, squashing="paper"),
    Row(
        "lstm1997 in blocks",  # n blocks of two cells
        make=lambda n, o, **arguments: LSTM1997Cell(2 * n, "paper", block_size=2, gate_recurrence=True, **arguments),
        count=lambda m, n, o: 4 * n * (m + 4 * n + 1),
        biases=lambda n, o: 4 * n,
        state_widths=lambda n, o: [2 * n, 2 * n, 2 * n],
        twin=blocks_twin,
        variant=True,
        masked=lambda mask, U: np.concatenate([mask, np.ones(len(U) - len(mask))])[:, np.newaxis] * U,
    ),
    Row(
        "peephole",
        make=lambda n, o, **arguments: PeepholeLSTMCell(n, **arguments),
        count=lambda m, n, o: 4 * n * (m + n + 1) + 3 * n,
        biases=lambda n, o: 4 * n,
        state_widths=lambda n, o: [n, n],
        twin=peephole_twin,
    ),
    gru_row("gru", "keep", reset_after=False, variant=False),
    gru_row("gru that writes", "write", reset_after=False),
    gru_row("gru with reset after", "keep", reset_after=True),
    gru_row("gru that writes with reset after", "write", reset_after=True),
    lag_skip_row("lag skip", (3,)),
    lag_skip_row("lag skip of two lags", (4, 2), variant=True),
    *FURTHER_ROWS,
    *ADDONS_ROWS,
    NTM_ROW,
]


def numpy(tensors):
    """Every tensor of a layer's answer as an array."""
    return keras.tree.map_structure(keras.ops.convert_to_numpy, tensors)


def randomise(layer, rng, scale=0.6) -> list[np.ndarray]:
    """Give every weight of a built layer, biases too, asymmetric random values; return them in float64."""
    layer.set_weights([scale * rng.normal(size=w.shape) for w in layer.get_weights()])
    return [np.asarray(w, dtype=np.float64) for w in layer.get_weights()]


def layer_of(cell, rng, x_shape=(N, T, M)):
    """The cell in a built layer with random weights, and those weights."""
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype=cell.dtype_policy.name)
    layer.build(x_shape)
    return layer, randomise(layer, rng)


def keras_lstm(W, U, b, dtype="float64") -> keras.layers.LSTM:
    """Keras' own LSTM with these weights; it returns everything."""
    lstm = keras.layers.LSTM(U.shape[0], return_sequences=True, return_state=True, dtype=dtype)
    lstm.build((None, None, W.shape[0]))
    lstm.set_weights([W, U, b])
    return lstm


def largest_difference(obtained, expected) -> float:
    """Largest absolute difference over one array, or over the arrays of two lists of one length."""
    if not isinstance(expected, list | tuple):
        obtained, expected = [obtained], [expected]
    assert [np.shape(a) for a in obtained] == [np.shape(a) for a in expected]
    return max(float(np.max(np.abs(np.asarray(a) - b))) for a, b in zip(obtained, expected, strict=True))
