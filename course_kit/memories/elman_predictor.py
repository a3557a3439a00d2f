"""An Elman network as the predictor of a history compressor."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from course_kit.memories.predictors import UNSEEN
from course_kit.memories.units import positive_integer


@dataclass(frozen=True)
class ElmanState:
    """The hidden layer, and the scores of what comes next; None before the first symbol."""

    h: np.ndarray
    scores: np.ndarray | None


class ElmanPredictor(BaseEstimator):
    """Expects what an Elman network, trained to predict its own next input, gives the highest score.

    Symbols are one-hot. Training is by Keras (`ElmanCell`, Adam, all sequences in one batch); afterwards NumPy runs the
    network in float64, one step at a time, so compression and decompression do the same arithmetic in the same order
    and need no Keras. Before the first symbol it expects nothing. A symbol that it never saw is a row of zeros to it.

    Args:
        units: width of the hidden layer.
        epochs: steps of gradient descent.
        learning_rate: of Adam.
        random_state: seed or generator of the first weights.

    Attributes:
        weights_: W (m, n), U (n, n), b_h (n,), V (n, o), b_y (o,), with o = m + what is imitated.
        losses_: the loss before each epoch.
    """

    def __init__(self, units=16, epochs=300, learning_rate=0.01, random_state=None):
        self.units = units
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.random_state = random_state

    def fit(
        self, sequences: Sequence[np.ndarray], symbols: int, imitate: Sequence[np.ndarray] | None = None
    ) -> "ElmanPredictor":
        """Learn arrays of codes; with `imitate`, arrays (T, q) as well, which further outputs have to give."""
        units, epochs = positive_integer("units", self.units), positive_integer("epochs", self.epochs)
        rng = check_random_state(self.random_state)
        self.symbols_ = positive_integer("symbols", symbols)
        x, y, mask = self._block(sequences, imitate)
        model = _network(x.shape, units, y.shape[-1], self.symbols_, self.learning_rate, rng.randint(2**31, size=3))
        self.losses_ = [float(model.train_on_batch(x, y, sample_weight=mask)) for _ in range(epochs)]
        self.weights_ = [weight.astype(np.float64) for weight in model.get_weights()]
        return self

    def _block(self, sequences, imitate) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Inputs, the next inputs with what is imitated beside them, and which steps there are."""
        N, T = len(sequences), max([2, *map(len, sequences)])
        q = 0 if imitate is None else imitate[0].shape[1]
        x = np.zeros((N, T - 1, self.symbols_), dtype=np.float32)
        y = np.zeros((N, T - 1, self.symbols_ + q), dtype=np.float32)
        mask = np.zeros((N, T - 1), dtype=np.float32)
        for k, codes in enumerate(sequences):
            steps = np.arange(len(codes) - 1)
            x[k, steps, codes[:-1]] = y[k, steps, codes[1:]] = mask[k, steps] = 1
            if q:
                y[k, steps, self.symbols_ :] = imitate[k][:-1]
        return x, y, mask

    def start(self) -> ElmanState:
        check_is_fitted(self, "weights_")
        return ElmanState(np.zeros(self.units), None)

    def expect(self, state: ElmanState) -> int | None:
        return None if state.scores is None else int(np.argmax(state.scores))

    def advance(self, state: ElmanState, code: int) -> ElmanState:
        W, U, b_h, V, b_y = self.weights_
        h = np.tanh((0.0 if code == UNSEEN else W[code]) + state.h @ U + b_h)
        return ElmanState(h, (h @ V + b_y)[: self.symbols_])

    def internal(self, state: ElmanState) -> np.ndarray:
        """What a network that imitates this one has to give."""
        return state.h


def _network(shape, units, outputs, symbols, learning_rate, seeds):
    """The Keras model: cross-entropy over the first `symbols` outputs, squared error over the others."""
    import keras

    from course_kit.cells import ElmanCell

    initializers = keras.initializers
    first, recurrent, last = (int(seed) for seed in seeds)
    cell = ElmanCell(
        units,
        outputs,
        kernel_initializer=initializers.GlorotUniform(seed=first),
        recurrent_initializer=initializers.Orthogonal(seed=recurrent),
        output_initializer=initializers.GlorotUniform(seed=last),
    )
    model = keras.Sequential([keras.Input(shape[1:]), keras.layers.RNN(cell, return_sequences=True)])

    def loss(y, scores):
        likely = keras.losses.categorical_crossentropy(y[..., :symbols], scores[..., :symbols], from_logits=True)
        if outputs == symbols:
            return likely
        return likely + keras.ops.sum(keras.ops.square(y[..., symbols:] - scores[..., symbols:]), axis=-1)

    # XLA takes longer to compile this than TensorFlow to train it
    jit = False if keras.backend.backend() == "tensorflow" else "auto"
    model.compile(keras.optimizers.Adam(learning_rate, clipnorm=1.0), loss=loss, jit_compile=jit)
    return model
