"""Forecasters that learn from windows of a series: an LSTM or a GRU by gradient, an echo state network in one step.

All give the next `horizon` values at once (*direct* forecasts), and have scikit-learn's habits: ``fit(X, y)``,
``predict(X)``, ``get_params``, ``clone``. X (N, w) are windows, y (N, H) what came after each; `windows` makes both.
What they scale by is found in ``fit``, so from the training part of a fold alone.
"""

import numbers
import random
from functools import cache

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted


def windows(series, window: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Every window of a series and what came after it.

    Args:
        series: array (n,).
        window: int w, values that a forecaster sees.
        horizon: int H, values that it gives.

    Returns:
        X (N, w) and y (N, H) with N = n - w - H + 1; row r is series[r : r + w] and series[r + w : r + w + H].

    Raises:
        ValueError: if the series is no row, or has no room for one window and what comes after it.

    >>> X, y = windows([1, 2, 3, 4, 5], window=3, horizon=1)
    >>> X.tolist(), y.tolist()
    ([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]], [[4.0], [5.0]])
    """
    series = np.asarray(series, dtype=np.float64)
    if series.ndim != 1 or len(series) < window + horizon:
        raise ValueError(
            f"a window of {window} and a horizon of {horizon} need a row of at least {window + horizon} values. "
            f"Got shape {series.shape}."
        )
    rows = np.lib.stride_tricks.sliding_window_view(series, window + horizon)
    return rows[:, :window].copy(), rows[:, window:].copy()


class _WindowForecaster(RegressorMixin, BaseEstimator):
    """What the two have in common: the scale, and its way back. Subclasses have `_learn` and `_give`."""

    def fit(self, X, y):
        """Learn from windows X (N, w) and what came after them, y (N, H) or (N,) for H = 1. Returns itself.

        Raises:
            ValueError: if a parameter is out of its range, or X and y do not fit each other.
        """
        X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
        self._check()
        self.flat_ = y.ndim == 1
        y = y[:, np.newaxis] if self.flat_ else y
        if X.ndim != 2 or y.ndim != 2 or len(X) != len(y) or not len(X):
            raise ValueError(f"X (N, w) and y (N, H) or (N,) are due, with as many rows. Got {X.shape} and {y.shape}.")
        if not (np.isfinite(X).all() and np.isfinite(y).all()):
            raise ValueError("windows must hold finite numbers. Got NaN or infinity: fill the gaps from the past.")
        self.n_features_in_, self.horizon_ = X.shape[1], y.shape[1]
        self.mean_ = float(X.mean())
        self.scale_ = float((X - self._level(X)).std()) or 1.0
        self._learn((X - self._level(X)) / self.scale_, (y - self._level(X)) / self.scale_)
        return self

    def predict(self, X) -> np.ndarray:
        """The values after each window of X (N, w): (N, H), or (N,) if `fit` saw a y (N,)."""
        check_is_fitted(self)
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != self.n_features_in_:
            raise ValueError(f"X must have the shape (N, {self.n_features_in_}), as in fit. Got {X.shape}.")
        values = self._level(X) + self.scale_ * self._give((X - self._level(X)) / self.scale_)
        return values[:, 0] if self.flat_ else values

    def forecast(self, history, steps: int, window: int) -> np.ndarray:
        """Fit on all windows of a history (n,) and give the `steps` values after its end: for `errors_by_horizon`."""
        history = np.asarray(history, dtype=np.float64)
        return self.fit(*windows(history, window, steps)).predict(history[np.newaxis, -window:])[0]

    def _level(self, X):
        """What is taken off before scaling: each window's last value, or the mean of all training windows."""
        return X[:, -1:] if self.centre == "last" else self.mean_

    def _check(self):
        if self.centre not in ("last", "mean"):
            raise ValueError(f'centre must be "last" or "mean". Got {self.centre!r}.')
        positive("units", self.units)


class RecurrentForecaster(_WindowForecaster):
    """A recurrent layer that reads the window, and a dense layer that gives all horizons at once.

    Args:
        cell: "lstm" or "gru".
        units: int.
        centre: "last" takes each window's last value off, for a series with a trend: the net learns changes;
            "mean" takes off the mean of the training windows, for a series that comes back to it.
        epochs: int, passes over the training windows.
        batch_size: int.
        rate: float, Adam's step; it falls along a half cosine to a tenth.
        seed: int, of the initial weights and of the order of the rows; no global seed is touched.

    Attributes:
        scale_, mean_: floats, what the training windows were scaled by.
        horizon_: int.
        model_: the Keras model.
        history_: list of the loss (mean absolute error, in units of scale_) after each pass.

    >>> y = np.sin(np.arange(200) / 5)
    >>> net = RecurrentForecaster("gru", units=8, epochs=30, seed=1)
    >>> bool(np.abs(net.forecast(y[:190], 10, window=20) - y[190:]).max() < 0.4)
    True
    """

    def __init__(
        self,
        cell: str = "gru",
        units: int = 16,
        centre: str = "last",
        epochs: int = 40,
        batch_size: int = 32,
        rate: float = 0.01,
        seed: int = 0,
    ):
        self.cell = cell
        self.units = units
        self.centre = centre
        self.epochs = epochs
        self.batch_size = batch_size
        self.rate = rate
        self.seed = seed

    def _check(self):
        super()._check()
        if self.cell not in ("lstm", "gru"):
            raise ValueError(f'cell must be "lstm" or "gru". Got {self.cell!r}.')
        positive("epochs", self.epochs)
        positive("batch_size", self.batch_size)

    def _learn(self, X, y):
        before = random.getstate()
        try:
            self._train(X, y)
        finally:  # at its first use in a process Keras draws a seed from Python's own random numbers
            random.setstate(before)

    def _train(self, X, y):
        import keras

        self.model_ = build(self.cell, self.units, X.shape[1], y.shape[1], self.seed)
        trainer = compiled(self.cell, self.units, X.shape[1], y.shape[1])
        trainer.model.set_weights(self.model_.get_weights())
        trainer.reset()
        rows = np.random.default_rng(self.seed).permutation(len(X))

        def rate(epoch):
            return self.rate * (0.55 + 0.45 * np.cos(np.pi * epoch / self.epochs))

        told = trainer.model.fit(
            X[rows, :, np.newaxis].astype("float32"),
            y[rows].astype("float32"),
            batch_size=self.batch_size,
            epochs=self.epochs,
            shuffle=False,  # Keras shuffles by a global seed; the rows are in random order already
            verbose=0,
            callbacks=[keras.callbacks.LearningRateScheduler(rate)],
        )
        self.model_.set_weights(trainer.model.get_weights())
        self.history_ = told.history["loss"]

    def _give(self, X):
        import keras

        return keras.ops.convert_to_numpy(self.model_(X[..., np.newaxis].astype("float32"))).astype(np.float64)


def build(cell: str, units: int, window: int, horizon: int, seed: int):
    """The model: (N, w, 1) to (N, H), with initial weights from `seed`."""
    import keras

    seeds = np.random.default_rng(seed).integers(2**31, size=4).tolist()
    layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[cell]
    return keras.Sequential(
        [
            keras.Input((window, 1)),
            layer(
                units,
                kernel_initializer=keras.initializers.GlorotUniform(seeds[0]),
                recurrent_initializer=keras.initializers.Orthogonal(seed=seeds[1]),
                seed=seeds[3],  # without one Keras would draw it from Python's own random numbers
                unroll=window <= 64,  # four times as fast as a loop; what is traced grows with the window
            ),
            keras.layers.Dense(horizon, kernel_initializer=keras.initializers.GlorotUniform(seeds[2])),
        ]
    )


@cache
def compiled(cell: str, units: int, window: int, horizon: int) -> "Trainer":
    """One compiled model for all folds of a shape: tracing it takes longer than training it."""
    return Trainer(build(cell, units, window, horizon, seed=0))


class Trainer:
    """A compiled model that can be put back to its start."""

    def __init__(self, model):
        import keras

        self.model = model
        self.model.compile(optimizer=keras.optimizers.Adam(clipnorm=1.0), loss="mean_absolute_error")
        self.model.optimizer.build(self.model.trainable_variables)
        self._start = [keras.ops.convert_to_numpy(v).copy() for v in self.model.optimizer.variables]

    def reset(self):
        for variable, value in zip(self.model.optimizer.variables, self._start, strict=True):
            variable.assign(value)


class EchoStateForecaster(_WindowForecaster):
    """The kit's reservoir reads the window from rest; a ridge regression on its last state gives all horizons at once.

    Args:
        units: int, of the reservoir.
        centre: as for `RecurrentForecaster`.
        leak, spectral_radius, input_scaling: floats, of the reservoir.
        ridge: float, penalty of the read-out for each training row.
        seed: int, of the reservoir.

    Attributes:
        scale_, mean_, horizon_: as for `RecurrentForecaster`.
        layer_: the `course_kit.layers.EchoState`.

    >>> y = np.sin(np.arange(200) / 5)
    >>> net = EchoStateForecaster(units=50, seed=1)
    >>> bool(np.abs(net.forecast(y[:190], 10, window=20) - y[190:]).max() < 0.1)
    True
    """

    def __init__(
        self,
        units: int = 200,
        centre: str = "last",
        leak: float = 0.5,
        spectral_radius: float = 0.9,
        input_scaling: float = 0.5,
        ridge: float = 1e-4,
        seed: int = 0,
    ):
        self.units = units
        self.centre = centre
        self.leak = leak
        self.spectral_radius = spectral_radius
        self.input_scaling = input_scaling
        self.ridge = ridge
        self.seed = seed

    def _learn(self, X, y):
        from course_kit.layers import EchoState

        self.layer_ = EchoState(
            self.units,
            y.shape[1],
            leak=self.leak,
            spectral_radius=self.spectral_radius,
            input_scaling=self.input_scaling,
            input_skip=True,
            seed=self.seed,
            dtype="float64",
        )
        steps = X.shape[1]
        targets = np.repeat(y[:, np.newaxis], steps, axis=1)  # only those at the last step count
        self.layer_.fit(X[..., np.newaxis], targets, washout=steps - 1, ridge=self.ridge * len(X))

    def _give(self, X):
        return self.layer_.predict(X[..., np.newaxis])[:, -1]


def positive(name: str, value) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
        raise ValueError(f"{name} must be a positive integer. Got {value!r}.")
