"""What Keras 1 computed under names that Keras 3 still has, or under arguments that it has no longer.

Read in the sources of Keras 1.x: layers/embeddings.py, layers/recurrent.py, initializations.py, backend/*.py.

    inner_activation="hard_sigmoid"     clip(0.2 x + 0.5, 0, 1); what Keras 3 calls so is clip(x/6 + 0.5, 0, 1)
    Embedding(..., dropout=p)           whole rows of the table, drawn anew for each batch
    LSTM(..., dropout_W=p, dropout_U=p) a mask for each gate and review, the same at all steps: Keras 3's `dropout` and
                                        `recurrent_dropout`, together, are the same
    init, inner_init                    drawn for each of the four gates by itself; orthogonal was scaled by 1.1
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="course_kit")
def keras1_hard_sigmoid(x):
    """The gates of Keras 1: clip(0.2 x + 0.5, 0, 1).

    >>> [round(float(gate), 3) for gate in keras1_hard_sigmoid(ops.array([-3.0, -1.0, 0.0, 3.0]))]
    [0.0, 0.3, 0.5, 1.0]
    """
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)


@keras.saving.register_keras_serializable(package="course_kit")
class WordDropEmbedding(keras.layers.Embedding):
    """An embedding that forgets words: slide D2.17, ``Embedding(max_features, 32, dropout = 0.2)``.

    In training each row of the table is dropped with probability ``dropout`` and the kept ones are divided by
    1 - ``dropout``; the draw is one for the whole batch, so a dropped word is gone wherever it stands. Also the rows of
    padding, "start" and "unknown" can be dropped. Outside training it is the plain look-up.

    Args:
        dropout: float in [0, 1).
        seed: int or None.
        input_dim, output_dim and further: as in ``keras.layers.Embedding``.

    Shapes:
        (N, T) integers to (N, T, output_dim).

    Raises:
        ValueError: if ``dropout`` is not in [0, 1).

    Source: Keras 1, ``Embedding.call``; Gal and Ghahramani, 2016, section 4.2.
    """

    def __init__(self, input_dim: int, output_dim: int, dropout: float = 0.0, seed: int | None = None, **kwargs):
        super().__init__(input_dim, output_dim, **kwargs)
        if not 0.0 <= dropout < 1.0:
            raise ValueError(f"dropout must be in [0, 1). Got {dropout}.")
        self.dropout, self.seed = dropout, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        embedded = super().call(inputs)
        if not training or self.dropout == 0.0:
            return embedded
        ones = ops.ones((self.input_dim, 1), dtype=self.compute_dtype)
        kept = keras.random.dropout(ones, self.dropout, seed=self.seed_generator)
        return embedded * ops.take(kept, inputs, axis=0)

    def compute_output_spec(self, inputs, training=False):
        return super().compute_output_spec(inputs)  # Embedding's own takes no `training`

    def get_config(self):
        return {**super().get_config(), "dropout": self.dropout, "seed": self.seed}


@keras.saving.register_keras_serializable(package="course_kit")
class PerGate(keras.initializers.Initializer):
    """The weights of the four gates side by side, each drawn by itself, as Keras 1 did.

    Keras 3 draws one matrix for all: glorot's limit then counts all four gates as outputs (0.12 and not 0.21 for 32
    inputs and 100 units), and an orthogonal matrix has a quarter of its length squared in each gate.

    Args:
        initializer: of one gate, (rows, units), anything that ``keras.initializers.get`` takes.

    Shapes:
        (rows, 4 units).
    """

    def __init__(self, initializer):
        self.initializer = keras.initializers.get(initializer)

    def __call__(self, shape, dtype=None):
        rows, columns = shape
        # a clone each: an initializer with a seed draws the same at every call
        gates = [self.initializer.clone()((rows, columns // 4), dtype=dtype) for _ in range(4)]
        return ops.concatenate(gates, axis=1)

    def get_config(self):
        return {"initializer": keras.initializers.serialize(self.initializer)}


def lstm(units: int, dropout: float, gates: str) -> keras.layers.LSTM:
    """``LSTM(units, dropout_W = dropout, dropout_U = dropout)`` of Keras 1, with its ``gates`` or "sigmoid"."""
    return keras.layers.LSTM(
        units,
        recurrent_activation=keras1_hard_sigmoid if gates == "keras 1" else gates,
        dropout=dropout,
        recurrent_dropout=dropout,
        kernel_initializer=PerGate("glorot_uniform"),
        recurrent_initializer=PerGate(keras.initializers.Orthogonal(gain=1.1)),
    )
