"""The table of steps that can be traced, and what several of them share."""

from collections.abc import Callable

from keras import ops

# (cell, x_t, states) -> (output, new states, quantities by name)
Step = Callable[..., tuple]

STEPS: dict[type, Step] = {}


def traced(*cells: type) -> Callable[[Step], Step]:
    """Decorator for what knows a step of these cells."""

    def register(step: Step) -> Step:
        STEPS.update(dict.fromkeys(cells, step))
        return step

    return register


def step_of(cell) -> Step:
    """What knows a step of this cell, or a TypeError that says whose are known."""
    if type(cell) not in STEPS:
        known = ", ".join(sorted(known.__name__ for known in STEPS))
        raise TypeError(f"the cell must be one of {known}. Got {type(cell).__name__}.")
    return STEPS[type(cell)]


def affine(x, kernel, bias):
    return ops.matmul(x, kernel) if bias is None else ops.matmul(x, kernel) + bias


def weighted(cell, x, h):
    """x W + h U + b, the argument of the squashing in most cells."""
    return affine(x, cell.kernel, cell.bias) + ops.matmul(h, cell.recurrent_kernel)


def lstm(cell, a, c, peepholes=(0.0, 0.0, 0.0), added=0.0) -> dict:
    """The quantities of an LSTM with the blocks i, f, c, o in `a`; something may be added to the new c."""
    p_i, p_f, p_o = peepholes
    a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)
    i, f = cell.recurrent_activation(a_i + p_i * c), cell.recurrent_activation(a_f + p_f * c)
    c_tilde = cell.activation(a_c)
    c = f * c + i * c_tilde + added
    o = cell.recurrent_activation(a_o + p_o * c)
    return {"i": i, "f": f, "c_tilde": c_tilde, "o": o, "c": c, "h": o * cell.activation(c)}


def below(prefix: str, quantities: dict) -> dict:
    """The same quantities under names that say where they are: "2/i"."""
    return {f"{prefix}/{name}": value for name, value in quantities.items()}
