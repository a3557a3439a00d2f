"""Wrong answers to notebook 03."""

from tests.mutants import Mutant

# A Jordan cell with the places that the mutants change.
JORDAN = """
class MyJordanCell(keras.layers.Layer):
    def __init__(self, units, output_units, output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units, self.output_units = units, output_units
        self.output_activation = keras.activations.get(output_activation)
        self.state_size = {state}
        self.output_size = output_units

    def build(self, input_shape):
        n, o = self.units, self.output_units
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], n))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape={recurrent})
        self.bias = self.add_weight(name="bias", shape=(n,))
        self.output_kernel = self.add_weight(name="output_kernel", shape=(n, o))
        self.output_bias = self.add_weight(name="output_bias", shape=(o,))

    def call(self, inputs, states):
        (old,) = states
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(old, self.recurrent_kernel) + self.bias)
        a = ops.matmul(h, self.output_kernel) + self.output_bias
        y = self.output_activation(a)
        return {result}
"""


def jordan(state="output_units", recurrent="(o, n)", result="y, [y]") -> str:
    return JORDAN.format(state=state, recurrent=recurrent, result=result)


def elman(register="", config="**super().get_config(), {arguments}", first="", result="y, [h]") -> str:
    """An Elman cell likewise; ``config`` is what stands in the dict of get_config."""
    arguments = "'units': self.units, 'output_units': self.output_units, 'output_activation': self.chosen"
    return f"""
{register}
class MyElmanCell(keras.layers.Layer):
    def __init__(self, units, output_units, output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units, self.output_units, self.chosen = units, output_units, output_activation
        self.output_activation = keras.activations.get(output_activation)
        self.state_size, self.output_size = units, output_units

    def build(self, input_shape):
        n, o = self.units, self.output_units
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], n))
        self.recurrent_kernel = self.add_weight(name="recurrent_kernel", shape=(n, n))
        self.bias = self.add_weight(name="bias", shape=(n,))
        self.output_kernel = self.add_weight(name="output_kernel", shape=(n, o))
        self.output_bias = self.add_weight(name="output_bias", shape=(o,))

    def call(self, inputs, states):
        (old,) = states
        {first}
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(old, self.recurrent_kernel) + self.bias)
        y = self.output_activation(ops.matmul(h, self.output_kernel) + self.output_bias)
        return {result}

    def get_config(self):
        return {{{config.format(arguments=arguments)}}}
"""


REGISTERED = '@keras.saving.register_keras_serializable(package="student")'
FORWARD = "def elman_forward(x, h0, W, U, b_h, V, b_y):\n"
CONTEXT = "def elman_with_context(x, h0, W, U, b_h, V, b_y):\n"

MUTANTS = {
    "E03.1": [
        Mutant(
            "output before hidden",
            "def elman_step(x, h, W, U, b_h, V, b_y):\n    return h @ V + b_y, np.tanh(x @ W + h @ U + b_h)",
            says="y was read from the previous h",
        ),
        Mutant(
            "transposed",
            "def elman_step(x, h, W, U, b_h, V, b_y):\n"
            "    h = np.tanh(x @ W + h @ U.T + b_h)\n    return h @ V + b_y, h",
            says="the recurrent matrix U is transposed",
        ),
        Mutant(
            "state not carried",
            FORWARD + "    steps = [elman_step(x[:, t], h0, W, U, b_h, V, b_y) for t in range(x.shape[1])]\n"
            "    return tuple(np.stack(a, axis=1) for a in zip(*steps))",
            says="every step started from h0",
        ),
        Mutant(
            "time first",
            "right = elman_forward\n" + FORWARD + "    y, h = right(x, h0, W, U, b_h, V, b_y)\n"
            "    return y.swapaxes(0, 1), h.swapaxes(0, 1)",
            says="time is on the first axis",
        ),
        Mutant(
            "length built in",
            "right = elman_forward\n" + FORWARD + "    x = np.concatenate([x, 0 * x, 0 * x, 0 * x], axis=1)[:, :7]\n"
            "    y, h = right(x, h0, W, U, b_h, V, b_y)\n    return y[:, :7], h[:, :7]",
            says="y has shape",
        ),
        Mutant(
            "writes into h0",
            "right = elman_step\n"
            "def elman_step(x, h, *weights):\n    y, h[...] = right(x, h, *weights)\n    return y, h.copy()",
            says="in place",
        ),
    ],
    "E03.2": [
        Mutant(
            "every unit to every context unit",
            CONTEXT + "    context, hs, cs = h0, [], []\n    for t in range(x.shape[1]):\n        cs.append(context)\n"
            "        hs.append(np.tanh(x[:, t] @ W + context @ U + b_h))\n"
            "        context = hs[-1] @ np.ones(U.shape)\n"
            "    h = np.stack(hs, 1)\n    return h @ V + b_y, h, np.stack(cs, 1)",
            says="ones instead of the identity",
        ),
        Mutant(
            "noted after the copy",
            CONTEXT + "    y, h = elman_forward(x, h0, W, U, b_h, V, b_y)\n    return y, h, h.copy()",
            says="yours is already the new h",
        ),
        Mutant(
            "kept by reference",
            CONTEXT + "    y, h = elman_forward(x, h0, W, U, b_h, V, b_y)\n    context, kept = h0.copy(), []\n"
            "    for t in range(x.shape[1]):\n        kept.append(context)\n        context[...] = h[:, t]\n"
            "    return y, h, np.stack(kept, 1)",
            says="the same array was kept each time",
        ),
        Mutant(
            "two values",
            CONTEXT + "    return elman_forward(x, h0, W, U, b_h, V, b_y)",
            says="returned 2 value(s), and 3 are due",
        ),
        Mutant(
            "never copied",
            CONTEXT + "    h = np.tanh(x @ W + (h0 @ U)[:, None] + b_h)\n"
            "    return h @ V + b_y, h, np.repeat(h0[:, None], x.shape[1], 1)",
            says="they stay at h0",
        ),
    ],
    "E03.3": [
        Mutant(
            "state of an Elman cell",
            jordan(state="units", recurrent="(n, n)"),
            says="state and recurrent_kernel are Elman's",
        ),
        Mutant("transposed", jordan(recurrent="(n, o)"), says="the recurrent_kernel is transposed"),
        Mutant("old y kept", jordan(result="y, [old]"), says="the old y came back as the new state"),
        Mutant("hidden layer kept", jordan(result="y, [h]"), says="the hidden h came back as the new state"),
        Mutant("fed back before sigma_y", jordan(result="y, [a]"), says="before the output activation"),
        Mutant("no sigma_y", jordan(result="a, [a]"), says="the output activation is missing"),
        Mutant("output alone", jordan(result="y"), says="return them as a tuple"),
        Mutant(
            "NumPy inside the cell",
            jordan().replace("ops.tanh(", "np.tanh("),
            says="symbolic",
            state="could not run",
        ),
        Mutant("call left empty", jordan(result="None"), says="returned None"),
    ],
    "E03.4": [
        Mutant("not registered", elman(), says="the class is not registered"),
        Mutant(
            "other package",
            elman(register="@keras.saving.register_keras_serializable()"),
            says="the package is not named",
        ),
        Mutant(
            "argument left out",
            elman(register=REGISTERED, config="**super().get_config(), 'units': self.units"),
            says="leaves out output_units, output_activation",
        ),
        Mutant(
            "activation lost",
            elman(register=REGISTERED, config="**super().get_config(), {arguments}, 'output_activation': None"),
            says="loses the output_activation",
        ),
        Mutant(
            "config of the base lost",
            elman(register=REGISTERED, config="{arguments}"),
            says="begin with **super().get_config()",
        ),
        Mutant(
            "state not renewed",
            elman(register=REGISTERED, result="y, [old]"),
            says="the cell returns the state it was given",
        ),
        Mutant(
            "state of a Jordan cell",
            elman(register=REGISTERED).replace("= units, output_units\n\n", "= output_units, output_units\n\n"),
            says="is Jordan's",
        ),
        Mutant(
            "memory in an attribute",
            elman(register=REGISTERED, first="old = getattr(self, 'kept', old)", result="y, [self.keep(h)]")
            + "\n    def keep(self, h):\n        self.kept = h\n        return h\n",
            says="y differs",
        ),
        Mutant(
            "get_config without return",
            elman(register=REGISTERED) + "\n    get_config = lambda self: None",
            says="must return a dict",
        ),
        Mutant(
            "an argument too many",
            elman(register=REGISTERED, config="**super().get_config(), {arguments}, 'size': self.units"),
            says="size",
            state="could not run",
        ),
    ],
    "E03.5": [
        Mutant("tanh again", 'sigma_y = "tanh"', says="changes it once more"),
        Mutant(
            "ones",
            "def jordan_readout(n): return np.ones((n, n)), np.zeros(n)",
            says="y must be h unit by unit",
        ),
        Mutant(
            "size built in", "def jordan_readout(n): return np.eye(4), np.zeros(4)", says="must be an array of shape"
        ),
        Mutant("bias of one", "def jordan_readout(n): return np.eye(n), np.ones(n)", says="b_y is added to h"),
        Mutant("not an option", 'sigma_y = "linear"', says="sigma_y is not right"),
    ],
}
