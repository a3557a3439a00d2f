"""Training on the kit's corpus: what is kept, what is refused, and that a kill costs one epoch."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from course_kit.datasets import imdb as data
from course_kit.evaluation import f1_at
from course_kit.models import imdb
from course_kit.models.imdb.watching import EpochLog

TINY = dict(vocabulary=200, vectors=8, units=4, segment=8, most=32)


@pytest.fixture(scope="module")
def reviews():
    corpus = data.load("kit")
    return corpus.train.take(np.arange(0, 3000, 10)), corpus.train.take(np.arange(5, 3000, 20))


def test_the_epoch_that_validation_liked_best_is_kept(reviews, tmp_path):
    """F1 of the finished model on the validation reviews is the best of the history, at its threshold."""
    trained = imdb.train(imdb.Recipe(**TINY, epochs=3), *reviews, folder=tmp_path, progress=False)
    assert [line["epoch"] for line in trained.history] == [0, 1, 2]
    best = max(trained.history, key=lambda line: line["val_f1"])
    found = imdb.predict(trained.model, reviews[1].texts)
    assert f1_at(reviews[1].labels, found, best["val_threshold"]) == pytest.approx(best["val_f1"], abs=0.02)
    loss = -np.mean(np.log(np.where(reviews[1].labels == 1, found, 1 - found)))
    assert best["val_loss"] == pytest.approx(loss, abs=1e-3)
    assert trained.seconds >= sum(line["seconds"] for line in trained.history)


def test_several_nets_are_averaged_before_the_sigmoid(reviews, tmp_path):
    """The logit of two nets is the mean of theirs."""
    both = imdb.train(imdb.Recipe(**TINY, epochs=1, nets=2), reviews[0], folder=tmp_path, progress=False)
    one = imdb.train(imdb.Recipe(**TINY, epochs=1), reviews[0], progress=False)
    other = imdb.train(imdb.Recipe(**TINY, epochs=1), reviews[0], seed=1000, progress=False)
    logits = [np.log(p / (1 - p)) for p in (imdb.predict(t.model, reviews[1].texts) for t in (both, one, other))]
    np.testing.assert_allclose(logits[0], (logits[1] + logits[2]) / 2, atol=1e-4)
    assert imdb.count(both.model) == 2 * imdb.count(one.model)


def test_the_same_seed_trains_the_same_model(reviews):
    """Shuffling and dropout come from the seed."""
    first, again, other = (
        imdb.predict(imdb.train(imdb.Recipe(**TINY, epochs=1), reviews[0], seed=s, progress=False).model, ["good film"])
        for s in (0, 0, 1)
    )
    assert first == pytest.approx(again, abs=1e-6)
    assert first != pytest.approx(other, abs=1e-6)


def test_words_alone_train_too(reviews):
    """grams = 0: no table, no second input."""
    trained = imdb.train(imdb.Recipe(**TINY, epochs=1, grams=0), reviews[0], progress=False)
    assert imdb.predict(trained.model, ["good", "bad"]).shape == (2,)


def test_a_finished_folder_is_not_trained_again(reviews, tmp_path):
    """The second call takes the file."""
    recipe = imdb.Recipe(**TINY, epochs=1)
    first = imdb.train(recipe, *reviews, folder=tmp_path, progress=False)
    stamp = (tmp_path / "model.keras").stat().st_mtime_ns
    again = imdb.train(recipe, *reviews, folder=tmp_path, progress=False)
    assert (tmp_path / "model.keras").stat().st_mtime_ns == stamp
    assert again.history == first.history and again.seconds == first.seconds
    np.testing.assert_allclose(imdb.predict(again.model, ["a film"]), imdb.predict(first.model, ["a film"]), atol=1e-6)


def test_a_folder_of_another_recipe_is_refused(reviews, tmp_path):
    """One sentence names what differs."""
    imdb.train(imdb.Recipe(**TINY, epochs=1), *reviews, folder=tmp_path, progress=False)
    with pytest.raises(ValueError, match=r"begun with another seed, units\. Take another folder"):
        imdb.train(imdb.Recipe(**{**TINY, "units": 5}, epochs=1), *reviews, seed=1, folder=tmp_path, progress=False)


def test_one_kind_of_reviews_is_refused(reviews):
    """Nothing can be learned from good ones alone."""
    good = reviews[0].take(reviews[0].labels == 1)
    with pytest.raises(ValueError, match="both kinds"):
        imdb.train(imdb.Recipe(**TINY), good, progress=False)


def test_predictions_keep_the_order_of_the_texts(reviews):
    """Whatever is sorted inside."""
    model = imdb.train(imdb.Recipe(**TINY, epochs=1), reviews[0], progress=False).model
    texts = [*reviews[1].texts[:9], "", "word " * 500, "good"]
    one_by_one = [model.predict([text], verbose=0)[0, 0] for text in texts]
    np.testing.assert_allclose(imdb.predict(model, texts, batch=4), one_by_one, atol=1e-5)


def test_half_a_line_swallows_no_other(tmp_path):
    """What a kill left of a line stands by itself."""
    log = EpochLog(tmp_path / "history.jsonl")
    log.spent(1.5)
    with log.path.open("a") as file:
        file.write('{"net": 0, "epo')
    log.spent(2.0)
    assert log.seconds() == 3.5 and log.epochs() == []


PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from course_kit.datasets import imdb as data
from course_kit.models import imdb
from course_kit.models.imdb.watching import EpochLog
train = data.load("kit").train.take(np.arange(0, 3000, 10))
recipe = imdb.Recipe(vocabulary=200, vectors=8, units=4, segment=8, most=32, epochs=40)
imdb.train(recipe, train, folder=Path(sys.argv[1]), progress=False)
"""


@pytest.mark.slow
def test_after_a_kill_it_goes_on_at_the_last_epoch(tmp_path):
    """Killed with signal 9 after some epochs; the second run has the first one's epochs before its own."""
    history = tmp_path / "history.jsonl"
    begun = subprocess.Popen([sys.executable, "-c", PROGRAM, tmp_path])
    deadline = time.monotonic() + 300
    while not (history.exists() and history.read_text().count("epoch") >= 3):
        assert begun.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(begun.pid, signal.SIGKILL)
    begun.wait()
    before = [json.loads(line) for line in history.read_text().splitlines() if line.endswith("}")]
    assert not (tmp_path / "model.keras").exists()
    subprocess.run([sys.executable, "-c", PROGRAM, tmp_path], check=True)
    after = [json.loads(line) for line in history.read_text().splitlines() if line.endswith("}")]
    epochs = [line["epoch"] for line in after if "epoch" in line]
    assert after[: len(before)] == before
    assert epochs[-1] == 39 and sorted(set(epochs)) == list(range(40)) and len(epochs) <= 41
    assert (tmp_path / "model.keras").exists()
