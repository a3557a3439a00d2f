"""Networks that evaluate formulas: same words for all, a comparison that goes on where it was stopped, shipped runs."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from course_kit.datasets import compared_trees as shipped
from course_kit.datasets.formulas import formulas, words
from course_kit.models import trees_compared
from course_kit.models.trees import NETWORKS, arrays, build, values

QUIET = Console(quiet=True)


def test_all_networks_have_about_the_same_number_of_parameters():
    """Within a tenth of each other, so that none wins by size."""
    counts = [build(network).count_params() for network in NETWORKS]

    assert max(counts) < 1.1 * min(counts)


def test_all_networks_get_the_same_words():
    """In the same order; the trees' own slots have no word."""
    dealt = formulas(5, (2, 5), seed=1)
    sequence = arrays("LSTM", dealt)
    tokens = arrays("Tree-LSTM", dealt)[0]

    for row, formula in enumerate(dealt):
        assert words(formula.tree) == [word for word in sequence[row] if word]
        assert words(formula.tree) == [word for word in tokens[row] if word]


@pytest.mark.parametrize("network", NETWORKS)
def test_padding_changes_nothing(network):
    """A formula alone and beside a longer one gets the same probability."""
    short, long = formulas(1, (2,), seed=2)[0], formulas(1, (9,), seed=3)[0]
    model = build(network)

    alone, beside = (model.predict(arrays(network, f), verbose=0)[0] for f in ([short], [short, long]))

    np.testing.assert_allclose(alone, beside, rtol=0, atol=1e-6)
    assert (2, 1) == values([short, long]).shape


def test_unknown_network_is_a_sentence():
    """It names those that there are."""
    with pytest.raises(ValueError, match=r"one of recursive net, tensor network, Tree-LSTM, LSTM\. Got 'GRU'"):
        build("GRU")


def test_comparison_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    """What stands in the file is not trained again; another set of formulas begins anew."""
    path, asked = tmp_path / "trees.json", []

    def run_of(network, seed, learned, tests, epochs):
        asked.append((network, seed, epochs))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return {"network": network, "seed": seed, "seconds": 0.1, "accuracy": {"2": 1.0}}

    monkeypatch.setattr(trees_compared, "run_of", run_of)
    with pytest.raises(KeyboardInterrupt):
        trees_compared.compare(path, QUIET, seeds=(0,), count=4)
    result = trees_compared.compare(path, QUIET, seeds=(0,), count=4)
    found = [name for name, *_ in asked]

    assert [*NETWORKS[:3], *NETWORKS[2:]] == found
    assert 40 == asked[-1][2]  # epochs of the LSTM
    assert list(NETWORKS) == [run["network"] for run in result["runs"]]
    assert result == json.loads(path.read_text())
    assert 4 == len(trees_compared.compare(path, QUIET, seeds=(0,), count=5)["runs"])
    assert 9 == len(asked)


def test_a_run_is_trained_and_measured():
    """A recursive network that goes over few formulas a few times beats a guess on those."""
    learned = trees_compared.training_formulas(count=60)
    tests = {2: trees_compared.test_formulas(learned, 20)[2]}

    run = trees_compared.run_of("recursive net", 0, learned, tests, epochs=6)

    assert run["learned"] > 0.55
    assert {"2"} == set(run["accuracy"])
    assert (32, 2337, 6) == (run["units"], run["parameters"], run["epochs"])


def test_shipped_runs_are_complete():
    """Each network with each seed; what the notebook says of them holds for every seed."""
    runs = shipped.compared_trees()["runs"]

    assert {(n, s) for n in NETWORKS for s in trees_compared.SEEDS} == {(r["network"], r["seed"]) for r in runs}
    for run in runs:
        if run["network"] == "LSTM":
            assert run["accuracy"]["20"] < 0.7
        else:
            assert run["accuracy"]["20"] > 0.95


def test_data_readme_names_the_file_that_is_shipped():
    """Size and SHA-256 in data/README.md and in the loader are those of the file."""
    content = shipped.PATH.read_bytes()
    row = next(r for r in Path(shipped.PATH.parent / "README.md").read_text().splitlines() if "| `trees.json" in r)

    assert hashlib.sha256(content).hexdigest() == shipped.SHA256
    assert f"| {len(content)} | `{shipped.SHA256}` |" in row


def test_missing_or_changed_file_says_what_to_do(tmp_path):
    """A sentence each."""
    with pytest.raises(FileNotFoundError, match="make it with `python -m course_kit.models.trees_compared`"):
        shipped.compared_trees(tmp_path / "trees.json")
    (tmp_path / "trees.json").write_text("{}")
    with pytest.raises(ValueError, match="it was damaged or made anew"):
        shipped.compared_trees(tmp_path / "trees.json")
