"""Steps of cells in a stack."""

import keras
from keras import ops

from course_kit.cells import ResidualStack
from course_kit.layers.tracing.table import below, step_of, traced


@traced(keras.layers.StackedRNNCells, ResidualStack)
def _stack(cell, x, states):
    """Every level under its number from below, and what goes up as `y`, where a link past the cell changes it."""
    residual, found, after = isinstance(cell, ResidualStack), {}, []
    for level, (inner, state) in enumerate(zip(cell.cells, states, strict=True)):
        several = isinstance(state, (list, tuple))
        output, new, quantities = step_of(inner)(inner, x, list(state) if several else [state])
        if residual and level > 0:
            past = ops.matmul(x, cell.projections[level]) if level in cell.projections else x
            output = output + past
            quantities = {**quantities, "sum": output}
        x = output
        after.append(new if several else new[0])
        found |= below(str(level + 1), quantities)
    return x, after, found
