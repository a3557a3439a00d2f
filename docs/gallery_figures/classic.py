"""Networks without gates: fully recurrent, Elman, SimpleRNN, Jordan, differential equations, skips."""

import keras
import numpy as np

from course_kit.cells import ElmanCell, ResidualStack
from course_kit.layers import Jordan, LagSkip, trace
from course_kit.reference import OdeNetwork
from course_kit.reference.fully_recurrent import fully_recurrent_forward
from course_kit.reference.integrators import rk4
from docs.gallery_figures.base import array, figure_of, legend, line, panels, set_by_hand


@figure_of("Fully recurrent network")
def fully_recurrent():
    """A pulse goes round a ring of five nodes."""
    n, T = 5, 30
    U, x = np.zeros((n, n)), np.zeros((1, T, 1))
    U[np.arange(n), (np.arange(n) + 1) % n] = 10.0
    x[0, 2] = 10.0
    s = fully_recurrent_forward(np.zeros((1, n)), x, U, np.full(n, -5.0), inputs=[0])[0]
    figure, axes = panels()
    for k in range(n):
        line(axes, s[:, k] + 1.3 * (n - 1 - k), f"node {k + 1}", k)
    axes.plot([2, 2], [0, 6.5], color="0.6", lw=0.8)
    axes.set(xlabel="tick", ylabel="activation, one row a node", yticks=[], title="One input at tick 2, then none")
    legend(axes, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


@figure_of("Elman network")
def elman():
    """Elman's own task: every third bit is the exclusive or of the two before it."""
    rng, T, count = np.random.default_rng(0), 60, 400
    bits = rng.integers(2, size=(count, T))
    for t in range(2, T, 3):
        bits[:, t] = bits[:, t - 1] ^ bits[:, t - 2]
    keras.utils.set_random_seed(1)
    layer = keras.layers.RNN(ElmanCell(8, 1, output_activation="sigmoid"), return_sequences=True)
    model = keras.Sequential([keras.Input((None, 1)), layer])
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
    x, y = bits[:, :-1, None].astype("float32"), bits[:, 1:, None].astype("float32")
    model.fit(x[:300], y[:300], batch_size=50, epochs=80, verbose=0)
    error = ((model.predict(x[300:], verbose=0) - y[300:]) ** 2).mean(axis=(0, 2))
    figure, axes = panels()
    steps = np.arange(1, 25)
    line(axes, error[:24], "squared error, mean of 100 new sequences", 4, steps, marker="o", ms=4)
    axes.plot(steps[1::3], error[1:24:3], "s", color="#D55E00", ms=7, label="the bit that follows from the two before")
    axes.axhline(0.25, color="0.6", lw=0.8)
    axes.text(24.6, 0.25, "a guess", va="center", fontsize=8)
    axes.set(xlabel="bit to foretell", ylabel="squared error", ylim=(-0.01, 0.33), xlim=(0, 27.5), title="XOR in time")
    legend(axes, loc="upper center", ncols=2)
    return figure


@figure_of("SimpleRNN")
def simple_rnn():
    """One pulse, three recurrent kernels."""
    rng, T, n = np.random.default_rng(2), 60, 20
    U = rng.normal(size=(n, n))
    U /= np.abs(np.linalg.eigvals(U)).max()
    x = np.zeros((1, T, 1), dtype="float32")
    x[0, 0] = 1
    figure, axes = panels()
    for k, size in enumerate((0.5, 0.9, 1.3)):
        layer = keras.layers.SimpleRNN(n, return_sequences=True)
        set_by_hand(layer, 1, kernel=0.3 * rng.normal(size=(1, n)), recurrent_kernel=size * U)
        line(axes, np.linalg.norm(array(layer(x))[0], axis=-1), f"largest eigenvalue {size}", k)
    axes.set(
        yscale="log", xlabel="step", ylabel="length of h", title="What is left of one input at step 0", ylim=(1e-9, 9)
    )
    legend(axes)
    return figure


@figure_of("Jordan network")
def jordan():
    """The context is a fading trace of the outputs."""
    T = 30
    x = np.zeros((1, T, 1), dtype="float32")
    x[0, [2, 14, 16]] = 1
    figure, axes = panels()
    for k, decay in enumerate((0.0, 0.5, 0.9)):
        layer = Jordan(1, 1, context_decay=decay, return_sequences=True)
        set_by_hand(layer, 1, kernel=np.full((1, 1), 1.0), output_kernel=np.full((1, 1), 1.0))
        line(axes, trace(layer, x)["context"][0, :, 0], f"context, decay {decay}", k)
    axes.vlines([2, 14, 16], 0, -0.25, color="0.4", lw=3)
    axes.text(17.0, -0.2, "inputs", fontsize=8)
    axes.set(xlabel="step", ylabel="context", title="What the hidden layer is told of earlier outputs")
    legend(axes)
    return figure


@figure_of("ODE as a recurrent network")
def ode():
    """Van der Pol's oscillator, and the recurrent network that was fitted to its field."""

    def field(s):
        return np.stack([s[:, 1], (1 - s[:, 0] ** 2) * s[:, 1] - s[:, 0]], axis=-1)

    start, dt, steps = np.array([[0.1, 0.1], [2.5, 3.0]]), 0.02, 1000
    truth = rk4(field, start, dt, steps)
    figure, axes = panels(1, 3, width=7.8, height=2.9, sharex=True, sharey=True)
    for one, units in zip(axes, (8, 16, 60), strict=True):
        network = OdeNetwork.fit(field, low=[-3, -4], high=[3, 4], units=units, seed=1)
        path = network.simulate(start, dt, steps)
        for k in range(2):
            one.plot(*truth[k].T, color="0.7", lw=3, label="the equation" if k == 0 else None)
            one.plot(*path[k].T, "--", color="#D55E00", lw=1.2, label="the network" if k == 0 else None)
        one.set(title=f"{units} units", xlabel="s", xlim=(-3.4, 3.4), ylim=(-4.4, 4.4))
    axes[0].set_ylabel("ds/dt")
    legend(axes[0], loc="lower right")
    return figure


@figure_of("Skip connections in time")
def skips_in_time():
    """How far a change of the first input reaches."""
    T, n, rng = 41, 8, np.random.default_rng(3)
    U = np.linalg.qr(rng.normal(size=(n, n)))[0] * 0.5
    x = np.zeros((1, T, 2), dtype="float32")
    changed = x.copy()
    changed[0, 0, 0] = 0.1
    W, k = rng.normal(size=(2, n)), 0
    figure, axes = panels()
    plain = set_by_hand(keras.layers.SimpleRNN(n, return_sequences=True), 2, kernel=W, recurrent_kernel=U)
    lagged = [
        (f"and a skip over {lag} steps", set_by_hand(LagSkip(n, lag, return_sequences=True), 2, kernel=W,
         recurrent_kernel=np.concatenate([U, 0.45 * np.eye(n)])))
        for lag in (5, 10)
    ]  # fmt: skip
    for k, (label, layer) in enumerate([("one step back only", plain), *lagged]):
        change = np.linalg.norm(array(layer(changed) - layer(x))[0], axis=-1)
        line(axes, np.maximum(change, 1e-9), label, k)
    axes.set(yscale="log", ylim=(1e-7, 1), xlabel="step", ylabel="change of h", title="After a change of input 0")
    legend(axes, loc="lower left")
    return figure


@figure_of("Skip connections in depth")
def skips_in_depth():
    """The gradient at each level of a stack of twenty."""
    import tensorflow as tf

    depth, n, T, rng = 20, 16, 5, np.random.default_rng(4)
    x = tf.constant(rng.normal(size=(8, T, n)).astype("float32"))
    pull = tf.constant(rng.normal(size=(8, n)).astype("float32"))
    figure, axes = panels()
    for k, (label, stack) in enumerate(
        (("a plain stack", keras.layers.StackedRNNCells), ("with links past each cell", ResidualStack))
    ):
        keras.utils.set_random_seed(5)
        cells = [keras.layers.SimpleRNNCell(n) for _ in range(depth)]
        layer = keras.layers.RNN(stack(cells))
        layer.build(x.shape)
        for cell in cells:
            cell.kernel.assign(0.5 * cell.kernel)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(x) * pull)
        found = tape.gradient(loss, [cell.bias.value for cell in cells])
        line(axes, [float(tf.norm(g)) for g in found], label, k, np.arange(1, depth + 1), marker=".")
    axes.set(
        yscale="log",
        xlabel="level, from the input up",
        ylabel="length of the gradient",
        title="Biases of twenty levels",
        xticks=range(1, depth + 1, 3),
    )
    legend(axes)
    return figure


@figure_of("Bidirectional network")
def bidirectional():
    """Which inputs each output depends on."""
    import tensorflow as tf

    T = 16
    x = tf.Variable(np.random.default_rng(6).normal(size=(1, T, 3)).astype("float32"))
    keras.utils.set_random_seed(7)
    layer = keras.layers.Bidirectional(keras.layers.LSTM(6, return_sequences=True))
    layer(x)
    ways = (("forward", slice(0, 6)), ("backward", slice(6, 12)), ("both, side by side", slice(0, 12)))
    figure, axes = panels(1, 3, height=2.9, sharey=True)
    for one, (title, units) in zip(axes, ways, strict=True):
        with tf.GradientTape(persistent=True) as tape:
            outputs = [tf.reduce_sum(layer(x)[0, t, units]) for t in range(T)]
        seen = np.stack([np.abs(tape.gradient(y, x)[0]).sum(axis=-1) for y in outputs])
        one.imshow(np.log10(seen + 1e-6), cmap="cividis", vmin=-4, vmax=0)
        one.set(title=title, xlabel="input step", xticks=range(0, T, 5), yticks=range(0, T, 5))
    axes[0].set_ylabel("output step")
    return figure
