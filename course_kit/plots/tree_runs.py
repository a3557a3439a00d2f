"""Figures and the table of notebook 22 about trained networks: what longer formulas make of them."""

from collections.abc import Iterable

import numpy as np

from course_kit.plots.show import Shown, new_figure, show, styles

ENOUGH = 100  # formulas; a share of fewer is known to no better than 0.1


def accuracy_by_length(compared: dict) -> Shown:
    """Share right against the number of operators, each seed a thin line, the mean a thick one."""
    figure, axes = new_figure(width=7.8, height=3.6)
    # Of the shortest there are hardly any that were not learned from.
    sizes = [int(k) for k, test in compared["about"]["tests"].items() if test["formulas"] >= ENOUGH]
    told = []
    for style, (network, runs) in zip(styles(), by_network(compared).items(), strict=False):
        shares = np.array([[run["accuracy"][str(k)] for k in sizes] for run in runs])
        axes.plot(sizes, shares.mean(axis=0), label=network, marker="o", ms=4, **style)
        for line in shares:
            axes.plot(sizes, line, lw=0.6, **style)
        told.append(f"{network}: {', '.join(f'{share:.3f}' for share in shares.mean(axis=0))}")
    longest = max(compared["about"]["trained_on"])
    axes.axvspan(longest + 0.5, sizes[-1] + 0.7, color="#dddddd", zorder=0)
    axes.text(sizes[-1] + 0.5, 0.8, "longer than any\nlearned from", fontsize=8, ha="right")
    axes.axhline(0.5, color="black", lw=0.8, ls=":")
    axes.set(xlabel="operators in the formula", ylabel="share right", ylim=(0.45, 1.03))
    axes.legend(fontsize=8, loc="center left")
    axes.grid(alpha=0.3)
    return show(
        figure,
        alt=f"Share of formulas evaluated rightly over their number of operators ({', '.join(map(str, sizes))}), "
        f"means over "
        f"{len(runs)} seeds, formulas of more than {longest} operators never learned from. {'; '.join(told)}. A guess "
        f"gets "
        "about 0.5.",
        caption=f"Learned from formulas of 1 to {longest} operators, tested on others. In the grey part every formula "
        f"is "
        "longer than those learned from. Thin lines are single seeds.",
    )


def table(compared: dict, seen: Iterable[int] = (4, 6), unseen: Iterable[int] = (12, 20)) -> str:
    """The comparison of item 3 as text: a row a network, computed from the runs."""
    sizes = [*seen, *unseen]
    words = {k: compared["about"]["tests"][str(k)]["words"] for k in sizes}
    heights = {k: compared["about"]["tests"][str(k)]["height"] for k in sizes}
    last = sizes[-1]
    lines = [
        f"{'':15s}{'parameters':>11s}{'multiply-adds':>15s}{'longest way':>13s}"
        + "".join(f"{f'right, {k} op.':>19s}" for k in sizes)
        + f"{'epochs':>8s}{'s':>6s}"
    ]
    for network, runs in by_network(compared).items():
        way = words[last] if network == "LSTM" else heights[last]
        shares = [np.array([run["accuracy"][str(k)] for run in runs]) for k in sizes]
        lines.append(
            f"{network:15s}{runs[0]['parameters']:11d}{multiply_adds(runs[0], words[last]):15,.0f}{way:13.1f}"
            + "".join(f"{share.mean():12.3f} ±{share.std():5.3f}" for share in shares)
            + f"{runs[0]['epochs']:8d}{np.mean([run['seconds'] for run in runs]):6.0f}"
        )
    lines.append(
        f"multiply-adds and longest way: for a formula of {last} operators, {words[last]:.1f} words and "
        f"{heights[last]:.1f} levels on average; ± is the standard deviation over {len(runs)} seeds"
    )
    return "\n".join(lines)


def multiply_adds(run: dict, words: float) -> float:
    """Multiply-adds of one formula: products of a row with a matrix, by the shapes of the matrices."""
    n, m = run["units"], 8  # words are m wide for LSTM and Tree-LSTM, n wide for the two others
    nodes = words - 1
    return {
        "recursive net": nodes * 2 * n * n,
        "tensor network": nodes * (4 * n**3 + 4 * n * n),
        # leaves read a word into four blocks; above them h of two places goes into i, u, o and two forget gates
        "Tree-LSTM": words * 4 * m * n + nodes * 10 * n * n,
        "LSTM": words * 4 * n * (m + n),
    }[run["network"]]


def by_network(compared: dict) -> dict[str, list[dict]]:
    """The runs of each network, in the order of the file."""
    found: dict[str, list[dict]] = {}
    for run in compared["runs"]:
        found.setdefault(run["network"], []).append(run)
    return found
