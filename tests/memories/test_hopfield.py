"""Hopfield's network against its twin, against all states of a small one, and against what is proved of it."""

import itertools

import numpy as np
import pytest
from scipy.special import erfc
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from course_kit.memories import Hopfield, capacity
from course_kit.reference import hopfield as twin


@pytest.fixture
def rng():
    return np.random.default_rng(1982)


def patterns_of(rng, P, n):
    return rng.choice([-1, 1], size=(P, n))


def symmetric(rng, n):
    W = rng.normal(size=(n, n))
    W = W + W.T
    np.fill_diagonal(W, 0)
    return W


def test_couplings_are_hebbs(rng):
    """Sum of products of the patterns' units, as the twin has it, and as neurolab's `newhop`: (X'X - P I)/n."""
    xi = patterns_of(rng, 3, 11)

    obtained = Hopfield().fit(xi).coupling_

    assert np.abs(obtained - twin.hebb(xi)).max() < 1e-15
    assert np.abs(obtained - (xi.T @ xi - 3 * np.eye(11)) / 11).max() < 1e-15


def test_one_after_the_other_is_the_twin_in_that_order(rng):
    """The orders drawn from the seed, replayed by the twin with thresholds, sweep after sweep, until nothing moves."""
    W, theta = symmetric(rng, 12), rng.normal(size=12)
    for seed in range(10):
        start = patterns_of(rng, 1, 12)[0]
        orders, expected, before = np.random.RandomState(seed), start, None
        while before is None or not np.array_equal(before, expected):
            before, expected = expected, twin.asynchronous(W, expected, orders.permutation(12), theta)

        memory = Hopfield(threshold=theta, random_state=seed).couple(W)

        assert np.array_equal(memory.recall([start])[0], expected)


def test_all_at_once_is_the_twin(rng):
    """A trajectory of synchronous steps is the twin's, state by state; of couplings that are not symmetric, too."""
    W, theta = rng.normal(size=(12, 12)), rng.normal(size=12)
    memory = Hopfield(update="synchronous", threshold=theta, max_sweeps=20).couple(W)
    for start in patterns_of(rng, 10, 12):
        states = memory.trajectory(start).states
        for one, next_one in itertools.pairwise(states):
            assert np.array_equal(twin.synchronous(W, one, theta), next_one)
        assert np.array_equal(states[0], start)


def test_the_energy_is_the_sum_over_pairs_and_thresholds(rng):
    """As the twin has it, for each of several states."""
    W, theta, states = symmetric(rng, 9), rng.normal(size=9), patterns_of(rng, 5, 9)

    obtained = Hopfield(threshold=theta).couple(W).energy(states)

    assert np.abs(obtained - [twin.hopfield_energy(W, s, theta) for s in states]).max() < 1e-13


@pytest.mark.parametrize("coding", ["bipolar", "binary"])
@pytest.mark.parametrize("self_coupling", [0.0, 2.0])
def test_the_energy_falls_with_every_change_of_one_unit(coding, self_coupling, rng):
    """20 random symmetric networks with thresholds, from random starts; each ends in a fixed point."""
    for seed in range(20):
        W = symmetric(rng, 25) + self_coupling * np.eye(25)
        memory = Hopfield(coding=coding, threshold=rng.normal(size=25), random_state=seed).couple(W)
        start = rng.integers(2, size=25) * (1 if coding == "binary" else 2) - (coding == "bipolar")

        way = memory.trajectory(start)

        assert (np.diff(way.energies) < 0).all()
        assert (np.abs(np.diff(way.states, axis=0)).sum(axis=1) == (1 if coding == "binary" else 2)).all()
        assert way.ended == "fixed point"
        assert len(way.states) > 3


def test_it_rests_where_no_single_unit_could_lower_the_energy(rng):
    """All 1024 states of ten units, by force: rests of the network are the local minima and nothing else."""
    memory = Hopfield(random_state=0).couple(symmetric(rng, 10))
    states = np.array(list(itertools.product([-1, 1], repeat=10)))
    energies = {tuple(s): e for s, e in zip(states, memory.energy(states), strict=True)}

    def is_minimum(s):
        turned = (tuple(-v if k == i else v for k, v in enumerate(s)) for i in range(10))
        return all(energies[t] > energies[tuple(s)] for t in turned)

    minima = {tuple(s) for s in states if is_minimum(s)}
    reached = {tuple(s) for s in memory.recall(states)}

    assert {tuple(s) for s in states if tuple(memory.recall([s])[0]) == tuple(s)} == minima == reached
    assert 2 <= len(minima) < 40


def test_stored_patterns_and_their_negatives_rest(rng):
    """Three of 60 units, far below capacity, both signs."""
    xi = patterns_of(rng, 3, 60)
    memory = Hopfield(random_state=0).fit(xi)

    assert np.array_equal(memory.recall(np.concatenate([xi, -xi])), np.concatenate([xi, -xi]))


@pytest.mark.parametrize("update", ["asynchronous", "synchronous"])
def test_a_tenth_of_noise_is_put_right(update, rng):
    """Four patterns of 100 units, 10 of them turned over in each of 20 starts."""
    xi = patterns_of(rng, 4, 100)
    noisy = np.repeat(xi, 5, axis=0)
    for row in noisy:
        row[rng.choice(100, 10, replace=False)] *= -1

    assert np.array_equal(Hopfield(update=update, random_state=3).fit(xi).recall(noisy), np.repeat(xi, 5, axis=0))


def test_all_at_once_two_states_may_take_turns():
    """w = -1: (1, 1) and (-1, -1) for ever; one after the other it rests. The warning says so."""
    W = [[0, -1], [-1, 0]]
    memory = Hopfield(update="synchronous").couple(W)

    with pytest.warns(ConvergenceWarning, match="takes turns with another: synchronous recall ended by 'cycle of two'"):
        memory.recall([[1, 1]])
    way = memory.trajectory([1, 1])

    assert way.ended == "cycle of two"
    assert way.states.tolist() == [[1, 1], [-1, -1], [1, 1]]
    assert set(way.energies) == {1.0}
    assert Hopfield(random_state=0).couple(W).trajectory([1, 1]).ended == "fixed point"


def test_without_symmetry_it_may_never_rest():
    """One unit follows, the other flees: no energy falls, and recall says that it gave up."""
    memory = Hopfield(max_sweeps=50, random_state=0).couple([[0, 1], [-1, 0]])

    with pytest.warns(ConvergenceWarning, match="still moving: asynchronous recall ended by 'max_sweeps'"):
        memory.recall([[1, 1]])
    assert memory.trajectory([1, 1]).ended == "max_sweeps"


def test_a_unit_without_a_field_keeps_its_value():
    """Zero couplings change nothing, in any coding and order."""
    for update in ("asynchronous", "synchronous"):
        states = np.array([[1, -1, -1], [-1, 1, 1]])
        assert np.array_equal(Hopfield(update=update).couple(np.zeros((3, 3))).recall(states), states)


def test_pseudo_inverse_keeps_correlated_patterns_that_hebb_loses(rng):
    """Patterns that share nine tenths of their units: fixed points of one rule, not of the other."""
    base = patterns_of(rng, 1, 80)
    xi = np.where(rng.random((12, 80)) < 0.1, -base, base)

    good, bad = Hopfield("pseudo_inverse", random_state=0).fit(xi), Hopfield("hebb", random_state=0).fit(xi)

    assert np.array_equal(good.recall(xi), xi)
    assert not np.array_equal(bad.recall(xi), xi)


def test_pseudo_inverse_with_its_diagonal_is_the_projection_on_the_patterns(rng):
    """W W = W = W', W xi = xi; up to n - 1 independent patterns rest, without the diagonal too."""
    xi = patterns_of(rng, 19, 20)
    W = Hopfield("pseudo_inverse", self_coupling=True).fit(xi).coupling_

    assert np.linalg.matrix_rank(xi) == 19
    assert np.abs(W @ W - W).max() < 1e-12
    assert np.abs(W - W.T).max() < 1e-12
    assert np.abs(xi @ W - xi).max() < 1e-12
    assert np.array_equal(Hopfield("pseudo_inverse", random_state=0).fit(xi).recall(xi), xi)


def test_binary_coding_is_bipolar_with_other_thresholds(rng):
    """v = (s + 1)/2: same couplings; thresholds 2 theta - sum_j w_ij; a quarter of the energy, up to a constant."""
    xi, theta = patterns_of(rng, 3, 30), rng.normal(size=30, scale=0.1)
    binary = Hopfield(coding="binary", threshold=theta, random_state=5).fit((xi + 1) // 2)
    W = binary.coupling_
    bipolar = Hopfield(threshold=2 * theta - W.sum(axis=1), random_state=5).couple(W)
    starts = patterns_of(rng, 20, 30)

    difference = 4 * binary.energy((starts + 1) // 2) - bipolar.energy(starts)

    assert np.abs(W - Hopfield().fit(xi).coupling_).max() == 0
    assert np.array_equal(2 * binary.recall((starts + 1) // 2) - 1, bipolar.recall(starts))
    assert np.ptp(difference) < 1e-12


def test_a_state_goes_its_way_whoever_comes_along(rng):
    """Row by row recall is that of the batch, and a seed gives the same again."""
    memory = Hopfield(random_state=4).fit(patterns_of(rng, 8, 40))
    starts = patterns_of(rng, 15, 40)

    together = memory.recall(starts)

    assert np.array_equal(together, memory.recall(starts))
    assert np.array_equal(together, np.concatenate([memory.recall([s]) for s in starts]))
    assert together.dtype.kind == "i"


def test_capacity_of_hebb_breaks_down_and_that_of_the_pseudo_inverse_does_not():
    """At 5 and 10 % nearly all patterns come back, at 30 % none; the other rule holds 90 %."""
    hebb = capacity(300, loads=(0.05, 0.1, 0.3), trials=1, random_state=0)
    other = capacity(100, loads=(0.3, 0.9), rule="pseudo_inverse", trials=2, random_state=0)

    assert hebb.recalled[:2].min() > 0.95
    assert hebb.recalled[2] < 0.05
    assert hebb.overlaps[1] > 0.98 > 0.6 > hebb.overlaps[2]
    assert hebb.exact[1] < hebb.recalled[1]  # a few units are wrong long before the end
    assert other.exact.tolist() == [1.0, 1.0]


def test_units_leave_a_pattern_as_often_as_gaussian_noise_says():
    """In the first step: erfc(sqrt(n/(2(P - 1))))/2, at four loads, within five standard errors."""
    found = capacity(250, loads=(0.1, 0.2, 0.3, 0.5), overlap=1.0, trials=2, random_state=2)
    expected = erfc(np.sqrt(250 / (2 * (found.patterns - 1)))) / 2

    # units of one trial share their couplings, so a pattern counts for less than n independent ones
    error = 5 * np.sqrt(expected / (2 * found.patterns * 250)) + 0.02 * expected
    assert (np.abs(found.unstable - expected) < error).all()


def test_capacity_depends_on_its_seed_alone():
    """The same seed the same numbers, with noise in the starts too; sizes as asked."""
    one, again = (capacity(60, loads=(0.05, 0.2), flipped=0.1, trials=2, random_state=9) for _ in range(2))

    assert all(np.array_equal(getattr(one, name), getattr(again, name)) for name in vars(one))
    assert one.patterns.tolist() == [3, 12]
    assert one.loads.tolist() == [0.05, 0.2]


GOOD = [[1, -1, 1], [-1, -1, 1]]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: Hopfield().fit([[0, 1, 1]]),
            "X must hold -1 and 1 only, with coding='bipolar'. Got 0; 2 * X - 1 makes -1 and 1 of 0 and 1.",
        ),
        (
            lambda: Hopfield(coding="binary").fit(GOOD),
            "X must hold 0 and 1 only, with coding='binary'. Got -1; (X + 1) / 2 makes 0 and 1 of -1 and 1.",
        ),
        (lambda: Hopfield(rule="oja").fit(GOOD), "rule must be 'hebb' or 'pseudo_inverse'. Got 'oja'."),
        (lambda: Hopfield(coding="ternary").fit(GOOD), "coding must be 'bipolar' or 'binary'. Got 'ternary'."),
        (
            lambda: Hopfield(update="random").fit(GOOD).recall(GOOD),
            "update must be 'asynchronous' or 'synchronous'. Got 'random'.",
        ),
        (lambda: Hopfield(max_sweeps=0).fit(GOOD).recall(GOOD), "max_sweeps must be a positive integer. Got 0."),
        (
            lambda: Hopfield(threshold=[1, 2]).fit(GOOD),
            "threshold must be one number or 3, one for each unit. Got the shape (2,).",
        ),
        (lambda: Hopfield().couple([[1, 2]]), "coupling must be a square matrix. Got the shape (1, 2)."),
        (lambda: Hopfield().couple(1.0), "coupling must be a square matrix. Got the shape ()."),
        (
            lambda: capacity(10, flipped=0.5),
            "flipped must be a number in [0, 0.5), as beyond it a pattern is nearer its negative. Got 0.5.",
        ),
        (lambda: capacity(10, overlap=0), "overlap must be a number in (0, 1]. Got 0."),
        (
            lambda: capacity(10, loads=(0.01,)),
            "loads must be numbers that give one pattern each at least. Got (0.01,) with n = 10.",
        ),
        (lambda: capacity(0), "n must be a positive integer. Got 0."),
        (lambda: capacity(trials=1.5), "trials must be a positive integer. Got 1.5."),
    ],
)
def test_wrong_use_gets_the_rule_and_what_came(call, sentence):
    """Exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == sentence


def test_recall_before_fit_and_of_another_width_is_refused_as_in_scikit_learn():
    """NotFittedError, and the sentence about the number of features."""
    with pytest.raises(NotFittedError):
        Hopfield().recall(GOOD)
    with pytest.raises(ValueError, match="X has 2 features, but Hopfield is expecting 3 features as input"):
        Hopfield().fit(GOOD).recall([[1, 1]])
