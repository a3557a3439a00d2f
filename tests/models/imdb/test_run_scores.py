"""The numbers of a run against scikit-learn, and files that are whole or not there."""

import errno

import numpy as np
import pytest
from sklearn import metrics as sk

from course_kit.datasets import imdb
from course_kit.models.imdb.runs import files, scores
from course_kit.models.imdb.runs.figures import confusion, learning_curves, precision_and_recall
from course_kit.models.imdb.runs.record import fingerprint

RNG = np.random.default_rng(3)
LABELS = RNG.integers(0, 2, 400)
PROBABILITIES = np.clip(LABELS * 0.3 + RNG.random(400) * 0.7, 0, 1).round(2).astype(np.float32)


def part(name: str = "validation", labels=LABELS, probabilities=PROBABILITIES) -> scores.Part:
    texts = tuple(f"review {k}" for k in range(len(labels)))
    return scores.Part(name, imdb.Reviews(texts, labels, texts), probabilities)


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.9])
def test_scores_are_scikit_learns(threshold):
    """Precision, recall, F1, accuracy and the confusion matrix."""
    obtained, chosen = scores.scores(part(), threshold), PROBABILITIES.astype(float) >= threshold

    expected = sk.precision_recall_fscore_support(LABELS, chosen, average="binary")[:3]
    np.testing.assert_allclose([obtained[k] for k in ("precision", "recall", "f1")], expected)
    assert obtained["accuracy"] == sk.accuracy_score(LABELS, chosen)
    names = ("true_negatives", "false_positives", "false_negatives", "true_positives")
    assert [obtained[k] for k in names] == sk.confusion_matrix(LABELS, chosen).ravel().tolist()


def test_nothing_chosen_is_no_division():
    """No review reaches the threshold: precision, recall and F1 are 0."""
    obtained = scores.scores(part(), 1.1)

    assert [obtained[k] for k in ("precision", "recall", "f1")] == [0, 0, 0]


def test_the_curve_is_scikit_learns():
    """Each point of scikit-learn's, in the other order, without its last one (nothing chosen)."""
    precision, recall, _ = sk.precision_recall_curve(LABELS, PROBABILITIES)

    obtained = scores.precision_recall(part())

    np.testing.assert_allclose(obtained[0], precision[-2::-1])
    np.testing.assert_allclose(obtained[1], recall[-2::-1])


def test_threshold_comes_from_validation_and_never_from_test():
    """Other test probabilities, the same threshold; without validation the recipe's."""
    test = part("test", probabilities=1 - PROBABILITIES)

    both, alone = scores.metrics([part(), test], 0.4), scores.metrics([part()], 0.4)

    assert both["threshold"] == alone["threshold"]
    assert both["threshold_from"] == "validation"
    assert both["validation"]["f1"] == max(sk.f1_score(LABELS, PROBABILITIES >= t) for t in np.unique(PROBABILITIES))
    assert scores.metrics([test], 0.4)["threshold"] == 0.4
    assert scores.metrics([], 0.4) == {"threshold": 0.4, "threshold_from": "the recipe"}


def test_a_difference_is_a_sentence():
    """Which number, what it is, what it was; equal numbers and parts that one lacks are silent."""
    old = scores.metrics([part()], 0.5)
    new = scores.metrics([part(probabilities=1 - PROBABILITIES), part("test")], 0.5)

    assert scores.differences(old, old) == []
    assert any(text.startswith("the validation accuracy is ") for text in scores.differences(new, old))
    assert not any("test" in text for text in scores.differences(new, old))


def test_fingerprint_goes_by_texts_and_labels():
    """Names of files do not count, one letter or label does."""
    train = imdb.Reviews(("a", "b"), np.array([0, 1]), ("x", "y"))
    same = imdb.Reviews(("a", "b"), np.array([0, 1]), ("p", "q"))
    letter = imdb.Reviews(("ab", ""), np.array([0, 1]), ("x", "y"))
    label = imdb.Reviews(("a", "b"), np.array([1, 0]), ("x", "y"))
    prints = [fingerprint(imdb.Corpus(r, train, "")) for r in (train, same, letter, label)]

    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


HISTORY = [{"epoch": k, "loss": 1 / k, "val_loss": 1.1 / k, "val_f1": f1} for k, f1 in ((1, 0.7), (2, 0.8), (3, 0.75))]


def test_figures_say_what_they_show():
    """The numbers of each figure stand in its text alternative."""
    found = scores.metrics([part(), part("test")], 0.5)

    assert "best in epoch 2, 0.800, and 0.750 in the last" in learning_curves(HISTORY).alt
    assert "no validation" in learning_curves([{"epoch": 1, "loss": 0.5, "val_f1": ""}]).alt
    assert f"F1 {found['test']['f1']:.3f}" in precision_and_recall([part(), part("test")], found).alt
    assert f"{found['test']['false_positives']:,} for positive" in confusion([part(), part("test")], found).alt


def test_a_file_is_the_old_one_or_the_new_one(tmp_path):
    """A failure while writing leaves what was there, and nothing beside it."""
    path = tmp_path / "a.json"
    files.write_json(path, {"a": 1})

    with pytest.raises(OSError, match="No space"), files.replacing(path) as beside:
        beside.write_text('{"a"')
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(ValueError, match="Out of range"):
        files.write_json(path, {"a": float("nan")})

    assert files.read_json(path) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("content", ["", '{"a"', "[1]", "\x00"])
def test_a_damaged_file_is_told(content, tmp_path):
    """One sentence that names it."""
    (tmp_path / "config.json").write_text(content)

    with pytest.raises(files.RunError, match=r"config.json must hold a JSON object. It does not"):
        files.read_json(tmp_path / "config.json")
    assert files.read_json(tmp_path / "none.json") is None


def test_a_folder_has_one_process_at_a_time(tmp_path):
    """The second is told; when the first is done it may."""
    with (
        files.alone(tmp_path / "run"),
        pytest.raises(files.RunError, match="another process is working"),
        files.alone(tmp_path / "run"),
    ):
        pass
    with files.alone(tmp_path / "run"):
        pass


H5PY = """[Errno 5] Can't synchronously write data (file write failed: time = Sat Nov 21 08:42:24
, filename = 'best.weights.h5', file descriptor = 4, errno = 28, error message = 'No space left on device')"""


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), OSError(H5PY)])
def test_a_full_disk_is_one_sentence_whoever_finds_it(error, tmp_path):
    """h5py hides the system's number in a text of two lines."""
    expected = f"{tmp_path} must have room. The disk is full: make room and run this again to go on."

    assert files.sentence(error, tmp_path) == expected


def test_another_failed_write_is_one_sentence(tmp_path):
    """Which file, and what the system says."""
    error = PermissionError(errno.EACCES, "Permission denied", "x.png")

    assert files.sentence(error, tmp_path) == "x.png must be readable and writable. That failed: Permission denied."
    told = files.sentence(OSError(H5PY.replace("28", "27")), tmp_path)
    assert told == f"{tmp_path} must be readable and writable. That failed: File too large."
