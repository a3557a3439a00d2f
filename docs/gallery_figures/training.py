"""What is done with networks: gradients through time, their truncation; Embedding, Dropout and penalties."""

import keras
import numpy as np

from course_kit.reference import bptt
from course_kit.reference.bptt_truncated import truncated
from course_kit.reference.jacobians import elman_jacobians
from docs.gallery_figures.base import array, figure_of, legend, line, panels


def elman_run(T, size, seed=0, n=8):
    """A random Elman network's cache after T steps, and the error of its outputs."""
    rng = np.random.default_rng(seed)
    U = np.linalg.qr(rng.normal(size=(n, n)))[0] * size
    weights = (rng.normal(size=(3, n)) * 0.5, U, np.zeros(n), rng.normal(size=(n, 2)), np.zeros(2))
    x = rng.normal(size=(4, T, 3))
    y, cache = bptt.forward(x, np.zeros((4, n)), *weights)
    return y - rng.normal(size=y.shape), cache


@figure_of("Backpropagation through time")
def backpropagation():
    """Every pair of steps: how much the earlier one bears on the later one."""
    T = 24
    figure, axes = panels(1, 3, height=2.9, sharey=True)
    for one, size in zip(axes, (0.7, 1.0, 1.6), strict=True):
        _, cache = elman_run(T, size)
        J, norms = elman_jacobians(cache["h"], cache["U"])[0], np.full((T, T), np.nan)
        for k in range(T):
            product = np.eye(len(cache["U"]))
            norms[k, k] = 1
            for t in range(k + 1, T):
                product = J[t] @ product
                norms[t, k] = np.linalg.norm(product, 2)
        drawn = one.imshow(np.log10(norms), cmap="cividis", vmin=-4, vmax=1)
        one.set(title=f"recurrent kernel {size}", xlabel="earlier step k")
    axes[0].set_ylabel("later step t")
    figure.colorbar(drawn, ax=axes, label=r"$\log_{10}$ of $|\partial h_t/\partial h_k|$")
    return figure


@figure_of("Truncated backpropagation")
def truncation():
    """How far the truncated gradient is from the full one."""
    T, windows = 60, (1, 2, 3, 5, 8, 12, 18, 26, 40, 60)
    figure, axes = panels()
    for k, size in enumerate((0.6, 0.9, 1.1)):
        error, cache = elman_run(T, size, seed=1)
        full = bptt.gradients(error, cache)["U"]
        far = [np.linalg.norm(truncated(bptt.gradients, error, cache, 1, w)["U"] - full) for w in windows]
        line(axes, np.array(far) / np.linalg.norm(full), f"recurrent kernel of size {size}", k, windows, marker=".")
    axes.set(
        xlabel="steps that each loss goes back, k2",
        ylabel="error of the gradient",
        title="Of 60 steps",
        ylim=(-0.03, None),
    )
    legend(axes)
    return figure


@figure_of("Embedding")
def embedding():
    """Words that stand in the same places come to lie together."""
    kinds = {"noun": ("dog", "cat", "boy", "girl"), "verb": ("sees", "likes", "hears", "feeds"), "mark": (".",)}
    words = [word for group in kinds.values() for word in group]
    rng = np.random.default_rng(0)
    sentences = np.stack(
        [rng.integers(0, 4, 600), rng.integers(4, 8, 600), rng.integers(0, 4, 600), np.full(600, 8)], axis=1
    )
    text = sentences.reshape(40, 60)
    keras.utils.set_random_seed(1)
    table = keras.layers.Embedding(9, 2)
    model = keras.Sequential(
        [keras.Input((None,)), table, keras.layers.SimpleRNN(8, return_sequences=True), keras.layers.Dense(9)]
    )
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(text[:, :-1], text[:, 1:], batch_size=10, epochs=60, verbose=0)
    found = array(table.embeddings)
    figure, axes = panels(height=3.0, width=5.2)
    for k, (kind, group) in enumerate(kinds.items()):
        rows = [words.index(word) for word in group]
        axes.scatter(*found[rows].T, color=("#0072B2", "#D55E00", "#000000")[k], marker="os^"[k], label=kind)
        for row in rows:
            axes.annotate(words[row], found[row], xytext=(5, 4), textcoords="offset points", fontsize=9)
    axes.set(xlabel="first number", ylabel="second number", title="Nine words after training")
    axes.margins(0.15)
    legend(axes, loc="best")
    return figure


@figure_of("Dropout, L1 and L2")
def dropout():
    """Masks over time, and what two penalties leave of sixty weights."""
    x = np.ones((1, 24, 10), dtype="float32")
    keras.utils.set_random_seed(2)
    each = keras.layers.Dropout(0.4)
    whole = keras.layers.Dropout(0.4, noise_shape=(None, 1, 10))
    figure, axes = panels(1, 3, height=2.8, width=7.8)
    for one, layer, title in ((axes[0], each, "a mask a step"), (axes[1], whole, "one mask for all steps")):
        one.imshow(array(layer(x, training=True))[0].T > 0, aspect="auto", cmap="cividis")
        one.set(xlabel="step", title=title, yticks=[])
    axes[0].set_ylabel("unit")
    rng = np.random.default_rng(3)
    inputs, true = rng.normal(size=(120, 60)).astype("float32"), np.zeros(60)
    true[:8] = rng.normal(size=8) * 1.5
    y = inputs @ true + 0.7 * rng.normal(size=120)
    for k, (label, penalty) in enumerate(
        (("none", None), ("L1", keras.regularizers.L1(0.12)), ("L2", keras.regularizers.L2(0.3)))
    ):
        model = keras.Sequential([keras.Input((60,)), keras.layers.Dense(1, kernel_regularizer=penalty)])
        model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.05, 1600)), "mse")
        model.fit(inputs, y, batch_size=30, epochs=400, verbose=0)
        line(axes[2], np.sort(np.abs(array(model.layers[0].kernel)[:, 0]))[::-1], label, k)
    axes[2].set(xlabel="weight, by size", title="what penalties leave", ylabel="size", yscale="log", ylim=(1e-3, 5))
    legend(axes[2])
    return figure
