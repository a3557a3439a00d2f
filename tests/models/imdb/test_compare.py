"""The comparison: which runs are made, kept, made again, and what is counted from them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from course_kit.datasets import imdb
from course_kit.models.imdb import rows
from course_kit.models.imdb.compare import compare, fingerprint
from course_kit.models.imdb.runs.files import RunError, alone
from tests.models.imdb import fake_rows


@pytest.fixture(scope="module")
def kit():
    return imdb.load("kit")


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    """The fake rows in place of the real ones; returns how to exchange them."""
    monkeypatch.setattr(rows, "MODULES", (fake_rows.__name__,))
    fake_rows.CALLS.clear()

    def exchange(*others):
        monkeypatch.setattr(fake_rows, "ROWS", others)

    return exchange


def silent(text: str) -> None:
    """Nobody reads it."""


def test_every_seed_once_and_what_has_no_chance_once(kit, tmp_path):
    """F1 and accuracy are those counted by hand from the reviews that the fakes are wrong about."""
    table = compare(kit, tmp_path, seeds=(0, 4), say=silent)

    assert [("coin", 0), ("coin", 4), ("rule", 0)] == fake_rows.CALLS
    coin, rule = table["rows"]
    # Of 500 negative reviews the first w are called positive; all 500 positive ones are found.
    assert [2 * 500 / (2 * 500 + w) for w in (100, 104)] == pytest.approx(coin["f1"], abs=1e-12)
    assert [1 - w / 1000 for w in (100, 104)] == pytest.approx(coin["accuracy"], abs=1e-12)
    assert ([0], None) == (rule["seeds"], rule["f1_spread"])
    assert kit.source == table["source"]


def test_all_is_written(kit, tmp_path):
    """Table twice, and for each run its probabilities in the order of the test reviews, and what it was."""
    table = compare(kit, tmp_path, seeds=(0,), say=silent)

    assert table == json.loads((tmp_path / "table.json").read_text())
    assert (tmp_path / "table.md").read_text().startswith(kit.source)
    probabilities = np.load(tmp_path / "runs/coin-0/probabilities.npy")
    run = json.loads((tmp_path / "runs/coin-0/run.json").read_text())
    np.testing.assert_allclose(probabilities[[0, 99, 100, 500]], [0.7, 0.7, 0.3, 0.7], rtol=1e-6)
    assert (run["source"], run["threshold"], run["reviews"]) == (kit.source, 0.7, fingerprint(kit))
    assert sorted(p.name for p in (tmp_path / "runs/rule").iterdir()) == [
        "probabilities.npy",
        "run.json",
        "started.json",
    ]


def test_a_second_call_trains_only_what_is_new(kit, tmp_path):
    """Rows and seeds asked for one after the other end in one table."""
    compare(kit, tmp_path, names=("rule",), say=silent)
    compare(kit, tmp_path, names=("coin",), seeds=(1,), say=silent)
    said = []
    table = compare(kit, tmp_path, seeds=(1, 2), say=said.append)

    assert [("rule", 0), ("coin", 1), ("coin", 2)] == fake_rows.CALLS
    assert [[1, 2], [0]] == [row["seeds"] for row in table["rows"]]
    assert sum("done before" in line for line in said) == 2


def test_a_killed_run_goes_on_and_loses_nothing(kit, tmp_path, fakes):
    """What was finished stands, with its table; what was begun finds its folder again."""
    fakes(replace(fake_rows.ROWS[0], fails="killed at 1"))
    with pytest.raises(KeyboardInterrupt):
        compare(kit, tmp_path, say=silent)
    between = json.loads((tmp_path / "table.json").read_text())

    compare(kit, tmp_path, say=silent)

    assert [0] == between["rows"][0]["seeds"]
    assert [("coin", 0), ("coin", 1), ("coin", 1), ("coin", 2)] == fake_rows.CALLS
    kept = {n: json.loads((tmp_path / f"runs/coin-{n}/run.json").read_text()) for n in (1, 2)}
    assert {"resumed": True} == kept[1]["notes"]
    assert kept[1]["processor_seconds"] is None
    assert kept[2]["processor_seconds"] >= 0


def test_a_changed_row_is_trained_again(kit, tmp_path, fakes):
    """Neither its old results nor its half-done state are used."""
    old = fake_rows.ROWS[1]
    compare(kit, tmp_path, names=("rule",), say=silent)
    fakes(replace(old, setting=5, wrong=0))
    table = compare(kit, tmp_path, say=silent)

    assert [1.0] == table["rows"][0]["f1"]
    assert json.loads((tmp_path / "runs/rule/run.json").read_text())["notes"] == {"resumed": False}


def test_other_reviews_are_refused(kit, tmp_path):
    """Results on two corpora never share a folder; nothing is lost by asking."""
    compare(kit, tmp_path, names=("rule",), say=silent)
    before = (tmp_path / "table.json").read_bytes()
    other = replace(kit, test=kit.test.take(np.arange(500, 1000)))

    with pytest.raises(RunError, match="must hold runs on the same reviews"):
        compare(other, tmp_path, names=("coin",), say=silent)
    assert before == (tmp_path / "table.json").read_bytes()
    assert len(fake_rows.CALLS) == 1


@pytest.mark.parametrize(("fails", "sentence"), [("NaN", "Got a NaN"), ("short", r"Got shape \(999,\)")])
def test_no_score_without_a_probability_for_each_review(kit, tmp_path, fakes, fails, sentence):
    """An exploded training is no F1 of 0, and is not kept as done."""
    fakes(replace(fake_rows.ROWS[0], fails=fails))

    with pytest.raises(RunError, match=f"coin, seed 0 must give 1,000 probabilities. {sentence}"):
        compare(kit, tmp_path, say=silent)
    assert not (tmp_path / "runs/coin-0/run.json").exists()


def test_made_up_reviews_run_in_short_and_real_ones_do_not(kit, tmp_path):
    """By what the corpus says of itself."""
    compare(kit, tmp_path / "kit", names=("rule",), say=silent)
    compare(replace(kit, source="IMDB"), tmp_path / "real", names=("rule",), say=silent)

    whats = [json.loads((tmp_path / f / "runs/rule/run.json").read_text())["what"] for f in ("kit", "real")]
    assert ["rule with setting 0, 1 epochs", "rule with setting 0, 7 epochs"] == whats


def test_one_at_a_time(kit, tmp_path):
    """Two comparisons in one folder would train the same runs."""
    with alone(tmp_path), pytest.raises(RunError, match="another process is working in"):
        compare(kit, tmp_path, say=silent)


def test_an_unknown_row_is_a_sentence_with_the_names(kit, tmp_path):
    """Nothing runs before it is known that all names are right."""
    with pytest.raises(rows.UnknownRow, match=r"a row must be one of coin, rule\. Got 'lstn'\."):
        compare(kit, tmp_path, names=("coin", "lstn"), say=silent)
    assert not fake_rows.CALLS


def test_fingerprint_sees_texts_labels_and_halves(kit):
    """Any change of the reviews is another corpus; the sentence about them is not."""
    labels = kit.test.labels.copy()
    labels[3] = 1 - labels[3]
    others = (
        replace(kit, train=kit.test, test=kit.train),
        replace(kit, test=replace(kit.test, labels=labels)),
        replace(kit, test=replace(kit.test, texts=(*kit.test.texts[:-1], kit.test.texts[-1] + " "))),
    )

    assert len({fingerprint(kit), *map(fingerprint, others)}) == 4
    assert fingerprint(kit) == fingerprint(replace(kit, source="moved"))
