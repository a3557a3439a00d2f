"""When gradient norms have exploded, and what to say about it. NumPy alone."""

from dataclasses import dataclass

import numpy as np

FACTOR, WINDOW, ENOUGH = 10.0, 50, 5  # ours: times the usual norm, steps that make it usual, and the least of these


def first_explosion(norms: np.ndarray, factor: float = FACTOR, window: int = WINDOW) -> int | None:
    """The first step whose norm is not finite, or more than `factor` times the median of the `window` before it.

    Args:
        norms: (steps,), or (steps, layers) of which the joint norm is judged.
        factor: float. Default: 10.
        window: int. Default: 50. The ratio is judged from the sixth step on; what is not finite, always.

    A norm that drifts up more slowly than that is no explosion to this rule, and one that stays high explodes once.

    >>> first_explosion(np.array([1.0, 1.2, 0.9, 1.1, 1.0, 1.3, 40.0, 0.8]))
    6
    >>> first_explosion(np.array([1.0, 2.0, np.nan]))
    2
    """
    total = joint(np.asarray(norms, dtype=np.float64))
    for step in range(len(total)):
        if exploded(total[step], total[max(0, step - window) : step], factor):
            return step
    return None


def exploded(norm: float, before: np.ndarray, factor: float) -> bool:
    """Whether a norm is out of all proportion to the norms before it."""
    if not np.isfinite(norm):
        return True
    return len(before) >= ENOUGH and norm > factor * np.median(before)


def joint(norms: np.ndarray) -> np.ndarray:
    """(steps,): the norm of all layers together. Taken by the largest, which keeps squares from overflowing."""
    if norms.ndim == 1:
        return norms
    largest = norms.max(axis=1, initial=0.0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    return scale * np.sqrt(np.square(norms / scale[:, None]).sum(axis=1))


@dataclass(frozen=True)
class Explosion:
    """One step at which the gradient exploded; as text, one sentence.

    Args:
        step: int, counted from the beginning of `fit`, from 0.
        epoch, batch: int, the same as Keras counts.
        layer: str, the exploding layer nearest the output: errors travel from the output down, so the layers below it
            explode with it. Where the whole gradient is nan, the layer that had grown most one step earlier, or "all
            layers".
        norm: float, of the whole gradient at this step.
        usual: float, the median of the steps before; nan where there were too few.
        remedy: str, what to try.
    """

    step: int
    epoch: int
    batch: int
    layer: str
    norm: float
    usual: float
    remedy: str

    def __str__(self) -> str:
        where = f"At step {self.step} (epoch {self.epoch}, batch {self.batch}) the gradient exploded in {self.layer}"
        if np.isnan(self.usual):
            size = f"its norm is {self.norm:.3g}"
        else:
            times = f", {self.norm / self.usual:.3g} times" if np.isfinite(self.norm) and self.usual > 0 else ", after"
            size = f"its norm is {self.norm:.3g}{times} the usual {self.usual:.3g}"
        return f"{where}: {size}; try {self.remedy}."


def guilty(row: np.ndarray, before: np.ndarray, names: tuple[str, ...], factor: float) -> str:
    """The exploding layer nearest the output. `row` (layers,) is the step, `before` (steps, layers) what was usual."""
    if not np.isfinite(row).all():
        if np.isfinite(row).any():
            return names[int(np.flatnonzero(~np.isfinite(row))[-1])]
        if len(before) < 2:
            return "all layers"
        row, before = before[-1], before[:-1]  # all is lost: which of them grew most in the last step that was whole?
        return names[int(np.argmax(_growth(row, before)))]
    growth = _growth(row, before)
    over = np.flatnonzero(growth > factor)
    return names[int(over[-1])] if len(over) else names[int(np.argmax(growth))]


def _growth(row, before):
    usual = np.median(before, axis=0)
    return row / np.where(usual > 0, usual, np.inf)


def remedy(norm: float, usual: float, clipped: str | None) -> str:
    """What to try: first clipping (slide D4.21), at twice what was usual; if that is there, what goes to the cause."""
    data = "" if np.isfinite(norm) else "a look for nan and inf in the data, then "
    if clipped:
        return (
            f"{data}a smaller learning rate or {clipped}, shorter pieces of the sequence (truncated backpropagation), "
            "an orthogonal recurrent kernel, or an LSTM"
        )
    limit = 1.0 if np.isnan(usual) else 2 * usual
    return f"{data}clipping, global_clipnorm={limit:.2g} in the optimizer, or a smaller learning rate"
