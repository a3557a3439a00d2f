"""Layer normalisation of one step, for the cells that have it."""

import math
import numbers
from typing import Any

import keras
from keras import ops


def normalised(a, epsilon: float):
    """Each row of `a` (N, k) with mean 0 and variance 1, as far as epsilon lets it; in float32 if `a` is float16."""
    half = keras.backend.standardize_dtype(a.dtype) in ("float16", "bfloat16")
    wide = ops.cast(a, "float32") if half else a
    centred = wide - ops.mean(wide, axis=-1, keepdims=True)
    variance = ops.mean(ops.square(centred), axis=-1, keepdims=True)
    return ops.cast(centred * ops.rsqrt(variance + epsilon), a.dtype)


def positive(name: str, value: Any) -> float:
    """`value` as a plain float above 0, or a ValueError that says the rule and what came."""
    if not isinstance(value, bool) and isinstance(value, numbers.Real) and 0 < value < math.inf:
        return float(value)
    raise ValueError(f"{name} must be a positive number. Got {value!r}.")
