"""``grading.toml``: what a course changes about its grading, read once and refused with one sentence.

[limits]
call_seconds = 10
memory = "4 GiB"
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from .limits import WHOLE, Limits

DEFAULT_FILE = Path("grading.toml")
UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "KB": 10**3, "MB": 10**6, "GB": 10**9}
SIZES = [name for name in WHOLE if name == "memory" or name.endswith("_bytes")]
MAX_BYTES = 2**20


class ConfigError(ValueError):
    """The file cannot be used; the text is the sentence for whoever wrote it."""


def read_limits(path: Path | None = None) -> Limits:
    """The limits of the file at ``path``; without one, of ``grading.toml`` in the current folder, or the defaults.

    Raises:
        ConfigError: the file is not there, is no TOML, or holds what is not known or no value for it.
    """
    if path is None:
        if not DEFAULT_FILE.is_file():
            return Limits()
        path = DEFAULT_FILE
    try:
        with open(path, "rb") as file:
            data = tomllib.loads(file.read(MAX_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise ConfigError(f"{path} is no TOML: {error}") from None
    try:
        return limits(data)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


def limits(data: dict) -> Limits:
    """``Limits`` from the file's content. Raises ValueError with a sentence.

    >>> limits({"limits": {"memory": "4 GiB"}}).memory == 4 * 2**30
    True
    """
    for name in data:
        if name != "limits":
            raise ValueError(f"{name} is not known{_similar(name, ['limits'])}; the file has one table, [limits]")
    given = data.get("limits", {})
    if not isinstance(given, dict):
        raise ValueError(f"limits must be a table, [limits]. Got {given!r}.")
    names = [field.name for field in fields(Limits)]
    for name in given:
        if name not in names:
            raise ValueError(f"limits.{name} is not known{_similar(name, names)}; known are {', '.join(names)}")
    return Limits(**{name: _size(name, value) if name in SIZES else value for name, value in given.items()})


def _size(name: str, value) -> int:
    """Bytes from a number or from a text as "512 MiB"."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-z]+)\s*", value, re.ASCII)
    unit = found and next((size for unit, size in UNITS.items() if unit.lower() == found[2].lower()), None)
    if not unit:
        raise ValueError(f'{name} must be a number of bytes or a text as "512 MiB". Got {value!r}.')
    return int(float(found[1]) * unit)


def _similar(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {found[0]}?)" if found else ""
