"""The sixteen experiments of E22.5 as a probe: it runs where Keras is, and brings back numbers, never a verdict."""


def sixteen(names, x, x2, h0, W, U, b, W4, U4, b4):
    """What the experiments to the statements 1 to 16 give, a list of arrays and tuples of arrays.

    x (N, T, m) and the longer x2 (N, T + 2, m), zero in its last two steps; h0 (N, n); W (m, n), U (n, n), b (n,);
    W4 (m, 4n), U4 (n, 4n), b4 (4n,) of an LSTM.
    """
    import keras
    import numpy as np

    names["true_or_false"]  # an untouched answer is not re-run
    layers, ops = keras.layers, keras.ops
    N, T, m = x.shape
    n = len(U)

    def tensor(value):
        return ops.convert_to_tensor(value, dtype="float64")

    def plain(value):
        return np.asarray(ops.convert_to_numpy(value))

    def loaded(layer, *weights, width=m):
        layer.build((N, T, width))
        layer.set_weights(list(weights))
        return layer

    def simple(**how):
        return loaded(layers.SimpleRNN(n, dtype="float64", **how), W, U, b)

    gru = layers.GRU(n, dtype="float64")
    gru.build((N, T, m))
    shut = np.zeros((2, 3 * n))
    shut[0, :n] = 50.0  # the update gate's block comes first
    gru.set_weights([np.zeros((m, 3 * n)), np.zeros((n, 3 * n)), shut])
    fresh = layers.LSTM(n)
    fresh.build((N, T, m))
    lstm = loaded(layers.LSTM(n, dtype="float64", return_state=True), W4, U4, b4)
    counted = layers.GRU(n)
    counted.build((N, T, m))
    stateful = layers.SimpleRNN(n, dtype="float64", stateful=True)
    stateful(tensor(x))
    stateful.reset_states()
    stateful.set_weights([W, U, b])
    masked = keras.Sequential([layers.Masking(0.0, dtype="float64"), simple()])
    dropped = layers.SimpleRNN(m, activation="linear", dropout=0.5, return_sequences=True, dtype="float64", seed=1)
    loaded(dropped, np.eye(m), np.zeros((m, m)), np.zeros(m))
    noisy = plain(dropped(tensor(np.ones((40, T, m))), training=True))
    timed = layers.TimeDistributed(layers.Dense(3))
    timed.build((N, T, m))
    stacked = layers.RNN([layers.SimpleRNNCell(n, dtype="float64") for _ in range(2)], dtype="float64")
    loaded(stacked, W, U, b, U, U, b)
    frames = layers.ConvLSTM2D(n, 3)
    frames.build((N, T, 8, 8, m))
    steps = {"return_sequences": True}
    return [
        plain(simple()(tensor(x[:, :1]))),
        counted.count_params(),
        plain(fresh.cell.bias),
        plain(loaded(layers.LSTM(n, dtype="float64", **steps), W4, U4, b4)(tensor(x))),
        [plain(value) for value in lstm(tensor(x))],
        plain(gru(tensor(x), initial_state=tensor(h0))),
        [plain(stateful(tensor(x))) for _ in range(2)],
        list(layers.Bidirectional(layers.LSTM(n))(ops.ones((N, T, m))).shape),
        plain(masked(tensor(x2))),
        plain(simple(go_backwards=True, **steps)(tensor(x))),
        plain(simple(dropout=0.5)(tensor(x), training=False)),
        [noisy - noisy[:, :1], np.unique(noisy)],
        plain(simple(unroll=True)(tensor(x))),
        timed.count_params(),
        plain(stacked(tensor(x))),
        frames.count_params(),
    ]
