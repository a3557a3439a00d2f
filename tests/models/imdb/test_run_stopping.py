"""Patience counts the epochs since the best one, whatever lay between them."""

import json
from types import SimpleNamespace

import pytest

from course_kit.models.imdb.runs.stopping import Patience

CASES = {
    "rises": ([0.1, 0.2, 0.3, 0.4], None),
    "falls": ([0.4, 0.3, 0.2], 2),
    "equal is not better": ([0.4, 0.4, 0.4], 2),
    "falls later": ([0.1, 0.5, 0.4, 0.3], 3),
    "a new best starts anew": ([0.4, 0.3, 0.5, 0.4, 0.45], 4),
}


def stopped_at(values, path, killed_after=()) -> int | None:
    net, patience = SimpleNamespace(name="net", stop_training=False), None
    for epoch, value in enumerate(values):
        if patience is None or epoch in killed_after:
            patience = Patience(path, 2)
            patience.set_model(net)
        patience.on_epoch_end(epoch, {"val_f1": value})
        if net.stop_training:
            return epoch
    return None


@pytest.mark.parametrize("values, expected", CASES.values(), ids=CASES)
@pytest.mark.parametrize("killed_after", [(), (1, 2, 3)])
def test_it_stops_after_two_epochs_without_a_better_one(values, expected, killed_after, tmp_path):
    """Also when the process was another one at each epoch."""
    assert stopped_at(values, tmp_path / "patience.json", killed_after) == expected


def test_an_epoch_that_is_made_again_counts_once(tmp_path):
    """A kill between this callback and the backup: the second value of the epoch is the one."""
    path, net = tmp_path / "state" / "patience.json", SimpleNamespace(name="net", stop_training=False)
    patience = Patience(path, 2)
    patience.set_model(net)
    for epoch, value in ((0, 0.5), (1, 0.4), (1, 0.41), (0, 0.3)):
        patience.on_epoch_end(epoch, {"val_f1": value})

    assert json.loads(path.read_text()) == {"net": [0.3]}
    assert not net.stop_training


def test_each_net_has_its_own(tmp_path):
    """Several nets of one run share the file and not the count."""
    for name in ("a", "b"):
        patience = Patience(tmp_path / "p.json", 2)
        patience.set_model(net := SimpleNamespace(name=name, stop_training=False))
        for epoch, value in enumerate((0.5, 0.4)):
            patience.on_epoch_end(epoch, {"val_f1": value})
        assert not net.stop_training
