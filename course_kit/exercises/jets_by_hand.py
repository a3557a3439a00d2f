"""Notebook 22, item 4 continued: what the experiment with jets is made of. E22.9 and E22.10; others: jets_counted."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference import jet_preprocessing as twin

SCALE = 600.0

# E22.9

E22_9 = Exercise(
    "E22.9",
    "A jet set upright",
    slides=("D1.33",),
    names=("translate", "rotate", "flip", "prepared_jet"),
    hints=(
        "The angle of a point is arctan2(phi, eta). Turn by what is missing from it to -pi/2.",
        "angle = -np.pi / 2 - np.arctan2(second[1], second[0]); eta' = cos * eta - sin * phi, phi' = sin * eta + "
        "cos * phi. In prepared_jet the second group moves with the jet: rotate(..., second - first).",
    ),
)


def deal_jet(draw) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A jet (C, 3), and two points near its two hardest constituents; none lies on an axis after all steps."""
    count = draw.integer(7, 11)
    jet = np.column_stack([draw.uniform(2, 200, count), draw.normal(count, 2, scale=0.4)])
    hardest = jet[np.argsort(-jet[:, 0])[:2], 1:]
    first, second = hardest + draw.uniform(0.02, 0.06, 2, 2)
    return jet, first, second


def turned(jet: np.ndarray, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([jet[:, 0], jet[:, 1:] @ np.array([[cos, sin], [-sin, cos]])])


@E22_9.case("moved", hint="Subtract the origin's eta and phi from all places; pT stays.")
def _(answer, draw):
    jet, first, _ = deal_jet(draw)
    expect(
        answer.translate(jet, first),
        twin.translate(jet, first),
        "the jet",
        known={
            "it was moved the wrong way: subtract the origin": twin.translate(jet, -first),
            "pT was moved as well: only places move": jet - np.array([first[0], *first]),
            "eta and phi are exchanged": twin.translate(jet, first[::-1]),
            "nothing was moved": jet,
        },
    )


@E22_9.case("turned")
def _(answer, draw):
    jet, _, second = deal_jet(draw)
    for point in (second, -second):
        angle = np.arctan2(point[1], point[0])
        known = {
            "it was turned the other way round": turned(jet, np.pi / 2 + angle),
            "the second group lies above and belongs below; arctan does that on one side, arctan2 knows the side": (
                twin.rotate(jet, -point)
            ),
            "the second group lies to the right, at the angle 0": turned(jet, -angle),
            "it was turned by -pi/2, whatever the angle of the second group was": turned(jet, -np.pi / 2),
            "arctan2 takes phi first, then eta": turned(jet, -np.pi / 2 - np.arctan2(point[0], point[1])),
            "nothing was turned": jet,
        }
        expect(answer.rotate(jet, point), twin.rotate(jet, point), "the jet", known=known)


@E22_9.case("flipped", hint="Compare the sums of pT with eta < 0 and with eta > 0; mirror only if the left has more.")
def _(answer, draw):
    jet, _, _ = deal_jet(draw)
    plain = np.array([[300.0, 0.5, 0.1], [30.0, 0.2, 0.3], [20.0, -0.3, -0.4]])
    one_hard = np.array([[400.0, 0.5, 0.1], [30.0, -0.2, 0.3], [20.0, -0.3, -0.4], [10.0, -0.1, 0.2]])
    across = np.array([1, -1, 1])
    for given in (plain, plain * across, one_hard, one_hard * across, jet, jet * across):
        right = twin.flip(given)
        mirror, upside = given * across, given * np.array([1, 1, -1])
        known = {
            "it was mirrored in phi: up and down are settled, left and right are not": upside,
            "the side with more constituents is on the right; it should be that with more pT": (
                mirror if (given[:, 1] < 0).sum() > (given[:, 1] > 0).sum() else given
            ),
            "more pT lies on the left; it should lie on the right": right * across,
            "each eta was made positive: the jet is mirrored as a whole, or not at all": np.column_stack(
                [given[:, 0], np.abs(given[:, 1]), given[:, 2]]
            ),
        }
        expect(answer.flip(given), right, "the jet", known=known)


@E22_9.case("all steps", hint="Scale, translate, rotate, flip; where is the second group after the translation?")
def _(answer, draw):
    for _ in range(3):
        jet, first, second = deal_jet(draw)
        scaled = jet / np.array([SCALE, 1, 1])
        moved = twin.translate(scaled, first)
        right = twin.flip(twin.rotate(moved, second - first))
        known = {
            "pT is not scaled: divide it by 600": right * np.array([SCALE, 1, 1]),
            "the second group did not move with the jet: rotate by second - first": twin.flip(
                twin.rotate(moved, second)
            ),
            "it was flipped before it was turned": twin.rotate(twin.flip(moved), second - first),
            "it was not flipped": twin.rotate(moved, second - first),
            "it was not turned": twin.flip(moved),
            "it was turned before it was moved": twin.flip(twin.translate(twin.rotate(scaled, second), first)),
            "pT was divided by the jet's sum, not by 600": right * np.array([SCALE / jet[:, 0].sum(), 1, 1]),
        }
        expect(answer.prepared_jet(jet, first, second), right, "the jet", known=known)


# E22.10

E22_10 = Exercise(
    "E22.10",
    "The order of a clustering",
    slides=("D1.33",),
    names=("next_merge", "depth_first"),
    hints=(
        "Write all distances down, of pairs and of single particles, and take the smallest. For the walk: what stands "
        "in the list for a node is what stands there for its harder part, then for its softer part.",
        "d_ij = min(pt_i**-2, pt_j**-2) * ((eta_i - eta_j)**2 + (phi_i - phi_j)**2) / R**2, d_i = pt_i**-2. A function "
        "walk(node): [node] if node < n, else walk(harder) + walk(softer), begun at the last node.",
    ),
)


def smallest(particles: np.ndarray, R: float, weight, alone=True) -> tuple[int, int]:
    """The pair with the smallest distance of a family; ``weight`` gives that of two pT."""
    pt = particles[:, 0]
    found = {(i, i): weight(pt[i], pt[i]) for i in range(len(pt))} if alone else {}
    for i in range(len(pt)):
        for j in range(i + 1, len(pt)):
            found[i, j] = weight(pt[i], pt[j]) * ((particles[i, 1:] - particles[j, 1:]) ** 2).sum() / R**2
    return min(found, key=found.get)


def wrong_merges(particles, R) -> dict:
    i, j = twin.next_merge(particles, R)
    return {
        "this is kt, which begins with the soft particles: take pT to the power -2": smallest(
            particles, R, lambda a, b: min(a, b) ** 2
        ),
        "this is the nearest pair, whatever its pT: each distance has the factor min(1/pT_i^2, 1/pT_j^2)": smallest(
            particles, R, lambda a, b: 1.0
        ),
        "the larger of the two 1/pT^2 was taken; it is the smaller, that of the harder one": smallest(
            particles, R, lambda a, b: max(a**-2, b**-2)
        ),
        "R is missing": twin.next_merge(particles, 1.0),
        "a single particle has a distance too, 1/pT_i^2": smallest(
            particles, R, lambda a, b: min(a**-2, b**-2), alone=False
        ),
        "the pair is right, its order is not: i < j": (j, i),
    }


def told_apart(deal, right, wrong):
    """What ``deal()`` gives at the first try for which the right answer and all wrong ones are different."""
    for _ in range(500):
        given = deal()
        values = [str(value) for value in [right(*given), *wrong(*given).values()]]
        if len(set(values)) == len(values):
            break
    return given


@E22_10.case("what anti-kt merges next")
def _(answer, draw):
    def families(particles, R) -> dict:
        return dict(list(wrong_merges(particles, R).items())[:3])

    for R in (1.5, 0.8, 1.0, 1.2):
        given = told_apart(
            lambda R=R: (np.column_stack([draw.uniform(1, 60, 7), draw.normal(7, 2, scale=0.5)]), R),
            twin.next_merge,
            families,
        )
        expect(answer.next_merge(*given), twin.next_merge(*given), "i, j", known=wrong_merges(*given))


@E22_10.case("a finished jet", hint="If the smallest of all numbers is 1/pT_i^2 of one particle, return (i, i).")
def _(answer, draw):
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    for R, side in ((0.6, 2.0), (0.4, 0.7)):
        particles = np.column_stack([draw.uniform(5, 60, 4), side * corners + draw.uniform(0, 0.1, 4, 2)])
        expect(answer.next_merge(particles, R), twin.next_merge(particles, R), "i, j", known=wrong_merges(particles, R))


def deal_tree(draw, n: int) -> tuple[list[tuple[int, int]], np.ndarray]:
    """A random clustering of n constituents, and the pT of all its nodes."""
    pt, free, merges = list(draw.uniform(1, 100, n)), list(range(n)), []
    while len(free) > 1:
        one, other = (free.pop(draw.integer(0, len(free) - 1)) for _ in range(2))
        merges.append((one, other))
        free.append(len(pt))
        pt.append(pt[one] + pt[other])
    return merges, np.array(pt)


def walked(merges, pt, key) -> list[int]:
    """Depth first, the parts of each node sorted by ``key``."""

    def walk(node):
        parts = sorted(merges[node - n], key=key) if node >= n else ()
        return [leaf for part in parts for leaf in walk(part)] if node >= n else [node]

    n = len(merges) + 1
    return walk(len(pt) - 1)


def wrong_walks(merges, pt) -> dict:
    n = len(merges) + 1
    level, due = [], [len(pt) - 1]
    while due:  # breadth first
        node = due.pop(0)
        due += sorted(merges[node - n], key=lambda part: -pt[part]) if node >= n else []
        level += [node] if node < n else []
    return {
        "the softer part was taken first": walked(merges, pt, lambda part: pt[part]),
        "the parts were taken as they stand in merges; the harder goes first": walked(merges, pt, lambda part: 0),
        "this is the order by pT; the walk stays in a part until all of it is met": np.argsort(-pt[:n]).tolist(),
        "the nodes were met level by level: go down into the harder part first": level,
        "nodes that are no constituents are in the list": [*twin.depth_first(merges, pt), *range(n, len(pt))],
    }


@E22_10.case(
    "the walk", hint="Begin at the last node. A leaf is itself; else the harder part's list, then the softer part's."
)
def _(answer, draw):
    for n in (7, 12):
        given = told_apart(lambda n=n: deal_tree(draw, n), twin.depth_first, wrong_walks)
        expect(answer.depth_first(*given), twin.depth_first(*given), "the order", known=wrong_walks(*given))
