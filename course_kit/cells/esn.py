"""The echo state cell with the arguments and the meaning that it had in TensorFlow Addons."""

from typing import Any

import keras
import numpy as np
from keras import activations, initializers, ops

from course_kit.cells.base import positive_integer


@keras.saving.register_keras_serializable(package="course_kit")
class ESNCell(keras.layers.Layer):
    r"""One step of an echo state network without read-out: a leaky reservoir whose state is its output.

    Slide: D2.10 "Эхо-сети". `EchoStateCell` is the kit's own, with the read-out of the slide.

    In Keras' convention, with $W$ = `kernel`, $U$ = `recurrent_kernel`, $b$ = `bias` and $a$ = `leaky`:

    $$h_t = (1 - a) h_{t-1} + a \tanh(x_t W + h_{t-1} U + b)$$

    No weight is trainable. $U$ is drawn by `recurrent_initializer`, each entry stays with probability `connectivity`,
    and what stays is scaled: to the largest absolute eigenvalue `spectral_radius`, or, with `use_norm2`, to that
    Frobenius norm, which is never below the largest eigenvalue. A reservoir scaled so has a far smaller
    spectral radius than was asked for. Where nothing can be scaled (no entry left) $U$ is zero.

    `ESNCell` of TensorFlow Addons draws which entries stay without a seed, so there the configuration does not make the
    same reservoir again; here `seed` does. Weights of Addons come in the order $U$, $W$, $b$.

    Args:
        units: Positive integer n, width of the reservoir.
        connectivity: Chance of each link to exist, in [0, 1]. Default: 0.1.
        leaky: $a$, in [0, 1]. Default: 1.
        spectral_radius: In [0, 1]. Default: 0.9.
        use_norm2: Whether to scale by the Frobenius norm. Default: `False`.
        use_bias: Whether there is $b$. Default: `True`.
        activation: Default: `"tanh"`.
        kernel_initializer: For $W$. Default: `"glorot_uniform"`.
        recurrent_initializer: For $U$. Default: `"glorot_uniform"`.
        bias_initializer: For $b$. Default: `"zeros"`.
        seed: Integer from which it is drawn which links exist. Default: `None`, which draws one.

    Shapes:
        inputs `(N, m)`, states `[h (N, n)]`; returns `h (N, n)` and `[h (N, n)]`.

    Parameters:
        $n(m + n + 1)$, none trainable; without bias $n(m + n)$.

    Raises:
        ValueError: `units` is not a positive integer, or one of the three numbers is not in [0, 1].

    Source:
        H. Jaeger, "The 'echo state' approach to analysing and training recurrent neural networks", GMD Report 148
        (2001); the arguments are those of TensorFlow Addons 0.23.

    Example:

    >>> import keras, numpy as np
    >>> layer = keras.layers.RNN(ESNCell(3, leaky=0.5, kernel_initializer="ones"))
    >>> h = layer(np.array([[[0.1, 0.2]]], dtype="float32"))
    >>> round(float(h[0, 0]), 4)  # tanh(0.3)/2
    0.1457
    >>> layer.count_params(), len(layer.trainable_variables)  # 3(2 + 3 + 1)
    (18, 0)
    """

    def __init__(
        self,
        units,
        connectivity=0.1,
        leaky=1.0,
        spectral_radius=0.9,
        use_norm2=False,
        use_bias=True,
        activation="tanh",
        kernel_initializer="glorot_uniform",
        recurrent_initializer="glorot_uniform",
        bias_initializer="zeros",
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = positive_integer("units", units)
        self.connectivity = _share("connectivity", connectivity)
        self.leaky = _share("leaky", leaky)
        self.spectral_radius = _share("spectral_radius", spectral_radius)
        self.use_norm2 = use_norm2
        self.use_bias = use_bias
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.seed = int(np.random.default_rng().integers(2**31)) if seed is None else seed
        self.state_size = self.output_size = self.units

    def build(self, input_shape):
        m, n = input_shape[-1], self.units
        self.kernel = self._fixed("kernel", (m, n), self.kernel_initializer)
        self.recurrent_kernel = self._fixed("recurrent_kernel", (n, n), self._reservoir)
        self.bias = self._fixed("bias", (n,), self.bias_initializer) if self.use_bias else None
        super().build(input_shape)

    def _fixed(self, name, shape, initializer):
        return self.add_weight(name=name, shape=shape, initializer=initializer, trainable=False)

    def _reservoir(self, shape, dtype=None):
        drawn = np.asarray(ops.convert_to_numpy(self.recurrent_initializer(shape, dtype="float32")), dtype=np.float64)
        kept = drawn * (np.random.default_rng(self.seed).random(shape) <= self.connectivity)
        size = np.linalg.norm(kept) if self.use_norm2 else np.abs(np.linalg.eigvals(kept)).max()
        return ops.convert_to_tensor(kept * (self.spectral_radius / size if size > 0 else 0.0), dtype=dtype)

    def call(self, inputs, states):
        (h,) = states
        a = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel)  # (N, n)
        if self.use_bias:
            a = a + self.bias
        h_new = (1 - self.leaky) * h + self.leaky * self.activation(a)
        return h_new, [h_new]

    def get_initial_state(self, batch_size: int | None = None) -> list:
        """A reservoir at rest."""
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype)]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "connectivity": self.connectivity,
            "leaky": self.leaky,
            "spectral_radius": self.spectral_radius,
            "use_norm2": self.use_norm2,
            "use_bias": self.use_bias,
            "activation": activations.serialize(self.activation),
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": initializers.serialize(self.recurrent_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "seed": self.seed,
        }


def _share(name: str, value: Any) -> float:
    if not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= 1:
        return float(value)
    raise ValueError(f"{name} must be a number in [0, 1]. Got {value!r}.")
