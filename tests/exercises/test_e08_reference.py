"""What notebook 08 stands on: gate orders and notations against Keras and against columns, and the bracket net."""

import hashlib

import numpy as np
import pytest

from course_kit.datasets import bracket
from course_kit.datasets.bracket import bracket_lstm, depth, next_symbol, one_hot, strings
from course_kit.reference.gate_order import reorder, to_concatenated, to_pair
from course_kit.reference.lstm import lstm_forward, lstm_gates

T, m, n = 7, 4, 3
PRINTED = {"D1.17-D1.20": "fico", "D3.18": "ifou", "D4.41": "giof", "Keras": "ifco"}


def logistic(a):
    return 1 / (1 + np.exp(-a))


def layers(letters, rng):
    """Separate weights for each letter: a dict of (W, U, b)."""
    return {k: (rng.normal(size=(m, n)), rng.normal(size=(n, n)), rng.normal(size=n)) for k in letters}


@pytest.mark.parametrize("order", PRINTED.values(), ids=PRINTED.keys())
def test_slide_order_converted_is_keras(order):
    """Weights stacked in a slide's order and converted give keras.layers.LSTM what the slide's own formulas give."""
    import keras

    rng = np.random.default_rng(3)
    own = layers(order, rng)
    x, h0, c0 = rng.normal(size=(2, T, m)), rng.normal(size=(2, n)), rng.normal(size=(2, n))
    h, c, expected = h0, c0, []
    candidate = next(letter for letter in order if letter in "cgu")
    for t in range(T):
        a = {letter: x[:, t] @ W + h @ U + b for letter, (W, U, b) in own.items()}
        c = logistic(a["i"]) * np.tanh(a[candidate]) + logistic(a["f"]) * c
        h = logistic(a["o"]) * np.tanh(c)
        expected.append(h)
    stacked = [np.concatenate([own[letter][k] for letter in order], axis=-1) for k in range(3)]
    layer = keras.layers.LSTM(n, return_sequences=True, dtype="float64")
    layer.build((None, None, m))
    layer.set_weights([reorder(array, order, "ifco") for array in stacked])

    obtained = layer(x, initial_state=[keras.ops.convert_to_tensor(s) for s in (h0, c0)])

    np.testing.assert_allclose(keras.ops.convert_to_numpy(obtained), np.stack(expected, axis=1), rtol=0, atol=1e-12)


def test_reorder_there_and_back_is_exact():
    """Each order leads to each other one and back without a changed bit."""
    stacked = np.random.default_rng(0).normal(size=(m, 4 * n))

    for old in PRINTED.values():
        for new in PRINTED.values():
            assert np.array_equal(stacked, reorder(reorder(stacked, old, new), new, old))


def test_pair_acts_on_rows_as_the_slide_acts_on_columns():
    """x W + h U for rows is M times the column [h; x]."""
    rng = np.random.default_rng(1)
    M, x, h = rng.normal(size=(n, n + m)), rng.normal(size=(2, m)), rng.normal(size=(2, n))
    W, U = to_pair(M)

    columns = [M @ np.concatenate([h[k], x[k]]) for k in range(2)]

    np.testing.assert_allclose(x @ W + h @ U, columns, rtol=0, atol=1e-14)
    assert np.array_equal(M, to_concatenated(W, U))


def test_misprint_changes_the_cell():
    """With the wiki's i_t the states are off by far more than rounding, as E08.7 claims."""
    rng = np.random.default_rng(2)
    own = layers("ifco", rng)
    meant = [np.concatenate([own[letter][k] for letter in "ifco"], axis=-1) for k in range(3)]
    own["i"] = (*own["f"][:2], own["i"][2])
    printed = [np.concatenate([own[letter][k] for letter in "ifco"], axis=-1) for k in range(3)]
    x, start = rng.normal(size=(2, T, m)), np.zeros((2, n))

    difference = np.abs(lstm_forward(x, start, start, *meant)[0] - lstm_forward(x, start, start, *printed)[0])

    assert difference.max() > 1e-3


@pytest.fixture(scope="module")
def watched():
    """The trained net on 500 fresh strings: symbols, depths, states, gates of every step."""
    net, fresh = bracket_lstm(), strings(500, 61, seed=1)
    x = np.stack([one_hot(s) for s in fresh])
    h = c = np.zeros((500, 6))
    kept = []
    for t in range(60):
        i, f, c_tilde, o = lstm_gates(x[:, t], h, net.W, net.U, net.b)
        c = f * c + i * c_tilde
        h = o * np.tanh(c)
        kept.append((c, c_tilde, f, i, h))
    c, c_tilde, f, i, h = (np.stack(k, axis=1) for k in zip(*kept, strict=True))
    d = np.stack([depth(s) for s in fresh])
    return {"x": x, "d": d[:, :-1], "c": c, "c_tilde": c_tilde, "f": f, "i": i, "scores": h @ net.V + net.b_y}


def correlations(states, quantity):
    return np.array([np.corrcoef(states[..., k].ravel(), quantity.ravel())[0, 1] for k in range(6)])


def test_unit_2_counts_the_open_brackets(watched):
    """One unit follows the depth, downwards, and no unit follows another of the five quantities as closely."""
    read = watched["x"][:, :-1].cumsum(axis=1)
    others = [read.sum(axis=-1), read[..., 0], read[..., 1], read[..., 2]]

    with_depth = correlations(watched["c"], watched["d"])

    np.testing.assert_allclose(with_depth, [0.502, 0.703, -0.989, 0.008, -0.122, 0.362], atol=1e-3)
    assert max(np.abs(correlations(watched["c"], q)).max() for q in others) < 0.87


def test_candidate_gives_the_sign_of_a_step(watched):
    """What notebook 08 says about the gates: signs from the candidate, about 0.93 of the state kept, i for the size."""
    symbol = watched["x"][:, :-1].argmax(axis=-1)
    means = {k: [watched[k][..., 2][symbol == s].mean() for s in range(3)] for k in ("c_tilde", "f", "i")}

    np.testing.assert_allclose(means["c_tilde"], [-0.454, 0.405, -0.024], atol=2e-3)
    np.testing.assert_allclose(means["f"], [0.951, 0.914, 0.933], atol=2e-3)
    np.testing.assert_allclose(means["i"], [0.457, 0.396, 0.306], atol=2e-3)


def test_all_states_explain_the_depth(watched):
    """A linear read-out of the six states has 99.4 % of the depth's variance."""
    c, d = watched["c"].reshape(-1, 6), watched["d"].ravel()
    design = np.column_stack([c, np.ones(len(c))])
    residual = d - design @ np.linalg.lstsq(design, d, rcond=None)[0]

    assert 0.9935 < 1 - residual.var() / d.var() < 0.9955


def test_counter_leaks_on_a_run_of_fillers(watched):
    """Forty fillers at depth 3 bring the state nearer to where it is at depth 2."""
    net = bracket_lstm()
    x, start = one_hot("(((" + 40 * "x")[None], np.zeros((1, 6))
    mean = {d: watched["c"][..., 2][watched["d"] == d].mean() for d in (2, 3)}

    end = lstm_forward(x, start, start, net.W, net.U, net.b)[1][0, -1, 2]

    assert -0.115 < end < -0.105
    np.testing.assert_allclose([mean[2], mean[3]], [-0.07, -0.24], atol=5e-3)
    assert abs(end - mean[2]) < abs(end - mean[3])


def test_net_is_near_the_best_possible(watched):
    """Its loss is within 0.003 nats of one who knows the depth, and far below fixed shares."""
    target, scores = watched["x"][:, 1:], watched["scores"]
    log_p = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    best = (next_symbol(watched["d"]) * target).sum(axis=-1)

    assert abs(-(log_p * target).sum(axis=-1).mean() - 0.9917) < 1e-4
    assert abs(-np.log(best).mean() - 0.9893) < 1e-4


def test_strings_are_brackets_of_bounded_depth():
    """No string closes what is not open or goes deeper than eight."""
    depths = np.stack([depth(s) for s in strings(200, 300, seed=5)])

    assert depths.min() == 0
    assert depths.max() == 8


def test_data_readme_names_the_file_that_is_shipped():
    """Size and SHA-256 in data/README.md and in the loader are those of the file."""
    content = bracket.PATH.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    row = next(
        line for line in (bracket.PATH.parent / "README.md").read_text().splitlines() if "| `bracket_lstm" in line
    )

    assert found == bracket.SHA256
    assert f"| {len(content)} | `{found}` |" in row


def test_missing_file_says_what_to_do(monkeypatch, tmp_path):
    """A sentence, not a bare path."""
    monkeypatch.setattr(bracket, "PATH", tmp_path / "bracket_lstm.npz")

    with pytest.raises(FileNotFoundError, match=r"must lie in .* make it with `python data/make_bracket_lstm.py`"):
        bracket_lstm()


def test_damaged_file_is_refused(monkeypatch, tmp_path):
    """Another file of that name is not taken for the kit's."""
    monkeypatch.setattr(bracket, "PATH", tmp_path / "bracket_lstm.npz")
    bracket.PATH.write_bytes(b"no weights")

    with pytest.raises(ValueError, match="must have the SHA-256 c0da30a15c80"):
        bracket_lstm()


def test_strange_symbol_is_named():
    """A symbol that the net was not trained on is refused."""
    with pytest.raises(ValueError, match=r"made of \( \) and x\. Got '\['"):
        one_hot("([")
