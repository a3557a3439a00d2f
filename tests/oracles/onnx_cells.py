"""Recurrent layers as onnxruntime computes them (C++, float32), fed with weights in the kit's layout."""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

OPSET, IR = 17, 9  # old enough for every onnxruntime that has wheels for Python 3.11


def run_node(op: str, feeds: dict[str, np.ndarray], outputs: list[str], **attributes) -> list[np.ndarray]:
    """One node of ONNX, its inputs by position; an empty name is an input left out."""
    given = {name: a for name, a in feeds.items() if a is not None}
    node = helper.make_node(op, [n if n in given else "" for n in feeds], outputs, **attributes)
    kinds = {"lengths": TensorProto.INT32}
    inputs = [helper.make_tensor_value_info(n, kinds.get(n, TensorProto.FLOAT), a.shape) for n, a in given.items()]
    answers = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs]
    model = helper.make_model(
        helper.make_graph([node], op, inputs, answers),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR,
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    typed = {n: a.astype(np.int32 if n == "lengths" else np.float32) for n, a in given.items()}
    return session.run(None, typed)


def _blocks(a: np.ndarray, order: list[int]) -> np.ndarray:
    """The blocks of the last axis in ONNX' order, transposed to ONNX' layout with a direction axis in front."""
    blocks = np.split(a, len(order), axis=-1)
    return np.concatenate([blocks[k] for k in order], axis=-1).T[np.newaxis]


def onnx_rnn(x, h0, W, U, b, lengths=None) -> np.ndarray:
    """h (N, T, n) of ONNX' RNN with tanh; steps from `lengths` on are zero."""
    bias = np.concatenate([b, np.zeros_like(b)])[np.newaxis]
    feeds = {"x": np.swapaxes(x, 0, 1), "W": W.T[np.newaxis], "R": U.T[np.newaxis], "B": bias}
    feeds |= {"lengths": lengths, "h0": h0[np.newaxis]}
    (h,) = run_node("RNN", feeds, ["h"], hidden_size=U.shape[1])
    return np.swapaxes(h[:, 0], 0, 1)


def onnx_lstm(x, h0, c0, W, U, b, p=None, lengths=None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """h (N, T, n), the last h and the last c of ONNX' LSTM; blocks come as i, f, c, o and p as i, f, o."""
    ours = [0, 3, 1, 2]  # ONNX stacks i, o, f, c
    bias = np.concatenate([_blocks(b, ours), np.zeros((1, b.size))], axis=1)
    feeds = {"x": np.swapaxes(x, 0, 1), "W": _blocks(W, ours), "R": _blocks(U, ours), "B": bias}
    feeds |= {"lengths": lengths, "h0": h0[np.newaxis], "c0": c0[np.newaxis]}
    feeds |= {"P": None if p is None else p[[0, 2, 1]].reshape(1, -1)}  # ONNX stacks i, o, f
    h, h_last, c_last = run_node("LSTM", feeds, ["h", "h_last", "c_last"], hidden_size=U.shape[0])
    return np.swapaxes(h[:, 0], 0, 1), h_last[0], c_last[0]


def onnx_gru(x, h0, W, U, b, reset_after, lengths=None) -> np.ndarray:
    """h (N, T, n) of ONNX' GRU, whose blocks are z, r, h as ours; b is (3n,), or (2, 3n) with `reset_after`."""
    both = b if reset_after else np.stack([b, np.zeros_like(b)])
    feeds = {"x": np.swapaxes(x, 0, 1), "W": W.T[np.newaxis], "R": U.T[np.newaxis], "B": both.reshape(1, -1)}
    feeds |= {"lengths": lengths, "h0": h0[np.newaxis]}
    (h,) = run_node("GRU", feeds, ["h"], hidden_size=U.shape[0], linear_before_reset=int(reset_after))
    return np.swapaxes(h[:, 0], 0, 1)
