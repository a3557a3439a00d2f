"""Notebook 10, the rest of the family: E10.4. ``e10_parameter_counts`` collects the exercises."""

from course_kit.checking import Exercise, expect
from course_kit.reference import counts
from course_kit.reference.counts import parameters

E10_4 = Exercise(
    "E10.4",
    "The rest of the family",
    slides=("D1.22",),
    names=(
        "jordan_count",
        "peephole_count",
        "no_forget_count",
        "bidirectional_count",
        "stacked_count",
        "conv_lstm_count",
        "rntn_count",
    ),
    hints=(
        "For each: list the tensors with their shapes, multiply out, add. Start from lstm_count if an LSTM is in it.",
        "Jordan: U is (o, n), and a read-out n*o + o. Peepholes: three vectors of n. No forget gate: three blocks. "
        "Both directions: twice. A stack: the n of one layer is the m of the next. Convolution: k1*k2*C and k1*k2*F go "
        "into each of 4F filters. Tensor network: V (2d, 2d, d), W (2d, d), b (d,).",
    ),
)
TIMES = 5


def judge(answer, name, args, shapes, known):
    expect(
        answer.call(name, *args),
        parameters(shapes),
        f"{name}({', '.join(map(str, args))})",
        tolerance=0,
        known=known,
    )


@E10_4.case("Jordan")
def _(answer, draw):
    for _ in range(TIMES):
        m, n, o = draw.sizes(3, low=3, high=90)
        known = {
            "n^2 is in it, as in Elman's network; here o outputs come back to n units": m * n + n * n + n + n * o + o,
            "the read-out V, b_y is missing": m * n + o * n + n,
            "the bias b_y of the read-out is missing": m * n + 2 * n * o + n,
            "the biases are missing": m * n + 2 * n * o,
            "the recurrent kernel U is missing": m * n + n + n * o + o,
            "o^2 is in it: what comes back goes into the units, not into the outputs": m * n + o * o + n + n * o + o,
        }
        judge(answer, "jordan_count", (m, n, o), counts.jordan(m, n, o), known)


@E10_4.case("peepholes")
def _(answer, draw):
    for _ in range(TIMES):
        m, n = draw.sizes(2, low=3, high=90)
        plain = parameters(counts.lstm(m, n))
        known = {
            "the peepholes are full matrices here; each unit sees its own cell state alone": plain + 3 * n * n,
            "four peepholes were counted; the candidate has none": plain + 4 * n,
            "two peepholes were counted; i, f and o have one": plain + 2 * n,
            "one peephole was counted; i, f and o have one each": plain + n,
            "the peepholes are missing": plain,
            "a peephole is one number for each unit, not one for all": plain + 3,
        }
        judge(answer, "peephole_count", (m, n), counts.peephole_lstm(m, n), known)


@E10_4.case("no forget gate")
def _(answer, draw):
    for _ in range(TIMES):
        m, n = draw.sizes(2, low=3, high=90)
        known = {
            "the forget gate is still in it": parameters(counts.lstm(m, n)),
            "two blocks were counted; i, the candidate and o are left": parameters(counts.gated(m, n, 2)),
            "the bias is missing": parameters(counts.gated(m, n, 3, use_bias=False)),
        }
        judge(answer, "no_forget_count", (m, n), counts.lstm1997(m, n), known)


@E10_4.case("both directions")
def _(answer, draw):
    for _ in range(TIMES):
        m, n = draw.sizes(2, low=3, high=90)
        one = parameters(counts.lstm(m, n))
        known = {
            "one direction was counted": one,
            "the second direction reads x, not the first one's h": one + parameters(counts.lstm(n, n)),
            "one LSTM of 2n units is not two of n: its recurrent kernel is four times as large": parameters(
                counts.lstm(m, 2 * n)
            ),
            "the two directions do not share the bias": 2 * one - 4 * n,
        }
        judge(answer, "bidirectional_count", (m, n), counts.lstm(m, n) * 2, known)


@E10_4.case("a stack")
def _(answer, draw):
    for length in (1, 2, 3, 4):
        m, *units = draw.sizes(1 + length, low=3, high=60)
        below = [m, *units[:-1]]
        shapes = [shape for a, n in zip(below, units, strict=True) for shape in counts.lstm(a, n)]
        known = {
            "every layer was given m inputs; the second reads the first one's h": sum(
                parameters(counts.lstm(m, n)) for n in units
            ),
            "only the first layer was counted": parameters(counts.lstm(m, units[0])),
            "one LSTM with all the units together is not a stack": parameters(counts.lstm(m, sum(units))),
        }
        judge(answer, "stacked_count", (m, units), shapes, known)


@E10_4.case("convolution")
def _(answer, draw):
    for _ in range(TIMES):
        k1, k2 = draw.sizes(2, low=2, high=7)
        C, F = draw.sizes(2, low=3, high=40)
        known = {
            "the recurrent convolution has a kernel of k1 x k2 as well": 4 * F * (k1 * k2 * C + F + 1),
            "a filter has one bias, not one for each place of the kernel": 4 * F * k1 * k2 * (C + F + 1),
            "the biases are missing": 4 * F * k1 * k2 * (C + F),
            "the four blocks are missing": F * (k1 * k2 * (C + F) + 1),
            "the size of the kernel is missing": 4 * F * (C + F + 1),
            "the recurrent kernel is missing": 4 * F * (k1 * k2 * C + 1),
            "the kernel is k1 x k2, not k1 x k1": 4 * F * (k1 * k1 * (C + F) + 1),
        }
        judge(answer, "conv_lstm_count", (k1, k2, C, F), counts.conv_lstm2d(k1, k2, C, F), known)


@E10_4.case("the recursive tensor network")
def _(answer, draw):
    for _ in range(TIMES):
        (d,) = draw.sizes(1, low=3, high=60)
        known = {
            "a slice of V is (2d, 2d): it meets both children on both sides": d**3 + 2 * d**2 + d,
            "one slice of V was counted; each of the d entries of the parent has its own": 4 * d**2 + 2 * d**2 + d,
            "V has d slices, one for each entry of the parent, not 2d": 8 * d**3 + 2 * d**2 + d,
            "the matrix W is missing": 4 * d**3 + d,
            "W is (2d, d): it reads both children": 4 * d**3 + d**2 + d,
            "the bias is missing": 4 * d**3 + 2 * d**2,
            "the tensor V is missing: this is the plain recursive network": 2 * d**2 + d,
        }
        judge(answer, "rntn_count", (d,), counts.rntn(d), known)
