"""The comparison of notebook 15: counts that agree, scores that mean what they say, runs that a kill does not lose."""

import hashlib
import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from course_kit.datasets import variant_runs as shipped
from course_kit.datasets.nested import nested
from course_kit.models import variants
from course_kit.models.variants_tasks import TASKS, chance_given

NETS = [pytest.param(task, net, id=f"{task.name} {net.name}") for task in TASKS.values() for net in task.nets]


@pytest.mark.parametrize(("task", "net"), NETS)
def test_the_formula_counts_what_keras_counts(task, net):
    """The number in the table is that of the model."""
    x = task.draw(2, 0).x
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, net.build(inputs))

    assert model.count_params() == net.parameters
    assert model.output_shape[1:] == task.draw(2, 0).y.shape[1:]


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_the_plain_lstm_has_at_least_as_many_parameters(task):
    """And not many more: the paper's layer has no advantage in numbers, nor a great handicap."""
    ours, lstm, *_ = task.nets

    assert lstm.name == "LSTM"
    assert ours.parameters <= lstm.parameters <= 1.13 * ours.parameters


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_perfect_answer_scores_zero_and_guessing_worse(task):
    """Logits that are sure of the targets score 0, or nearly; the answer without memory far more."""
    test = task.draw(200, 5)
    logits = 60.0 * (2 * test.y - 1)
    if task.name == "nested brackets":  # sure where one cannot be: the true chances instead
        logits = np.log(np.maximum(true_chances(test), 1e-30))

    assert abs(task.score(logits, test)) < 1e-6
    assert task.guess(test) > 0.2


def true_chances(test):
    """The distribution over the next bracket, by hand: three kinds, six deep."""
    chances = np.zeros(test.y.shape)
    for row, x in zip(chances, test.x.argmax(axis=2), strict=True):
        stack = []
        for t, symbol in enumerate(x):
            if symbol < 3:
                stack.append(symbol)
            else:
                stack.pop()
            opens = 1.0 if not stack else 0.5 if len(stack) < 6 else 0.0
            row[t, :3] = opens / 3
            if stack:
                row[t, 3 + stack[-1]] = 1 - opens
    return chances


def test_chance_given_is_the_softmax_at_the_target():
    """Against Keras' own softmax."""
    test = nested(3, seed=0)
    logits = np.random.default_rng(0).normal(size=test.y.shape)
    softmax = keras.ops.convert_to_numpy(keras.ops.softmax(logits))

    assert np.allclose(chance_given(logits, test), (softmax * test.y).sum(axis=-1), atol=1e-6)


def small(updates=3):
    """A task of a second: the parity, hardly trained."""
    parity = TASKS["parity of 24 bits"]
    return replace(parity, updates=updates, batch=4, nets=parity.nets[1:2])


def test_a_run_is_repeated_by_its_seed():
    """Same seed, same score; another seed, another."""
    first, again, other = (variants.train(small(), "LSTM", seed)["score"] for seed in (0, 0, 1))

    assert first == again != other


def test_finished_runs_are_kept_and_not_run_again(tmp_path, monkeypatch):
    """A second call adds what is missing; other settings are other runs."""
    out, said = tmp_path / "runs.json", []
    variants.run_all(out, (0,), [small()], said.append)
    before = json.loads(out.read_text())
    record = variants.run_all(out, (0, 1), [small()], said.append)

    assert [run["seed"] for run in record["runs"]] == [0, 1]
    assert record["runs"][0] == before["runs"][0]
    assert len(said) == 2 and said[1].startswith("  2 of 2")
    changed = variants.run_all(out, (0,), [small(updates=2)], said.append)
    assert sorted((run["seed"], run["updates"]) for run in changed["runs"]) == [(0, 2), (1, 3)]


def test_a_kill_leaves_the_file_whole(tmp_path, monkeypatch):
    """Stopped in the second run: the first is in the file, and the command says how to go on."""
    out, runs = tmp_path / "runs.json", []
    real = variants.train

    def interrupted(task, net, seed):
        if runs:
            raise KeyboardInterrupt
        runs.append(net)
        return real(small(), "LSTM", seed) | {"task": task.name, "net": net}

    monkeypatch.setattr(variants, "train", interrupted)

    assert variants.main(["--out", str(out)]) == 1
    assert len(json.loads(out.read_text())["runs"]) == 1


def test_another_file_is_not_written_over(tmp_path, capsys):
    """One line that says what to do."""
    out = tmp_path / "notes.json"
    out.write_text("[1, 2]")

    assert variants.main(["--out", str(out)]) == 2
    assert "name another file" in capsys.readouterr().err
    assert out.read_text() == "[1, 2]"


def test_the_table_has_mean_smallest_and_largest():
    """Of three runs that are written down here."""
    task = small()
    runs = [variants.asked(task, "LSTM", seed) | {"score": 0.1 + seed / 10, "seconds": 1.0} for seed in range(3)]
    lines = variants.table({"runs": runs, "guesses": {task.name: 0.5}}).splitlines()

    assert lines[0] == "parity of 24 bits: share of steps with the wrong parity"
    assert lines[2].split() == ["LSTM", f"{task.net('LSTM').parameters:,}", "0.2000", "0.1000", "0.3000"]


def test_unknown_network_is_named():
    """The sentence lists those there are."""
    with pytest.raises(ValueError, match=r"must be one of Grid LSTM, LSTM, 2 LSTMs\. Got 'GRU'"):
        TASKS["parity of 24 bits"].net("GRU")


def test_shipped_runs_are_those_of_this_program():
    """Three seeds of every network, with the settings and counts of today."""
    record = shipped.variant_runs()

    for task in TASKS.values():
        for net in task.nets:
            assert all(variants.found(record, task, net.name, seed) for seed in variants.SEEDS)
        assert record["guesses"][task.name] == pytest.approx(variants.guess(task), abs=1e-4)
    assert len(record["runs"]) == len(NETS) * len(variants.SEEDS)


def test_data_readme_names_the_file_that_is_shipped():
    """Size and SHA-256 in data/README.md and in the loader are those of the file."""
    content = shipped.PATH.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    lines = (shipped.PATH.parent / "README.md").read_text().splitlines()
    row = next(line for line in lines if "| `variants.json`" in line)

    assert found == shipped.SHA256
    assert f"| {len(content)} | `{found}` |" in row


def test_a_missing_or_damaged_file_says_what_to_do(monkeypatch, tmp_path):
    """A sentence, and never other numbers."""
    monkeypatch.setattr(shipped, "PATH", tmp_path / "variants.json")

    with pytest.raises(FileNotFoundError, match="make it with `python -m course_kit.models.variants"):
        shipped.variant_runs()
    shipped.PATH.write_text("{}")
    with pytest.raises(ValueError, match="must have the SHA-256"):
        shipped.variant_runs()
