"""The modern Hopfield network is Keras' attention; it lowers its energy; it retrieves without being tuned."""

import keras
import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from course_kit.memories import Hopfield, ModernHopfield

N, P, D = 4, 7, 5


@pytest.fixture
def rng():
    return np.random.default_rng(2020)


@pytest.mark.parametrize("beta", [0.3, 1 / np.sqrt(D), 4.0])
def test_a_step_is_dot_product_attention(beta, rng):
    """Of `keras.ops`, with one head, the patterns as keys and values, beta as the scale.

    Its softmax is in float32 for every dtype (Keras 3.15.1, TensorFlow), so this is to seven digits.
    """
    X, queries = rng.normal(size=(P, D)), rng.normal(size=(N, D))
    heads = [keras.ops.convert_to_tensor(a[np.newaxis, :, np.newaxis]) for a in (queries, X, X)]

    expected = keras.ops.convert_to_numpy(keras.ops.dot_product_attention(*heads, scale=beta))[0, :, 0]

    assert np.abs(ModernHopfield(beta, "dot").fit(X).retrieve(queries, steps=1) - expected).max() < 5e-7


def test_a_step_is_the_attention_layer(rng):
    """`keras.layers.Attention` with its learned scale set to beta, in float64."""
    X, queries = rng.normal(size=(P, D)), rng.normal(size=(N, D))
    layer = keras.layers.Attention(use_scale=True, dtype="float64")
    layer.build([(1, N, D), (1, P, D)])
    layer.set_weights([np.array(0.7)])

    expected = keras.ops.convert_to_numpy(layer([queries[np.newaxis], X[np.newaxis]]))[0]

    assert np.abs(ModernHopfield(0.7, "dot").fit(X).retrieve(queries, steps=1) - expected).max() < 1e-14


def test_the_form_with_distances_is_attention_with_a_bias(rng):
    """-beta/2 times the squared length of each key, added to its scores; and a softmax of -beta/2 squared distances."""
    X, queries = rng.normal(size=(P, D)), rng.normal(size=(N, D))
    heads = [keras.ops.convert_to_tensor(a[np.newaxis, :, np.newaxis]) for a in (queries, X, X)]
    bias = np.broadcast_to(-0.9 / 2 * (X**2).sum(axis=1), (1, 1, N, P))
    attended = keras.ops.dot_product_attention(*heads, bias=keras.ops.convert_to_tensor(bias), scale=0.9)
    weights = np.exp(-0.9 / 2 * cdist(queries, X) ** 2)

    obtained = ModernHopfield(0.9).fit(X).retrieve(queries, steps=1)

    assert np.abs(obtained - keras.ops.convert_to_numpy(attended)[0, :, 0]).max() < 5e-7
    assert np.abs(obtained - weights @ X / weights.sum(axis=1, keepdims=True)).max() < 1e-14


def test_for_patterns_of_one_length_both_forms_are_one(rng):
    """Patterns of -1 and 1: the same beta, the same steps, energies a constant apart."""
    X, queries = rng.choice([-1.0, 1.0], size=(P, 20)), rng.normal(size=(N, 20))
    dot, distance = (ModernHopfield(similarity=s).fit(X) for s in ("dot", "distance"))

    assert dot.beta_ == pytest.approx(distance.beta_, rel=1e-12)
    assert np.abs(dot.retrieve(queries, 3) - distance.retrieve(queries, 3)).max() < 1e-12
    assert np.ptp(dot.energy(queries) - distance.energy(queries)) < 1e-12


@pytest.mark.parametrize("similarity", ["dot", "distance"])
@pytest.mark.parametrize("beta", [0.2, 1.0, 5.0])
def test_no_step_raises_the_energy(similarity, beta, rng):
    """Ten steps from twenty random states; the definition of the energy by plain sums."""
    X, state = rng.normal(size=(P, D)), rng.normal(size=(20, D), scale=2)
    memory = ModernHopfield(beta, similarity).fit(X)
    scores = state @ X.T - (similarity == "distance") * (X**2).sum(axis=1) / 2
    expected = -np.log(np.exp(beta * scores).sum(axis=1)) / beta + (state**2).sum(axis=1) / 2

    assert np.abs(memory.energy(state) - expected).max() < 1e-12
    for _ in range(10):
        before, state = memory.energy(state), memory.retrieve(state, steps=1)
        assert (memory.energy(state) <= before + 1e-13).all()


def test_it_retrieves_pictures_without_being_told_anything(rng):
    """All 1797 digits of scikit-learn stored: each is its own recall; half hidden or noisy, 97 of 100 come back."""
    X = load_digits().data
    memory = ModernHopfield().fit(X)
    chosen = rng.choice(len(X), 100, replace=False)
    noisy = X[chosen] + rng.normal(scale=2, size=(100, 64))

    assert np.abs(memory.retrieve(X) - X).max() < 1e-3
    assert (np.abs(memory.retrieve(noisy) - X[chosen]).max(axis=1) < 1e-3).mean() >= 0.97


def test_it_holds_far_more_than_the_old_one(rng):
    """2000 patterns of 64 units with 6 units turned over: all right here, none there."""
    xi = rng.choice([-1, 1], size=(2000, 64))
    starts = xi[:50].copy()
    for row in starts:
        row[rng.choice(64, 6, replace=False)] *= -1

    assert np.abs(ModernHopfield().fit(xi).retrieve(starts) - xi[:50]).max() < 1e-3
    assert not (Hopfield(random_state=0).fit(xi).recall(starts) == xi[:50]).all(axis=1).any()


def test_a_small_beta_gives_the_mean_and_a_large_one_the_nearest(rng):
    """Both ends of the temperature."""
    X, queries = rng.normal(size=(P, D)), rng.normal(size=(N, D))

    hot, cold = (ModernHopfield(beta).fit(X).retrieve(queries, steps=1) for beta in (1e-9, 1e6))

    assert np.abs(hot - X.mean(axis=0)).max() < 1e-6
    assert np.array_equal(cold, X[cdist(queries, X).argmin(axis=1)])


@pytest.mark.parametrize("similarity", ["dot", "distance"])
def test_auto_is_as_sharp_as_it_says(similarity, rng):
    """At a stored pattern the others weigh less than a millionth together, and not much less for the nearest two."""
    X = rng.normal(size=(P, D)) if similarity == "distance" else rng.choice([-1.0, 1.0], size=(P, 15))
    memory = ModernHopfield(similarity=similarity).fit(X)
    scores = memory.beta_ * (X @ X.T - (similarity == "distance") * (X**2).sum(axis=1) / 2)
    strays = [np.exp(np.delete(row - row[k], k)).sum() for k, row in enumerate(scores)]

    assert 1e-6 / (P - 1) / 1.01 < max(strays) < 1e-6 * 1.0001


def test_auto_takes_a_pattern_twice_or_alone():
    """Copies are one pattern; a single one is always the answer."""
    assert np.abs(ModernHopfield().fit([[1, 2], [1, 2], [3, 0]]).retrieve([[1.2, 2]]) - [1, 2]).max() < 1e-5
    assert ModernHopfield().fit([[1, 2]]).retrieve([[-5.0, 7.0]]).tolist() == [[1, 2]]


GOOD = [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        *[
            (lambda b=b: ModernHopfield(b).fit(GOOD), f"beta must be a positive number or 'auto'. Got {b!r}.")
            for b in (0, -1.0, "hot", None, True, float("inf"), float("nan"))
        ],
        (
            lambda: ModernHopfield(similarity="cosine").fit(GOOD),
            "similarity must be 'distance' or 'dot'. Got 'cosine'.",
        ),
        (
            lambda: ModernHopfield(similarity="dot").fit([[1, 0], [3, 0]]),
            "beta='auto' with similarity='dot' needs patterns that each have their largest product with themselves. "
            "Got one that has a larger one with another: take similarity='distance'.",
        ),
        (lambda: ModernHopfield().fit(GOOD).retrieve(GOOD, 0), "steps must be a positive integer. Got 0."),
        (lambda: ModernHopfield(max_iter=-1).fit(GOOD).retrieve(GOOD), "max_iter must be a positive integer. Got -1."),
    ],
)
def test_wrong_use_gets_the_rule_and_what_came(call, sentence):
    """Exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == sentence


def test_what_has_not_settled_is_said_and_what_was_not_fitted_is_refused():
    """A warning with the number of steps; scikit-learn's own error."""
    with pytest.warns(ConvergenceWarning, match=r"^a state still moves after max_iter = 1 steps.$"):
        ModernHopfield(1.0, max_iter=1).fit(GOOD).retrieve([[0.9, 0.2]])
    with pytest.raises(NotFittedError):
        ModernHopfield().retrieve(GOOD)
