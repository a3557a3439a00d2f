"""Cells with gates: LSTM of 1997, LSTM, peepholes, GRU in both signs, Gomez's example."""

import keras
import numpy as np

from course_kit.cells import GRUCell, gru_weights
from course_kit.layers import LSTM1997, PeepholeLSTM, trace
from course_kit.reference import gomez
from docs.gallery_figures.base import figure_of, legend, line, panels, set_by_hand, square


def blocks(*values):
    """A row of a weight for one unit, block by block."""
    return np.array([values], dtype="float32")


@figure_of("LSTM of 1997, no forget gate")
def lstm1997():
    """One value, written at step 5, held beside noise for a hundred steps."""
    T, rng = 105, np.random.default_rng(0)
    x = np.zeros((1, T, 2), dtype="float32")
    x[0, :, 0] = rng.uniform(-1, 1, T)
    x[0, 5, 1] = 1
    layer = LSTM1997(1, return_sequences=True)
    # blocks i, c, o: what comes in is input 0, and the input gate opens for input 1
    kernel = np.concatenate([blocks(0, 1.5, 0), blocks(14, 0, 0)])
    set_by_hand(layer, 2, kernel=kernel, bias=np.array([-8, 0, 2], dtype="float32"))
    c = trace(layer, x)["c"][0, :, 0]
    plain = keras.layers.SimpleRNN(1, return_sequences=True)
    set_by_hand(plain, 2, kernel=np.array([[0.5], [0]]), recurrent_kernel=np.array([[0.9]]))
    figure, axes = panels(2, 1, height=3.4, sharex=True, height_ratios=[1, 2])
    axes[0].plot(x[0, :, 0], color="0.6", lw=0.8)
    axes[0].plot(5, x[0, 5, 0], "s", color="#D55E00")
    axes[0].set(ylabel="input", title="The square marks the input to be kept")
    line(axes[1], c, "c of an LSTM of 1997", 4, lw=2)
    line(axes[1], trace(plain, x)["h"][0, :, 0], "h of a SimpleRNN", 1, lw=1)
    axes[1].set(xlabel="step", ylabel="state", ylim=(-1, 1.35))
    legend(axes[1], loc="upper right", ncols=2)
    return figure


@figure_of("LSTM with forget gate")
def lstm():
    """A sum that starts over where the forget gate closes."""
    T, rng = 60, np.random.default_rng(1)
    x = np.zeros((1, T, 2), dtype="float32")
    x[0, :, 0] = (rng.random(T) < 0.35) * 1.0
    x[0, [20, 42], 1] = 1
    x[0, [20, 42], 0] = 0
    # blocks i, f, c, o
    kernel = np.concatenate([blocks(0, 0, 0.5, 0), blocks(0, -16, 0, 0)])
    layer = keras.layers.LSTM(1, return_sequences=True)
    set_by_hand(layer, 2, kernel=kernel, bias=np.array([8, 8, 0, 8], dtype="float32"))
    traced = trace(layer, x)
    figure, axes = panels(3, 1, height=3.8, sharex=True, height_ratios=[1, 1, 2])
    square(axes[0], x[0, :, 0], k=0)
    axes[0].plot([20, 42], [0.5, 0.5], "v", color="#D55E00", ms=8)
    axes[0].set(ylabel="inputs", yticks=[0, 1], ylim=(-0.1, 1.1), title="Triangles: start over")
    line(axes[1], traced["f"][0, :, 0], k=4)
    axes[1].set(ylabel="gate f", yticks=[0, 1], ylim=(-0.1, 1.1))
    line(axes[2], traced["c"][0, :, 0], "c, the state", 4, lw=2)
    line(axes[2], traced["h"][0, :, 0], "h, the output", 1)
    axes[2].set(xlabel="step", ylabel="values")
    legend(axes[2], loc="upper right")
    return figure


@figure_of("LSTM with peepholes")
def peephole():
    """No input at all: the state fills up, the gates see it, and every so many steps the cell puts out a spike."""
    T = 90
    figure, axes = panels(2, 1, height=3.6, sharex=True)
    for k, rate in enumerate((1 / 16, 1 / 8)):
        layer = PeepholeLSTM(1, return_sequences=True)
        # the state grows by `rate` a step; over 0.975 the output gate opens, and the forget gate closes after it
        bias = np.array([8, 195, np.arctanh(rate), -195], dtype="float32")
        set_by_hand(layer, 1, bias=bias, peephole_kernel=np.array([[0], [-200], [200]], dtype="float32"))
        traced = trace(layer, np.zeros((1, T, 1)))
        line(axes[0], traced["c"][0, :, 0], f"filled by 1/{round(1 / rate)} a step", k)
        line(axes[1], traced["h"][0, :, 0], k=k)
    axes[0].set(ylabel="c, the state", title="A cell that keeps time without input", ylim=(0, 1.6))
    axes[1].set(xlabel="step", ylabel="h, the output")
    legend(axes[0], loc="upper right", ncols=2)
    return figure


def sample_and_hold(cell):
    """Blocks z, r, h: input 1 opens z, and what comes in then is input 0."""
    layer = keras.layers.RNN(cell, return_sequences=True)
    kernel = np.concatenate([blocks(0, 0, 1.5), blocks(-16, 0, 0)])
    return set_by_hand(layer, 2, kernel=kernel, bias=np.array([8, 0, 0], dtype="float32"))


def marked_noise(T=60):
    x = np.zeros((1, T, 2), dtype="float32")
    x[0, :, 0] = np.random.default_rng(2).uniform(-1, 1, T)
    x[0, [8, 30, 47], 1] = 1
    x[0, [8, 30, 47], 0] = 0.8, -0.6, 0.3
    return x


@figure_of("GRU")
def gru():
    """Sample and hold."""
    x = marked_noise()
    traced = trace(sample_and_hold(keras.layers.GRUCell(1, reset_after=False)), x)
    figure, axes = panels(2, 1, height=3.4, sharex=True, height_ratios=[2, 1])
    axes[0].plot(x[0, :, 0], color="0.65", lw=0.9, label="input")
    axes[0].plot([8, 30, 47], x[0, [8, 30, 47], 0], "s", color="#D55E00", label="input that is marked")
    line(axes[0], traced["h"][0, :, 0], "h", 4, lw=2)
    axes[0].set(ylabel="values", ylim=(-1.2, 1.75))
    legend(axes[0], ncols=3, loc="upper right")
    line(axes[1], traced["z"][0, :, 0], k=4)
    axes[1].set(xlabel="step", ylabel="gate z", yticks=[0, 1], ylim=(-0.1, 1.1))
    return figure


@figure_of("GRU with the update gate reversed")
def gru_reversed():
    """One network in both conventions: z is 1 - z, and h is the same."""
    x = np.random.default_rng(3).normal(size=(1, 40, 3)).astype("float32")
    keras.utils.set_random_seed(4)
    keep = keras.layers.RNN(GRUCell(1, update="keep", kernel_initializer="random_normal"), return_sequences=True)
    keep.build(x.shape)
    keep.set_weights([w + np.random.default_rng(5).normal(size=w.shape) for w in keep.get_weights()])
    write = keras.layers.RNN(GRUCell(1, update="write"), return_sequences=True)
    write.build(x.shape)
    write.set_weights(gru_weights(keep, update="write", reset_after=False))
    one, other = trace(keep, x), trace(write, x)
    figure, axes = panels(2, 1, height=3.4, sharex=True)
    line(axes[0], one["z"][0, :, 0], "z is the share kept (Cho 2014, Keras)", 4)
    line(axes[0], other["z"][0, :, 0], "z is the share written (Chung 2014)", 1)
    axes[0].set(ylabel="gate z", ylim=(-0.05, 1.45), yticks=[0, 0.5, 1])
    legend(axes[0], ncols=2, loc="upper right")
    line(axes[1], one["h"][0, :, 0], "h of the first", 4, lw=3, alpha=0.4)
    line(axes[1], other["h"][0, :, 0], "h of the second", 1)
    axes[1].set(xlabel="step", ylabel="h", ylim=(-1, 1.3))
    legend(axes[1], ncols=2, loc="upper right")
    return figure


@figure_of("Gomez's numeric LSTM")
def gomez_example():
    """Gradient descent on his two steps: one label is reached, the other cannot be."""
    weights, outs, losses = [gomez.W, gomez.U, gomez.B], [], []
    for _ in range(500):
        outs.append([step["out"] for step in gomez.forward(gomez.X, *weights)])
        losses.append(gomez.loss(gomez.X, gomez.LABELS, *weights))
        slopes = gomez.gradients(gomez.X, gomez.LABELS, *weights)
        weights = [w - 0.5 * slope for w, slope in zip(weights, slopes, strict=True)]
    figure, axes = panels(1, 2, height=2.9)
    for t, label in enumerate(gomez.LABELS):
        axes[0].axhline(label, color="0.6", lw=0.8)
        axes[0].text(500, label, f"label {t}", fontsize=8, va="bottom", ha="right")
        line(axes[0], np.array(outs)[:, t], f"out at step {t}", 4 + t)
    axes[0].set(xlabel="steps of gradient descent", ylabel="out", ylim=(0.2, 1.4))
    legend(axes[0], loc="center right")
    line(axes[1], losses, "loss", 0)
    floor = gomez.floor(gomez.LABELS[1], gomez.largest_out(1))
    axes[1].axhline(floor, color="#D55E00", ls="--", label="its floor")
    axes[1].set(xlabel="steps of gradient descent", ylabel="L", ylim=(0, None))
    legend(axes[1])
    return figure
