"""No film on both sides where the films are known; blocks of numbers where they are not; the same at every call."""

import numpy as np
import pytest

from course_kit.datasets import imdb


def reviews(labels, files, groups=None) -> imdb.Reviews:
    texts = tuple(f"review {k}" for k in range(len(files)))
    return imdb.Reviews(texts, np.array(labels), tuple(files), None if groups is None else np.array(groups))


@pytest.fixture
def numbered():
    """200 reviews of each label, in another order than that of their numbers."""
    order = np.random.default_rng(3).permutation(200)
    names = [f"train/{label}/{k}_{stars}.txt" for label, stars in (("neg", 2), ("pos", 9)) for k in order]
    return reviews([0] * 200 + [1] * 200, names)


def test_numbers_are_cut_into_blocks(numbered):
    """Fold k has the numbers 20k ... 20k + 19 of each label."""
    numbers = np.array([int(name.split("/")[-1].split("_")[0]) for name in numbered.files])

    assert imdb.folds(numbered).tolist() == (numbers // 20).tolist()
    assert imdb.folds(numbered, 4).tolist() == (numbers // 50).tolist()


def test_a_fifth_validates_and_nothing_is_lost(numbered):
    """The fourth and eighth block, 40 of each label, the others train."""
    parts = imdb.split(numbered)

    numbers = sorted({int(name.split("/")[-1].split("_")[0]) for name in parts.validation.files})
    assert numbers == [*range(60, 80), *range(140, 160)]
    assert parts.validation.labels.mean() == parts.train.labels.mean() == 0.5
    assert sorted(parts.train.files + parts.validation.files) == sorted(numbered.files)
    assert "blocks of neighbouring" in parts.how


def test_films_stay_whole_and_folds_are_even():
    """Films of 1 to 30 reviews, as in the archive: none is cut, no fold differs from another by more than one film."""
    rng = np.random.default_rng(4)
    films = np.repeat(np.arange(300), rng.integers(1, 31, size=300))
    rng.shuffle(films)
    given = reviews(rng.integers(2, size=len(films)), [f"train/neg/{k}_1.txt" for k in range(len(films))], films)

    fold = imdb.folds(given)
    parts = imdb.split(given)

    assert all(len(set(fold[films == film])) == 1 for film in range(300))
    assert np.ptp(np.bincount(fold, minlength=10)) <= 1  # small films fill the gaps that large ones leave
    assert not set(parts.train.groups) & set(parts.validation.groups)
    assert "one group" in parts.how


def test_without_numbers_chance_decides_the_same_way_each_time():
    """Keras' npz knows neither films nor numbers: folds are even, and not in its order."""
    given = reviews([0] * 100 + [1] * 100, [f"train/{k}" for k in range(200)])

    fold = imdb.folds(given)

    assert np.bincount(fold[:100]).tolist() == np.bincount(fold[100:]).tolist() == [10] * 10
    assert np.any(np.diff(fold[:100]) < 0)
    assert fold.tolist() == imdb.folds(given).tolist()
    assert "at random" in imdb.split(given).how


def test_rows_are_taken_together(numbered):
    """Text, label, name and group of a row stay one row."""
    given = reviews(numbered.labels, numbered.files, np.arange(400))
    taken = given.take(np.array([399, 0, 7]))

    assert taken.texts == ("review 399", "review 0", "review 7")
    assert taken.files == tuple(given.files[k] for k in (399, 0, 7))
    assert taken.labels.tolist() == [1, 0, 0]
    assert taken.groups.tolist() == [399, 0, 7]


@pytest.mark.parametrize("count", [1, 401, 2.5, True, "ten"])
def test_count_of_folds_is_checked(count, numbered):
    """From 2 to the number of reviews."""
    with pytest.raises(ValueError, match=r"count must be an integer from 2 to the number of reviews, 400\. Got"):
        imdb.folds(numbered, count)
