"""Several matrices in one weight, one beside the other, each started as if it stood alone."""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from keras import initializers, ops


def side_by_side(matrices: Iterable[tuple[Callable, int]]) -> Callable:
    """An initializer for matrices side by side, from the initializer and the width of each."""
    matrices = list(matrices)

    def draw(shape, dtype=None):
        each = [initializer((*shape[:-1], width), dtype=dtype) for initializer, width in matrices]
        return ops.concatenate(each, axis=-1)

    return draw


def part(weight, place: int, width: int):
    """The matrix at `place` in a weight that holds several of one width."""
    return weight[..., place * width : (place + 1) * width]


def parts(weight, widths: Sequence[int]) -> list:
    """All matrices of a weight, from the left."""
    ends = accumulate(widths)
    return [weight[..., end - width : end] for width, end in zip(widths, ends, strict=True)]


def redrawn(initializer: Callable, place: int) -> Callable:
    """The initializer for the weight at `place`: for all but the first, a copy that draws other values.

    A random initializer gives equal values for equal shapes however often it is called. A seed moves on by one a
    place, so that a seeded cell can be made again.
    """
    if place == 0 or not isinstance(initializer, initializers.Initializer):
        return initializer
    config = initializer.get_config()
    if isinstance(config.get("seed"), int):
        config["seed"] += place
    return type(initializer).from_config(config)


def with_forget_bias(initializer: Callable, value: float, units: int) -> Callable:
    """An initializer for biases in blocks i, f, c, o, ... of `units` that starts the block of f at `value`."""

    def draw(shape, dtype=None):
        bias = initializer(shape, dtype=dtype)
        start = ops.full((units,), value, dtype=dtype)
        return ops.concatenate([bias[:units], start, bias[2 * units :]])

    return draw
