"""The memories are estimators as scikit-learn means it; and they cost no TensorFlow."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils import estimator_checks

from course_kit.memories import BAM, ElmanPredictor, HistoryCompressor, Hopfield, MarkovPredictor, ModernHopfield

# scikit-learn's own checks. Those that fit random real numbers have a meaning for ModernHopfield alone, which takes
# any: it has to pass all of them. The others store two values, or sequences of symbols.
WITHOUT_DATA = [
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
]
ON_REFUSED_DATA = [
    "check_estimators_unfitted",
    "check_complex_data",
    "check_estimators_empty_data_messages",
    "check_estimator_sparse_tag",
    "check_estimator_sparse_array",
    "check_fit1d",
]
CASES = [
    (estimator, name)
    for estimator in (Hopfield(), BAM(), HistoryCompressor(), MarkovPredictor(), ElmanPredictor())
    for name in WITHOUT_DATA + (ON_REFUSED_DATA if isinstance(estimator, Hopfield | BAM) else [])
]


EVERY = [
    (estimator, check)
    for modern in (ModernHopfield(), ModernHopfield(beta=1.0, similarity="dot"))
    for estimator, check in estimator_checks.estimator_checks_generator(modern)
    if check.func.__name__ != "check_array_api_input"  # runs only where SciPy's array API is switched on
]


@pytest.mark.parametrize(("estimator", "check"), EVERY, ids=[f"{e}-{c.func.__name__}" for e, c in EVERY])
def test_the_modern_network_passes_every_check_of_scikit_learn(estimator, check):
    """All that `check_estimator` has."""
    assert len(EVERY) > 60
    check(estimator)


@pytest.mark.parametrize(("estimator", "name"), CASES, ids=[f"{type(e).__name__}-{name}" for e, name in CASES])
def test_the_others_pass_those_that_have_a_meaning_for_them(estimator, name):
    """Construction, parameters, cloning, tags; for the two-valued also what must be refused."""
    getattr(estimator_checks, name)(type(estimator).__name__, clone(estimator))


@pytest.mark.parametrize(
    ("estimator", "data"),
    [
        (Hopfield(random_state=1), ([[1, -1, 1], [-1, -1, 1]],)),
        (ModernHopfield(), ([[1.0, 0.5], [0.0, 2.0]],)),
        (BAM(), ([[1, -1], [1, 1]], [[1, 1, -1], [-1, 1, 1]])),
        (HistoryCompressor(), (["abab", "ba"],)),
    ],
)
def test_fit_returns_the_object_and_leaves_its_arguments_alone(estimator, data):
    """What was learned ends in an underscore, parameters stay as they were, a clone has learned nothing."""
    before = estimator.get_params()

    assert estimator.fit(*data) is estimator
    assert estimator.get_params() == before
    learned = set(vars(estimator)) - set(before)
    assert learned
    assert all(name.endswith("_") for name in learned)
    assert not set(vars(clone(estimator))) - set(before)


def test_parameters_of_the_levels_are_reached_by_name():
    """As in a pipeline: `automatizer__order`."""
    compressor = HistoryCompressor(MarkovPredictor(1), MarkovPredictor(2))

    assert compressor.set_params(automatizer__order=4).get_params()["automatizer__order"] == 4
    assert compressor.fit(["abc"]).automatizer_.order == 4


def test_the_arrays_of_the_caller_stay_as_they_were():
    """Learning and recalling write nothing into what they are given."""
    X = np.array([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0]])
    kept = X.copy()
    for estimator in (Hopfield(random_state=0), ModernHopfield()):
        estimator.fit(X)
        (estimator.recall if isinstance(estimator, Hopfield) else estimator.retrieve)(-X)
    BAM().fit(X, X).recall(X, X)

    assert np.array_equal(X, kept)


def test_they_need_no_tensorflow():
    """A fresh process stores and recalls, compresses and decompresses, without Keras."""
    code = (
        "import json, sys; from course_kit.memories import *;"
        "P = [[1, -1, 1, 1], [-1, -1, 1, -1]];"
        "Hopfield(random_state=0).fit(P).recall(P); ModernHopfield().fit(P).retrieve(P); BAM().fit(P, P).recall(P);"
        "capacity(20, (0.1,), trials=1, random_state=0);"
        "c = HistoryCompressor(chunker=MarkovPredictor()).fit(['abab']);"
        "assert c.decompress(c.compress('abba')) == 'abba';"
        "print(json.dumps(sorted({'tensorflow', 'keras', 'jax', 'torch'} & set(sys.modules))))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == []
