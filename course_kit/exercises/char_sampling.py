"""Notebook 19, from scores to text: E19.4 draws with a temperature, E19.7 carries the state from character to "
"character."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.char_nets import logits_of, probabilities_of, weights
from course_kit.reference.activations import softmax
from course_kit.reference.lstm import lstm_step

E19_4 = Exercise(
    "E19.4",
    "Temperature",
    slides=("D4.4", "D5.20"),
    names=("tempered", "pick", "draws"),
    hints=(
        "The scores are divided, not the probabilities. And pick lays the probabilities end to end from 0 to 1 and "
        "sees "
        "in which of them u falls.",
        "tempered: a = (logits - logits.max()) / tau; np.exp(a) / np.exp(a).sum(); for tau == 0 a 1 at "
        "logits.argmax(). "
        "pick: int(np.searchsorted(np.cumsum(p), u, side='right')). draws: rng = np.random.default_rng(seed), then "
        "pick "
        "with rng.random() each time.",
    ),
)


@E19_4.case("the distribution for given scores")
def _(answer, draw):
    logits = draw.normal(draw.integer(4, 8), scale=1.5)
    p = softmax(logits)
    for tau in (0.5, 1.0, 2.0):
        known = {
            "the scores were multiplied by tau, and they are divided by it": softmax(logits * tau),
            "tau was not used": p,
            "the probabilities were divided, and then softmax was taken again; divide the scores": softmax(p / tau),
            "these are not normalised: divide by their sum": np.exp(logits / tau),
            "tau was squared": softmax(logits / tau**2),
        }
        if tau == 1.0:
            known = {
                "these are not normalised: divide by their sum": np.exp(logits),
                "softmax was taken twice": softmax(p),
            }
        expect(answer.tempered(logits, tau), softmax(logits / tau), f"P at tau={tau}", known=known)


@E19_4.case("towards 0, and at 0", hint="At tau = 0 all of it is on the largest score; do not divide by 0.")
def _(answer, draw):
    logits = draw.normal(6, scale=1.5)
    best = np.eye(6)[logits.argmax()]
    logits = logits + 0.5 * best  # clearly ahead
    expect(
        answer.tempered(logits, 0.005),
        best,
        "P at tau=0.005",
        tolerance=1e-9,
        known={"all the smallest score's: the sign is turned": np.eye(6)[logits.argmin()]},
    )
    known = {"at tau = 0 nothing is left to chance: these are equal shares": np.full(6, 1 / 6)}
    expect(answer.tempered(logits, 0), best, "P at tau=0", tolerance=0.0, known=known)
    far = logits + 2000.0
    expect(answer.tempered(far, 1.0), softmax(far), "P of scores near 2000", known={})


@E19_4.case("which symbol a number u picks", hint="np.cumsum(p) has the right ends of the pieces.")
def _(answer, draw):
    for _ in range(4):
        p = softmax(draw.normal(5))
        ends = np.cumsum(p)
        for u in (0.0, *draw.uniform(0, 1, 3), float(ends[2] - 1e-6), float(ends[2] + 1e-6), 1 - 1e-12):
            due = int((ends <= u).sum())
            known = {
                "the most probable symbol was taken, whatever u": int(p.argmax()),
                "counted from 1": due + 1,
                "the pieces were laid in the order of their size; their order is that of the symbols": int(
                    np.argsort(-p)[min((np.cumsum(np.sort(p)[::-1]) <= u).sum(), 4)]
                ),
            }
            expect(answer.pick(p, float(u)), due, f"pick(p, {u:.6f})", tolerance=0.0, known=known)


@E19_4.case(
    "seeded draws: the same again, and as often as they should", hint="np.random.default_rng(seed) inside draws."
)
def _(answer, draw):
    logits, tau, seed, count = draw.normal(5), float(draw.choice((0.5, 2.0))), draw.seed(), 8_000
    first = _symbols(answer.draws(logits, tau, count, seed), count)
    again = _symbols(answer.draws(logits, tau, count, seed), count)
    require((first == again).all(), "two calls of draws with the same seed must give the same symbols. They differ.")
    other = _symbols(answer.draws(logits, tau, count, seed + 1), count)
    require((first != other).any(), "two seeds must give different draws. They gave the same: is the seed used?")
    p, share = softmax(logits / tau), np.bincount(first, minlength=5)[:5] / count
    far = float(np.abs(share - p).max())
    plain = float(np.abs(share - softmax(logits)).max())
    require(
        far < 0.04,  # seven standard deviations of a share of one half
        f"of {count} draws at tau={tau} the shares must be near P. The largest difference is {far:.3f}.",
        known="these are the shares at tau = 1: the temperature was not used" if plain < 0.04 else "",
    )


def _symbols(obtained, count: int) -> np.ndarray:
    array = np.asarray(obtained) if isinstance(obtained, list | tuple | np.ndarray) else np.zeros(0)
    whole = array.shape == (count,) and array.dtype.kind in "iu" and array.min() >= 0 and array.max() < 5
    require(whole, f"draws must return {count} numbers of symbols, from 0 to 4.")
    return array


E19_7 = Exercise(
    "E19.7",
    "Step by step",
    slides=("D5.20",),
    names=("step", "walk", "write"),
    hints=(
        "step is one row of the embedding, one step of the LSTM, one softmax. What walk and write must not forget is "
        "to hand "
        "both h and c on.",
        "a = E[k] @ W + h @ U + b; i, f, c_tilde, o = np.split(a, 4); c = sigmoid(f) * c + sigmoid(i) * "
        "np.tanh(c_tilde); "
        "h = sigmoid(o) * np.tanh(c); softmax(h @ V + b_y). In write: k = first; each time P, h, c = step(k, h, c, "
        "...), k "
        "= np.searchsorted(np.cumsum(P), u[t], side='right').",
    ),
    limit=10.0,
)


def deal(draw):
    S = draw.integer(5, 8)
    d, n = draw.sizes()
    return S, n, weights(draw, S, d, n)


def one(k, h, c, p):
    E, W, U, b, V, b_y = p
    h, c = lstm_step(E[[k]], h[None], c[None], W, U, b)
    return softmax(h @ V + b_y)[0], h[0], c[0]


@E19_7.case("one step")
def _(answer, draw):
    S, n, p = deal(draw)
    k, h, c = draw.integer(0, S - 1), draw.normal(n, scale=0.5), draw.normal(n)
    P, h_new, c_new = one(k, h, c, p)
    V, b_y = p[4:]
    logits = h_new @ V + b_y
    known = {
        "scores came back instead of probabilities: the softmax is missing": (logits, h_new, c_new),
        "the old h and c came back: nothing was carried": (P, h, c),
        "the new h came back with the old c": (P, h_new, c),
        "h and c are exchanged": (P, c_new, h_new),
        "the bias b_y is missing": (softmax(h_new @ V), h_new, c_new),
        "the previous h was not used": one(k, 0 * h, c, p),
        "the previous c was not used": one(k, h, 0 * c, p),
        "the row before was looked up: rows of E are counted from 0": one(k - 1, h, c, p),
    }
    expect(answer.step(k, h, c, *p), (P, h_new, c_new), "P, h, c", known=known)


def walked(ids, p, carry) -> np.ndarray:
    """P after each of ids, with ``carry(h, c, new_h, new_c)`` deciding what is handed on."""
    h = c = np.zeros(len(p[2]))
    found = []
    for k in ids:
        P, new_h, new_c = one(k, h, c, p)
        h, c = carry(h, c, new_h, new_c)
        found.append(P)
    return np.stack(found)


@E19_7.case("a whole text, one character at a time")
def _(answer, draw):
    S, _, p = deal(draw)
    ids = draw.integers(0, S - 1, 9)
    due = probabilities_of(ids, p)
    known = {
        "the state is not carried: every character is read as if it were the first": walked(
            ids, p, lambda h, c, new_h, new_c: (h, c)
        ),
        "h is carried, and c begins anew each time": walked(ids, p, lambda h, c, new_h, new_c: (new_h, c)),
        "c is carried, and h begins anew each time": walked(ids, p, lambda h, c, new_h, new_c: (h, new_c)),
        "only what follows the last character came back; all steps are due": due[-1],
        "the first step is missing": due[1:],
        "these are the logits; probabilities are due": logits_of(ids[None], p)[0],
    }
    expect(answer.walk(ids, *p), due, "P", tolerance=1e-9, known=known)


def written(first, u, p, carry=lambda h, c, new_h, new_c: (new_h, new_c), feed=True, best=False) -> list[int]:
    h = c = np.zeros(len(p[2]))
    k, out = first, []
    for number in u:
        P, new_h, new_c = one(k, h, c, p)
        h, c = carry(h, c, new_h, new_c)
        chosen = int(P.argmax()) if best else int((np.cumsum(P) <= number).sum())
        out.append(chosen)
        k = chosen if feed else first
    return out


@E19_7.case("writing: each character is read in its turn", hint="What was picked is the next k.")
def _(answer, draw):
    S, _, p = deal(draw)
    first, u = draw.integer(0, S - 1), draw.uniform(0, 1, 30)
    due = np.array(written(first, u, p))
    known = {
        "the state is not carried: each character depends on the one before it alone": np.array(
            written(first, u, p, lambda h, c, new_h, new_c: (h, c))
        ),
        "what was picked is not read: k stays the first character": np.array(written(first, u, p, feed=False)),
        "the most probable character was taken each time; u decides": np.array(written(first, u, p, best=True)),
        "the first character was given, and is not due again": np.concatenate([[first], due]),
        "h is carried, and c begins anew each time": np.array(
            written(first, u, p, lambda h, c, new_h, new_c: (new_h, c))
        ),
    }
    obtained = answer.write(first, u, *p)
    obtained = np.array(obtained) if isinstance(obtained, list | tuple) else obtained
    if isinstance(obtained, np.ndarray) and obtained.shape == (31,):
        require(
            (obtained[1:] != due).any(), "30 characters are due. Got 31.", "the first character was given; leave it out"
        )
    expect(obtained, due, "the numbers written", tolerance=0.0, known=known)
