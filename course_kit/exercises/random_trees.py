"""Binary trees as lists of pairs: leaves are 0, 1, ..., and the j-th pair has the two children of node leaves + j."""


def random_pairs(draw, leaves: int) -> list[tuple[int, int]]:
    """A random tree over so many leaves, which keep their order; neither a chain nor balanced."""
    while True:
        row, pairs = list(range(leaves)), []
        while len(row) > 1:
            place = draw.integer(0, len(row) - 2)
            pairs.append((row[place], row[place + 1]))
            row[place : place + 2] = [leaves + len(pairs) - 1]
        if longest(pairs, leaves) < leaves - 1 or leaves < 4:
            return pairs


def chain(leaves: int) -> list[tuple[int, int]]:
    """((x0 x1) x2) ...

    >>> chain(4)
    [(0, 1), (4, 2), (5, 3)]
    """
    return [(leaves + j - 1 if j else 0, j + 1) for j in range(leaves - 1)]


def balanced(leaves: int) -> list[tuple[int, int]]:
    """Neighbours in pairs, then neighbouring pairs, and so on; what is left over at the end of a row waits.

    >>> balanced(4)
    [(0, 1), (2, 3), (4, 5)]
    """
    row, pairs = list(range(leaves)), []
    while len(row) > 1:
        above = []
        for place in range(0, len(row) - 1, 2):
            pairs.append((row[place], row[place + 1]))
            above.append(leaves + len(pairs) - 1)
        row = above + (row[-1:] if len(row) % 2 else [])
    return pairs


def nested(pairs, leaves: int):
    """The same tree as a tuple of tuples, as the reference has it.

    >>> nested([(0, 1), (3, 2)], 3)
    ((0, 1), 2)
    """
    nodes = list(range(leaves))
    for a, b in pairs:
        nodes.append((nodes[a], nodes[b]))
    return nodes[-1]


def heights(pairs, leaves: int) -> list[int]:
    """How many nodes lie between each node and its farthest leaf, itself counted; 0 for a leaf."""
    found = [0] * leaves
    for a, b in pairs:
        found.append(1 + max(found[a], found[b]))
    return found


def longest(pairs, leaves: int) -> int:
    """The height of the root.

    >>> longest(chain(8), 8), longest(balanced(8), 8)
    (7, 3)
    """
    return heights(pairs, leaves)[-1]


def depths(pairs, leaves: int) -> list[int]:
    """How many nodes lie on the way from each leaf to the root, the root counted.

    >>> depths(chain(4), 4), depths(balanced(4), 4)
    ([3, 3, 2, 1], [2, 2, 2, 2])
    """
    found = [0] * (leaves + len(pairs))
    for j in reversed(range(len(pairs))):
        for child in pairs[j]:
            found[child] = found[leaves + j] + 1
    return found[:leaves]
