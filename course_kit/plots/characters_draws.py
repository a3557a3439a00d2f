"""Figures of notebook 19: temperature, the data-flow graph, stacked gates, pairs of characters, and mirrored words."""

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.activations import softmax

CIRCLE = {"marker": "o", "ms": 7, "mfc": "none", "mec": "black", "ls": "none"}
TEMPERATURES = (0.3, 0.7, 1.2)


def temperature(tempered, logits, symbols: str, tau: float) -> Shown:
    """The distribution of the next character at one temperature."""
    return _temperatures(tempered, np.asarray(logits, dtype=float), symbols, (tau,))


def temperature_still(tempered, logits, symbols: str) -> Shown:
    """The same at three temperatures side by side."""
    return _temperatures(tempered, np.asarray(logits, dtype=float), symbols, TEMPERATURES)


@figure_of("E19.4")
def _temperatures(tempered, logits, symbols, taus) -> Shown:
    order = np.argsort(-logits)[:10]
    names = ["␣" if symbols[k] == " " else symbols[k] for k in order]
    figure, axes = new_figure(1, len(taus), width=3.0 * len(taus) + 1.0, height=3.0, sharey=True, squeeze=False)
    said = []
    for panel, tau in zip(axes[0], taus, strict=True):
        (p,) = ask(tempered, logits, tau, shapes=(logits.shape,))
        if not (np.isfinite(p).all() and p.max() < 1e6):
            raise NothingToDraw("Probabilities must be finite numbers.")
        panel.bar(names, p[order], color=OKABE_ITO[2], edgecolor="black")
        due = softmax(logits / tau)[order] if tau else np.eye(len(order))[0]
        panel.plot(names, due, **CIRCLE)
        panel.set(title=f"τ = {tau:.1f}", xlabel="next character")
        said.append(f"at τ = {tau:.1f} the most probable has {p.max():.2f}, all together {p.sum():.2f}")
    axes[0, 0].set(ylabel="probability")
    axes[0, 0].set_ylim(0, max(1.05, axes[0, 0].get_ylim()[1]))
    return show(
        figure,
        alt=f"Bars drawn from your answer, for the ten most probable next characters: {'; '.join(said)}. Circles are "
        "softmax(scores / τ); if right the bars end in them, and a lower temperature makes the first bar higher.",
        caption="The next character's distribution by temperature. Bars are yours, circles where they must end.",
    )


def graph(ops_and_edges, function) -> Shown:
    """The graph of a function of two numbers, as ``ops_and_edges`` lists it."""
    return _graph(ops_and_edges, (function,))


@figure_of("E19.6")
def _graph(ops_and_edges, holder) -> Shown:
    found = ops_and_edges(holder[0], 2)
    if not (isinstance(found, tuple | list) and len(found) == 2):
        raise NothingToDraw("Two lists are due.")
    ops, edges = [str(op) for op in found[0]], [(int(i), int(j)) for i, j in found[1]]
    if not ops or any(not (0 <= i < len(ops) and 0 <= j < len(ops)) for i, j in edges):
        raise NothingToDraw("Each edge must join two ops of the list.")
    depth = [0] * len(ops)
    for _ in ops:
        for i, j in edges:
            depth[j] = min(max(depth[j], depth[i] + 1), len(ops))
    place = {}
    for k, d in enumerate(depth):
        place[k] = (d, -depth[:k].count(d) - 0.5 * (d % 2))
    figure, axes = new_figure(width=8.0, height=2.8)
    for i, j in edges:
        arrow = {"arrowstyle": "-|>", "shrinkA": 22, "shrinkB": 22, "lw": 2.2 if edges.count((i, j)) > 1 else 1.2}
        if abs(depth[j] - depth[i]) > 1:  # around what stands between
            arrow["connectionstyle"] = "arc3,rad=0.35"
        axes.annotate("", xy=place[j], xytext=place[i], arrowprops=arrow)
    for k, op in enumerate(ops):
        box = {"boxstyle": "round", "fc": OKABE_ITO[2] if op == "Placeholder" else "white", "ec": "black"}
        axes.text(*place[k], f"{k}: {op}", ha="center", va="center", fontsize=9, bbox=box)
    xs, ys = zip(*place.values(), strict=True)
    axes.set(xlim=(min(xs) - 0.6, max(xs) + 0.6), ylim=(min(ys) - 0.6, max(ys) + 0.6))
    axes.set_axis_off()
    listed = ", ".join(f"{i} to {j}" for i, j in edges) or "none"
    return show(
        figure,
        alt="A graph drawn from your lists. Nodes: "
        + ", ".join(f"{k} {op}" for k, op in enumerate(ops))
        + f". Edges: {listed}.",
        caption="The data-flow graph as you list it: nodes are operations, arrows are tensors.",
    )


@figure_of("E19.8")
def stacked(stack_gates) -> Shown:
    """Where the twelve pieces went: each piece is filled with one number."""
    m, n = 3, 2
    parts = {}
    for number, gate in enumerate("ifco", 1):
        parts |= {
            f"{gate}x": np.full((m, n), number),
            f"{gate}m": np.full((n, n), number + 4),
            f"{gate}b": np.full(n, number),
        }
    K, _ = ask(stack_gates, parts, shapes=((m + n, 4 * n), (4 * n,)))
    names = {k: f"{gate}{half}" for half, off in (("x", 0), ("m", 4)) for k, gate in enumerate("ifco", 1 + off)}
    figure, axes = new_figure(width=6.5, height=3.0)
    axes.imshow(K, cmap="viridis", vmin=0, vmax=9, aspect="auto")
    for row in range(m + n):
        for column in range(4 * n):
            axes.text(
                column, row, names.get(int(K[row, column]), "?"), ha="center", va="center", color="white", fontsize=10
            )
    axes.axhline(m - 0.5, color="white", lw=2)
    for edge in range(n, 4 * n, n):
        axes.axvline(edge - 0.5, color="white", lw=2)
    axes.set_xticks([k * n + 0.5 for k in range(4)], ["i", "f", "c", "o"])
    axes.set_yticks([1, m + 0.5], ["x\n(3 rows)", "h\n(2 rows)"])
    first = [names.get(int(K[0, k * n]), "?") for k in range(4)]
    below = [names.get(int(K[m, k * n]), "?") for k in range(4)]
    return show(
        figure,
        alt="The matrix K of your answer for m = 3, n = 2, each entry with the name of the piece it came from. The "
        f"upper rows hold {', '.join(first)}, the lower rows {', '.join(below)}; if right these are ix, fx, cx, ox and "
        "im, fm, cm, om.",
        caption="K as you stacked it. The blocks must stand above their letters, the x pieces above the m pieces.",
    )


def pairs(pairs_and_targets, ids, symbols: str) -> Shown:
    """How often each pair of characters is read."""
    return _pairs(pairs_and_targets, np.asarray(ids), symbols)


@figure_of("E19.9")
def _pairs(pairs_and_targets, ids, symbols) -> Shown:
    S, L = len(symbols), len(ids)
    x, _ = ask(pairs_and_targets, ids, S, shapes=((L - 2,), (L - 2,)))
    if not (x.min() >= 0 and x.max() < S * S):
        raise NothingToDraw(f"A pair must be a number from 0 to {S * S - 1}.")
    table = np.bincount(x.astype(int), minlength=S * S).reshape(S, S)
    figure, axes = new_figure(width=6.2, height=5.2)
    picture = axes.imshow(np.log10(table + 1), cmap="viridis")
    names = ["␣" if c == " " else c for c in symbols]
    axes.set_xticks(range(S), names, fontsize=7)
    axes.set_yticks(range(S), names, fontsize=7)
    axes.set(xlabel="second character", ylabel="first character")
    figure.colorbar(picture, label="log10 (1 + count)")
    if "q" in symbols and "u" in symbols:
        q, u = symbols.index("q"), symbols.index("u")
        said = f"'qu' was counted {table[q, u]} times, 'uq' {table[u, q]} times"
    else:
        said = f"{(table > 0).sum()} of {S * S} pairs occur"
    return show(
        figure,
        alt=f"A table of {S} by {S} pairs, drawn from your answer, brighter where a pair is more frequent: {said}. "
        f"{(table > 0).sum()} of the {S * S} pairs occur at all.",
        caption="The pairs that the model reads. Row: the older character; column: the newer one.",
    )


def by_length(transcribe, groups: dict[str, dict[int, np.ndarray]], reader, writer) -> Shown:
    """The share of words turned round exactly, by their length, for several sorts of words."""
    return _by_length(transcribe, groups, reader, writer)


@figure_of("E19.10")
def _by_length(transcribe, groups, reader, writer) -> Shown:
    figure, axes = new_figure(width=7.5, height=3.2)
    style, said = styles(), []
    for marker, (name, words) in zip("os^", groups.items(), strict=False):
        shares = [_share(transcribe, some, length, reader, writer) for length, some in words.items()]
        axes.plot(list(words), shares, label=name, marker=marker, **next(style))
        said.append(name + ": " + ", ".join(f"{k} letters {v:.2f}" for k, v in zip(words, shares, strict=True)))
    axes.set(xlabel="letters in the word", ylabel="share turned round exactly", ylim=(-0.03, 1.08))
    axes.set_xticks(sorted({length for words in groups.values() for length in words}))
    axes.legend(fontsize=8, loc="lower left")
    return show(
        figure,
        alt="Drawn from your answer with the kit's trained weights: the share of made-up words turned round exactly, "
        f"by length. {'; '.join(said)}.",
        caption="Made-up words, turned round by the trained network as your function runs it.",
    )


def _share(transcribe, words, length: int, reader, writer) -> float:
    right = 0
    for word in words:
        out = np.ravel(transcribe(word, reader, writer, length + 5))
        if len(out) > length + 5:
            raise NothingToDraw(f"At most {length + 5} letters are due. Got {len(out)}.")
        right += list(map(int, out)) == list(map(int, word[::-1]))
    return right / len(words)
