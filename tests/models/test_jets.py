"""Taggers of jets: what they are given, that they learn, and that a comparison which is stopped goes on."""

import io

import keras
import numpy as np
import pytest
from rich.console import Console

from course_kit.datasets import compared_jets, jets
from course_kit.evaluation.rejection import passing, rejection
from course_kit.models import jets as taggers
from course_kit.models import jets_compared
from tests.datasets.jets_small import made_up


@pytest.fixture
def file(tmp_path):
    return made_up(tmp_path / "jets.npz", count=60, most=45)


@pytest.fixture
def some(file):
    return jets.load(file, None)


@pytest.fixture
def two_networks(monkeypatch):
    """A comparison that is done in seconds."""
    kept = {name: jets_compared.TAGGERS[name] for name in ("dense, by pT", "LSTM, random")}
    monkeypatch.setattr(jets_compared, "TAGGERS", kept)


def quiet() -> Console:
    return Console(file=io.StringIO())


@pytest.mark.parametrize("build", [taggers.lstm_tagger, taggers.dense_tagger])
def test_both_networks_have_about_as_many_parameters(build):
    """Neither wins by size alone."""
    assert 19_000 < build().count_params() < 25_000


def test_empty_rows_do_not_reach_the_lstm(some):
    """The probability is the same with more of them."""
    keras.utils.set_random_seed(0)
    short, long = taggers.lstm_tagger(10), taggers.lstm_tagger(20)
    long.set_weights(short.get_weights())
    x = taggers.features(some, "pT", 10)
    padded = np.concatenate([x, np.zeros_like(x)], axis=1)

    assert np.allclose(short.predict(x, verbose=0), long.predict(padded, verbose=0), atol=1e-6)


def test_features_are_between_nothing_and_everything(some):
    """1 for 600 GeV, rows of zeros where there is no constituent, and the same numbers in every order."""
    by_pt, tree = (taggers.features(some, order) for order in ("pT", "substructure"))
    there = jets.ordered(some, some.constituents, "pT", taggers.CONSTITUENTS)[..., 0] > 0

    assert by_pt.shape == (60, 40, 3) and by_pt.dtype == np.float32
    assert np.array_equal(by_pt.any(axis=2), there)
    assert np.allclose(by_pt[0, 0, 0], 1 + np.log(some.constituents[0, 0, 0] / 600) / 8, atol=1e-6)
    assert np.allclose(np.sort(by_pt, axis=1), np.sort(tree, axis=1))


def test_taggers_without_a_network_point_the_right_way():
    """Jets with a top's mass and three prongs score higher, whatever tagger is asked."""
    rng = np.random.default_rng(0)
    count, label = 400, np.arange(400) % 2
    mass = np.where(label == 1, rng.normal(175, 20, count), rng.exponential(60, count) + 20)
    tau = np.column_stack(
        [np.full(count, 0.3), np.full(count, 0.2), np.where(label, 0.08, 0.15) + rng.normal(0, 0.03, count)]
    )
    one = jets.Jets(np.column_stack([mass] * 4), np.zeros((count, 8, 3)), np.full((count, 8), 255), tau, label)

    for score in jets_compared.PLAIN.values():
        values = score(one[:200], one[200:])
        assert values[label[200:] == 1].mean() > values[label[200:] == 0].mean() + values.std() / 2
    assert taggers.tau_32(jets.Jets(one.jet, one.constituents, one.order, 0 * tau, label)).tolist() == [1.0] * count


def test_masses_beyond_the_histogram_have_a_place():
    """A mass of 900 GeV is as good as one of 395."""
    label = np.array([0, 1] * 10)
    one = jets.Jets(
        np.tile([600.0, 0.0, 395.0, 9.0], (20, 1)), np.zeros((20, 8, 3)), np.zeros((20, 8)), np.ones((20, 3)), label
    )
    far = jets.Jets(one.jet * [1, 1, 2.3, 1], one.constituents, one.order, one.tau, label)

    assert np.array_equal(taggers.mass_likelihood(one, one), taggers.mass_likelihood(one, far))


def test_the_comparison_goes_on_where_it_was_stopped(file, tmp_path, monkeypatch, two_networks):
    """A run that stands in the file is not made again, and all of them stand there in the end."""
    out, work = tmp_path / "jets.json", tmp_path / "work"
    begun = jets_compared.run_of
    calls = []

    def stops(tagger, *given):
        calls.append(tagger)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return begun(tagger, *given)

    monkeypatch.setattr(jets_compared, "run_of", stops)
    asked = ["--jets", str(file), "--out", str(out), "--work", str(work), "--seeds", "0", "--epochs", "1"]
    assert jets_compared.main(asked) == 1
    assert [run["tagger"] for run in compared_jets.compared_jets(out, None)["runs"]] == calls[:4]

    assert jets_compared.main(asked) == 0
    found = compared_jets.compared_jets(out, None)
    assert calls[5] == calls[4] and len(calls) == 4 + 1 + 1
    assert [run["tagger"] for run in found["runs"]] == [*jets_compared.PLAIN, *jets_compared.TAGGERS]
    assert compared_jets.unpacked(found, "LSTM, random", 0.5).sum(axis=1).tolist() == [found["runs"][-1]["passing"][4]]
    assert found["about"]["test"] == {"top": 12, "qcd": 12}


def test_other_jets_are_not_mixed_into_a_file(file, tmp_path, two_networks):
    """Runs on other jets are begun anew."""
    out = tmp_path / "jets.json"
    console = quiet()
    first = jets_compared.compare(out, tmp_path / "w", console, file, seeds=[0], epochs=1)
    other = made_up(tmp_path / "other.npz", count=60, most=45, seed=1)
    second = jets_compared.compare(out, tmp_path / "w", console, other, seeds=[0], epochs=1)

    assert first["about"]["jets"] != second["about"]["jets"]
    assert len(first["runs"]) == len(second["runs"]) == 5


def test_packed_bits_come_back(some):
    """What passes is what `passing` says, bit by bit."""
    scores = np.random.default_rng(0).random(len(some))
    run = {"tagger": "x", **jets_compared.measured(some.label, scores)}
    compared = {"about": {"test": {"qcd": 30}}, "runs": [run]}

    for efficiency in (0.5, 0.8):
        assert np.array_equal(
            compared_jets.unpacked(compared, "x", efficiency)[0], passing(some.label, scores, efficiency)
        )
    assert run["passing"][4] == rejection(some.label, scores, 0.5).passing
    with pytest.raises(ValueError, match="must be one of x. Got 'y'"):
        compared_jets.unpacked(compared, "y", 0.5)


def test_missing_jets_are_a_sentence_and_not_a_traceback(tmp_path, capsys):
    """The command says what to do."""
    assert jets_compared.main(["--jets", str(tmp_path / "none.npz"), "--out", str(tmp_path / "o.json")]) == 1
    assert "make_jets.py" in capsys.readouterr().out
