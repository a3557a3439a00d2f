"""Grid LSTM for sequences: LSTMs along time and along depth."""

import keras
from keras import activations, ops

from course_kit.cells.base import one_of
from course_kit.cells.deep import DeepCell
from course_kit.cells.grid_block import grid_block
from course_kit.cells.side_by_side import parts, redrawn, side_by_side, with_forget_bias

DIMENSIONS = ("time", "depth")


@keras.saving.register_keras_serializable(package="course_kit")
class GridLSTMCell(DeepCell):
    r"""One step of a two-dimensional Grid LSTM: L blocks above each other, with memories along time and along depth.

    Slide: D1.28 "Рекуррентные сети XIV" (Grid LSTM among the further experiments).

    The slide names the paper. Block $l$ takes $(h, m)$ of time from its own previous step and $(h, m)$ of depth from
    the block below it at the same step, and gives both on. Row vectors, $H = [h_{time}, h_{depth}]$; along each of the
    two dimensions, with its own kernel and $a = H W + b$ in Keras' blocks i, f, c, o:

    $$m' = \sigma(a_f) \odot m + \sigma(a_i) \odot \tanh(a_c), \qquad h' = \tanh(\sigma(a_o) \odot m')$$

    The input enters the lowest block as $[h_{depth}, m_{depth}] = x_t P$, with P = `kernel`; the output is
    $h_{depth}$ of the highest. `grid_block` is the block for any number of dimensions.

    Where the paper leaves a choice or programs differ from it, there is an argument:

    - `squashing="paper"` is $h'$ as above and in the paper; `"lstm"` is $\sigma(a_o) \odot \tanh(m')$, an LSTM as
      everywhere else, which published programs take (a reader asks one of them why in coreylynch/grid-lstm#4).
    - `priority="depth"`: the depth dimension goes last and reads the new $h_{time}$ (section 3.2); `"time"` the other
      way round; `None`: both read the old ones.
    - `tied="layers"`: all blocks share their weights (section 3.5). `"dimensions"`: the two transforms of a block share
      theirs, which is `tied` in TensorFlow 1's `contrib.grid_rnn`. `"both"`, or `None`.
    - `input_memory="projected"`: P gives $m_{depth}$ too; `"zeros"`: it starts at zero and P is half as wide.
    - `depth_dimension="dense"`: depth has no memory, $h'_{depth} = \phi(H V + b)$ (section 3.3). With
      `priority="depth"`, `squashing="lstm"`, $V = [I, 0]^T$ and $\phi$ linear that is a stack of LSTMs.

    The equations above are without biases, `use_bias=True` adds one to each $H W$. In `recurrent_kernel` the matrices
    of a block stand side by side, time first, and the blocks after one another from the bottom up.

    With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer: Keras 3.15.1 takes its
    output from the first state there (keras-team/keras#11472 was the same in TensorFlow), which here is not the
    output.

    Args:
        units: Positive integer d, width of every hidden and memory vector.
        depth: Positive integer L, number of blocks above each other. Default: 1.
        activation: For $\tanh$. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the gates. Default: `"sigmoid"`.
        use_bias: Whether the blocks have biases; P has none. Default: `True`.
        kernel_initializer: For P. Default: `"glorot_uniform"`.
        recurrent_initializer: For the matrices of the blocks, each by itself. Default: `"orthogonal"`.
        bias_initializer: For the biases. Default: `"zeros"`.
        unit_forget_bias: Whether the forget gates' biases start at one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: As the initializers. Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: As the initializers. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all steps of a batch. Default: 0.
        recurrent_dropout: Share of units dropped where blocks read the old $h_{time}$, one mask for all blocks and
            steps. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        squashing, priority, tied, input_memory, depth_dimension: See above. Defaults: `"paper"`, `"depth"`, `"layers"`,
            `"projected"`, `"lstm"`.
        dense_activation: $\phi$ of a depth dimension without memory. Default: `"relu"`.

    Shapes:
        inputs `(N, m)`, states `[h (N, d), m (N, d)]` of time for block 1, then for block 2 and so on; returns
        `(N, d)` and the same states.

    Parameters:
        $2dm + 16d^2 + 8d$ with `tied="layers"`; in general $dm$ or $2dm$ for P and, for each block that has its own,
        $8d^2 + 4d$ for each LSTM that has its own and $2d^2 + d$ for a dense depth dimension.

    Raises:
        ValueError: `units` or `depth` is not a positive integer, a dropout is not in [0, 1), an argument is none of its
            values, or the dimensions are to share weights and one has no LSTM.

    Source:
        N. Kalchbrenner, I. Danihelka, A. Graves, "Grid Long Short-Term Memory", arXiv 1507.01526 (2015), sections 2
        and 3.

    Example:

    >>> import keras, numpy as np
    >>> cell = GridLSTMCell(3, kernel_initializer="ones", recurrent_initializer="ones", use_bias=False)
    >>> layer = keras.layers.RNN(cell, return_state=True)
    >>> y, h, m = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> round(float(m[0, 0]), 4), round(float(h[0, 0]), 4)  # s tanh(0.9), tanh(s m) with s = sigmoid(3 * 0.3)
    (0.5093, 0.347)
    >>> round(float(y[0, 0]), 4)  # depth: a = 3 * 0.347 + 0.9, m' = s (0.3 + tanh(a)), tanh(s m')
    0.7457
    >>> layer.count_params()  # 2 * 3 * 2 + 16 * 9
    156
    """

    def __init__(
        self,
        units,
        depth=1,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        squashing="paper",
        priority="depth",
        tied="layers",
        input_memory="projected",
        depth_dimension="lstm",
        dense_activation="relu",
        **kwargs,
    ):
        super().__init__(
            units,
            depth,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            **kwargs,
        )
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.squashing = one_of("squashing", squashing, ("paper", "lstm"))
        self.priority = one_of("priority", priority, (*DIMENSIONS, None))
        self.tied = one_of("tied", tied, ("layers", "dimensions", "both", None))
        self.input_memory = one_of("input_memory", input_memory, ("projected", "zeros"))
        self.depth_dimension = one_of("depth_dimension", depth_dimension, ("lstm", "dense"))
        self.dense_activation = activations.get(dense_activation)
        if self._one_kernel and self.depth_dimension == "dense":
            raise ValueError(f"tied must be None or 'layers' with depth_dimension='dense'. Got {tied!r}.")

    @property
    def _one_kernel(self) -> bool:
        """Whether time and depth share their weights."""
        return self.tied in ("dimensions", "both")

    @property
    def _widths(self) -> list[int]:
        """The widths of the matrices in `recurrent_kernel`, from the left."""
        d = self.units
        block = [4 * d] if self._one_kernel else [4 * d, 4 * d if self.depth_dimension == "lstm" else d]
        return block * (1 if self.tied in ("layers", "both") else self.depth)

    def build(self, input_shape):
        d, widths = self.units, self._widths
        projected = self.input_memory == "projected" and self.depth_dimension == "lstm"
        matrices = ((redrawn(self.recurrent_initializer, k), width) for k, width in enumerate(widths))
        biases = ((self._initial_bias(k, width), width) for k, width in enumerate(widths))
        self.kernel = self.add_kernel("kernel", (input_shape[-1], 2 * d if projected else d))
        self.recurrent_kernel = self.add_recurrent_kernel(
            "recurrent_kernel", (2 * d, sum(widths)), side_by_side(matrices)
        )
        self.bias = self.add_bias("bias", (sum(widths),), side_by_side(biases))

    def _initial_bias(self, place, width):
        initializer = redrawn(self.bias_initializer, place)
        gated = self.unit_forget_bias and width == 4 * self.units
        return with_forget_bias(initializer, 1.0, self.units) if gated else initializer

    def call(self, inputs, states, training=False):
        x, hidden, memories = self.drop_hidden(inputs, states, training)
        kernels, biases = self._each_block(self.recurrent_kernel), self._each_block(self.bias)
        up, up_memory = self._enter(x)
        new_states = []
        for h, m, W, b in zip(hidden, memories, kernels, biases, strict=True):
            (h_new, up), (m_new, up_memory) = grid_block(
                [h, up],
                [m, up_memory],
                W,
                b,
                priority=None if self.priority is None else DIMENSIONS.index(self.priority),
                squashing=self.squashing,
                activation=self.activation,
                recurrent_activation=self.recurrent_activation,
                dense_activation=self.dense_activation,
            )
            new_states += [h_new, m_new]
        return up, new_states

    def _enter(self, x):
        """h and m of depth with which the lowest block begins, (N, d) each; no m in a dimension without memory."""
        entry = ops.matmul(x, self.kernel)
        if self.depth_dimension == "dense":
            return entry, None
        return ops.split(entry, 2, axis=-1) if self.input_memory == "projected" else (entry, ops.zeros_like(entry))

    def _each_block(self, weight):
        """The kernels or the biases of every block from the bottom up, a pair for time and depth each."""
        if weight is None:
            return [None] * self.depth
        matrices = parts(weight, self._widths)
        if self._one_kernel:
            matrices = [one for one in matrices for _ in DIMENSIONS]
        blocks = [matrices[k : k + 2] for k in range(0, len(matrices), 2)]
        return blocks if len(blocks) == self.depth else blocks * self.depth

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "squashing": self.squashing,
            "priority": self.priority,
            "tied": self.tied,
            "input_memory": self.input_memory,
            "depth_dimension": self.depth_dimension,
            "dense_activation": activations.serialize(self.dense_activation),
        }
