"""Validation of forecasts on a rolling origin: the folds, and the errors of one horizon at a time."""

import numbers
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import BaseCrossValidator
from sklearn.utils import indexable


class RollingOrigin(BaseCrossValidator):
    """Folds for a time series: train on what came before an origin, test on the `horizon` steps after it, roll on.

    It stands wherever scikit-learn takes a ``cv``: ``cross_val_score``, ``GridSearchCV`` and the rest. Unlike
    ``TimeSeriesSplit``, which is told how many folds it has to make, it is told where the first origin lies and how far
    the next one is from it; the number of folds follows from the length of the series.

    Slides: D4.48-50, *Cross validation on a rolling basis* (1/3) to (3/3).

    Parameters
    ----------
    initial : int or None
        Observations before the first origin. None: as many as `window`.
    horizon : int
        Observations in a test, those right after the origin and the gap.
    step : int
        From one origin to the next. With ``step >= horizon`` no observation is tested twice.
    gap : int
        Observations between training and test that neither sees. For a table of windows whose targets reach `H`
        steps ahead, ``gap=H - 1`` keeps the targets of the last training rows out of the test rows' future.
    window : int or None
        None: the training part expands, from the first observation on. Otherwise it slides: its last `window`
        observations.

    Raises
    ------
    ValueError
        From ``split`` and ``get_n_splits``: if a parameter is out of its range, if neither `initial` nor `window` is
        given, or if the series is too short for one fold.

    See Also
    --------
    sklearn.model_selection.TimeSeriesSplit : the same folds for ``step == horizon`` and an `initial` such that the
        last test ends with the series.

    Examples
    --------
    >>> for train, test in RollingOrigin(3, horizon=2, step=2, gap=1).split(range(10)):
    ...     print(train, test)
    [0 1 2] [4 5]
    [0 1 2 3 4] [6 7]
    [0 1 2 3 4 5 6] [8 9]
    >>> for train, test in RollingOrigin(window=3, horizon=1, step=3).split(range(10)):
    ...     print(train, test)
    [0 1 2] [3]
    [3 4 5] [6]
    [6 7 8] [9]
    """

    def __init__(
        self, initial: int | None = None, *, horizon: int = 1, step: int = 1, gap: int = 0, window: int | None = None
    ):
        self.initial = initial
        self.horizon = horizon
        self.step = step
        self.gap = gap
        self.window = window

    def split(self, X, y=None, groups=None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the indices of training and test, fold by fold.

        Parameters
        ----------
        X : array-like of n rows in the order of time
        y : array-like of n entries or None
            Not looked at, except that it must be as long as `X`.
        groups : ignored

        Yields
        ------
        train, test : arrays of int
        """
        X, y, groups = indexable(X, y, groups)
        n = _rows(X)
        self._require_a_fold(n)
        for origin in range(self._first(), n - self.gap - self.horizon + 1, self.step):
            start = 0 if self.window is None else max(0, origin - self.window)
            yield np.arange(start, origin), np.arange(origin + self.gap, origin + self.gap + self.horizon)

    def get_n_splits(self, X=None, y=None, groups=None) -> int:
        """How many folds `X` gives. It cannot be said without `X`, as for scikit-learn's ``LeaveOneOut``."""
        if X is None:
            raise ValueError("get_n_splits needs X: the number of folds follows from its length. Got None.")
        n = _rows(X)
        self._require_a_fold(n)
        return (n - self.gap - self.horizon - self._first()) // self.step + 1

    def origins(self, X) -> np.ndarray:
        """The number of observations before each origin: ``origins(X)[k]`` is the first one that fold k may not use."""
        return self._first() + self.step * np.arange(self.get_n_splits(X))

    def _first(self) -> int:
        return self.window if self.initial is None else self.initial

    def _require_a_fold(self, n: int) -> None:
        for name, least in (("initial", 1), ("horizon", 1), ("step", 1), ("gap", 0), ("window", 1)):
            value = getattr(self, name)
            if value is None and name in ("initial", "window"):
                continue
            if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
                raise ValueError(f"{name} must be an integer of at least {least}. Got {value!r}.")
        if self._first() is None:
            raise ValueError("initial or window must be given: where does the first origin lie? Got neither.")
        due = self._first() + self.gap + self.horizon
        if n < due:
            raise ValueError(
                f"a fold needs {due} observations (initial {self._first()}, gap {self.gap}, horizon {self.horizon}). "
                f"Got {n}."
            )


def _rows(X) -> int:
    """How many rows X has, also where it is a DataFrame or a list."""
    return X.shape[0] if hasattr(X, "shape") else len(X)


@dataclass(frozen=True)
class HorizonErrors:
    """Forecasts beside what came, with a row for each origin and a column for each horizon.

    Parameters
    ----------
    origins : array (R,)
        Observations before each origin.
    horizons : array (H,)
        Steps from the last observation that was known to the one forecast: 1 is the next one.
    forecasts, actual : arrays (R, H)
    """

    origins: np.ndarray
    horizons: np.ndarray
    forecasts: np.ndarray
    actual: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """What came minus what was forecast, (R, H)."""
        return self.actual - self.forecasts

    @property
    def mae(self) -> np.ndarray:
        """Mean absolute error of each horizon over the origins, (H,)."""
        return np.abs(self.errors).mean(axis=0)

    @property
    def rmse(self) -> np.ndarray:
        """Root of the mean squared error of each horizon over the origins, (H,)."""
        return np.sqrt(np.square(self.errors).mean(axis=0))


def errors_by_horizon(series, forecast: Callable, splitter: RollingOrigin) -> HorizonErrors:
    """Forecast a series from every origin, and keep the horizons apart.

    Parameters
    ----------
    series : array (n,)
    forecast : callable
        ``forecast(history, steps)`` gets the training part of a fold (a copy, so that it can spoil nothing) and returns
        the `steps` values after it; a fitted model is whatever it makes of them inside.
    splitter : RollingOrigin
        Its gap is forecast too, and left out of the table: with a gap g the first column is horizon g + 1.

    Returns
    -------
    HorizonErrors

    Raises
    ------
    ValueError
        If the series is no row of finite numbers, or a forecast has another length or is not finite.

    Examples
    --------
    >>> naive = lambda history, steps: np.full(steps, history[-1])
    >>> errors_by_horizon([1, 2, 4, 7, 11, 16], naive, RollingOrigin(2, horizon=2)).mae.tolist()
    [3.0, 7.0]
    """
    series = np.asarray(series, dtype=np.float64)
    if series.ndim != 1 or not np.isfinite(series).all():
        raise ValueError(f"series must be a row (n,) of finite numbers. Got shape {series.shape}, or NaN among them.")
    steps, found, actual = splitter.gap + splitter.horizon, [], []
    for train, test in splitter.split(series):
        values = np.asarray(forecast(series[train].copy(), steps), dtype=np.float64)
        if values.shape != (steps,) or not np.isfinite(values).all():
            raise ValueError(
                f"a forecast must be {steps} finite numbers, here for the origin {train[-1] + 1}. "
                f"Got shape {values.shape}{'' if np.isfinite(values).all() else ' with NaN or infinity'}."
            )
        found.append(values[splitter.gap :])
        actual.append(series[test])
    horizons = np.arange(splitter.gap + 1, steps + 1)
    return HorizonErrors(splitter.origins(series), horizons, np.stack(found), np.stack(actual))
