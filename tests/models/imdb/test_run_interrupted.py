"""``course-kit imdb train`` when the disk is full, a file cannot be written, or the process is killed."""

import csv
import errno
import json
import resource
import signal
import time

import pytest

from course_kit.models.imdb.runs import files
from tests.models.imdb.commands import TINY, imdb, started
from tests.models.imdb.test_run_command import FILES, names

pytestmark = pytest.mark.slow
LONG = 1800  # seconds; a busy machine takes its time


def test_a_full_disk_leaves_nothing_half_written_and_the_run_goes_on(tmp_path, monkeypatch):
    """The first, the second, ... file of a run finds the disk full; each time one sentence; then there is room."""
    folder, real = tmp_path / "run", files.os.fsync
    arguments, seen = ("train", "--out", folder, "--epochs", 1, *TINY), []

    for room in range(20):
        left = iter(range(room))

        def fsync(file, left=left):
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(file)

        monkeypatch.setattr(files.os, "fsync", fsync)
        before = contents_but_state(folder)
        code, printed = imdb(*arguments)
        if code == 0:
            break
        assert code == 1
        assert f"{folder} must have room. The disk is full: make room and run this again to go on." in printed
        assert not [name for name in names(folder) if "part" in name]
        assert before.items() <= contents_but_state(folder).items() or room > 3
        seen.append(names(folder))

    assert names(folder) == FILES
    assert "metrics.json" not in {name for there in seen for name in there}
    assert len(seen) == room > 3


def contents_but_state(folder) -> dict:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} if folder.exists() else {}


def test_a_killed_training_goes_on(tmp_path):
    """SIGKILL after the second epoch; the same command keeps what was trained and does the rest, each epoch once."""
    folder = tmp_path / "run"
    arguments = ("train", "--out", folder, "--epochs", 5, "--patience", 5, "--no-test", *TINY)
    lines = folder / "state" / "history.jsonl"

    first = started(*arguments)
    begun = time.monotonic()
    while not (lines.exists() and lines.read_text().count('"epoch"') >= 2):
        assert first.poll() is None, first.stdout.read()
        assert time.monotonic() - begun < LONG
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    kept = [row for row in map(json.loads, lines.read_text().splitlines()) if "epoch" in row]
    assert not (folder / "model.keras").exists()

    second = started(*arguments)
    printed = second.communicate(timeout=LONG)[0]

    assert second.returncode == 0, printed
    assert "going on from what was kept" in printed
    with (folder / "history.csv").open() as file:
        epochs = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in epochs] == list(range(5))
    # the last one may have been logged and not yet kept: it is trained again
    for before, after in list(zip(kept, epochs, strict=False))[:-1]:
        assert float(after["val_f1"]) == before["val_f1"]
    assert not (folder / "state").exists()
    assert names(folder) == FILES


def test_a_write_that_really_fails_loses_nothing(tmp_path):
    """The system cuts every file at 200 KB, which weights exceed: one sentence; without the limit it ends."""
    arguments = ("train", "--out", tmp_path / "run", "--epochs", 1, "--no-test", *TINY)

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    stopped = started(*arguments, preexec_fn=limited)
    printed = stopped.communicate(timeout=LONG)[0]
    assert stopped.returncode == 1, printed
    assert "must be readable and writable. That failed: File too large." in printed.splitlines()[-1]
    assert "Traceback" not in printed
    assert "model.keras" not in names(tmp_path / "run")

    code, printed = imdb(*arguments)

    assert code == 0, printed
    assert names(tmp_path / "run") == FILES
