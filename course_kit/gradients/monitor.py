"""A callback that watches the gradients of `fit`."""

from collections import deque

import keras
import numpy as np

from course_kit.gradients.explosion import FACTOR, WINDOW, Explosion, exploded, guilty, joint, remedy
from course_kit.gradients.measured import MeasuredOptimizer


class GradientMonitor(keras.callbacks.Callback):
    """Norms of the gradient per layer and step of `fit`, and one sentence when it explodes.

    A callback is shown logs, never gradients. So for the length of `fit` this one puts a `MeasuredOptimizer` around
    the model's own, which does the update as ever, and reads the norms off after each batch. On TensorFlow the
    training step is compiled anew for it. Afterwards the model has its own optimizer back, in the state it has got to.
    A `fit` that ends in an error leaves the measured one in place; it trains all the same, and the next `fit` under a
    monitor takes it out.

    After `fit`: `layers`, names, (L,); `steps`, numbers from 0, (K,); `norms`, (K, L), before clipping; `total`, (K,),
    of all layers together; `explosion`, the first one, or None. `print(monitor.explosion)` says which step and layer,
    and what to try. `course_kit.plots.gradients.over_steps(monitor)` draws it.

    The rule is that of `first_explosion`: not finite, or more than `factor` times the median of the `window` before.
    With `steps_per_execution` only the last step of each execution is seen, and steps are counted in executions.

    Args:
        factor: float, how many times the usual norm is an explosion. Default: 10.
        window: int, how many steps make the usual. Default: 50.
        keep: int, how many of the latest steps stay in memory. Default: 10 000.
        stop: bool, whether to stop training at an explosion. Default: `False`.
        verbose: int, 0 to say nothing. Default: 1.

    >>> x = np.linspace(-1, 1, 40, dtype="float32").reshape(4, 10, 1)
    >>> model = keras.Sequential([keras.Input((10, 1)), keras.layers.SimpleRNN(3, name="rnn"),
    ...                           keras.layers.Dense(1, name="out")])
    >>> model.compile("sgd", "mse")
    >>> monitor = GradientMonitor()
    >>> _ = model.fit(x, x[:, -1], batch_size=2, epochs=3, verbose=0, callbacks=[monitor])
    >>> monitor.layers, monitor.norms.shape, monitor.explosion
    (('rnn', 'out'), (6, 2), None)
    """

    def __init__(
        self, factor: float = FACTOR, window: int = WINDOW, keep: int = 10_000, stop: bool = False, verbose: int = 1
    ):
        super().__init__()
        self.factor, self.window, self.stop, self.verbose = factor, window, stop, verbose
        self._rows = deque(maxlen=max(keep, window + 1))
        self._reset()

    def on_train_begin(self, logs=None):
        self._reset()
        model = self.model
        if isinstance(model.optimizer, MeasuredOptimizer):  # a fit before this one ended in an error
            model.optimizer = model.optimizer.inner
        measured = MeasuredOptimizer(model.optimizer)
        if model.optimizer.built:  # JAX wants it now; TensorFlow and torch also build at the first step
            measured.build(model.trainable_variables)
        model.optimizer = measured
        model.make_train_function(force=True)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        model = self.model  # on JAX this brings the variables up to date
        if not self.layers:
            self._layers_of(model)
        norms = np.asarray(model.optimizer.norms.numpy(), dtype=np.float64)
        row = np.array([np.sqrt(np.square(norms[places]).sum()) for places in self._places])
        before = np.array(list(self._rows)[-self.window :]).reshape(-1, len(row))
        self._rows.append(row)
        if self.explosion is None and exploded(joint(row[None])[0], joint(before), self.factor):
            self._report(model, row, before, batch)
        self._seen += 1

    def on_train_end(self, logs=None):
        model = self.model
        model.optimizer = model.optimizer.inner
        model.make_train_function(force=True)

    @property
    def norms(self) -> np.ndarray:
        """(K, L): norm of the gradient of each layer at each step that is kept."""
        return np.array(self._rows).reshape(-1, len(self.layers))

    @property
    def total(self) -> np.ndarray:
        """(K,): norm of the whole gradient."""
        return joint(self.norms)

    @property
    def steps(self) -> np.ndarray:
        """(K,): the numbers of the steps that are kept."""
        return np.arange(self._seen - len(self._rows), self._seen)

    def _reset(self):
        self.layers, self._places, self.explosion = (), [], None
        self._epoch = self._seen = 0
        self._rows.clear()

    def _layers_of(self, model):
        """Which of the measured weights are whose: the model's own layers, in their order, then what is left."""
        left, found = {key: place for place, key in enumerate(model.optimizer.measured)}, {}
        for layer in model.layers:
            places = [left.pop(id(v)) for v in layer.trainable_variables if id(v) in left]
            if places:
                found[layer.name] = places
        if left:
            found[model.name] = list(left.values())
        self.layers, self._places = tuple(found), list(found.values())

    def _report(self, model, row, before, batch):
        norm = float(joint(row[None])[0])
        usual = float(np.median(joint(before))) if len(before) else float("nan")
        layer = guilty(row, before, self.layers, self.factor)
        advice = remedy(norm, usual, _clipping(model.optimizer.inner))
        self.explosion = Explosion(self._seen, self._epoch, batch, layer, norm, usual, advice)
        if self.verbose:
            print(f"\n{self.explosion}")
        if self.stop:
            model.stop_training = True


def _clipping(optimizer) -> str | None:
    """The clipping that is on already, as it is written: "global_clipnorm below 1.0"."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # inside keras.optimizers.LossScaleOptimizer
    limits = {name: getattr(optimizer, name, None) for name in ("clipvalue", "clipnorm", "global_clipnorm")}
    return next((f"{name} below {limit}" for name, limit in limits.items() if limit is not None), None)
