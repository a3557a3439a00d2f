"""Neural Turing Machine: a network that reads and writes a memory."""

import keras
from keras import activations, initializers, ops

from course_kit.cells.base import RecurrentCell, one_of, positive_integer
from course_kit.cells.ntm_addressing import content_weights, interpolated, read, sharpened, shifted, written
from course_kit.cells.side_by_side import with_forget_bias


@keras.saving.register_keras_serializable(package="course_kit")
class NTMCell(RecurrentCell):
    r"""One step of a Neural Turing Machine: an LSTM whose heads write to a memory matrix and read from it.

    Slide: D1.26 "Рекуррентные сети XII" (the direct link to Neural Turing Machines).

    The slide's formula is $o_k = \sum_i a_i h_{k+i-n}$, $\sum_i a_i = 1$: a weighted mean of neighbours. A head
    reads a weighted mean $r = \sum_i w(i) M(i)$, $\sum_i w(i) = 1$, of the rows of a memory M, which other heads
    write; the addresses w come from content and from a shift of the last address, see `ntm_addressing`.

    One step, with `units` n, R = `memory_slots` rows of `memory_width` numbers, in row vectors:

    $$r_{t-1} = w^r_{t-1} M_{t-1}, \qquad h_t, c_t = \mathrm{LSTM}([x_t, r_{t-1}], h_{t-1}, c_{t-1}),$$
    $$\text{heads} = h_t W + b, \qquad w^w_t \text{ from } M_{t-1}, \quad M_t \text{ written}, \quad
    w^r_t \text{ from } M_t, \quad r_t = w^r_t M_t, \qquad y_t = \sigma_y([h_t, r_t] V + b_y)$$

    Of the numbers of a head, which stand in this order, key $k$ (with `activation`), strength $\beta$ (softplus),
    gate g ($\sigma$), shifts s (softmax), power $\gamma$ (1 + softplus) make the address, and of a write head then
    erase e ($\sigma$) and add a (with `activation`) the change. Heads stand in the columns of `head_kernel`, read
    heads first. The LSTM's blocks are stacked in Keras' order i, f, c, o.

    The paper leaves open what is done first, how numbers come into their ranges, and where everything starts.
    Here: heads write, then read, since what it reads is $M_t$; the ranges as above; h, c and M start at
    zero and every head at row 0, since from equal shares of equal rows no head could ever move. A state of zeros,
    with which Keras starts and to which it resets, means this: what an address lacks to one counts as row 0's.

    States are flat, as Keras' functional models need them: an address of H heads is (N, HR), the memory
    (N, R `memory_width`). With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer:
    Keras takes its output from the first state there, which here is h and not the output.

    Args:
        units: Positive integer n, width of the controller.
        output_units: Positive integer o, width of the output.
        memory_slots: Positive integer R, rows of the memory. Default: 16.
        memory_width: Positive integer, numbers in a row. Default: 8.
        activation: Of the controller's candidate and output, of keys and of what is added. Default: `"tanh"`.
        recurrent_activation: $\sigma$ of the controller's gates. Default: `"sigmoid"`.
        output_activation: $\sigma_y$. Default: `None`, that is linear.
        use_bias: Whether controller, heads and output have biases. Default: `True`.
        kernel_initializer: For the controller's W and the heads'. Default: `"glorot_uniform"`.
        recurrent_initializer: For U. Default: `"orthogonal"`.
        bias_initializer: For all biases. Default: `"zeros"`.
        unit_forget_bias: Whether the controller's forget gate starts at a bias of one instead. Default: `True`.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: For the kernels but U, U, and the biases.
            Default: `None`.
        kernel_constraint, recurrent_constraint, bias_constraint: Likewise. Default: `None`.
        dropout: Share of inputs dropped, in [0, 1); one mask for all steps of a batch. Default: 0.
        recurrent_dropout: Share of $h_{t-1}$ dropped, likewise; what is read is not dropped. Default: 0.
        seed: Seed of the dropout masks. Default: `None`.
        output_initializer: For V. Default: `"glorot_uniform"`.
        read_heads, write_heads: Positive integers. Default: 1.
        shift_range: Positive integer s, the farthest that an address moves in a step. Default: 1.

    Shapes:
        inputs `(N, m)`, states `[h (N, n), c (N, n), read addresses (N, H_r R), write addresses (N, H_w R), memory
        (N, R * memory_width)]`; returns `y (N, o)` and the new states.

    Parameters:
        With R, W read and write heads, M = `memory_width`: controller $4n(m + RM + n + 1)$, heads $(n + 1)(R(M + 2s +
        4) + W(3M + 2s + 4))$, output $o(n + RM + 1)$. The number of rows is in none of them.

    Raises:
        ValueError: one of the sizes is not a positive integer, or a dropout is not in [0, 1).

    Source:
        A. Graves, G. Wayne, I. Danihelka, "Neural Turing Machines", arXiv 1410.5401 (2014), section 3.

    Example:

    >>> import keras, numpy as np
    >>> cell = NTMCell(3, 1, memory_slots=4, memory_width=2, kernel_initializer="zeros", output_initializer="ones")
    >>> cell.build((None, 2))
    >>> cell.set_weights([*cell.get_weights()[:4], np.array([0] * 18 + [9, 9]), *cell.get_weights()[5:]])
    >>> y = keras.layers.RNN(cell)(np.zeros((1, 1, 2), dtype="float32"))
    >>> round(float(y[0, 0]), 4)  # writes ones at .3088 .3088 .0736 .3088, reads there: 2(3 * .3088^2 + .0736^2)
    0.583
    >>> cell.count_params()  # 4 * 3(2 + 2 + 3 + 1) + (3 + 1)((2 + 6) + (6 + 6)) + 1(3 + 2 + 1)
    182
    """

    def __init__(
        self,
        units,
        output_units,
        memory_slots=16,
        memory_width=8,
        activation="tanh",
        recurrent_activation="sigmoid",
        output_activation=None,
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
        output_initializer="glorot_uniform",
        read_heads=1,
        write_heads=1,
        shift_range=1,
        **kwargs,
    ):
        super().__init__(
            units,
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
        self.output_units = positive_integer("output_units", output_units)
        self.memory_slots = positive_integer("memory_slots", memory_slots)
        self.memory_width = positive_integer("memory_width", memory_width)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.output_activation = activations.get(output_activation)
        self.unit_forget_bias = one_of("unit_forget_bias", unit_forget_bias, (True, False))
        self.output_initializer = initializers.get(output_initializer)
        self.read_heads = positive_integer("read_heads", read_heads)
        self.write_heads = positive_integer("write_heads", write_heads)
        self.shift_range = positive_integer("shift_range", shift_range)
        rows = self.memory_slots
        addresses = [self.read_heads * rows, self.write_heads * rows]
        self.state_size = [self.units, self.units, *addresses, rows * self.memory_width]
        self.output_size = self.output_units

    def build(self, input_shape):
        n, seen = self.units, self.read_heads * self.memory_width
        self.address_width = self.memory_width + 2 * self.shift_range + 4
        heads = self.read_heads * self.address_width + self.write_heads * (self.address_width + 2 * self.memory_width)
        start = with_forget_bias(self.bias_initializer, 1.0, n) if self.unit_forget_bias else None
        self.kernel = self.add_kernel("kernel", (input_shape[-1] + seen, 4 * n))
        self.recurrent_kernel = self.add_recurrent_kernel("recurrent_kernel", (n, 4 * n))
        self.bias = self.add_bias("bias", (4 * n,), initializer=start)
        self.head_kernel = self.add_kernel("head_kernel", (n, heads))
        self.head_bias = self.add_bias("head_bias", (heads,))
        self.output_kernel = self.add_kernel(
            "output_kernel", (n + seen, self.output_units), initializer=self.output_initializer
        )
        self.output_bias = self.add_bias("output_bias", (self.output_units,))

    def call(self, inputs, states, training=False):
        h, c, w_r, w_w, memory = states
        w_r, w_w = (
            self._stored_addresses(w_r, self.read_heads),
            self._stored_addresses(w_w, self.write_heads),
        )  # (N, H, R)
        memory = ops.reshape(memory, (-1, self.memory_slots, self.memory_width))
        inputs, h = self.drop(inputs, h, training)
        h, c = self._controller(ops.concatenate([inputs, _flat(read(memory, w_r))], axis=-1), h, c)

        heads = self._plus(ops.matmul(h, self.head_kernel), self.head_bias)
        to_read, to_write = ops.split(heads, [self.read_heads * self.address_width], axis=-1)
        to_read = ops.reshape(to_read, (-1, self.read_heads, self.address_width))
        to_write = ops.reshape(to_write, (-1, self.write_heads, self.address_width + 2 * self.memory_width))
        address, erase, add = ops.split(to_write, [self.address_width, self.address_width + self.memory_width], axis=-1)
        w_w = self._new_addresses(memory, w_w, address)
        memory = written(memory, w_w, ops.sigmoid(erase), self.activation(add))
        w_r = self._new_addresses(memory, w_r, to_read)

        a = ops.matmul(ops.concatenate([h, _flat(read(memory, w_r))], axis=-1), self.output_kernel)
        y = self.output_activation(self._plus(a, self.output_bias))  # (N, o)
        return y, [h, c, _flat(w_r), _flat(w_w), _flat(memory)]

    def _stored_addresses(self, state, heads):
        """The addresses in a state, (N, H, R). What one lacks to a sum of one is at row 0: zeros point there."""
        w = ops.reshape(state, (-1, heads, self.memory_slots))
        first, others = ops.split(w, [1], axis=-1)
        lacks = ops.maximum(1 - ops.sum(w, axis=-1, keepdims=True), 0)
        return ops.concatenate([first + lacks, others], axis=-1)

    def _controller(self, seen, h, c):
        a = self._plus(ops.matmul(seen, self.kernel) + ops.matmul(h, self.recurrent_kernel), self.bias)
        a_i, a_f, a_c, a_o = ops.split(a, 4, axis=-1)  # (N, n) each
        c = self.recurrent_activation(a_f) * c + self.recurrent_activation(a_i) * self.activation(a_c)
        return self.recurrent_activation(a_o) * self.activation(c), c

    def _new_addresses(self, memory, previous, numbers):
        """Where the heads point now, (N, H, R), from their own numbers and from where they pointed."""
        M, s = self.memory_width, self.shift_range
        key, strength, gate, shift, power = ops.split(numbers, [M, M + 1, M + 2, M + 3 + 2 * s], axis=-1)
        w = content_weights(memory, self.activation(key), ops.softplus(strength))
        w = interpolated(w, previous, ops.sigmoid(gate))
        return sharpened(shifted(w, ops.softmax(shift)), 1 + ops.softplus(power))

    def _plus(self, a, bias):
        return a + bias if self.use_bias else a

    def get_config(self):
        return {
            **super().get_config(),
            "output_units": self.output_units,
            "memory_slots": self.memory_slots,
            "memory_width": self.memory_width,
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "output_activation": activations.serialize(self.output_activation),
            "unit_forget_bias": self.unit_forget_bias,
            "output_initializer": initializers.serialize(self.output_initializer),
            "read_heads": self.read_heads,
            "write_heads": self.write_heads,
            "shift_range": self.shift_range,
        }


def _flat(x):
    return ops.reshape(x, (-1, x.shape[1] * x.shape[2]))
