"""Figures of notebook 02: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import recurrence, unrolled
from tests.exercises.test_proofs import namespace


def right(name: str):
    return namespace("02", solved=True)[name]


def names(*listed: str) -> tuple:
    return tuple(right(name) for name in listed)


def untied(T, m, n):
    """Every step makes layers of its own."""
    import keras

    x, h0 = keras.Input((T, m)), keras.Input((n,))
    h, hs = h0, []
    for t in range(T):
        h = keras.ops.tanh(keras.layers.Dense(n)(x[:, t]) + keras.layers.Dense(n, use_bias=False)(h))
        hs.append(h)
    return keras.Model([x, h0], keras.ops.stack(hs, axis=1))


def one_after_the_other(s_0, x, U, b, inputs):
    s, kept = s_0.copy(), []
    for t in range(x.shape[1]):
        u = np.zeros(s.shape)
        u[:, inputs] = x[:, t]
        for k in range(s.shape[1]):
            s[:, k] = right("sigmoid")(s @ U[:, k] + b[k] + u[:, k])
        kept.append(s.copy())
    return np.stack(kept, axis=1)


def no_memory(x, h0, W, U, b, return_sequences):
    h = np.tanh(x @ W + b)
    return h if return_sequences else h[:, -1]


NET = ("U_four", "b_four", "inputs", "outputs")
# figure, names of the right arguments, and a wrong one in the place of the first
FIGURES = {
    "E02.1": (recurrence.line_and_neuron, ("regression", "neuron"), lambda x, w, b: w + b * x),
    "E02.2": (recurrence.paths, ("ar_loop", "ar_closed", "settles_at"), lambda y_0, w, b, T: np.full(T + 1, y_0)),
    "E02.3": (
        recurrence.two_memories,
        ("feedback",),
        lambda y, h, w, u, v, b_h, b_y, T: right("feedback")(y, h, u, w, v, b_h, b_y, T),
    ),
    "E02.4": (
        recurrence.echoes,
        ("scalar_rnn",),
        lambda x, h_0, w, u, v, b_h, b_y: right("scalar_rnn")(x, h_0, u, w, v, b_h, b_y),
    ),
    "E02.5": (unrolled.tied, ("unrolled",), untied),
    "E02.6": (unrolled.all_and_last, ("rnn_forward",), no_memory),
    "E02.7": (
        unrolled.ripple,
        ("last_change",),
        lambda x, delta, *rest: right("last_change")(x[:, -1:], delta, *rest),
    ),
    "E02.8": (unrolled.four_nodes, ("run", "roles", *NET), one_after_the_other),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference, and says what it shows."""
    figure, arguments, wrong = FIGURES[exercise]
    _, *rest = names(*arguments)

    shown, other = figure(*names(*arguments)), figure(wrong, *rest)

    assert shown.png and other.png
    assert shown.png != other.png
    assert len(shown.alt) > 100 and len(shown.caption) > 40


@pytest.mark.parametrize("exercise", FIGURES)
def test_untouched_stub_gives_a_sentence(exercise):
    """Before the exercise is answered a sentence says that the figure will come."""
    figure, arguments, _ = FIGURES[exercise]

    shown = figure(lambda *_: None, *names(*arguments)[1:])

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("exercise", FIGURES)
@pytest.mark.parametrize("answer", [lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.ones((3, 1, 4, 1, 5)), 3])
def test_an_answer_that_cannot_be_drawn_gives_a_sentence(exercise, answer):
    """A figure cell never ends in an error of ours; it sends the student to the check."""
    figure, arguments, _ = FIGURES[exercise]

    shown = figure(answer, *names(*arguments)[1:])

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


def test_a_signal_is_heard_by_the_input_node_first():
    """Synchronous: one tick for the input node, two for all others; not so if the nodes change one after the other."""
    run, *rest = names("run", "roles", *NET)

    assert "first tick with a change is 1, 2, 2, 2" in unrolled.four_nodes(run, *rest).alt
    assert "first tick with a change is 1, 1, 1, 1" in unrolled.four_nodes(one_after_the_other, *rest).alt


def test_a_single_path_and_a_single_echo_can_be_drawn():
    """That is what the sliders do."""
    path = recurrence.paths(*names("ar_loop", "ar_closed", "settles_at"), (-1.1,))
    echo = recurrence.echoes(right("scalar_rnn"), (1.5,))

    assert path.png and "there is no limit" in path.alt
    assert echo.png and "u = 1.5" in echo.alt


def test_the_chain_has_a_text_alternative():
    """What is drawn is also said."""
    shown = unrolled.chain()

    assert shown.png
    assert len(shown.alt) > len(shown.caption) > 40
