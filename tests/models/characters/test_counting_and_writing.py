"""Character models without Keras: n-grams, batches, files, sampling, and the mirror's arithmetic."""

import dataclasses

import numpy as np
import pytest

from course_kit.models.characters import batches, files, mirror, sampling, saved
from course_kit.models.characters.ngrams import Ngrams
from course_kit.reference import ngrams as tables
from course_kit.reference.activations import softmax
from course_kit.reference.lstm import lstm_forward

RNG = np.random.default_rng(0)


def net(pairs=False, symbols=" abc", d=3, n=4):
    S = len(symbols)
    shapes = ((S * S if pairs else S, d), (d, 4 * n), (n, 4 * n), (4 * n,), (n, S), (S,))
    rng = np.random.default_rng(5)
    return saved.Net(*(rng.normal(size=s).astype(np.float32) for s in shapes), symbols=symbols, source="dice")


@pytest.mark.parametrize("order", [1, 2, 3])
def test_sparse_counts_are_the_reference_tables(order):
    """Two programs, one formula; the text has contexts that never came."""
    ids, held_out = RNG.integers(0, 5, 90), RNG.integers(0, 6, 70)
    model, due = Ngrams(ids, 6, order), tables.ngram_tables(ids, 6, order)

    assert model.nats(held_out) == pytest.approx(tables.cross_entropy(due, held_out), abs=1e-13)
    context = held_out[:4]
    last = due[-1][tuple(context[4 - order + 1 :])]
    assert np.abs(model.probabilities(context) - last).max() < 1e-14


def test_ngrams_of_order_seven_sum_to_one():
    """For a context that came and for one that did not."""
    ids = RNG.integers(0, 4, 500)
    model = Ngrams(ids, 4, 7)

    for context in (ids[:6], np.array([3, 3, 3, 3, 3, 3]), ids[:2], ids[:0]):
        assert model.probabilities(context).sum() == pytest.approx(1.0, abs=1e-12)


def test_ngrams_that_overflow_are_refused():
    """Codes are 64-bit integers."""
    with pytest.raises(ValueError, match=r"2\*\*63"):
        Ngrams(np.array([0, 1]), 100, 10)


def test_rows_go_on_from_batch_to_batch():
    """Row r of batch k + 1 begins with the target of row r's last step in batch k."""
    ids = RNG.integers(0, 9, 207)
    x, y = batches.stateful(*batches.in_rows(ids, 9, 3, 8), 8)
    x, y = (a.reshape(-1, 3, 8) for a in (x, y))

    assert x.shape == (8, 3, 8)
    assert (x[1:, :, 0] == y[:-1, :, -1]).all()
    assert (x[:, :, 1:] == y[:, :, :-1]).all()
    assert (x.swapaxes(0, 1).reshape(-1) == ids[:192]).all()


def test_pairs_know_the_character_before():
    """The first has a stand-in before it."""
    ids = np.array([2, 0, 1, 1])

    assert batches.inputs_of(ids, 3, True).tolist() == [2, 6, 1, 4]


def test_a_text_that_is_too_short_is_refused():
    """With the number that is due."""
    with pytest.raises(ValueError, match="need 33 characters"):
        batches.in_rows(np.zeros(30, dtype=int), 5, 4, 8)


def test_strange_characters_are_refused():
    """Those that the vocabulary has not."""
    with pytest.raises(ValueError, match="'X'"):
        batches.encode("aX", " abc")


@pytest.mark.parametrize("pairs", [False, True])
def test_steps_are_the_reference_lstm(pairs):
    """One character at a time gives what the twin gives for the whole line."""
    model, ids = net(pairs), batches.encode("abcab ca", " abc")
    rows = model.E[batches.inputs_of(ids, 4, pairs)].astype(float)
    h, _ = lstm_forward(rows[None], np.zeros((1, 4)), np.zeros((1, 4)), model.W, model.U, model.b)

    logits, state = model.read("abcab ca")

    assert np.abs(logits - (h[0] @ model.V + model.b_y)).max() < 1e-5
    again, _ = model.read("ca", model.read("abcab ")[1])
    assert np.abs(again[-1] - logits[-1]).max() < 1e-6 and state.before == 1


def test_file_gives_back_what_was_saved(tmp_path):
    """And the same bytes each time."""
    for name in ("one.npz", "two.npz"):
        saved.save(net(), tmp_path / name)

    loaded = saved.load(tmp_path / "one.npz")

    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert all((getattr(loaded, k) == getattr(net(), k)).all() for k in saved.SHAPES)
    assert loaded.symbols == " abc" and loaded.source == "dice"


def test_bad_files_are_refused_in_a_sentence(tmp_path):
    """Missing, no archive, no model, arrays that do not fit, numbers that are none."""
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    np.savez(tmp_path / "pickle.npz", meta=np.array([{"a": 1}], dtype=object))
    saved.save(dataclasses.replace(net(), b=np.zeros(15)), tmp_path / "unfit.npz")
    saved.save(dataclasses.replace(net(), b=np.full(16, np.nan)), tmp_path / "nan.npz")
    says = {"none": "No such file", "text": "wrote", "other": "wrote", "pickle": "wrote", "unfit": "fit", "nan": "fit"}

    for name, sentence in says.items():
        with pytest.raises(files.ModelError, match=sentence) as caught:
            saved.load(tmp_path / f"{name}.npz")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("tau", [0.3, 1.0, 2.5])
def test_temperature_divides_the_scores(tau):
    """softmax(logits / tau), also for scores that overflow."""
    logits = RNG.normal(size=6)

    assert np.abs(sampling.distribution(logits, tau) - softmax(logits / tau)).max() < 1e-14
    assert np.isfinite(sampling.distribution(logits + 5000, tau)).all()


@pytest.mark.parametrize("tau", [-1.0, np.nan, np.inf])
def test_a_temperature_must_be_one(tau):
    """Before anything is written."""
    with pytest.raises(ValueError, match="temperature"):
        next(sampling.stream(net(), "a", temperature=tau))


def test_the_same_seed_writes_the_same():
    """Another seed does not, and a cold model needs none."""
    once, again, other = ("".join(sampling.stream(net(), "ab", temperature=1.0, seed=s, length=60)) for s in (1, 1, 2))
    cold = {"".join(sampling.stream(net(), "ab", temperature=0, length=20)) for _ in range(3)}

    assert once == again != other and len(once) == 60 and len(cold) == 1


def test_writing_carries_the_state():
    """At temperature 0 each character is the best one after the whole text so far."""
    text = "ab"
    for character in sampling.stream(net(), text, temperature=0, length=12):
        assert character == " abc"[net().read(text)[0][-1].argmax()]
        text += character


def test_prompts_are_made_readable_or_refused():
    """Capitals are lowered; what the model cannot read is named."""
    assert sampling.readable(net(), "ABC") == "abc"
    with pytest.raises(files.ModelError, match="'!'"):
        sampling.readable(net(), "a!")


def test_mirror_arrays():
    """Padding before the reader, teacher forcing for the writer, -1 where nothing counts."""
    read, given, due = mirror.arrays(["cab", "a"], "abc")

    assert read.tolist() == [[0, 3, 1, 2], [0, 0, 0, 1]]
    assert given.tolist() == [[0, 2, 1, 3], [0, 1, 0, 0]]
    assert due.tolist() == [[2, 1, 3, 0], [1, 0, -1, -1]]


def test_score_counts_words_and_new_words():
    """A network that turns short words only."""

    class Short:
        def mirror_words(self, words):
            return [w[::-1] if len(w) < 3 else w for w in words]

    found = mirror.score(Short(), "ab abc ab cde aba", ["abc"])

    assert found.words == 5 and found.exact == pytest.approx(3 / 5)  # aba is its own mirror
    assert found.new_words == 3 and found.new_exact == pytest.approx(2 / 3)


def test_shipped_models_are_whole_and_work():
    """Sizes and SHA-256 in data/README.md are those of the files; the sentence of the assignment is turned round."""
    page = (files.DATA / "README.md").read_text(encoding="utf-8")
    for name, sha256 in files.SHA256.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
        assert sha256 in row and f"| {files.shipped(name).stat().st_size} |" in row
        assert files.shipped(name).stat().st_size < 2**20

    assert mirror.load().mirror("the quick brown fox") == "eht kciuq nworb xof"
    written = "".join(sampling.stream(saved.load(), "the function ", temperature=0.3, seed=1, length=200))
    assert len(set(written.split())) > 5


def test_a_damaged_shipped_file_is_named(tmp_path, monkeypatch):
    """With what to do."""
    monkeypatch.setattr(files, "DATA", tmp_path)
    with pytest.raises(files.ModelError, match=r"make_character_model\.py"):
        saved.load()
    (tmp_path / "mirror.npz").write_bytes(b"x")
    with pytest.raises(files.ModelError, match="SHA-256"):
        mirror.load()
