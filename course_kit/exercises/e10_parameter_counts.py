"""Notebook 10: how many parameters a network has. The later exercises are in ``count_family`` and ``count_models``."""

from course_kit.checking import Exercise, expect
from course_kit.exercises.count_family import E10_4
from course_kit.exercises.count_models import E10_5, E10_6
from course_kit.reference import counts
from course_kit.reference.counts import parameters

__all__ = ["E10_1", "E10_2", "E10_3", "E10_4", "E10_5", "E10_6"]


def pairs(draw, number: int = 30) -> list[tuple[int, int]]:
    """``number`` pairs m, n with m != n, so that exchanged letters show."""
    dealt = []
    while len(dealt) < number:
        m, n = draw.integer(3, 200), draw.integer(3, 200)
        if m != n:
            dealt.append((m, n))
    return dealt


# E10.1

E10_1 = Exercise(
    "E10.1",
    "SimpleRNN",
    slides=("D1.6", "D4.31"),
    names=("simple_rnn_shapes", "simple_rnn_count"),
    hints=(
        "Write the step h = tanh(x @ W + h @ U + b) and ask of each tensor: what goes in, what comes out?",
        "W is (m, n), U is (n, n), b is (n,): n*n + m*n + n, and without the bias n*n + m*n.",
    ),
)


@E10_1.case("the shapes of W, U and b")
def _(answer, draw):
    m, n = draw.sizes()
    expect(
        answer.simple_rnn_shapes(m, n),
        ((m, n), (n, n), (n,)),
        ", ".join(f"m={m} n={n}: shape of {name}" for name in "WUb"),
        tolerance=0,
        known={
            "W and U are exchanged: W reads the input, U the previous h": ((n, n), (m, n), (n,)),
            "W is transposed: rows are examples, so x @ W needs a W of m rows": ((n, m), (n, n), (n,)),
            "the bias belongs to the units, one number each": ((m, n), (n, n), (m,)),
            "U is not (m, m): it leads from n units to n units": ((m, n), (m, m), (n,)),
        },
    )


def simple_rnn_wrong(m, n, use_bias):
    bias = n if use_bias else 0
    return {
        "m and n are exchanged: the square is that of the units": m * m + m * n + (m if use_bias else 0),
        "the bias is counted though use_bias is False": n * n + m * n + n,
        "the bias is missing": n * n + m * n,
        "the bias has one number for each unit, not for each input": n * n + m * n + m,
        "the recurrent kernel U is missing": m * n + bias,
        "the kernel W is missing": n * n + bias,
        "the bias is one single number": n * n + m * n + 1,
    }


def grid(answer, draw, name, shapes, use_bias, wrong):
    """Thirty calls of ``name`` against the tensors written out."""
    for m, n in pairs(draw):
        expect(
            answer.call(name, m, n, use_bias),
            parameters(shapes(m, n, use_bias)),
            f"{name}({m}, {n}, use_bias={use_bias})",
            tolerance=0,
            known=wrong(m, n, use_bias),
        )


@E10_1.case("thirty pairs m, n")
def _(answer, draw):
    grid(answer, draw, "simple_rnn_count", counts.simple_rnn, True, simple_rnn_wrong)


@E10_1.case("thirty pairs without bias")
def _(answer, draw):
    grid(answer, draw, "simple_rnn_count", counts.simple_rnn, False, simple_rnn_wrong)


# E10.2

E10_2 = Exercise(
    "E10.2",
    "LSTM",
    slides=("D1.21", "D4.31"),
    names=("lstm_count", "lstm_sizes"),
    hints=(
        "Four layers read the same x and the same h, and each is a SimpleRNN by its tensors.",
        "4 * (n*n + m*n + n). The kernel of all four side by side is (m, 4n), so n is a quarter of its columns.",
    ),
)


def lstm_wrong(m, n, use_bias):
    one = parameters(counts.simple_rnn(m, n, use_bias))
    return {
        "three blocks were counted: i, f, c and o are four": 3 * one,
        "one block was counted: i, f, c and o are four": one,
        "five blocks were counted: the cell state c has no weights of its own": 5 * one,
        "the bias is counted once, and each of the four blocks has one": 4 * (n * n + m * n) + n,
        "the bias is counted though use_bias is False": 4 * (n * n + m * n + n),
        "the bias is missing": 4 * (n * n + m * n),
        "only the recurrent kernel was taken four times": 4 * n * n + m * n + (n if use_bias else 0),
        "m and n are exchanged": 4 * (m * m + m * n + (m if use_bias else 0)),
    }


@E10_2.case("thirty pairs m, n")
def _(answer, draw):
    grid(answer, draw, "lstm_count", counts.lstm, True, lstm_wrong)


@E10_2.case("thirty pairs without bias")
def _(answer, draw):
    grid(answer, draw, "lstm_count", counts.lstm, False, lstm_wrong)


@E10_2.case("m and n read off a kernel")
def _(answer, draw):
    for m, n in pairs(draw, 5):
        expect(
            answer.lstm_sizes((m, 4 * n)),
            (m, n),
            ", ".join(f"{letter} of a kernel with {m} rows and {4 * n} columns" for letter in "mn"),
            tolerance=0,
            known={
                "the columns are four times the units: divide by 4": (m, 4 * n),
                "the two are exchanged: return m first": (n, m),
                "the rows are the inputs themselves, only the columns are divided": (m / 4, n),
            },
        )


# E10.3

E10_3 = Exercise(
    "E10.3",
    "GRU, twice",
    slides=("D1.23", "D2.13", "D4.43"),
    names=("gru_count", "gru_idle", "gru_why"),
    hints=(
        "Three blocks, z, r and the candidate. Then look at the shape of the bias of keras.layers.GRU(5).",
        "3 * (n*n + m*n + n), and with reset_after 3 * (n*n + m*n + 2*n). Of the two biases of z, and of r, only the "
        "sum acts: one of each pair is idle.",
    ),
)


def gru_case(answer, draw, reset_after):
    for m, n in pairs(draw):
        expect(
            answer.gru_count(m, n, reset_after, True),
            parameters(counts.gru(m, n, reset_after)),
            f"gru_count({m}, {n}, reset_after={reset_after})",
            tolerance=0,
            known={
                "this is the count for reset_after=False": 3 * (n * n + m * n + n),
                "this is the count for reset_after=True: a second bias vector is in it": 3 * (n * n + m * n + 2 * n),
                "four blocks were counted, as in an LSTM; a GRU has z, r and the candidate": 4 * (n * n + m * n + n),
                "two blocks were counted: the candidate is a third": 2 * (n * n + m * n + n),
                "the bias is missing": 3 * (n * n + m * n),
                "these are the numbers that do different work; count the ones that are stored": (
                    3 * (n * n + m * n) + 4 * n
                ),
                "the second bias belongs to all three blocks: 3n and not n": 3 * (n * n + m * n + n) + n,
            },
        )


@E10_3.case("the slide's GRU on thirty pairs")
def _(answer, draw):
    gru_case(answer, draw, reset_after=False)


@E10_3.case("the GRU of Keras on thirty pairs")
def _(answer, draw):
    gru_case(answer, draw, reset_after=True)


@E10_3.case("without biases the two are alike")
def _(answer, draw):
    for m, n in pairs(draw, 5):
        for reset_after in (False, True):
            expect(
                answer.gru_count(m, n, reset_after, False),
                3 * (n * n + m * n),
                f"gru_count({m}, {n}, reset_after={reset_after}, use_bias=False)",
                tolerance=0,
                known={"a bias is counted though use_bias is False": parameters(counts.gru(m, n, reset_after))},
            )


@E10_3.case("idle biases")
def _(answer, draw):
    for _ in range(5):
        n = draw.integer(3, 200)
        expect(
            answer.gru_idle(n),
            2 * n,
            f"gru_idle({n})",
            tolerance=0,
            reveal=False,
            known={
                "in the candidate the reset gate multiplies one bias and not the other: both act": 3 * n,
                "not only in z: r adds its two biases as well": n,
                "the biases of the candidate are the ones that both act; those of z and r are added": 4 * n,
                "all six vectors are not idle: their sums act": 6 * n,
            },
        )


@E10_3.case("why 165 and not 150")
def _(answer, draw):
    expect(
        answer["gru_why"],
        "c",
        "gru_why",
        reveal=False,
        known={
            "a fourth block would bring n(m + n + 1) = 50 more, and only 15 came": "a",
            "the reset gate is one of the three blocks in both forms": "b",
            "a start of the state would be n = 5 numbers, and Keras does not learn one": "d",
        },
    )
