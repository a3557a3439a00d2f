"""Sequences of different lengths as one table, and a mask that says which places are real (slide D3.2).

padded[k] = 0 ... 0 x_1 ... x_T   or   x_1 ... x_T 0 ... 0,   cut at one end where T > maxlen
mask[k]   = False where a 0 was put in, True elsewhere
"""

import numpy as np

from course_kit.reference.lstm import lstm_step


def pad_and_mask(seqs: list, maxlen: int, padding: str, truncating: str) -> tuple[np.ndarray, np.ndarray]:
    """Padded numbers (N, maxlen) and the mask (N, maxlen); `padding` and `truncating` are "pre" or "post"."""
    padded = np.zeros((len(seqs), maxlen), dtype=int)
    mask = np.zeros((len(seqs), maxlen), dtype=bool)
    for row, seq in enumerate(seqs):
        first = max(len(seq) - maxlen, 0) if truncating == "pre" else 0
        kept = seq[first : first + maxlen]
        at = maxlen - len(kept) if padding == "pre" else 0
        padded[row, at : at + len(kept)] = kept
        mask[row, at : at + len(kept)] = True
    return padded, mask


def masked_lstm(x: np.ndarray, mask: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray) -> np.ndarray:
    """h (N, T, n) of an LSTM from zeros whose state stands still where mask (N, T) is False."""
    N, T, _ = x.shape
    n = len(U)
    h, c, kept = np.zeros((N, n)), np.zeros((N, n)), np.empty((N, T, n))
    for t in range(T):
        new_h, new_c = lstm_step(x[:, t], h, c, W, U, b)
        real = mask[:, t, np.newaxis].astype(bool)
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
        kept[:, t] = h
    return kept
