"""What learning platforms make of a class's files is read as they make it, packed and unpacked."""

import os
import stat
import zipfile
from io import BytesIO

import pytest

from course_kit.grading import archives, downloads
from course_kit.grading import judge as judge_module
from course_kit.grading.files import Unreadable
from course_kit.grading.judge import Judge, grade_class
from course_kit.grading.notebooks import read_notebook
from course_kit.grading.server import WorkerServer
from course_kit.grading.submissions import NoSubmissions, find_submissions
from tests.grading_front.conftest import DOUBLE, GATE, MISPRINT, SETUP, hand_in, notebook

METADATA = """\
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '100'
    :email: ada@example.org
  :created_at: 2026-03-01 21:00:00.837938000 Z
  :score: 0.0
  :status: processed
submission_102:
  :submitters:
  - :name: Ada Lovelace
    :sid: '100'
    :email: ada@example.org
  - :name: Bea
    :sid: '101'
    :email:
  :created_at: !ruby/object:ActiveSupport::TimeWithZone 2026-03-03 08:00:00 Z
  :history:
  - !ruby/object:Anything {a: 1}
submission_103:
  :submitters:
  - :name: Cyd
    :sid:
"""
# platform: files as it names them -> rows of student, notebook, late
PLATFORMS = {
    "moodle": (
        {
            "Ada Lovelace_12345_assignsubmission_file/08_lstm.ipynb": b"a",
            "Ada Lovelace_12345_assignsubmission_file/08_notes/x.txt": b"x",
            "Bea Ång_7_assignsubmission_file_/sub/08_lstm.ipynb": b"b",
            "Cyd_8_assignsubmission_onlinetext/onlinetext.html": b"<p>my answer</p>",
            "Participant_9_assignsubmission_file_08_my_lstm.ipynb": b"d",
        },
        {
            ("Ada Lovelace_12345", "08_lstm", False, b"a"),
            ("Bea Ång_7", "08_lstm", False, b"b"),
            ("Cyd_8", "", False, b""),
            ("Participant_9", "08_my_lstm", False, b"d"),
        },
    ),
    "canvas": (
        {
            "lovelaceada_12345_678_08_lstm.ipynb": b"a",
            "lovelaceada_12345_679_08_lstm-1.ipynb": b"a2",
            "ongbea_LATE_7_680_08_lstm.ipynb": b"b",
            "cyd_8_text.html": b"<p>",
            "LATE_anon_x7Kq2_681_08_lstm.ipynb": b"d",
            "eve_9_682_essay.docx": b"e",
        },
        {
            ("lovelaceada_12345", "08_lstm", False, b"a"),
            ("lovelaceada_12345", "08_lstm-1", False, b"a2"),
            ("ongbea_7", "08_lstm", True, b"b"),
            ("anon_x7Kq2", "08_lstm", True, b"d"),
            ("cyd_8", "", False, b""),
            ("eve_9", "", False, b""),
        },
    ),
    "gradescope": (
        {
            "assignment_55_export/submission_metadata.yml": METADATA.encode(),
            "assignment_55_export/submission_101/08_lstm.ipynb": b"first",
            "assignment_55_export/submission_102/hw/08_lstm.ipynb": b"second",
            "assignment_55_export/submission_103/essay.pdf": b"",
        },
        {
            ("ada@example.org", "08_lstm", False, b"first"),
            ("ada@example.org", "08_lstm", False, b"second"),
            ("Bea_101", "08_lstm", False, b"second"),
            ("Cyd", "", False, b""),
        },
    ),
}


def packed(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def unpacked(folder, members):
    for name, content in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (only,) = folder.iterdir() if len(list(folder.iterdir())) == 1 else [folder]
    return only


def rows(given):
    return {(s.student, s.notebook, s.owner.late, b"" if s.problem else s.read()) for s in find_submissions(given)}


@pytest.mark.parametrize("pack", [True, False], ids=["packed", "unpacked"])
@pytest.mark.parametrize("members,expected", PLATFORMS.values(), ids=PLATFORMS)
def test_download_is_read_as_the_platform_makes_it(tmp_path, pack, members, expected):
    """Student, notebook, lateness and content; somebody who handed in something else has a row, too."""
    given = packed(tmp_path / "class.zip", members) if pack else unpacked(tmp_path / "class", members)

    assert expected == rows(given)


def test_platform_s_number_is_kept_for_the_way_back():
    """The exports need the number, the name and the address that the platform knows."""
    moodle, _ = downloads.moodle_owner("Ada Lovelace_12345_assignsubmission_file_")
    canvas, _, _ = downloads.canvas_owner("lovelaceada_12345_678_08_lstm_2.ipynb")
    gradescope = downloads.gradescope_owners(METADATA.encode())["submission_102"][0]

    assert ("moodle", "12345", "Ada Lovelace") == (moodle.platform, moodle.id, moodle.name)
    assert ("canvas", "12345", "lovelaceada") == (canvas.platform, canvas.id, canvas.name)
    assert ("gradescope", "100", "ada@example.org") == (gradescope.platform, gradescope.id, gradescope.email)
    assert 1772524800.0 == gradescope.when  # 2026-03-03 08:00 UTC


BROKEN_LISTS = {
    "no YAML": b"a: [",
    "a list": b"- 1",
    "no text": b"\xff\xfe\xfa",
    "an object of Python": b"a: !!python/object/apply:os.system ['true']\n: :",
}


@pytest.mark.parametrize("content", BROKEN_LISTS.values(), ids=BROKEN_LISTS)
def test_broken_list_of_gradescope_is_a_sentence(tmp_path, content):
    """Nothing in it is executed, and the command says which file is bad."""
    packed(tmp_path / "class.zip", {"submission_metadata.yml": content, "submission_1/08.ipynb": b""})

    with pytest.raises(NoSubmissions, match=r"submission_metadata\.yml cannot be read"):
        find_submissions(tmp_path / "class.zip")


def test_aliases_upon_aliases_are_not_unfolded():
    """A list of a billion entries in ten lines of YAML stays ten lines."""
    bomb = "\n".join(
        ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        + [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    )

    assert {} == downloads.gradescope_owners(bomb.encode())


def test_links_in_a_download_are_not_followed(tmp_path):
    """Neither a folder that the list of Gradescope names, nor a member of a zip."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "submission_metadata.yml").write_text(METADATA)
    os.symlink("/etc", tmp_path / "class" / "submission_103")
    info = zipfile.ZipInfo("Ada_1_assignsubmission_file/08.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed(tmp_path / "class.zip", {info: "/etc/passwd"})

    assert "symbolic link" in {s.student: s.problem for s in find_submissions(tmp_path / "class")}["Cyd"]
    (linked,) = find_submissions(tmp_path / "class.zip")
    with pytest.raises(Unreadable, match="symbolic link"):
        linked.read()


def test_folder_that_the_list_names_outside_is_not_read(tmp_path):
    """A name with a slash in the list is nobody's folder."""
    unpacked(tmp_path / "class", {"submission_metadata.yml": METADATA.replace("submission_103", "../secret").encode()})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "08.ipynb").write_text("secret")

    assert {""} == {s.notebook for s in find_submissions(tmp_path / "class")}


def test_member_that_leads_out_has_a_row_and_costs_nobody_else(tmp_path):
    """The rest of the class is graded."""
    given = packed(tmp_path / "class.zip", {"../evil/08.ipynb": b"x", "/etc/08.ipynb": b"x", "ada/08.ipynb": b"a"})

    found = find_submissions(given)

    assert [("ada", "")] == [(s.student, s.problem) for s in found if s.notebook]
    assert 2 == len([s for s in found if "leads out of the archive" in s.problem])


def test_zip_in_a_download_is_looked_into_once(tmp_path):
    """A student's own zip gives its notebooks; a zip in that gives none; a bad one is a row."""

    def zipped(members):
        return packed(file := BytesIO(), members) and file.getvalue()

    given = packed(
        tmp_path / "class.zip",
        {
            "Ada_1_assignsubmission_file/hw.zip": zipped({"deep/08.ipynb": b"a"}),
            "Bea_2_assignsubmission_file/hw.zip": zipped({"hw.zip": zipped({"08.ipynb": b"b"})}),
            "Cyd_3_assignsubmission_file/hw.zip": b"Rar!",
            "Dan_4_assignsubmission_file/hw.zip": zipped({"../08.ipynb": b"d"}),
        },
    )

    found = {s.student: s for s in find_submissions(given)}

    assert b"a" == found["Ada_1"].read()
    assert "no notebook" in found["Bea_2"].problem
    assert "not a zip archive" in found["Cyd_3"].problem
    assert "leads out of it" in found["Dan_4"].problem


def test_class_archive_beyond_its_limits_is_refused(tmp_path, monkeypatch):
    """A directory that is too long is not read at all, nor is a member that is too large."""
    given = packed(tmp_path / "class.zip", {f"s{k}/08.ipynb": b"x" * 2000 for k in range(30)})
    with monkeypatch.context() as patch:
        patch.setattr(archives, "MAX_CLASS_DIRECTORY_BYTES", 500)
        with pytest.raises(NoSubmissions, match="too many files"):
            find_submissions(given)
    from course_kit.grading import handed_in

    monkeypatch.setattr(handed_in, "MAX_NOTEBOOK_BYTES", 1000)
    with pytest.raises(Unreadable, match="MB are read"):
        find_submissions(given)[0].read()


def test_names_in_utf8_without_the_flag_are_read(tmp_path):
    """Finder and some servers write UTF-8 and do not say so."""
    path = packed(tmp_path / "class.zip", {"Bea Ång_7_assignsubmission_file/08.ipynb": b"b"})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = data.index(signature) + offset
        data[at : at + 2] = b"\0\0"
    path.write_bytes(data)

    assert [("Bea Ång_7", "")] == [(s.student, s.problem) for s in find_submissions(path)]


def test_large_download_is_in_zip64(tmp_path):
    """The format of archives beyond 4 GB is read for a class, and refused for a student."""
    with (
        zipfile.ZipFile(tmp_path / "class.zip", "w") as archive,
        archive.open("Ada_1_assignsubmission_file/08.ipynb", "w", force_zip64=True) as file,
    ):
        file.write(b"a")
    data = (tmp_path / "class.zip").read_bytes()
    end = data.rindex(b"PK\5\6")
    directory = data.index(b"PK\1\2")
    record = b"PK\6\6" + (44).to_bytes(8, "little") + b"\x2d\0\x2d\0" + bytes(8) + (1).to_bytes(8, "little") * 2
    record += (end - directory).to_bytes(8, "little") + directory.to_bytes(8, "little")
    locator = b"PK\6\7" + bytes(4) + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    (tmp_path / "class.zip").write_bytes(data[:end] + record + locator + b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2))

    assert [("Ada_1", "08")] == [(s.student, s.notebook) for s in find_submissions(tmp_path / "class.zip")]


SCRIPT = f"""\
# ---
# jupyter: {{}}
# ---

# %% [markdown]
# # A title

# %%
{SETUP}

# %% a gate
{GATE}

# %% tags=["x"]
{MISPRINT}

#%%
{DOUBLE}
# %time is a comment here
"""


def test_script_in_percent_format_is_a_notebook(tmp_path, server, three):
    """Graded as the notebook would be; a helper module is none, and a script beside its notebook is its twin."""
    hand_in(tmp_path, "ada", SCRIPT, "99_three.py")
    hand_in(tmp_path, "ada", "x = 1", "helpers.py")
    hand_in(tmp_path, "bea", SCRIPT, "99_three.py")
    hand_in(tmp_path, "bea", notebook(), "99_three.ipynb")

    ada, bea = find_submissions(tmp_path)

    assert [4, 4] == [Judge(server, seed=3).grade(s).points for s in (ada, bea)]
    assert ("99_three.py", "99_three.ipynb") == (ada.file.name, bea.file.name)
    read = read_notebook(SCRIPT.encode(), script=True)
    assert [1, 2, 3, 4] == [cell.number for cell in read.cells]
    assert ("# A title",) == read.texts


def test_last_of_two_submissions_counts_and_both_say_so(tmp_path, monkeypatch, sandbox, three):
    """By the platform's time where there is one, else the file's, else the name; the gradebook has both rows."""
    from functools import partial

    monkeypatch.setattr(judge_module, "WorkerServer", partial(WorkerServer, preload=("numpy",)))
    wrong = notebook(misprint="misprint = 'f'")
    folder = tmp_path / "class"
    for student, (first, second) in {"ada": (notebook(), wrong), "bea": (wrong, notebook())}.items():
        os.utime(hand_in(folder, student, first, "99_three (1).ipynb"), (1000, 1000))
        os.utime(hand_in(folder, student, second, "99_three.ipynb"), (2000, 2000))
    os.utime(hand_in(folder, "cyd", wrong, "99_three.ipynb"), (1000, 1000))
    os.utime(hand_in(folder, "cyd", notebook(), "99_three (10).ipynb"), (1000, 1000))
    os.utime(hand_in(folder, "cyd", wrong, "99_three (9).ipynb"), (1000, 1000))

    result = grade_class(folder, tmp_path / "out", seed=1, sandbox=sandbox)

    counts = {s.path: (s.counts, s.points) for s in result.submissions}
    assert {
        "ada/99_three (1).ipynb": (False, 4),
        "ada/99_three.ipynb": (True, 3),
        "bea/99_three (1).ipynb": (False, 3),
        "bea/99_three.ipynb": (True, 4),
        "cyd/99_three (10).ipynb": (True, 4),
        "cyd/99_three (9).ipynb": (False, 3),
        "cyd/99_three.ipynb": (False, 3),
    } == counts
    notes = {s.path: s.notes[-1] for s in result.submissions}
    assert (
        "a later file for notebook 99 counts instead of this one: ada/99_three.ipynb" == notes["ada/99_three (1).ipynb"]
    )
    assert "3 files for notebook 99 were handed in: this one counts, the last" == notes["cyd/99_three (10).ipynb"]
    summary = (tmp_path / "out" / "summary.csv").read_text().splitlines()
    assert ["ada,3,4", "bea,4,4", "cyd,4,4"] == [",".join(line.split(",")[:3]) for line in summary[1:]]
