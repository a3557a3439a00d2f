"""Figures of notebook 21: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import imdb_keras1, imdb_results, imdb_reviews, imdb_runs, imdb_scores
from tests.exercises.test_proofs import namespace

REVIEWS = imdb_reviews.kit_reviews()
FEW = imdb_reviews.KitReviews(
    texts={part: texts[::10] for part, texts in REVIEWS.texts.items()},
    labels={part: labels[::10] for part, labels in REVIEWS.labels.items()},
    source=REVIEWS.source,
)


def right(name):
    return namespace("21", solved=True)[name]


def wrong_counts(state, y, chosen):
    return tuple(int(k) for k in np.add(state, [np.sum(y), np.sum(chosen), 0]))


def small_model():
    import keras

    return keras.Sequential([keras.layers.Embedding(5000, 8), keras.layers.LSTM(4), keras.layers.Dense(1)])


# figure of one answer, the name of the right one, a wrong one
FIGURES = {
    "E21.1": (imdb_keras1.parameters, "wiki_model", small_model),
    "E21.2": (
        lambda gate: imdb_keras1.gates(gate, right("gate_keras3"), right("hard_gate_keras3")),
        "gate_keras1",
        lambda a: a / 6 + 0.5,
    ),
    "E21.2 drift": (
        imdb_keras1.drift_still,
        "lstm_step",
        lambda x, h, c, W, U, b, which: right("lstm_step")(x, h, c, W, U, b, "keras 3"),
    ),
    "E21.3": (imdb_reviews.kept_words, "kept_places", lambda length, maxlen: np.arange(maxlen) % length),
    "E21.4": (lambda add: imdb_scores.f1_by_batch(add, right("f1_of"), REVIEWS), "add_batch", wrong_counts),
    "E21.5": (lambda choose: imdb_scores.thresholds(choose, REVIEWS), "choose_threshold", lambda y, p: 0.8),
    "E21.6": (
        lambda ngrams: imdb_scores.line(ngrams, right("bag_of"), right("fit_logistic"), FEW, (1, 2)),
        "ngrams",
        lambda seq, longest: [(w,) for w in set(seq)],
    ),
    "E21.8": (
        lambda encode: imdb_reviews.unknown_words(encode, REVIEWS),
        "encode",
        lambda words, index, limit: [index.get(w, 2) for w in words],
    ),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference."""
    figure, name, wrong = FIGURES[exercise]

    shown, spoilt = figure(right(name)), figure(wrong)

    assert shown.png and spoilt.png
    assert shown.png != spoilt.png
    assert len(shown.alt) > 80 and len(shown.caption) > 40


@pytest.mark.parametrize("exercise", FIGURES)
@pytest.mark.parametrize("kind", ["None", "raises", "text"])
def test_figure_survives_any_answer(exercise, kind):
    """An untouched stub, an exception, and no number at all each leave a sentence in the figure's place."""
    answers = {"None": lambda *_: None, "raises": lambda *_: 1 / 0, "text": lambda *_: "nothing"}

    shown = FIGURES[exercise][0](answers[kind])

    assert shown.png is None
    assert exercise[:5] in shown.alt


def test_figures_on_reviews_name_their_source():
    """No number on the kit's corpus can be taken for one on IMDB."""
    figures = [
        imdb_scores.thresholds(right("choose_threshold"), REVIEWS),
        imdb_scores.threshold_moved(right("choose_threshold"), REVIEWS, 0.5),
        imdb_scores.f1_by_batch(right("add_batch"), right("f1_of"), REVIEWS),
        imdb_reviews.unknown_words(right("encode"), REVIEWS),
        imdb_results.learning(runs_of_chance(), 0.8, REVIEWS),
        imdb_results.precision_recall(runs_of_chance(), right("choose_threshold"), REVIEWS),
    ]

    assert all(figure.caption.endswith(REVIEWS.source) for figure in figures)
    assert "NOT IMDB" in REVIEWS.source


def runs_of_chance() -> list[imdb_runs.Run]:
    """Three runs that were never trained."""
    deal = np.random.default_rng(0)
    return [
        imdb_runs.Run(
            seed,
            (0.67, 0.7),
            1.0,
            ((4, 3), (1,)),
            {
                part: deal.integers(0, 256, len(REVIEWS.texts[part])).astype(np.uint8).tobytes()
                for part in imdb_runs.PREDICTED
            },
        )
        for seed in imdb_runs.SEEDS
    ]


def test_what_is_printed_can_be_pasted_and_read(capsys):
    """The dict that hand_in prints is what the judge reads, byte for byte."""
    from course_kit.exercises.handed_in_runs import VALIDATION_LABELS, read

    runs, names = runs_of_chance(), {}
    imdb_runs.hand_in(runs, right("choose_threshold"), REVIEWS)
    exec(capsys.readouterr().out, names)

    found = read(names["my_model"])

    for k, run in enumerate(runs):
        np.testing.assert_array_equal(run.probabilities("held_out"), found.held_out[k])
        np.testing.assert_array_equal(run.probabilities("validation"), found.validation[k])
    assert 13 == found.parameters
    np.testing.assert_allclose(found.scores(VALIDATION_LABELS, found.validation), found.best(), atol=1e-12)
    assert found.validation_f1[0] == pytest.approx(found.best().mean(), abs=1e-4)


def test_nothing_is_handed_in_before_there_is_something(capsys):
    """Untouched stubs leave a sentence each."""
    imdb_runs.hand_in([], right("choose_threshold"), REVIEWS)
    imdb_runs.hand_in(runs_of_chance(), lambda y, p: None, REVIEWS)
    imdb_results.spread([], right("choose_threshold"), REVIEWS)

    printed = capsys.readouterr().out
    assert "when three seeds are trained" in printed and "choose_threshold of E21.5" in printed
    assert imdb_results.learning([], None, REVIEWS).png is None
    assert imdb_results.precision_recall([], None, REVIEWS).png is None


def test_training_keeps_finished_seeds(capsys):
    """A second call goes on after the last finished seed; a stub trains nothing and says so."""
    import keras

    built = []

    def build(vocabulary, length):
        built.append(vocabulary)
        model = keras.Sequential(
            [keras.layers.Embedding(vocabulary, 2), keras.layers.LSTM(2), keras.layers.Dense(1, activation="sigmoid")]
        )
        model.compile(loss="binary_crossentropy", optimizer="adam")
        return model

    settings = {"epochs": 1, "batch": 120}
    first = imdb_runs.train(build, settings, FEW, seeds=(0,))
    both = imdb_runs.train(build, settings, FEW, seeds=(0, 1))

    assert [0, 1] == [run.seed for run in both] and first[0] is both[0]
    assert 2 == len(built)
    assert "done before" in capsys.readouterr().out
    assert [] == imdb_runs.train(lambda vocabulary, length: None, settings, FEW)
    assert "starts when build_model is written" in capsys.readouterr().out


def test_numbers_are_those_of_keras():
    """Start, rank + 3, unknown beyond num_words, padding in front, the end kept; as D2.16 has it."""
    reviews = imdb_reviews.KitReviews(
        texts={"train": ("It is dull, it is dull, it IS.", "It is new"), "validation": ("It is dull and new",)},
        labels={},
        source="",
        length=5,
        num_words=6,
    )

    assert {"it": 1, "is": 2, "dull": 3, "new": 4} == reviews.index
    assert 6 == reviews.vocabulary
    assert [[4, 5, 2, 4, 5], [0, 1, 4, 5, 2]] == reviews.ids["train"].tolist()
    assert [[4, 5, 2, 2, 2]] == reviews.ids["validation"].tolist()


def test_real_reviews_are_asked_for_and_named(monkeypatch, tmp_path, capsys):
    """Without IMDB a sentence says how to get it; with something else in its place, the source says what that is."""
    monkeypatch.delenv("COURSE_KIT_IMDB", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert imdb_reviews.real_reviews() is None
    assert "The real reviews are not used: IMDB must be named" in capsys.readouterr().out

    monkeypatch.setenv("COURSE_KIT_IMDB", "kit")
    assert "NOT IMDB" in imdb_reviews.real_reviews().source
    assert "NOT IMDB" in capsys.readouterr().out
