"""Text for character models: Python's documentation topics, or any text file by its path, text8 among them.

    text = load()                       the topics that this Python brings along; nothing is downloaded
    text = load("text8.zip")            Mahoney's first 100,000,000 characters of Wikipedia, packed or plain
    text = load("book.txt", characters="all")

Two alphabets. "letters" is that of text8: lower-case letters, of any script, with one space between words. "all" leaves
characters as they are. In both, what is rarer than one in 20,000 becomes a space, since nothing can be learned of it.
"""

import platform
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

PYTHON = "python"
CHARACTERS = ("letters", "all")
RARE = 20_000
SHORTEST = 1000
LARGEST = 1 << 30  # bytes unpacked; text8 has 100,000,000
NO_LETTER = re.compile(r"[\W\d_]+")


class TextError(ValueError):
    """The text cannot be had; the message says what to do, in a sentence."""


@dataclass(frozen=True)
class Text:
    """A text in two parts: one to learn from, one that follows it and is kept apart.

    ``source`` says what was read and how it was cut: print it beside every figure.
    """

    train: str
    held_out: str
    source: str

    @property
    def symbols(self) -> str:
        """The distinct characters of both parts, sorted: the vocabulary."""
        return "".join(sorted(set(self.train) | set(self.held_out)))


def load(
    where: str | Path | None = None,
    *,
    characters: str = "letters",
    held_out: float = 0.1,
    limit: int | None = None,
) -> Text:
    """The text, its last part held out.

    Args:
        where: None or "python" for the documentation topics of the running Python; else a text file in UTF-8, or a
            zip with one such file in it.
        characters: "letters" or "all", as at the top of this file.
        held_out: float in (0, 0.5], the share at the end that is kept apart.
        limit: int, use only so many characters from the beginning.

    Raises:
        TextError: with what to do, in a sentence.
    """
    if characters not in CHARACTERS:
        raise TextError(f"characters must be one of {', '.join(CHARACTERS)}. Got {characters!r}.")
    if not 0 < held_out <= 0.5:
        raise TextError(f"held_out must be a share above 0 and at most 0.5. Got {held_out!r}.")
    if limit is not None and limit < SHORTEST:
        raise TextError(f"limit must be at least {SHORTEST} characters. Got {limit!r}.")
    if where is None or where == PYTHON:
        raw, name = topics(), f"the documentation topics of Python {platform.python_version()}, repeated paragraphs cut"
    else:
        path = Path(where).expanduser()
        raw, name = read(path), path.name
    found = cleaned(raw, characters)
    whole = len(found)
    found = found[:limit]
    if len(found) < SHORTEST or len(set(found)) < 2:
        raise TextError(f"a text must have at least {SHORTEST} characters. {name} has {len(found)}.")
    cut = len(found) - int(held_out * len(found))
    first = f"the first {len(found):,} of {whole:,} characters of " if len(found) < whole else ""
    text = Text(found[:cut], found[cut:], "")
    kind = "letters and spaces only" if characters == "letters" else "all characters"
    source = (
        f"{first}{name}: {kind}, {len(text.symbols)} symbols; {len(text.train):,} characters to train, the "
        f"{len(text.held_out):,} after them held out"
    )
    return Text(text.train, text.held_out, source)


def topics() -> str:
    """Python's documentation topics, each paragraph once: many stand in several topics, and a text of which the end
    repeats the beginning has no held-out part."""
    from pydoc_data.topics import topics

    seen, kept = set(), []
    for topic in sorted(topics):
        for paragraph in topics[topic].split("\n\n"):
            words = " ".join(paragraph.split())
            if words not in seen:
                seen.add(words)
                kept.append(paragraph)
    return "\n\n".join(kept)


def read(path: Path) -> str:
    """The text of a file, or of the one file in a zip. Raises ``TextError``."""
    try:
        content = _unzipped(path) if zipfile.is_zipfile(path) else _bytes(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise TextError(f"{path.name} must be a whole zip without a password. {error}: copy it again.") from error
    except OSError as error:
        raise TextError(f"{path} must be a text file that can be read. {error.strerror or error}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = f"0x{content[error.start]:02x} at byte {error.start}"
        raise TextError(f"{path.name} must be text in UTF-8. Got {wrong}: save it as UTF-8.") from error


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST:
        raise TextError(f"{path.name} must have at most {LARGEST:,} bytes. It has {size:,}: cut it.")
    return path.read_bytes()


def _unzipped(path: Path) -> bytes:
    with zipfile.ZipFile(path) as packed:
        files = [f for f in packed.infolist() if not f.is_dir()]
        if len(files) != 1:
            raise TextError(f"{path.name} must hold one text file, as text8.zip does. It holds {len(files)}.")
        with packed.open(files[0]) as file:
            content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TextError(f"{path.name} must unpack to at most {LARGEST:,} bytes. It holds more.")
    return content


def cleaned(raw: str, characters: str = "letters") -> str:
    """``raw`` in one of the two alphabets.

    >>> cleaned("It's 3 o'clock,\\n Ёлка!")
    'it s o clock ёлка'
    >>> cleaned("It's 3 o'clock", "all")
    "It's 3 o'clock"
    """
    text = NO_LETTER.sub(" ", raw.lower()).strip() if characters == "letters" else raw.replace("\r\n", "\n")
    counts = Counter(text)
    rare = {ord(c): " " for c, n in counts.items() if n * RARE < len(text)}
    if not rare:
        return text
    text = text.translate(rare)
    return " ".join(text.split()) if characters == "letters" else text
