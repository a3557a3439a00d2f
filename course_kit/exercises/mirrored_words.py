"""Notebook 19, the third problem of the assignment on D5.20: a network that turns words round. E19.10."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.lstm import lstm_step

E19_10 = Exercise(
    "E19.10",
    "Words turned round",
    slides=("D5.20",),
    names=("mirrored", "mirror_arrays", "transcribe"),
    hints=(
        "The writer is told what it should have written a step before, so its input is the target moved one place to "
        "the right, "
        "with the end sign in front. When it writes by itself it is told what it has written.",
        "Reader rows are padded in front, the others behind: read[row, T - len(word):] = numbers, given[row, 1 : "
        "len(word) + 1] "
        "= numbers[::-1], due[row, :len(word)] = numbers[::-1], due[row, len(word)] = 0. In transcribe read all, "
        "then last = 0, "
        "and write argmax(h @ V + b_y) until it is 0.",
    ),
)
WORDS = ("brown", "fox", "quick", "the", "jumps", "a", "over", "lazy", "dog", "memory", "gates", "is", "reward")


def some(draw, count: int) -> list[str]:
    return [WORDS[k] for k in draw.rng.permutation(len(WORDS))[:count]]


@E19_10.case("what is to be learned", hint="Words stay in their places; the letters of each are turned round.")
def _(answer, draw):
    for words in (["the", "quick", "brown", "fox"], some(draw, 5), ["deeds"]):
        sentence = " ".join(words)
        known = {
            "the whole sentence was turned round; each word stays in its place": sentence[::-1],
            "the words were turned round, not the letters": " ".join(words[::-1]),
            "nothing changed": sentence,
            "the spaces are gone": "".join(w[::-1] for w in words),
        }
        due = " ".join(w[::-1] for w in words)
        known = {text: value for text, value in known.items() if value != due}
        expect(answer.mirrored(sentence), due, f"mirrored({sentence!r})", known=known)


def arrays(words, symbols: str):
    T = max(map(len, words)) + 1
    read, given = np.zeros((len(words), T), dtype=int), np.zeros((len(words), T), dtype=int)
    due = np.full((len(words), T), -1)
    for row, word in enumerate(words):
        back = [symbols.index(c) + 1 for c in reversed(word)]
        read[row, T - len(word) :] = back[::-1]
        given[row, 1 : len(word) + 1] = back
        due[row, : len(word)], due[row, len(word)] = back, 0
    return read, given, due


@E19_10.case("the three arrays", hint="T is the longest word's length + 1. 0 is the end sign, letters count from 1.")
def _(answer, draw):
    words = some(draw, 4)
    symbols = "".join(sorted(set("".join(words))))
    read, given, due = arrays(words, symbols)
    lengths = np.array([len(w) for w in words])
    no_end = np.where(np.arange(due.shape[1]) == lengths[:, None], -1, due)
    behind = np.stack([np.concatenate([row[row > 0], row[row == 0]]) for row in read])
    known = {
        "the writer is given the letter that it must write, and it would only copy: move its input one place to the "
        "right, with 0 in front": (read, np.maximum(due, 0), due),
        "the end sign is missing from what is due: the writer would never stop": (read, given, no_end),
        "the reader is padded behind: the word would stand far back when the writer begins. Pad in front": (
            behind,
            given,
            due,
        ),
        "the places behind the end must be -1, which no loss counts; a 0 there is one more end sign": (
            read,
            given,
            np.maximum(due, 0),
        ),
        "letters are counted from 1, for 0 is the end sign": (
            np.maximum(read - 1, 0),
            np.maximum(given - 1, 0),
            np.where(due > 0, due - 1, due),
        ),
        "the words are not turned round": _forward(words, symbols),
    }
    expect(answer.mirror_arrays(words, symbols), (read, given, due), "read, given, due", tolerance=0.0, known=known)


def _forward(words, symbols):
    _, given, due = arrays([w[::-1] for w in words], symbols)
    return arrays(words, symbols)[0], given, due


def deal(draw):
    """Numbers of a word, and a reader and a writer with lively random weights."""
    S = draw.integer(5, 7)
    d, n = draw.sizes()
    reader = (draw.normal(S + 1, d), draw.normal(d, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n, scale=0.5))
    writer = (draw.normal(S + 1, d), draw.normal(d, 4 * n), draw.normal(n, 4 * n), draw.normal(4 * n, scale=0.5))
    V, b_y = draw.normal(n, S + 1, scale=3.0), draw.normal(S + 1)
    return draw.integers(1, S, draw.integer(4, 6)), reader, (*writer, V, b_y)


def spoken(numbers, reader, writer, limit, *, carry_c=True, feed=True, first=0, read=True, stop=True):
    """What is written; the flags make the known wrong forms."""
    E, W, U, b = reader
    h = c = np.zeros((1, len(U)))
    for k in numbers if read else ():
        h, c = lstm_step(E[[k]], h, c, W, U, b)
    c = c if carry_c else 0 * c
    E, W, U, b, V, b_y = writer
    last, out = first, []
    for _ in range(limit):
        h, c = lstm_step(E[[last if feed else first]], h, c, W, U, b)
        last = int((h @ V + b_y).argmax())
        if stop and last == 0:
            break
        out.append(last)
    return np.array(out, dtype=int)


def telling(draw):
    """A deal whose right answer has some letters, ends, and differs from each wrong form."""
    forms = (
        ("only h was handed over to the writer; c goes with it", {"carry_c": False}),
        ("what was written is not given back: the writer reads 0 each time", {"feed": False}),
        ("the writer starts from zeros: the reader's h and c were not handed over", {"read": False}),
        ("the writer went on after its end sign", {"stop": False}),
    )
    best = None
    for _ in range(200):
        given = deal(draw)
        due = spoken(*given, 12)
        last = int(given[0][-1])
        known = {sentence: spoken(*given, 12, **flags) for sentence, flags in forms}
        known["the writer's first input is 0, not the word's last letter"] = spoken(*given, 12, first=last)
        if 3 <= len(due) < 12 and all(len(v) != len(due) or (v != due).any() for v in known.values()):
            return given, due, known
        best = best or (given, due, {})
    return best


@E19_10.case(
    "reading, and writing by itself",
    hint="Read all numbers, keep h and c. The writer goes on from them; it reads 0 first, then what it wrote itself.",
)
def _(answer, draw):
    for _ in range(2):
        (numbers, reader, writer), due, known = telling(draw)
        obtained = answer.transcribe(numbers, reader, writer, 12)
        obtained = np.array(obtained, dtype=int) if isinstance(obtained, list) and not obtained else obtained
        obtained = np.array(obtained) if isinstance(obtained, list | tuple) else obtained
        known["the end sign is not part of what was written"] = np.append(due, 0)
        if isinstance(obtained, np.ndarray) and obtained.shape != due.shape:
            for sentence, value in known.items():
                if obtained.shape == value.shape and (obtained == value).all():
                    expect(
                        list(map(int, obtained)),
                        list(map(int, due)),
                        "written",
                        known={sentence: list(map(int, value))},
                    )
        expect(obtained, due, "written", tolerance=0.0, known=known)


@E19_10.case("stopped at the limit", hint="Without an end sign the loop ends after limit letters.")
def _(answer, draw):
    numbers, reader, (E, W, U, b, V, b_y) = deal(draw)
    never = b_y - 1000.0 * (np.arange(len(b_y)) == 0)
    writer = (E, W, U, b, V, never)
    obtained = answer.transcribe(numbers, reader, writer, 8)
    obtained = np.array(obtained) if isinstance(obtained, list | tuple) else obtained
    expect(obtained, spoken(numbers, reader, writer, 8), "written", tolerance=0.0)
