"""Scores that mean what they say: F1 with a threshold chosen elsewhere, and errors of forecasts, one horizon at a time.

The names are loaded when they are asked for: the splitter of time series needs no Keras, F1 as a metric does.
"""

from importlib import import_module

_HOME = {
    "BestThreshold": "f1",
    "BinaryF1": "f1",
    "HorizonErrors": "rolling",
    "RollingOrigin": "rolling",
    "best_threshold": "f1",
    "errors_by_horizon": "rolling",
    "f1_at": "f1",
}

__all__ = list(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
