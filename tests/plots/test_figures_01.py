"""Figures of notebook 01: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.plots import schemas, sequences
from tests.exercises.test_proofs import namespace

TEXT = "the cat sat on the mat and the rat sat on the cat " * 8
SHUFFLED = "".join(np.random.default_rng(0).permutation(list(TEXT)))


def right(name: str):
    return namespace("01", solved=True)[name]


def names(*listed: str) -> tuple:
    return tuple(right(name) for name in listed)


def neighbours_only(text, gap):
    return right("mutual_information")(text, 1)


# figure, a maker of the right arguments, and the same with a wrong answer
FIGURES = {
    "E01.1": (
        sequences.two_orders,
        lambda: names("bag", "pair", "read_along", "words"),
        lambda: (lambda tokens, size: np.ones(size), *names("pair", "read_along", "words")),
    ),
    "E01.2": (
        sequences.tables,
        lambda: names("pad_and_mask"),
        lambda: (lambda seqs, maxlen, padding, truncating: right("pad_and_mask")(seqs, maxlen, truncating, padding),),
    ),
    "E01.3": (
        sequences.dependence,
        lambda: (right("mutual_information"), TEXT, SHUFFLED),
        lambda: (neighbours_only, TEXT, SHUFFLED),
    ),
    "E01.5": (
        schemas.uses,
        lambda: names("uses"),
        lambda: ({**right("uses"), "caption": "many_to_one"},),
    ),
    "E01.6": (
        sequences.same_vector,
        lambda: names("features", "collision", "pulses", "labels"),
        lambda: (right("features"), lambda s, labels: (0, 5), *names("pulses", "labels")),
    ),
}


@pytest.mark.parametrize("exercise", FIGURES)
def test_wrong_answer_gives_another_picture(exercise):
    """The picture is drawn from the answer, not from the reference, and says what it shows."""
    figure, arguments, wrong = FIGURES[exercise]

    shown, other = figure(*arguments()), figure(*wrong())

    assert shown.png and other.png
    assert shown.png != other.png
    assert len(shown.alt) > 100 and len(shown.caption) > 40


@pytest.mark.parametrize("exercise", FIGURES)
def test_untouched_stub_gives_a_sentence(exercise):
    """Before the exercise is answered a sentence says that the figure will come."""
    figure, arguments, _ = FIGURES[exercise]
    first, *rest = arguments()
    stub = (lambda *_: None) if callable(first) else None

    shown = figure(stub, *rest)

    assert shown.png is None
    assert f"when {exercise} is answered" in shown.caption


@pytest.mark.parametrize("exercise", FIGURES)
@pytest.mark.parametrize("answer", [lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.ones((3, 1, 4, 1, 5)), 3, {}])
def test_an_answer_that_cannot_be_drawn_gives_a_sentence(exercise, answer):
    """A figure cell never ends in an error of ours; it sends the student to the check."""
    figure, arguments, _ = FIGURES[exercise]

    shown = figure(answer, *arguments()[1:])

    assert shown.png is None
    assert f'See what check("{exercise}") says' in shown.caption


def test_wrong_entries_of_a_table_are_counted():
    """Who cannot see the crosses reads their number."""
    shown = sequences.tables(FIGURES["E01.2"][2]()[0])

    assert "0 wrong entries" in sequences.tables(right("pad_and_mask")).caption
    assert "0 wrong entries" not in shown.caption


def models(**others) -> dict:
    return {name: right(name) for name in schemas.NAMES} | others


def test_zero_pattern_of_the_aligned_model_is_a_triangle():
    """Ten of its twenty-five derivatives are exactly zero; read in both directions none is."""
    import keras

    def both(T, m, n, o):
        inner = keras.layers.SimpleRNN(n, return_sequences=True)
        return keras.Sequential([keras.Input((T, m)), keras.layers.Bidirectional(inner), keras.layers.Dense(o)])

    shown, other = schemas.zero_patterns(models()), schemas.zero_patterns(models(many_to_many_aligned=both))

    assert "many to many aligned: 10 of 25" in shown.alt
    assert "many to many aligned: 0 of 25" in other.alt


@pytest.mark.parametrize("answer,says", [(lambda *_: None, "when E01.4 is answered"), (lambda *_: 3, "check")])
def test_zero_patterns_of_no_model_give_a_sentence(answer, says):
    """Likewise for what is no model."""
    shown = schemas.zero_patterns(models(one_to_many=answer))

    assert shown.png is None
    assert says in shown.caption


def test_the_drawing_of_the_schemas_has_a_text_alternative():
    """What is drawn is also said."""
    shown = schemas.five_schemas()

    assert shown.png
    assert len(shown.alt) > len(shown.caption) > 40
