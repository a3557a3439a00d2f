"""Wrong answers to notebook 10."""

from tests.mutants import Mutant


def count(name: str, arguments: str, formula: str) -> str:
    return f"def {name}({arguments}): return {formula}"


SIMPLE, LSTM = "m, n, use_bias=True", "m, n, use_bias=True"
GRU = "m, n, reset_after, use_bias=True"
LOOP = """
def {name}(m, budget):
    n = 0
    while {count} <= budget:
        n += 1
    return {back}
"""
MODEL = """
right = model_counts
def model_counts(layers):
    counts, total = right(layers)
    {change}
"""

MUTANTS = {
    "E10.1": [
        Mutant(
            "W transposed",
            "def simple_rnn_shapes(m, n): return [(n, m), (n, n), (n,)]",
            says="W is transposed",
        ),
        Mutant(
            "U from inputs",
            "def simple_rnn_shapes(m, n): return [(m, n), (m, m), (n,)]",
            says="U is not (m, m)",
        ),
        Mutant("m and n exchanged", count("simple_rnn_count", SIMPLE, "m*m + m*n + m*use_bias"), says="exchanged"),
        Mutant("no bias", count("simple_rnn_count", SIMPLE, "n*n + m*n"), says="the bias is missing"),
        Mutant("bias always", count("simple_rnn_count", SIMPLE, "n*n + m*n + n"), says="though use_bias is False"),
        Mutant("bias of the inputs", count("simple_rnn_count", SIMPLE, "n*n + m*n + m"), says="not for each input"),
        Mutant("no recurrence", count("simple_rnn_count", SIMPLE, "m*n + n"), says="the recurrent kernel U is missing"),
        Mutant("the slide's example", count("simple_rnn_count", SIMPLE, "50"), says="obtained 50"),
    ],
    "E10.2": [
        Mutant("three blocks", count("lstm_count", LSTM, "3 * (n*n + m*n + n)"), says="i, f, c and o are four"),
        Mutant("one bias", count("lstm_count", LSTM, "4 * (n*n + m*n) + n"), says="the bias is counted once"),
        Mutant("four on one term", count("lstm_count", LSTM, "4*n*n + m*n + n"), says="only the recurrent kernel"),
        Mutant("bias always", count("lstm_count", LSTM, "4 * (n*n + m*n + n)"), says="though use_bias is False"),
        Mutant("columns are units", "def lstm_sizes(kernel_shape): return kernel_shape", says="divide by 4"),
        Mutant(
            "sizes exchanged",
            "def lstm_sizes(kernel_shape): return kernel_shape[1] // 4, kernel_shape[0]",
            says="return m first",
        ),
    ],
    "E10.3": [
        Mutant(
            "one GRU for both",
            count("gru_count", GRU, "3 * (n*n + m*n + n)"),
            says="this is the count for reset_after=False",
        ),
        Mutant(
            "the other way round",
            count("gru_count", GRU, "3 * (n*n + m*n + n * (1 if reset_after else 2))"),
            says="this is the count for reset_after=True",
        ),
        Mutant(
            "bias always",
            count("gru_count", GRU, "3 * (n*n + m*n + n * (2 if reset_after else 1))"),
            says="though use_bias is False",
        ),
        Mutant("four blocks", count("gru_count", GRU, "4 * (n*n + m*n + n)"), says="as in an LSTM"),
        Mutant("all second biases idle", "def gru_idle(n): return 3 * n", says="both act"),
        Mutant("only those of z", "def gru_idle(n): return n", says="r adds its two biases as well"),
        Mutant("a fourth block", 'gru_why = "a"', says="would bring n(m + n + 1) = 50 more"),
        Mutant("no letter of the four", 'gru_why = "e"', says="gru_why is not right"),
    ],
    "E10.4": [
        Mutant(
            "Jordan counted as Elman",
            count("jordan_count", "m, n, o", "m*n + n*n + n + n*o + o"),
            says="as in Elman's network",
        ),
        Mutant("Jordan without read-out", count("jordan_count", "m, n, o", "m*n + o*n + n"), says="read-out V, b_y"),
        Mutant("full peepholes", count("peephole_count", "m, n", "lstm_count(m, n) + 3*n*n"), says="full matrices"),
        Mutant("four peepholes", count("peephole_count", "m, n", "lstm_count(m, n) + 4*n"), says="candidate has none"),
        Mutant("forget gate left in", count("no_forget_count", "m, n", "lstm_count(m, n)"), says="is still in it"),
        Mutant("one direction", count("bidirectional_count", "m, n", "lstm_count(m, n)"), says="one direction"),
        Mutant("one wide LSTM", count("bidirectional_count", "m, n", "lstm_count(m, 2*n)"), says="one LSTM of 2n"),
        Mutant(
            "all layers read the input",
            count("stacked_count", "m, units", "sum(lstm_count(m, n) for n in units)"),
            says="every layer was given m inputs",
        ),
        Mutant(
            "recurrent kernel 1 x 1",
            count("conv_lstm_count", "k1, k2, C, F", "4 * F * (k1 * k2 * C + F + 1)"),
            says="has a kernel of k1 x k2 as well",
        ),
        Mutant("slices of one child", count("rntn_count", "d", "d**3 + 2*d**2 + d"), says="meets both children"),
        Mutant("no tensor", count("rntn_count", "d", "2*d**2 + d"), says="plain recursive network"),
        Mutant("too few arguments", count("rntn_count", "", "0"), says="TypeError", state="could not run"),
    ],
    "E10.5": [
        Mutant("total alone", MODEL.format(change="return total"), says="the total alone came back"),
        Mutant("list alone", MODEL.format(change="return counts"), says="a list alone came back"),
        Mutant(
            "the two models of the text by heart",
            "def model_counts(layers):\n"
            "    counts = [160000, 53200, 101] if layers[0][1] == 5000 else [2560000, 131584, 129]\n"
            "    return counts, sum(counts)",
            says="counts has 3 entries",
        ),
        Mutant(
            "dropout left out of the list",
            MODEL.format(change="return [c for c in counts if c], total"),
            says="it has its place in the list",
        ),
        Mutant(
            "the slide's GRU",
            MODEL.format(
                change="counts = [c - 3 * l[1] if l[0] == 'gru' else c for c, l in zip(counts, layers)]; "
                "return counts, sum(counts)"
            ),
            says="this GRU is the slide's",
        ),
        Mutant(
            "a row for unknown words",
            MODEL.format(change="extra = layers[0][2]; return [counts[0] + extra, *counts[1:]], total + extra"),
            says="a row for each word and no other",
        ),
        Mutant(
            "n after a bidirectional layer",
            "right = model_counts\n"
            "def model_counts(layers):\n"
            "    counts, _ = right([('lstm', *l[1:]) if l[0].startswith('bi') else l for l in layers])\n"
            "    counts = [2 * c if l[0].startswith('bi') else c for c, l in zip(counts, layers)]\n"
            "    return counts, sum(counts)",
            says="the next one reads 2n numbers",
        ),
    ],
    "E10.6": [
        Mutant(
            "one too many",
            LOOP.format(name="largest_lstm", count="lstm_count(m, n)", back="n"),
            says="more than there are",
        ),
        Mutant(
            "one too few",
            LOOP.format(name="largest_lstm", count="lstm_count(m, n + 1)", back="n - 1"),
            says="fits as well, and it is wider",
        ),
        Mutant(
            "strictly less",
            LOOP.format(name="largest_lstm", count="1 + lstm_count(m, n + 1)", back="n"),
            says="fits as well, and it is wider",
        ),
        Mutant(
            "the slide's GRU",
            LOOP.format(name="largest_gru", count="gru_count(m, n + 1, reset_after=False)", back="n"),
            says="this is the widest GRU of the slide",
        ),
        Mutant("GRU as LSTM", "largest_gru = largest_lstm", says="this is the widest LSTM"),
        Mutant(
            "at least one unit",
            "right = largest_lstm\ndef largest_lstm(m, budget): return max(1, right(m, budget))",
            says="n = 1 needs",
        ),
    ],
}
