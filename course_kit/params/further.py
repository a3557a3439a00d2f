"""Counts of the systems of slide D1.28: peepholes for pictures, grids, depth gates, lanes, dense stacks."""

from course_kit.params import formulas
from course_kit.params.formulas import whole
from course_kit.params.systems import System, Tensor, register


def _register(layer: str, cell: str, system: System) -> None:
    for name in (layer, cell):
        register(f"course_kit>{name}", system)


# --- ConvLSTM with peepholes ------------------------------------------------------------------------------------------


def peephole_conv_lstm2d(
    C: int, F: int, k1: int, k2: int, R: int | None = None, S: int | None = None, use_bias: bool = True
) -> int:
    """Slide D1.28: Keras' ConvLSTM2D and three peepholes for each filter, or for each filter and each of R x S places.

    >>> peephole_conv_lstm2d(2, 4, 3, 3), peephole_conv_lstm2d(2, 4, 3, 3, 8, 8)
    (892, 1648)
    """
    plain = formulas.conv_lstm2d(C, F, k1, k2, use_bias)
    if R is None:
        return plain + 3 * F
    R, S = whole(R=R, S=S)
    return plain + 3 * F * R * S


def _peephole_conv_lstm2d(C, F, k1, k2, use_bias, R=None, S=None):
    return [
        Tensor("kernel", (k1, k2, C, 4 * F), "from the input's channels into i, f, c and o"),
        Tensor("recurrent_kernel", (k1, k2, F, 4 * F), "from H, one step ago, into i, f, c and o"),
        *([Tensor("bias", (4 * F,), "of i, f, c and o")] if use_bias else []),
        Tensor("peephole_kernel", (3, F) if R is None else (3, R, S, F), "from C at the same place into i, f and o"),
    ]


def _conv_letters(config: dict) -> dict:
    sides = {"k1": lambda config: config["kernel_size"][0], "k2": lambda config: config["kernel_size"][1]}
    pixels = {"R": lambda config: _places(config, 0), "S": lambda config: _places(config, 1)}
    return {"F": "filters", **sides, **(pixels if config["peepholes"] == "pixel" else {})}


def _places(config: dict, axis: int) -> int:
    """Rows or columns of the state, from the size of the pictures that the layer was built on."""
    shape = (config["build_config"] or {}).get("input_shape")
    if shape is None:
        raise ValueError("peepholes='pixel' are counted once the layer is built. Got one that is not built.")
    size, k, stride = shape[-3:-1][axis], config["kernel_size"][axis], config["strides"][axis]
    reach = (k - 1) * config["dilation_rate"][axis]
    return -(-size // stride) if config["padding"] == "same" else (size - reach - 1) // stride + 1


def _conv_notes(R=None, S=None, **_) -> tuple[str, ...]:
    if R is None:
        return ("Peepholes by channel do not depend on the size of the picture.",)
    return (f"Peepholes by pixel bind the layer to one size of picture, here {R} x {S}.",)


_register(
    "PeepholeConvLSTM2D",
    "ConvLSTM2DCell",
    System(
        formula=peephole_conv_lstm2d,
        tensors=_peephole_conv_lstm2d,
        letters=_conv_letters,
        flags=("use_bias",),
        inputs="C",
        output="F",
        notes=_conv_notes,
        words={"R": "rows", "S": "columns"},
    ),
)


# --- Grid LSTM --------------------------------------------------------------------------------------------------------


def grid_block(N: int, d: int, use_bias: bool = True) -> int:
    """Slide D1.28: one block of a Grid LSTM with N dimensions: N transforms that read N hidden vectors.

    >>> grid_block(2, 7, use_bias=False), grid_block(2, 7)
    (784, 840)
    """
    N, d = whole(N=N, d=d)
    return 4 * N**2 * d**2 + (4 * N * d if use_bias else 0)


def grid_lstm(
    m: int,
    n: int,
    depth: int = 1,
    *,
    tied: str | None = "layers",
    input_memory: str = "projected",
    depth_dimension: str = "lstm",
    use_bias: bool = True,
) -> int:
    """Slide D1.28: blocks of two dimensions above each other, and the way in.

    >>> grid_lstm(5, 7, 3), grid_lstm(5, 7, 3, tied=None)
    (910, 2590)
    """
    m, n = whole(m=m, n=n)
    entry, columns, blocks = _grid(depth, tied, input_memory, depth_dimension)
    return entry * m * n + blocks * (2 * columns * n**2 + (columns * n if use_bias else 0))


def _grid(depth: int, tied: str | None, input_memory: str, depth_dimension: str) -> tuple[int, int, int]:
    """How many n wide are the way in and the matrices of a block, and how many blocks have their own."""
    dense = depth_dimension == "dense"
    columns = 4 if tied in ("dimensions", "both") else 5 if dense else 8
    return 2 if input_memory == "projected" and not dense else 1, columns, 1 if tied in ("layers", "both") else depth


def _grid_lstm(m, n, depth, tied, input_memory, depth_dimension, use_bias):
    entry, columns, blocks = _grid(depth, tied, input_memory, depth_dimension)
    return [
        Tensor("kernel", (m, entry * n), "from the inputs into h and m of depth" if entry == 2 else "into h of depth"),
        Tensor("recurrent_kernel", (2 * n, blocks * columns * n), "from h of time and depth into the transforms"),
        *([Tensor("bias", (blocks * columns * n,), "of the transforms")] if use_bias else []),
    ]


_register(
    "GridLSTM",
    "GridLSTMCell",
    System(
        formula=grid_lstm,
        tensors=_grid_lstm,
        letters={"n": "units"},
        flags=("depth", "tied", "input_memory", "depth_dimension", "use_bias"),
        defaults={"depth": 1, "tied": "layers", "input_memory": "projected", "depth_dimension": "lstm"},
    ),
)


# --- depth-gated LSTM -------------------------------------------------------------------------------------------------


def depth_gated_lstm(m: int, n: int, depth: int = 2, use_bias: bool = True, peepholes: bool = True) -> int:
    """Slide D1.28: a stack of LSTMs; each layer but the first has a depth gate: a matrix, two diagonals and a bias.

    >>> depth_gated_lstm(5, 7)
    896
    """
    m, n = whole(m=m, n=n)
    lstm = formulas.peephole_lstm if peepholes else formulas.lstm
    gate = n**2 + (3 * n if use_bias else 2 * n)
    return lstm(m, n, use_bias) + (depth - 1) * (lstm(n, n, use_bias) + gate)


def _depth_gated_lstm(m, n, depth, use_bias, peepholes):
    upper = (depth - 1) * n
    tensors = [
        Tensor("kernel", (m, 4 * n), "from the inputs into i, f, c and o of layer 1"),
        Tensor("recurrent_kernel", (n, 4 * depth * n), "from each layer's h, one step ago, into its i, f, c and o"),
        *([Tensor("bias", (4 * depth * n,), "of i, f, c and o of each layer")] if use_bias else []),
        *([Tensor("peephole_kernel", (3, depth * n), "from each unit's own c into i, f and o")] if peepholes else []),
    ]
    if depth == 1:
        return tensors
    return [
        *tensors,
        Tensor("upper_kernel", (n, 4 * upper), "from h of the layer below into i, f, c and o"),
        Tensor("depth_kernel", (n, upper), "from h of the layer below into the depth gate"),
        Tensor(
            "depth_peephole_kernel", (2, upper), "from c, one step ago, and c of the layer below into the depth gate"
        ),
        *([Tensor("depth_bias", (upper,), "of the depth gates")] if use_bias else []),
    ]


_register(
    "DepthGatedLSTM",
    "DepthGatedLSTMCell",
    System(
        formula=depth_gated_lstm,
        tensors=_depth_gated_lstm,
        letters={"n": "units"},
        flags=("depth", "use_bias", "peepholes"),
        defaults={"depth": 2},
    ),
)


# --- Array-LSTM -------------------------------------------------------------------------------------------------------


def array_lstm(m: int, n: int, K: int, use_bias: bool = True, lane_selection: str | None = None) -> int:
    """Slide D1.28: K lanes of an LSTM for one output; soft lane selection is a fifth block.

    >>> array_lstm(5, 7, 2), array_lstm(5, 7, 2, lane_selection="soft")
    (728, 910)
    """
    m, n, K = whole(m=m, n=n, K=K)
    return (5 if lane_selection else 4) * K * (n**2 + m * n + (n if use_bias else 0))


def _array_lstm(m, n, K, use_bias, lane_selection):
    width, into = (5 * K * n, "i, f, c, o and a") if lane_selection else (4 * K * n, "i, f, c and o")
    return [
        Tensor("kernel", (m, width), f"from the inputs into {into} of each lane"),
        Tensor("recurrent_kernel", (n, width), f"from h, one step ago, into {into} of each lane"),
        *([Tensor("bias", (width,), f"of {into} of each lane")] if use_bias else []),
    ]


def _array_notes(K, lane_selection, **_) -> tuple[str, ...]:
    if K == 2 and not lane_selection:
        return ("A count alone does not name a cell: an Array-LSTM of two lanes and a BiLSTM are equally large.",)
    return ()


_register(
    "ArrayLSTM",
    "ArrayLSTMCell",
    System(
        formula=array_lstm,
        tensors=_array_lstm,
        letters={"n": "units", "K": "lanes"},
        flags=("use_bias", "lane_selection"),
        defaults={"lane_selection": None},
        notes=_array_notes,
        words={"K": "lanes"},
    ),
)


# --- densely connected BiLSTM -----------------------------------------------------------------------------------------


def dense_bilstm(m: int, n: int, L: int, t: int) -> int:
    """Slide D1.28: L bidirectional LSTMs of n units, each reading the inputs and all before it, then one of t units.

    >>> dense_bilstm(300, 13, 15, 100)
    1406560
    """
    m, n, L, t = whole(m=m, n=n, L=L, t=t)
    return 8 * n * L * (m + n * L + 1) + 8 * t * (m + 2 * n * L + t + 1)


def _dense_bilstm(m, n, L, t, depth):
    tensors, width = [], m
    for place, units in enumerate([n] * depth + [t], 1):
        for way in ("forward", "backward"):
            name = f"bilstm_{place}/{way}/"
            tensors += [
                Tensor(f"{name}kernel", (width, 4 * units), "from the inputs and all layers below into i, f, c and o"),
                Tensor(f"{name}recurrent_kernel", (units, 4 * units), "from h, one step ago, into i, f, c and o"),
                Tensor(f"{name}bias", (4 * units,), "of i, f, c and o"),
            ]
        width = width + 2 * units
    return tensors


register(
    "course_kit>DenselyConnectedBiLSTM",
    System(
        formula=lambda m, n, L, t, depth: dense_bilstm(m, n, L, t),
        tensors=_dense_bilstm,
        letters={"n": "units", "L": "depth", "t": "last_units"},
        flags=("depth",),
        output="",
        notes=("The last layer is not counted in L.",),
        words={"L": "narrow layers", "t": "units of the last layer"},
    ),
)
