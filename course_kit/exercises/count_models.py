"""Notebook 10, whole models and budgets: E10.5, E10.6. ``e10_parameter_counts`` collects the exercises."""

from functools import partial

from course_kit.checking import Exercise, expect
from course_kit.reference import counts
from course_kit.reference.counts import parameters

E10_5 = Exercise(
    "E10.5",
    "Whole models",
    slides=("D2.19",),
    names=("model_counts",),
    hints=(
        "Go through the list and keep one number: how wide is what comes out of the layer, which is what goes into the "
        "next.",
        "width is d after an embedding, n after a recurrent or dense layer, 2n after a bidirectional one, unchanged "
        "after a dropout. Append the count of each layer; return the list and its sum.",
    ),
)

SHAPES = {
    "simple_rnn": counts.simple_rnn,
    "lstm": counts.lstm,
    "gru": partial(counts.gru, reset_after=True),
    "bidirectional_lstm": counts.lstm,
    "dense": counts.dense,
}


def chain(layers, carried=2, reset_after=True, row_for_unknown=0):
    """Counts of the layers and their sum; the other arguments make a wrong form."""
    found, width = [], 0
    for kind, *sizes in layers:
        if kind == "embedding":
            words, width = sizes
            found.append(parameters(counts.embedding(words + row_for_unknown, width)))
        elif kind == "dropout":
            found.append(0)
        else:
            (n,) = sizes
            both = 2 if kind == "bidirectional_lstm" else 1
            shapes = counts.gru(width, n, reset_after) if kind == "gru" else SHAPES[kind](width, n)
            found.append(both * parameters(shapes))
            width = n if both == 1 else carried * n
    return found, sum(found)


def model_case(answer, layers):
    found, total = chain(layers)
    expect(
        answer.model_counts(layers),
        (found, total),
        "counts, total",
        tolerance=0,
        known={
            "after a bidirectional layer the next one reads 2n numbers, not n": chain(layers, carried=1),
            "this GRU is the slide's; keras.layers.GRU has the second bias": chain(layers, reset_after=False),
            "an embedding has a row for each word and no other: words * d": chain(layers, row_for_unknown=1),
            "a list alone came back: return the list and the total": found,
            "the total alone came back: return the list and the total": total,
            "the total came first: return the list, then the total": (total, found),
            "a dropout layer has no parameters, and it has its place in the list": (
                [count for count, layer in zip(found, layers, strict=True) if layer[0] != "dropout"],
                total,
            ),
        },
    )


@E10_5.case("the model of the wiki text")
def _(answer, draw):
    model_case(answer, [("embedding", 5000, 32), ("lstm", 100), ("dense", 1)])


@E10_5.case("the Keras example imdb_lstm")
def _(answer, draw):
    model_case(answer, [("embedding", 20000, 128), ("lstm", 128), ("dense", 1)])


@E10_5.case("other models")
def _(answer, draw):
    for _ in range(5):
        a, b, c, d = draw.sizes(4, low=4, high=60)
        recurrent = [("simple_rnn", a), ("lstm", b), ("gru", c)]
        order = [recurrent[k] for k in draw.rng.permutation(3)]
        model_case(answer, [("embedding", draw.integer(90, 900), d), *order, ("dropout", 0.2), ("dense", a + 1)])


@E10_5.case("a bidirectional model")
def _(answer, draw):
    a, b, c, d = draw.sizes(4, low=4, high=60)
    layers = [("embedding", draw.integer(90, 900), d), ("bidirectional_lstm", a), ("dropout", 0.5)]
    model_case(answer, [*layers, ("bidirectional_lstm", b), ("gru", c), ("dense", 1)])


# E10.6

E10_6 = Exercise(
    "E10.6",
    "Spend a budget",
    slides=("D1.21", "D4.31"),
    names=("largest_lstm", "largest_gru"),
    hints=(
        "The count grows with n, so try n = 1, 2, 3, ... until the next one is too dear; or halve an interval.",
        "n = 0; while count(m, n + 1) <= budget: n += 1; return n. A square root works too: test n and n + 1 after it.",
    ),
)


def widest(shapes, m, budget):
    """The largest n that fits, by trying them all; 0 if none does."""
    n = 0
    while parameters(shapes(m, n + 1)) <= budget:
        n += 1
    return n


KERAS_GRU = partial(counts.gru, reset_after=True)
KINDS = {
    "largest_lstm": (
        counts.lstm,
        {"this is the widest GRU": KERAS_GRU, "this is the widest SimpleRNN": counts.simple_rnn},
    ),
    "largest_gru": (
        KERAS_GRU,
        {
            "this is the widest GRU of the slide; keras.layers.GRU is due": partial(counts.gru, reset_after=False),
            "this is the widest LSTM": counts.lstm,
        },
    ),
}


def budget_case(answer, name, m, budget):
    shapes, others = KINDS[name]
    n = widest(shapes, m, budget)
    mistaken = {widest(other, m, budget): sentence for sentence, other in others.items()}
    dear = f"n = {n + 1} needs {parameters(shapes(m, n + 1))} parameters, more than there are"
    if n and n + 1 in mistaken:
        dear += f"; {mistaken[n + 1]}"
    named = {sentence: wrong for wrong, sentence in mistaken.items() if wrong not in (n, n + 1)}
    expect(
        answer.call(name, m, budget),
        n,
        f"{name}({m}, {budget})",
        tolerance=0,
        known={dear: n + 1, f"n = {n} fits as well, and it is wider": n - 1, **named},
    )


@E10_6.case("n fits and n + 1 does not")
def _(answer, draw):
    for name in KINDS:
        for _ in range(10):
            budget_case(answer, name, draw.integer(3, 300), int(10 ** draw.uniform(4, 6)))


@E10_6.case("a budget that is hit exactly")
def _(answer, draw):
    for name, (shapes, _) in KINDS.items():
        for _ in range(3):
            m, n = draw.sizes(2, low=3, high=200)
            exact = parameters(shapes(m, n))
            budget_case(answer, name, m, exact)
            budget_case(answer, name, m, exact - 1)


@E10_6.case("a budget too small for one unit")
def _(answer, draw):
    m = draw.integer(20, 60)
    for name in KINDS:
        budget_case(answer, name, m, draw.integer(1, 3 * m))
