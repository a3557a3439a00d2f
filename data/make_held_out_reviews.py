"""Make the held-out reviews of notebook 21: texts that students get, and labels that they do not.

    python data/make_held_out_reviews.py [--seed N]      writes two files and prints what stands in them

`data/reviews_held_out.txt.gz` has a text a line, in an order drawn from the seed, none of them in
`data/reviews.tsv.gz`. `course_kit/exercises/held_out_labels.py` has their labels, and the F1 of the n-gram model;
`course-kit release` leaves the labels out. The seed of the kit's own files stands below for all to read: an
instructor who does not want that gives another one, and keeps it.
"""

import argparse
import gzip
import hashlib
import random
import runpy

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from course_kit.datasets import imdb
from course_kit.datasets.imdb.held_out import PATH, digest
from course_kit.reference.scores import best_f1, f1

SEED, PAIRS = 21, 400
LABELS = PATH.parents[1] / "course_kit" / "exercises" / "held_out_labels.py"
MODULE = '''"""Labels of the held-out reviews of notebook 21, and what the n-gram model reaches. Judge's side alone.

Written by data/make_held_out_reviews.py. `course-kit release` puts None in the labels' place: in a student's copy
of the kit E21.7 judges the validation reviews, and the held-out ones when it is graded.
"""

DIGEST = "{digest}"  # of the texts that these labels belong to
LABELS: str | None = (
    "{first}"
    "{second}"
)
# F1 of 1-3-grams with logistic regression (lambda = 1), learnt on the training part of the split, at the threshold
# that is best on the validation part, {threshold:.4f}
LINE_HELD_OUT = {held_out:.4f}
LINE_VALIDATION = {validation:.4f}
'''


def reviews(seed: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Texts and labels, twins apart from each other: whole pairs, none of the kit's training and test reviews."""
    make = runpy.run_path(str(PATH.with_name("make_reviews.py")))
    seen, made, draw = {text.lower() for *_, text in make["rows"]()}, [], random.Random(seed)
    while len(made) < 2 * PAIRS:
        both = make["twins"](draw)
        if seen.isdisjoint(text.lower() for text in both):
            seen |= {text.lower() for text in both}
            made += [(text, label) for label, text in enumerate(both)]
    draw.shuffle(made)
    return tuple(text for text, _ in made), np.array([label for _, label in made])


def line(texts, labels) -> dict[str, float]:
    """F1 of the n-gram model on these reviews, on the validation part of the kit's corpus, and its threshold."""
    parts = imdb.split(imdb.load("kit").train)
    grams = CountVectorizer(ngram_range=(1, 3), binary=True, token_pattern=r"[a-z']+")
    learner = LogisticRegression(C=1.0, tol=1e-8, max_iter=10_000)
    learner.fit(grams.fit_transform(parts.train.texts), parts.train.labels)

    held_out, validation = (learner.predict_proba(grams.transform(t))[:, 1] for t in (texts, parts.validation.texts))
    threshold, best = best_f1(parts.validation.labels, validation)
    return {"held_out": f1(labels, held_out >= threshold), "validation": best, "threshold": threshold}


def module(texts, labels) -> str:
    """The text of the module of labels: a hexadecimal digit for four of them."""
    packed = np.packbits(labels.astype(np.uint8)).tobytes().hex()
    half = len(packed) // 2
    return MODULE.format(digest=digest(texts), first=packed[:half], second=packed[half:], **line(texts, labels))


def packed_texts(texts) -> bytes:
    return gzip.compress("".join(f"{text}\n" for text in texts).encode(), mtime=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED, help="another one makes other reviews")
    texts, labels = reviews(parser.parse_args().seed)
    PATH.write_bytes(packed_texts(texts))
    LABELS.write_text(module(texts, labels), encoding="utf-8")
    print(f"{PATH.name}: {PATH.stat().st_size} bytes, SHA-256 {hashlib.sha256(PATH.read_bytes()).hexdigest()}")
    print(f"{LABELS.name}: the n-gram model has", line(texts, labels))


if __name__ == "__main__":
    main()
