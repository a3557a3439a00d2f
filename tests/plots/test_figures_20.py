"""Figures of notebook 20: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_kit.plots import slider, translation, translation_scores
from course_kit.reference import beam
from course_kit.reference.encoder_decoder import additive_attention, gnmt_encoder, gnmt_inputs, teaching_arrays
from course_kit.reference.text_scores import chrf, distinct, exact_match, rerank

rng = np.random.default_rng(0)
W_q, W_k, v = 2 * rng.normal(size=(5, 5)), 2 * rng.normal(size=(5, 5)), 3 * rng.normal(size=5)
ARRAYS = [rng.normal(size=(1, 4, 5)), rng.normal(size=(1, 6, 5)), np.ones((1, 6), dtype=bool), W_q, W_k, v]
WEIGHTS = additive_attention(*ARRAYS)[1][0]
BOTH = [(rng.normal(size=(3, 16)), rng.normal(size=(4, 16)), rng.normal(size=16)) for _ in range(2)]
ABOVE = [(rng.normal(size=(m, 16)), rng.normal(size=(4, 16)), rng.normal(size=16)) for m in (8, 4)]
VECTORS = rng.normal(size=(1, 5, 3))
SOURCES = ["one", "two", "three", "twenty-one", "twenty one", "Two"] * 20
PROPOSED = [
    [("i do not know", -1.0, -1.2), ("i am well", -2.0, -4.0), ("so what", -3.0, -6.0)],
    [("i do not know", -1.1, -1.2), ("so what", -2.0, -4.0), ("i am well", -5.0, -4.0)],
]


def shifted_wrongly(strings):
    read, given, due = teaching_arrays(strings)
    return read, due, given


def without_mask(q, x, mask, *weights):
    return additive_attention(q, x[:, ::-1], mask, *weights)


def held_out(source):
    return sum(map(ord, source.lower().replace("-", " "))) % 4 == 0


def leaked(train, test):
    seen = {s.lower().replace("-", " ") for s in train}
    return sum(s.lower().replace("-", " ") in seen for s in test)


def states(turns, carry, W, U, b):
    h, kept = np.zeros((1, len(U))), []
    for k, x in enumerate(turns):
        h = (h if carry else 0 * h) + x.sum(axis=1)[:, :1] + 0 * k
        kept.append(h)
    return np.stack(kept)


# exercise, figure of an answer, the right answer, wrong ones
FIGURES = {
    "teaching": ("E20.1", translation.teaching, teaching_arrays, (shifted_wrongly,)),
    "heat map": (
        "E20.2",
        lambda f: translation.heat_map(f, ARRAYS, WEIGHTS, list("abcdef"), list("wxyz")),
        additive_attention,
        (without_mask,),
    ),
    "layers": ("E20.3", translation.layers, gnmt_inputs, (lambda d, layers: ([d] * layers, [d] * layers),)),
    "encoder": (
        "E20.10",
        lambda f: translation.top_of_encoder(
            f, VECTORS, BOTH, ABOVE, gnmt_encoder(VECTORS, BOTH, ABOVE), list("abcde")
        ),
        gnmt_encoder,
        (lambda x, both, upper: gnmt_encoder(x, both[::-1], upper),),
    ),
    "winner": (
        "E20.4",
        lambda f: translation_scores.winner(f, 0.9),
        beam.length_penalty,
        (lambda L, alpha: 1.0 / beam.length_penalty(L, alpha),),
    ),
    "winners": ("E20.4", translation_scores.winners, beam.length_penalty, (lambda L, alpha: 1.0,)),
    "leaks": (
        "E20.8",
        lambda f: translation_scores.leaks(f, leaked, SOURCES),
        held_out,
        (lambda source: source[0] == "t" and "-" in source,),
    ),
    "spoilt": (
        "E20.9",
        lambda f: translation_scores.spoilt(exact_match, f, ["двадцать один рубль", "пятое марта"]),
        chrf,
        (lambda texts, references: 50.0,),
    ),
    "diversity": (
        "E20.6",
        lambda f: translation_scores.diversity(distinct, f, ["how are you", "you are only a program"], PROPOSED),
        rerank,
        (lambda log_p, anyway, weight: np.argsort(log_p - weight * anyway),),
    ),
    "remembered": (
        "E20.7",
        translation_scores.remembered,
        states,
        (lambda turns, carry, W, U, b: states(turns, not carry, W, U, b),),
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_wrong_answer_gives_another_picture(name):
    """The picture is drawn from the answer, not from the reference."""
    _, figure, right, wrongs = FIGURES[name]

    shown = figure(right)

    assert shown.png and len(shown.alt) > 100, shown.caption
    for wrong in wrongs:
        spoilt = figure(wrong)
        assert spoilt.png and spoilt.png != shown.png


@pytest.mark.parametrize("name", [*FIGURES, "widths"])
def test_untouched_answer_gives_not_yet(name):
    """A stub that returns None puts a sentence in the figure's place."""
    exercise, figure = FIGURES[name][:2] if name in FIGURES else ("E20.5", translation_scores.widths)

    shown = figure(lambda *args: None)

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


BROKEN = [(name, answer) for name in FIGURES for answer in (lambda *args: 1 / 0, lambda *args: np.zeros((99, 2)))]
BROKEN = [(name, answer) for k, (name, answer) in enumerate(BROKEN) if name != "leaks" or k % 2 == 0]


@pytest.mark.parametrize("name,answer", BROKEN)
def test_broken_answer_gives_a_sentence(name, answer):
    """An answer that cannot be drawn stops no "run all": the figure says so and sends back to the check."""
    exercise, figure, _, _ = FIGURES[name]

    shown = figure(answer)

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


def test_widths_count_what_the_search_finds():
    """The twin's search finds all with width 8 or nearly all; one that finds nothing is drawn at 0."""
    alt = translation_scores.widths(beam.beam_search).alt
    assert "50 with width 8" in alt or "49 with width 8" in alt
    assert "0 with width 8" in translation_scores.widths(lambda *args: ([], -1e9)).alt


def test_results_and_lengths_and_memory_are_said():
    """Numbers stand in the text alternatives."""
    scores = [
        SimpleNamespace(name=n, language=l, exact=0.5, chrf=70.0) for n in ("copy", "greedy") for l in ("ru", "pl")
    ]
    assert "greedy, pl: 50.0 % and 70.0" in translation_scores.results(scores).alt
    assert "3: 50 %" in translation.by_length({3: 0.5}).alt
    assert "E20.1" in translation.by_length(None).caption
    assert "carried: 90, 80" in translation_scores.memory({"carried": {1: 0.9, 2: 0.8}, "reset": {1: 0.1, 2: 0.0}}).alt


def test_slider_starts_with_the_still_figure():
    """Where no widget runs, the curves over alpha stand."""
    still = translation_scores.winners(beam.length_penalty)
    slid = slider(
        lambda alpha: translation_scores.winner(beam.length_penalty, alpha), still, alpha=(0.0, 1.5, 0.05, 0.2)
    )
    assert still.png and slid.alt == still.alt
    assert all(f"{L} words from" in still.alt for L in (3, 6, 10, 16))
