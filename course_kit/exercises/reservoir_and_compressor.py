"""Notebook 16: E16.3 Echo state network and E16.4 History compressor. ``e16_network_zoo`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.echo_state import echo_state_forward, ridge_read_out
from course_kit.reference.history_compressor import replay, surprises

E16_3 = Exercise(
    "E16.3",
    "Echo state network",
    slides=("D2.10",),
    names=("scaled", "reservoir", "read_out"),
    hints=(
        "Each step starts from the state of the step before; the leak a is the share that is new.",
        "scaled: U * (radius / np.abs(np.linalg.eigvals(U)).max()); reservoir: h = (1 - a) * h + a * np.tanh(x[:, t] @ "
        "W + h @ U + b), all of them stacked on axis 1; read_out: centre H and Y, then "
        "np.linalg.solve(H.T @ H + ridge * np.eye(n), H.T @ Y), and b_y is what the means leave over.",
    ),
)


def fixed_weights(draw, m: int, n: int, radius: float):
    """W, U and b of a reservoir, a third of U's links there."""
    U = np.where(draw.uniform(0, 1, n, n) < 0.34, draw.normal(n, n), 0.0) + 0.1 * np.eye(n)
    return draw.normal(m, n), U * (radius / np.abs(np.linalg.eigvals(U)).max()), draw.normal(n)


@E16_3.case(
    "spectral radius", hint="The eigenvalues of a matrix that is not symmetric are complex: take np.abs of them."
)
def _(answer, draw):
    n, radius = draw.integer(6, 9), float(draw.uniform(0.5, 1.4))
    U = draw.normal(n, n)
    eigenvalues = np.linalg.eigvals(U)
    expect(
        answer.scaled(U, radius),
        U * (radius / np.abs(eigenvalues).max()),
        "U",
        known={
            "it was divided by the largest singular value, the norm; eigenvalues are due": U
            * (radius / np.linalg.norm(U, 2)),
            "it was divided by the largest real part; the absolute value of complex eigenvalues is due": U
            * (radius / eigenvalues.real.max()),
            "it was multiplied by the radius, and not brought to it": U * radius,
            "its spectral radius is 1: the factor radius is missing": U / np.abs(eigenvalues).max(),
            "it was divided by its largest entry": U * (radius / np.abs(U).max()),
        },
    )


@E16_3.case("states")
def _(answer, draw):
    m, n = draw.sizes()
    N, T, a = 2, 7, float(draw.uniform(0.2, 0.8))
    W, U, b = fixed_weights(draw, m, n, 0.9)
    x, h0 = draw.normal(N, T, m), draw.normal(N, n, scale=0.5)
    h = echo_state_forward(x, h0, W, U, b, a)
    expect(
        answer.reservoir(x, h0, W, U, b, a),
        h,
        "h",
        known={
            "the shares are exchanged: a is the share that is new": echo_state_forward(x, h0, W, U, b, 1 - a),
            "the leak is missing": echo_state_forward(x, h0, W, U, b, 1.0),
            "the bias is missing": echo_state_forward(x, h0, W, U, 0 * b, a),
            "U is transposed": echo_state_forward(x, h0, W, U.T, b, a),
            "it starts from zeros, and from h0 is due": echo_state_forward(x, 0 * h0, W, U, b, a),
            "the last step only: all T steps are due": h[:, -1],
            "the state is not carried: every step starts from h0": np.stack(
                [echo_state_forward(x[:, t : t + 1], h0, W, U, b, a)[:, 0] for t in range(T)], axis=1
            ),
            "the start is among the states: T are due, those after each step": np.concatenate(
                [h0[:, np.newaxis], h], axis=1
            )[:, :-1],
            "tanh also squeezes the old state": leaky_inside(x, h0, W, U, b, a),
        },
    )


def leaky_inside(x, h0, W, U, b, a):
    """The slip tanh((1 - a) h + a (...))."""
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = np.tanh((1 - a) * h + a * (x[:, t] @ W + h @ U + b))
        hs.append(h)
    return np.stack(hs, axis=1)


@E16_3.case("two starts meet", hint="With a = 1, the radius 0.9 and the same input, both runs must end in one state.")
def _(answer, draw):
    m, n, T = 2, 20, 200
    W, U, b = fixed_weights(draw, m, n, 1.0)
    U = answer.scaled(U, 0.9)
    require(isinstance(U, np.ndarray) and U.shape == (n, n) and U.dtype.kind == "f", "U must stay (n, n), and real.")
    x, starts = draw.normal(1, T, m).repeat(2, axis=0), draw.uniform(-1, 1, 2, n)
    h = answer.reservoir(x, starts, W, U, b, 1.0)
    expect(h, echo_state_forward(x, starts, W, U, b, 1.0), "h")
    apart = float(np.abs(h[0, -1] - h[1, -1]).max())
    require(apart < 1e-6, f"after {T} steps the two states are still {apart:.1g} apart.")


@E16_3.case(
    "read-out",
    hint="Take the means off H and off Y, solve for V, and let b_y make up for the means: the bias is not punished.",
)
def _(answer, draw):
    K, n, o = 60, draw.integer(5, 8), 2
    H, Y = np.tanh(draw.normal(K, n)) + draw.normal(n), draw.normal(K, o) + 3.0
    ridge = float(draw.uniform(0.5, 2.0))
    with_ones = np.concatenate([H, np.ones((K, 1))], axis=1)
    punished = np.linalg.solve(with_ones.T @ with_ones + ridge * np.eye(n + 1), with_ones.T @ Y)
    uncentred = np.linalg.solve(H.T @ H + ridge * np.eye(n), H.T @ Y)
    V, b_y = ridge_read_out(H, Y, ridge)
    expect(
        answer.read_out(H, Y, ridge),
        (V, b_y),
        "V, b_y",
        tolerance=1e-8,
        known={
            "the penalty is missing": ridge_read_out(H, Y, 0.0),
            "the bias is punished too: it must be free, so centre H and Y": (punished[:-1], punished[-1]),
            "H and Y were not centred": (uncentred, (Y - H @ uncentred).mean(axis=0)),
            "H and Y were not centred, and b_y is 0": (uncentred, np.zeros(o)),
            "b_y is the mean of Y alone; the mean of H times V has to be taken off": (V, Y.mean(axis=0)),
            "the penalty is squared": ridge_read_out(H, Y, ridge**2),
            "the penalty is multiplied by the number of rows": ridge_read_out(H, Y, ridge * K),
        },
    )


E16_4 = Exercise(
    "E16.4",
    "History compressor",
    slides=("D2.11",),
    names=("surprises", "events", "replay"),
    hints=(
        "Ask for the prediction of step t with the symbols before t, all of them, and with nothing else.",
        "surprises: [(t, x) for t, x in enumerate(sequence) if predict(list(sequence[:t])) != x]; events: the times' "
        "differences, with -1 before the first; replay: known = dict(passed_on), and for t in range(length) append "
        "known[t] if t in known, else predict(list(sequence so far)).",
    ),
)


def compressor_probe(names, sequence, table, passed_on):
    """The student's surprises and replay, with a predictor made of a table beside them.

    The prediction depends on the last symbol and on how many there were, so whoever asks with other symbols errs.
    """

    def predict(past):
        return table[len(past) % len(table)].get(str(past[-1]) if len(past) else "")

    if passed_on is None:
        found = names["surprises"](list(sequence), predict)
    else:
        found = names["replay"]([tuple(event) for event in passed_on], len(sequence), predict)
    if found is None:
        return None
    return [list(entry) if isinstance(entry, (tuple, list)) else entry for entry in found]


def foreseen(draw, length: int):
    """A sequence, and tables by which a good part of it is foreseen."""
    letters = "abcd"
    tables = [
        {s: letters[int(k)] for s, k in zip(("", *letters), draw.integers(0, 3, 5), strict=True)} for _ in range(2)
    ]
    sequence = ["d" if tables[0][""] != "d" else "c"]  # so that the first symbol is not foreseen
    for t in range(1, length):
        expected = tables[t % 2][sequence[-1]]
        others = letters.replace(expected, "")
        # the second step is foreseen, two in the middle are not, so that every slip shows
        surprise = t in (4, 5) or (t > 1 and draw.uniform(0, 1) < 0.25)
        sequence.append(draw.choice(others) if surprise else expected)

    def predict(past):
        return tables[len(past) % 2].get(past[-1] if past else "")

    return sequence, tables, predict


def as_lists(events):
    return [list(event) for event in events]


def deaf(sequence, predict):
    """What is passed on if the predictor never hears the symbols that it foresaw."""
    kept = []
    for t, x in enumerate(sequence):
        if predict([y for _, y in kept]) != x:
            kept.append((t, x))
    return kept


def as_pairs(obtained, what: str):
    """``obtained`` as lists of a whole number and a text, or a sentence."""
    listed = isinstance(obtained, list) and all(isinstance(e, list | tuple) and len(e) == 2 for e in obtained)
    whole = listed and all(np.size(e[0]) == 1 and np.asarray(e[0]).dtype.kind in "iu" for e in obtained)
    rule = f"{what} must be a list of pairs, a whole number and a symbol each, the number first."
    require(whole and all(isinstance(e[1], str) for e in obtained), rule)
    return [[int(np.asarray(e[0]).item()), e[1]] for e in obtained]


@E16_4.case("what is passed on, and when")
def _(answer, draw):
    sequence, tables, predict = foreseen(draw, 40)
    passed_on = surprises(sequence, predict)
    obtained = as_pairs(answer.probe(compressor_probe, sequence, tables, None), "what surprises returns")
    due = dict(passed_on)
    for known, wrong in {
        "these are the symbols that were foreseen; those that were not are due": [
            (t, x) for t, x in enumerate(sequence) if t not in due
        ],
        "times are counted from 0": [(t + 1, x) for t, x in passed_on],
        "the predictor was shown x_t before it had to foresee it": [
            (t, x) for t, x in enumerate(sequence) if predict(sequence[: t + 1]) != x
        ],
        "what was expected was passed on; pass on what came": [(t, predict(sequence[:t])) for t, _ in passed_on],
        "predict must be shown all symbols before t, and was shown only those that were passed on": deaf(
            sequence, predict
        ),
        "the first symbol is missing: nobody had foreseen it": passed_on[1:],
    }.items():
        require(obtained != as_lists(wrong), "surprises passed on something else than what was not foreseen.", known)
    late = next((list(e) for e in passed_on if list(e) not in obtained), None)
    which = f"the symbol {late[1]!r} at time {late[0]}" if late else ""
    require(late is None, f"{which} was not foreseen, and is missing.")
    require(obtained == as_lists(passed_on), "surprises passed on a symbol that was foreseen, or one of them twice.")


@E16_4.case(
    "steps between surprises", hint="Before the first surprise stands the time -1, so its lag is its time plus 1."
)
def _(answer, draw):
    times = np.cumsum(draw.integers(1, 6, 6)) - 1
    times[0] += 2
    times[1:] += 2
    passed_on = [(int(t), "abcd"[int(k)]) for t, k in zip(times, draw.integers(0, 3, 6), strict=True)]
    lags = [passed_on[0][0] + 1, *np.diff(times).tolist()]
    symbols = [x for _, x in passed_on]
    obtained = as_pairs(answer.events(passed_on), "what events returns")
    require(len(obtained) == len(passed_on), f"{len(passed_on)} events are due, and {len(obtained)} came.")
    expect([e[1] for e in obtained], symbols, ", ".join(f"symbol {k + 1}" for k in range(6)))
    expect(
        [e[0] for e in obtained],
        lags,
        ", ".join(f"lag {k + 1}" for k in range(6)),
        tolerance=0,
        known={
            "these are the times themselves": times.tolist(),
            "the first lag is one too small: it counts from the time -1": [lags[0] - 1, *lags[1:]],
            "these are the steps left out between two; a symbol that follows at once has the lag 1": [
                v - 1 for v in lags
            ],
            "the lags are one place late: each belongs to the later of its two": [*lags[1:], lags[0]],
        },
    )


@E16_4.case(
    "back again, without loss",
    hint="Whoever replays predicts from the sequence written down so far, what was passed on included.",
)
def _(answer, draw):
    sequence, tables, predict = foreseen(draw, 40)
    passed_on = surprises(sequence, predict)
    assert replay(passed_on, len(sequence), predict) == sequence
    obtained = answer.probe(compressor_probe, sequence, tables, [list(e) for e in passed_on])
    require(
        isinstance(obtained, list) and all(isinstance(x, str | None) for x in obtained),
        "replay must return a list of symbols.",
    )
    require(len(obtained) == len(sequence), f"{len(sequence)} symbols are due, and {len(obtained)} came.")
    wrong = [t for t, (x, due) in enumerate(zip(obtained, sequence, strict=True)) if x != due]
    if wrong:
        t, known = wrong[0], dict(passed_on)
        blind = [known.get(k, predict([])) for k in range(len(sequence))]
        told = "a symbol that was passed on" if t in known else "a symbol that the predictor would have given"
        require(
            False,
            f"the sequence differs at {len(wrong)} of {len(sequence)} times, first at {t}: {told}.",
            known="the predictor was asked with an empty past each time" if obtained == blind else "",
        )


@E16_4.case(
    "a predictor that is always wrong",
    hint="Lossless does not depend on a good predictor: with a bad one everything is passed on, and still comes back.",
)
def _(answer, draw):
    sequence = [draw.choice("ab") for _ in range(12)]
    tables = [{"": "z", "a": "z", "b": "z"}]
    every = as_lists(enumerate(sequence))
    obtained = as_pairs(answer.probe(compressor_probe, sequence, tables, None), "what surprises returns")
    require(obtained == every, "with a predictor that is always wrong every symbol is a surprise, with its time.")
    back = answer.probe(compressor_probe, sequence, tables, every)
    same = isinstance(back, list) and all(isinstance(x, str) for x in back) and back == sequence
    require(same, "what was passed on whole did not come back whole.")
