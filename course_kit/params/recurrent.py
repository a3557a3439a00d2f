"""The recurrent systems of the table: Keras' own and the course's."""

from dataclasses import replace

from course_kit.params import formulas
from course_kit.params.systems import System, Tensor, register


def _kernels(m, n, blocks: int, into: str) -> list[Tensor]:
    """The two kernels of a cell whose state h comes back."""
    return [
        Tensor("kernel", (m, blocks * n), f"from the inputs into {into}"),
        Tensor("recurrent_kernel", (n, blocks * n), f"from h, one step ago, into {into}"),
    ]


def _simple_rnn(m, n, use_bias):
    bias = [Tensor("bias", (n,), "added in every unit")]
    return _kernels(m, n, 1, "the units") + (bias if use_bias else [])


def _lstm(m, n, use_bias):
    bias = [Tensor("bias", (4 * n,), "of i, f, c and o")]
    return _kernels(m, n, 4, "i, f, c and o") + (bias if use_bias else [])


def _gru(m, n, reset_after, use_bias):
    if reset_after:
        bias = [Tensor("bias", (2, 3 * n), "of z, r and h: a row with the kernel, a row with the recurrent kernel")]
    else:
        bias = [Tensor("bias", (3 * n,), "of z, r and h")]
    return _kernels(m, n, 3, "z, r and h") + (bias if use_bias else [])


_NOT_A_NAME = "A count alone does not name a cell: GRU(reset_after=False) and the LSTM of 1997 both have three blocks."


def _gru_notes(m, n, reset_after, use_bias) -> tuple[str, ...]:
    if not reset_after:
        return (_NOT_A_NAME,)
    if not use_bias:
        return ()
    slide, keras = formulas.gru(m, n, reset_after=False), formulas.gru(m, n, reset_after=True)
    return (
        f"GRU with m = {m}, n = {n}: {keras} and not the slide's {slide}, 3n = {3 * n} more for a second bias vector.",
        "GRU(reset_after=True), the Keras default, keeps two bias vectors for each of z, r and the candidate: the "
        "reset gate acts after the recurrent product, r * (h U + b_r), and cuDNN keeps that recurrent bias apart "
        "from the input's. For z and r only the sum of the two matters, so 2n of the 3n change nothing; in the "
        "candidate r multiplies the one bias and not the other, so there both matter.",
    )


GRU = System(
    formula=formulas.gru,
    tensors=_gru,
    letters={"n": "units"},
    flags=("reset_after", "use_bias"),
    notes=_gru_notes,
)
SIMPLE_RNN = System(formula=formulas.simple_rnn, tensors=_simple_rnn, letters={"n": "units"}, flags=("use_bias",))
LSTM = System(formula=formulas.lstm, tensors=_lstm, letters={"n": "units"}, flags=("use_bias",))

for kind, system in (("SimpleRNN", SIMPLE_RNN), ("LSTM", LSTM), ("GRU", GRU)):
    register(kind, system)
    register(f"{kind}Cell", system)


def _register(layer: str, system: System, cell: str = "") -> None:
    """One of the course's own, as a layer and as its cell."""
    register(f"course_kit>{layer}", system)
    register(f"course_kit>{cell or layer + 'Cell'}", system)


_register("AnyGRU", replace(GRU, defaults={"reset_after": False}), cell="GRUCell")


def _read_out(n, o, use_bias):
    read_out = [Tensor("output_kernel", (n, o), "from h into the outputs")]
    return read_out + ([Tensor("output_bias", (o,), "added in every output")] if use_bias else [])


_register(
    "Elman",
    System(
        formula=formulas.elman,
        tensors=lambda m, n, o, use_bias: _simple_rnn(m, n, use_bias) + _read_out(n, o, use_bias),
        letters={"n": "units", "o": "output_units"},
        flags=("use_bias",),
        output="o",
        notes=("ElmanCell is a SimpleRNN and a Dense read-out in one.",),
    ),
)


def _jordan(m, n, o, use_bias):
    kernels = [
        Tensor("kernel", (m, n), "from the inputs into the units"),
        Tensor("recurrent_kernel", (o, n), "from the outputs, one step ago, into the units"),
    ]
    bias = [Tensor("bias", (n,), "added in every unit")] if use_bias else []
    return kernels + bias + _read_out(n, o, use_bias)


_register(
    "Jordan",
    System(
        formula=formulas.jordan,
        tensors=_jordan,
        letters={"n": "units", "o": "output_units"},
        flags=("use_bias",),
        output="o",
        notes=("In JordanCell the output comes back: the recurrent kernel is (o, n), and no n^2 is in the count.",),
    ),
)


def _lstm1997(m, n, use_bias, gate_recurrence, b=None):
    gates = 2 * n if b is None else 2 * b
    hidden = 3 * n if b is None else n + gates
    seen = Tensor("recurrent_kernel", (n, hidden), "from h, one step ago, into i, c and o")
    if gate_recurrence:
        seen = Tensor("recurrent_kernel", (hidden, hidden), "from h, i and o, one step ago, into i, c and o")
    biases = {
        True: [Tensor("bias", (hidden,), "of i, c and o")],
        "gates": [Tensor("bias", (gates,), "of i and o")],
        False: [],
    }
    return [Tensor("kernel", (m, hidden), "from the inputs into i, c and o"), seen, *biases[use_bias]]


def _lstm1997_notes(m, n, use_bias, gate_recurrence, b=None) -> tuple[str, ...]:
    notes = ("LSTM1997Cell has no forget gate: three blocks and not four.",)
    if b is not None:
        notes += ("The cells of a memory block share an input and an output gate: n + 2b columns and not 3n.",)
    return notes if b is not None or gate_recurrence else (*notes, _NOT_A_NAME)


def _memory_blocks(config: dict) -> int:
    return config["units"] // config["block_size"]


_register(
    "LSTM1997",
    System(
        formula=formulas.lstm1997,
        tensors=_lstm1997,
        letters=lambda config: {"n": "units"} | ({"b": _memory_blocks} if config.get("block_size", 1) > 1 else {}),
        flags=("use_bias", "gate_recurrence"),
        defaults={"gate_recurrence": False},
        notes=_lstm1997_notes,
    ),
)
_register(
    "PeepholeLSTM",
    System(
        formula=formulas.peephole_lstm,
        tensors=lambda m, n, use_bias: (
            _lstm(m, n, use_bias) + [Tensor("peephole_kernel", (3, n), "from each unit's own c into i, f and o")]
        ),
        letters={"n": "units"},
        flags=("use_bias",),
        notes=("The peepholes are vectors, one number for a unit and gate: 3n and not 3n^2.",),
    ),
)

_register(
    "LagSkip",
    System(
        formula=formulas.lag_skip,
        tensors=lambda m, n, K, use_bias: [
            Tensor("kernel", (m, n), "from the inputs into the units"),
            Tensor("recurrent_kernel", ((1 + K) * n, n), "from h, one step and each lag ago, into the units"),
            *([Tensor("bias", (n,), "added in every unit")] if use_bias else []),
        ],
        letters={"n": "units", "K": lambda config: len(config["lags"])},
        flags=("use_bias",),
    ),
)

register(
    "ConvLSTM2D",
    System(
        formula=formulas.conv_lstm2d,
        tensors=lambda C, F, k1, k2, use_bias: [
            Tensor("kernel", (k1, k2, C, 4 * F), "from the input's channels into i, f, c and o"),
            Tensor("recurrent_kernel", (k1, k2, F, 4 * F), "from h, one step ago, into i, f, c and o"),
            *([Tensor("bias", (4 * F,), "of i, f, c and o")] if use_bias else []),
        ],
        letters={
            "F": "filters",
            "k1": lambda config: config["kernel_size"][0],
            "k2": lambda config: config["kernel_size"][1],
        },
        flags=("use_bias",),
        inputs="C",
        output="F",
        notes=(
            "ConvLSTM2D uses the same kernel at every place: the size of the picture is not in its count.",
            "Keras leaves out the peepholes of the paper (Shi 2015).",
        ),
        covers=lambda config: config["data_format"] == "channels_last",
    ),
)
