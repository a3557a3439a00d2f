"""Elman networks as automatizer and chunker: exact, repeatable, and able to take over what the other knows."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import course_kit
from course_kit import params
from course_kit.memories import ElmanPredictor, HistoryCompressor, MarkovPredictor
from course_kit.reference import elman_forward

# As task 2a of Hochreiter & Schmidhuber 1997 with p = 11: the last symbol is the first, all between always the same
MIDDLE = tuple(f"b{k}" for k in range(1, 11))
X = [("a", *MIDDLE, "a"), ("x", *MIDDLE, "x")]


@pytest.fixture(scope="module")
def alone():
    return HistoryCompressor(ElmanPredictor(12, 150, 0.02, random_state=0)).fit(X)


@pytest.fixture(scope="module")
def together():
    chunker = ElmanPredictor(4, 150, 0.05, random_state=0)
    return HistoryCompressor(ElmanPredictor(12, 200, 0.02, random_state=0), chunker, imitate=True).fit(X)


def test_it_learns_what_follows(alone):
    """All between the ends is expected; the first symbols, and one of the two ends, are not."""
    for x in X:
        assert {s.time for s in alone.surprises(x)} <= {0, 11}
        assert list(x) == alone.decompress(alone.compress(x))
    assert alone.surprises_ == [3]
    losses = alone.automatizer_.losses_
    assert len(losses) == 150
    assert losses[-1] < 0.2 * losses[0]


def test_the_automatizer_takes_over_what_the_chunker_knows(together):
    """Alone it fails at 3 symbols; imitating the chunker it fails at the two first ones, which nobody can know."""
    assert together.surprises_ == [3, 2]
    assert [[s.time for s in together.surprises(x)] for x in X] == [[0], [0]]
    assert [together.decompress(together.compress(x)) for x in X] == [list(x) for x in X]


def test_imitation_gives_the_chunkers_state_at_every_step(together):
    """The outputs beside the symbols, against the first chunker's states; they stand still between surprises."""
    states = [together._chunker_states(x) for x in X]

    assert all(np.ptp(s[1:-1], axis=0).max() == 0 for s in states)
    assert np.abs(states[0][0] - states[1][0]).max() > 0.1


def test_numpy_runs_the_network_that_was_trained(alone):
    """Step by step the scores are those of the twin on whole sequences, and no other arithmetic."""
    predictor = alone.automatizer_
    codes = np.array([alone.alphabet_[symbol] for symbol in X[1]])
    inputs = np.eye(len(alone.alphabet_))[codes][np.newaxis]
    scores, h = elman_forward(inputs, np.zeros((1, 12)), *predictor.weights_)
    state = predictor.start()
    assert predictor.expect(state) is None

    for t, code in enumerate(codes):
        state = predictor.advance(state, code)
        assert np.abs(state.scores - scores[0, t]).max() < 1e-12
        assert np.abs(predictor.internal(state) - h[0, t]).max() < 1e-12
        assert predictor.expect(state) == scores[0, t].argmax()


def test_it_has_the_parameters_of_the_formula(together, alone):
    """Two Elman networks, and an output more of the first for each unit of the second."""
    m, k = len(together.alphabet_), len(together.events_)
    held = sum(w.size for p in (together.automatizer_, together.chunker_) for w in p.weights_)

    assert held == params.history_compressor(m, 12, k, 4, imitate=True)
    assert held - params.history_compressor(m, 12, k, 4) == 4 * (12 + 1)
    assert sum(w.size for w in alone.automatizer_.weights_) == params.elman(m, 12, m)


def test_each_step_is_taught_its_own_next_symbol_and_state():
    """Inputs but the last, symbols but the first, and the state after the input; in the order of the outputs."""
    predictor, states = ElmanPredictor(), np.arange(6.0).reshape(3, 2)
    predictor.symbols_ = 3

    x, y, mask = predictor._block([np.array([2, 0, 1]), np.array([1])], [states, states[:1]])

    assert x[0].tolist() == [[0, 0, 1], [1, 0, 0]]
    assert y[0].tolist() == [[1, 0, 0, 0, 1], [0, 1, 0, 2, 3]]
    assert mask.tolist() == [[1, 1], [0, 0]]


def test_the_same_seed_trains_the_same_network():
    """To the last bit; another seed another one."""
    codes = [np.array([0, 1, 2, 0, 1, 2]), np.array([1, 2, 0, 1])]
    one, again, other = (ElmanPredictor(4, 5, random_state=seed).fit(codes, 3) for seed in (1, 1, 2))

    assert all(np.array_equal(a, b) for a, b in zip(one.weights_, again.weights_, strict=True))
    assert not np.array_equal(one.weights_[0], other.weights_[0])


def test_padding_teaches_nothing():
    """A batch of a long and a short sequence learns from the steps that there are: losses add up as they should."""
    long, short = np.array([0, 1, 2, 0, 1, 2, 0]), np.array([2, 1])
    both = ElmanPredictor(4, 1, random_state=1).fit([long, short], 3).losses_[0]
    losses = [ElmanPredictor(4, 1, random_state=1).fit([one], 3).losses_[0] for one in (long, short)]

    assert both * 12 == pytest.approx(losses[0] * 6 + losses[1] * 1, rel=1e-5)  # Keras divides by all steps, 2 x 6


@pytest.mark.parametrize("name", ["units", "epochs"])
def test_sizes_are_checked(name):
    """A positive integer, or a sentence."""
    with pytest.raises(ValueError, match=rf"^{name} must be a positive integer. Got 0.$"):
        ElmanPredictor(**{name: 0}).fit([np.array([0, 1])], 2)


WITHOUT_KERAS = """
import pickle, sys
from pathlib import Path
compressor, small = pickle.loads(Path(sys.argv[1]).read_bytes())
print("".join(compressor.decompress(small)), sorted({"keras", "tensorflow", "jax", "torch"} & set(sys.modules)))
"""


def test_a_trained_compressor_works_in_a_process_without_keras(together, tmp_path):
    """Pickled and taken up again, it gives back what was compressed, and imports no TensorFlow."""
    path = tmp_path / "compressor.pickle"
    path.write_bytes(pickle.dumps((together, together.compress(X[1]))))
    root = Path(course_kit.__file__).parent.parent

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_KERAS, path], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == f"{''.join(X[1])} []"


def test_a_network_may_read_what_counts_pass_on():
    """Either kind of predictor on either level."""
    compressor = HistoryCompressor(MarkovPredictor(1), ElmanPredictor(4, 20, random_state=0)).fit(X)

    assert [compressor.decompress(compressor.compress(x)) for x in X] == [list(x) for x in X]
