"""``grading.toml``: what it may say, and the one sentence for what it may not."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from course_kit.grading.config import ConfigError, limits, read_limits
from course_kit.grading.limits import CALL_SECONDS, Limits

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "limits.md"


def read(tmp_path, content: str | bytes) -> Limits:
    path = tmp_path / "grading.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_limits(path)


GIVEN = [
    ("", {}),
    ("[limits]", {}),
    ("[limits]\ncall_seconds = 10", {"call_seconds": 10}),
    ("[limits]\ncell_seconds = 2.5\nprocesses = 40", {"cell_seconds": 2.5, "processes": 40}),
    ('[limits]\nmemory = "4 GiB"', {"memory": 4 * 2**30}),
    ('[limits]\nmemory = "1.5gib"', {"memory": 3 * 2**29}),
    ('[limits]\nfile_bytes = "8 MB"\nscratch_bytes = 1000', {"file_bytes": 8 * 10**6, "scratch_bytes": 1000}),
    (b"\xef\xbb\xbf[limits]\r\nprocesses = 9\r\n", {"processes": 9}),
]


@pytest.mark.parametrize(("content", "changed"), GIVEN, ids=[repr(content)[:40] for content, _ in GIVEN])
def test_file_changes_what_it_names_and_nothing_else(tmp_path, content, changed):
    """All else keeps its default."""
    assert read(tmp_path, content) == Limits(**changed)


REFUSED = [
    ("[limits]\ncal_seconds = 3", r"limits.cal_seconds is not known \(did you mean call_seconds\?\); known are"),
    ("[limit]\ncall_seconds = 3", r"limit is not known \(did you mean limits\?\)"),
    ("call_seconds = 3", "call_seconds is not known; the file has one table"),
    ("limits = 3", r"limits must be a table, \[limits\]. Got 3."),
    ("[limits]\ncall_seconds = 0", "call_seconds must be a positive number. Got 0."),
    ("[limits]\ncall_seconds = nan", "call_seconds must be a positive number. Got nan."),
    ("[limits]\ncall_seconds = inf", "call_seconds must be a finite number"),
    ("[limits]\ncall_seconds = true", "call_seconds must be a positive number. Got True."),
    ('[limits]\ncall_seconds = "5 s"', "call_seconds must be a positive number. Got '5 s'."),
    ("[limits]\nprocesses = 2.5", "processes must be a positive whole number. Got 2.5."),
    ('[limits]\nmemory = "lots"', "memory must be a number of bytes or a text as \"512 MiB\". Got 'lots'."),
    ('[limits]\nmemory = "4 XiB"', "memory must be a number of bytes"),
    ('[limits]\nmemory = "0 MiB"', "memory must be a positive whole number. Got 0."),
    ("[limits]\nmemory = [1]", r"memory must be a positive whole number. Got \[1\]."),
    ("[limits", "is no TOML"),
    ("[limits]\nmemory = 1\nmemory = 2", "is no TOML"),
    (b"\xff\xfe[limits]", "is no TOML"),
    ("x = " + "[" * 5000, "is no TOML"),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED, ids=[repr(content)[:40] for content, _ in REFUSED])
def test_what_is_not_known_or_no_value_is_one_sentence(tmp_path, content, sentence):
    """It names the file, the rule and what came."""
    with pytest.raises(ConfigError, match=sentence) as raised:
        read(tmp_path, content)
    assert str(raised.value).startswith(str(tmp_path / "grading.toml"))
    assert "\n" not in str(raised.value)


def test_file_that_was_named_must_be_there(tmp_path):
    """And one that was not named need not."""
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_limits(tmp_path / "none.toml")


def test_file_in_the_current_folder_is_read_without_being_named(tmp_path, monkeypatch):
    """It is the course's; the submissions' folder is never looked at for one."""
    monkeypatch.chdir(tmp_path)
    assert read_limits() == Limits()
    read(tmp_path, "[limits]\nprocesses = 9")
    assert read_limits().processes == 9


def test_document_lists_every_limit_with_its_default():
    """A name that is not there, or another number, is a lie to an instructor."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    said = {name: value.strip() for name, value in rows}
    assert list(said) == [field.name for field in fields(Limits)]
    for name, value in said.items():
        assert limits({"limits": {name: int(value) if value.isdigit() else value}}) == Limits(), name


def test_defaults_do_not_punish_the_slow():
    """An import of three seconds is legal, and half a second a call, ten times over."""
    found = Limits()
    assert found.cell_seconds > 2 * 3
    assert found.call_seconds >= 10 * 0.5
    assert found.call_seconds == CALL_SECONDS
    assert {field.name for field in fields(Limits)} == set(found.as_dict())
