"""Wrong answers to notebook 02, scalars; ``matrices02`` has those with matrices."""

from tests.mutants import Mutant
from tests.mutants.matrices02 import MUTANTS as MATRICES

LOOP = """
def feedback(y_0, h_0, w, u, v, b_h, b_y, T):
    y, h, ys, hs = y_0, h_0, [], []
    for _ in range(T):
        {step}
        ys.append(y)
        hs.append(h)
    return {result}
"""
H, Y = "h = np.tanh(w * y + u * h + b_h)", "y = sigmoid(v * h + b_y)"


def feedback(step: str = f"{H}; {Y}", result: str = "np.array(ys), np.array(hs)") -> str:
    return LOOP.format(step=step, result=result)


SCALAR = """
def scalar_rnn(x, h_0, w, u, v, b_h, b_y):
    h, hs = h_0, []
    for t in range(x.shape[1]):
        h = {step}
        hs.append(h)
    h = np.stack(hs, axis=1)
    return {result}
"""


def scalar(step: str = "np.tanh(w * x[:, t] + u * h + b_h)", result: str = "v * h + b_y, h") -> str:
    return SCALAR.format(step=step, result=result)


def weights(w="[[w]]", u="[[u]]", b_h="[b_h]", v="[[v]]", b_y="[b_y]") -> str:
    listed = ", ".join(f"np.array({a})" for a in (w, u, b_h, v, b_y))
    return f"def keras_weights(w, u, v, b_h, b_y): return [{listed}]"


CLOSED = "def ar_closed(y_0, w, b, t): return "

MUTANTS = {
    "E02.1": [
        Mutant("w and b exchanged", "def regression(x, w, b): return w + b * x", "w and b are exchanged"),
        Mutant("no bias", "def regression(x, w, b): return w * x", "b is missing"),
        Mutant(
            "bias outside",
            "def neuron(x, w, b, activation): return b + activations[activation](w * x)",
            "b belongs inside",
        ),
        Mutant(
            "tanh always",
            "def neuron(x, w, b, activation): return np.tanh(b + w * x)",
            'neuron with activation="linear" differs',
        ),
        Mutant("never bent", "def neuron(x, w, b, activation): return b + w * x", "the activation is missing"),
        Mutant(
            "bent too early",
            "def neuron(x, w, b, activation): return b + w * activations[activation](x)",
            "it comes after the straight line",
        ),
        Mutant("writes into x", "def regression(x, w, b):\n    x *= w\n    x += b\n    return x", "in place"),
    ],
    "E02.2": [
        Mutant(
            "without the start",
            "right = ar_loop\ndef ar_loop(y_0, w, b, T): return right(y_0, w, b, T)[1:]",
            "has shape (50,), and (51,) is due",
        ),
        Mutant(
            "always from the start",
            "def ar_loop(y_0, w, b, T): return np.array([y_0] + [b + w * y_0] * T)",
            "every value was made from y_0",
        ),
        Mutant(
            "closed form without w = 1",
            CLOSED + "w**t * y_0 + b * (1 - w**t) / (1 - w)",
            "holds NaN",
        ),
        Mutant("one term too many", CLOSED + "w**t * y_0 + b * (1 - w ** (t + 1)) / (1 - w)", "one term too many"),
        Mutant("no bias", CLOSED + "w**t * y_0", "b is missing"),
        Mutant(
            "w = 1 stands still",
            CLOSED + "w**t * y_0 + b * (0 * t if w == 1 else (1 - w**t) / (1 - w))",
            "nothing is added for w = 1",
        ),
        Mutant(
            "limit at once", CLOSED + "0 * t + (b / (1 - w) if w != 1 else b * t)", "this is the limit, whatever t is"
        ),
        Mutant(
            "settles always",
            "def settles_at(w, b): return b / (1 - w) if w != 1 else np.inf",
            "it does not come there",
        ),
        Mutant(
            "only from above",
            "def settles_at(w, b): return b / (1 - w) if 0 < w < 1 else np.inf",
            "it is |w| that counts, not its sign",
        ),
        Mutant(
            "sign of w", "def settles_at(w, b): return b / (1 + w) if abs(w) < 1 else np.inf", "the sign of w is turned"
        ),
    ],
    "E02.3": [
        Mutant("y before h", feedback(f"new = np.tanh(w * y + u * h + b_h); {Y}; h = new"), "made from the old h"),
        Mutant("loops exchanged", feedback(f"h = np.tanh(u * y + w * h + b_h); {Y}"), "w and u are exchanged"),
        Mutant(
            "letters of the slide",
            feedback("h = np.tanh(w * h + v * y + b_h); y = sigmoid(b_y + u * h)"),
            "these are the slide's letters",
        ),
        Mutant("order", feedback(result="np.array(hs), np.array(ys)"), "the output comes first"),
        Mutant("linear output", feedback(f"{H}; y = v * h + b_y"), "the output is not squashed"),
        Mutant("biases exchanged", feedback("h = np.tanh(w * y + u * h + b_y); y = sigmoid(v * h + b_h)"), "exchanged"),
        Mutant(
            "start in front",
            feedback(result="np.array([y_0] + ys[:-1]), np.array([h_0] + hs[:-1])"),
            "the start stands",
        ),
        Mutant(
            "nothing carried",
            feedback("h = np.tanh(w * y_0 + u * h_0 + b_h); y = sigmoid(v * h + b_y)"),
            "nothing is carried",
        ),
        Mutant("lists", feedback(result="ys, hs"), "an array is due"),
    ],
    "E02.4": [
        Mutant("weights exchanged", scalar("np.tanh(u * x[:, t] + w * h + b_h)"), "w and u are exchanged"),
        Mutant("state not carried", scalar("np.tanh(w * x[:, t] + u * h_0 + b_h)"), "every step starts from h_0"),
        Mutant("squashed output", scalar(result="np.tanh(v * h + b_y), h"), "it is linear here"),
        Mutant("order", scalar(result="h, v * h + b_y"), "the output comes first"),
        Mutant(
            "letters of the slide",
            scalar("np.tanh(w * h + v * x[:, t] + b_h)", "b_y + u * h, h"),
            "the slide's letters",
        ),
        Mutant("vectors as kernels", weights(w="[w]"), "kernel of SimpleRNN has shape (1,), and Keras wants (1, 1)"),
        Mutant("kernels exchanged", weights(w="[[u]]", u="[[w]]"), "w and u are exchanged"),
        Mutant("numbers", "def keras_weights(w, u, v, b_h, b_y): return [w, u, b_h, v, b_y]", "Keras wants"),
        Mutant("biases exchanged", weights(b_h="[b_y]", b_y="[b_h]"), "b_h and b_y are exchanged"),
    ],
    **MATRICES,
}
