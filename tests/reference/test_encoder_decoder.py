"""The twins of notebook 20 against Keras, sacrebleu and counting by hand."""

import numpy as np
import pytest
from sacrebleu.metrics import CHRF

from course_kit.reference.beam import beam_search, brute_force, coverage_penalty, length_penalty, sentence_log_p
from course_kit.reference.encoder_decoder import (
    additive_attention,
    final_state,
    gnmt_count,
    gnmt_encoder,
    gnmt_inputs,
    teaching_arrays,
)
from course_kit.reference.text_scores import chrf, distinct, rerank


def test_attention_is_that_of_keras():
    """keras.layers.AdditiveAttention on projected queries and keys."""
    import keras

    rng = np.random.default_rng(0)
    n, (q, x) = 5, (rng.normal(size=(2, T, 5)) for T in (3, 7))
    mask = np.arange(7) < np.array([[7], [4]])
    W_q, W_k, v = rng.normal(size=(n, n)), rng.normal(size=(n, n)), rng.normal(size=n)
    layer = keras.layers.AdditiveAttention(dtype="float64")
    layer.build([(None, None, n)] * 3)
    layer.set_weights([v])
    theirs = layer([q @ W_q, x, x @ W_k], mask=[None, mask], return_attention_scores=True)

    for mine, other in zip(additive_attention(q, x, mask, W_q, W_k, v), theirs, strict=True):
        assert np.abs(mine - np.asarray(other)).max() < 1e-12


def test_final_state_is_that_of_a_masked_keras_lstm():
    """Masking holds the state at the padding."""
    import keras

    rng = np.random.default_rng(1)
    x, lengths = rng.normal(size=(3, 6, 4)), np.array([2, 6, 4])
    layer = keras.layers.LSTM(5, return_state=True, dtype="float64")
    layer.build((None, None, 4))
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    _, h, c = layer(x, mask=np.arange(6) < lengths[:, None])

    mine = final_state(x, lengths, *layer.get_weights())
    assert np.abs(mine[0] - np.asarray(h)).max() < 1e-12
    assert np.abs(mine[1] - np.asarray(c)).max() < 1e-12


def test_encoder_and_count_are_those_of_the_keras_model():
    """Widths, weights and wiring of `EncoderDecoder` with d = 8 and 8 layers."""
    from course_kit.models.translator.model import EncoderDecoder

    model = EncoderDecoder([f"s{k}" for k in range(26)], [f"t{k}" for k in range(36)], units=8, embedding=8, layers=8)
    model.build(None)
    assert model.count_params() == gnmt_count(8, 8, 30, 40) == 12_672
    encoder, decoder = gnmt_inputs(8, 8)
    kernels = [w.shape[0] for w in model.upper.get_weights() if w.ndim == 2 and w.shape[0] != 8]
    assert kernels == [16] and encoder == [8, 16, 8, 8, 8, 8, 8, 8]
    assert [layer.get_weights()[0].shape[0] for layer in model.decoder] == decoder

    source = model.source.encode([["s0", "s3", "s5"], ["s7", "s1", "s2"]])
    weights = model.upper.get_weights()
    above = [weights[3 * k : 3 * k + 3] for k in range(7)]
    both = model.first.get_weights()[:3], model.first.get_weights()[3:]
    mine = gnmt_encoder(np.asarray(model.source_embedding(source)), both, above)
    assert np.abs(mine - np.asarray(model.encode(source)[0])).max() < 1e-5


def test_teaching_arrays_by_hand():
    """Written down."""
    read, given, due = teaching_arrays(["907", "4"])

    assert read.tolist() == [[10, 1, 8], [5, 0, 0]]
    assert given.tolist() == [[11, 8, 1, 10], [11, 5, 0, 0]]
    assert due.tolist() == [[8, 1, 10, 12], [5, 12, 0, 0]]


@pytest.mark.parametrize("alpha", [0.0, 0.2, 1.0])
def test_full_width_is_brute_force(alpha):
    """Nothing cut off, nothing missed: the sentence and its score."""
    rng = np.random.default_rng(2)
    for _ in range(30):
        log_p = np.log(rng.dirichlet(np.ones(3), 3))
        (words, score), (best, top) = beam_search(log_p, 3**4, 4, alpha), brute_force(log_p, 4, alpha)
        assert words == best
        assert abs(score - top) < 1e-12


def test_width_one_is_greedy():
    """The likeliest symbol at each step, written out as a loop."""
    rng = np.random.default_rng(3)
    for _ in range(30):
        log_p = np.log(rng.dirichlet([2.0, 1.0, 1.0], 3))
        words = []
        while len(words) < 8:
            words.append(int(log_p[words[-1] if words else 0].argmax()))
            if words[-1] == 0:
                break
        found, score = beam_search(log_p, 1, 8, 0.0)
        if words[-1] == 0:
            assert found == words[:-1]
            assert abs(score - sentence_log_p(log_p, words[:-1])) < 1e-12
        else:
            assert (found, score) == ([], -np.inf)


def test_penalties_of_the_inventory():
    """1.0, 1.107566, 1.201124, 1.330325; and coverage by hand: ln 0.5 + ln 1 + ln 0.75."""
    assert np.allclose(length_penalty([1, 5, 10, 20], 0.2), [1.0, 1.107566, 1.201124, 1.330325], rtol=0, atol=5e-7)
    P = np.array([[0.25, 0.75, 0.0], [0.25, 0.0, 0.75], [0.0, 1.0, 0.0]])
    assert abs(coverage_penalty(P, 2.0) - 2 * (np.log(0.5) + np.log(0.75))) < 1e-12


def test_chrf_is_that_of_sacrebleu():
    """Random texts, some of them empty or short."""
    rng = np.random.default_rng(4)

    def text(low):
        return "".join(rng.choice(list("ab c"), rng.integers(low, 12)))

    for _ in range(300):
        count = rng.integers(1, 5)
        texts, references = [text(0) for _ in range(count)], [text(1) for _ in range(count)]
        assert abs(chrf(texts, references) - CHRF().corpus_score(texts, [references]).score) < 1e-9


def test_distinct_of_the_slides():
    """28 of 32 words and 26 of 26 pairs, counted on the lecture's text."""
    text = """как насчет привет / ты действительно думаешь что я буду помнить об этом / так почему тебе не все равно
    / ты совсем не такой / угу / конечно дело в том что сейчас не лучшее время"""
    replies = [reply.split() for reply in text.split("/")]

    assert distinct(replies, 1) == (28, 32)
    assert distinct(replies, 2) == (26, 26)


def test_rerank_by_hand():
    """What is said anyway falls behind."""
    assert rerank([-1.0, -2.0, -3.0], [-1.0, -4.0, -9.0], 0.0).tolist() == [0, 1, 2]
    assert rerank([-1.0, -2.0, -3.0], [-1.0, -4.0, -9.0], 1.0).tolist() == [2, 1, 0]
