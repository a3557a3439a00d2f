"""Figures of notebook 19: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import characters, slider
from course_kit.plots import characters_draws as draws
from course_kit.reference.activations import softmax
from course_kit.reference.lstm import lstm_forward
from course_kit.reference.ngrams import conditional_entropy

RNG = np.random.default_rng(0)
SYMBOLS = " aehqtu"
IDS = RNG.integers(0, 7, 400)
WEIGHTS = tuple(RNG.normal(size=s) for s in ((7, 4), (4, 20), (5, 20), (20,), (5, 7), (7,)))
LOGITS = RNG.normal(size=7)
GROUPS = {"any letters": {2: np.array([[1, 2], [3, 4]]), 4: np.array([[1, 2, 3, 4]])}}
READER, WRITER = WEIGHTS[:4], WEIGHTS
GRAPH = (["Placeholder", "Placeholder", "Mul", "AddV2", "Identity"], [(0, 2), (1, 2), (2, 3), (1, 3), (3, 4)])


def batches(ids, N, T):
    K = (len(ids) - 1) // (N * T)
    return tuple(a[: N * K * T].reshape(N, K, T).swapaxes(0, 1) for a in (ids[:-1], ids[1:]))


def pieces(ids, N, T):
    K = (len(ids) - 1) // (N * T)
    return tuple(a[: N * K * T].reshape(K, N, T) for a in (ids[:-1], ids[1:]))


def tempered(logits, tau):
    return softmax(logits / tau)


def walk(ids, E, W, U, b, V, b_y):
    h, _ = lstm_forward(E[ids][None], np.zeros((1, len(U))), np.zeros((1, len(U))), W, U, b)
    return softmax(h[0] @ V + b_y)


def forgetful(ids, *weights):
    return np.concatenate([walk(ids[t : t + 1], *weights) for t in range(len(ids))])


def stack_gates(parts, order="ifco"):
    rows = [np.hstack([parts[g + kind] for g in order]) for kind in "xm"]
    return np.vstack(rows), np.concatenate([parts[g + "b"] for g in order])


def pairs_and_targets(ids, S):
    return ids[:-2] * S + ids[1:-1], ids[2:]


def transcribe(numbers, reader, writer, limit):
    return list(numbers[::-1])


# figure of an answer, the right answer, wrong ones
FIGURES = {
    "rows": ("E19.1", characters.rows, batches, (pieces,)),
    "uniform": (
        "E19.2",
        lambda f: characters.costs(f, conditional_entropy, IDS, 7),
        lambda S: np.log(S),
        (lambda S: np.log2(S),),
    ),
    "pairs' cost": (
        "E19.2",
        lambda f: characters.costs(lambda S: np.log(S), f, IDS, 7),
        conditional_entropy,
        (lambda ids, S: conditional_entropy(ids, S) / np.log(2), lambda ids, S: -conditional_entropy(ids, S)),
    ),
    "temperature": (
        "E19.4",
        lambda f: draws.temperature(f, LOGITS, SYMBOLS, 0.5),
        tempered,
        (lambda logits, tau: softmax(logits * tau), lambda logits, tau: np.exp(logits / tau)),
    ),
    "temperature, still": (
        "E19.4",
        lambda f: draws.temperature_still(f, LOGITS, SYMBOLS),
        tempered,
        (lambda logits, tau: softmax(logits),),
    ),
    "graph": (
        "E19.6",
        lambda f: draws.graph(f, lambda a, b: a * b + b),
        lambda function, count: GRAPH,
        (lambda function, count: (GRAPH[0], [(j, i) for i, j in GRAPH[1]]), lambda function, count: (GRAPH[0], [])),
    ),
    "along": ("E19.7", lambda f: characters.along(f, WEIGHTS, SYMBOLS, "the quet heat"), walk, (forgetful,)),
    "stacked": ("E19.8", draws.stacked, stack_gates, (lambda parts: stack_gates(parts, "ifoc"),)),
    "pairs": (
        "E19.9",
        lambda f: draws.pairs(f, IDS, SYMBOLS),
        pairs_and_targets,
        (lambda ids, S: (ids[:-2] + ids[1:-1] * S, ids[2:]),),
    ),
    "by length": (
        "E19.10",
        lambda f: draws.by_length(f, GROUPS, READER, WRITER),
        transcribe,
        (lambda numbers, *others: list(numbers),),
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_wrong_answer_gives_another_picture(name):
    """The picture is drawn from the answer, not from the reference."""
    _, figure, right, wrongs = FIGURES[name]

    shown = figure(right)

    assert shown.png and len(shown.alt) > 80 and len(shown.caption) > 40
    for wrong in wrongs:
        spoilt = figure(wrong)
        assert spoilt.png and spoilt.png != shown.png and spoilt.alt != shown.alt


@pytest.mark.parametrize("name", FIGURES)
def test_untouched_answer_gives_not_yet(name):
    """A stub that returns None puts a sentence in the figure's place."""
    exercise, figure, _, _ = FIGURES[name]

    shown = figure(lambda *args: None)

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("answer", [lambda *args: 1 / 0, lambda *args: "no array", lambda *args: np.zeros(99)])
def test_broken_answer_gives_a_sentence(name, answer):
    """An answer that cannot be drawn stops no "run all": the figure says so and sends back to the check."""
    exercise, figure, _, _ = FIGURES[name]

    shown = figure(answer)

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


def test_rows_are_said():
    """Who cannot see the tables is told what a row reads like."""
    assert "row 0: 'the network reads one lette'" in characters.rows(batches).alt


def test_learning_has_its_bars():
    """The curve's ends and the lines to pass are said."""
    shown = characters.learning({"a model": list(np.linspace(3.3, 1.5, 50))}, {"equal shares": 3.3, "pairs": 2.3})

    assert "a model from 3.30 to 1.6" in shown.alt and "pairs at 2.30" in shown.alt


def test_perplexities_are_said():
    """Every bar has its number."""
    shown = characters.perplexities({"bigrams": 10.1, "LSTM(64)": 4.9})

    assert shown.png and "bigrams 10.10" in shown.alt and "LSTM(64) 4.90" in shown.alt


def test_slider_starts_with_the_still_figure():
    """Where no widget runs, three temperatures stand side by side."""
    still = draws.temperature_still(tempered, LOGITS, SYMBOLS)

    slid = slider(lambda tau: draws.temperature(tempered, LOGITS, SYMBOLS, tau), still, tau=(0.1, 2.0, 0.1, 0.7))

    assert slid.alt == still.alt and all(f"τ = {tau}" in still.alt for tau in (0.3, 0.7, 1.2))
