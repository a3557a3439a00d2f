"""Counts of networks that settle, predict or echo: what a gradient trains in them, and what else they hold."""

from math import comb

from course_kit.params import formulas
from course_kit.params.formulas import whole
from course_kit.params.systems import System, Tensor, register


def echo_state(m: int, n: int, o: int, use_bias: bool = True, input_skip: bool = False) -> int:
    """Slide D2.10: a reservoir that nobody trains, as large as a SimpleRNN, and a read-out that is trained.

    Of these 105, 91 are not trainable: kernel, recurrent kernel and bias of the reservoir.

    >>> echo_state(5, 7, 2) - 2 * (7 + 1), echo_state(5, 7, 2, input_skip=True) - 2 * (1 + 5 + 7)
    (91, 91)
    """
    m, n, o = whole(m=m, n=n, o=o)
    read_out = (m + n) * o if input_skip else n * o
    return n**2 + m * n + (n if use_bias else 0) + read_out + (o if use_bias else 0)


def hopfield(n: int) -> int:
    """Slide D2.6: the free couplings of n units, n(n - 1)/2, since w_ij = w_ji and w_ii = 0; n thresholds beside them.

    None is trained by gradient: they are computed from the patterns in one step.

    >>> hopfield(7)
    21
    """
    (n,) = whole(n=n)
    return comb(n, 2)


def bam(n: int, p: int) -> int:
    """Slide D2.7: the couplings of n units with p others. None is trained by gradient.

    >>> bam(6, 4)
    24
    """
    n, p = whole(n=n, p=p)
    return n * p


def history_compressor(m: int, n1: int, k: int, n2: int, imitate: bool = False) -> int:
    """Slide D2.11: two Elman networks that predict their own next input, one of m symbols, one of k events.

    With ``imitate`` the automatizer has an output more for each of the chunker's n2 units: n2(n1 + 1) more.

    >>> history_compressor(4, 7, 9, 5, imitate=True) - history_compressor(4, 7, 9, 5) == 5 * (7 + 1)
    True
    """
    m, n1, k, n2 = whole(m=m, n1=n1, k=k, n2=n2)
    return formulas.elman(m, n1, m + n2 if imitate else m) + formulas.elman(k, n2, k)


def _echo_state(m, n, o, use_bias, input_skip):
    reservoir = [
        Tensor("kernel", (m, n), "from the inputs into the units, as drawn", trainable=False),
        Tensor("recurrent_kernel", (n, n), "from h, one step ago, into the units, as drawn", trainable=False),
        *([Tensor("bias", (n,), "added in every unit, as drawn", trainable=False)] if use_bias else []),
    ]
    seen, meaning = (m + n, "from inputs and h") if input_skip else (n, "from h")
    read_out = [
        Tensor("output_kernel", (seen, o), f"{meaning} into the outputs"),
        *([Tensor("output_bias", (o,), "added in every output")] if use_bias else []),
    ]
    return read_out + reservoir  # Keras lists what is trained first


for name in ("EchoState", "EchoStateCell"):
    register(
        f"course_kit>{name}",
        System(
            formula=echo_state,
            tensors=_echo_state,
            letters={"n": "units", "o": "output_units"},
            flags=("use_bias", "input_skip"),
            defaults={"input_skip": False},
            output="o",
            notes=("The reservoir of EchoState is fixed: as many numbers as a SimpleRNN has, none of them trained.",),
        ),
    )
