"""Steps of what has a memory of its own kind: the echo state network and the Neural Turing Machine."""

from keras import ops

from course_kit.cells import EchoStateCell, NTMCell
from course_kit.cells.ntm_addressing import content_weights, interpolated, sharpened, shifted
from course_kit.layers.tracing.table import affine, below, lstm, traced, weighted


@traced(EchoStateCell)
def _echo_state(cell, x, states):
    h_tilde = cell.activation(weighted(cell, x, states[0]))
    h = (1 - cell.leak) * states[0] + cell.leak * h_tilde
    seen = ops.concatenate([x, h], axis=-1) if cell.input_skip else h
    y = affine(seen, cell.output_kernel, cell.output_bias)
    return y, [h], {"h_tilde": h_tilde, "h": h, "y": y}


@traced(NTMCell)
def _ntm(cell, x, states):
    """One head after the other; an address in a state that sums to less than one lacks the rest at row 0."""
    h, c, *pointed, memory = states
    R, M = cell.memory_slots, cell.memory_width
    pointed = [ops.reshape(w, (-1, w.shape[-1] // R, R)) for w in pointed]  # of the read heads, of the write heads
    row_0 = ops.one_hot([0], R, dtype=h.dtype)
    pointed = [w + ops.maximum(1 - ops.sum(w, axis=-1, keepdims=True), 0) * row_0 for w in pointed]
    memory = ops.reshape(memory, (-1, R, M))

    seen = ops.concatenate([x, _flat(ops.matmul(pointed[0], memory))], axis=-1)
    controller = lstm(cell, weighted(cell, seen, h), c)
    h, c = controller["h"], controller["c"]
    numbers = affine(h, cell.head_kernel, cell.head_bias)
    width, start, found = cell.address_width, cell.read_heads * cell.address_width, {}
    kept, added, w_w = 1.0, 0.0, []
    for k in range(cell.write_heads):
        own = numbers[:, start + k * (width + 2 * M) :][:, : width + 2 * M]
        head = _addressed(cell, memory, pointed[1][:, k : k + 1], own[:, :width])
        e, a = ops.sigmoid(own[:, width : width + M]), cell.activation(own[:, width + M :])
        kept = kept * (1 - head["w"][:, :, None] * e[:, None, :])
        added = added + head["w"][:, :, None] * a[:, None, :]
        w_w.append(head["w"])
        found |= below(f"write {k + 1}", {**head, "e": e, "a": a})
    memory = memory * kept + added
    w_r, read = [], []
    for k in range(cell.read_heads):
        head = _addressed(cell, memory, pointed[0][:, k : k + 1], numbers[:, k * width : (k + 1) * width])
        w_r.append(head["w"])
        read.append(ops.matmul(head["w"][:, None], memory)[:, 0])
        found |= below(f"read {k + 1}", {**head, "seen": read[-1]})

    a = affine(ops.concatenate([h, *read], axis=-1), cell.output_kernel, cell.output_bias)
    y = cell.output_activation(a)
    states = [h, c, ops.concatenate(w_r, axis=-1), ops.concatenate(w_w, axis=-1), _flat(memory)]
    return y, states, {**controller, **found, "memory": _flat(memory), "y": y}


def _addressed(cell, memory, previous, own) -> dict:
    """The quantities of one head, from its own numbers (N, width) and where it pointed, (N, 1, R)."""
    M, s = cell.memory_width, cell.shift_range
    key, strength, gate, shifts, power = ops.split(own[:, None], [M, M + 1, M + 2, M + 3 + 2 * s], axis=-1)
    key, beta, g = cell.activation(key), ops.softplus(strength), ops.sigmoid(gate)
    shifts, gamma = ops.softmax(shifts), 1 + ops.softplus(power)
    w = interpolated(content_weights(memory, key, beta), previous, g)
    w = sharpened(shifted(w, shifts), gamma)
    parts = {"key": key, "beta": beta, "g": g, "shift": shifts, "gamma": gamma, "w": w}
    return {name: value[:, 0] for name, value in parts.items()}


def _flat(x):
    return ops.reshape(x, (-1, x.shape[1] * x.shape[2]))
