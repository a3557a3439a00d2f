"""Write `addons.npz`: cells as computed by TensorFlow Addons, for `tests/cells/test_oracles_addons.py`.

TensorFlow Addons ended with 0.23 and runs up to TensorFlow 2.15, so it has an environment of its own. To make the file
again:

    python3.11 -m venv addons-env
    addons-env/bin/pip install "tensorflow-cpu==2.15.*" "tensorflow-addons==0.23.*"
    addons-env/bin/python tests/oracles/make_addons.py

The draws are seeded. Written with Python 3.11, tensorflow-cpu 2.15.1, tensorflow-addons 0.23.0.
"""

from pathlib import Path

import numpy as np

N, T, M, UNITS = 2, 7, 3, 5


def ran(rng, name: str, cell, states: list[int]) -> dict[str, np.ndarray]:
    """Random weights, input and start for one cell, and Addons' answer: outputs and last states."""
    import tensorflow as tf

    layer = tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)
    x = rng.normal(size=(N, T, M)).astype("float32")
    start = [rng.normal(size=(N, width)).astype("float32") for width in states]
    layer.build((N, T, M))
    layer.set_weights([0.6 * rng.normal(size=w.shape) for w in layer.get_weights()])
    h, *last = layer(tf.constant(x), initial_state=[tf.constant(s) for s in start])
    arrays = {"x": x, "h": h.numpy()}
    arrays |= {f"weight{k}": w for k, w in enumerate(layer.get_weights())}
    arrays |= {f"start{k}": s for k, s in enumerate(start)} | {f"last{k}": s.numpy() for k, s in enumerate(last)}
    return {f"{name}/{key}": value for key, value in arrays.items()}


def main() -> None:
    from tensorflow_addons import rnn

    rng = np.random.default_rng(2023)
    arrays = {
        **ran(rng, "LayerNormSimpleRNNCell", rnn.LayerNormSimpleRNNCell(UNITS), [UNITS]),
        **ran(rng, "LayerNormLSTMCell", rnn.LayerNormLSTMCell(UNITS), [UNITS, UNITS]),
        **ran(rng, "NASCell", rnn.NASCell(UNITS, use_bias=True), [UNITS, UNITS]),
        **ran(rng, "NASCell projected", rnn.NASCell(UNITS, projection=4), [UNITS, 4]),
        **ran(rng, "ESNCell", rnn.ESNCell(UNITS, leaky=0.3), [UNITS]),
        **ran(rng, "PeepholeLSTMCell", rnn.PeepholeLSTMCell(UNITS), [UNITS, UNITS]),
    }
    np.savez(Path(__file__).with_name("addons.npz"), **arrays)


if __name__ == "__main__":
    main()
