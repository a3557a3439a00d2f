"""Squares that move over a small picture and bounce off its edges: what comes next?

A task of the kind of section 4.1 of X. Shi et al., "Convolutional LSTM Network", arXiv 1506.04214 (2015), which moves
handwritten digits over 64 x 64 pixels; here the pictures are small enough for a notebook.
"""

import numpy as np

from course_kit.datasets.sequences import Sequences, at_least


def moving_squares(
    count: int, steps: int = 6, side: int = 8, squares: int = 2, size: int = 2, *, seed: int
) -> Sequences:
    """Films of ``squares`` squares of ``size`` x ``size`` pixels, each with a speed of its own.

    x is (N, steps, side, side, 1), the pictures 1 to ``steps``, 1 where a square is and 0 elsewhere; y, of the same
    shape, has the pictures 2 to ``steps`` + 1. Along rows and along columns a square moves by -1, 0 or 1 pixel a step,
    by something along one of them at least, and turns round at the edge. Squares pass through each other.

    >>> film = moving_squares(1, 3, side=4, squares=1, seed=2)
    >>> for picture in film.x[0]:
    ...     print(["".join(".#"[int(p)] for p in row) for row in picture[..., 0]])
    ['....', '.##.', '.##.', '....']
    ['....', '....', '##..', '##..']
    ['....', '.##.', '.##.', '....']
    """
    count, steps, squares, size = at_least(1, count=count, steps=steps, squares=squares, size=size)
    (side,) = at_least(size + 1, side=side)
    rng = np.random.default_rng(seed)
    room = side - size  # places 0 ... room for the upper left corner
    ways = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)])
    # A corner that bounces is a corner that goes round a circle of 2 room places, seen from the side.
    phase = rng.integers(0, 2 * room, size=(count, squares, 1, 2))
    speed = ways[rng.integers(len(ways), size=(count, squares))][:, :, np.newaxis]
    place = (phase + speed * np.arange(steps + 1)[:, np.newaxis]) % (2 * room)  # (N, squares, T + 1, 2)
    corner = np.minimum(place, 2 * room - place)
    inside = (np.arange(side) >= corner[..., np.newaxis]) & (np.arange(side) < corner[..., np.newaxis] + size)
    rows, columns = inside[..., 0, :, np.newaxis], inside[..., 1, np.newaxis, :]
    films = (rows & columns).any(axis=1).astype(np.float32)[..., np.newaxis]
    return Sequences(films[:, :-1], films[:, 1:], np.full(count, steps))
