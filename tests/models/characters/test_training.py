"""The Keras models: their counts, NumPy's steps against them, and a run that is stopped and goes on."""

import numpy as np
import pytest

from course_kit.datasets.text import Text
from course_kit.models.characters import batches, compare, mirror, mirror_training, network, training
from course_kit.params import lstm

LINE = "the cat sat on the mat and the rat sat on the cat "
TEXT = Text(LINE * 16, LINE * 4, "a line, repeated")
TINY = {"d": 5, "n": 12, "rows": 4, "steps": 10, "dropout": 0.0, "rate": 0.02}


@pytest.mark.parametrize("pairs", [False, True])
def test_count_is_the_formula(pairs):
    """Embedding, LSTM, read-out."""
    V, d, n = 9, 5, 7
    model = network.build(V, d, n, pairs=pairs, dropout=0.2)

    assert model.count_params() == (V * V if pairs else V) * d + int(lstm(d, n)) + n * V + V


@pytest.mark.parametrize("pairs", [False, True])
def test_plain_steps_are_the_keras_model(pairs):
    """The net that is taken out of a Keras model gives its logits, and goes back into one."""
    symbols = TEXT.symbols
    model = network.build(len(symbols), 5, 7, pairs=pairs, dropout=0.3)
    net = network.net_of(model, symbols, "untrained")
    x = batches.inputs_of(batches.encode(LINE, symbols), len(symbols), pairs)[None]

    due = model.predict_on_batch(x)[0]

    assert np.abs(net.read(LINE)[0] - due).max() < 1e-5
    assert np.abs(network.model_of(net).predict_on_batch(x)[0] - due).max() < 1e-6
    p = np.exp(due[:-1] - due[:-1].max(axis=1, keepdims=True))
    came = p[np.arange(len(p)), batches.encode(LINE, symbols)[1:]] / p.sum(axis=1)
    assert training.nats(net, LINE) == pytest.approx(-np.log(came).mean(), abs=1e-5)


def test_learns_a_line_and_goes_on_after_a_stop(tmp_path):
    """Stopped after its second epoch, it begins with the third, and ends where a run without a stop ends."""
    plan, said = training.Plan(epochs=4, **TINY), []

    def stop(line):
        if "epoch 2 " in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.train(TEXT, plan, tmp_path, stop)
    resumed = training.train(TEXT, plan, tmp_path, said.append)
    whole = training.train(TEXT, plan, None, lambda line: None)

    assert [line.split(":")[0] for line in said] == ["epoch 3 of 4", "epoch 4 of 4"]
    assert "held out" in said[-1]
    assert all(np.abs(getattr(resumed, k) - getattr(whole, k)).max() < 1e-4 for k in ("E", "U", "V"))
    assert training.nats(whole, TEXT.held_out) < np.log(len(TEXT.symbols)) - 0.3


def test_another_text_does_not_go_on_with_this_ones_work(tmp_path):
    """The work is kept by plan and text."""
    plan = training.Plan(epochs=1, **TINY)
    other = Text(TEXT.train[::-1], TEXT.held_out, "backwards")

    assert training.kept(tmp_path, plan, TEXT) != training.kept(tmp_path, plan, other)
    assert training.kept(None, plan, TEXT) is None


def test_mirror_steps_are_the_keras_model():
    """Greedy writing by NumPy: every letter is the Keras model's best one after what was written."""
    model = mirror_training.build(6, 5, 9)
    net = mirror_training.net_of(model, "abcdef", "untrained")

    for word in ("fade", "b", "cabbed"):
        written = net.mirror_words([word])[0]
        read, given, _ = mirror.arrays([word, "abcdefabcdef"], "abcdef")
        given[0, 1 : len(written) + 1] = ["abcdef".index(c) + 1 for c in written]
        best = model.predict_on_batch([read, given])[0].argmax(axis=1)
        assert "".join("abcdef"[k - 1] for k in best[: len(written)]) == written


def test_mirror_counts():
    """Two embeddings, two LSTMs, a read-out."""
    V, d, n = 6, 5, 9

    assert mirror_training.build(V, d, n).count_params() == 2 * ((V + 1) * d + int(lstm(d, n))) + (n + 1) * (V + 1)


def test_mirror_learns_one_letter_words(tmp_path):
    """A few epochs are enough to know that a letter is its own mirror; the rest is what the long training is for."""
    plan = mirror_training.MirrorPlan(d=8, n=24, words=512, batch=32, epochs=3, rate=0.02)
    said = []

    net = mirror_training.train(Text("a b c d e " * 300, "a b", "letters"), plan, tmp_path, said.append)

    assert len(said) == 3 and float(said[-1].split(": ")[1].split()[0]) < 1.6
    assert isinstance(net.mirror("a b"), str)


def test_table_has_every_model_and_is_kept(tmp_path, monkeypatch):
    """The rows of a finished part are read again, not made again; another text begins anew."""
    monkeypatch.setattr(compare, "trained", lambda text, out, pairs, say: {**ROW, "model": f"LSTM, pairs {pairs}"})
    monkeypatch.setattr(compare, "mirrored", lambda text, out, say: MIRROR)
    rows = compare.run(TEXT, tmp_path)
    monkeypatch.setattr(compare, "trained", lambda *given: 1 / 0)

    again = compare.run(TEXT, tmp_path)
    page = compare.table(again)

    assert again == rows
    for name in ("uniform", "unigram", "bigram", "trigram", "LSTM, pairs False", "LSTM, pairs True"):
        assert f"| {name} |" in page
    assert "best of orders 4 to" in page and "| LSTM, pairs True | 1.000 | 2.72 | 1,000 | 9 |" in page
    assert "90.00% of the 10 held-out words" in page
    with pytest.raises(ZeroDivisionError):
        compare.run(Text(TEXT.train, TEXT.held_out, "another"), tmp_path)


ROW = {"nats": 1.0, "numbers": 1000, "seconds": 9.0}
MIRROR = {"model": "mirror", "words": 10, "exact": 0.9, "new_words": 2, "new_exact": 0.5, "numbers": 5, "seconds": 1.0}
