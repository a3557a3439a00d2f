"""The tasks of notebook 15: every target worked out again from the input alone, by another way than the generator's."""

import re

import numpy as np
import pytest

from course_kit.datasets.moving_squares import moving_squares
from course_kit.datasets.nested import chance_of_next, enclosed, nested
from course_kit.datasets.number_words import ALPHABET, certain, counting_aloud, in_words
from course_kit.datasets.sums import addition, running_parity

TASKS = {
    "moving squares": lambda seed: moving_squares(40, seed=seed),
    "addition": lambda seed: addition(40, 6, 3, seed=seed),
    "running parity": lambda seed: running_parity(40, 8, 3, seed=seed),
    "nested": lambda seed: nested(40, seed=seed),
    "enclosed": lambda seed: enclosed(40, seed=seed),
    "counting aloud": lambda seed: counting_aloud(40, seed=seed),
}


@pytest.mark.parametrize("make", TASKS.values(), ids=TASKS)
def test_a_seed_gives_one_draw(make):
    """The same seed the same arrays, another seed others; float32, one length for all."""
    one, again, other = make(3), make(3), make(4)

    assert np.array_equal(one.x, again.x) and np.array_equal(one.y, again.y)
    assert not np.array_equal(one.x, other.x)
    assert (one.x.dtype, one.y.dtype) == (np.float32, np.float32)
    assert set(one.lengths) == {one.x.shape[1]} == {one.y.shape[1]}


def test_a_lone_square_keeps_its_speed_until_it_bounces():
    """One square of 3 x 3: always nine pixels, its corner moves evenly and is sent back by the edge."""
    task = moving_squares(300, 12, 9, squares=1, size=3, seed=1)
    films = np.concatenate([task.x, task.y[:, -1:]], axis=1)[..., 0]
    corners = np.array([[np.argwhere(picture).min(axis=0) for picture in film] for film in films])

    assert (films.sum(axis=(2, 3)) == 9).all()
    assert np.array_equal(task.x[:, 1:], task.y[:, :-1])
    for way in np.moveaxis(corners, 2, 0).reshape(-1, 13):
        for before, now, after in zip(way, way[1:], way[2:], strict=False):
            turned = now in (0, 6) and after == before
            assert turned or after - now == now - before
    moves = np.abs(np.diff(corners, axis=1)).max(axis=(1, 2))
    assert set(moves) == {1}  # nothing stands still in both directions


def test_two_squares_cover_at_most_eight_pixels():
    """Fewer where they meet, and they do meet now and then."""
    black = moving_squares(500, seed=0).x.sum(axis=(2, 3, 4))

    assert black.max() == 8 and black.min() == 4


def test_addition_is_that_of_whole_numbers():
    """Python's integers, modulo what the columns hold."""
    task = addition(200, 7, 3, seed=2)
    for x, y in zip(task.x, task.y, strict=True):
        digits = x.reshape(7, 3, 10).argmax(axis=2)
        numbers = [sum(int(d) * 10**place for place, d in enumerate(column)) for column in digits.T]
        answer = sum(int(d) * 10**place for place, d in enumerate(y.argmax(axis=1)))
        assert answer == sum(numbers) % 10**7


def test_running_parity_is_a_product_of_signs():
    """-1 for each one so far."""
    task = running_parity(200, 9, 4, seed=2)
    signs = np.cumprod(np.prod(1 - 2 * task.x, axis=2), axis=1)

    assert np.array_equal(task.y[..., 0], (1 - signs) / 2)
    assert 0.4 < task.y.mean() < 0.6


def test_nested_brackets_close_as_they_opened():
    """Whatever the cut-off leaves open, the rest vanishes when matching pairs are taken out, and is never too deep."""
    task = nested(300, 30, kinds=3, deepest=4, seed=5)
    letters = dict(zip(task.symbols, "([{)]}", strict=True))
    for k in range(len(task)):
        string = "".join(letters[s] for s in task.read(k))
        while (shorter := re.sub(r"\(\)|\[\]|\{\}", "", string)) != string:
            string = shorter
        assert re.fullmatch(r"[(\[{]{0,4}", string)
    assert np.array_equal(task.x[:, 1:], task.y[:, :-1])


def test_chances_of_the_next_bracket_are_those_drawn():
    """Of all targets said to come with a probability, that share comes; a mean over many strings."""
    task = nested(4000, 20, kinds=3, deepest=3, seed=6)
    chance = chance_of_next(task, deepest=3)
    opened = task.x[..., :3].sum(axis=2)
    depth = np.cumsum(2 * opened - 1, axis=1)
    closes = task.y[..., 3:].sum(axis=2) == 1

    assert {round(float(p), 6) for p in np.unique(chance)} == {round(p, 6) for p in (1 / 6, 1 / 3, 1 / 2, 1)}
    assert np.all(chance[depth == 3] == 1) and np.all(closes[depth == 3])
    assert np.all(chance[depth == 0] == 1 / 3) and not closes[depth == 0].any()
    assert closes[(depth > 0) & (depth < 3)].mean() == pytest.approx(0.5, abs=0.01)


def test_tags_count_the_pairs_around_a_symbol():
    """Pairs found by taking "()" out again and again, not by a stack."""
    task = enclosed(200, 16, most=3, seed=7)
    for k in range(len(task)):
        places = list(enumerate(task.read(k)))
        around = np.zeros(16, dtype=int)
        brackets = [p for p in places if p[1] != "x"]
        while (
            pair := next((i for i in range(len(brackets) - 1) if brackets[i][1] + brackets[i + 1][1] == "()"), -1) + 1
        ):
            (first, _), (last, _) = brackets[pair - 1 : pair + 1]
            around[first : last + 1] += 1
            del brackets[pair - 1 : pair + 1]
        assert np.array_equal(task.y[k].argmax(axis=1), np.minimum(around, 3))


def test_the_numbers_are_spelt_as_in_english():
    """All hundred differ, and some that are easily got wrong."""
    assert len({in_words(k) for k in range(100)}) == 100
    assert [in_words(k) for k in (0, 12, 14, 40, 58, 99)] == [
        "zero",
        "twelve",
        "fourteen",
        "forty",
        "fifty-eight",
        "ninety-nine",
    ]


def test_counting_goes_on_by_one():
    """Every text is cut from the endless count; the letters after the first number follow from it."""
    task = counting_aloud(300, 60, seed=8)
    order = [in_words(k) for k in range(100)]
    for k in range(len(task)):
        said = "".join(task.read(k)).split(" ")
        start = order.index(said[0])
        for step, word in enumerate(said[:-1]):
            assert word == order[(start + step) % 100]
        assert order[(start + len(said) - 1) % 100].startswith(said[-1])
    assert np.array_equal(task.x[:, 1:], task.y[:, :-1])
    many = counting_aloud(2000, 15, seed=8)
    assert {"".join(many.read(k)).split(" ")[0] for k in range(2000)} == set(order)


def test_letters_are_certain_from_the_second_number_on():
    """The first letter after the first space is the first certain one."""
    task = counting_aloud(50, 40, seed=9)
    mask = certain(task)
    for k in range(50):
        text = "".join(task.read(k))
        assert mask[k].tolist() == [t >= text.index(" ") for t in range(40)]
    assert set(ALPHABET) >= set("".join(in_words(k) for k in range(100)))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: moving_squares(0, seed=1), "count must be an integer of at least 1. Got 0."),
        (lambda: moving_squares(3, side=2, seed=1), "side must be an integer of at least 3. Got 2."),
        (lambda: addition(3, 0, seed=1), "digits must be an integer of at least 1. Got 0."),
        (lambda: running_parity(3, 4, 0, seed=1), "bits must be an integer of at least 1. Got 0."),
        (lambda: nested(3, deepest=0, seed=1), "deepest must be an integer of at least 1. Got 0."),
        (lambda: enclosed(3, most=0, seed=1), "most must be an integer of at least 1. Got 0."),
        (lambda: counting_aloud("9", seed=1), "count must be an integer of at least 1. Got '9'."),
    ],
)
def test_wrong_sizes_get_the_rule_and_what_came(call, sentence):
    """Exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == sentence
