"""Notebook 19, a text as numbers in batches that go on: E19.1."""

import numpy as np

from course_kit.checking import Exercise, expect, require

E19_1 = Exercise(
    "E19.1",
    "Characters to batches",
    slides=("D5.18", "D5.20"),
    names=("vocabulary", "encode", "decode", "batches"),
    hints=(
        "Cut the text into N long rows first, and only then each row into pieces of T. Row r of every batch is then a "
        "piece of the same row of text.",
        "rows = ids[: N * L + 1] with L = (len(ids) - 1) // (N * T) * T; x = ids[: N * L].reshape(N, L) and y = "
        "ids[1 : "
        "N * L + 1].reshape(N, L); then reshape(N, L // T, T).swapaxes(0, 1) brings the batches to the front.",
    ),
)
WORDS = ("order", "memory", "gate", "state", "unit", "error", "slide", "forget", "output", "кит", "ёж", "text", "tape")


def a_text(draw, words: int = 12) -> str:
    return " ".join(draw.choice(WORDS) for _ in range(words))


def replay(ids, N: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """x and y by walking along each row."""
    L = (len(ids) - 1) // (N * T) * T
    x, y = (np.zeros((L // T, N, T), dtype=int) for _ in range(2))
    for k in range(L // T):
        for r in range(N):
            for t in range(T):
                x[k, r, t], y[k, r, t] = ids[r * L + k * T + t], ids[r * L + k * T + t + 1]
    return x, y


@E19_1.case("the vocabulary", hint="''.join(sorted(set(text))): each character once, in order.")
def _(answer, draw):
    text = a_text(draw) + " aé\n"
    symbols = "".join(sorted(set(text)))
    expect(
        answer.vocabulary(text),
        symbols,
        "vocabulary",
        known={
            "the characters are not sorted; without an order two runs give two numberings": "".join(
                dict.fromkeys(text)
            ),
            "each character is due once": "".join(sorted(text)),
            "the space is a character like any other": symbols.replace(" ", ""),
        },
    )


@E19_1.case("there and back", hint="The number of a character is its place in symbols; decode goes the other way.")
def _(answer, draw):
    text = a_text(draw)
    symbols = "".join(sorted(set(text)))
    ids = np.array([symbols.index(c) for c in text])
    known = {
        "the numbers begin with 1, and they must begin with 0": ids + 1,
        "these are the characters' code points, not their places in symbols": np.array([ord(c) for c in text]),
    }
    expect(answer.encode(text, symbols), ids, "encode(text, symbols)", tolerance=0.0, known=known)
    known = {"the characters came back one by one, and one text is due: join them": list(text)}
    obtained = answer.decode(ids, symbols)
    require(not isinstance(obtained, list), f"decode must return one text. Got a list of {len(ids)}: join it.")
    expect(obtained, text, "decode(encode(text))", known=known)


@E19_1.case("every batch, number by number")
def _(answer, draw):
    N, T = draw.integer(2, 4), draw.integer(5, 8)
    ids = draw.integers(0, 26, N * T * 5 + draw.integer(2, T))
    x, y = replay(ids, N, T)
    K = len(x)
    plain = tuple(a[: K * N * T].reshape(K, N, T) for a in (ids[:-1], ids[1:]))
    rows = tuple(a[: K * N * T].reshape(N, K * T) for a in (ids[:-1], ids[1:]))
    known = {
        "row r of the next batch does not go on where row r ended: the text was cut into pieces of T one after the "
        "other, so what follows row 0 is row 1 of the same batch": plain,
        "the targets are the inputs; the target is the character after": (x, x),
        "x and y came in the other order: inputs first": (y, x),
        "the batches are not cut: (K, N, T) is due, yours is (N, K T)": rows,
        "the last target of a row is taken from its own beginning (np.roll): it is the first character of the next "
        "row, which the text has": (
            x,
            np.roll(x.swapaxes(0, 1).reshape(N, -1), -1, axis=1).reshape(N, K, T).swapaxes(0, 1),
        ),
    }
    expect(answer.batches(ids, N, T), (x, y), "x, y", tolerance=0.0, known=known)


@E19_1.case("batch t + 1 continues batch t, and nothing is left out that fits")
def _(answer, draw):
    for N, T, extra in ((3, 4, 1), (2, 6, 12), (1, 5, 3)):
        ids = np.arange(N * T * 3 + extra)
        obtained = answer.batches(ids, N, T)
        x, y = replay(ids, N, T)
        fits = isinstance(obtained, tuple | list) and len(obtained) == 2
        require(fits, "batches must return two arrays, x and y.")
        what = f"x of {len(ids)} characters in {N} rows of {T} steps"
        expect(obtained[0], x, what, tolerance=0.0)
        expect(obtained[1], y, f"y of {what[5:]}", tolerance=0.0)
