"""The row of the Neural Turing Machine, whose addresses must be addresses."""

import numpy as np

from course_kit.cells import NTMCell
from course_kit.reference.ntm import ntm_forward
from tests.cells.row import OUT, UNITS, N, Row

SLOTS, WIDTH, READS, WRITES, REACH = 6, 3, 2, 2, 2


class NTMRow(Row):
    """Its random states are shares of the rows of the memory, and the start of a twin is the cell's own."""

    def states(self, rng, batch=N, units=UNITS, outputs=OUT):
        h, c, *_, memory = super().states(rng, batch, units, outputs)
        addresses = [rng.dirichlet(np.ones(SLOTS), size=(batch, heads)) for heads in (READS, WRITES)]
        return [h, c, *(a.reshape(batch, -1) for a in addresses), memory]


def twin(x, states, weights):
    h, c, reads, writes, memory = states
    reads, writes = reads.reshape(len(x), READS, SLOTS), writes.reshape(len(x), WRITES, SLOTS)
    if not reads.any():  # all zero is what the contract calls no state: there the heads stand at row 0
        reads, writes = reads + np.eye(SLOTS)[0], writes + np.eye(SLOTS)[0]
    y, *after = ntm_forward(x, h, c, reads, writes, memory.reshape(len(x), SLOTS, WIDTH), *weights, shift_range=REACH)
    return y, [state.reshape(*x.shape[:2], -1) for state in after]


ADDRESS = WIDTH + 2 * REACH + 4
HEADS = READS * ADDRESS + WRITES * (ADDRESS + 2 * WIDTH)


NTM_ROW = NTMRow(
    "ntm",
    make=lambda n, o, **arguments: NTMCell(
        n, o, SLOTS, WIDTH, read_heads=READS, write_heads=WRITES, shift_range=REACH, **arguments
    ),
    count=lambda m, n, o: 4 * n * (m + READS * WIDTH + n + 1) + (n + 1) * HEADS + o * (n + READS * WIDTH + 1),
    biases=lambda n, o: 4 * n + HEADS + o,
    state_widths=lambda n, o: [n, n, READS * SLOTS, WRITES * SLOTS, SLOTS * WIDTH],
    twin=twin,
)
