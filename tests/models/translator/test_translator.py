"""The translator: search against brute force, halves against the whole, files, resuming, and the shipped one."""

import hashlib
import itertools

import keras
import numpy as np
import pytest

from course_kit.datasets.written_out import pairs
from course_kit.models.translator import pairs as batching
from course_kit.models.translator import reversal, training, translating
from course_kit.models.translator.__main__ import main
from course_kit.models.translator.evaluation import score, word_for_word
from course_kit.models.translator.model import EncoderDecoder
from course_kit.models.translator.scores import coverage, length_penalty
from course_kit.models.translator.search import beam_search
from course_kit.models.translator.vocabulary import END, START, Vocabulary, shifted
from course_kit.models.translator.writing import Writer, pick
from course_kit.reference import beam as twin
from course_kit.reference.encoder_decoder import teaching_arrays

SAID = [["two", "one"], ["three"], ["one", "three", "two", "two"]]


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(3)
    model = EncoderDecoder(["one", "two", "three"], ["a", "b"], units=6, embedding=5, layers=3)
    model.build(None)
    for weight in model.weights:  # larger than at the start, so that its sentences differ
        weight.assign(2.5 * np.asarray(weight))
    return Writer(model)


def test_beam_on_a_table_is_the_twins():
    """The batched search and the list of the reference find the same sentences with the same scores."""
    rng = np.random.default_rng(0)
    tables = np.log(rng.dirichlet([1.5, 1.0, 1.0, 1.0], (5, 4)))  # five languages at once

    def step(words, state):
        return tables[state, words], state, np.ones((len(words), 2)) / 2

    for width, alpha in itertools.product((1, 2, 3, 200), (0.0, 0.2, 0.9)):
        found = beam_search(step, pick, np.arange(5), np.full(5, 2), width=width, limit=5, alpha=alpha, start=0, end=0)
        for table, best in zip(tables, found, strict=True):
            words, value = twin.beam_search(table, width, 5, alpha)
            if np.isfinite(value):
                assert list(best[0].words) == words
                assert abs(best[0].score - value) < 1e-12
            else:
                assert not best[0].ended


def test_full_width_of_the_network_is_brute_force(small):
    """Every sentence of at most four words is written with the network, and none beats what the beam finds."""
    limit, alpha, beta = 4, 0.6, 0.1
    reading = small.read(SAID)
    found = small.write(reading, width=5**limit, limit=limit, alpha=alpha, beta=beta)
    every = [s for L in range(limit) for s in itertools.product([0, 1, 3, 4, 5], repeat=L)]
    for n, hypotheses in enumerate(found):
        alone = small.read([SAID[n]])
        repeated = type(alone)(*(pick([alone.memory, alone.mask, alone.state], np.zeros(len(every), dtype=int))))
        log_p = small.log_p(repeated, every)
        best = hypotheses[0]
        top = np.max(log_p / length_penalty(np.array([len(s) + 1 for s in every]), alpha))
        assert best.score <= top + 1e-5  # coverage only takes away
        by_words = dict(zip(every, log_p, strict=True))
        for h in hypotheses[:20]:
            assert abs(by_words[h.words] - h.log_p) < 1e-4
            assert abs(h.score - h.log_p / length_penalty(len(h.words) + 1, alpha) - coverage(h.attention, beta)) < 1e-9
        plain = small.write(alone, width=5**limit, limit=limit, alpha=alpha)[0][0]
        assert abs(plain.score - top) < 1e-4


def test_step_by_step_is_the_whole_at_once(small):
    """The decoder's steps with carried state give what teacher forcing gives."""
    target = np.array([[4, 5, 4, END], [5, END, 0, 0], [4, END, 0, 0]], dtype="int32")
    scores = small.model({"source": small.model.source.encode(SAID), "target": shifted(target)})
    whole = np.asarray(keras.ops.log_softmax(scores))
    reading = small.read(SAID)
    state, words = (reading.memory, reading.mask, reading.state), np.full(3, START)
    for t in range(4):
        log_p, state, weights = small.step(words, state)
        real = target[:, t] > 0
        assert np.abs(log_p - whole[:, t])[real].max() < 1e-5
        assert np.abs(weights.sum(axis=1) - 1).max() < 1e-5
        words = target[:, t]


def test_padding_changes_nothing(small):
    """A sentence alone and beside a longer one is translated alike."""
    together = small.write(small.read(SAID), width=2, limit=6)
    for n, said in enumerate(SAID):
        alone = small.write(small.read([said]), width=2, limit=6)[0][0]
        assert alone.words == together[n][0].words
        assert abs(alone.log_p - together[n][0].log_p) < 1e-5


def test_saved_model_loads_without_custom_objects(small, tmp_path):
    """The same numbers, and no optimiser in the file."""
    inputs = {"source": np.array([[4, 5, 2]]), "target": np.array([[1, 4]])}
    translating.save(small.model, tmp_path / "m.keras")

    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert np.array_equal(np.asarray(loaded(inputs)), np.asarray(small.model(inputs)))
    assert loaded.source.words == ["one", "two", "three"]


def test_a_run_that_was_stopped_goes_on(tmp_path):
    """Stopped after the first of two epochs, it ends with the weights of a run that was not stopped."""
    plan = training.Plan(units=6, embedding=5, pairs=60, batch=8, epochs=2, steps=3, seed=1)
    whole = training.train(plan, None, say=lambda line: None)

    def stop(line):
        if line.startswith("epoch 1"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        # the state is kept at the end of an epoch, before the report speaks
        training.train(plan, tmp_path, say=stop)
    lines = []
    resumed = training.train(plan, tmp_path, say=lines.append)

    assert [line[:7] for line in lines[1:]] == ["epoch 2"]
    for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        assert np.abs(a - b).max() < 1e-5


def test_shipped_translator_translates():
    """At least 95 % of held-out sentences in either language, greedily."""
    writer = Writer(translating.load())
    for language in ("ru", "pl"):
        test = pairs(60, language, part="held out", seed=11)
        found = translating.translate([p.source for p in test], language, writer, width=1)
        assert np.mean([f.text == p.target for f, p in zip(found, test, strict=True)]) >= 0.95
    one = translating.translate(["twenty-two roubles"], "ru", writer)[0]
    assert one.text == "двадцать два рубля"
    assert one.attention.shape == (len(one.words), len(one.source)) == (4, 5)


@pytest.mark.parametrize("name", ["translator.keras", "responder.keras"])
def test_shipped_files_are_those_of_the_list(name):
    """Size and SHA-256 in data/README.md and in the loader are those of the file."""
    path = translating.DATA / name
    row = next(r for r in (translating.DATA / "README.md").read_text().splitlines() if r.startswith(f"| `{name}`"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"| {path.stat().st_size} | `{digest}` |" in row
    assert translating.SHA256[name] == digest
    assert path.stat().st_size < 1.5e6


def test_batches_repeat_and_teach():
    """Batch by batch the same for the same epoch; what is read is what is written, one place later."""
    sources, targets = batching.words_of(batching.drawn(40, "train", 0, ["ru"]))
    made = batching.Batches(sources, targets, Vocabulary.of(sources), Vocabulary.of(targets), 8, 3, seed=5)
    for (x, y), (again, _) in zip(made.epoch(1), made.epoch(1), strict=True):
        assert np.array_equal(x["source"], again["source"])
        assert np.array_equal(x["target"][:, 1:], y[:, :-1])
        assert (x["target"][:, 0] == START).all()


def test_reversal_learns_and_waits_for_its_arrays():
    """A little training beats chance on single digits; an untouched answer gives None."""
    assert reversal.learn(lambda strings: None) is None
    found = reversal.learn(teaching_arrays, count=1500, epochs=4)
    assert list(found) == list(range(1, 9))
    assert found[1] > 0.3


def test_dictionary_baseline_and_scores():
    """Numerals that keep one company are found; scores are shares."""
    dictionary = word_for_word(pairs(400, "ru", seed=0))
    assert dictionary["March"] == "марта"
    assert score("x", "ru", ["два", "три"], ["два", "пять"]).exact == 0.5


@pytest.mark.parametrize(
    "call,rule",
    [
        (lambda: EncoderDecoder(["a"], ["b"], layers=2), "layers must be an integer from 3 on"),
        (lambda: Vocabulary(["a", "a"]), "words must differ"),
        (lambda: translating.translate(["one"], "de"), "to must be one of ru, pl"),
        (lambda: translating.translate("one"), "texts must be a list"),
        (lambda: beam_search(None, None, None, [1], width=0), "width and limit must be positive"),
    ],
)
def test_wrong_use_is_said(call, rule):
    """Rule, then what came."""
    with pytest.raises(ValueError, match=rule):
        call()


def test_missing_and_damaged_files_are_said(tmp_path, monkeypatch):
    """A loader that finds nothing, or something else, says what to do."""
    monkeypatch.setattr(translating, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match="make_translator"):
        translating.load()
    (tmp_path / "translator.keras").write_bytes(b"x")
    with pytest.raises(ValueError, match="must have the SHA-256"):
        translating.load()
    assert main(["translate", "two"]) == 2
