"""The net that notebook 01 shows is the one by which a pair of sentences is judged."""

import numpy as np

from course_kit.exercises.e01_sequences_and_task_shapes import rnn_score
from tests.exercises.test_proofs import namespace


def test_notebook_and_judge_have_the_same_net():
    """Scores of random sentences agree."""
    read_along = namespace("01", solved=True)["read_along"]
    rng = np.random.default_rng(0)

    for length in (1, 2, 7, 12):
        tokens = [int(k) for k in rng.integers(0, 8, length)]
        assert abs(read_along(tokens)[-1] - rnn_score(tokens)) < 1e-12


def test_each_word_of_a_sentence_moves_the_score():
    """No two words are the same to the net, or a right pair could be refused."""
    scores = [rnn_score([first, second]) for first in range(8) for second in range(8)]

    assert np.diff(np.sort(scores)).min() > 1e-4
