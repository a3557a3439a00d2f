"""Drawings as lists of arrows: is it the formula's graph, whatever the inner nodes are called, and if not, which arrow?

An arrow is a pair of names, (from, to). What is given and what comes out have fixed names; an operation is written as
its kind with a number of the student's choice, "add1", "add2", ...
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from course_kit.checking import require

MOST = 24  # arrows of a drawing; the formulas that a graph stands for are written out, and grow fast


def arrows(obtained, what: str) -> list[tuple[str, str]]:
    """``obtained`` as pairs of names, or a sentence on its form."""
    require(isinstance(obtained, list | tuple), f'{what} must be a list of pairs of names: [("c1", "join1"), ...].')
    require(len(obtained) <= MOST, f"{what} has {len(obtained)} arrows; at most {MOST} are read.")
    found = []
    for arrow in obtained:
        pair = isinstance(arrow, list | tuple) and len(arrow) == 2 and all(isinstance(n, str) for n in arrow)
        require(pair, f'an entry of {what} is no pair of names such as ("c1", "join1").')
        start, end = (name.strip() for name in arrow)
        require(start != end, f"in {what} an arrow leads from {start[:30]} to itself.")
        found.append((start, end))
    twice = [arrow for arrow, count in Counter(found).items() if count > 1]
    require(not twice, f"{what} has the arrow {_arrow(twice[0]) if twice else ''} twice.")
    return found


def same_scheme(
    obtained,
    expected: Iterable[tuple[str, str]],
    given: Iterable[str],
    result: str,
    what: str,
    known: Mapping | None = None,
) -> None:
    """Raise what ``require`` raises unless the drawing ``obtained`` is the graph ``expected``.

    Args:
        obtained: plain data from the student.
        expected: arrows of the right graph; an "add" that leads into an "add" counts as one with more arrows.
        given: names without arrows into them: inputs and weights.
        result: the name of what comes out.
        what: how the drawing is called in the message.
        known: maps the sentence of a known wrong form to its arrows.
    """
    given, expected = tuple(given), list(expected)
    kinds = {_kind(name) for arrow in expected for name in arrow} - {*given, result}
    drawn = arrows(obtained, what)
    for name in dict.fromkeys(name for arrow in drawn for name in arrow):
        right = name in given or name == result or (name not in kinds and _kind(name) in kinds) or name in kinds
        listed = ", ".join([*given, result, *(f"{kind}1" for kind in sorted(kinds))])
        require(
            right, f"{what} has a node {name[:30]!r}. Nodes are called {listed}; operations may have other numbers."
        )
    for start, end in drawn:
        require(end not in given, f"in {what} the arrow {_arrow((start, end))} leads into {end}, which is given.")
        require(start != result, f"in {what} the arrow {_arrow((start, end))} starts at {result}, which is the end.")
    loose = [n for n in dict.fromkeys(end for _, end in drawn if end != result) if n not in {s for s, _ in drawn}]
    require(not loose, f"in {what} nothing leads on from {loose[0] if loose else ''}.")
    idle = [n for n in dict.fromkeys(s for s, _ in drawn if s not in given) if n not in {e for _, e in drawn}]
    require(not idle, f"in {what} nothing leads into {idle[0] if idle else ''}.")
    require(any(end == result for _, end in drawn), f"in {what} nothing leads into {result}.")
    circle = _circle(drawn)
    require(not circle, f"{what} goes round in a circle through {circle}; a layer is computed once, from its inputs.")
    form = _form(result, _into(drawn))
    recognised = [s for s, wrong in (known or {}).items() if form == _form(result, _into(list(wrong)))]
    _compare(result, result, _into(drawn), _into(expected), what, recognised[0] if recognised else "")
    missing = [name for name in given if name not in {start for start, _ in drawn}]
    require(not missing, f"{what} lacks {missing[0] if missing else ''}.")


def same_tree(obtained, pairs: Iterable[tuple[int, int]], leaves: int, what: str) -> None:
    """Raise what ``require`` raises unless the drawing is the tree ``pairs``, leaves called x0, x1, ...

    ``pairs`` has the two children of each inner node; leaf k is k, the j-th pair's node is leaves + j.
    """
    drawn, names = arrows(obtained, what), [f"x{k}" for k in range(leaves)]
    present = {name for arrow in drawn for name in arrow}
    lacking = [name for name in names if name not in present]
    require(
        not lacking, f"{what} has no leaf {lacking[0] if lacking else ''}: the leaves are {names[0]} to {names[-1]}."
    )
    for start, end in drawn:
        require(
            end not in names, f"in {what} the arrow {_arrow((start, end))} leads into a leaf; arrows go up to the root."
        )
    parents = Counter(start for start, _ in drawn)
    torn = [name for name, count in parents.items() if count > 1]
    require(
        not torn,
        f"in {what} {torn[0][:30] if torn else ''} has more than one parent; in a tree it has one.",
    )
    circle = _circle(drawn)
    require(not circle, f"{what} goes round in a circle through {circle}.")
    below = _into(drawn)
    for node, children in below.items():
        require(len(children) == 2, f"in {what} {node[:30]} has {len(children)} children; each node has two.")
    groups = {frozenset(_leaves(node, below)) for node in below}
    due: list[frozenset] = [frozenset([name]) for name in names]
    for a, b in pairs:
        due.append(due[a] | due[b])
        listed = " and ".join(sorted(due[-1], key=lambda name: int(name[1:])))
        require(due[-1] in groups, f"no node of {what} has just {listed} below it.")
    require(
        len(below) == len(due) - leaves, f"{what} has {len(below)} nodes above the leaves; {len(due) - leaves} are due."
    )


def _compare(mine: str, theirs: str, drawn: dict, expected: dict, what: str, recognised: str) -> None:
    """Go down from the result side by side; the first place where the arrows differ is told."""
    left, lacking = list(_arrives(mine, drawn)), []
    for name in _arrives(theirs, expected):
        twin = next((n for n in left if _form(n, drawn) == _form(name, expected)), None)
        if twin is None:
            lacking.append(name)
        else:
            left.remove(twin)
    # Nodes of one kind are taken for each other: what is wrong is told where it is wrong, not above.
    alike = []
    for name in [name for name in lacking if name in expected]:
        twin = next((n for n in left if n in drawn and _kind(n) == _kind(name)), None)
        if twin is not None:
            alike.append((twin, name))
            left.remove(twin)
            lacking.remove(name)
    if not left and not lacking:
        for twin, name in alike:
            _compare(twin, name, drawn, expected, what, recognised)
        return
    told = []
    if left:
        told.append(f"the arrow {_arrow((left[0], mine))} does not belong there")
    if lacking:
        told.append(f"an arrow into {mine} is missing, from {_called(lacking[0], expected)}")
    require(False, f"in {what} {'; '.join(told)}.", known=recognised)


def _arrives(name: str, into: dict) -> list[str]:
    """What leads into a node; what leads into an "add" before an "add" leads into that."""
    if _kind(name) != "add":
        return into.get(name, [])
    return [
        n for source in into.get(name, []) for n in (_arrives(source, into) if _kind(source) == "add" else [source])
    ]


def _form(name: str, into: dict) -> tuple:
    """A node and all that leads to it, without the numbers of its operations."""
    return (_kind(name), *sorted(_form(source, into) for source in _arrives(name, into))) if name in into else (name,)


def _called(name: str, into: dict) -> str:
    return name if name not in into else f"a node {_kind(name)}"


def _into(drawn: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    into: dict[str, list[str]] = {}
    for start, end in drawn:
        into.setdefault(end, []).append(start)
    return into


def _leaves(node: str, below: dict) -> list[str]:
    return [leaf for child in below[node] for leaf in _leaves(child, below)] if node in below else [node]


def _circle(drawn: list[tuple[str, str]]) -> str:
    """A node on a circle, if there is one."""
    left = list(drawn)
    while True:
        starts, ends = {start for start, _ in left}, {end for _, end in left}
        rest = [(start, end) for start, end in left if start in ends and end in starts]
        if len(rest) == len(left):
            return left[0][0][:30] if left else ""
        left = rest


def _kind(name: str) -> str:
    """ "add2" is an "add"; "c1" and "x0" are names and stay."""
    return name if name in {"c1", "c2"} else name.rstrip("0123456789").rstrip("_")


def _arrow(arrow: tuple[str, str]) -> str:
    return f"{arrow[0][:30]} → {arrow[1][:30]}"
