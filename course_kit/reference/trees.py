"""Networks over trees, by recursion: recursive network, tensor network (slides D1.30, D1.31, D2.5), Tree-LSTMs.

A tree is a word, that is a row number of x, or a tuple of trees. With `heads` a tuple opens with the node's own
word. Every function returns the states of all nodes in post-order: the children's from the left, then the node's,
so that the last row is the root's.

    recursive   p = tanh([a, b] W + c),  a leaf is its row of x
    tensor      p = tanh([a, b] V_k [a, b]' + [a, b] W + c)_k,  V (2d, 2d, d) holds V_k in V[:, :, k]
    Tree-LSTM   i, o = sigmoid, u = tanh of x W + (children) U + b;  f = sigmoid of the same, one a child
                c = i u + sum of f_k c_k,  h = o tanh(c)

Row vectors: x (words, m); W (2d, d) or (m, 4n), columns i, f, u, o; U (n, 4n) for the child-sum form, and for N
places (N n, (3 + N) n), columns i, f_1 ... f_N, u, o; b (d,) or (4n,).
"""

import numpy as np

from course_kit.reference.activations import sigmoid


def recursive_forward(tree, x: np.ndarray, W: np.ndarray, b: np.ndarray, V: np.ndarray | None = None) -> np.ndarray:
    """All nodes of a binary tree, (nodes, d); with V those of the tensor network."""
    if not isinstance(tree, tuple):
        return np.array(x[tree], dtype=np.float64)[np.newaxis]
    left, right = (recursive_forward(child, x, W, b, V) for child in tree)
    pair = np.concatenate([left[-1], right[-1]])  # (2d,)
    a = pair @ W + b
    if V is not None:
        for k in range(len(a)):
            a[k] += pair @ V[:, :, k] @ pair
    return np.vstack([left, right, np.tanh(a)])


def child_sum_forward(
    tree, x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, heads: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """All nodes of a child-sum Tree-LSTM: h and c, (nodes, n) each."""
    word, below = _node(tree, x, heads)
    parts = [child_sum_forward(child, x, W, U, b, heads) for child in below]
    n = U.shape[0]
    W_i, W_f, W_u, W_o = np.split(W, 4, axis=1)
    U_i, U_f, U_u, U_o = np.split(U, 4, axis=1)
    b_i, b_f, b_u, b_o = np.split(b, 4)
    h_sum = sum((h[-1] for h, _ in parts), np.zeros(n))
    i = sigmoid(word @ W_i + h_sum @ U_i + b_i)
    o = sigmoid(word @ W_o + h_sum @ U_o + b_o)
    c = i * np.tanh(word @ W_u + h_sum @ U_u + b_u)
    for h_k, c_k in parts:
        c = c + sigmoid(word @ W_f + h_k[-1] @ U_f + b_f) * c_k[-1]
    return _after(parts, o * np.tanh(c), c)


def nary_forward(
    tree, x: np.ndarray, W: np.ndarray, U: np.ndarray, b: np.ndarray, heads: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """All nodes of an N-ary Tree-LSTM: h and c, (nodes, n) each."""
    word, below = _node(tree, x, heads)
    parts = [nary_forward(child, x, W, U, b, heads) for child in below]
    n = W.shape[1] // 4
    places = U.shape[0] // n

    def recurrent(block):  # what the children add to one block of columns of U
        columns = slice(block * n, (block + 1) * n)
        return sum((h[-1] @ U[k * n : (k + 1) * n, columns] for k, (h, _) in enumerate(parts)), np.zeros(n))

    a_i, a_f, a_u, a_o = np.split(word @ W + b, 4)
    i = sigmoid(a_i + recurrent(0))
    u = np.tanh(a_u + recurrent(1 + places))
    o = sigmoid(a_o + recurrent(2 + places))
    c = i * u
    for k, (_, c_k) in enumerate(parts):
        c = c + sigmoid(a_f + recurrent(1 + k)) * c_k[-1]
    return _after(parts, o * np.tanh(c), c)


def _node(tree, x, heads: bool) -> tuple[np.ndarray, tuple]:
    """The node's own row of x, zeros where it has no word, and its subtrees."""
    if not isinstance(tree, tuple):
        return np.asarray(x[tree], dtype=np.float64), ()
    return (np.asarray(x[tree[0]], dtype=np.float64), tree[1:]) if heads else (np.zeros(x.shape[1]), tree)


def _after(parts, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The states of the subtrees, and the node's own below them."""
    return np.vstack([*(part[0] for part in parts), h]), np.vstack([*(part[1] for part in parts), c])
