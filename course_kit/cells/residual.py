"""Recurrent cells on top of each other, with links past each of them."""

from itertools import pairwise

import keras
from keras import initializers, ops

from course_kit.cells.base import one_of


@keras.saving.register_keras_serializable(package="course_kit")
class ResidualStack(keras.layers.StackedRNNCells):
    r"""Cells in a stack; from the second on, each adds to what it was given.

    Slides: D4.25 "Skip-connection", read as links that jump over layers; D5.14-D5.17 (GNMT, the translator of the
    source below).

    With $x^0_t = x_t$, $m^l$ the output of cell l and L cells:

    $$x^1_t = m^1_t, \qquad x^l_t = m^l_t + x^{l-1}_t P^l \quad (l = 2, ..., L), \qquad y_t = x^L_t$$

    The first cell brings the m inputs to its width and stands without a link. $P^l$ is the identity and no weight
    where a cell is as wide as what it gets. Where it is not, `projection=True` makes $P^l$ a kernel, and `False` is
    an error. States are the cells' own.

    It goes into `keras.layers.RNN` as `StackedRNNCells` does, and is one, so that `RNN` draws new dropout masks for
    the cells in it for each batch.

    With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer: Keras 3.15.1 takes its
    output from a state there (keras-team/keras#11472 was the same in TensorFlow), and no state is the output here.

    Args:
        cells: Two or more cells.
        projection: Whether a kernel stands in for the identity where widths differ. Default: `False`.
        projection_initializer: For the $P^l$. Default: `"glorot_uniform"`.

    Shapes:
        inputs `(N, m)`, states a list with one entry a cell; returns `(N, width of the last cell)` and the new states.

    Parameters:
        Those of the cells, and $n_{l-1} n_l$ for each projection.

    Raises:
        ValueError: there are fewer than two cells, or widths differ without a projection.

    Source:
        Y. Wu et al., "Google's Neural Machine Translation System", arXiv 1609.08144 (2016), section 3.1.

    Example:

    >>> import keras, numpy as np
    >>> cells = [keras.layers.SimpleRNNCell(2, activation=None, kernel_initializer="ones") for _ in range(3)]
    >>> layer = keras.layers.RNN(ResidualStack(cells))
    >>> [float(value) for value in layer(np.array([[[0.5, 0.5]]], dtype="float32"))[0]]  # 1, then 1 + 2, then 3 + 6
    [9.0, 9.0]
    >>> layer.count_params()  # three times 2(2 + 2 + 1)
    30
    """

    def __init__(self, cells, projection=False, projection_initializer="glorot_uniform", **kwargs):
        super().__init__(cells, **kwargs)
        self.projection = one_of("projection", projection, (True, False))
        self.projection_initializer = initializers.get(projection_initializer)
        if len(cells) < 2:
            raise ValueError(f"cells must be two or more. Got {len(cells)}.")
        widths = [_output_width(cell) for cell in cells]
        # level: (width below, width of its cell), for the levels that need a kernel
        self._uneven = {k: (a, b) for k, (a, b) in enumerate(pairwise(widths), 1) if a != b}
        if self._uneven and not self.projection:
            below, above = next(iter(self._uneven.values()))
            rule = "without projection=True all cells must have outputs of one width"
            raise ValueError(f"{rule}. Got {below} and then {above}.")

    def build(self, input_shape):
        super().build(input_shape)
        self.projections = {
            level: self.add_weight(name=f"projection_{level}", shape=shape, initializer=self.projection_initializer)
            for level, shape in self._uneven.items()
        }

    def call(self, inputs, states, training=False):
        x, new_states = inputs, []
        for level, (cell, state) in enumerate(zip(self.cells, states, strict=True)):
            several = isinstance(state, (list, tuple))
            m, new_state = cell(x, list(state) if several else [state])  # `training` goes along by itself
            new_states.append(new_state if several else new_state[0])
            x = m + self._past(x, level) if level > 0 else m  # (N, width of the cell)
        return x, new_states

    def _past(self, x, level):
        """What goes past the cell of a level: x, or x in the cell's width."""
        return ops.matmul(x, self.projections[level]) if level in self.projections else x

    def get_config(self):
        return {
            **super().get_config(),
            "projection": self.projection,
            "projection_initializer": initializers.serialize(self.projection_initializer),
        }


def _output_width(cell) -> int:
    """The width of what a cell puts out: as Keras reads it, its first state's unless it says otherwise."""
    first = cell.state_size[0] if isinstance(cell.state_size, (list, tuple)) else cell.state_size
    return getattr(cell, "output_size", None) or first
