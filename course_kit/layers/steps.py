"""A recurrent layer taken apart into its steps: the cell, where it starts, and what it sees."""

import keras
from keras import ops


def cell_of(layer) -> keras.layers.Layer:
    """The cell of a built recurrent layer, or a TypeError or ValueError that says what is missing."""
    if isinstance(layer, keras.layers.Bidirectional):
        raise TypeError("layer must run in one direction. Take forward_layer or backward_layer of Bidirectional.")
    if not isinstance(layer, keras.layers.RNN):
        raise TypeError(f"layer must be a recurrent layer, keras.layers.RNN or one like it. Got {layer!r}.")
    if not layer.cell.built:
        raise ValueError(f"layer must be built, so that it has weights. Got {layer!r}, which was never called.")
    return layer.cell


def inputs_in_order(layer, x):
    """x (N, T, m) as a tensor in the layer's type, in the order in which the layer reads it."""
    x = ops.convert_to_tensor(x, dtype=layer.compute_dtype)
    return ops.flip(x, axis=1) if layer.go_backwards else x


def starting_states(layer, batch: int, initial_state=None) -> list:
    """`initial_state` as a list of tensors, or the layer's own start, zeros as a rule."""
    if initial_state is None:
        return list(layer.get_initial_state(batch))
    several = initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
    return keras.tree.map_structure(lambda s: ops.convert_to_tensor(s, dtype=layer.compute_dtype), list(several))


def states_over_time(layer, x, initial_state=None) -> list[list]:
    """The states before every step and after the last, T + 1 lists of tensors, by calling the cell."""
    cell, x = cell_of(layer), inputs_in_order(layer, x)
    states = [starting_states(layer, x.shape[0], initial_state)]
    for t in range(x.shape[1]):
        _, after = cell(x[:, t], states[-1])
        states.append(list(after) if isinstance(after, (list, tuple)) else [after])
    return states
