"""All jets moved, turned and flipped at once, so that a network need not learn that a jet has no up and no left.

The steps are those of Pearkes and others, arXiv 1704.02124, which Egan and others, arXiv 1711.09059, build upon:

1. scale: pT in units of 600 GeV;
2. translate: the hardest group of constituents is the origin;
3. rotate: the second hardest group lies below it, at the angle -pi/2;
4. flip: more pT lies on the right, at eta > 0, than on the left.

Two things differ. Their groups are subjets, found by clustering; here a group is a constituent, the hardest that is
left, with all that are left within 0.2 of it. And here eta and phi are shifted and turned as points of
a plane, pT stays as it is; so the mass of the jet is not kept exactly by the rotation. Jets are no wider than about
1.2, so after a shift no phi comes near pi.
"""

import numpy as np

RADIUS = 0.2
SCALE = 600.0  # GeV
ON_AXIS = 1e-9


def prepared(constituents: np.ndarray) -> np.ndarray:
    """The four steps on J jets.

    Args:
        constituents: array (J, C, 3) of pT, eta, phi; a row with pT = 0 is none.

    Returns:
        array (J, C, 3), float32; a row with pT = 0 stays a row of zeros. A jet of one group is not turned.
    """
    pt, place = constituents[..., 0].astype(float), constituents[..., 1:].astype(float)
    first, second, alone = two_groups(pt, place)
    place = place - first[:, np.newaxis]
    toward = second - first
    angle = np.where(alone, 0.0, -np.pi / 2 - np.arctan2(toward[:, 1], toward[:, 0]))
    cos, sin = np.cos(angle)[:, np.newaxis], np.sin(angle)[:, np.newaxis]
    eta, phi = cos * place[..., 0] - sin * place[..., 1], sin * place[..., 0] + cos * place[..., 1]
    # A group of one constituent lies on the axis, and its last digit must not decide.
    sides = np.sign(eta) * (np.abs(eta) > ON_AXIS)
    more_left = (pt * sides).sum(axis=1, keepdims=True) < 0
    eta = np.where(more_left, -eta, eta)
    return (np.stack([pt / SCALE, eta, phi], axis=-1) * (pt > 0)[..., np.newaxis]).astype(np.float32)


def two_groups(pt: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The centres, weighted by pT, of the two groups with the largest sums of pT: (J, 2) each; (J,) is there one only.

    Args:
        pt: array (J, C).
        place: array (J, C, 2).
    """
    jets = len(pt)
    left = pt.copy()
    sums, centres = np.zeros((2, jets)), np.zeros((2, jets, 2))
    # A group that is still to come has at most the pT that is left: stop when it could not be among the two.
    while (due := left.sum(axis=1) > sums[1]).any():
        rows = np.flatnonzero(due)
        remaining, at = left[rows], place[rows]
        seed = at[np.arange(len(rows)), remaining.argmax(axis=1)]
        near = ((at - seed[:, np.newaxis]) ** 2).sum(axis=-1) <= RADIUS**2
        weights = remaining * near
        found = weights.sum(axis=1)
        centre = (weights[..., np.newaxis] * at).sum(axis=1) / found[:, np.newaxis]
        left[rows] = remaining * ~near
        best, better = found > sums[0, rows], found > sums[1, rows]
        moved, put = rows[best], rows[better & ~best]
        sums[1, moved], centres[1, moved] = sums[0, moved], centres[0, moved]
        sums[0, moved], centres[0, moved] = found[best], centre[best]
        sums[1, put], centres[1, put] = found[better & ~best], centre[better & ~best]
    return centres[0], centres[1], sums[1] == 0
