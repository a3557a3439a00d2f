"""The Keras character model: embedding, LSTM, dense layer; with single characters or with pairs as inputs.

Slides D5.18-20. W. Zaremba, I. Sutskever, O. Vinyals, "Recurrent neural network regularization" (arXiv 1409.2329), put
dropout where this model has it: on what enters and leaves the LSTM, never on what it hands to its next step.
"""

import keras
import numpy as np
from keras import layers

from course_kit.models.characters.saved import Net


def build(V: int, d: int, n: int, *, pairs: bool = False, dropout: float = 0.0, rows: int | None = None) -> keras.Model:
    """The model: numbers of characters (N, T), or of pairs, to logits (N, T, V) of the next character.

    Args:
        V: int, how many symbols.
        d: int, numbers a symbol (or pair).
        n: int, units of the LSTM.
        pairs: bool, whether the inputs are pairs, of which there are V * V.
        dropout: float, the rate behind the embedding and behind the LSTM.
        rows: int, the batch size of a stateful model; None for one that starts each batch from zeros.

    Parameters: V d (V V d with pairs) + 4 (n n + d n + n) + n V + V.
    """
    inputs = keras.Input(batch_shape=(rows, None), dtype="int32")
    x = layers.Embedding(V * V if pairs else V, d, name="embedding")(inputs)
    x = layers.Dropout(dropout)(x) if dropout else x
    x = layers.LSTM(n, return_sequences=True, stateful=rows is not None, name="lstm")(x)
    x = layers.Dropout(dropout)(x) if dropout else x
    return keras.Model(inputs, layers.Dense(V, name="scores")(x))


def net_of(model: keras.Model, symbols: str, source: str) -> Net:
    """The trained weights as a plain `Net`, which steps without Keras."""
    weights = [w for name in ("embedding", "lstm", "scores") for w in model.get_layer(name).get_weights()]
    return Net(*(np.asarray(w) for w in weights), symbols=symbols, source=source)


def model_of(net: Net, **kwargs) -> keras.Model:
    """A Keras model with the weights of ``net``; ``dropout`` and ``rows`` as for `build`."""
    V, (inputs, d), n = len(net.symbols), net.E.shape, len(net.U)
    model = build(V, d, n, pairs=inputs != V, **kwargs)
    model.get_layer("embedding").set_weights([net.E])
    model.get_layer("lstm").set_weights([net.W, net.U, net.b])
    model.get_layer("scores").set_weights([net.V, net.b_y])
    return model
