"""Echo state network: a reservoir of fixed random links, and a read-out, the only part that learns."""

import numbers
from typing import Any

import keras
import numpy as np
from keras import activations, initializers, ops

from course_kit.cells.base import positive_integer


@keras.saving.register_keras_serializable(package="course_kit")
class EchoStateCell(keras.layers.Layer):
    r"""One step of an echo state network: a leaky reservoir with fixed weights, and a linear read-out.

    Slide: D2.10 "Эхо-сети".

    The slide is prose: one hidden layer, the reservoir, with random sparse links that stay as they are; its state
    comes from its previous state and the previous inputs and outputs; the links to the output are learned. With
    inputs $u$, reservoir $x$ and leaking rate $a$ (in the slide $a = 1$) that is

    $$x_t = (1 - a) x_{t-1} + a \tanh(W_{in} u_t + W x_{t-1} + b), \qquad y_t = W_{out} x_t + b_y$$

    In Keras' convention (row vectors, batch first), with $W$ = `kernel`, $U$ = `recurrent_kernel`, $b$ = `bias`,
    $V$ = `output_kernel`, $b_y$ = `output_bias`:

    $$h_t = (1 - a) h_{t-1} + a \tanh(x_t W + h_{t-1} U + b), \qquad y_t = h_t V + b_y$$

    `kernel`, `recurrent_kernel` and `bias` are not trainable. Each unit gets links from `density` $n$ units, one at
    least, with weights drawn evenly around 0; then $U$ is scaled so that its largest eigenvalue has the absolute
    value `spectral_radius`. Below 1 that is neither necessary nor enough, in general, for a state that forgets where
    it started; with $a = 1$ and tanh a largest singular value below 1 is enough. The read-out can be trained by
    gradient like any layer, or in one step by `EchoState.fit`.

    Previous outputs reach the reservoir when they are given as inputs; `EchoState.generate` does that.

    The reservoir is drawn by NumPy from `seed`, so it is the same on every backend. Without a seed one is drawn and
    stands in the configuration: `from_config(get_config())` makes the same reservoir again. There is no dropout: it
    would make another reservoir in each batch, and the point of this one is that it stays.

    With JAX a masked step needs `zero_output_for_mask=True` or `unroll=True` in the layer, as for `ElmanCell`:
    the output is not the first state.

    Args:
        units: Positive integer n, width of the reservoir.
        output_units: Positive integer o, width of the output.
        activation: Of the reservoir. Default: `"tanh"`.
        use_bias: Whether both equations have a bias. Default: `True`.
        leak: $a$, in (0, 1]. Default: 1.
        spectral_radius: Largest absolute eigenvalue of $U$, positive. Default: 0.9.
        density: Share of the units that each unit has links from, in (0, 1]. Default: 0.1.
        input_scaling: $W$ and $b$ are drawn evenly between minus and plus this, positive. Default: 1.
        input_skip: Whether the read-out sees $[x_t; h_t]$ and not $h_t$ alone. Default: `False`.
        output_initializer: For $V$, before it is fitted. Default: `"glorot_uniform"`.
        seed: Non-negative integer from which the reservoir is drawn. Default: `None`, which draws one.

    Shapes:
        inputs `(N, m)`, states `[h (N, n)]`; returns `y (N, o)` and `[h (N, n)]`.

    Parameters:
        $n(m + n + 1)$ that are not trainable and $o(n + 1)$ that are, or $o(m + n + 1)$ with `input_skip`; without
        biases $n(m + n)$ and $on$ or $o(m + n)$.

    Raises:
        ValueError: an argument is not as said above.

    Source:
        H. Jaeger, "The 'echo state' approach to analysing and training recurrent neural networks", GMD Report 148
        (2001); M. Lukoševičius, "A Practical Guide to Applying Echo State Networks", in Neural Networks: Tricks of
        the Trade, Springer (2012), 659-686.

    Example:

    >>> import keras, numpy as np
    >>> layer = keras.layers.RNN(EchoStateCell(2, 1, leak=0.5))
    >>> layer.build((None, 2, 1))
    >>> V, W, U = np.ones((2, 1)), np.array([[1.0, 2.0]]), np.array([[0.0, 0.9], [0.9, 0.0]])
    >>> layer.set_weights([V, np.zeros(1), W, U, np.zeros(2)])
    >>> y = layer(np.array([[[0.1], [0.3]]], dtype="float32"))
    >>> round(float(y[0, 0]), 4)  # both units of h_2, from h_1 = (tanh(0.1), tanh(0.2))/2
    0.5435
    >>> layer.count_params(), [w.name for w in layer.trainable_variables]  # 2(1 + 2 + 1) + 1(2 + 1)
    (11, ['output_kernel', 'output_bias'])
    """

    def __init__(
        self,
        units,
        output_units,
        activation="tanh",
        use_bias=True,
        leak=1.0,
        spectral_radius=0.9,
        density=0.1,
        input_scaling=1.0,
        input_skip=False,
        output_initializer="glorot_uniform",
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.output_units = positive_integer("output_units", output_units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.leak = _positive("leak", leak, most=1)
        self.spectral_radius = _positive("spectral_radius", spectral_radius)
        self.density = _positive("density", density, most=1)
        self.input_scaling = _positive("input_scaling", input_scaling)
        self.input_skip = input_skip
        self.output_initializer = initializers.get(output_initializer)
        self.seed = int(np.random.default_rng().integers(2**31)) if seed is None else _seed(seed)
        self.state_size = self.units
        self.output_size = self.output_units

    def build(self, input_shape):
        m, n, o = input_shape[-1], self.units, self.output_units
        rng = np.random.default_rng(self.seed)
        kernel = rng.uniform(-self.input_scaling, self.input_scaling, (m, n))
        recurrent_kernel = self._sparse(rng)
        bias = rng.uniform(-self.input_scaling, self.input_scaling, n)

        self.kernel = self._fixed("kernel", kernel)
        self.recurrent_kernel = self._fixed("recurrent_kernel", recurrent_kernel)
        self.bias = self._fixed("bias", bias) if self.use_bias else None
        self.output_kernel = self.add_weight(
            name="output_kernel", shape=(m + n if self.input_skip else n, o), initializer=self.output_initializer
        )
        self.output_bias = self.add_weight(name="output_bias", shape=(o,)) if self.use_bias else None
        super().build(input_shape)

    def _sparse(self, rng: np.random.Generator) -> np.ndarray:
        """The recurrent kernel: as many links into each unit, scaled to the spectral radius."""
        n = self.units
        links = max(1, round(self.density * n))  # one each makes a loop somewhere, so the radius is not 0
        ranks = rng.random((n, n)).argsort(axis=0).argsort(axis=0)
        weights = np.where(ranks < links, rng.uniform(-1, 1, (n, n)), 0.0)
        return weights * (self.spectral_radius / np.abs(np.linalg.eigvals(weights)).max())

    def _fixed(self, name: str, values: np.ndarray) -> keras.Variable:
        return self.add_weight(
            name=name,
            shape=values.shape,
            initializer=lambda shape, dtype=None: ops.convert_to_tensor(values, dtype=dtype),
            trainable=False,
        )

    def call(self, inputs, states):
        (h,) = states
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel)  # (N, n)
        if self.use_bias:
            a = a + self.bias
        h = (1 - self.leak) * h + self.leak * self.activation(a)
        y = ops.matmul(ops.concatenate([inputs, h], axis=-1) if self.input_skip else h, self.output_kernel)
        if self.use_bias:
            y = y + self.output_bias
        return y, [h]

    def get_initial_state(self, batch_size: int | None = None) -> list:
        """A reservoir at rest."""
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype)]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "output_units": self.output_units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "leak": self.leak,
            "spectral_radius": self.spectral_radius,
            "density": self.density,
            "input_scaling": self.input_scaling,
            "input_skip": self.input_skip,
            "output_initializer": initializers.serialize(self.output_initializer),
            "seed": self.seed,
        }


def _positive(name: str, value: Any, most: float = float("inf")) -> float:
    if not isinstance(value, bool) and isinstance(value, numbers.Real) and 0 < value <= most and value != float("inf"):
        return float(value)
    rule = "a positive number" if most == float("inf") else f"a number in (0, {most}]"
    raise ValueError(f"{name} must be {rule}. Got {value!r}.")


def _seed(value: Any) -> int:
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and value >= 0:
        return int(value)
    raise ValueError(f"seed must be a non-negative integer or None. Got {value!r}.")
