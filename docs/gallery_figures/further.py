"""The systems of slide D1.28, the attention window and the Turing machine."""

import keras
import numpy as np

from course_kit import params
from course_kit.datasets.copying import copy
from course_kit.layers import NTM, ArrayLSTM, DepthGatedLSTM, GridLSTM, LocalAttention, PeepholeConvLSTM2D, trace
from docs.gallery_figures.base import array, figure_of, legend, line, panels


@figure_of("Attention window")
def attention():
    """A window over noisy states: one mean for all, or weights by content."""
    T, rng = 80, np.random.default_rng(0)
    clean = np.where((np.arange(T) // 20) % 2, 1.0, -1.0)
    h = np.stack([clean + 0.35 * rng.normal(size=T), np.ones(T)], axis=-1)[None].astype("float32")
    figure, axes = panels()
    axes.plot(h[0, :, 0], ".", color="0.6", label="states h")
    uniform = LocalAttention(9)
    content = LocalAttention(9, "content")
    line(axes, array(uniform(h))[0, :, 0], "the mean of nine", 1)
    line(axes, array(content(3 * h))[0, :, 0] / 3, "weighted by content", 4)
    axes.set(xlabel="step", ylabel="first unit", ylim=(-2.0, 2.9))
    legend(axes, ncols=3, loc="upper center")
    return figure


@figure_of("Neural Turing Machine")
def ntm():
    """Where the heads of a machine that has learned to copy point."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((None, 5))
    layer = NTM(16, 4, return_sequences=True, return_state=True)
    model = keras.Model(inputs, layer(inputs)[0])
    rate = keras.optimizers.schedules.CosineDecay(0.02, 800)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), loss=loss)
    task = copy(800 * 16, 4, 5, seed=0)
    asked = (np.arange(task.x.shape[1]) > task.lengths[:, None] // 2) & task.mask
    model.fit(task.x, task.y, sample_weight=asked.astype("float32"), batch_size=16, shuffle=False, verbose=0)
    one = copy(1, 4, 5, 5, seed=11)
    traced = trace(layer, one.x.astype("float32"))
    figure, axes = panels(2, 2, height=4.0, sharex=True, height_ratios=[1, 2.6])
    answer = 1 / (1 + np.exp(-traced["y"][0]))
    answer[:6] = np.nan  # not asked
    for column, (values, title) in enumerate(((one.x[0], "what is read"), (answer, "what is put out"))):
        axes[0, column].imshow(values.T, aspect="auto", cmap="cividis", vmin=0, vmax=1)
        axes[0, column].set(title=title, yticks=[])
    for column, (head, name) in enumerate((("write 1", "write"), ("read 1", "read"))):
        axes[1, column].imshow(traced[f"{head}/w"][0].T, aspect="auto", cmap="cividis", vmin=0, vmax=1)
        axes[1, column].set(xlabel="step", yticks=range(0, 16, 5), title=f"where the {name} head points")
    axes[1, 0].set_ylabel("row of the memory")
    return figure


@figure_of("ConvLSTM with peepholes")
def conv_lstm():
    """A point that moves leaves a tail in the cell's state."""
    T, size = 12, 14
    x = np.zeros((1, T, size, size, 1), dtype="float32")
    for t in range(T):
        x[0, t, 2 + round(5 + 4 * np.sin(t / 2.5)), t + 1] = 1
    layer = PeepholeConvLSTM2D(1, 3, padding="same", return_sequences=True)
    layer.build(x.shape)
    W, U, b, p = (np.zeros(w.shape) for w in layer.weights)
    W[1, 1, 0, 0], W[1, 1, 0, 2] = 8, 2  # a point opens the input gate and comes in
    U[:, :, 0, 2] = 0.25  # what stands round about comes in by way of H
    b[:] = -3, 1.6, 0, 4
    layer.set_weights([W, U, b, p])
    c = trace(layer, x)["c"][0, ..., 0]
    shown = (1, 4, 7, 11)
    figure, axes = panels(2, 4, height=3.7, sharex=True, sharey=True)
    for k, t in enumerate(shown):
        axes[0, k].imshow(x[0, t, ..., 0], cmap="cividis", vmin=0, vmax=1)
        axes[1, k].imshow(c[t], cmap="cividis", vmin=0, vmax=c.max())
        axes[0, k].set(title=f"step {t}", xticks=[], yticks=[])
    axes[0, 0].set_ylabel("input")
    axes[1, 0].set_ylabel("cell state C")
    return figure


def first_kernel_gradient(layer, kernel, x):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    return float(tf.norm(tape.gradient(loss, kernel.value)))


@figure_of("Grid LSTM")
def grid():
    """How much of the gradient reaches the inputs' kernel through stacks of growing depth."""
    depths, n, runs = (1, 2, 4, 6, 8, 10), 10, 5
    x = np.random.default_rng(1).normal(size=(4, 4, 6)).astype("float32")
    series = {"LSTMs in a stack": [], "Grid LSTM": []}
    for depth in depths:
        found = {name: [] for name in series}
        for seed in range(runs):
            keras.utils.set_random_seed(seed)
            stack = keras.layers.RNN([keras.layers.LSTMCell(n) for _ in range(depth)])
            grid = GridLSTM(n, depth, tied=None)
            for layer in (stack, grid):
                layer.build(x.shape)
            found["LSTMs in a stack"].append(first_kernel_gradient(stack, stack.cell.cells[0].kernel, x))
            found["Grid LSTM"].append(first_kernel_gradient(grid, grid.cell.kernel, x))
        for name, values in found.items():
            series[name].append(np.exp(np.mean(np.log(values))))
    figure, axes = panels()
    for k, (name, values) in enumerate(series.items()):
        line(axes, values, name, k, depths, marker="o", ms=4)
    axes.set(
        yscale="log",
        xlabel="layers",
        ylabel="length of the gradient",
        title="Kernel of the inputs, before training",
        xticks=depths,
    )
    legend(axes)
    return figure


@figure_of("Depth-gated LSTM")
def depth_gated():
    """How much a change in the memory of layer 1 changes that of layer 4, as the depth gates open."""
    x = np.random.default_rng(2).normal(size=(6, 8, 5)).astype("float32")
    opened, depth, n = np.linspace(-6, 6, 13), 4, 8
    changes, gates = [], []
    for bias in opened:
        keras.utils.set_random_seed(3)
        layer = DepthGatedLSTM(n, depth, depth_bias_initializer=keras.initializers.Constant(bias))
        layer.build(x.shape)
        moved = np.array(layer.cell.bias)
        before = trace(layer, x)
        moved[2 * n : 3 * n] += 0.05  # what layer 1 takes in
        layer.cell.bias.assign(moved)
        after = trace(layer, x)
        below, above = (np.linalg.norm(after[f"layer {k}/c"] - before[f"layer {k}/c"]) for k in (1, depth))
        changes.append(above / below)
        gates.append(float(np.mean([before[f"layer {k}/d"].mean() for k in range(2, depth + 1)])))
    figure, axes = panels(1, 2, height=2.9)
    line(axes[0], changes, k=4, x=opened, marker="o", ms=4)
    axes[0].set(
        xlabel="bias of the depth gates", ylabel="ratio", title="change of layer 4 to one of layer 1", ylim=(0, None)
    )
    line(axes[1], gates, k=4, x=opened, marker="o", ms=4)
    axes[1].set(xlabel="bias of the depth gates", title="depth gates d, mean", ylim=(0, 1.05))
    return figure


@figure_of("Array LSTM")
def array_lstm():
    """Three lanes of memory behind one output."""
    keras.utils.set_random_seed(2)
    x = np.random.default_rng(4).normal(size=(1, 40, 3)).astype("float32")
    layer = ArrayLSTM(1, lanes=3, return_sequences=True, bias_initializer="random_normal")
    layer.build(x.shape)
    layer.set_weights([3.0 * w for w in layer.get_weights()])
    traced = trace(layer, x)
    figure, axes = panels(2, 1, height=3.6, sharex=True)
    total = 0.0
    for k in (1, 2, 3):
        part = (traced[f"lane {k}/o"] * np.tanh(traced[f"lane {k}/c"]))[0, :, 0]
        total = total + part
        line(axes[0], traced[f"lane {k}/c"][0, :, 0], f"c of lane {k}", k)
    axes[0].set(ylabel="memories", ylim=(None, 7))
    legend(axes[0], ncols=3, loc="upper right")
    line(axes[1], traced["h"][0, :, 0], "h", 0, lw=2)
    axes[1].plot(total, ":", color="#E69F00", label="sum over lanes of o tanh(c)")
    axes[1].axhspan(-1, 1, color="0.93", zorder=0)
    axes[1].set(xlabel="step", ylabel="output", ylim=(None, 2.4))
    legend(axes[1], ncols=2, loc="upper right")
    return figure


@figure_of("Densely connected BiLSTM")
def dense_bilstm():
    """What each of fifteen narrow layers reads, and what it costs."""
    e, d, depth = 300, 13, 15
    figure, axes = panels(1, 2, height=3.0)
    places = np.arange(1, depth + 2)
    axes[0].bar(places, [e] * (depth + 1), color="0.75", label="the words")
    axes[0].bar(places, 2 * d * (places - 1), bottom=e, color="#0072B2", label="all layers below")
    axes[0].set(xlabel="layer", ylabel="numbers that it reads", ylim=(0, 900))
    legend(axes[0], loc="upper left")
    cost = [2 * params.lstm(e + 2 * d * k, d) for k in range(depth)] + [2 * params.lstm(e + 2 * d * depth, 100)]
    line(axes[1], np.cumsum(cost) / 1e6, "densely connected", 4, places, marker=".")
    axes[1].axhline(2 * params.lstm(e, 300) / 1e6, color="#E69F00", ls="--", label="one BiLSTM of 300 units")
    axes[1].set(xlabel="layers", ylabel="million parameters", ylim=(0, 2))
    legend(axes[1], loc="upper left")
    return figure
