"""Figures of notebook 22 that draw what a student hands in as arrows: a layer's scheme, and trees."""

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

CHAIN, BALANCED = [(0, 1), (4, 2), (5, 3)], [(0, 1), (2, 3), (4, 5)]
MOST = 40


@figure_of("E22.1")
def recursive_scheme(scheme) -> Shown:
    """The layer of a recursive network, from the student's arrows."""
    return _scheme(
        scheme,
        "Drawn from your arrows: what is given stands on the left, p on the right. Right is one path from both "
        "children "
        "through the join, the product with W, the sum with b and tanh.",
    )


@figure_of("E22.2")
def tensor_scheme(scheme) -> Shown:
    """The layer of a tensor network, from the student's arrows."""
    return _scheme(
        scheme,
        "Drawn from your arrows. Right are two ways from the join to the sum: through the product with W, as before, "
        "and "
        "through the one with V, in which the joined children meet themselves.",
    )


@figure_of("E22.1")
def two_trees(tree_drawing) -> Shown:
    """A chain and a balanced tree over four words, from the student's arrows."""
    figure, axes = new_figure(1, 2, width=8.4, height=3.4)
    told = []
    for one, pairs, name in zip(axes, (CHAIN, BALANCED), ("a chain", "a balanced tree"), strict=True):
        arrows = _pairs(tree_drawing(pairs, 4))
        _draw_tree(one, arrows)
        one.set(title=f"{name}: pairs {pairs}")
        told.append(f"{name} has {len(arrows)} arrows: {', '.join(f'{a} to {b}' for a, b in arrows)}")
    return show(
        figure,
        alt=f"Two trees over the leaves x0 to x3, drawn from your arrows, roots at the top. {'; '.join(told)}.",
        caption="The same four words under two trees. In the chain the first word is three layers from the root, in "
        "the "
        "balanced tree each word is two. A missing arrow leaves a piece that hangs alone.",
    )


def _scheme(scheme, caption: str) -> Shown:
    arrows = _pairs(scheme)
    columns = _columns(arrows)
    figure, axes = new_figure(width=8.6, height=3.2)
    places = {}
    for column in sorted(set(columns.values())):
        names = [name for name, at in columns.items() if at == column]
        for row, name in enumerate(names):
            places[name] = (1.5 * column, (len(names) - 1) / 2 - row)
    for start, end in arrows:
        _arrow(axes, places[start], places[end])
    for name, (x, y) in places.items():
        given = not any(end == name for _, end in arrows)
        _name(axes, x, y, name, OKABE_ITO[2] if given else "white")
    _frame(axes, places)
    listed = ", ".join(f"{a} to {b}" for a, b in arrows)
    return show(figure, alt=f"A graph drawn from your arrows: {listed}.", caption=caption)


def _columns(arrows) -> dict[str, int]:
    """How far to the right each node stands: behind all that lead into it; what is given, just before its first use."""
    names = dict.fromkeys(name for arrow in arrows for name in arrow)
    columns = dict.fromkeys(names, 0)
    for _ in names:
        for start, end in arrows:
            columns[end] = min(max(columns[end], columns[start] + 1), len(names))
    given = [name for name in names if not any(end == name for _, end in arrows)]
    return columns | {name: min(columns[end] for start, end in arrows if start == name) - 1 for name in given}


def _draw_tree(axes, arrows) -> None:
    parent = dict(arrows)
    names = dict.fromkeys(name for arrow in arrows for name in arrow)
    leaves = sorted(name for name in names if name not in parent.values())
    height = dict.fromkeys(names, 0)
    for _ in names:
        for start, end in arrows:
            height[end] = min(max(height[end], height[start] + 1), len(names))
    x = {leaf: float(place) for place, leaf in enumerate(leaves)}
    for name in sorted((n for n in names if n not in x), key=height.get):
        below = [x[start] for start, end in arrows if end == name and start in x]
        x[name] = sum(below) / len(below) if below else 0.0
    places = {name: (x[name], float(height[name])) for name in names}
    for start, end in arrows:
        _arrow(axes, places[start], places[end])
    for name, (at, up) in places.items():
        _name(axes, at, up, name, OKABE_ITO[2] if name in leaves else "white")
    _frame(axes, places)


def _arrow(axes, start, end) -> None:
    how = {"arrowstyle": "-|>", "color": "black", "shrinkA": 14, "shrinkB": 14, "lw": 1.2}
    axes.annotate("", xy=end, xytext=start, arrowprops=how)


def _name(axes, x, y, name, colour) -> None:
    box = {"boxstyle": "round,pad=0.3", "facecolor": colour, "edgecolor": "black"}
    axes.text(x, y, name[:12], ha="center", va="center", fontsize=10, bbox=box)


def _frame(axes, places) -> None:
    xs, ys = zip(*places.values(), strict=True)
    axes.set(xlim=(min(xs) - 0.7, max(xs) + 0.7), ylim=(min(ys) - 0.6, max(ys) + 0.6))
    axes.set_axis_off()


def _pairs(arrows) -> list[tuple[str, str]]:
    """The student's arrows, as far as they are any."""
    right = isinstance(arrows, list | tuple) and 0 < len(arrows) <= MOST
    right = right and all(isinstance(a, list | tuple) and len(a) == 2 for a in arrows)
    if not right:
        raise NothingToDraw("A list of pairs of names is due.")
    return [(str(start), str(end)) for start, end in arrows]
