"""The cells known from TensorFlow Addons and their layers, as they are counted."""

from course_kit.params.formulas import whole
from course_kit.params.systems import System, Tensor, register


def layer_norm_simple_rnn(m: int, n: int, use_bias: bool = True) -> int:
    """A SimpleRNN and a gain for each unit.

    >>> layer_norm_simple_rnn(5, 7)
    98
    """
    m, n = whole(m=m, n=n)
    return n**2 + m * n + (2 * n if use_bias else n)


def layer_norm_lstm(m: int, n: int, use_bias: bool = True) -> int:
    """An LSTM and three normalisations: 8n for x, 8n for h, 2n for c.

    >>> layer_norm_lstm(5, 7)
    490
    """
    m, n = whole(m=m, n=n)
    return 4 * (n**2 + m * n + (n if use_bias else 0)) + 18 * n


def nas(m: int, n: int, p: int | None = None, use_bias: bool = False) -> int:
    """Eight blocks; with a projection h has p numbers.

    >>> nas(5, 7), nas(5, 7, 2), nas(5, 7, use_bias=True)
    (672, 406, 728)
    """
    m, n = whole(m=m, n=n)
    bias = n if use_bias else 0
    if p is None:
        return 8 * (n**2 + m * n + bias)
    (p,) = whole(p=p)
    return 8 * (m * n + n * p + bias) + n * p


def esn(m: int, n: int, use_bias: bool = True) -> int:
    """A SimpleRNN of which nothing is trained.

    >>> esn(5, 7)
    91
    """
    m, n = whole(m=m, n=n)
    return n**2 + m * n + (n if use_bias else 0)


def _kernels(m, n, blocks, back, bias, trainable=True):
    found = [
        Tensor("kernel", (m, blocks * n), "from the inputs", trainable),
        Tensor("recurrent_kernel", (back, blocks * n), "from h, one step ago", trainable),
    ]
    return found + ([Tensor("bias", (blocks * n,), "of every block", trainable)] if bias else [])


def _layer_norm_lstm(m, n, use_bias):
    norms = [("kernel", 4 * n), ("recurrent", 4 * n), ("state", n)]
    gains = [(f"{of}_{part}", size) for of, size in norms for part in ("gamma", "beta")]
    return _kernels(m, n, 4, n, use_bias) + [Tensor(name, (size,), "of a normalisation") for name, size in gains]


def _nas(m, n, use_bias, p=None):
    projection = [] if p is None else [Tensor("projection_kernel", (n, p), "from the cells into h")]
    return _kernels(m, n, 8, n if p is None else p, use_bias) + projection


def _register(layer: str, system: System) -> None:
    for name in (layer, f"{layer}Cell"):
        register(f"course_kit>{name}", system)


_register(
    "LayerNormSimpleRNN",
    System(
        formula=layer_norm_simple_rnn,
        tensors=lambda m, n, use_bias: (
            _kernels(m, n, 1, n, use_bias) + [Tensor("gamma", (n,), "the gain of each unit")]
        ),
        letters={"n": "units"},
        flags=("use_bias",),
    ),
)
_register(
    "LayerNormLSTM",
    System(
        formula=layer_norm_lstm,
        tensors=_layer_norm_lstm,
        letters={"n": "units"},
        flags=("use_bias",),
        notes=("Of the two betas and the bias only the sum acts.",),
    ),
)
_register(
    "NAS",
    System(
        formula=nas,
        tensors=_nas,
        letters=lambda config: {"n": "units"} | ({"p": "projection"} if config.get("projection") else {}),
        flags=("use_bias",),
        defaults={"use_bias": False},
    ),
)
_register(
    "ESN",
    System(
        formula=esn,
        tensors=lambda m, n, use_bias: _kernels(m, n, 1, n, use_bias, trainable=False),
        letters={"n": "units"},
        flags=("use_bias",),
        notes=("Nothing in an echo state cell is trained.",),
    ),
)
