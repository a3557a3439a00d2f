"""Which words mattered, against a model whose weights are known, and the page that shows them."""

import re

import numpy as np
import pytest

from course_kit.datasets.imdb import Reviews
from course_kit.models.imdb.runs.mistakes import most_certain_mistakes, stretches
from course_kit.models.imdb.runs.report import write_report
from course_kit.models.imdb.runs.scores import Part
from course_kit.models.imdb.runs.words import logit, pieces, what_mattered

WEIGHTS = {"marvel": 2.0, "dull": -1.6, "not": -0.6}


def bag(texts) -> np.ndarray:
    """Probabilities of a linear model on words, float32 as a network's."""
    sums = [sum(WEIGHTS.get(word, 0.0) for word in re.findall(r"\w+", text)) for text in texts]
    return (1 / (1 + np.exp(-np.array(sums)))).astype(np.float32)


def reviews(texts, labels) -> Reviews:
    return Reviews(tuple(texts), np.array(labels), tuple(f"train/x/{k}_1.txt" for k in range(len(texts))))


def test_a_linear_models_weights_are_found():
    """Leaving a word out of a sum changes the logit by that word's weight, and by 0 for the others."""
    text = "a marvel,<br />not dull"

    (found,) = what_mattered(bag, [text])

    assert [text[p.start : p.stop] for p in found] == ["a", "marvel,", "not", "dull"]
    np.testing.assert_allclose([p.change for p in found], [0, 2, -0.6, -1.6], atol=1e-5)


def test_all_texts_are_asked_at_once_and_stay_apart():
    """One call for all, also where a text is empty; each text gets its own changes."""
    calls = []

    def predict(texts):
        calls.append(list(texts))
        return bag(texts)

    found = what_mattered(predict, ["dull", "", "a marvel"])

    assert len(calls) == 1
    assert [len(f) for f in found] == [1, 0, 2]
    np.testing.assert_allclose([f[-1].change for f in (found[0], found[2])], [-1.6, 2], atol=1e-5)
    assert what_mattered(predict, []) == []


@pytest.mark.parametrize("count, most", [(1, 5), (5, 5), (6, 5), (100_000, 160)])
def test_a_long_text_is_left_out_in_neighbours(count, most):
    """At most so many pieces, each word in exactly one."""
    text = " ".join(f"w{k}" for k in range(count))

    cuts = pieces(text, most)

    assert len(cuts) <= most
    assert " ".join(text[a:b] for a, b in cuts) == text


def test_logit_is_finite_at_both_ends():
    """A float32 probability of exactly 0 or 1 is no infinity; in between it is the inverse of the sigmoid."""
    assert np.isfinite(logit(np.array([0.0, 1.0], np.float32))).all()
    np.testing.assert_allclose(logit(1 / (1 + np.exp(-np.array([-3.0, 0.5])))), [-3.0, 0.5])


def test_most_certain_mistakes_come_first_of_both_kinds():
    """Only wrong ones, ordered by the distance from the threshold, at most so many of a kind."""
    texts = ["marvel", "marvel marvel", "dull", "dull dull", "marvel not", "dull"]
    part = Part("validation", reviews(texts, [0, 0, 1, 1, 0, 0]), bag(texts))

    found = most_certain_mistakes(part, 0.5, bag, each=2)

    assert [m.file for m in found] == [f"train/x/{k}_1.txt" for k in (1, 0, 3, 2)]
    assert [m.positive for m in found] == [False, False, True, True]


def test_stretches_are_the_whole_text():
    """Nothing is lost between the marks; strength goes by the largest change."""
    text = "  a marvel<br />and dull\x00 "
    (found,) = what_mattered(bag, [text])

    cut = stretches(text, found)

    assert "".join(s.text for s in cut) == "  a marvel\nand dull\ufffd "
    assert {s.text: (s.strength, s.towards) for s in cut if s.strength} == {
        "marvel": (3, "positive"),
        "dull\ufffd": (3, "negative"),
    }


@pytest.mark.parametrize("text", ["", "so so"])
def test_a_text_without_effect_has_no_mark(text):
    """Also not because the largest of nothing is nothing."""
    (found,) = what_mattered(bag, [text])

    assert not any(s.strength for s in stretches(text, found))


def page(tmp_path, text: str) -> str:
    part = Part("validation", reviews([text], [0]), np.array([0.9]))
    numbers = {"reviews": 1, "f1": 0.0, "precision": 0.0, "recall": 0.0, "accuracy": 0.0}
    metrics = {"threshold": 0.5, "threshold_from": "validation", "validation": numbers}
    config = {
        "source": "s",
        "split": "h",
        "seed": 0,
        "command": "c",
        "recipe": {"units": 3},
        "versions": {"keras": "3"},
    }
    write_report(tmp_path / "report.html", config, metrics, {}, most_certain_mistakes(part, 0.5, bag))
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_page_escapes_what_a_review_says(tmp_path):
    """Tags and entities of a review are text, within marks and between them."""
    written = page(tmp_path, '<script>alert(1)</script> marvel<img onerror="x"> &amp; <b>')

    assert "<script" not in written
    assert "<img" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    assert "&amp;amp;" in written
    assert re.search(r'<mark class="positive s3" title="\+2.00">marvel&lt;img</mark>', written)


def test_marks_differ_without_colour(tmp_path):
    """Direction by the kind of line, strength by its thickness and the weight, and the words again as a sentence."""
    written = page(tmp_path, "a marvel not dull")
    style = re.search(r"<style>(.*?)</style>", written, re.S)[1]

    assert re.search(r"mark\.negative \{[^}]*wavy", style)
    assert len(set(re.findall(r"mark\.s\d \{[^}]*thickness: (\dpx)", style))) == 3
    assert re.search(r"Pushed towards positive: <bdi>marvel</bdi> \(\+2.00\)\.", written)
    assert re.search(r"Pushed towards negative: <bdi>dull</bdi> \(-1.60\), <bdi>not</bdi>", written)
