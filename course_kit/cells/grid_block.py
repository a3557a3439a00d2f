"""A block of a Grid LSTM, in any number of dimensions."""

from collections.abc import Callable, Sequence

from keras import ops

from course_kit.cells.base import one_of


def grid_block(
    hidden: Sequence,
    memories: Sequence,
    kernels: Sequence,
    biases: Sequence | None = None,
    priority: int | None = None,
    squashing: str = "paper",
    activation: Callable = ops.tanh,
    recurrent_activation: Callable = ops.sigmoid,
    dense_activation: Callable = ops.relu,
) -> tuple[list, list]:
    r"""The new hidden and memory vectors of a block with N dimensions.

    Every transform reads all hidden vectors, $H = [h_1, ..., h_N]$, and has its own memory and kernel $W_k$; with
    $a = H W_k + b_k$ in the blocks i, f, c, o

    $$m'_k = \sigma(a_f) \odot m_k + \sigma(a_i) \odot \tanh(a_c), \qquad
    h'_k = \tanh(\sigma(a_o) \odot m'_k) \quad\text{or}\quad \sigma(a_o) \odot \tanh(m'_k)$$

    Args:
        hidden: $h_1, ..., h_N$, `(batch, d)` each.
        memories: $m_1, ..., m_N$, `(batch, d)` each. None makes a dimension one without an LSTM (section 3.3 of the
            paper): $h'_k$ is `dense_activation` of $H W_k + b_k$.
        kernels: $W_1, ..., W_N$, `(N d, 4 d)` each, and `(N d, d)` for a dimension without a memory.
        biases: Likewise `(4 d,)` or `(d,)` each, or `None` for none.
        priority: The place of a dimension that goes last and reads the others' new hidden vectors (section 3.2), or
            `None`: all read the old ones. Default: `None`.
        squashing: `"paper"` for the first form of $h'_k$, which the paper prints, `"lstm"` for the second.
        activation, recurrent_activation: $\tanh$ and $\sigma$ above.
        dense_activation: Of dimensions without a memory.

    Returns:
        The new hidden vectors and the new memories, two lists of N; None where there was none.

    Raises:
        ValueError: `priority` is no place of a dimension, or `squashing` is unknown.

    The number of parameters is $4 N^2 d^2$, with biases $4 N^2 d^2 + 4 N d$.

    >>> import numpy as np
    >>> h, m = [np.full((1, 2), 0.5)] * 3, [np.zeros((1, 2))] * 3
    >>> new_h, new_m = grid_block(h, m, [np.full((6, 8), 0.1)] * 3)
    >>> round(float(new_m[0][0, 0]), 4), round(float(new_h[2][0, 1]), 4)  # sigmoid(0.3) tanh(0.3), three times
    (0.1673, 0.0958)
    """
    one_of("priority", priority, (*range(len(hidden)), None))
    one_of("squashing", squashing, ("paper", "lstm"))

    def transform(H, k):
        a = ops.matmul(H, kernels[k])
        if biases is not None:
            a = a + biases[k]
        if memories[k] is None:
            return dense_activation(a), None
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)  # each (batch, d)
        m = recurrent_activation(a_f) * memories[k] + recurrent_activation(a_i) * activation(a_c)
        o = recurrent_activation(a_o)
        return (activation(o * m) if squashing == "paper" else o * activation(m)), m

    H = ops.concatenate(hidden, axis=-1)  # (batch, N d)
    new = [None if k == priority else transform(H, k) for k in range(len(hidden))]
    if priority is not None:
        seen = [hidden[priority] if k == priority else new[k][0] for k in range(len(hidden))]
        new[priority] = transform(ops.concatenate(seen, axis=-1), priority)
    return [h for h, _ in new], [m for _, m in new]
