"""The pages that grading leaves: ``index.html`` for the instructor, ``feedback/<student>.html`` for each student.

Every text in them may come from a submission, so none is trusted: templates escape everything, characters that
show nothing or reorder text are made visible, and a content security policy names the page's own style and script
by their hash and allows nothing else.
"""

import base64
import hashlib
import os
import re
import unicodedata
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from course_kit.checking import Outcome, State, find
from course_kit.checking.registry import UnknownExercise
from course_kit.grading.at_a_glance import NO_FILE, by_student, exercises_of, glance
from course_kit.grading.class_result import ClassResult
from course_kit.grading.pages import Pages
from course_kit.grading.results import SubmissionResult, counted

TEMPLATES = Path(__file__).parent / "templates"
# A state's letter (its class in the page) and its sign: with word and colour a third way to tell them apart.
MARKS = {
    State.RIGHT: ("r", "✓"),
    State.WRONG: ("w", "✗"),
    State.COULD_NOT_RUN: ("c", "!"),
    State.NOT_ATTEMPTED: ("n", "–"),
    NO_FILE: ("a", "·"),
}
HASH_DIGITS = 20  # 80 bits: two names of one hash are out of a student's reach
PLAIN_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,58}[a-z0-9_])?")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")  # devices on Windows, whatever the ending
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")  # colours in a traceback
INVISIBLE = {
    **{code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"},
    **{code: f"[U+{code:04X}]" for code in (*range(0x7F, 0xA0), 0x61C, 0x200B, 0x200E, 0x200F, 0xFEFF)},
    **{code: f"[U+{code:04X}]" for code in (*range(0x2028, 0x202F), *range(0x2060, 0x2070))},
    **{code: "\ufffd" for code in (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF)},
}


def write_report(result: ClassResult, out: Path, terse: bool = False) -> Path:
    """Write ``index.html`` and a feedback page for each student.

    Args:
        result: ClassResult. Its seed stands on no page.
        out: Path, a folder; it is made if need be. Pages of an earlier run are replaced, and removed where their
            student is no longer there.
        terse: bool. True leaves obtained and expected numbers out of the feedback.

    Returns:
        Path of ``index.html``.
    """
    out = Path(out)
    asked = exercises_of(result)
    pages = Pages(out, "feedback")
    for student, submissions in by_student(result):
        page = pages.add(feedback_name(student))
        write_page(
            page,
            "feedback.html",
            run=result,
            terse=terse,
            **_own(student, submissions, asked),
            final=result.final(submissions),
        )
    pages.forget_the_others()
    index = out / "index.html"
    write_page(index, "index.html", run=result, glance=glance(result), open_door=_not_isolated(result.isolation))
    return index


def feedback_name(student: str) -> str:
    """The file name of a student's page: safe on every file system, and another for every other student.

    A plain name is kept: at most 60 of a-z, 0-9, ``_``, ``-`` and ``.``, with no dot or dash at its ends. Of any
    other name a readable rest is kept, and a hash of the whole is added. Capitals count as "other", since some
    file systems take ``Ada`` and ``ada`` for one; so does a name that looks as if it had a hash already.

    >>> feedback_name("ada.lovelace")
    'ada.lovelace.html'
    >>> feedback_name("../Ada")
    'ada-4e4af21652b78501295b.html'
    """
    looks_hashed = re.search(rf"-[0-9a-f]{{{HASH_DIGITS}}}$", student)
    if PLAIN_NAME.fullmatch(student) and not RESERVED.fullmatch(student) and not looks_hashed:
        return f"{student}.html"
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]
    latin = unicodedata.normalize("NFKD", student[:200]).encode("ascii", "ignore").decode().lower()
    rest = re.sub(r"[^a-z0-9_]+", "-", latin)[:40].strip("-")
    return f"{rest or 'student'}-{digest}.html"


def visible(value):
    """``value`` with the characters that show nothing, or turn the order of others, written out.

    >>> visible("a\\x00b\\u202ec")
    'a␀b[U+202E]c'
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return ANSI.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n").translate(INVISIBLE)


def clip(text: str, most: int = 20_000) -> str:
    """A text too long for a page, without its middle.

    >>> clip("abcdefgh", 4)
    'ab\\n... 4 characters left out ...\\ngh'
    """
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def one_line(text: str, most: int = 80) -> str:
    """A text as one short line, for a table.

    >>> one_line("a\\n  b", 80), one_line("abcdef", 4)
    ('a b', 'abc…')
    """
    line = " ".join(visible(text[: 4 * most]).split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1]}…"


def duration(seconds: float) -> str:
    """Seconds as one says them.

    >>> duration(0.134), duration(75.2), duration(3720)
    ('0.13 s', '1 min 15 s', '1 h 2 min')
    """
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def day(iso: str) -> str:
    """An ISO time in words, or as it came.

    >>> day("2026-03-02T14:05:09+01:00")
    '2 March 2026, 14:05 UTC+01:00'
    """
    try:
        time = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{time.day} {time:%B %Y, %H:%M} {time.tzname() or ''}".strip()


def _own(student: str, submissions: list[SubmissionResult], asked: dict[str, Outcome]) -> dict:
    """What a student's page tells: that student's records, and which exercises no file of theirs has."""
    best = counted(submissions)
    return {
        "student": student,
        "submissions": submissions,
        "max_points": sum(o.max_points for o in asked.values()),
        "counts": Counter(str(o.state) for o in best.values()),
        "absent": [o for id, o in asked.items() if id not in best],
    }


def _not_isolated(isolation: str) -> bool:
    return re.match(r"none\b", isolation.strip(), re.IGNORECASE) is not None


@cache
def _slides(id: str) -> tuple[str, ...]:
    try:
        return find(id).slides
    except UnknownExercise:
        return ()


def write_page(path: Path, template: str, **known) -> None:
    """Render into a file beside ``path``, then put it there: a reader never meets half a page."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        stream = _environment().get_template(template).stream(**known)
        stream.enable_buffering(500)
        stream.dump(file)
    os.replace(part, path)


def _source_hash(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The only texts that are not escaped: our own files.
    environment.globals["style"] = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))
    environment.globals["letter"] = {str(word): letter for word, (letter, _) in MARKS.items()}
    environment.globals["sign"] = {str(word): sign for word, (_, sign) in MARKS.items()}
    environment.globals["slides"] = _slides
    environment.filters |= {
        "clip": clip,
        "day": day,
        "duration": duration,
        "line": one_line,
        "page": feedback_name,
        "source_hash": _source_hash,
    }
    return environment
