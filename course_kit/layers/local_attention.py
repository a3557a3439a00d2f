"""Attention to the neighbours in time: the weighted moving average of slide D1.25."""

import math
import numbers
from collections.abc import Sequence
from typing import Any

import keras
from keras import initializers, ops

from course_kit.cells.base import one_of, positive_integer

KINDS = ("uniform", "learned", "content")


@keras.saving.register_keras_serializable(package="course_kit")
class LocalAttention(keras.layers.Layer):
    r"""Each step becomes a weighted mean of the steps around it.

    Slides: D1.25-D1.26 "Рекуррентные сети XII" (Attention module).

    As printed on D1.25:

    $$\mathbf{o}_k = \sum_{i=0}^{2n} a_i \mathbf{h}_{k+(i-n)}, \qquad \sum_i a_i = 1$$

    The slide's n is half the window: `window` = $w = 2n + 1$. As printed the $a_i$ do not depend on k, so the
    module is a fixed filter. `attention` says where they come from:

    - a sequence of w numbers, or `"uniform"`: $a_i$ as given, $a_i = 1/w$. Nothing is learned.
    - `"learned"`: $a = \mathrm{softmax}(\theta)$. One filter for all steps and features; as adding a constant to
      all $\theta_i$ changes nothing, w - 1 of the w numbers are free.
    - `"content"`: $a_{ki} = \mathrm{softmax}_i(h_k \cdot h_{k+i-n} / \sqrt m)$, weights that look at the states and
      differ from step to step. With `key_dim` = d the scores are $h_k Q \cdot h_{k+i-n} K / \sqrt d$, and $[Q,
      K]$ = `kernel` is learned.

    `causal=True` looks back alone: $o_k = \sum_{i=1}^{w} a_i h_{k+i-w}$, the last term is $h_k$ itself.

    The slide does not say what the window sees before the first step and after the last. `borders` does:

    - `"renormalise"`: such steps are left out, and the weights of the others divided by their sum, so that
      they are one together and a constant sequence stays what it is.
    - `"zeros"`: they are there and zero, as in `Conv1D(padding="same")`; the sum falls short of one there.

    A masked step is treated like a step outside: left out and renormalised, or zero. Its own output is zero.

    Args:
        window: Positive integer w, how many steps are seen; odd, unless `causal`.
        attention: `"uniform"`, `"learned"`, `"content"`, or w numbers, none negative, that sum to one, the
            earliest step's first. Default: `"uniform"`.
        causal: Whether only the step itself and earlier ones are seen. Default: `False`.
        borders: `"renormalise"` or `"zeros"`. Default: `"renormalise"`.
        key_dim: Positive integer d, width of learned queries and keys, for `"content"` alone. Default: `None`,
            the states are compared as they are.
        theta_initializer: For $\theta$. Default: `"zeros"`, which starts at uniform weights.
        kernel_initializer: For $[Q, K]$. Default: `"glorot_uniform"`.

    Shapes:
        inputs `(N, T, m)`, mask `(N, T)` or `None`; returns `(N, T, m)`, with `return_attention_scores=True` in
        the call also the weights `(N, T, w)`.

    Parameters:
        $w$ if learned; $2md$ for content with `key_dim`; none otherwise.

    Raises:
        ValueError: an argument is outside of what is said above.

    Source:
        The lecture; with content weights it is D. Bahdanau, K. Cho, Y. Bengio, "Neural Machine Translation by
        Jointly Learning to Align and Translate", arXiv 1409.0473 (2014), kept to a window and with the dot
        product as score.

    Example:

    >>> import numpy as np
    >>> h = np.array([[[1.0], [2.0], [6.0]]], dtype="float32")
    >>> [round(float(o), 4) for o in LocalAttention(3)(h)[0, :, 0]]  # (1 + 2)/2, (1 + 2 + 6)/3, (2 + 6)/2
    [1.5, 3.0, 4.0]
    >>> [round(float(o), 4) for o in LocalAttention(3, borders="zeros")(h)[0, :, 0]]  # each divided by 3
    [1.0, 3.0, 2.6667]
    >>> causal = LocalAttention(2, [0.25, 0.75], causal=True)
    >>> [round(float(o), 4) for o in causal(h)[0, :, 0]]  # 1, (1 + 3 * 2)/4, (2 + 3 * 6)/4
    [1.0, 1.75, 5.0]
    >>> learned = LocalAttention(5, "learned")
    >>> learned.build((None, None, 8))
    >>> learned.count_params()
    5
    """

    def __init__(
        self,
        window: int,
        attention: str | Sequence[float] = "uniform",
        causal: bool = False,
        borders: str = "renormalise",
        key_dim: int | None = None,
        theta_initializer="zeros",
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.window = positive_integer("window", window)
        self.causal = one_of("causal", causal, (True, False))
        if not self.causal and self.window % 2 == 0:
            raise ValueError(f"window must be odd, so that it has a middle, or causal. Got {window!r}.")
        self.attention = _attention(attention, self.window)
        self.borders = one_of("borders", borders, ("renormalise", "zeros"))
        self.key_dim = key_dim if key_dim is None else positive_integer("key_dim", key_dim)
        if self.key_dim and self.attention != "content":
            raise ValueError(f"key_dim must be None unless attention is 'content'. Got {key_dim!r}.")
        self.theta_initializer = initializers.get(theta_initializer)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, input_shape):
        if self.attention == "learned":
            self.theta = self.add_weight(name="theta", shape=(self.window,), initializer=self.theta_initializer)
        if self.key_dim:
            shape = (input_shape[-1], 2 * self.key_dim)
            self.kernel = self.add_weight(name="kernel", shape=shape, initializer=self.kernel_initializer)

    def call(self, inputs, mask=None, return_attention_scores=False):
        there = ops.ones_like(inputs[..., :1])  # (N, T, 1)
        if mask is not None:
            there = ops.cast(ops.expand_dims(mask, -1), inputs.dtype)
            inputs = ops.where(there > 0, inputs, ops.zeros_like(inputs))
        states = self._windows(inputs)  # (N, T, w, m); a step that is not there is zero
        counts = ops.squeeze(self._windows(there), -1)  # (N, T, w): 1, or 0 where a step is not there
        if self.borders == "zeros":
            counts = ops.ones_like(counts)
        a = self._strengths(inputs, states, counts) * counts
        total = ops.sum(a, axis=-1, keepdims=True)
        a = a / ops.where(total > 0, total, ops.ones_like(total)) * there  # nothing seen, nothing said
        outputs = ops.sum(ops.expand_dims(a, -1) * states, axis=2)
        return (outputs, a) if return_attention_scores else outputs

    def _windows(self, x):
        """For each step what the window shows, the earliest first: (N, T, .) to (N, T, w, .)."""
        w = self.window
        before = w - 1 if self.causal else w // 2
        padded = ops.pad(x, [[0, 0], [before, w - 1 - before], [0, 0]])
        return ops.stack([padded[:, i : i + 1 - w or None] for i in range(w)], axis=2)

    def _strengths(self, inputs, states, counts):
        """The weights up to a factor for each step: (w,) or (N, T, w)."""
        if self.attention == "learned":
            return ops.exp(self.theta - ops.max(self.theta))  # a softmax, once `call` has divided by the sum
        if self.attention == "content":
            return self._content(inputs, states, counts)
        given = [1 / self.window] * self.window if self.attention == "uniform" else self.attention
        return ops.convert_to_tensor(given, dtype=inputs.dtype)

    def _content(self, inputs, states, counts):
        query, key = inputs, states
        if self.key_dim:
            Q, K = ops.split(self.kernel, 2, axis=1)  # (m, d) each
            query, key = ops.matmul(query, Q), ops.matmul(key, K)
        scores = ops.sum(ops.expand_dims(query, 2) * key, axis=-1) / math.sqrt(key.shape[-1])  # (N, T, w)
        lowest = ops.min(scores, axis=-1, keepdims=True)
        highest = ops.max(ops.where(counts > 0, scores, lowest), axis=-1, keepdims=True)  # of the steps that count
        return ops.exp(ops.minimum(scores - highest, 0))

    def get_config(self):
        return {
            **super().get_config(),
            "window": self.window,
            "attention": self.attention if isinstance(self.attention, str) else list(self.attention),
            "causal": self.causal,
            "borders": self.borders,
            "key_dim": self.key_dim,
            "theta_initializer": initializers.serialize(self.theta_initializer),
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
        }


def _attention(value: Any, window: int) -> str | tuple[float, ...]:
    """The kind of weights, or the weights themselves as plain floats."""
    if isinstance(value, str):
        return one_of("attention", value, KINDS)
    rule = f"attention must be {', '.join(map(repr, KINDS))} or {window} numbers, none negative, that sum to one"
    try:
        given = tuple(value)
    except TypeError:
        given = ()
    plain = all(isinstance(a, numbers.Real) and not isinstance(a, bool) and a >= 0 for a in given)
    if len(given) != window or not plain or not math.isclose(sum(given), 1, abs_tol=1e-6):
        raise ValueError(f"{rule}. Got {value!r}.")
    return tuple(map(float, given))
