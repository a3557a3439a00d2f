"""The table of a comparison, from its numbers to Markdown."""

import json
import statistics

from course_kit.datasets import imdb
from course_kit.models.imdb.table import MADE_UP, f1_text, summary, table_markdown


def run(row: str, seed: int, f1: float, what: str = "a net", **more) -> dict:
    return {
        "row": row, "what": what, "seed": seed, "f1": f1, "accuracy": f1 - 0.01, "parameters": 213301,
        "stored": 213400, "seconds": 100.0 + seed, "processor_seconds": 150.0 + seed, "cores": 2, **more,
    }  # fmt: skip


ROWS = [("lstm", "a net"), ("grams", "1|2-grams"), ("other", "never run")]
RUNS = [run("lstm", seed, f1) for seed, f1 in ((2, 0.84), (0, 0.81), (1, 0.82))] + [
    run("grams", 0, 0.9, "1|2-grams", processor_seconds=None)
]
SOURCE = "IMDB (Maas et al. 2011): 25,000 training and 25,000 test reviews, from a.tar.xz."


def test_mean_and_spread_are_those_of_the_seeds():
    """The mean and the sample standard deviation, seeds in order; what was never run has no row."""
    table = summary(SOURCE, ROWS, RUNS)
    lstm, grams = table["rows"]

    assert ([0, 1, 2], [0.81, 0.82, 0.84]) == (lstm["seeds"], lstm["f1"])
    assert abs(statistics.mean([0.81, 0.82, 0.84]) - lstm["f1_mean"]) < 1e-12
    assert abs(statistics.stdev([0.81, 0.82, 0.84]) - lstm["f1_spread"]) < 1e-12
    assert 101.0 == lstm["seconds_mean"]
    assert grams["f1_spread"] is None
    assert "0.9000" == f1_text(grams)


def test_processor_seconds_are_of_the_runs_that_were_not_killed():
    """A run that went on after a kill has none, and pulls no mean down."""
    runs = [run("lstm", 0, 0.8, processor_seconds=90.0), run("lstm", 1, 0.8, processor_seconds=None)]

    assert 90.0 == summary(SOURCE, ROWS, runs)["rows"][0]["processor_seconds_mean"]
    assert summary(SOURCE, ROWS, runs[1:])["rows"][0]["processor_seconds_mean"] is None


def test_runs_of_another_description_are_left_out():
    """A row that was changed starts from nothing."""
    table = summary(SOURCE, [("lstm", "a net")], [run("lstm", 0, 0.5, "an older net"), run("lstm", 1, 0.6)])

    assert [0.6] == table["rows"][0]["f1"]


def test_markdown_is_this_text():
    """Source above, a line a row, a bar inside a cell escaped, what ± means below."""
    table = json.loads(json.dumps(summary(SOURCE, ROWS, RUNS)))

    assert table_markdown(table).splitlines() == [
        SOURCE,
        "",
        "| row | model | F1 | accuracy | trained parameters | stored numbers | training, s | processor s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| `lstm` | a net | 0.8233 ± 0.0153 | 0.8133 | 213,301 | 213,400 | 101 | 151 |",
        "| `grams` | 1\\|2-grams | 0.9000 | 0.8900 | 213,301 | 213,400 | 100 |  |",
        "",
        "F1 and accuracy on the test reviews, which no choice has seen: mean ± sample standard deviation over the "
        "seeds 0, 1, 2; threshold fixed before. Training, s: wall time of one training with its preparation, on 2 "
        "cores, which other work on the machine makes longer; processor s: of all threads, predictions included.",
    ]


def test_made_up_reviews_are_never_called_imdbs():
    """The kit's corpus is named as what it is, and that all ran in short."""
    source = imdb.load("kit").source
    text = table_markdown(summary(source, ROWS, RUNS))

    assert source.startswith(MADE_UP)
    assert text.startswith(f"{MADE_UP}: 3,000 training")
    assert "in short" in text
    assert "in short" not in table_markdown(summary(SOURCE, ROWS, RUNS))
