"""Neural Turing Machine (slide D1.26; Graves 2014, section 3), one sequence, one head and one row at a time.

    h, c = LSTM([x, what the read heads read before], h, c)
    numbers of a head = a slice of h W_heads + b_heads: key, strength, gate, shifts, power (write heads: erase, add)
    every write head finds its address w in the old memory, then M(i) = M(i) (1 - w(i) e) ..., then + w(i) a ...
    every read head finds its address in the new memory and reads r = sum of w(i) M(i)
    y = [h, r] V + b_y

An address: softmax over the rows of strength times cosine; mixed by the gate with the address before; moved in a
circle by the shifts, of which the middle one stays; raised to the power and divided by the sum.

x (N, T, m), h and c (N, n), addresses (N, heads, rows), memory (N, rows, width); W (m + reads width, 4n), columns
i, f, c, o; W_heads (n, numbers of all heads), read heads first; V (n + reads width, o).
"""

import numpy as np

from course_kit.reference.activations import sigmoid, softmax
from course_kit.reference.lstm import lstm_step

SMOOTHING = 1e-6  # added to squared lengths, so that a row of zeros has the cosine zero


def ntm_address(
    memory: np.ndarray,
    previous: np.ndarray,
    key: np.ndarray,
    strength: float,
    gate: float,
    shifts: np.ndarray,
    power: float,
) -> np.ndarray:
    """The address (rows,) of a head: by content, by the gate, by the shifts, sharpened."""
    rows, reach = len(memory), len(shifts) // 2
    cosines = [row @ key / np.sqrt((row @ row + SMOOTHING) * (key @ key + SMOOTHING)) for row in memory]
    mixed = gate * softmax(strength * np.array(cosines)) + (1 - gate) * previous
    moved = np.zeros(rows)
    for i in range(rows):
        for step in range(-reach, reach + 1):
            moved[(i + step) % rows] += mixed[i] * shifts[step + reach]
    return moved**power / np.sum(moved**power)


def ntm_write(memory: np.ndarray, address: np.ndarray, erase: np.ndarray, add: np.ndarray) -> np.ndarray:
    """The memory after one head has erased and added."""
    return memory * (1 - np.outer(address, erase)) + np.outer(address, add)


def ntm_forward(
    x: np.ndarray,
    h0: np.ndarray,
    c0: np.ndarray,
    read0: np.ndarray,
    write0: np.ndarray,
    memory0: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    W_heads: np.ndarray,
    b_heads: np.ndarray,
    V: np.ndarray,
    b_y: np.ndarray,
    shift_range: int = 1,
) -> tuple[np.ndarray, ...]:
    """All steps: y (N, T, o), and h, c, read and write addresses and memory after every step, (N, T, ...) each."""
    N, T, _ = np.shape(x)
    steps = []
    for k in range(N):
        h, c, reads, writes, memory = h0[k : k + 1], c0[k : k + 1], read0[k], write0[k], memory0[k]
        for t in range(T):
            seen = np.concatenate([x[k, t], (reads @ memory).ravel()])[np.newaxis]
            h, c = lstm_step(seen, h, c, W, U, b)
            numbers = (h @ W_heads + b_heads)[0]
            reads, writes, memory = _heads(numbers, reads, writes, memory, shift_range)
            y = np.concatenate([h[0], (reads @ memory).ravel()]) @ V + b_y
            steps.append((y, h[0], c[0], reads, writes, memory))
    return tuple(np.reshape(a, (N, T, *np.shape(a[0]))) for a in zip(*steps, strict=True))


def _heads(numbers, reads, writes, memory, shift_range):
    """The addresses and the memory after a step in which the heads got these numbers."""
    width = memory.shape[1]
    size = width + 2 * shift_range + 4
    to_read, to_write = np.split(numbers, [len(reads) * size])
    to_read, to_write = to_read.reshape(len(reads), size), to_write.reshape(len(writes), size + 2 * width)
    writes = np.array([_address(memory, w, a) for w, a in zip(writes, to_write[:, :size], strict=True)])
    erased = memory
    for w, own in zip(writes, to_write, strict=True):
        erased = ntm_write(erased, w, sigmoid(own[size : size + width]), np.zeros(width))
    for w, own in zip(writes, to_write, strict=True):
        erased = ntm_write(erased, w, np.zeros(width), np.tanh(own[size + width :]))
    reads = np.array([_address(erased, w, a) for w, a in zip(reads, to_read, strict=True)])
    return reads, writes, erased


def _address(memory, previous, numbers):
    width = memory.shape[1]
    key, strength, gate, shifts, power = np.split(numbers, [width, width + 1, width + 2, len(numbers) - 1])
    strength, power = np.log1p(np.exp(strength[0])), 1 + np.log1p(np.exp(power[0]))
    return ntm_address(memory, previous, np.tanh(key), strength, sigmoid(gate[0]), softmax(shifts), power)
