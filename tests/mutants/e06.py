"""Wrong answers to notebook 06. The names of its solution notebook are in scope."""

from tests.mutants import Mutant

KERAS = """
def keras_gradient(w, K, dtype):
    import keras
    import tensorflow as tf

    layer = keras.layers.SimpleRNN(1, activation=None, use_bias=False, dtype={dtype}{more})
    layer.build((1, K, 1))
    {load}
    x, h0 = tf.zeros((1, K, 1), {dtype}), tf.ones((1, 1), {dtype})
    with tf.GradientTape() as tape:
        tape.watch([x, h0])
        h = layer(x, initial_state=h0)
    return {value}
"""


def keras_gradient(dtype="dtype", more="", load="layer.set_weights([np.ones((1, 1)), np.full((1, 1), w)])", value=""):
    value = value or "tape.gradient(h, h0).numpy().item()"
    return KERAS.format(dtype=dtype, more=more, load=load, value=value)


STEP = "def step_jacobian(h, U): return {value}"
PRODUCT = """
def jacobian_product(h, U):
    total = np.eye(len(U))
    for t in {steps}:
        total = {factor}
    return total
"""
ELMAN = """
def elman_gradient_norms(h, U, W):
    norms, later = np.empty(h.shape[:2]), np.eye(len(U))
    for t in reversed(range(h.shape[1])):
        owed = {owed}
        norms[:, t] = {norm}
        later = later @ step_jacobian(h[:, t], U)
    return {value}
"""


def elman(
    owed="later @ ((1 - h[:, t] ** 2)[:, :, None] * W.T)", norm="np.linalg.norm(owed, axis=(1, 2))", value="norms"
):
    return ELMAN.format(owed=owed, norm=norm, value=value)


EXPLODED = """
def exploded(loss, norm):
    found = -1
    for t in range(len(norm)):
        if {lost}:
            {then}
        if {judged} and norm[t] > 10 * {usual}:
            {then}
    return found
"""


def exploded(
    lost="not (np.isfinite(loss[t]) and np.isfinite(norm[t]))",
    judged="t >= 5",
    usual="np.median(norm[max(0, t - 50):t])",
    then="return t",
):
    return EXPLODED.format(lost=lost, judged=judged, usual=usual, then=then)


MUTANTS = {
    "E06.1": [
        Mutant("K factors added", "def power_table(w, K): return w * K", says="a product of K factors is due"),
        Mutant("other way round", "def power_table(w, K): return float(K) ** w", says="w is multiplied by itself"),
        Mutant("one too few", "def power_table(w, K): return w ** (K - 1)", says="one factor too few"),
        Mutant("128 for good", "def power_table(w, K): return w ** 128", says="the number of steps was taken as 128"),
        Mutant(
            "float32",
            "def power_table(w, K): return w.astype(np.float32) ** K",
            says="that is float32",
        ),
        Mutant("by logarithms", "def power_table(w, K): return np.exp(K * np.log(np.abs(w)))", says="the sign is lost"),
        Mutant("as printed", "misprint = (1.5, 3.47e22)", says="that is what the slide prints"),
        Mutant("unrounded", "misprint = (1.5, 1.5**128)", says="round it to three digits"),
        Mutant("wrong weight", "misprint = (0.9, 1.38e-6)", says="rounds to the three digits that the slide prints"),
        Mutant("no weight", "misprint = (128, 3.46e22)", says="must be one of the slide's w"),
        Mutant("value alone", "misprint = 3.46e22", says="2 values are due"),
    ],
    "E06.2": [
        Mutant(
            "through an initializer",
            keras_gradient(more=", recurrent_initializer=keras.initializers.Constant(w)", load=""),
            says="w went through float32 on its way into the layer",
        ),
        Mutant("float32 always", keras_gradient(dtype='"float32"'), says="is off by"),
        Mutant("float64 always", keras_gradient(dtype='"float64"'), says="let Keras compute the gradient"),
        Mutant(
            "by the first input",
            keras_gradient(value="tape.gradient(h, x).numpy()[0, 0, 0].item()"),
            says="differentiate with respect to h_0",
        ),
        Mutant(
            "numpy for keras",
            "def keras_gradient(w, K, dtype): return np.dtype(dtype).type(w) ** K",
            says="let Keras compute the gradient",
        ),
        Mutant("a tensor", keras_gradient(value="tape.gradient(h, h0)"), says="convert it with numpy.asarray"),
        Mutant("float64 product", "def numpy_gradient(w, K): return w**K", says="not the type np.float32"),
        Mutant("flushed by hand", "def numpy_gradient(w, K): return np.float32(0.0)", says="came out as 0"),
        Mutant("last normal", "first_zero = (126, 149)", says="the first zero comes one step later"),
        Mutant("the slide's K", "first_zero = (128, 150)", says="below the smallest normal number already"),
        Mutant("exchanged", "first_zero = (150, 127)", says="the two are exchanged"),
    ],
    "E06.3": [
        Mutant("U not transposed", STEP.format(value="(1 - h**2)[:, :, None] * U"), says="U is not transposed"),
        Mutant(
            "slope on the columns", STEP.format(value="(1 - h**2)[:, None, :] * U.T"), says="it belongs to the new unit"
        ),
        Mutant("no slope", STEP.format(value="np.stack([U.T] * len(h))"), says="the slope of tanh is missing"),
        Mutant(
            "tanh twice",
            STEP.format(value="(1 - np.tanh(h) ** 2)[:, :, None] * U.T"),
            says="of a state that is tanh(a) already",
        ),
        Mutant(
            "one matrix for all rows",
            STEP.format(value="np.diag(1 - h[0] ** 2) @ U.T"),
            says="has shape",
        ),
        Mutant(
            "first step on the left",
            PRODUCT.format(steps="range(h.shape[1])", factor="total @ step_jacobian(h[:, t], U)"),
            says="the first step stands on the left",
        ),
        Mutant(
            "last step left out",
            PRODUCT.format(steps="range(h.shape[1] - 1)", factor="step_jacobian(h[:, t], U) @ total"),
            says="the last step is left out",
        ),
        Mutant(
            "entry by entry",
            "def jacobian_product(h, U):\n"
            "    return np.prod([step_jacobian(h[:, t], U) for t in range(h.shape[1])], axis=0)",
            says="the chain rule takes the matrix product",
        ),
    ],
    "E06.4": [
        Mutant(
            "Frobenius",
            "def norm_bound(J): return np.prod([np.linalg.norm(step) for step in J])",
            says="these are Frobenius norms",
        ),
        Mutant(
            "Frobenius of the product",
            "def norm_of_product(J): return np.linalg.norm(np.linalg.multi_dot(J[::-1]))",
            says="this is the Frobenius norm",
        ),
        Mutant(
            "eigenvalues",
            "def norm_bound(J): return np.prod([np.abs(np.linalg.eigvals(step)).max() for step in J])",
            says="they bound nothing",
        ),
        Mutant(
            "wrong end",
            "def norm_of_product(J): return np.linalg.norm(np.linalg.multi_dot(J), 2)",
            says="the first step stands on the left",
        ),
        Mutant(
            "sum", "def norm_bound(J): return sum(np.linalg.norm(step, 2) for step in J)", says="the norms were added"
        ),
        Mutant("symmetric", "U_vanishes = 1.2 * np.eye(2)", says="for a symmetric matrix"),
        Mutant("small norm", "U_vanishes = 0.1 * np.eye(2)", says="more than 1 is asked for"),
        Mutant("too slow", "U_vanishes = np.array([[0.8, 4.0], [0.0, 0.8]])", says="after ten steps"),
        Mutant("no matrix", "U_vanishes = 3.0", says="U_vanishes"),
        Mutant("sufficient", 'norm_above_one = "a"', says="your U_vanishes is a counter-example"),
        Mutant("nothing", 'norm_above_one = "d"', says="with all norms below 1 nothing can explode"),
    ],
    "E06.5": [
        Mutant(
            "no own slope", elman(owed="np.broadcast_to(later @ W.T, (len(h), *W.T.shape))"), says="itself is missing"
        ),
        Mutant(
            "without W", elman(owed="later @ ((1 - h[:, t] ** 2)[:, :, None] * np.eye(len(U)))"), says="W is left out"
        ),
        Mutant("2-norm", elman(norm="np.linalg.norm(owed, 2, axis=(1, 2))"), says="this is the 2-norm of each matrix"),
        Mutant("no root", elman(norm="(owed**2).sum(axis=(1, 2))"), says="its root is due"),
        Mutant("backwards", elman(value="norms[:, ::-1]"), says="time runs backwards"),
        Mutant("mean", elman(value="norms.mean(axis=0)"), says="has shape"),
        Mutant(
            "sum of units",
            "def gradient_norms(layer, x):\n"
            "    import tensorflow as tf\n"
            "    x = tf.convert_to_tensor(x)\n"
            "    with tf.GradientTape() as tape:\n"
            "        tape.watch(x)\n"
            "        h = layer(x)\n"
            "    return np.linalg.norm(tape.gradient(h, x), axis=-1)",
            says="the units were added before the norm was taken",
        ),
        Mutant(
            "not watched",
            "def gradient_norms(layer, x):\n"
            "    import tensorflow as tf\n"
            "    x = tf.convert_to_tensor(x)\n"
            "    with tf.GradientTape() as tape:\n"
            "        h = layer(x)\n"
            "    return np.linalg.norm(tape.gradient(h, x).numpy(), axis=-1)",
            says="NoneType",
            state="could not run",
        ),
        Mutant("from large to small", 'order = "eabdc"', says="begin with the smallest"),
        Mutant("busy", 'order = "cbade"', says="this is the order for the busy input"),
        Mutant("four letters", 'order = "cdba"', says="each once"),
    ],
    "E06.6": [
        Mutant("last one", exploded(then="found = t"), says="the first one is due"),
        Mutant(
            "first five judged",
            exploded(judged="t >= 1"),
            says="a step with fewer than five steps before it was judged",
        ),
        Mutant("mean", exploded(usual="np.mean(norm[max(0, t - 50):t])"), says="the mean was taken"),
        Mutant("whole past", exploded(usual="np.median(norm[:t])"), says="50 steps are the usual"),
        Mutant("first five for good", exploded(usual="np.median(norm[:5])"), says="a drift takes the usual along"),
        Mutant("norm alone", exploded(lost="not np.isfinite(norm[t])"), says="a loss that is not finite is bad, too"),
        Mutant(
            "late nan",
            exploded(lost="t >= 5 and not np.isfinite(loss[t] + norm[t])"),
            says="at any step, the first five",
        ),
        Mutant("counted from 1", exploded(then="return t + 1"), says="steps are counted from 0"),
        Mutant(
            "zero for none", "right = exploded\ndef exploded(loss, norm): return max(right(loss, norm), 0)", says="-1"
        ),
        Mutant("None for none", exploded().replace("found = -1", "found = None"), says="returned None"),
    ],
    "E06.7": [
        Mutant(
            "no minus", "def memory_length(rho): return 1 / np.log(rho) if rho < 1 else np.inf", says="the minus sign"
        ),
        Mutant(
            "half-life",
            "def memory_length(rho): return -np.log(2) / np.log(rho) if rho < 1 else np.inf",
            says="this is the half-life",
        ),
        Mutant(
            "base 10",
            "def memory_length(rho): return -1 / np.log10(rho) if rho < 1 else np.inf",
            says="to base 10",
        ),
        Mutant(
            "beyond 1",
            "def memory_length(rho): return -1 / np.log(rho) if rho != 1 else np.inf",
            says="from rho = 1 on",
        ),
        Mutant(
            "oldest",
            "def share_of_the_last(rho, k, K): w = rho ** np.arange(K); return w[-k:].sum() / w.sum()",
            says="these are the k oldest steps",
        ),
        Mutant(
            "closed form without its limit",
            "def share_of_the_last(rho, k, K): return (1 - rho**k) / (1 - rho**K)",
            says="ZeroDivisionError",
            state="could not run",
        ),
        Mutant(
            "from distance 1",
            "def share_of_the_last(rho, k, K): w = rho ** np.arange(K); return rho * w[:k].sum() / w.sum()",
            says="its distance is 0",
        ),
        Mutant(
            "upside down",
            "def rate(norms): return np.exp(np.polyfit(np.arange(len(norms)), np.log(norms), 1)[0])",
            says="this is one over rho",
        ),
        Mutant(
            "slope", "def rate(norms): return -np.polyfit(np.arange(len(norms)), np.log(norms), 1)[0]", says="logarithm"
        ),
        Mutant("as listed", 'limits = "abc"', says="near and far in one sum"),
        Mutant("no letters", 'limits = "short"', says="each once"),
    ],
}
