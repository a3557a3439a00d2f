"""The wire carries plain data both ways unchanged, and survives whatever else is put on it."""

import json
import math

import numpy as np
import pytest

from course_kit.checking import answer
from course_kit.grading import wire
from course_kit.grading.wire import Foreign, FrameReader, WireError


def there_and_back(value):
    reader = FrameReader()
    reader.feed(wire.encode(value))
    return reader.take()[0]


def frame(tree, arrays: bytes = b"") -> bytes:
    """A frame as somebody hostile would write it: any JSON, any bytes."""
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return wire.PREFIX.pack(wire.MAGIC, len(text), len(arrays)) + text + arrays


def received(data: bytes):
    reader = FrameReader()
    reader.feed(data)
    return reader.take()


PLAIN = [
    None,
    True,
    0,
    -1,
    2**63,
    -(2**4095),
    0.1,
    math.inf,
    1e-320,
    2 - 3j,
    "",
    "Ünïcode \U0001f600 \x00 \n",
    [],
    [1, [2.0, ["x"]], None],
    (1, (2,), []),
    {"a": {"b": [1]}, "": 2},
]


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: repr(value)[:20])
def test_plain_value_comes_back_equal_and_of_the_same_type(value):
    """None, bool, int, float, complex, str, list, tuple, dict."""
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


def test_nan_comes_back_as_nan():
    """The one value that equality cannot test."""
    assert math.isnan(there_and_back(math.nan))


@pytest.mark.parametrize("dtype", ["?", "b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d", "F", "D", ">f8", ">i4"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 4), (2, 1, 3)])
def test_numeric_array_comes_back_equal_in_shape_and_value(dtype, shape):
    """Every numeric dtype, in either byte order."""
    array = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    back = there_and_back(array)
    assert isinstance(back, np.ndarray)
    assert back.dtype == np.dtype(dtype).newbyteorder("<")
    assert back.shape == shape
    assert np.array_equal(back, array)


def test_array_of_any_layout_comes_back_as_an_own_c_ordered_copy():
    """Transposed, sliced, read-only: the copy can be written and the original stays."""
    source = np.arange(12.0).reshape(3, 4)
    source.flags.writeable = False
    for array in (source.T, source[:, ::2], source[::-1]):
        back = there_and_back(array)
        assert np.array_equal(back, array)
        assert back.flags.c_contiguous and back.flags.owndata and back.flags.writeable


@pytest.mark.parametrize("scalar", [np.float32(0.1), np.int64(-5), np.bool_(True), np.complex64(1j)])
def test_numpy_scalar_comes_back_as_a_numpy_scalar(scalar):
    """np.float32(0.1) is not 0.1."""
    back = there_and_back(scalar)
    assert type(back) is type(scalar)
    assert back == scalar


def test_long_double_comes_as_double():
    """Long doubles differ from machine to machine; an answer computed in them is not thrown away for that."""
    assert there_and_back(np.longdouble([0.5])).dtype == np.float64


class Secretive:
    """An object whose every attribute raises."""

    def __getattribute__(self, name):
        raise RuntimeError(name)


class Shaped:
    shape = (2, 3)


ENDLESS: list = []
ENDLESS.append(ENDLESS)

NOT_PLAIN = [
    (len, "builtins.builtin_function_or_method", None),
    (lambda: 1, "builtins.function", None),
    ((k for k in range(2)), "builtins.generator", None),
    ({1, 2}, "builtins.set", None),
    (b"bytes", "builtins.bytes", None),
    ({1: 2}, "builtins.dict", None),
    (np.array([None, 1]), "array of dtype object", (2,)),
    (np.array(["a"]), "array of dtype <U1", (1,)),
    (np.datetime64("2020-01-01"), "array of dtype datetime64[D]", ()),
    (Shaped(), f"{__name__}.Shaped", (2, 3)),
    (Secretive(), f"{__name__}.Secretive", None),
]


@pytest.mark.parametrize(("value", "name", "shape"), NOT_PLAIN, ids=lambda value: str(type(value).__name__))
def test_anything_else_comes_as_its_type_and_shape(value, name, shape):
    """No value of it, no pickle, nothing to execute; inside a container too."""
    assert there_and_back(value) == Foreign(name, shape)
    assert there_and_back([1, value]) == [1, Foreign(name, shape)]


@pytest.mark.parametrize(
    "value", [*PLAIN, *(value for value, _, _ in NOT_PLAIN[:-1]), ENDLESS], ids=lambda value: repr(value)[:20]
)
def test_judge_and_notebook_see_the_same_value(value):
    """What crosses the wire is what ``checking.answer.plain`` makes of it in the notebook's own process."""
    reader = FrameReader(answer.Foreign)
    reader.feed(wire.encode(value))
    assert repr(reader.take()[0]) == repr(answer.plain(value))


def test_list_within_itself_ends_at_the_depth_limit():
    """A self-referring answer is a finite one on the other side."""
    found, depth = there_and_back(ENDLESS), 0
    while isinstance(found, list):
        found, depth = found[0], depth + 1
    assert (found, depth) == (Foreign("builtins.list"), wire.MAX_DEPTH)


def test_subclass_cannot_lie_about_its_value():
    """What crosses is what the base class holds."""

    class Liar(int):
        def __int__(self):
            return 100

        __index__ = __int__

        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    assert there_and_back(Liar(3)) == 3
    assert type(there_and_back(Liar(3))) is int


TOO_LARGE = [
    ("integer", 1 << wire.MAX_BITS),
    ("string", "x" * (wire.MAX_STRING + 1)),
    ("list", [0] * (wire.MAX_ITEMS + 1)),
    ("array", np.zeros(wire.MAX_ARRAYS // 8 + 1)),
    ("many arrays", [np.zeros(wire.MAX_ARRAYS // 16)] * 3),
    ("text", ["é" * 10**6] * 2),
]


@pytest.mark.parametrize(("what", "value"), TOO_LARGE, ids=[what for what, _ in TOO_LARGE])
def test_too_large_a_value_is_refused_before_it_is_sent(what, value):
    """The sender has the words: how much is allowed and how much there was."""
    with pytest.raises(WireError, match="at most|may have"):
        wire.encode(value)


HOSTILE = {
    "wrong magic": b"PICK" + frame(1)[4:],
    "text longer than allowed": wire.PREFIX.pack(wire.MAGIC, wire.MAX_TEXT + 1, 0),
    "arrays longer than allowed": wire.PREFIX.pack(wire.MAGIC, 2, 2**63),
    "no JSON": frame(b"{"),
    "no ASCII": frame(b'"\xff"'),
    "an object": frame({"a": 1}),
    "unknown tag": frame(["pickle", "cos\nsystem"]),
    "empty record": frame([]),
    "record without a tag": frame([1, 2]),
    "nested 100,000 deep": frame(b"[" * 100_000 + b"]" * 100_000),
    "nested one too deep": frame(json.loads('["list",' * 9 + "1" + "]" * 9)),
    "a million entries": frame(b'["list"' + b",0" * 1_000_000 + b"]"),
    "integer of 5,000 digits": frame(b"9" * 5000),
    "integer too long in hex": frame(["int", "0x" + "f" * 2000]),
    "integer that is none": frame(["int", "zz"]),
    "integer from a list": frame(["int", [1]]),
    "complex of strings": frame(["complex", "1", "2"]),
    "string too long": frame("x" * (wire.MAX_STRING + 1)),
    "dict of no pairs": frame(["dict", 1]),
    "dict with a number as key": frame(["dict", [1, 2]]),
    "dict with a key twice": frame(["dict", ["a", 1], ["a", 2]]),
    "object dtype": frame(["array", "|O", 1], b"\0" * 8),
    "string dtype": frame(["array", "<U1", 1], b"\0" * 4),
    "structured dtype": frame(["array", "f8,f8", 1], b"\0" * 16),
    "void dtype": frame(["array", "|V8", 1], b"\0" * 8),
    "no dtype": frame(["array", 8, 1], b"\0" * 8),
    "array longer than its bytes": frame(["array", "<f8", 2], b"\0" * 8),
    "array of impossible size": frame(["array", "<f8", 2**40, 2**40], b"\0" * 8),
    "negative axis": frame(["array", "<f8", -1], b"\0" * 8),
    "axis that is a bool": frame(["array", "|b1", True], b"\0"),
    "axis that is a float": frame(["array", "<f8", 1.0], b"\0" * 8),
    "axis over 64 bits": frame(["array", "<f8", 0, 2**63]),
    "too many axes": frame(["array", "<f8", *[1] * 40], b"\0" * 8),
    "bytes left over": frame(1, b"\0"),
    "scalar with a shape": frame(["scalar", "<f8", 1], b"\0" * 8),
    "foreign without a name": frame(["foreign", None, None]),
    "foreign with a long name": frame(["foreign", "x" * 1000, None]),
    "foreign of negative shape": frame(["foreign", "x", [-1]]),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_frame_raises_wire_error_and_nothing_else(data):
    """Whoever decodes has one exception to catch."""
    with pytest.raises(WireError):
        received(data)


def test_random_bytes_in_a_frame_never_raise_anything_else():
    """10,000 damaged frames: each decodes or is refused."""
    rng = np.random.default_rng(0)
    whole = bytearray(wire.encode({"id": 3, "value": [np.arange(3.0), "text", 2**70, len, 1j], "state": "value"}))
    refused = 0
    for _ in range(10_000):
        damaged = bytearray(whole)
        for place in rng.integers(wire.PREFIX.size, len(whole), rng.integers(1, 4)):
            damaged[place] = rng.integers(256)
        try:
            received(bytes(damaged))
        except WireError:
            refused += 1
    assert 1000 < refused < 10_000


def test_half_of_a_surrogate_pair_does_not_reach_the_judge():
    """Such a string could be written to no file of the gradebook."""
    assert there_and_back("a\ud800b").encode("utf-8") == b"a?b"


def test_frames_are_found_however_the_bytes_are_cut():
    """One byte at a time, and two frames at once."""
    data = wire.encode([1, np.arange(4)]) + wire.encode("next")
    reader, found = FrameReader(), []
    for byte in data:
        reader.feed(bytes([byte]))
        while taken := reader.take():
            found.append(taken[0])
    assert found[0][0] == 1
    assert found[1] == "next"
    reader.feed(data)
    assert reader.take()[0][0] == 1
    assert reader.take() == ("next",)
    assert reader.take() is None
