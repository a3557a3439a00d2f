"""``course-kit imdb compare`` as a user has it: what it prints, what it writes, how it ends."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import f1_score

from course_kit.datasets import imdb as reviews
from course_kit.models.imdb import rows
from tests.models.imdb import fake_rows
from tests.models.imdb.commands import imdb

LINEAR = ("--rows", "tfidf,nb-ngrams")


def test_the_linear_rows_from_one_end_to_the_other(tmp_path):
    """Table and probabilities; F1 recomputed; the made-up reviews named; and TensorFlow was never loaded."""
    arguments = ["imdb", "compare", "--data", "kit", "--out", str(tmp_path), *LINEAR]
    script = (
        "import sys; from course_kit.cli import main\n"
        f"code = main({arguments!r}); sys.exit(code or 9 * ('tensorflow' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (0, "") == (done.returncode, done.stderr)
    assert "NOT IMDB: 3,000 training and 1,000 test reviews made up" in done.stdout
    table = json.loads((tmp_path / "table.json").read_text())
    labels = reviews.load("kit").test.labels
    assert ["tfidf", "nb-ngrams"] == [row["name"] for row in table["rows"]]
    for row in table["rows"]:
        probabilities = np.load(tmp_path / "runs" / row["name"] / "probabilities.npy")
        assert f1_score(labels, probabilities >= 0.5) == pytest.approx(row["f1_mean"], abs=1e-12)
        assert f"{row['f1_mean']:.4f}" in done.stdout
    assert (tmp_path / "table.md").read_text().startswith("NOT IMDB")


def test_the_folder_need_not_be_named(tmp_path, monkeypatch):
    """The command of the issue, with the data alone, has a place for its results, and says where."""
    monkeypatch.chdir(tmp_path)
    code, printed = imdb("compare", "--data", "kit", "--rows", "tfidf")

    assert 0 == code
    assert "build/imdb-compare/table.md" in printed
    assert (tmp_path / "build/imdb-compare/table.md").exists()


def test_unknown_row_is_one_sentence_with_all_names(tmp_path):
    """Exit code 2, and the baselines are among the names."""
    code, printed = imdb("compare", "--data", "kit", "--out", tmp_path, "--rows", "tfidf,svm")

    assert 2 == code
    last = printed.strip().splitlines()[-1]
    assert "Got 'svm'." in last
    assert all(name in last for name in ("wiki-keras1, wiki-keras3, imdb-lstm, bidirectional, tfidf, nb-ngrams",))


def test_reviews_that_are_not_there_are_one_sentence(tmp_path):
    """Exit code 2, and no folder of results."""
    code, printed = imdb("compare", "--data", tmp_path / "no.tar.xz", "--out", tmp_path / "out")

    assert 2 == code
    assert "must be a file or folder that can be read" in printed
    assert 1 == len(printed.strip().splitlines())
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path):
    """Nothing of ours but the sentence."""
    (tmp_path / "out").write_text("in the way")
    code, printed = imdb("compare", "--data", "kit", "--out", tmp_path / "out", *LINEAR)

    assert 1 == code
    assert "must be readable and writable. That failed: File exists." in printed.splitlines()[-1]


def test_ctrl_c_says_how_to_go_on(tmp_path, monkeypatch):
    """The finished runs are kept, and the same command trains the rest."""
    monkeypatch.setattr(rows, "MODULES", (fake_rows.__name__,))
    monkeypatch.setattr(fake_rows, "ROWS", (fake_rows.Fake("coin", 5, fails="killed at 1"),))
    fake_rows.CALLS.clear()
    first = imdb("compare", "--data", "kit", "--out", tmp_path)
    second = imdb("compare", "--data", "kit", "--out", tmp_path)

    assert 1 == first[0]
    assert "the same command goes on" in first[1]
    assert 0 == second[0]
    assert [0, 1, 1, 2] == [seed for _, seed in fake_rows.CALLS]


@pytest.mark.parametrize("seeds", ["", "0,0", "1.5", "-1", "0,,1", "a"])
def test_wrong_seeds_are_wrong_use(seeds, tmp_path, capsys):
    """Different whole numbers."""
    with pytest.raises(SystemExit) as caught:
        imdb("compare", "--data", "kit", "--out", tmp_path, f"--seeds={seeds}")

    assert 2 == caught.value.code
    assert "different whole numbers from 0 on are due" in capsys.readouterr().err


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(tmp_path, monkeypatch):
    """The run is not taken for done."""
    monkeypatch.setattr(rows, "MODULES", (fake_rows.__name__,))

    def full(*arguments, **more):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "save", full)
        code, printed = imdb("compare", "--data", "kit", "--out", tmp_path)

    assert 1 == code
    assert "The disk is full" in printed.splitlines()[-1]
    assert ["started.json", "state"] == sorted(os.listdir(tmp_path / "runs/coin-0"))
