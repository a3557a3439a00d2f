"""Beam search for any network that writes word by word, for a whole batch of sentences at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_kit.models.translator.scores import coverage, length_penalty
from course_kit.models.translator.vocabulary import END, START

# step(words (M,), state) -> log probabilities (M, V), new state, attention (M, S)
Step = Callable[[np.ndarray, Any], tuple[np.ndarray, Any, np.ndarray]]
# pick(state, rows) -> the state of these rows, in this order
Pick = Callable[[Any, np.ndarray], Any]


@dataclass(frozen=True)
class Hypothesis:
    """A sentence that was written.

    words: its numbers without the end. log_p: ln P of the words and the end. score: log_p / lp + cp.
    attention: (T, S) for the words and the end. ended: False if the limit cut it off.
    """

    words: tuple[int, ...]
    log_p: float
    score: float
    attention: np.ndarray
    ended: bool = True


def beam_search(
    step: Step,
    pick: Pick,
    state: Any,
    lengths: np.ndarray,
    *,
    width: int = 4,
    limit: int = 40,
    alpha: float = 0.2,
    beta: float = 0.0,
    start: int = START,
    end: int = END,
) -> list[list[Hypothesis]]:
    """The best sentences that a beam finds, for each of N sources the best first.

    At each step the `width` most probable of all continuations are kept. Those that end leave the beam and get their
    score; the search stops at the limit, or when no sentence in the beam can still beat the best that has ended (an
    open one's score is at most log_p / lp(limit)). Width 1 is greedy search; a width that cuts nothing off finds
    the sentence of the highest score there is.

    Args:
        step, pick: the network, see above.
        state: of N rows.
        lengths: (N,), the number of source words, padding apart; the penalty for coverage looks at these.
        width: sentences kept, per source.
        limit: words written at most, the end included.
        alpha, beta: of `length_penalty` and `coverage`.
        start, end: their numbers.

    Raises:
        ValueError: width or limit is not positive.
    """
    if width < 1 or limit < 1:
        raise ValueError(f"width and limit must be positive. Got {width} and {limit}.")
    N = len(lengths)
    rows = np.repeat(np.arange(N), width)
    state = pick(state, rows)
    words = np.full((N, width), start)
    log_p = np.where(np.arange(width) == 0, 0.0, -np.inf) * np.ones((N, 1))  # one sentence so far: the empty one
    written = np.zeros((N, width, 0), dtype=int)
    looked = None  # (N, K, t, S)
    done: list[list[Hypothesis]] = [[] for _ in range(N)]
    best = np.full(N, -np.inf)
    for t in range(limit):
        step_log_p, state, weights = step(words.reshape(-1), state)
        V = step_log_p.shape[-1]
        total = log_p[..., None] + np.asarray(step_log_p, dtype=float).reshape(N, width, V)
        order = np.argsort(-total.reshape(N, -1), axis=1, kind="stable")[:, :width]
        parents, words = np.divmod(order, V)
        log_p = np.take_along_axis(total.reshape(N, -1), order, axis=1)
        here = np.arange(N)[:, None]
        written = np.concatenate([written[here, parents], words[..., None]], axis=-1)
        weights = np.asarray(weights).reshape(N, width, 1, -1)
        looked = weights if looked is None else np.concatenate([looked, weights], axis=2)
        looked = looked[here, parents]
        state = pick(state, (here * width + parents).reshape(-1))
        for n, k in np.argwhere((words == end) & np.isfinite(log_p)):
            hypothesis = _scored(written[n, k, :-1], log_p[n, k], looked[n, k, :, : lengths[n]], alpha, beta, True)
            done[n].append(hypothesis)
            best[n] = max(best[n], hypothesis.score)
        log_p = np.where(words == end, -np.inf, log_p)
        if (log_p.max(axis=1) / length_penalty(limit if alpha > 0 else t + 1, alpha) <= best).all():
            break
    for n in range(N):
        if not done[n]:
            k = int(log_p[n].argmax())
            done[n].append(_scored(written[n, k], log_p[n, k], looked[n, k, :, : lengths[n]], alpha, beta, False))
        done[n].sort(key=lambda h: -h.score)
    return done


def _scored(words, log_p, attention, alpha, beta, ended) -> Hypothesis:
    L = len(words) + ended
    score = float(log_p / length_penalty(L, alpha) + coverage(attention, beta))
    return Hypothesis(tuple(int(w) for w in words), float(log_p), score, attention, ended)
