"""The steps of one jet's preprocessing and of the clustering, against oracles that share no code with them."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.spatial.transform import Rotation

from course_kit.reference import jet_preprocessing as twin


def some_jet(seed: int, count: int = 9) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.exponential(50, count) + 1, rng.normal(0, 0.4, (count, 2))])


@pytest.mark.parametrize("seed", range(4))
def test_rotation_is_scipys(seed):
    """About the third axis, by the angle from the second point to straight below."""
    jet, second = some_jet(seed), np.random.default_rng(seed + 50).normal(size=2)
    angle = math.radians(-90) - math.atan2(second[1], second[0])
    expected = Rotation.from_euler("z", angle).apply(np.column_stack([jet[:, 1:], np.zeros(len(jet))]))

    assert np.allclose(twin.rotate(jet, second)[:, 1:], expected[:, :2], atol=1e-12)
    turned = twin.rotate(np.array([[1.0, *second]]), second)
    assert np.allclose(turned, [[1.0, 0.0, -np.linalg.norm(second)]], atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_distances_are_kept(seed):
    """All steps together move a jet as a whole."""
    jet = some_jet(seed)
    done = twin.preprocess(jet)

    assert np.allclose(pdist(done[:, 1:]), pdist(jet[:, 1:]), atol=1e-12)
    assert np.allclose(done[:, 0] * 600, jet[:, 0])


@pytest.mark.parametrize("seed", range(4))
def test_the_result_does_not_know_how_the_jet_lay(seed):
    """A jet that is shifted, turned and mirrored first gives the same."""
    jet = some_jet(seed)
    angle, shift = 0.3 + seed, np.array([0.2, -0.1])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    other = np.column_stack([jet[:, 0], (jet[:, 1:] * [1, -1]) @ turn + shift])

    assert np.allclose(twin.preprocess(jet), twin.preprocess(other), atol=1e-9)


def test_groups_are_hardest_first_and_lose_nothing():
    """Two near ones go together, weighted by pT, and a soft pair may beat a single hard one."""
    jet = np.array([[50.0, 0.0, 0.0], [40.0, 1.0, 0.0], [40.0, 1.1, 0.0], [0.0, 0.0, 0.0]])

    assert np.allclose(twin.groups(jet), [[80.0, 1.05, 0.0], [50.0, 0.0, 0.0]])


def test_flip_is_a_mirror():
    """More pT on the left is flipped, more on the right is left alone."""
    jet = np.array([[30.0, -0.2, 0.5], [20.0, 0.4, 0.1]])

    assert np.array_equal(twin.flip(jet), jet * [1, -1, 1])
    assert np.array_equal(twin.flip(twin.flip(jet)), jet * [1, -1, 1])


def cluster(particles: np.ndarray, R: float) -> list[tuple[int, int]]:
    """Merges by `next_merge`, four-momenta added as massless ones."""
    nodes = list(range(len(particles)))
    momenta = [(p * math.cos(f), p * math.sin(f), p * math.sinh(e), p * math.cosh(e)) for p, e, f in particles]
    merges = []
    while len(nodes) > 1:
        rows = []
        for node in nodes:
            x, y, z, energy = momenta[node]
            rows.append([math.hypot(x, y), 0.5 * math.log((energy + z) / (energy - z)), math.atan2(y, x)])
        i, j = twin.next_merge(np.array(rows), R)
        if i == j:
            nodes.pop(i)
            continue
        pair = nodes[i], nodes[j]
        merges.append(pair)
        momenta.append(tuple(map(sum, zip(*(momenta[node] for node in pair), strict=True))))
        nodes = [node for node in nodes if node not in pair] + [len(momenta) - 1]
    return merges


@pytest.mark.parametrize("seed", range(5))
def test_clustering_and_walk_are_fastjets(seed):
    """The merges of anti-kt, and the order of the walk, as FastJet has them."""
    import fastjet

    rng = np.random.default_rng(seed)
    particles = np.column_stack([rng.exponential(30, 12) + 1, rng.normal(0, 0.15, (12, 2))])
    given = []
    for number, (pt, eta, phi) in enumerate(particles):
        jet = fastjet.PseudoJet(pt * math.cos(phi), pt * math.sin(phi), pt * math.sinh(eta), pt * math.cosh(eta))
        jet.set_user_index(number)
        given.append(jet)
    sequence = fastjet.ClusterSequence(given, fastjet.JetDefinition(fastjet.antikt_algorithm, 3.0))
    (whole,) = sequence.inclusive_jets()
    merges = cluster(particles, 3.0)
    pt = [*particles[:, 0]]
    momenta = [np.array([p * math.cos(f), p * math.sin(f)]) for p, _, f in particles]
    for one, other in merges:
        momenta.append(momenta[one] + momenta[other])
        pt.append(float(np.hypot(*momenta[-1])))

    assert len(merges) == 11
    assert twin.depth_first(merges, np.array(pt)) == walk(fastjet, whole)


def walk(fastjet, jet) -> list[int]:
    """The walk of `data/make_jets.py`, written as a recursion."""
    one, other = fastjet.PseudoJet(), fastjet.PseudoJet()
    if not jet.has_parents(one, other):
        return [jet.user_index()]
    hard, soft = (one, other) if one.pt() >= other.pt() else (other, one)
    return walk(fastjet, hard) + walk(fastjet, soft)


def test_a_finished_jet_is_named_by_its_place():
    """Two far apart are two jets; the harder is finished first."""
    particles = np.array([[10.0, 0.0, 0.0], [90.0, 2.5, 0.0]])

    assert twin.next_merge(particles, 1.0) == (1, 1)
    assert twin.next_merge(particles, 3.0) == (0, 1)
