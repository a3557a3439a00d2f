"""The bidirectional associative memory: Kosko's example, the twin, and Hopfield's network that it is."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from course_kit.memories import BAM, Hopfield
from course_kit.reference import bam as twin

# The two pairs of Kosko's numerical example, in binary
A = np.array([[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0]])
B = np.array([[1, 1, 0, 0], [1, 0, 1, 0]])
M = [[2, 0, 0, -2], [0, -2, 2, 0], [2, 0, 0, -2], [-2, 0, 0, 2], [0, 2, -2, 0], [-2, 0, 0, 2]]


@pytest.fixture
def rng():
    return np.random.default_rng(1988)


def test_koskos_example_is_reproduced():
    """Matrix, both recalls from both sides, energies -6 and -6, and a probe near the second pair at -4."""
    memory = BAM(coding="binary").fit(A, B)

    assert memory.coupling_.tolist() == M
    assert (A[0] @ memory.coupling_).tolist() == [4, 2, -2, -4]
    assert np.array_equal(memory.predict(A), B)
    assert [side.tolist() for side in memory.recall(A)] == [A.tolist(), B.tolist()]
    assert [side.tolist() for side in memory.recall(y=B)] == [A.tolist(), B.tolist()]
    assert memory.energy(A, B).tolist() == [-6, -6]
    assert memory.energy([[0, 1, 1, 0, 0, 0]], B[1:]).tolist() == [-4]
    assert memory.predict([[0, 1, 1, 0, 0, 0]]).tolist() == [B[1].tolist()]


def test_koskos_example_in_minus_one_and_one():
    """The same matrix; energies -24 and -24."""
    memory = BAM().fit(2 * A - 1, 2 * B - 1)

    assert memory.coupling_.tolist() == M
    assert memory.energy(2 * A - 1, 2 * B - 1).tolist() == [-24, -24]
    assert np.array_equal(memory.predict(2 * A - 1), 2 * B - 1)


@pytest.mark.parametrize("coding", ["bipolar", "binary"])
def test_recall_is_the_twins(coding, rng):
    """Matrix, energies and where it settles, from both sides at once, on random pairs, ties included."""
    low = {"bipolar": -1, "binary": 0}[coding]
    for _ in range(20):
        X, y = rng.choice([-1, 1], size=(4, 8)), rng.choice([-1, 1], size=(4, 5))
        memory = BAM(coding).fit(np.where(X < 0, low, 1), np.where(y < 0, low, 1))
        a, b = rng.choice([low, 1], size=(6, 8)), rng.choice([low, 1], size=(6, 5))
        expected = [twin.resonate(memory.coupling_, *pair, low=low) for pair in zip(a, b, strict=True)]

        obtained = memory.recall(a, b)

        assert np.array_equal(memory.coupling_, twin.correlation(X, y))
        assert all(np.array_equal(obtained[0][k], expected[k][0]) for k in range(6))
        assert all(np.array_equal(obtained[1][k], expected[k][1]) for k in range(6))
        assert memory.energy(a, b).tolist() == [twin.bam_energy(memory.coupling_, *p) for p in zip(a, b, strict=True)]


@pytest.mark.parametrize("coding", ["bipolar", "binary"])
def test_it_is_hopfields_network_on_both_layers(coding, rng):
    """The block matrix gives the same energy for every state, exactly, and rests where this rests."""
    low = {"bipolar": -1, "binary": 0}[coding]
    memory = BAM(coding).fit(rng.choice([low, 1], size=(3, 9)), rng.choice([low, 1], size=(3, 6)))
    blocks = np.zeros((15, 15))
    blocks[:9, 9:], blocks[9:, :9] = memory.coupling_, memory.coupling_.T
    network = Hopfield(coding=coding, random_state=0).couple(blocks)
    a, b = rng.choice([low, 1], size=(200, 9)), rng.choice([low, 1], size=(200, 6))

    rest = np.concatenate(memory.recall(a, b), axis=1)

    assert np.array_equal(network.energy(np.concatenate([a, b], axis=1)), memory.energy(a, b))
    assert np.array_equal(network.recall(rest), rest)
    for state in network.recall(np.concatenate([a, b], axis=1))[:50]:
        again = np.concatenate(memory.recall(state[np.newaxis, :9], state[np.newaxis, 9:]), axis=1)
        assert np.array_equal(again[0], state)


def test_no_step_raises_the_energy_whatever_the_matrix(rng):
    """Random real matrices, cut off after each number of sweeps: the energies fall and the end is a rest."""
    for _ in range(20):
        memory = BAM().fit(rng.choice([-1, 1], size=(2, 12)), rng.choice([-1, 1], size=(2, 7)))
        memory.coupling_ = rng.normal(size=(12, 7))
        a, b = rng.choice([-1, 1], size=(1, 12)), rng.choice([-1, 1], size=(1, 7))
        energies = [memory.energy(a, b)[0]]
        for _ in range(20):
            b_new = np.sign(a @ memory.coupling_)
            energies.append(memory.energy(a, b_new)[0])
            a, b = np.sign(b_new @ memory.coupling_.T), b_new
            energies.append(memory.energy(a, b)[0])
        assert (np.diff(energies) <= 1e-12).all()
        assert [side.tolist() for side in memory.recall(a, b)] == [a.astype(int).tolist(), b.astype(int).tolist()]


def test_noise_on_one_side_is_put_right_on_both(rng):
    """Three pairs of 40 and 30 units, four units wrong on the side that is given."""
    X, y = rng.choice([-1, 1], size=(3, 40)), rng.choice([-1, 1], size=(3, 30))
    memory, noisy_X, noisy_y = BAM().fit(X, y), X.copy(), y.copy()
    for row in (*noisy_X, *noisy_y):
        row[rng.choice(len(row), 4, replace=False)] *= -1

    for recalled in (memory.recall(noisy_X), memory.recall(y=noisy_y)):
        assert np.array_equal(recalled[0], X)
        assert np.array_equal(recalled[1], y)


def test_a_unit_without_a_field_keeps_its_value():
    """A tie leaves what was there; where nothing was, the unit is off."""
    memory = BAM().fit([[1, 1], [1, -1]], [[1, 1], [-1, 1]])  # M = [[0, 2], [2, 0]]
    memory.coupling_ = np.zeros((2, 2))

    assert [side.tolist() for side in memory.recall([[1, -1]], [[-1, 1]])] == [[[1, -1]], [[-1, 1]]]
    assert [side.tolist() for side in memory.recall([[1, -1]])] == [[[1, -1]], [[-1, -1]]]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: BAM().fit(A, 2 * B - 1), "X must hold -1 and 1 only, with coding='bipolar'. Got 0; "),
        (lambda: BAM("binary").fit(A, 2 * B - 1), "y must hold 0 and 1 only, with coding='binary'. Got -1; "),
        (lambda: BAM("binary").fit(A, B[:1]), "Found input variables with inconsistent numbers of samples: [2, 1]"),
        (lambda: BAM("binary").fit(A, B).recall(), "recall needs X or y to start from. Got neither."),
        (lambda: BAM("binary").fit(A, B).recall(y=A), "y must have 4 columns, as in fit. Got 6."),
        (lambda: BAM("binary", 0).fit(A, B).recall(A), "max_sweeps must be a positive integer. Got 0."),
        (lambda: BAM("ternary").fit(A, B), "coding must be 'bipolar' or 'binary'. Got 'ternary'."),
    ],
)
def test_wrong_use_gets_the_rule_and_what_came(call, sentence):
    """The sentence begins so."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value).startswith(sentence)


def test_it_says_when_it_has_not_settled_and_when_it_was_not_fitted(rng):
    """A warning; scikit-learn's own error; and it can be fitted again to another width."""
    memory = BAM("binary", max_sweeps=1).fit(A, B)
    with pytest.warns(ConvergenceWarning, match=r"^a pair still moves after 1 sweeps.$"):
        memory.recall([[0, 1, 1, 0, 0, 0]])
    with pytest.raises(NotFittedError):
        BAM().recall([[1]])
    assert memory.fit(B, A).coupling_.tolist() == np.transpose(M).tolist()
