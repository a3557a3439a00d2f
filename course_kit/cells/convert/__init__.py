"""Weights to and from the layouts of PyTorch, ONNX and Flax, as plain dicts of NumPy arrays.

None of the three is imported. `to_...(source)` takes a built cell or layer; `from_...(arrays, target)` gives the list
for `target.set_weights`, where `target` is a cell or layer, built or not. Both know SimpleRNN and LSTM and GRU of
Keras, and `PeepholeLSTMCell`, `GRUCell` and their layers of the kit.

What differs, with n units and Keras first:

| layout  | kernels          | LSTM       | GRU     | peepholes | biases, of SimpleRNN, LSTM, GRU           |
| ------- | ---------------- | ---------- | ------- | --------- | ----------------------------------------- |
| Keras   | (m, kn), (n, kn) | i, f, c, o | z, r, h | (none)    | n, 4n, 3n; 6n with `reset_after=True`     |
| kit     | as Keras         | i, f, c, o | z, r, h | i, f, o   | as Keras                                  |
| PyTorch | (kn, m), (kn, n) | i, f, c, o | r, z, h | none      | 2n, 8n, 6n: one with each kernel          |
| ONNX    | (1, kn, m), ...  | i, o, f, c | z, r, h | i, o, f   | 2n, 8n, 6n: likewise, one after the other |
| Flax    | one a gate       | i, f, g, o | r, z, n | none      | n, 4n, 4n: the candidate of GRU has two   |

Of two biases that are added only the sum acts. That is every pair but one: in a GRU whose reset gate acts after the
product, r * (h U + b'), the gate multiplies the candidate's second bias and not its first. So a conversion into fewer
biases adds pairs up and keeps that one apart; a conversion into more puts the sum into one bias and zeros into the
other. Keras to PyTorch or ONNX and back is exact to the bit. Where the other side had spread a sum over both, the way
back has the same sum in another place.

Activations are no weights: sources and targets must have tanh, and sigmoid in the gates, which all three have.
"""

from course_kit.cells.convert.flax import from_flax, to_flax
from course_kit.cells.convert.onnx import from_onnx, to_onnx
from course_kit.cells.convert.pytorch import from_pytorch, to_pytorch

__all__ = ["from_flax", "from_onnx", "from_pytorch", "to_flax", "to_onnx", "to_pytorch"]
