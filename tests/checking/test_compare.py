"""Messages come in the order type, shape, values; each is tested word for word."""

import numpy as np
import pytest

from course_kit.checking import Foreign, expect, require
from course_kit.checking.compare import Mismatch

TWO = np.array([1.0, 2.0])
GRID = np.arange(6.0).reshape(2, 3)

ACCEPTED = {
    "equal arrays": (TWO.copy(), TWO),
    "within the tolerance": (TWO + 1e-13, TWO),
    "relative for large entries": (np.array([1e6 + 1e-7]), np.array([1e6])),
    "integers for floats": (np.array([1, 2]), TWO),
    "a scalar for one entry": (3.0, np.array([3.0])),
    "one entry for a scalar": (np.array([3.0]), 3.0),
    "a NumPy scalar": (np.float64(3.0), 3.0),
    "a NumPy scalar of 32 bits": (np.float32(3.0), 3.0),
    "a NumPy integer": (np.int64(3), 3),
    "a NumPy scalar for one entry": (np.float32(3.0), np.array([3.0])),
    "a NumPy text": (np.str_("W_i"), "W_i"),
    "a whole float for an integer": (50.0, 50),
    "a list for a tuple": ([1.0, 2.0], (1.0, 2.0)),
    "a text with a space": (" W_i ", "W_i"),
    "a NumPy truth": (np.array(True), True),
    "a dict": ({"a": 1.0}, {"a": 1.0}),
    "infinity where it is due": (np.array([np.inf]), np.array([np.inf])),
}


@pytest.mark.parametrize("obtained,expected", ACCEPTED.values(), ids=ACCEPTED)
def test_harmless_differences_are_accepted(obtained, expected):
    """What cannot be misread is unwrapped."""
    expect(obtained, expected, "f")


REFUSED = {
    "list for array": ([1.0, 2.0], TWO, "f is a list, and an array is due: return numpy.array(...) of it."),
    "tensor for array": (
        Foreign("tensorflow.python.framework.ops.EagerTensor", (2,)),
        TWO,
        "f is a tensor (tensorflow.python.framework.ops.EagerTensor), and an array of shape (2,) is due: convert it "
        "with numpy.asarray(...).",
    ),
    "function for array": (
        Foreign("builtins.function"),
        TWO,
        "f is of type builtins.function, and an array of shape (2,) is due.",
    ),
    "text for array": ("1 2", TWO, "f is a text, and an array of shape (2,) is due."),
    "text for number": ("3", 3.0, "f is a text, and one number is due."),
    "truth for number": (True, 1, "f is True or False, and one number is due."),
    "number for truth": (1, True, "f is a number, and True or False is due."),
    "huge integer": (1 << 5000, 1.0, "f is an integer of 5001 bits: far too large."),
    "shape": (np.zeros((2, 2)), TWO, "f has shape (2, 2), and (2,) is due."),
    "transposed": (
        GRID.T.copy(),
        GRID,
        "f has shape (3, 2), and (2, 3) is due. recognised: the array is transposed",
    ),
    "NaN": (
        np.array([1.0, np.nan]),
        TWO,
        "f holds NaN (not a number) at [1]: look for an overflow, a log of 0 or a division by 0.",
    ),
    "a number for infinity": (
        np.array([5.0]),
        np.array([np.inf]),
        "f differs first at [0]: obtained 5, expected inf largest difference inf, tolerance 1e-12",
    ),
    "infinity": (
        np.array([np.inf, 2.0]),
        TWO,
        "f holds infinity at [0]: look for an overflow, a log of 0 or a division by 0.",
    ),
    "complex": (TWO + 0j, TWO, "f has complex entries, and real ones are due."),
    "values": (
        GRID + np.array([0, 0, 0.5]),
        GRID,
        "f differs in 2 of 6 entries first at [0, 2]: obtained 2.5, expected 2 largest difference 0.5, tolerance 1e-12",
    ),
    "one number": (4.0, 3.0, "f differs obtained 4, expected 3 largest difference 1, tolerance 1e-12"),
    "closed": ("W_f", "W_i", "f is not right. obtained 'W_f', expected 'W_i'"),
    "count": ((1.0,), (1.0, 2.0), "f has 1 entries, and 2 are due."),
    "one for two": (
        TWO,
        (1.0, 2.0),
        "f is an array of shape (2,), and 2 values are due: return them as a tuple.",
    ),
    "missing key": ({}, {"a": 1.0}, "f lacks the entries a."),
    "extra key": ({"a": 1.0, "b": 2.0}, {"a": 1.0}, "f has entries that were not asked for: b."),
    "many extra keys": (
        {f"key {k}": 1.0 for k in range(1000)},
        {},
        "f has entries that were not asked for: key 0, key 1, key 10, key 100, key 101 and 995 more.",
    ),
    "in a dict": (
        {"a": 2.0},
        {"a": 1.0},
        "f['a'] differs obtained 2, expected 1 largest difference 1, tolerance 1e-12",
    ),
}


@pytest.mark.parametrize("obtained,expected,message", REFUSED.values(), ids=REFUSED)
def test_message_says_what_is_wrong(obtained, expected, message):
    """One sentence for each way of being wrong."""
    with pytest.raises(Mismatch) as caught:
        expect(obtained, expected, "f")

    assert message == str(caught.value)


def test_entries_of_a_tuple_have_their_own_names():
    """Of two values the message names the one that is wrong."""
    with pytest.raises(Mismatch, match="^c differs in 1 of 2"):
        expect((TWO, TWO + [0, 1]), (TWO, TWO), "h, c")


def test_known_wrong_form_is_named():
    """A mistake that was foreseen is called by its name."""
    with pytest.raises(Mismatch, match="recognised: the sign is turned"):
        expect(-TWO, TWO, "f", known={"a factor is missing": 2 * TWO, "the sign is turned": -TWO})


def test_unknown_wrong_form_is_not_named():
    """A mistake that was not foreseen is not guessed at."""
    with pytest.raises(Mismatch) as caught:
        expect(TWO + 1, TWO, "f", known={"the sign is turned": -TWO})

    assert "" == caught.value.message.known


def test_closed_question_keeps_its_answer():
    """With reveal=False the message tells what came, not what is due."""
    with pytest.raises(Mismatch) as caught:
        expect("W_f", "W_i", "the matrix", reveal=False)

    assert "W_i" not in str(caught.value)


def test_require_says_its_sentence():
    """A condition that fails carries its sentence."""
    with pytest.raises(Mismatch, match="must fall"):
        require(False, "the loss must fall")
