"""Figures of notebook 22's jets: they speak without eyes, look wrong for a wrong answer, and survive any answer."""

import numpy as np
import pytest

from course_kit.datasets import compared_jets as runs
from course_kit.datasets import jets as data
from course_kit.plots import jets, jets_results
from course_kit.reference import jet_preprocessing as twin
from tests.datasets.jets_small import made_up


def right_jet(jet, first, second):
    scaled = jet / np.array([600.0, 1.0, 1.0])
    return twin.flip(twin.rotate(twin.translate(scaled, first), second - first))


def compare_orders(one, other):
    d = one.sum(axis=1) - other.sum(axis=1)
    error = float(np.sqrt((one != other).sum(axis=1).mean() + d.var(ddof=1) / len(d)))
    return float(d.mean()), error, "open" if abs(d.mean()) <= 2 * error else "other" if d.mean() > 0 else "one"


def made_up_runs(count: int = 1000) -> dict:
    """Runs of three orders and a tagger without a network; the substructure order lets less pass."""
    rng = np.random.default_rng(0)
    found = []
    for tagger, factor in (("mass", 1.5), ("LSTM, by pT", 1.0), ("LSTM, substructure", 0.5), ("LSTM, random", 1.1)):
        for seed in range(1 if tagger == "mass" else 3):
            ranks = rng.random(count)
            passes = {e: ranks < factor * 0.4 * e**2 for e in np.linspace(0.1, 0.9, 9).round(1)}
            found.append(
                {
                    "tagger": tagger,
                    "seed": seed,
                    "parameters": None if tagger == "mass" else 100,
                    "epochs": None,
                    "seconds": 1.0,
                    "auc": 0.9,
                    "validation_auc": 0.9,
                    "passing": [int(p.sum()) for p in passes.values()],
                    "passes": {str(e): runs.packed(passes[e]) for e in (0.5, 0.8)},
                }
            )
    half = {"top": count, "qcd": count}
    efficiencies = [round(0.1 * k, 1) for k in range(1, 10)]
    return {"about": {"train": half, "validation": half, "test": half, "efficiencies": efficiencies}, "runs": found}


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    return data.load(made_up(tmp_path_factory.mktemp("jets") / "jets.npz"), None)


def speaks(shown) -> bool:
    return shown.png is not None and len(shown.alt) > 100 and len(shown.caption) > 30


def test_upright_jets_lie_below_the_origin_and_wrong_ones_do_not(some):
    """The figure's own words follow the answer."""
    right = jets.upright(right_jet, some)
    wrong = jets.upright(lambda jet, first, second: twin.translate(jet, first), some)

    assert speaks(right) and speaks(wrong)
    assert right.alt != wrong.alt


def test_a_walk_is_shorter_than_the_order_by_pt():
    """And the order by pT as an answer is as long as itself."""
    right = jets.walks(twin.depth_first)
    by_pt = jets.walks(lambda merges, pt: np.argsort(-pt[: len(merges) + 1]).tolist())

    def lengths(shown):
        words = shown.alt.split("length is ")[1]
        return float(words.split(". ")[0].rstrip(".")), float(words.split("your walk: ")[1].split(". ")[0])

    assert speaks(right)
    assert lengths(right)[1] < 0.7 * lengths(right)[0]
    assert lengths(by_pt)[0] == lengths(by_pt)[1]


def test_an_order_that_leaves_some_out_gets_a_sentence():
    """No traceback for a list with a node twice."""
    assert "belongs in the list once" in jets.walks(lambda merges, pt: [0] * (len(merges) + 1)).caption


def test_errors_fall_with_the_test_set():
    """Right answers say a fifth, wrong ones say something else."""
    right = jets_results.known_how_well(lambda n, N: N / n * np.sqrt((1 - n / N) / n))

    assert speaks(right)
    assert "100.0 %" not in right.alt
    assert right.alt != jets_results.known_how_well(lambda n, N: N / n / np.sqrt(N)).alt


def test_curves_and_differences_tell_what_the_runs_say():
    """The better order is named, the open case is left open, at both efficiencies."""
    compared = made_up_runs()
    shown = jets_results.differences(compare_orders, compared)

    assert speaks(jets_results.curves(compared)) and speaks(shown)
    assert shown.caption.count(", substructure") == 2 and shown.caption.count(", open") == 2
    wrong = jets_results.differences(lambda one, other: (0.0, 1.0, "open"), compared)
    assert wrong.caption.count(", open") == 4


def test_table_has_every_tagger_and_both_differences():
    """Parameters only where there are any; the reading of the orders below."""
    lines = runs.table(made_up_runs()).splitlines()

    assert [line.split("  ")[0] for line in lines[1:5]] == ["mass", "LSTM, by pT", "LSTM, substructure", "LSTM, random"]
    assert sum(" at 50%: " in line or " at 80%: " in line for line in lines) == 4


@pytest.mark.parametrize(
    "figure,exercise",
    [
        (jets.upright, "E22.9"),
        (jets.walks, "E22.10"),
        (jets_results.known_how_well, "E22.11"),
        (jets_results.differences, "E22.12"),
    ],
)
def test_an_untouched_stub_gets_a_sentence(figure, exercise, some, monkeypatch):
    """Neither None nor a function that returns None nor one that raises stops the notebook."""
    monkeypatch.setattr(jets.jets, "load", lambda: some)
    monkeypatch.setattr(jets_results, "compared_jets", made_up_runs)

    def raises(*given):
        raise RuntimeError("as students do")

    assert exercise in figure(None).caption
    assert exercise in figure(lambda *given: None).caption
    assert exercise in figure(raises).caption
