"""The echo state network over whole sequences, with its read-out found in one step."""

import numbers
from collections.abc import Callable

import keras
import numpy as np
import scipy.sparse
from keras import ops

from course_kit.cells.echo_state import EchoStateCell
from course_kit.layers.base import RecurrentLayer


@keras.saving.register_keras_serializable(package="course_kit")
class EchoState(RecurrentLayer, cell=EchoStateCell):
    """An echo state network over a whole sequence: `keras.layers.RNN` of an `EchoStateCell`, and its own regression.

    Inside a model it is a layer like any other, and its read-out learns by gradient. On its own it needs no optimizer:
    `fit` finds the read-out by ridge regression, `predict` gives the outputs at every step, `generate` goes on by
    itself. These three work on arrays, from a reservoir at rest, whatever `return_sequences` says.

    >>> from course_kit.datasets.dynamics import mackey_glass
    >>> x = mackey_glass(2084)[np.newaxis, :, np.newaxis]
    >>> layer = EchoState(200, 1, leak=0.3, spectral_radius=1.25, seed=1, dtype="float64")
    >>> layer = layer.fit(x[:, :1999], x[:, 1:2000], washout=100, ridge=1e-10)  # to give the next value
    >>> error = layer.generate(x[:, :2000], 84) - x[:, 2000:]
    >>> bool(np.abs(error).max() < 0.02)  # of a series between 0.4 and 1.3
    True
    """

    def fit(self, x, y, washout: int = 0, ridge: float = 1e-8, mask=None) -> "EchoState":
        """Find the read-out whose squared error, plus `ridge` times the square of its weights, is the least.

        The bias is not in the penalty, as in scikit-learn and reservoirpy; in M. Lukoševičius' guide (2012, equation 9)
        it is. The regression is in float64 for every dtype of the layer.

        Args:
            x: inputs, (N, T, m).
            y: targets, (N, T, o).
            washout: steps at the start of each sequence that do not count, while the reservoir forgets its rest.
            ridge: weight of the penalty, 0 or more. The default is that of the guide's demonstration.
            mask: (N, T), False at steps that are not there.
        """
        if isinstance(ridge, bool) or not isinstance(ridge, numbers.Real) or not 0 <= ridge < np.inf:
            raise ValueError(f"ridge must be a number of at least 0. Got {ridge!r}.")
        states, y = self.reservoir_states(x, mask), np.asarray(y, dtype=np.float64)
        expected = (*states.shape[:2], self.cell.output_units)
        if y.shape != expected:
            raise ValueError(f"y must have the shape {expected}, a target for each step. Got {y.shape}.")
        counted = self._counted(states.shape[:2], washout, mask)
        rows, targets = self._seen(np.asarray(x), states)[counted], y[counted]
        middle, aim = (rows.mean(axis=0), targets.mean(axis=0)) if self.cell.use_bias else (0.0, 0.0)
        # the penalty as more rows of plain least squares: no condition number is squared on the way
        penalty = np.sqrt(ridge) * np.eye(rows.shape[1])
        kernel, *_ = np.linalg.lstsq(
            np.concatenate([rows - middle, penalty]),
            np.concatenate([targets - aim, np.zeros((len(penalty), targets.shape[1]))]),
        )
        self.cell.output_kernel.assign(kernel)
        if self.cell.use_bias:
            self.cell.output_bias.assign(aim - middle @ kernel)
        return self

    def predict(self, x, mask=None) -> np.ndarray:
        """The outputs at every step of x (N, T, m), as an array (N, T, o)."""
        return self._read_out(np.asarray(x), self.reservoir_states(x, mask))

    def generate(self, x, steps: int) -> np.ndarray:
        """Read x (N, T, m), then go on for `steps` steps with each output as the next input: (N, steps, o).

        The first of them is the output at the last step of x.
        """
        if self.cell.output_units != np.shape(x)[-1]:
            rule = f"generate needs as many outputs as inputs, {np.shape(x)[-1]}"
            raise ValueError(f"{rule}: what goes out comes in again. Got {self.cell.output_units}.")
        if isinstance(steps, bool) or not isinstance(steps, numbers.Integral) or steps < 1:
            raise ValueError(f"steps must be a positive integer. Got {steps!r}.")
        W, step = self._reservoir()
        states = self.reservoir_states(x)
        u, h = np.asarray(x)[:, -1], states[:, -1]
        outputs = []
        for _ in range(steps):
            outputs.append(self._read_out(u, h))
            u = outputs[-1].astype(h.dtype)
            h = step(u @ W, h)
        return np.stack(outputs, axis=1)

    def reservoir_states(self, x, mask=None) -> np.ndarray:
        """The reservoir after every step of x (N, T, m), from rest: (N, T, n).

        NumPy runs the loop, in the precision of the layer: TensorFlow would take ten times as long step by step.
        """
        x = np.asarray(x)
        if x.ndim != 3:
            raise ValueError(f"x must have the shape (N, T, m), sequences of a batch. Got {x.shape}.")
        if not self.built:
            self.build(x.shape)
        if mask is not None and np.shape(mask) != x.shape[:2]:
            raise ValueError(f"mask must have the shape {x.shape[:2]}, that of the steps. Got {np.shape(mask)}.")
        W, step = self._reservoir()
        drive = x.astype(W.dtype) @ W  # (N, T, n)
        states, h = np.empty_like(drive), np.zeros_like(drive[:, 0])
        for t in range(x.shape[1]):
            new = step(drive[:, t], h)
            h = new if mask is None else np.where(np.asarray(mask, dtype=bool)[:, t, np.newaxis], new, h)
            states[:, t] = h
        return states

    def _reservoir(self) -> tuple[np.ndarray, Callable]:
        """W, and the step from x_t W and h to the next h, in float64 for a layer of that dtype, else in float32."""
        cell, a = self.cell, self.cell.leak
        dtype = np.float64 if self.compute_dtype == "float64" else np.float32
        W, U = (ops.convert_to_numpy(w).astype(dtype) for w in (cell.kernel, cell.recurrent_kernel))
        b = ops.convert_to_numpy(cell.bias).astype(dtype) if cell.use_bias else dtype(0)
        links = scipy.sparse.csr_array(U.T)

        def sigma(v: np.ndarray) -> np.ndarray:
            if cell.activation is keras.activations.tanh:
                return np.tanh(v)
            return ops.convert_to_numpy(cell.activation(ops.convert_to_tensor(v)))

        return W, lambda drive, h: (1 - a) * h + a * sigma((links @ h.T).T + drive + b)

    def _seen(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        """What the read-out sees of inputs (..., m) and reservoir (..., n), in float64."""
        seen = np.concatenate([x, h], axis=-1) if self.cell.input_skip else h
        return seen.astype(np.float64)

    def _read_out(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        y = self._seen(x, h) @ ops.convert_to_numpy(self.cell.output_kernel).astype(np.float64)
        return y + ops.convert_to_numpy(self.cell.output_bias) if self.cell.use_bias else y

    @staticmethod
    def _counted(shape: tuple[int, int], washout: int, mask) -> np.ndarray:
        """(N, T), True at the steps that the regression sees."""
        if isinstance(washout, bool) or not isinstance(washout, numbers.Integral) or not 0 <= washout < shape[1]:
            raise ValueError(f"washout must be an integer from 0 to {shape[1] - 1}, under the steps. Got {washout!r}.")
        counted = np.ones(shape, dtype=bool) if mask is None else np.array(mask, dtype=bool)
        counted[:, :washout] = False
        if not counted.any():
            raise ValueError("fit needs a step that is neither washed out nor masked. Got none.")
        return counted
