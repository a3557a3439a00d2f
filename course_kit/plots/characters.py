"""Figures of notebook 19: rows of batches, what counting pays, how a network learns, and what it knows along a line."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.activations import softmax
from course_kit.reference.lstm import lstm_forward
from course_kit.reference.ngrams import conditional_entropy

CIRCLE = {"marker": "o", "ms": 8, "mfc": "none", "mec": "black", "ls": "none"}
LINE = "the network reads one letter and says which comes next and then it reads the next letter "


@figure_of("E19.1")
def rows(batches) -> Shown:
    """A line of text as three batches of three rows."""
    N, T, symbols = 3, 9, "".join(sorted(set(LINE)))
    ids = np.array([symbols.index(c) for c in LINE])
    K = (len(ids) - 1) // (N * T)
    x, _ = ask(batches, ids, N, T, shapes=((K, N, T), (K, N, T)))
    found = x.astype(int)
    if not (found.min() >= 0 and found.max() < len(symbols) and (found == x).all()):
        raise NothingToDraw("x must be made of the numbers of characters.")
    figure, axes = new_figure(1, K, width=9.0, height=1.9, sharey=True)
    for k, panel in enumerate(axes):
        panel.imshow(np.zeros((N, T)), cmap="Greys", vmin=0, vmax=1, aspect="auto")
        for r in range(N):
            for t in range(T):
                c = symbols[found[k, r, t]]
                panel.text(
                    t, r, "␣" if c == " " else c, ha="center", va="center", family="DejaVu Sans Mono", fontsize=11
                )
        for edge in np.arange(0.5, N - 1):
            panel.axhline(edge, color=OKABE_ITO[4], lw=1)
        panel.set(title=f"batch {k}", xticks=[], yticks=range(N), yticklabels=[f"row {r}" for r in range(N)])
    read = ["".join(symbols[found[k, r, t]] for k in range(K) for t in range(T)) for r in range(N)]
    return show(
        figure,
        alt=f"{K} tables side by side, one a batch, with {N} rows of {T} characters, drawn from your answer. Read "
        "across all batches the rows are: " + "; ".join(f"row {r}: {text!r}" for r, text in enumerate(read)) + ".",
        caption="One line of text in three batches of three rows. Each row must read on from batch to batch.",
    )


def costs(uniform_nats, bigram_nats, ids, S: int) -> Shown:
    """What a character costs: by equal shares, by pairs, and by the pairs of the same text shuffled."""
    return _costs(uniform_nats, bigram_nats, np.asarray(ids), S)


@figure_of("E19.2")
def _costs(uniform_nats, bigram_nats, ids, S) -> Shown:
    shuffled = np.random.default_rng(2).permutation(ids)
    bars = {
        "equal shares": (ask(uniform_nats, S, shapes=((),))[0], np.log(S)),
        "pairs, text shuffled": (ask(bigram_nats, shuffled, S, shapes=((),))[0], conditional_entropy(shuffled, S)),
        "pairs": (ask(bigram_nats, ids, S, shapes=((),))[0], conditional_entropy(ids, S)),
    }
    values = [float(v) for v, _ in bars.values()]
    if not np.isfinite(values).all():
        raise NothingToDraw("A cost must be a finite number.")
    figure, axes = new_figure(width=7.0, height=2.4)
    axes.barh(list(bars), values, color=[OKABE_ITO[k] for k in (7, 2, 1)], edgecolor="black", hatch="/")
    axes.plot([due for _, due in bars.values()], range(len(bars)), label="from the counts", **CIRCLE)
    axes.set(xlabel="nats a character")
    axes.margins(x=0.12)
    axes.invert_yaxis()
    axes.legend(fontsize=8, loc="lower right")
    said = ", ".join(f"{name} {value:.3f}" for name, value in zip(bars, values, strict=True))
    return show(
        figure,
        alt=f"Bars drawn from your answers, in nats a character: {said}. Circles stand where the counts put them; if "
        "right every bar ends in its circle, and the bar of the text's own pairs is the shortest.",
        caption="What a character of the text costs. The bars are yours and must end in the circles.",
    )


def learning(losses: dict[str, list[float]], bars: dict[str, float]) -> Shown:
    """Loss against steps, with lines at the costs that must be beaten."""
    figure, axes = new_figure(width=8.0, height=3.4)
    style = styles()
    for name, values in losses.items():
        smooth = np.convolve(values, np.ones(8) / 8, mode="valid") if len(values) > 20 else np.array(values)
        axes.plot(np.arange(len(smooth)), smooth, label=name, **next(style))
    right = max(map(len, losses.values()))
    for name, value in bars.items():
        axes.axhline(value, color="0.4", lw=0.9, ls=":")
        axes.text(right, value, f" {name} {value:.2f}", va="bottom", ha="right", fontsize=8)
    axes.set(xlabel="batch", ylabel="nats a character", ylim=(0, max(*bars.values(), 1.0) * 1.12))
    axes.legend(fontsize=8, loc="lower left")
    ends = ", ".join(f"{name} from {v[0]:.2f} to {np.mean(v[-8:]):.2f}" for name, v in losses.items())
    lines = ", ".join(f"{name} at {value:.2f}" for name, value in bars.items())
    return show(
        figure,
        alt=f"Loss in nats a character against batches, the mean of eight neighbours: {ends}. Dotted lines: {lines}.",
        caption="Loss while the model learns, with what equal shares and pairs pay as lines to pass.",
    )


def along(walk, weights, symbols: str, line: str) -> Shown:
    """What the model gave to each character that came, with the state carried and without."""
    return _along(walk, weights, symbols, line)


@figure_of("E19.7")
def _along(walk, weights, symbols, line) -> Shown:
    E, W, U, b, V, b_y = (np.asarray(w, dtype=float) for w in weights)
    ids = np.array([symbols.index(c) for c in line])
    (P,) = ask(walk, ids, E, W, U, b, V, b_y, shapes=((len(ids), len(symbols)),))
    zeros = np.zeros((1, len(U)))
    h, _ = lstm_forward(E[ids][None], zeros, zeros, W, U, b)
    forgetful, _ = lstm_forward(E[ids][:, None], np.zeros((len(ids), len(U))), np.zeros((len(ids), len(U))), W, U, b)
    came = np.arange(len(ids) - 1), ids[1:]
    yours = P[came]
    due, alone = softmax(h[0] @ V + b_y)[came], softmax(forgetful[:, 0] @ V + b_y)[came]
    figure, axes = new_figure(width=9.0, height=3.2)
    style = styles()
    places = np.arange(len(yours))
    axes.plot(places, yours, label="yours", **next(style))
    axes.plot(places, alone, label="state forgotten after each character", **next(style))
    axes.plot(places, due, label="the whole line read at once", **CIRCLE)
    axes.set(ylabel="probability of what came", ylim=(-0.02, 1.22))
    axes.set_xticks(places, ["␣" if c == " " else c for c in line[1:]], family="DejaVu Sans Mono", fontsize=9)
    axes.legend(fontsize=8, loc="upper left", ncols=3)
    apart = np.abs(yours - due).max()
    return show(
        figure,
        alt=f"Probability that was given to each character of {line!r} before it came. The mean of your line is "
        f"{yours.mean():.2f}, of the circles, for the line read at once, {due.mean():.2f}, and of a model whose "
        f"state is "
        f"forgotten {alone.mean():.2f}. Your line is at most {apart:.1e} from the circles; if right it runs through "
        f"them.",
        caption="What the model gave to each character before it came. Your line must run through the circles.",
    )


def perplexities(found: dict[str, float]) -> Shown:
    """Perplexities as bars."""
    figure, axes = new_figure(width=7.5, height=0.45 * len(found) + 1.0)
    names, values = list(found), list(found.values())
    colours = [OKABE_ITO[5] if "LSTM" in name else OKABE_ITO[2] for name in names]
    bars = axes.barh(names, values, color=colours, edgecolor="black")
    for bar, name in zip(bars, names, strict=True):
        bar.set_hatch("//" if "LSTM" in name else "")
    for k, value in enumerate(values):
        axes.text(value, k, f" {value:.2f}", va="center", fontsize=9)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set(xlabel="perplexity of the held-out text: among how many equally likely characters one guesses")
    return show(
        figure,
        alt="Bars of perplexity on held-out text: " + ", ".join(f"{n} {v:.2f}" for n, v in found.items()) + ".",
        caption="Held-out perplexity a character. Shorter is better; the hatched bars are networks, the others count.",
    )
