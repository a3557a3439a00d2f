"""Which step and which layer exploded, told from constructed logs."""

import numpy as np
import pytest

from course_kit.gradients.explosion import Explosion, first_explosion, guilty, joint, remedy

CALM = np.array([1.0, 1.2, 0.9, 1.1, 1.0, 1.3, 0.8, 1.0, 1.1, 0.9])
LOGS = {
    "calm": (CALM, None),
    "spike": (np.r_[CALM, 15.0, CALM], 10),
    "spike below the limit": (np.r_[CALM, 9.0, CALM], None),
    "nan": (np.r_[CALM, np.nan, 1.0], 10),
    "nan at once": (np.array([np.nan]), 0),
    "infinite": (np.r_[CALM, np.inf], 10),
    "large from the beginning": (1e6 * CALM, None),
    "early, before there is a usual": (np.array([1e-3, 1.0, 1.0, 1.0, 1.0, 1.0]), None),
    "plateau": (np.r_[CALM, np.full(100, 20.0)], 10),
    "slow drift": (1.02 ** np.arange(300), None),
    "fast growth": (np.r_[CALM, 2.0 ** np.arange(1, 9)], 13),  # 16 is the first above ten times the median
    "several layers": (np.c_[np.ones(12), np.r_[CALM, 1.0, 30.0]], 11),
}


@pytest.mark.parametrize("log, step", LOGS.values(), ids=LOGS)
def test_first_bad_step_is_found(log, step):
    """Spikes and what is not finite; no slow drift and no large but steady norm."""
    assert step == first_explosion(log)


def test_joint_norm_neither_overflows_nor_loses_nan():
    """1e200 squared is no float64; nan must not turn into a number."""
    np.testing.assert_allclose(joint(np.array([[3e200, 4e200], [0.0, 0.0], [3.0, 4.0]])), [5e200, 0.0, 5.0])
    assert not np.isfinite(joint(np.array([[np.nan, 1.0], [np.inf, 1.0]]))).any()


GUILTY = {
    "one layer": ([1.0, 50.0, 1.0], "rnn"),
    "all below the exploding one": ([80.0, 50.0, 1.0], "rnn"),
    "none by itself": ([5.0, 9.0, 3.0], "rnn"),
    "one is nan": ([1.0, np.nan, 1.0], "rnn"),
}


@pytest.mark.parametrize("row, layer", GUILTY.values(), ids=GUILTY)
def test_the_layer_nearest_the_output_is_named(row, layer):
    """Errors come from above, so what lies below explodes with it."""
    usual = np.ones((10, 3))

    assert layer == guilty(np.array(row), usual, ("embedding", "rnn", "out"), factor=10.0)


def test_where_everything_is_nan_the_step_before_tells():
    """The layer that had grown most; without a step before, none."""
    nan, names = np.full(3, np.nan), ("embedding", "rnn", "out")

    assert guilty(nan, np.array([[1, 1, 1], [1, 1, 1], [2, 9, 3.0]]), names, 10.0) == "rnn"
    assert guilty(nan, np.empty((0, 3)), names, 10.0) == "all layers"


@pytest.mark.parametrize(
    "norm, usual, clipped, says",
    [
        (40.0, 1.3, None, "clipping, global_clipnorm=2.6"),
        (40.0, 1.3, "clipnorm below 1.0", "a smaller learning rate or clipnorm below 1.0, shorter"),
        (np.nan, np.nan, None, "nan and inf in the data, then clipping, global_clipnorm=1 in"),
    ],
)
def test_remedy_looks_at_what_is_there_already(norm, usual, clipped, says):
    """Clipping is proposed to who has none."""
    assert says in remedy(norm, usual, clipped)


def test_an_explosion_reads_as_one_sentence():
    """Step, layer, size, and what to try."""
    explosion = Explosion(37, 1, 5, "rnn", 130.0, 0.65, remedy(130.0, 0.65, None))

    assert str(explosion) == (
        "At step 37 (epoch 1, batch 5) the gradient exploded in rnn: its norm is 130, 200 times the usual 0.65; try "
        "clipping, global_clipnorm=1.3 in the optimizer, or a smaller learning rate."
    )
    assert "its norm is nan, after the usual 0.65; try" in str(Explosion(3, 0, 3, "rnn", np.nan, 0.65, "x"))
