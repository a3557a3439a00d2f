"""Counts of what settles, predicts or echoes, against the arrays that hold it."""

import keras
import numpy as np
import pytest

from course_kit import params
from course_kit.layers import EchoState
from course_kit.memories import BAM, Hopfield
from course_kit.params.expression import Letter


def test_the_formulas_give_the_numbers_of_the_reference_text():
    """m = 5, n = 7, o = 2: a reservoir of 91 and read-outs of 16 and 26."""
    assert params.echo_state(5, 7, 2) == 91 + 16
    assert params.echo_state(5, 7, 2, input_skip=True) == 91 + 26
    assert params.echo_state(5, 7, 2, use_bias=False) == 7 * 12 + 14
    assert (params.hopfield(7), params.bam(6, 4)) == (21, 24)
    m, n, o = map(Letter, "mno")
    assert str(params.echo_state(m, n, o)) == "n^2 + mn + n + no + o"


@pytest.mark.parametrize("n", [1, 2, 9])
def test_couplings_are_as_many_as_may_differ(n):
    """Entries above the diagonal of a symmetric matrix without one; all entries of the other."""
    X, y = np.random.default_rng(n).choice([-1, 1], size=(2, 3, n))
    W = Hopfield().fit(X).coupling_

    assert np.array_equal(W, W.T)
    assert not W.diagonal().any()
    assert params.hopfield(n) == len(W[np.triu_indices(n, 1)])
    assert params.bam(n, n) == BAM().fit(X, y).coupling_.size


def test_a_history_compressor_is_two_elman_networks():
    """And one output more of the first, with its bias, for each unit of the second."""
    assert params.history_compressor(4, 7, 9, 5) == params.elman(4, 7, 4) + params.elman(9, 5, 9)
    assert params.history_compressor(4, 7, 9, 5, imitate=True) == params.elman(4, 7, 9) + params.elman(9, 5, 9)


def test_a_model_with_a_reservoir_is_explained():
    """Both ways and below a Dense layer: every row agrees, and the reservoirs are among what is not trained."""
    model = keras.Sequential(
        [keras.Input((None, 5)), keras.layers.Bidirectional(EchoState(7, 2, input_skip=True)), keras.layers.Dense(1)]
    )

    explained = params.explain(model)

    assert explained.verdict == "agrees"
    assert explained.non_trainable == 2 * 91
    assert explained.trainable == 2 * 26 + 5


@pytest.mark.parametrize(
    ("call", "name"),
    [(lambda: params.hopfield(0), "n"), (lambda: params.bam(3, 0), "p"), (lambda: params.bam(0, 3), "n")],
)
def test_a_size_that_is_no_positive_integer_is_refused(call, name):
    """The sentence has the rule and what came."""
    with pytest.raises(ValueError, match=rf"^{name} must be a positive integer. Got 0.$"):
        call()
