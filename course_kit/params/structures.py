"""Counts of networks over trees, of the attention window and of the Neural Turing Machine."""

from course_kit.params import formulas
from course_kit.params.formulas import whole
from course_kit.params.systems import System, Tensor, register

# --- trees ------------------------------------------------------------------------------------------------------------


def recursive(d: int, use_bias: bool = True) -> int:
    """Slides D1.30, D2.5: one (2d, d) matrix for the two children together, the same at every node.

    >>> recursive(3)
    21
    """
    (d,) = whole(d=d)
    return 2 * d**2 + (d if use_bias else 0)


def nary_tree_lstm(m: int, n: int, N: int, use_bias: bool = True) -> int:
    """Tai 2015, section 3.2: each of N places has weights of its own, and each of N forget gates sees all places.

    >>> nary_tree_lstm(5, 7, 1) == formulas.lstm(5, 7), nary_tree_lstm(5, 7, 2)
    (True, 658)
    """
    m, n, N = whole(m=m, n=n, N=N)
    return 4 * (m * n + (n if use_bias else 0)) + (3 * N + N**2) * n**2


def _recursive(d, use_bias):
    bias = [Tensor("bias", (d,), "added in every number of a node")]
    return [Tensor("kernel", (2 * d, d), "from the two children into their parent"), *(bias if use_bias else [])]


def _tensor(d, use_bias):
    pairs = Tensor("tensor_kernel", (2 * d, 2 * d, d), "from each pair of the children's numbers into their parent")
    return [*_recursive(d, use_bias), pairs]


def _tree_lstm(m, n, recurrent: tuple, use_bias):
    bias = [Tensor("bias", (4 * n,), "of i, f, c and o")]
    return [
        Tensor("kernel", (m, 4 * n), "from the node's word into i, f, c and o"),
        Tensor("recurrent_kernel", recurrent, "from the children's h into i, f, c and o"),
        *(bias if use_bias else []),
    ]


for name, formula, tensors, notes in (
    ("RecursiveNetwork", recursive, _recursive, ()),
    (
        "RecursiveTensorNetwork",
        formulas.rntn,
        _tensor,
        ("Of the 4d^3 numbers of the tensor only d^2(2d + 1) matter: each slice counts with its mirror image.",),
    ),
):
    register(
        f"course_kit>{name}",
        System(
            formula=formula,
            tensors=tensors,
            letters={"d": "units"},
            flags=("use_bias",),
            inputs=None,
            output="d",
            notes=notes,
            words={"d": "numbers per node"},
        ),
    )

register(
    "course_kit>ChildSumTreeLSTM",
    System(
        formula=formulas.lstm,
        tensors=lambda m, n, use_bias: _tree_lstm(m, n, (n, 4 * n), use_bias),
        letters={"n": "units"},
        flags=("use_bias",),
        notes=("ChildSumTreeLSTM has as many numbers as the LSTM: all children share the weights of one forget gate.",),
    ),
)
register(
    "course_kit>NaryTreeLSTM",
    System(
        formula=nary_tree_lstm,
        tensors=lambda m, n, N, use_bias: _tree_lstm(m, n, (N * n, (N + 3) * n), use_bias),
        letters={"n": "units", "N": "arity"},
        flags=("use_bias",),
        notes=("NaryTreeLSTM has a forget gate for each of N places, and each gate sees all N: the N^2.",),
        words={"N": "places for children"},
    ),
)


# --- attention window -------------------------------------------------------------------------------------------------


def local_attention(m: int, w: int, d: int | None = None, attention: object = "uniform") -> int:
    """Slide D1.25: nothing for given weights, w for learned ones, queries and keys of d numbers for weights by content.

    >>> local_attention(5, 9), local_attention(5, 9, attention="learned"), local_attention(5, 9, 4, "content")
    (0, 9, 40)
    """
    m, w = whole(m=m, w=w)
    if d is not None:
        return 2 * m * whole(d=d)[0]
    return w if attention == "learned" else 0


def _local_attention(m, w, attention, d=None):
    if d is not None:
        return [Tensor("kernel", (m, 2 * d), "from the states into queries and keys")]
    return [Tensor("theta", (w,), "whose softmax are the weights")] if attention == "learned" else []


def _local_attention_notes(attention, **_) -> tuple[str, ...]:
    if attention != "learned":
        return ()
    return ("One of the w numbers is free to choose: adding a constant to all changes no weight.",)


register(
    "course_kit>LocalAttention",
    System(
        formula=local_attention,
        tensors=_local_attention,
        letters=lambda config: {"w": "window"} | ({"d": "key_dim"} if config.get("key_dim") else {}),
        flags=("attention",),
        defaults={"attention": "uniform"},
        output="m",
        notes=_local_attention_notes,
        words={"w": "steps of the window", "d": "numbers per key"},
    ),
)


# --- Neural Turing Machine --------------------------------------------------------------------------------------------


def ntm(m: int, n: int, o: int, M: int, R: int = 1, W: int = 1, s: int = 1, use_bias: bool = True) -> int:
    """Slide D1.26: an LSTM that also sees what R heads read, the heads' own numbers, and a read-out of both.

    M numbers in a row of the memory, W write heads, addresses that move by s rows at most. How many rows there are is
    of no account.

    >>> ntm(5, 7, 2, M=8)
    972
    """
    m, n, o, M, R, W, s = whole(m=m, n=n, o=o, M=M, R=R, W=W, s=s)
    controller = 4 * (n**2 + m * n + R * M * n + (n if use_bias else 0))
    heads = (n + 1 if use_bias else n) * (R * (M + 2 * s + 4) + W * (3 * M + 2 * s + 4))
    return controller + heads + o * (n + R * M + (1 if use_bias else 0))


def _ntm(m, n, o, M, R, W, s, use_bias):
    heads = R * (M + 2 * s + 4) + W * (3 * M + 2 * s + 4)
    return [
        Tensor("kernel", (m + R * M, 4 * n), "from the inputs and what was read into i, f, c and o"),
        Tensor("recurrent_kernel", (n, 4 * n), "from h, one step ago, into i, f, c and o"),
        *([Tensor("bias", (4 * n,), "of i, f, c and o")] if use_bias else []),
        Tensor("head_kernel", (n, heads), "from h into each head's key, strength, gate, shifts, power, erase, add"),
        *([Tensor("head_bias", (heads,), "of the heads")] if use_bias else []),
        Tensor("output_kernel", (n + R * M, o), "from h and what is read into the outputs"),
        *([Tensor("output_bias", (o,), "added in every output")] if use_bias else []),
    ]


NTM = System(
    formula=ntm,
    tensors=_ntm,
    letters={
        "n": "units",
        "o": "output_units",
        "M": "memory_width",
        "R": "read_heads",
        "W": "write_heads",
        "s": "shift_range",
    },
    flags=("use_bias",),
    output="o",
    notes=("The number of rows of the memory is not in the count: a trained machine can be given more.",),
    words={
        "M": "numbers per row of the memory",
        "R": "read heads",
        "W": "write heads",
        "s": "rows that an address moves at most",
    },
)

for name in ("NTM", "NTMCell"):
    register(f"course_kit>{name}", NTM)
