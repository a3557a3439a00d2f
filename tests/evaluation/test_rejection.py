"""Background rejection against scikit-learn's curve, and its errors against counting again and again."""

import math

import numpy as np
import pytest
from sklearn.metrics import roc_curve

from course_kit.evaluation.rejection import counting_error, paired_difference, passing, rejection


def scores(seed: int, digits: int | None = None):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, 400)
    values = rng.normal(labels * 1.3, 1.0)
    return labels, values if digits is None else np.round(values, digits)


@pytest.mark.parametrize("digits", [None, 1, 0])
@pytest.mark.parametrize("efficiency", [0.05, 0.3, 0.5, 0.8, 1.0])
def test_rejection_is_the_first_point_of_the_curve_that_is_efficient_enough(efficiency, digits):
    """scikit-learn's ROC has every cut; the first with the efficiency asked for is ours, ties included."""
    labels, values = scores(3, digits)
    false, true, cuts = roc_curve(labels, values, drop_intermediate=False)
    at = int(np.argmax(true >= efficiency - 1e-12))
    found = rejection(labels, values, efficiency)

    assert found.cut == cuts[at]
    assert found.passing == passing(labels, values, efficiency).sum() == round(false[at] * (labels == 0).sum())
    assert math.isclose(1 / found.value, false[at], abs_tol=1e-12)


def test_nothing_passes():
    """An infinite rejection has no error, and says what is known."""
    found = rejection([1, 0, 0, 0], [2.0, 1.0, 1.0, 0.0])

    assert math.isinf(found.value) and math.isinf(found.error)
    assert str(found) == "> 1 (none of 3 passes)"


def test_counting_error_is_the_spread_of_repeated_counts():
    """For one in fifty of 5,000, drawn many times."""
    counts = np.random.default_rng(0).binomial(5000, 0.02, 20_000)

    assert counting_error(100, 5000) == pytest.approx(np.std(5000 / counts), rel=0.05)


def test_paired_error_is_the_spread_of_the_difference():
    """Two equally good taggers that mostly agree differ by less than two that were asked about different jets."""
    rng = np.random.default_rng(1)
    draws = rng.random((4000, 1000))
    both, one, other = draws < 0.02, (draws >= 0.02) & (draws < 0.03), (draws >= 0.03) & (draws < 0.04)
    differences = [paired_difference(b | f, b | s) for b, f, s in zip(both, one, other, strict=True)]
    spread = np.std([difference for difference, _ in differences])

    assert np.mean([error for _, error in differences]) == pytest.approx(spread, rel=0.05)
    assert spread < 0.7 * math.sqrt(2 * 30)


@pytest.mark.parametrize(
    "labels,values,efficiency,says",
    [
        ([1, 0], [1.0], 0.5, "as many scores as labels"),
        ([1, 1], [1.0, 2.0], 0.5, "both must occur"),
        ([1, 2], [1.0, 2.0], 0.5, "0 or 1"),
        ([1, 0], [1.0, math.nan], 0.5, "finite numbers"),
        ([1, 0], [1.0, 2.0], 0.0, "above 0 and at most 1"),
        ([1, 0], [1.0, 2.0], 1.5, "above 0 and at most 1"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(labels, values, efficiency, says):
    """Each with its sentence."""
    with pytest.raises(ValueError, match=says):
        rejection(labels, values, efficiency)
