"""Wrong answers to notebook 05. The names of its solution notebook are in scope."""

from tests.mutants import Mutant

LOOP = """
def errors_through_time(delta_y, h, U, V):
    delta_h = np.zeros_like(h)
    later = np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        {body}
    return delta_h
"""

RECURRENT = """
def grad_recurrent(delta_y, h, h0, U, V):
    delta_h = errors_through_time(delta_y, h, U, V)
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    return {value}
"""

PATHS = """
def path_contributions(delta_y, h, h0, U, V, t):
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    contributions, dh = [], delta_y[:, t] @ V.T
    for k in reversed(range(t + 1)):
        da = dh * (1 - h[:, k] ** 2)
        {body}
    return {value}
"""

# The solution, with a place for something that happens before it and for what is returned in the end.
BACKWARD = """
right_backward = backward
def backward(dh, cache):
    {before}
    found = right_backward(dh, cache)
    {after}
    return found
"""

REST = """
def grad_rest(delta_y, x, h, U, V):
    delta_h = errors_through_time(delta_y, h, U, V)
    return {value}
"""


def loop(name, body, says):
    return Mutant(name, LOOP.format(body="\n        ".join(body)), says)


MUTANTS = {
    "E05.1": [
        Mutant(
            "no half",
            "def squared_error(y, target): L_t = ((y - target) ** 2).sum((0, 2)); return L_t, L_t.sum()",
            says="the factor 1/2 is missing",
        ),
        Mutant(
            "mean over everything",
            "def squared_error(y, target): L_t = 0.5 * ((y - target) ** 2).mean((0, 2)); return L_t, L_t.sum()",
            says="the mean over rows and outputs was taken",
        ),
        Mutant(
            "last loss for the total",
            "def squared_error(y, target): L_t = 0.5 * ((y - target) ** 2).sum((0, 2)); return L_t, L_t[-1]",
            says="L is the loss of the last step alone",
        ),
        Mutant(
            "summed over steps, kept rows",
            "def squared_error(y, target): L = 0.5 * ((y - target) ** 2).sum((1, 2)); return L, L.sum()",
            says="L_t has shape (2,), and (7,) is due",
        ),
        Mutant(
            "cross-entropy with its sign turned",
            "def cross_entropy(y, target): L_t = (target * np.log(y)).sum((0, 2)); return L_t, L_t.sum()",
            says="the minus sign is missing",
        ),
        Mutant(
            "prediction and target exchanged",
            "def cross_entropy(y, target): L_t = -(y * np.log(target)).sum((0, 2)); return L_t, L_t.sum()",
            says="the logarithm is taken of y, not of the target",
        ),
        Mutant(
            "start ignored",
            "right_pass = forward_pass\n"
            "def forward_pass(x, target, h0, *weights): return right_pass(x, target, 0 * h0, *weights)",
            says="h_{-1} is taken as 0",
        ),
        Mutant(
            "half of the exercise",
            "def cross_entropy(y, target): return None",
            says="cross_entropy returned None",
        ),
    ],
    "E05.2": [
        Mutant(
            "uphill",
            "def one_update(weights, s, eta): return {k: w + eta * s[k].sum(0) for k, w in weights.items()}",
            says="the minus sign is missing",
        ),
        Mutant(
            "last step only",
            "def one_update(weights, s, eta): return {k: w - eta * s[k][-1] for k, w in weights.items()}",
            says="only the last step's gradient was used",
        ),
        Mutant(
            "the slide's three matrices only",
            "def one_update(weights, s, eta):\n"
            "    return {k: w - eta * s[k].sum(0) * (k in 'WUV') for k, w in weights.items()}",
            says="the biases stayed where they were",
        ),
        Mutant(
            "in place",
            "def one_update(weights, s, eta):\n"
            "    for k in weights: weights[k] -= eta * s[k].sum(0)\n"
            "    return weights",
            says="changed its argument 1 in place",
        ),
        Mutant(
            "a tuple for the dictionary",
            "right_update = one_update\ndef one_update(*args): return tuple(right_update(*args).values())",
            says="and a dict is due",
        ),
        Mutant(
            "squared before the sum",
            "def predicted_change(s, eta): return -eta * sum((g**2).sum() for g in s.values())",
            says="first add the steps, then square",
        ),
        Mutant(
            "norm not squared",
            "def predicted_change(s, eta): return -eta * np.sqrt(sum((g.sum(0) ** 2).sum() for g in s.values()))",
            says="the norm is squared in the formula",
        ),
    ],
    "E05.3": [
        Mutant("sign", "def output_error(y, target): return target - y", says="prediction minus target"),
        Mutant("factor 2", "def output_error(y, target): return 2 * (y - target)", says="there is no factor 2"),
        Mutant(
            "the last step's term",
            "def grad_readout(d, h):\n"
            "    s = np.stack([h[:, t].T @ d[:, t] for t in range(h.shape[1])])\n"
            "    return s, s[-1]",
            says="the last step's term alone",
        ),
        Mutant(
            "the state before",
            "def grad_readout(d, h):\n"
            "    p = np.concatenate([0 * h[:, :1], h[:, :-1]], axis=1)\n"
            "    s = np.stack([p[:, t].T @ d[:, t] for t in range(h.shape[1])])\n"
            "    return s, s.sum(0)",
            says="h_{t-1} stands where h_t is due",
        ),
        Mutant(
            "transposed",
            "def grad_readout(d, h):\n"
            "    s = np.stack([d[:, t].T @ h[:, t] for t in range(h.shape[1])])\n"
            "    return s, s.sum(0)",
            says="dL_t/dV has shape",
        ),
        Mutant(
            "errors of all steps at each step",
            "def grad_readout(d, h):\n"
            "    s = np.stack([h[:, t].T @ d.sum(1) for t in range(h.shape[1])])\n"
            "    return s, s.sum(0)",
            says="differs",
        ),
    ],
    "E05.4": [
        loop(
            "no recursion",
            ["delta_h[:, t] = (delta_y[:, t] @ V.T) * (1 - h[:, t] ** 2)"],
            says="the recursion is missing",
        ),
        loop(
            "no derivative of tanh",
            ["later = delta_y[:, t] @ V.T + later @ U.T", "delta_h[:, t] = later"],
            says="the derivative of tanh, 1 - h_t^2, is missing",
        ),
        loop(
            "no derivative of tanh in what is handed on",
            [
                "dh = delta_y[:, t] @ V.T + later @ U.T",
                "delta_h[:, t] = dh * (1 - h[:, t] ** 2)",
                "later = dh",
            ],
            says="lacks that step's derivative of tanh",
        ),
        loop(
            "U not transposed",
            ["later = (delta_y[:, t] @ V.T + later @ U) * (1 - h[:, t] ** 2)", "delta_h[:, t] = later"],
            says="U is not transposed on the way back",
        ),
        loop(
            "tanh twice",
            ["later = (delta_y[:, t] @ V.T + later @ U.T) * (1 - np.tanh(h[:, t]) ** 2)", "delta_h[:, t] = later"],
            says="tanh was applied twice",
        ),
        loop(
            "only the last loss",
            [
                "if t == h.shape[1] - 1: later = delta_y[:, t] @ V.T * (1 - h[:, t] ** 2)",
                "else: later = later @ U.T * (1 - h[:, t] ** 2)",
                "delta_h[:, t] = later",
            ],
            says="only the last loss is sent back",
        ),
        loop(
            "wrong from step 3 on down",
            [
                "later = (delta_y[:, t] @ V.T + later @ U.T) * (1 - h[:, t] ** 2)",
                "if t == 3: later = later * 1.001",
                "delta_h[:, t] = later",
            ],
            says="on the way back the first wrong step is t = 3",
        ),
        Mutant(
            "h_t for h_{t-1}",
            RECURRENT.format(value="np.einsum('btm,btn->mn', h, delta_h)"),
            says="h_t stands where h_{t-1} is due",
        ),
        Mutant(
            "starts with zeros",
            RECURRENT.format(value="np.einsum('btm,btn->mn', h[:, :-1], delta_h[:, 1:])"),
            says="h_{-1} is taken as 0",
        ),
        Mutant(
            "transposed",
            RECURRENT.format(value="np.einsum('btm,btn->nm', before, delta_h)"),
            says="the matrix is transposed",
        ),
        Mutant(
            "last term only",
            RECURRENT.format(value="before[:, -1].T @ delta_h[:, -1]"),
            says="only the last step's term is there",
        ),
        Mutant(
            "the gradient of the last loss only",
            "def grad_recurrent(delta_y, h, h0, U, V):\n"
            "    return path_contributions(delta_y, h, h0, U, V, h.shape[1] - 1).sum(axis=0)",
            says="only the last loss is sent back",
        ),
        Mutant(
            "right for seven steps only",
            "right_recurrent = grad_recurrent\n"
            "def grad_recurrent(delta_y, h, h0, U, V):\n"
            "    g = right_recurrent(delta_y, h, h0, U, V)\n"
            "    return g if h.shape[1] > 1 else 0 * g",
            says="dL/dU for T = 1",
        ),
    ],
    "E05.5": [
        Mutant(
            "only the last step in W",
            REST.format(value="x[:, -1].T @ delta_h[:, -1], delta_h.sum((0, 1)), delta_y.sum((0, 1))"),
            says="dL/dW differs",
        ),
        Mutant(
            "mean over the rows",
            REST.format(value="np.einsum('btm,btn->mn', x, delta_h), delta_h.mean(0).sum(0), delta_y.sum((0, 1))"),
            says="the mean over the rows was taken",
        ),
        Mutant(
            "b_h without the recursion",
            REST.format(
                value="np.einsum('btm,btn->mn', x, delta_h), ((delta_y @ V.T) * (1 - h**2)).sum((0, 1)), "
                "delta_y.sum((0, 1))"
            ),
            says="the recursion is missing",
        ),
        Mutant(
            "b_h and b_y exchanged",
            REST.format(value="np.einsum('btm,btn->mn', x, delta_h), delta_y.sum((0, 1)), delta_h.sum((0, 1))"),
            says="dL/db_h has shape",
        ),
        Mutant("another name", 'misprinted_bias = "b_h"', says="b_h is a parameter of the network"),
        Mutant("no bias at all", 'right_bias = "b_x"', says="b_x stands in neither formula"),
        Mutant("the kit's letters", 'right_bias = "V"', says="dL/dV is on the slide already"),
    ],
    "E05.6": [
        Mutant(
            "the two exchanged",
            "right_derivatives = state_derivatives\ndef state_derivatives(*a): return right_derivatives(*a)[::-1]",
            says="the two are exchanged",
        ),
        Mutant(
            "running sum",
            "def state_derivatives(h, h0, u):\n    i = np.append(h0, h[:-1]) * (1 - h**2)\n    return i, i.cumsum()",
            says="the Jacobian u (1 - h_k^2) is missing",
        ),
        Mutant(
            "total derivative in the formula",
            "def printed_formula(d, h, h0, u, v):\n"
            "    _, total = state_derivatives(h, h0, u)\n"
            "    j = u * (1 - h**2)\n"
            "    return d[-1] * v * sum(np.prod(j[k + 1 :]) * total[k] for k in range(len(h)))",
            says="every path is counted more than once",
        ),
        Mutant(
            "one Jacobian too many",
            "def printed_formula(d, h, h0, u, v):\n"
            "    i, _ = state_derivatives(h, h0, u)\n"
            "    j = u * (1 - h**2)\n"
            "    return d[-1] * v * sum(np.prod(j[k:]) * i[k] for k in range(len(h)))",
            says="with j = k there is one Jacobian too many",
        ),
        Mutant(
            "the sum for the formula",
            "def printed_formula(*a): return total_gradient(*a)",
            says="that is the gradient of the sum of all losses",
        ),
        Mutant(
            "the formula for the sum",
            "def total_gradient(*a): return printed_formula(*a)",
            says="that is the slope of the last loss alone",
        ),
        Mutant("believes the slide", 'formula_computes = "a"', says="move y'_0 in your example"),
        Mutant("no letter", 'formula_computes = "B"', says='formula_computes is to be one of "a", "b", "c", "d"'),
        Mutant("direct paths", 'formula_computes = "c"', says="it follows the paths back to step 0"),
    ],
    "E05.7": [
        Mutant(
            "longest path last",
            PATHS.format(
                body="contributions.append(before[:, k].T @ da); dh = da @ U.T", value="np.stack(contributions)"
            ),
            says="the order is turned",
        ),
        Mutant(
            "one Jacobian too many",
            PATHS.format(
                body="dh = da @ U.T; contributions.append(before[:, k].T @ (dh * (1 - h[:, k] ** 2)))",
                value="np.stack(contributions[::-1])",
            ),
            says="one Jacobian too many",
        ),
        Mutant(
            "new state",
            PATHS.format(
                body="contributions.append(h[:, k].T @ da); dh = da @ U.T", value="np.stack(contributions[::-1])"
            ),
            says="h_k stands where h_{k-1} is due",
        ),
        Mutant(
            "U not transposed",
            PATHS.format(
                body="contributions.append(before[:, k].T @ da); dh = da @ U", value="np.stack(contributions[::-1])"
            ),
            says="U is not transposed",
        ),
        Mutant(
            "the total loss",
            "def path_contributions(delta_y, h, h0, U, V, t):\n"
            "    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)\n"
            "    return np.einsum('btm,btn->tmn', before, errors_through_time(delta_y, h, U, V))[: t + 1]",
            says="only L_t is to be split",
        ),
        Mutant(
            "only the sum",
            "right_paths = path_contributions\ndef path_contributions(*a): return right_paths(*a).sum(axis=0)",
            says="path_contributions for t = 4 has shape",
        ),
        Mutant("counted forwards", "jacobian_factors = [0, 1, 2, 3, 4]", says="entry 0 belongs to k = 0"),
        Mutant("the wiki's three", "jacobian_factors = [3, 2, 1, 0, 0]", says="count the arrows"),
    ],
    "E05.8": [
        Mutant(
            "the buggy one",
            "backward = buggy_backward",
            says="the caller's dh was written into",
        ),
        Mutant(
            "a shallow copy",
            "def backward(dh, cache): return buggy_backward(dh.copy(), cache.copy())",
            says="the caller's cache['h'] was written into",
        ),
        Mutant(
            "leaves its own entry in the cache",
            BACKWARD.format(before="cache['before'] = cache['h'] * 1.0", after="pass"),
            says="adds or removes entries of the caller's cache: before",
        ),
        Mutant(
            "takes out of the cache",
            BACKWARD.format(before="pass", after="cache.pop('h0')"),
            says="adds or removes entries of the caller's cache: h0",
        ),
        Mutant(
            "adds to a global",
            "kept = 0.0\n"
            + BACKWARD.format(
                before="global kept",
                after="kept = found['U'] + (kept if np.shape(kept) == found['U'].shape else 0); found['U'] = kept",
            ),
            says="something was kept from the first call",
        ),
        Mutant(
            "start without U",
            BACKWARD.format(
                before="pass",
                after="found['h0'] = errors_through_time(dh, cache['h'], cache['U'], np.eye(len(cache['U'])))[:, 0]",
            ),
            says="the way from a_0 to h_{-1} leads through U",
        ),
        Mutant(
            "new state for the old",
            BACKWARD.format(
                before="e = errors_through_time(dh, cache['h'], cache['U'], np.eye(len(cache['U'])))",
                after="found['U'] = np.einsum('btm,btn->mn', cache['h'], e)",
            ),
            says="h_t stands where h_{t-1} is due",
        ),
    ],
}
