"""Steps of the systems of slide D1.28: lanes, layers, dimensions and pictures."""

from keras import ops

from course_kit.cells import ArrayLSTMCell, ConvLSTM2DCell, DepthGatedLSTMCell, GridLSTMCell
from course_kit.layers.tracing.table import below, lstm, traced, weighted


@traced(ArrayLSTMCell)
def _array(cell, x, states):
    h, c = states
    blocks = ops.split(weighted(cell, x, h), 5 if cell.lane_selection else 4, axis=-1)
    a_i, a_f, a_c, a_o, *attention = [ops.split(block, cell.lanes, axis=-1) for block in blocks]  # by lane, (N, n) each
    lanes = ops.split(c, cell.lanes, axis=-1)
    shares = [None] * cell.lanes
    if cell.lane_selection:
        scores = ops.stack([cell.attention_activation(a) for a in attention[0]])
        shares = [*ops.unstack(ops.softmax(scores, axis=0), cell.lanes)]
    found, kept, h = {}, [], 0.0
    for k, (s, c) in enumerate(zip(shares, lanes, strict=True)):
        i, f, o = (cell.recurrent_activation(a[k]) for a in (a_i, a_f, a_o))
        c_tilde, share = cell.activation(a_c[k]), {}
        if s is not None:
            i, f, o, share = s * i, 1 - s * f, s * o, {"s": s}
        c = f * c + i * c_tilde
        h = h + o * cell.activation(c)
        found |= below(f"lane {k + 1}", {**share, "i": i, "f": f, "c_tilde": c_tilde, "o": o, "c": c})
        kept.append(c)
    return h, [h, ops.concatenate(kept, axis=-1)], {**found, "h": h}


@traced(DepthGatedLSTMCell)
def _depth_gated(cell, x, states):
    found, after, under = {}, [], None
    for k in range(cell.depth):
        h, c = states[2 * k], states[2 * k + 1]
        a = ops.matmul(x, cell.kernel if k == 0 else _slice(cell.upper_kernel, k - 1, 4 * cell.units))
        a = a + ops.matmul(h, _slice(cell.recurrent_kernel, k, 4 * cell.units))
        if cell.use_bias:
            a = a + _slice(cell.bias, k, 4 * cell.units)
        peepholes = _rows(cell, cell.peephole_kernel, k) if cell.peepholes else (0.0, 0.0, 0.0)
        if k == 0:
            quantities = lstm(cell, a, c, peepholes)
        else:
            d = _depth_gate(cell, k, x, c, under)
            quantities = {"d": d, **lstm(cell, a, c, peepholes, added=d * under)}
        x, under = quantities["h"], quantities["c"]
        after += [x, under]
        found |= below(f"layer {k + 1}", quantities)
    return x, after, found


def _depth_gate(cell, k, x, c, under):
    """How much of the memory of the layer under it a layer lets in."""
    w_c, w_l = _rows(cell, cell.depth_peephole_kernel, k - 1)
    a = ops.matmul(x, _slice(cell.depth_kernel, k - 1, cell.units)) + w_c * c + w_l * under
    return cell.recurrent_activation(a + _slice(cell.depth_bias, k - 1, cell.units) if cell.use_bias else a)


def _slice(weight, k, width):
    return weight[..., k * width : (k + 1) * width]


def _rows(cell, weight, k):
    return [_slice(weight, k, cell.units)[row] for row in range(weight.shape[0])]


@traced(GridLSTMCell)
def _grid(cell, x, states):
    """Block by block upwards; in each, a dimension with priority comes last and reads what the other has made."""
    d, entry = cell.units, ops.matmul(x, cell.kernel)
    up, up_memory = (entry, ops.zeros_like(entry)) if entry.shape[-1] == d else ops.split(entry, 2, axis=-1)
    found, after = {}, []
    for k, weights in enumerate(_grid_weights(cell)):
        hidden, memories = {"time": states[2 * k], "depth": up}, {"time": states[2 * k + 1], "depth": up_memory}
        new = {}
        for dimension in sorted(hidden, key=lambda dimension: dimension == cell.priority):
            both = hidden
            if dimension == cell.priority:
                both = {other: hidden[other] if other == dimension else new[other]["h"] for other in hidden}
            W, b = weights[dimension]
            a = ops.matmul(ops.concatenate([both["time"], both["depth"]], axis=-1), W)
            a = a if b is None else a + b
            if dimension == "depth" and cell.depth_dimension == "dense":
                new[dimension] = {"h": cell.dense_activation(a)}
                continue
            quantities = lstm(cell, a, memories[dimension])
            if cell.squashing == "paper":
                quantities["h"] = cell.activation(quantities["o"] * quantities["c"])
            quantities["m"] = quantities.pop("c")  # the letter of the paper
            new[dimension] = quantities
        up, up_memory = new["depth"]["h"], new["depth"].get("m")
        after += [new["time"]["h"], new["time"]["m"]]
        for dimension in hidden:
            found |= below(f"block {k + 1}, {dimension}", new[dimension])
    return up, after, found


def _grid_weights(cell) -> list[dict]:
    """Kernel and bias for both dimensions of every block, as the cell lays them side by side."""
    d, dense = cell.units, cell.depth_dimension == "dense"
    own = ["time", "depth"] if cell.tied in (None, "layers") else ["both"]
    blocks, start = [], 0
    for _ in range(cell.depth if cell.tied in (None, "dimensions") else 1):
        block = {}
        for dimension in own:
            there = slice(start, start + (d if dense and dimension == "depth" else 4 * d))
            block[dimension] = cell.recurrent_kernel[:, there], cell.bias[there] if cell.use_bias else None
            start = there.stop
        blocks.append(block if len(own) > 1 else dict.fromkeys(("time", "depth"), block["both"]))
    return blocks if len(blocks) == cell.depth else blocks * cell.depth


@traced(ConvLSTM2DCell)
def _conv_lstm(cell, x, states):
    h, c = states
    a = ops.conv(x, cell.kernel, cell.strides, cell.padding, "channels_last", cell.dilation_rate)
    a = a + ops.conv(h, cell.recurrent_kernel, 1, "same", "channels_last")
    found = lstm(cell, a + cell.bias if cell.use_bias else a, c, [cell.peephole_kernel[k] for k in range(3)])
    return found["h"], [found["h"], found["c"]], found
