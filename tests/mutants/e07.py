"""Wrong answers to notebook 07. The names of its solution notebook are in scope."""

from tests.mutants import Mutant

TRUNCATED = """
def truncated_gradient(delta_y, h, h0, U, V, tau):
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    total = np.zeros_like(U)
    for t in {losses}:
        dh = delta_y[:, t] @ V.T
        for k in range(t, {stop}, -1):
            da = dh * (1 - h[:, k] ** 2)
            total = total + {term}
            dh = da @ U.T
    return total
"""


def truncated(losses="range(h.shape[1])", stop="max(-1, t - tau)", term="before[:, k].T @ da"):
    return TRUNCATED.format(losses=losses, stop=stop, term=term)


STATES = """
def states_in_pieces(x, h0, W, U, b_h, k):
    state, found = h0, []
    for t in range(x.shape[1]):
        if t % k == 0:
            {reset}
        state = np.tanh(x[:, t] @ W + state @ U + b_h)
        found.append(state)
    return np.stack(found, axis=1)
"""
PIECES = """
def gradient_in_pieces(delta_y, h, h0, U, V, k):
    total = 0.0
    for start in {starts}:
        given = {given}
        inside = slice(start, start + k)
        total = total + truncated_gradient(delta_y[:, inside], h[:, inside], given, U, V, tau=k)
    return {value}
"""


def pieces(starts="range(0, h.shape[1], k)", given="h[:, start - 1] if start > 0 else h0", value="total"):
    return PIECES.format(starts=starts, given=given, value=value)


MUTANTS = {
    "E07.1": [
        Mutant(
            "one side only",
            "def clip_by_value(gradients, theta): return [np.minimum(g, theta) for g in gradients]",
            says="the negative entries are not limited",
        ),
        Mutant(
            "set to zero",
            "def clip_by_value(gradients, theta): return [np.where(np.abs(g) > theta, 0.0, g) for g in gradients]",
            says="they belong on the limit",
        ),
        Mutant(
            "norm always theta",
            "def clip_by_norm(gradients, theta): return [g * theta / np.linalg.norm(g) for g in gradients]",
            says="clipping only shortens",
        ),
        Mutant(
            "each by its own norm",
            "def clip_by_global_norm(gradients, theta):\n"
            "    return [g * min(1.0, theta / max(np.linalg.norm(g), 1e-30)) for g in gradients]\n"
            "def clip_by_norm(gradients, theta): return clip_by_global_norm(gradients, theta)",
            says="one factor for all arrays is asked for",
        ),
        Mutant(
            "sum of norms",
            "right = clip_by_global_norm\n"
            "def clip_by_norm(gradients, theta): return [right([g], theta)[0] for g in gradients]\n"
            "def clip_by_global_norm(gradients, theta):\n"
            "    return [g * min(1.0, theta / sum(np.linalg.norm(g) for g in gradients)) for g in gradients]",
            says="the norms of the arrays were added",
        ),
        Mutant(
            "division by zero",
            "def clip_by_global_norm(gradients, theta):\n"
            "    norm = np.sqrt(sum((g**2).sum() for g in gradients))\n"
            "    return [g * theta / max(norm, theta) if norm else g / norm for g in gradients]",
            says="NaN",
        ),
        Mutant(
            "in place",
            "def clip_by_value(gradients, theta):\n"
            "    for g in gradients:\n"
            "        np.clip(g, -theta, theta, out=g)\n"
            "    return gradients",
            says="in place",
        ),
        Mutant("array by array keeps it", 'keeps_direction = "d"', says="turns the whole when the arrays"),
        Mutant("value keeps it", 'keeps_direction = "a"', says="so it turns the gradient"),
    ],
    "E07.2": [
        Mutant("one too many", truncated(stop="max(-1, t - tau - 1)"), says="one step too many"),
        Mutant("one too few", truncated(stop="max(-1, t - tau + 1)"), says="one step too few"),
        Mutant("all", truncated(stop="-1"), says="this is the full gradient"),
        Mutant("last loss", truncated(losses="[h.shape[1] - 1]"), says="only the last loss was sent back"),
        Mutant("end of the sequence", truncated(stop="max(-1, h.shape[1] - tau - 1)"), says="only the last tau steps"),
        Mutant("state of its own step", truncated(term="h[:, k].T @ da"), says="h_k stands where"),
        Mutant("noise", 'truncation_is = "a"', says="nothing random is in it"),
        Mutant("exact", 'truncation_is = "d"', says="zero anyway"),
    ],
    "E07.3": [
        Mutant("reset to h0", STATES.format(reset="state = h0"), says="every piece starts from h0"),
        Mutant("reset to zeros", STATES.format(reset="state = 0 * h0"), says="every piece starts from zeros"),
        Mutant(
            "full", pieces(starts="[0]", value="truncated_gradient(delta_y, h, h0, U, V, 99)"), says="full gradient"
        ),
        Mutant("h0 everywhere", pieces(given="h0"), says="h0 stands before every piece"),
        Mutant("zeros everywhere", pieces(given="0 * h0"), says="zeros stand before every piece"),
        Mutant("whole pieces only", pieces(starts="range(0, h.shape[1] - k + 1, k)"), says="a last, shorter piece"),
        Mutant("mean", pieces(value="total / -(-h.shape[1] // k)"), says="this is the mean over the pieces"),
        Mutant(
            "look-back",
            "def gradient_in_pieces(delta_y, h, h0, U, V, k): return truncated_gradient(delta_y, h, h0, U, V, k)",
            says="every loss looks back k steps",
        ),
        Mutant(
            "band",
            "def reaches(T, k): t, s = np.arange(T)[:, None], np.arange(T); return (s <= t) & (t - s < k)",
            says="in pieces it stops where its piece begins",
        ),
        Mutant("blocks", "def reaches(T, k): t = np.arange(T); return t[:, None] // k == t // k", says="later steps"),
        Mutant(
            "axes",
            "def reaches(T, k): t = np.arange(T); return (t[:, None] // k == t // k) & (t[:, None] <= t)",
            says="the two axes are exchanged",
        ),
        Mutant(
            "never reset",
            "def keras_in_pieces(layer, x, k):\n"
            "    return np.concatenate([np.asarray(layer(x[:, s:s + k])) for s in range(0, x.shape[1], k)], axis=1)",
            says="reset the state before the first piece",
        ),
        Mutant(
            "reset each time",
            "def keras_in_pieces(layer, x, k):\n"
            "    found = []\n"
            "    for s in range(0, x.shape[1], k):\n"
            "        layer.reset_state()\n"
            "        found.append(np.asarray(layer(x[:, s:s + k])))\n"
            "    return np.concatenate(found, axis=1)",
            says="the state was reset before every piece",
        ),
    ],
    "E07.4": [
        Mutant("R", "def orthogonal(A): return np.linalg.qr(A)[1]", says="this is R"),
        Mutant("columns", "def orthogonal(A): return A / np.linalg.norm(A, axis=0)", says="not at right angles"),
        Mutant("divided", "def orthogonal(A): return A / np.linalg.norm(A, 2)", says="that makes it smaller"),
        Mutant("identity", "def orthogonal(A): return np.eye(len(A))", says="the same for two different A"),
        Mutant("2-norm", "def scaled(A, rho): return A * rho / np.linalg.norm(A, 2)", says="the 2-norm was made rho"),
        Mutant(
            "Frobenius",
            "def scaled(A, rho): return A * rho / np.linalg.norm(A)",
            says="the Frobenius norm was made rho",
        ),
        Mutant("times rho", "def scaled(A, rho): return A * rho", says="divide by the radius that it has"),
        Mutant(
            "forwards",
            "def linear_gradient_norms(U, g, K):\n"
            "    return np.array([np.linalg.norm(g @ np.linalg.matrix_power(U, k)) for k in range(K + 1)])",
            says="it meets U transposed",
        ),
        Mutant(
            "without the start",
            "def linear_gradient_norms(U, g, K):\n"
            "    return np.array([np.linalg.norm(g @ np.linalg.matrix_power(U.T, k)) for k in range(1, K + 1)])",
            says="has shape",
        ),
    ],
    "E07.5": [
        Mutant(
            "no skip", "def skip_step(x, h, W, U, b): return np.tanh(x @ W + h @ U + b)", says="the skip is missing"
        ),
        Mutant(
            "inside", "def skip_step(x, h, W, U, b): return np.tanh(x @ W + h @ U + b + h)", says="it goes around it"
        ),
        Mutant(
            "no identity",
            "def skip_jacobian(x, h, W, U, b): return (1 - np.tanh(x @ W + h @ U + b)**2)[:, :, None] * U.T",
            says="the identity is missing",
        ),
        Mutant(
            "slope of the new state",
            "def skip_jacobian(x, h, W, U, b):\n"
            "    return np.eye(len(U)) + (1 - skip_step(x, h, W, U, b)**2)[:, :, None] * U.T",
            says="tanh gave F",
        ),
        Mutant(
            "U not transposed",
            "def skip_jacobian(x, h, W, U, b):\n"
            "    return np.eye(len(U)) + (1 - np.tanh(x @ W + h @ U + b)**2)[:, :, None] * U",
            says="U is not transposed",
        ),
        Mutant(
            "ones",
            "def skip_jacobian(x, h, W, U, b): return 1 + (1 - np.tanh(x @ W + h @ U + b)**2)[:, :, None] * U.T",
            says="the identity has them on the diagonal",
        ),
        Mutant(
            "wrong order",
            "def skip_product_norm(x, h0, W, U, b):\n"
            "    h, total = h0, np.eye(len(U))\n"
            "    for t in range(x.shape[1]):\n"
            "        total = total @ skip_jacobian(x[:, t], h, W, U, b)\n"
            "        h = skip_step(x[:, t], h, W, U, b)\n"
            "    return np.linalg.norm(total, 2, axis=(1, 2))",
            says="the first step stands on the left",
        ),
        Mutant(
            "Frobenius",
            "def skip_product_norm(x, h0, W, U, b):\n"
            "    h, total = h0, np.eye(len(U))\n"
            "    for t in range(x.shape[1]):\n"
            "        total = skip_jacobian(x[:, t], h, W, U, b) @ total\n"
            "        h = skip_step(x[:, t], h, W, U, b)\n"
            "    return np.linalg.norm(total, axis=(1, 2))",
            says="this is the Frobenius norm",
        ),
        Mutant("as the heading says", 'skip_does = "a"', says="the product with the skip grows"),
        Mutant("a little later", 'skip_does = "d"', says="without the skip nothing is left"),
    ],
    "E07.6": [
        Mutant("all against explosion", 'against = "eeeee"', says="factors near 1 are near 1 in both directions"),
        Mutant("clipping both", 'against = "bebvv"', says="one that has vanished it leaves as it is"),
        Mutant("skip both", 'against = "eebbv"', says="the products with the skip grew"),
        Mutant("four letters", 'against = "eebv"', says="five letters"),
        Mutant("exchanged", 'shown_in = ["E07.3", "E07.1", "E07.4", "E07.5", "E09.5"]', says="shown_in"),
        Mutant("a text", 'shown_in = "E07.1"', says="5 values are due"),
    ],
}
