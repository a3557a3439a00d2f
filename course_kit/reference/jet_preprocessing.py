"""One jet moved, turned and flipped, step by step: a jet is an array (C, 3) of pT, eta, phi, one row a constituent.

`course_kit.datasets.jets_prepared` does the same with all jets at once, and says what it is good for, where the steps
come from, and where they differ from the paper's.
"""

import numpy as np

ON_AXIS = 1e-9  # the last digit of a constituent that lies on the axis must not decide


def groups(jet: np.ndarray, radius: float = 0.2) -> np.ndarray:
    """Groups of constituents, (G, 3): sum of pT, and the centre weighted by pT; largest sum first.

    A group is the hardest constituent that is in none yet, with all others that are in none and within ``radius``.
    """
    rest, found = jet[jet[:, 0] > 0], []
    while len(rest):
        seed = rest[np.argmax(rest[:, 0])]
        near = np.hypot(rest[:, 1] - seed[1], rest[:, 2] - seed[2]) <= radius
        pt = rest[near, 0]
        found.append([pt.sum(), *(pt @ rest[near, 1:] / pt.sum())])
        rest = rest[~near]
    return np.array(sorted(found, key=lambda group: -group[0])).reshape(-1, 3)


def translate(jet: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """The jet with the point ``origin`` (2,), its eta and phi, moved to (0, 0)."""
    return np.column_stack([jet[:, 0], jet[:, 1:] - origin])


def rotate(jet: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The jet turned about (0, 0) so that the point ``second`` (2,) comes to the angle -pi/2, straight below."""
    angle = -np.pi / 2 - np.arctan2(second[1], second[0])
    cos, sin = np.cos(angle), np.sin(angle)
    _, eta, phi = jet.T
    return np.column_stack([jet[:, 0], cos * eta - sin * phi, sin * eta + cos * phi])


def flip(jet: np.ndarray) -> np.ndarray:
    """The jet, or its mirror image in eta if the constituents with eta < 0 have more pT than those with eta > 0."""
    pt, eta = jet[:, 0], jet[:, 1]
    mirrored = pt[eta < -ON_AXIS].sum() > pt[eta > ON_AXIS].sum()
    return jet * np.array([1.0, -1.0 if mirrored else 1.0, 1.0])


def preprocess(jet: np.ndarray, radius: float = 0.2, scale: float = 600.0) -> np.ndarray:
    """All steps: scale, translate, rotate, flip. A row with pT = 0 becomes zeros, a single group is not turned."""
    found = groups(jet, radius)
    if not len(found):
        return np.zeros_like(jet, dtype=float)
    moved = translate(jet, found[0, 1:])
    if len(found) > 1:
        moved = rotate(moved, found[1, 1:] - found[0, 1:])
    moved = flip(moved)
    return moved * np.array([1 / scale, 1.0, 1.0]) * (jet[:, :1] > 0)


def anti_kt_distance(one: np.ndarray, other: np.ndarray, R: float = 1.0) -> float:
    """d_ij = min(1 / pT_i^2, 1 / pT_j^2) (Delta eta^2 + Delta phi^2) / R^2 of two particles (pT, eta, phi).

    Source: Cacciari, Salam, Soyez, JHEP 04 (2008) 063. Angles are taken to be near each other: no phi is wrapped.
    """
    apart = (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2
    return float(min(one[0] ** -2, other[0] ** -2) * apart / R**2)


def next_merge(particles: np.ndarray, R: float = 1.0) -> tuple[int, int]:
    """The pair (i, j), i < j, that anti-kt merges next; (i, i) if 1/pT_i^2 is least, and particle i is a finished jet.

    Args:
        particles: array (P, 3) of pT, eta, phi.
    """
    count = len(particles)
    distances = {(i, i): float(particles[i, 0] ** -2) for i in range(count)}
    for i in range(count):
        for j in range(i + 1, count):
            distances[i, j] = anti_kt_distance(particles[i], particles[j], R)
    return min(distances, key=distances.get)


def depth_first(merges: list[tuple[int, int]], node_pt: np.ndarray) -> list[int]:
    """Constituents in the order in which they are met when a clustering is undone, at each step the harder part first.

    Args:
        merges: the nodes that were joined; with n constituents, the j-th pair makes node n + j, the last is the jet.
        node_pt: array (2n - 1,) of the pT of all nodes.
    """
    n = len(merges) + 1
    found, due = [], [len(node_pt) - 1]
    while due:
        node = due.pop()
        if node < n:
            found.append(node)
        else:
            due += sorted(merges[node - n], key=lambda part: node_pt[part])
    return found
