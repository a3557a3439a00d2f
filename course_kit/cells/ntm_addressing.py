r"""How a Neural Turing Machine looks at its memory: where a head points, what it reads, what it writes.

The paper's section 3, one function for each equation, (N) batch, H heads, R rows of the memory, M numbers a row:

$$r = \sum_i w(i) M(i), \qquad M(i) \leftarrow M(i) \odot \prod_h (1 - w_h(i) e_h) + \sum_h w_h(i) a_h$$
$$w^c(i) = \mathrm{softmax}_i(\beta K[k, M(i)]), \qquad w^g = g w^c + (1 - g) w_{t-1}$$
$$\tilde w(i) = \sum_j w^g(j) s(i - j), \qquad w(i) = \frac{\tilde w(i)^\gamma}{\sum_j \tilde w(j)^\gamma}$$

with the cosine $K[u, v] = u \cdot v / (|u| |v|)$ and indices modulo R.
"""

from keras import ops

# Added to the square of a length, so that a row of zeros has a cosine (zero) and a slope. Float16 can hold it.
SMOOTHING = 1e-6


def content_weights(memory, keys, strengths):
    r"""$w^c$, (N, H, R): rows that point where a key points. memory (N, R, M), keys (N, H, M), strengths (N, H, 1)."""
    products = ops.matmul(keys, ops.swapaxes(memory, 1, 2))  # (N, H, R)
    cosines = products / (_length(keys)[:, :, None] * _length(memory)[:, None, :])
    return ops.softmax(strengths * cosines)


def interpolated(content, previous, gates):
    r"""$w^g$, (N, H, R): by the gates (N, H, 1) between the rows found now and the rows of the step before."""
    return gates * content + (1 - gates) * previous


def shifted(weights, shifts):
    r"""$\tilde w$, (N, H, R): moved in a circle. shifts (N, H, 2s + 1) holds the shares that go -s, ..., s rows on."""
    s = shifts.shape[-1] // 2
    return sum(shifts[..., s + d : s + d + 1] * ops.roll(weights, d, axis=-1) for d in range(-s, s + 1))


def sharpened(weights, powers):
    r"""$w$, (N, H, R): raised to the powers (N, H, 1) and divided by the sum."""
    # as a softmax of logarithms, which has a slope where a weight is zero; the smallest number that float16 holds
    # is larger than what the other types add
    least = 1e-7 if "float16" == ops.dtype(weights) else 1e-16
    return ops.softmax(powers * ops.log(weights + least))


def read(memory, weights):
    """r, (N, H, M): for each head the mean of the rows under its weights."""
    return ops.matmul(weights, memory)


def written(memory, weights, erase, add):
    """The memory after every head has erased and then every head has added; erase, add (N, H, M)."""
    kept = 1.0
    for head in range(weights.shape[1]):  # factors commute: the order of heads is of no account
        kept = kept * (1 - weights[:, head, :, None] * erase[:, head, None, :])  # (N, R, M)
    return memory * kept + ops.matmul(ops.swapaxes(weights, 1, 2), add)


def _length(vectors):
    return ops.sqrt(ops.sum(ops.square(vectors), axis=-1) + SMOOTHING)
