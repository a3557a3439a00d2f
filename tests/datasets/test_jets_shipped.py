"""The jets that the kit ships: they are the file that was made, they look like jets, and the runs are theirs."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from course_kit.datasets import compared_jets as runs
from course_kit.datasets import jets
from course_kit.datasets.jets_prepared import prepared


@pytest.fixture(scope="module")
def all_jets():
    return jets.load()


@pytest.mark.parametrize("shipped", [jets, runs])
def test_data_readme_names_the_files_that_are_shipped(shipped):
    """Size and SHA-256 in data/README.md and in the loader are those of the file."""
    content = shipped.PATH.read_bytes()
    rows = Path(shipped.PATH.parent / "README.md").read_text(encoding="utf-8").splitlines()
    row = next(row for row in rows if f"| `{shipped.PATH.name}" in row)

    assert hashlib.sha256(content).hexdigest() == shipped.SHA256
    assert f"| {len(content)} | `{shipped.SHA256}` |" in row


def test_jets_are_those_that_were_asked_for(all_jets):
    """Six thousand of each kind, in the window of pT, none of them twice, tops heavier than the others."""
    top = all_jets.label == jets.TOP
    pt, eta, mass, number = all_jets.jet.T

    assert [6000, 6000] == np.bincount(all_jets.label).tolist()
    assert pt.min() >= 550 and pt.max() <= 650 and np.abs(eta).max() <= 2 and number.min() >= 3
    assert len(np.unique(all_jets.jet, axis=0)) == len(all_jets)
    assert 165 < np.median(mass[top]) < 185  # a top quark has 173 GeV
    assert np.median(mass[~top]) < 120


def test_constituents_are_in_the_jet_hardest_first(all_jets):
    """They make up the jet's pT, lie within it, and the order names each of them once.

    Half precision makes nothing of the softest, and eta is not the rapidity that the clustering goes by: slow heavy
    particles seem to lie outside.
    """
    pt = all_jets.constituents[..., 0].astype(float)
    away = np.hypot(*np.moveaxis(all_jets.constituents[..., 1:].astype(float), -1, 0))
    named = np.sort(all_jets.order, axis=1)
    numbers = np.minimum(all_jets.jet[:, 3], 60).astype(int)
    there = np.arange(60) < numbers[:, np.newaxis]

    assert (np.diff(pt, axis=1) <= 0).all()
    assert not pt[~there].any() and (pt[there] > 0).mean() > 0.999
    assert np.percentile(away[pt > 1.0], 99.9) < 1.1
    assert np.percentile(pt.sum(axis=1) / all_jets.jet[:, 0], 5) > 0.9
    assert np.array_equal(named[there], np.broadcast_to(np.arange(60), there.shape)[there])
    assert (named[~there] == jets.NOBODY).all()


def test_n_subjettiness_falls_with_the_number_of_axes(all_jets):
    """One more axis is never farther away on average, and tops have a small tau_3 / tau_2."""
    one, two, three = all_jets.tau.T.astype(float)
    top = all_jets.label == jets.TOP

    assert (one >= two * 0.7).all() and (two >= three * 0.7).all()  # kt axes are not the best ones
    assert np.median((three / two)[top]) < np.median((three / two)[~top])


def test_every_shipped_jet_can_be_set_upright(all_jets):
    """No NaN, nothing lost."""
    done = prepared(all_jets.constituents)

    assert np.isfinite(done).all()
    assert np.allclose(done[..., 0] * 600, all_jets.constituents[..., 0], rtol=1e-5)


def test_the_runs_are_those_of_these_jets():
    """Of each network as many seeds, on the test part of this file; passes and counts agree."""
    found = runs.compared_jets()
    taggers = runs.by_tagger(found)

    assert found["about"]["jets"] == jets.SHA256
    assert found["about"]["test"] == {"top": 2400, "qcd": 2400}
    assert {len(of) for name, of in taggers.items() if of[0]["parameters"]} == {3}
    for name, of in taggers.items():
        for efficiency in (0.5, 0.8):
            counted = [run["passing"][found["about"]["efficiencies"].index(efficiency)] for run in of]
            assert runs.unpacked(found, name, efficiency).sum(axis=1).tolist() == counted


def test_what_the_notebook_says_of_the_orders_holds_for_every_seed():
    """An LSTM that reads in a random order is worse than by pT and by substructure, whatever the seed."""
    taggers = runs.by_tagger(runs.compared_jets())
    areas = {name: [run["auc"] for run in of] for name, of in taggers.items()}

    assert max(areas["LSTM, random"]) + 0.01 < min(areas["LSTM, by pT"] + areas["LSTM, substructure"])


def test_missing_or_changed_runs_say_what_to_do(tmp_path):
    """A sentence each."""
    with pytest.raises(FileNotFoundError, match=r"python -m course_kit\.models\.jets_compared"):
        runs.compared_jets(tmp_path / "jets.json")
    (tmp_path / "jets.json").write_text("{}")
    with pytest.raises(ValueError, match="damaged or made anew"):
        runs.compared_jets(tmp_path / "jets.json")
