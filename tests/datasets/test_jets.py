"""Jets: what is loaded is what was shipped, no jet is in two parts, and an order leaves nobody out."""

import hashlib

import numpy as np
import pytest

from course_kit.datasets import jets
from course_kit.datasets.jets_prepared import RADIUS, prepared
from course_kit.reference import jet_preprocessing as twin
from tests.datasets.jets_small import made_up


@pytest.fixture
def some(tmp_path):
    return jets.load(made_up(tmp_path / "jets.npz"), None)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    """One sentence, with the command that makes it."""
    with pytest.raises(FileNotFoundError, match=r"must lie in .*python data/make_jets\.py"):
        jets.load(tmp_path / "jets.npz")


def test_a_file_with_another_checksum_is_refused(tmp_path):
    """A jet changed is a file refused."""
    path = made_up(tmp_path / "jets.npz")
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    made_up(path, seed=1)

    with pytest.raises(ValueError, match="damaged or made anew"):
        jets.load(path, right)


@pytest.mark.parametrize(
    "changed,says",
    [
        ({"tau": np.zeros((39, 3))}, "one number of jets"),
        ({"constituents": np.zeros((40, 8))}, "one number of jets"),
        ({"label": np.array(["a"] * 40)}, "must hold numbers"),
        ({"order": np.zeros((40, 8))}, "must hold numbers"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, changed, says):
    """Shapes and types are looked at before anything is computed with them."""
    with pytest.raises(ValueError, match=says):
        jets.load(made_up(tmp_path / "jets.npz", **changed), None)


def test_a_file_that_is_no_file_of_jets_is_refused(tmp_path):
    """Neither another npz nor any other file gives a traceback from inside NumPy."""
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    (tmp_path / "text.npz").write_text("no jets")

    for name in ("other.npz", "text.npz"):
        with pytest.raises(ValueError, match="must be a file of jets"):
            jets.load(tmp_path / name, None)


def test_parts_are_disjoint_whole_and_even(some):
    """Every jet is in one part, and in each part tops and others have their share."""
    marked = jets.Jets(**{**vars(some), "tau": np.arange(40)[:, np.newaxis] * np.ones((1, 3))})
    parts = jets.split(marked)
    numbers = [part.tau[:, 0].astype(int).tolist() for part in parts]

    assert [20, 4, 16] == [len(part) for part in parts]
    assert sorted(n for part in numbers for n in part) == list(range(40))
    assert all(part.label.sum() * 2 == len(part) for part in parts)
    assert numbers == [part.tau[:, 0].astype(int).tolist() for part in jets.split(marked)]


def test_too_few_jets_cannot_be_split(some):
    """A sentence, not an empty part."""
    with pytest.raises(ValueError, match="at least ten jets of each kind"):
        jets.split(some[:18])


@pytest.mark.parametrize("order", jets.ORDERS)
@pytest.mark.parametrize("most", [1, 5, 8])
def test_every_order_has_the_same_constituents(some, order, most):
    """Of each jet the hardest ones, none twice, and rows of zeros at the end."""
    rows = jets.ordered(some, some.constituents, order, most)
    hardest = some.constituents[:, :most]
    last = np.argmax((rows[..., 0] > 0)[:, ::-1], axis=1)

    assert np.array_equal(np.sort(rows[..., 0]), np.sort(hardest[..., 0]))
    assert np.array_equal((rows[..., 0] > 0).sum(axis=1), most - last)  # no zeros before the last constituent


def test_orders_are_what_they_are_called(some):
    """By pT it falls, by substructure it is the file's, at random it is neither and depends on the seed."""
    pt, tree, dice = (jets.ordered(some, some.constituents, order, 8) for order in jets.ORDERS)

    assert (np.diff(pt[..., 0]) <= 0).all()
    for jet in range(len(some)):
        places = some.order[jet][some.order[jet] != jets.NOBODY]
        assert np.array_equal(tree[jet, : len(places)], some.constituents[jet, places])
    assert not np.array_equal(dice, pt) and not np.array_equal(dice, tree)
    assert np.array_equal(dice, jets.ordered(some, some.constituents, "random", 8))
    assert not np.array_equal(dice, jets.ordered(some, some.constituents, "random", 8, seed=1))


def test_an_order_that_does_not_exist_is_refused(some):
    """So is a number of constituents that the file does not have."""
    with pytest.raises(ValueError, match="must be one of pT, substructure, random"):
        jets.ordered(some, some.constituents, "mass", 3)
    with pytest.raises(ValueError, match="from 1 to 8. Got 9"):
        jets.ordered(some, some.constituents, "pT", 9)


def test_all_jets_at_once_are_what_one_jet_is(some):
    """The batch agrees with the twin that goes step by step."""
    one_by_one = np.stack([twin.preprocess(jet.astype(float)) for jet in some.constituents])

    assert np.abs(prepared(some.constituents) - one_by_one).max() < 1e-6


def test_a_prepared_jet_lies_as_it_should(some):
    """Its hardest group is the origin, the second is straight below it, and more pT is on the right."""
    for jet in prepared(some.constituents).astype(float):
        found = twin.groups(jet, RADIUS)
        if len(found) < 2:
            continue
        assert np.abs(found[0, 1:]).max() < 1e-6
        assert np.abs(found[1, 1]) < 1e-6 and found[1, 2] < 0
        aside = np.where(np.abs(jet[:, 1]) > 1e-6, jet[:, 1], 0.0)
        assert (jet[:, 0] * np.sign(aside)).sum() >= -1e-6


def test_jets_without_two_groups_are_left_upright():
    """One group is flipped but not turned, and no constituents give zeros, not NaN."""
    alone = np.array([[[300.0, 0.3, 0.1], [100.0, 0.35, 0.2], [0.0, 0.0, 0.0]], np.zeros((3, 3))])
    rows = prepared(alone)

    assert np.allclose(rows[0, 1, 1:] - rows[0, 0, 1:], [-0.05, 0.1], atol=1e-6)
    assert not rows[1].any() and not twin.preprocess(alone[1]).any()
