"""The published programs: their sizes, and that a killed training ends where an uninterrupted one does."""

from dataclasses import replace

import numpy as np
import pytest

from course_kit.datasets import imdb
from course_kit.models.imdb.baselines import fitting, programs

BY_NAME = {row.name: row for row in programs.ROWS}
# An embedding has words * numbers, an LSTM 4 (inputs * units + units * units + units), the end units + 1.
PARAMETERS = {
    "wiki-keras1": 5000 * 32 + 4 * (32 * 100 + 100 * 100 + 100) + 101,
    "wiki-keras3": 213_301,  # slide D2.19's program, E21.1
    "imdb-lstm": 2_691_713,  # E10.5
    "bidirectional": 20_000 * 128 + 2 * 4 * (128 * 64 + 64 * 64 + 64) + 2 * 4 * (128 * 64 + 64 * 64 + 64) + 129,
}


@pytest.fixture
def reviews():
    """120 of the kit's reviews, twins together."""
    corpus = imdb.load("kit")
    return corpus.train.take(np.arange(len(corpus.train)) % 25 == 0)


@pytest.fixture
def tiny():
    """The wiki's program, of three units on six words."""
    return replace(programs.WIKI, words=60, steps=6, embedding=4, units=3, epochs=3, batch=32)


@pytest.mark.parametrize(("name", "expected"), PARAMETERS.items(), ids=PARAMETERS)
def test_parameters_are_those_of_the_program(name, expected):
    """As many as the slides' formulas give."""
    assert expected == fitting.build(BY_NAME[name]).count_params()


def test_settings_are_those_of_the_sources():
    """Words, steps, batch and epochs of the four programs, and in the description all that decides a run."""
    obtained = {row.name: (row.words, row.steps, row.batch, row.epochs, row.dropout) for row in programs.ROWS}

    assert obtained == {
        "wiki-keras1": (5000, 80, 64, 7, 0.2),
        "wiki-keras3": (5000, 80, 64, 7, 0.2),
        "imdb-lstm": (20_000, 80, 32, 15, 0.2),
        "bidirectional": (20_000, 200, 32, 2, 0.0),
    }
    changes = {"words": 7, "steps": 7, "embedding": 7, "units": 7, "batch": 7, "epochs": 9, "dropout": 0.7}
    for row in programs.ROWS:
        assert all(replace(row, **{field: value}).what != row.what for field, value in changes.items())


def test_a_killed_training_ends_with_the_same_numbers(tmp_path, monkeypatch, tiny, reviews):
    """Killed after its first epoch, it trains two more, and gives the probabilities of a training of three."""
    texts = reviews.texts[:20]
    whole = tiny.run(reviews, texts, seed=3, folder=tmp_path / "whole")
    keep = fitting.keep

    def killed(*arguments):
        keep(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fitting, "keep", killed)
        tiny.run(reviews, texts, seed=3, folder=tmp_path / "killed")
    trained = []
    monkeypatch.setattr(fitting, "keep", lambda model, epochs, folder: trained.append(len(epochs)))
    resumed = tiny.run(reviews, texts, seed=3, folder=tmp_path / "killed")

    assert [2, 3] == trained
    np.testing.assert_array_equal(whole.probabilities, resumed.probabilities)
    assert [epoch["loss"] for epoch in whole.notes["epochs"]] == [epoch["loss"] for epoch in resumed.notes["epochs"]]
    assert resumed.seconds > sum(epoch["seconds"] for epoch in resumed.notes["epochs"])


DAMAGE = {
    "half a file": lambda folder: (folder / "state.npz").write_bytes((folder / "state.npz").read_bytes()[:300]),
    "other arrays": lambda folder: np.savez(folder / "state.npz", **{"epoch": 1, "0": np.zeros(3)}),
    "no list of epochs": lambda folder: (folder / "epochs.json").unlink(),
    "a broken list": lambda folder: (folder / "epochs.json").write_text("{"),
    "a shorter list": lambda folder: (folder / "epochs.json").write_text('{"epochs": []}'),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_state_means_from_the_start(tmp_path, tiny, damage):
    """No half of it is put into the model, which is as it was drawn."""
    model = fitting.build(tiny)
    model.optimizer.build(model.trainable_variables)
    before = model.get_weights()
    fitting.keep(fitting.build(tiny), [{"epoch": 1, "seconds": 1.0}], tmp_path)
    damage(tmp_path)

    assert [] == fitting.restored(model, tmp_path)
    assert all((old == new).all() for old, new in zip(before, model.get_weights(), strict=True))


def test_a_run_says_what_it_is(tmp_path, tiny, reviews):
    """Another seed is another run; counts and threshold are there."""
    one, other = (replace(tiny, epochs=1).run(reviews, reviews.texts, seed, tmp_path / str(seed)) for seed in (0, 1))

    assert one.probabilities.shape == (120,)
    assert ((0 < one.probabilities) & (one.probabilities < 1)).all()
    assert (one.probabilities != other.probabilities).any()
    assert 0.5 == one.threshold
    assert one.parameters == one.stored == 60 * 4 + 4 * (4 * 3 + 3 * 3 + 3) + 4
    assert [1] == [epoch["epoch"] for epoch in one.notes["epochs"]]


def test_short_is_one_epoch_of_at_most_80_steps():
    """For the kit's corpus, whose reviews are shorter than that."""
    assert {(row.epochs, row.steps) for row in (row.short() for row in programs.ROWS)} == {(1, 80)}
    assert max(len(text.split()) for text in imdb.load("kit").train.texts) < 80
