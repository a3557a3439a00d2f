"""What was handed in is found in every layout, and nothing is read that a student does not own."""

import os
import zipfile

import pytest

from course_kit.grading import archives, files, handed_in
from course_kit.grading.files import Unreadable
from course_kit.grading.submissions import NoSubmissions, find_submissions


def write(path, content=b"{}"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path, members, compress=zipfile.ZIP_DEFLATED):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", compress) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def rows(folder):
    return [(s.student, s.notebook, s.path, s.problem) for s in find_submissions(folder)]


def problem_of(folder):
    (found,) = find_submissions(folder)
    try:
        found.read()
    except Unreadable as error:
        return str(error)
    return ""


LAYOUTS = {
    "a folder a student": ("ada/08_lstm.ipynb", ("ada", "08_lstm", "ada/08_lstm.ipynb", "")),
    "nbgrader's": ("ada/week 3/08_lstm.ipynb", ("ada", "08_lstm", "ada/week 3/08_lstm.ipynb", "")),
    "capital ending": ("ada/08.IPYNB", ("ada", "08", "ada/08.IPYNB", "")),
    "a browser's copy": ("ada/08 (1).ipynb", ("ada", "08 (1)", "ada/08 (1).ipynb", "")),
}


@pytest.mark.parametrize("path,row", LAYOUTS.values(), ids=LAYOUTS)
def test_layout_is_found(tmp_path, path, row):
    """Each layout gives student, notebook and path."""
    write(tmp_path / path)

    assert [row] == rows(tmp_path)


def test_zip_is_read_in_memory(tmp_path):
    """One zip a student, whatever folders are in it; nothing appears on disk."""
    zipped(
        tmp_path / "ada.zip",
        {"hw/deep/08_lstm.ipynb": b"content", "__MACOSX/hw/._08_lstm.ipynb": b"x", "data.csv": b"1"},
    )

    (found,) = find_submissions(tmp_path)

    assert ("ada", "08_lstm", "ada.zip/hw/deep/08_lstm.ipynb") == (found.student, found.notebook, found.path)
    assert b"content" == found.read()
    assert ["ada.zip"] == os.listdir(tmp_path)


def test_layouts_mix_and_are_sorted(tmp_path):
    """All layouts may lie in one folder; the order does not depend on the disk."""
    write(tmp_path / "cyd" / "08.ipynb")
    zipped(tmp_path / "ada.zip", {"10.ipynb": b"", "08.ipynb": b""})
    write(tmp_path / "bea" / "hw" / "08.ipynb")

    assert ["ada.zip/08.ipynb", "ada.zip/10.ipynb", "bea/hw/08.ipynb", "cyd/08.ipynb"] == [r[2] for r in rows(tmp_path)]


def test_left_behind_files_are_nobody_s_work(tmp_path):
    """Checkpoints, hidden files and notes beside the folders are passed over."""
    write(tmp_path / "ada" / "08.ipynb")
    for name in ("ada/.ipynb_checkpoints/08-checkpoint.ipynb", "ada/.hidden.ipynb", ".git/x", "readme.txt"):
        write(tmp_path / name)

    assert ["ada/08.ipynb"] == [r[2] for r in rows(tmp_path)]


NOTHING = {
    "an empty folder": (lambda f: (f / "ada").mkdir(), "it is empty"),
    "no notebook in it": (lambda f: write(f / "ada" / "essay.docx"), "it holds essay.docx"),
    "a zip without one": (
        lambda f: zipped(f / "ada.zip", {"a.txt": b""}),
        "no notebook (.ipynb) was found in the archive",
    ),
    "a zip that is none": (lambda f: write(f / "ada.zip", b"Rar!"), "not a zip archive"),
    "a zip cut off": (
        lambda f: write(f / "ada.zip", zipped(f / ".x.zip", {"08.ipynb": b"x" * 99}).read_bytes()[:-30]),
        "cut off",
    ),
    "a linked folder": (lambda f: os.symlink("/etc", f / "ada"), "symbolic link"),
    "a linked zip": (lambda f: os.symlink(zipped(f / ".x.zip", {"08.ipynb": b""}), f / "ada.zip"), "symbolic link"),
    "too many notebooks": (
        lambda f: [write(f / "ada" / f"{k}.ipynb") for k in range(handed_in.MAX_NOTEBOOKS + 1)],
        "at most 60 are graded",
    ),
}


@pytest.mark.parametrize("make,sentence", NOTHING.values(), ids=NOTHING)
def test_student_with_nothing_gradable_has_a_row(tmp_path, make, sentence):
    """The row says what is the matter; nobody is left out."""
    make(tmp_path)

    ((student, notebook, _, problem),) = rows(tmp_path)

    assert ("ada", "") == (student, notebook)
    assert sentence in problem


UNREADABLE = {
    "a link to a secret": (lambda p: os.symlink("/etc/passwd", p), "08.ipynb is a symbolic link, not a file"),
    "a pipe, which would block": (os.mkfifo, "08.ipynb is a pipe, not a file"),
    "a folder of that name": (os.mkdir, "08.ipynb is a folder, not a file"),
    "too large": (lambda p: write(p, b" " * (2**20 + 1)), "08.ipynb has 1.0 MB, and at most 1 MB are read"),
}


@pytest.mark.parametrize("make,sentence", UNREADABLE.values(), ids=UNREADABLE)
def test_only_regular_files_are_opened(tmp_path, monkeypatch, make, sentence):
    """What is no file of bearable size is refused before it is opened."""
    monkeypatch.setattr(handed_in, "MAX_NOTEBOOK_BYTES", 2**20)
    (tmp_path / "ada").mkdir()
    make(tmp_path / "ada" / "08.ipynb")

    assert sentence in problem_of(tmp_path)


def test_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    """The size is looked at before, and counted while reading."""
    path = write(tmp_path / "ada" / "08.ipynb", b"x" * 100)
    monkeypatch.setattr(files.os, "fstat", lambda descriptor: os.stat_result((0o100644, 0, 0, 1, 0, 0, 10, 0, 0, 0)))

    with pytest.raises(Unreadable, match="has 0.0 MB, and at most 0 MB"):
        files.read(path, 50)


LEADS_OUT = ("../evil.ipynb", "a/../../evil.ipynb", "/etc/evil.ipynb", "C:/evil.ipynb", "..\\evil.ipynb")


@pytest.mark.parametrize("name", LEADS_OUT)
def test_zip_slip_is_refused(tmp_path, name):
    """An archive with one name that leads out of it is not read at all."""
    zipped(tmp_path / "ada.zip", {"08.ipynb": b"fine", name: b"evil"})

    assert "which leads out of it: nothing in it was read" in problem_of(tmp_path)


def test_link_in_a_zip_is_refused(tmp_path):
    """A member that would become a symbolic link makes the archive suspect."""
    info = zipfile.ZipInfo("08.ipynb")
    info.external_attr = 0o120777 << 16
    zipped(tmp_path / "ada.zip", {info: "/etc/passwd"})

    assert "holds a symbolic link, 08.ipynb" in problem_of(tmp_path)


def test_bomb_is_refused_by_what_it_declares(tmp_path, monkeypatch):
    """200 MB of zeros in 200 KB are not unpacked."""
    monkeypatch.setattr(handed_in, "MAX_NOTEBOOK_BYTES", 2**20)
    zipped(tmp_path / "ada.zip", {"08.ipynb": b"\0" * (20 * 2**20)})

    assert "08.ipynb has 20.0 MB, and at most 1 MB are read" in problem_of(tmp_path)


def test_bomb_that_lies_about_its_size_is_refused(tmp_path):
    """A declared size of one byte does not let the rest through."""
    path = zipped(tmp_path / "ada.zip", {"08.ipynb": b"\0" * 100_000})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\1\2") + 24  # the size in the central directory
    data[at : at + 4] = (1).to_bytes(4, "little")
    path.write_bytes(data)

    assert "damaged" in problem_of(tmp_path)


def test_too_many_members_are_refused_before_they_are_listed(tmp_path, monkeypatch):
    """The directory's length is read from the archive's end."""
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 1000)
    zipped(tmp_path / "ada.zip", {f"{k}.txt": b"" for k in range(30)} | {"08.ipynb": b"{}"})

    assert "the archive holds too many files" in problem_of(tmp_path)


def test_password_is_named(tmp_path):
    """An encrypted member says so."""
    path = zipped(tmp_path / "ada.zip", {"08.ipynb": b"{}"})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)

    assert "protected by a password" in problem_of(tmp_path)


def test_names_stay_on_one_line(tmp_path):
    """Line breaks and broken bytes in names are written out."""
    write(tmp_path / "ada\nbea" / "08.ipynb")
    os.makedirs(os.fsencode(tmp_path) + b"/cyd\xff")

    assert ["ada\\nbea", "cyd\\udcff"] == [r[0] for r in rows(tmp_path)]


WRONG_FOLDER = {
    "none": (lambda f: f / "nowhere", "is not a folder"),
    "empty": (lambda f: f, "holds no submission"),
    "the notebooks' own": (lambda f: write(f / "08.ipynb").parent, "give the folder above it"),
}


@pytest.mark.parametrize("make,sentence", WRONG_FOLDER.values(), ids=WRONG_FOLDER)
def test_wrong_folder_is_one_sentence(tmp_path, make, sentence):
    """The sentence says what to give instead."""
    with pytest.raises(NoSubmissions, match=sentence):
        find_submissions(make(tmp_path))


def test_loose_notebook_beside_folders_has_a_row(tmp_path):
    """It belongs to nobody, and the instructor reads that."""
    write(tmp_path / "ada" / "08.ipynb")
    write(tmp_path / "bea_08.ipynb")

    assert ("bea_08", "", "bea_08.ipynb") == rows(tmp_path)[1][:3]


def test_student_whose_name_begins_with_a_dot_has_a_row(tmp_path):
    """And a tool's folder beside the students has none."""
    for name in (".ada/08.ipynb", "bea/08.ipynb", ".git/config"):
        write(tmp_path / name)

    assert [".ada", "bea"] == [s.student for s in find_submissions(tmp_path)]
