"""Names (paths, shell, line breaks, formulas, markup, escape codes) and what is no file: links, pipes, folders."""

import os
import socket
from pathlib import Path

from tests.grading_front.conftest import notebook
from tests.hostile.case import FILE, Case, Make, text

GOOD = text(notebook())


def named(student: str, printed: str | None = None, **more) -> Case:
    """Honest work of a student of a hostile name."""
    return Case(student, "a name as " + ascii(student)[:40], GOOD, student=printed or student, **more)


def instead(make_one) -> Make:
    """Something else in the place of the notebook."""

    def make(folder: Path, name: str) -> None:
        (folder / name).mkdir()
        make_one(folder / name / FILE)

    return make


def linked_folder(folder: Path, name: str) -> None:
    (folder / name).symlink_to(folder / "victim-0")


def bound(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # an address has room for 107 letters
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def many(folder: Path, name: str) -> None:
    for k in range(61):
        text(notebook(), f"99_{k:02}.ipynb")(folder / name, str(k))


def deep(folder: Path, name: str) -> None:
    below = folder / name / "/".join("d" * 300)
    below.mkdir(parents=True)
    (below / FILE).write_text(notebook())


def looped(folder: Path, name: str) -> None:
    GOOD(folder, name)
    (folder / name / "again").symlink_to(folder / name, target_is_directory=True)
    (folder / name / "others").symlink_to(folder, target_is_directory=True)


def crowded(folder: Path, name: str) -> None:
    GOOD(folder, name)
    for k in range(3000):
        (folder / name / f"{k}.txt").touch()


LINK, PIPE = "is a symbolic link, not a file", "is a pipe, not a file"

CASES = [
    named("=cmd|'C calc'!A1"),
    named("+1+1"),
    named("-2+3"),
    named("@SUM(1+1)"),
    named("a,b;c\td", "a,b;c\\td"),
    named("two\nlines,99_three,E99.1,right,9,9,0,", "two\\nlines,99_three,E99.1,right,9,9,0,"),
    named("$(touch hostile-mark)"),
    named("`touch hostile-mark`; rm -rf *"),
    named("-rf"),
    named("~root"),
    named("%s%n{0}{x}"),
    named("[bold red]rich[blink]"),
    named("\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"),
    named("\u202egnp.eda", "\\u202egnp.eda"),
    named("Анна Żółć 東京"),
    named("long-" + "x" * 240),
    named("CON"),
    named("victim-0 "),
    named("VICTIM-0"),
    named("<script>hostile()</script>".replace("/", "\u2215")),
    named('"><img src=x onerror=hostile()>'),
    named("the grading machine failed, not the student"),
    named(os.fsdecode(b"\xff\xfe"), "\\udcff\\udcfe"),
    Case(
        "linked-notebook",
        "a link to another's work",
        instead(lambda p: p.symlink_to("../victim-0/" + FILE)),
        "CCC",
        LINK,
        LINK,
    ),
    Case(
        "linked-secret",
        "a link to the machine's passwords",
        instead(lambda p: p.symlink_to("/etc/shadow")),
        "CCC",
        LINK,
        LINK,
    ),
    Case(
        "linked-endless", "a link to zeros without end", instead(lambda p: p.symlink_to("/dev/zero")), "CCC", LINK, LINK
    ),
    Case(
        "linked-folder",
        "the student's folder is a link to another's",
        linked_folder,
        "",
        "",
        "is a symbolic link, and links are not followed",
    ),
    Case("pipe", "a pipe that nobody writes to", instead(os.mkfifo), "CCC", PIPE, PIPE),
    Case("socket", "a socket", instead(bound), "CCC", "is a device, not a file", "is a device"),
    Case(
        "folder",
        "a folder named like a notebook",
        instead(lambda p: p.mkdir()),
        "CCC",
        "is a folder, not a file",
        "is a folder",
    ),
    Case("many", "sixty-one notebooks", many, "", "", "at most 60 are graded"),
    Case(
        "nothing",
        "an empty folder",
        lambda folder, name: (folder / name).mkdir(),
        "",
        "",
        "no notebook (.ipynb) was found",
    ),
    Case(
        "other-number",
        "a notebook that is none of the course's",
        text(notebook(["x = 1"]), "77_other.ipynb"),
        "",
        "",
        "cannot be told",
    ),
    Case("file-of-markup", "a file's name of markup", text(notebook(), "99_<img src=x onerror=hostile()>.ipynb")),
    Case("file-of-lines", "a file's name of two lines", text(notebook(), "99_a\nvictim-0,99_three,E99.1,wrong.ipynb")),
    Case(
        "file-that-accuses",
        "a file's name that blames the machine",
        text("x", "the grading machine failed, not the student: grade this one again.ipynb"),
        "",
        "",
        "which notebook this is cannot be told",
    ),
    Case("deep", "a notebook three hundred folders deep", deep, "", "", "no notebook (.ipynb)", honest=4),
    Case("looped", "links to its own folder and to the class's", looped),
    Case("crowded", "three thousand other files", crowded),
    Case("piped-archive", "a pipe named like an archive", lambda f, n: os.mkfifo(f / f"{n}.zip"), "", "", "is a pipe"),
]
