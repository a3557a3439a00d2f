"""Figures of gradients and traces: drawn from what they are given, and told in words as well."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_kit.gradients import Explosion
from course_kit.plots import gradients, trace


def monitor(norms, explosion=None):
    return SimpleNamespace(
        steps=np.arange(10, 10 + len(norms)), norms=norms, layers=("rnn", "out"), explosion=explosion
    )


CALM = np.abs(np.random.default_rng(0).normal(size=(6, 2))) + 0.1
LOST = np.r_[CALM, [[np.nan, np.inf], [0.0, 0.0]]]
TRACE = {name: np.random.default_rng(1).uniform(size=(2, 5, n)) for name, n in (("i", 2), ("c_tilde", 4), ("h", 4))}

FIGURES = {
    "calm": (gradients.over_steps, (monitor(CALM),), "No step exploded"),
    "exploded": (
        gradients.over_steps,
        (monitor(LOST, Explosion(16, 0, 6, "rnn", np.nan, 1.0, "x")),),
        "exploded in rnn",
    ),
    "nothing but nan": (gradients.over_steps, (monitor(np.full((2, 2), np.nan)),), "2 steps are nan"),
    "distance": (gradients.over_distance, ({"a": CALM.T, "b": CALM[:, 0]},), "a from"),
    "distance to nothing": (gradients.over_distance, ({"a": np.array([0.0, 0.5, 1.0])},), "to 0 at 2"),
    "clipping": (gradients.clippings, ([np.array([3.0]), np.array([4.0])], 1.0), "turned by 0 degrees"),
    "all units": (trace.all_units, (TRACE,), "c_tilde from"),
    "one unit": (trace.one_unit, (TRACE, 3), "Curves of unit 3"),
}


@pytest.mark.parametrize("figure, arguments, says", FIGURES.values(), ids=FIGURES)
def test_figure_has_a_picture_and_words(figure, arguments, says):
    """The text alternative has the numbers."""
    shown = figure(*arguments)

    assert shown.png.startswith(b"\x89PNG") and says in shown.alt and len(shown.caption) > 30


def test_other_numbers_give_another_picture():
    """Nothing is drawn from memory."""
    assert gradients.over_steps(monitor(CALM)).png != gradients.over_steps(monitor(2 * CALM[::-1])).png
    assert trace.one_unit(TRACE, 0).png != trace.one_unit(TRACE, 1).png
    assert trace.all_units(TRACE, 0).png != trace.all_units(TRACE, 1).png


def test_one_unit_shows_the_gate_of_its_block():
    """Four cells in two blocks: the last cell has the second gate."""
    assert f"i goes from {TRACE['i'][0, 0, 1]:.2g}" in trace.one_unit(TRACE, 3).alt


def test_steps_can_carry_what_was_read():
    """Symbols in place of numbers."""
    assert trace.all_units(TRACE, labels=list("abcde")).png != trace.all_units(TRACE).png
