"""Units with two values: +1 and -1 (bipolar) or 1 and 0 (binary), their checks and their threshold."""

from typing import Any

import numpy as np
from sklearn.utils.validation import validate_data

LOW = {"bipolar": -1, "binary": 0}
_REMEDY = {"bipolar": "2 * X - 1 makes -1 and 1 of 0 and 1", "binary": "(X + 1) / 2 makes 0 and 1 of -1 and 1"}


def one_of(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """`value`, or a ValueError that says the rule and what came."""
    if value in allowed:
        return value
    raise ValueError(f"{name} must be {' or '.join(map(repr, allowed))}. Got {value!r}.")


def positive_integer(name: str, value: Any) -> int:
    """`value`, or a ValueError that says the rule and what came."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value > 0:
        return int(value)
    raise ValueError(f"{name} must be a positive integer. Got {value!r}.")


def checked(estimator: Any, X: Any, coding: str, reset: bool = False, name: str = "X") -> np.ndarray:
    """X as floats (N, n) with the two values of `coding` alone; `reset` where the estimator learns how wide X is."""
    X = validate_data(estimator, X, reset=reset, dtype=np.float64)
    two_valued(X, coding, name)
    return X


def two_valued(X: np.ndarray, coding: str, name: str) -> None:
    """Nothing, or a ValueError that names the first value that is neither of the two."""
    low = LOW[one_of("coding", coding, tuple(LOW))]
    strange = X[(X != low) & (X != 1)]
    if strange.size:
        rule = f"{name} must hold {low} and 1 only, with coding={coding!r}"
        raise ValueError(f"{rule}. Got {strange[0]:g}; {_REMEDY[coding]}.")


def bipolar(X: np.ndarray, coding: str) -> np.ndarray:
    """The same states in -1 and 1."""
    return 2 * X - 1 if coding == "binary" else X


def threshold(field: np.ndarray, old: np.ndarray, low: int) -> np.ndarray:
    """1 above 0, `low` below, and at 0 what was there before."""
    return np.where(field > 0, 1.0, np.where(field < 0, low, old))
