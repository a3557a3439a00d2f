"""Frames over one stream socket: plain data and nothing that could be executed.

A frame is a prefix (magic, two lengths), a JSON text and the raw bytes of its arrays. Whatever a student's process
sends is hostile until decoded: every length is checked before it is believed, and a breach raises ``WireError``.
Both ends keep the same limits, so that an honest answer that is too large is refused where the words for it are.
"""

import json
import math
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MAGIC = b"CKW1"
PREFIX = struct.Struct(">4sIQ")
MAX_TEXT = 4 * 2**20  # of the JSON text; a list of 100,000 floats is 2 MiB
MAX_ARRAYS = 64 * 2**20  # of all arrays of a frame; the largest answer of the course is under 1 MiB
MAX_DEPTH = 8  # containers inside one another, as in checking.answer.plain
MAX_ITEMS = 200_000
MAX_STRING = 10**6
MAX_BITS = 4096  # of an integer
MAX_DIMENSIONS = 16
MAX_NAME = 200
DTYPES = frozenset({"|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"})


class WireError(Exception):
    """What came over the socket, or was to go there, is not plain data within the limits."""


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that is no plain data. The judge puts ``checking.answer.Foreign`` in its place."""

    type_name: str
    shape: tuple[int, ...] | None = None


def encode(value) -> bytes:
    """``value`` as one frame. What is no plain data goes as a ``Foreign`` record: its type's name and shape.

    Raises:
        WireError: more items, bytes, digits or letters than a frame may have.
    """
    writer = _Writer()
    text = json.dumps(writer.write(value, 0), separators=(",", ":")).encode("ascii")
    if len(text) > MAX_TEXT:
        raise WireError(f"at most {MAX_TEXT} bytes of text can be handed over. Got {len(text)}.")
    return b"".join([PREFIX.pack(MAGIC, len(text), writer.size), text, *writer.arrays])


class _Writer:
    """Turns values into JSON: scalars and strings are themselves, all else is [tag, ...]."""

    def __init__(self):
        self.arrays: list[bytes] = []
        self.size = 0
        self.items = 0

    def write(self, value, depth: int):
        self.items += 1
        if self.items > MAX_ITEMS:
            raise WireError(f"at most {MAX_ITEMS} values can be handed over at once.")
        # type() and the unbound methods below cannot be overridden by the class of a student.
        kind = type(value)
        if value is None or kind is bool:
            return value
        if issubclass(kind, np.ndarray | np.generic):
            return self._array(np.array(value), "array" if issubclass(kind, np.ndarray) else "scalar")
        if issubclass(kind, int):
            return self._integer(int.__int__(value))
        if issubclass(kind, float):
            return float.__float__(value)
        if issubclass(kind, complex):
            return ["complex", complex.__complex__(value).real, complex.__complex__(value).imag]
        if issubclass(kind, str):
            return self._string(str.__str__(value))
        if depth < MAX_DEPTH and issubclass(kind, list | tuple):
            entries = list.__iter__(value) if issubclass(kind, list) else tuple.__iter__(value)
            return ["list" if kind is list else "tuple", *[self.write(v, depth + 1) for v in entries]]
        if depth < MAX_DEPTH and issubclass(kind, dict) and all(type(k) is str for k in dict.keys(value)):
            pairs = list(dict.items(value))
            return ["dict", *[[self._string(k), self.write(v, depth + 1)] for k, v in pairs]]
        return _foreign_record(value)

    def _integer(self, value: int):
        if value.bit_length() > MAX_BITS:
            raise WireError(f"an integer may have {MAX_BITS} bits. Got one of {value.bit_length()}.")
        return value if value.bit_length() < 64 else ["int", hex(value)]

    def _string(self, value: str) -> str:
        if len(value) > MAX_STRING:
            raise WireError(f"a string may have {MAX_STRING} characters. Got {len(value)}.")
        return value

    def _array(self, array: np.ndarray, tag: str):
        if array.dtype.kind not in "biufc" or array.ndim > MAX_DIMENSIONS:
            return ["foreign", f"array of dtype {array.dtype}"[:MAX_NAME], list(array.shape)[: MAX_DIMENSIONS + 1]]
        if array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):  # long doubles differ between machines
            array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
        self.size += array.nbytes
        if self.size > MAX_ARRAYS:
            raise WireError(f"at most {MAX_ARRAYS} bytes of arrays can be handed over. Got {self.size}.")
        self.arrays.append(array.tobytes())
        return [tag, array.dtype.str, *array.shape]


def _foreign_record(value) -> list:
    kind = type(value)
    try:
        shape = [int(n) for n in value.shape][: MAX_DIMENSIONS + 1]
        shape = shape if all(0 <= n < 2**63 for n in shape) else None
    except BaseException:  # a student's class may do anything when it is asked for its shape
        shape = None
    name = f"{kind.__module__}.{kind.__qualname__}"
    return ["foreign", name[:MAX_NAME], shape]


def decode(text: bytes, arrays: bytes, foreign: Callable = Foreign):
    """The value of one frame, everything copied. ``foreign(type_name, shape)`` makes what is no plain data.

    Raises:
        WireError: the frame breaks a rule; nothing else is raised, whatever the bytes are.
    """
    if text.count(b",") + text.count(b"[") > 4 * MAX_ITEMS:
        raise WireError("too many values in a frame")
    try:
        tree = json.loads(text.decode("ascii"), parse_int=_small_integer)
    except WireError:
        raise
    except (ValueError, RecursionError) as error:
        raise WireError(f"no JSON text in a frame: {type(error).__name__}") from None
    reader = _Reader(arrays, foreign)
    value = reader.read(tree, 0)
    if reader.at != len(arrays):
        raise WireError("bytes left over in a frame")
    return value


def _small_integer(digits: str) -> int:
    if len(digits) > 20:
        raise WireError("an integer of more than 20 digits in a frame")
    return int(digits)


class _Reader:
    def __init__(self, arrays: bytes, foreign: Callable):
        self.arrays = arrays
        self.foreign = foreign
        self.at = 0
        self.items = 0

    def read(self, tree, depth: int):
        self.items += 1
        if self.items > MAX_ITEMS:
            raise WireError("too many values in a frame")
        if tree is None or isinstance(tree, bool | int | float):
            return tree
        if isinstance(tree, str):
            return self._string(tree)
        match tree:
            case ["list" | "tuple" | "dict", *_] if depth >= MAX_DEPTH:
                raise WireError("values nested too deeply in a frame")
            case ["list", *entries]:
                return [self.read(entry, depth + 1) for entry in entries]
            case ["tuple", *entries]:
                return tuple(self.read(entry, depth + 1) for entry in entries)
            case ["dict", *pairs]:
                return self._dict(pairs, depth)
            case ["int", str(digits)] if len(digits) <= MAX_BITS // 4 + 3:
                return self._integer(digits)
            case ["complex", int() | float() as real, int() | float() as imaginary]:
                return complex(real, imaginary)
            case ["array", str(dtype), *shape]:
                return self._array(dtype, shape)
            case ["scalar", str(dtype)]:
                return self._array(dtype, [])[()]
            case ["foreign", str(name), None | list() as shape] if len(name) <= MAX_NAME:
                return self.foreign(self._string(name), None if shape is None else self._shape(shape))
        raise WireError("a record of no known kind in a frame")

    def _string(self, value: str) -> str:
        if len(value) > MAX_STRING:
            raise WireError("a string too long in a frame")
        # Half of a surrogate pair is legal in JSON and cannot be written to any file afterwards.
        return value.encode("utf-8", "replace").decode("utf-8")

    def _integer(self, digits: str) -> int:
        try:
            return int(digits, 16)
        except ValueError:
            raise WireError("no integer where one is due in a frame") from None

    def _dict(self, pairs: list, depth: int) -> dict:
        found = {}
        for pair in pairs:
            match pair:
                case [str(key), value] if key not in found:
                    found[self._string(key)] = self.read(value, depth + 1)
                case _:
                    raise WireError("no key and value, or a key twice, in a frame")
        return found

    def _shape(self, shape: list) -> tuple[int, ...]:
        if len(shape) > MAX_DIMENSIONS + 1 or not all(type(n) is int and 0 <= n < 2**63 for n in shape):
            raise WireError("no shape where one is due in a frame")
        return tuple(shape)

    def _array(self, dtype: str, shape: list) -> np.ndarray:
        shape = self._shape(shape)
        if dtype not in DTYPES or len(shape) > MAX_DIMENSIONS:
            raise WireError("no numeric array where one is due in a frame")
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        if size > len(self.arrays) - self.at:
            raise WireError("an array longer than its frame")
        start, self.at = self.at, self.at + size
        try:
            return np.frombuffer(self.arrays[start : self.at], kind).reshape(shape).copy()
        except (ValueError, OverflowError):
            raise WireError("an array of impossible shape in a frame") from None


class FrameReader:
    """Collects the bytes of frames as they come and gives each value when it is whole."""

    def __init__(self, foreign: Callable = Foreign):
        self.foreign = foreign
        self.bytes = bytearray()

    def feed(self, data: bytes) -> None:
        self.bytes += data

    def take(self) -> tuple | None:
        """``(value,)`` of the first whole frame, or None as long as there is none."""
        if len(self.bytes) < PREFIX.size:
            return None
        magic, text_size, array_size = PREFIX.unpack_from(self.bytes)
        if magic != MAGIC or text_size > MAX_TEXT or array_size > MAX_ARRAYS:
            raise WireError("no frame, or one over the limits")
        start, end = PREFIX.size + text_size, PREFIX.size + text_size + array_size
        if len(self.bytes) < end:
            return None
        text, arrays = bytes(self.bytes[PREFIX.size : start]), bytes(self.bytes[start:end])
        del self.bytes[:end]
        return (decode(text, arrays, self.foreign),)


def receive(channel: socket.socket, reader: FrameReader) -> tuple | None:
    """``(value,)`` of the next frame, waiting for it; None when the other end has closed."""
    while (found := reader.take()) is None:
        data = channel.recv(65536)
        if not data:
            return None
        reader.feed(data)
    return found
