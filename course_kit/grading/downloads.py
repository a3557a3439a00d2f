"""Who handed a file in, by the names that learning platforms give to files in their downloads.

Each pattern is that of the platform's own source: Moodle ``mod/assign/classes/downloader.php``, Canvas
``lib/content_zipper.rb``; Gradescope's export has a file that says it.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

import yaml

from course_kit.grading.files import Unreadable, printable
from course_kit.grading.handed_in import Owner

METADATA = "submission_metadata.yml"
MAX_METADATA_BYTES = 32 * 2**20
# "Ada Lovelace_12345_assignsubmission_file/..." since Moodle 3.1, with one more underscore in some versions; before,
# and on request now, "Ada Lovelace_12345_assignsubmission_file_08.ipynb". A name has blanks for its own underscores.
MOODLE = re.compile(r"(?P<name>[^_]*)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
# "lovelaceada_LATE_12345_678_08.ipynb": name, mark, the student's number, the file's number, its name.
CANVAS = re.compile(r"(?P<name>.*?)(?:_(?P<late>LATE))?_(?P<id>\d+)_(?P<file_id>\d+)_(?P<file>.+)", re.DOTALL)
# What was typed into a box, or an address: "lovelaceada_12345_text.html".
CANVAS_TYPED = re.compile(r"(?P<name>.*?)(?:_(?P<late>LATE))?_(?P<id>\d+)_(?P<file>(?P<file_id>)(?:text|link)\.html)")
# "LATE_anon_x7Kq2_678_08.ipynb", where an assignment is graded anonymously.
CANVAS_ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?anon_(?P<id>[^_]+)_(?P<file_id>\d+)_(?P<file>.+)", re.DOTALL)


def moodle_owner(name: str) -> tuple[Owner, str] | None:
    """Owner, and the file's own name ("" for a folder), of a name that Moodle made.

    >>> moodle_owner("Ada Lovelace_12345_assignsubmission_file_08.ipynb")[1]
    '08.ipynb'
    """
    if not (found := MOODLE.fullmatch(name)):
        return None
    student = printable(f"{found['name']}_{found['id']}")
    return Owner(student, "moodle", found["id"], printable(found["name"])), found["file"] or ""


def canvas_owner(name: str) -> tuple[Owner, str, float] | None:
    """Owner, the file's own name and its number, of a name that Canvas made.

    >>> owner, file, _ = canvas_owner("lovelaceada_LATE_12345_678_08_lstm.ipynb")
    >>> owner.student, owner.late, file
    ('lovelaceada_12345', True, '08_lstm.ipynb')
    """
    if found := CANVAS_ANONYMOUS.fullmatch(name):
        student, real = f"anon_{found['id']}", ""
    elif found := CANVAS.fullmatch(name) or CANVAS_TYPED.fullmatch(name):
        student, real = f"{found['name']}_{found['id']}", found["name"]
    else:
        return None
    owner = Owner(printable(student), "canvas", found["id"], printable(real), late=bool(found["late"]))
    return owner, found["file"], float(found["file_id"] or 0)  # numbers grow with time


def gradescope_owners(content: bytes) -> dict[str, list[Owner]]:
    """Who handed in which folder ("submission_4711"), from the export's own list. Raises ``Unreadable``."""
    try:
        data = yaml.load(content.decode("utf-8-sig"), _Plain)
        if not isinstance(data, dict):
            raise ValueError("it is no list of folders")
        return {str(folder): list(_submitters(about)) for folder, about in data.items() if isinstance(about, dict)}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(f"{METADATA} cannot be read: {printable(' '.join(str(error).split()))[:300]}") from None


def _submitters(about: dict) -> Iterable[Owner]:
    when = _seconds(about.get(":created_at"))
    people = about.get(":submitters")
    for person in people if isinstance(people, list) else ():
        if isinstance(person, dict):
            name, sid, email = (printable(str(person.get(key) or "")) for key in (":name", ":sid", ":email"))
            student = email or "_".join(text for text in (name, sid) if text) or "nobody"
            yield Owner(student, "gradescope", sid, name, email, when)


def _seconds(value) -> float | None:
    """A time in the export: YAML makes a datetime of most, in UTC where it has no zone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00").replace(" Z", "+00:00"))
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Plain data alone; an object of the platform's own language becomes its text."""


def _as_text(loader, suffix, node):
    return node.value if isinstance(node, yaml.ScalarNode) else None


_Plain.add_multi_constructor("!", _as_text)
_Plain.add_multi_constructor("tag:yaml.org,2002:", _as_text)
