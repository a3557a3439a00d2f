"""Notebook 20, how a translator is judged: pairs it cannot have seen (E20.8), and two scores (E20.9)."""

import zlib

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.text_scores import chrf, exact_match

ENGLISH = [
    "one",
    "two",
    "three",
    "twenty-one",
    "thirty",
    "roubles",
    "dollars",
    "March",
    "fifth",
    "of",
    "the",
    "and",
    "hundred",
    "Thousand",
]

# E20.8

E20_8 = Exercise(
    "E20.8",
    "A split that does not leak",
    slides=("D5.17",),
    names=("held_out", "leaked"),
    hints=(
        "Whether a sentence is held out may depend on nothing but the sentence, and spellings that read alike must "
        "count as one: lower case, blanks for hyphens, one blank between words.",
        "same = ' '.join(source.lower().replace('-', ' ').split()); held_out is zlib.crc32(same.encode()) % 10 == "
        "0. leaked makes a set of the training sources' `same` and counts the test sources that are in it.",
    ),
)


def plain(source: str) -> str:
    return " ".join(source.lower().replace("-", " ").split())


def is_held_out(source: str) -> bool:
    return zlib.crc32(plain(source).encode()) % 10 == 0


def deal_sources(draw, count: int) -> list[str]:
    return [" ".join(draw.choice(ENGLISH) for _ in range(draw.integer(2, 6))) for _ in range(count)]


def decisions(names, sources):
    """held_out of each source, called twice and in two orders: (count, 2) of 0 and 1."""
    import numpy as np

    first = [names["held_out"](s) for s in sources]
    second = [names["held_out"](s) for s in sources[::-1]][::-1]
    if any(f is None for f in first):
        return None
    return np.array([first, second]).T * 1


@E20_8.case("a sentence decides by itself")
def _(answer, draw):
    sources = deal_sources(draw, 200)
    obtained = answer.probe(decisions, sources)
    require(isinstance(obtained, np.ndarray) and obtained.shape == (200, 2), "held_out must return True or False.")
    require(
        bool((obtained[:, 0] == obtained[:, 1]).all()),
        "asked twice, held_out gave two answers for one source: it must depend on nothing but the source.",
    )
    raw = np.array([zlib.crc32(s.encode()) % 10 == 0 for s in sources])
    expected = np.array([is_held_out(s) for s in sources])
    known = {
        "the checksum was taken of the source as it is spelled": raw * 1,
        "it is the other way round: True where the remainder is 0": ~expected * 1,
        "every source is held out": np.ones(200, dtype=int),
        "no source is held out": np.zeros(200, dtype=int),
    }
    expect(obtained[:, 0], expected * 1, "held_out", tolerance=0, known=known)


@E20_8.case(
    "spellings that read alike",
    hint="Lower case, blanks for hyphens, one blank between words, and none at the ends; then the checksum.",
)
def _(answer, draw):
    for source in deal_sources(draw, 30):
        due = is_held_out(source)
        for spelling in (source, source.upper(), source.replace(" ", "-"), f"  {source} ".replace(" ", "  ")):
            obtained = answer.held_out(spelling)
            expect(obtained, due, f"held_out of {spelling!r}, which reads as {plain(source)!r},")


@E20_8.case(
    "what has leaked", hint="Count the test sources, not the training ones, and compare spellings that read alike."
)
def _(answer, draw):
    test, train = deal_sources(draw, 12), deal_sources(draw, 30)
    known_ones = [s for k, s in enumerate(test) if k % 3 == 0]
    train += [s.upper().replace(" ", "-") for s in known_ones] + known_ones[:2]
    seen = {plain(s) for s in train}
    due = sum(plain(s) in seen for s in test)
    exactly = sum(s in set(train) for s in test)
    copies = sum(plain(s) in {plain(t) for t in test} for s in train)
    known = {
        "the sources were compared as they are spelled": exactly,
        "training sources were counted; of the test sources is asked": copies,
        "these are those that have not leaked": len(test) - due,
        "a share is not asked for: count them": due / len(test),
    }
    known = {say: value for say, value in known.items() if value != due}
    expect(answer.leaked(train, test), due, "leaked", tolerance=0, known=known)


# E20.9

E20_9 = Exercise(
    "E20.9",
    "Exact match and chrF",
    slides=("D5.17",),
    names=("exact_match", "chrf"),
    hints=(
        "For each n from 1 to 6 three numbers over all sentences: n-grams in common, in the translations, in the "
        "references. Counter has & for what is common and .total() for how many.",
        "precision_n = common / written, recall_n = common / due; P and R are their means over n; the score is "
        "100 * 5 * P * R / (4 * P + R). Blanks are taken out first: ''.join(text.split()).",
    ),
)
LETTERS = "абвгдеж "


def deal_texts(draw, count: int) -> tuple[list[str], list[str]]:
    """References, and translations that differ in some letters, have some more or some less, or nothing wrong."""
    references, texts = [], []
    for k in range(count):
        words = [
            "".join(draw.choice(LETTERS[:-1]) for _ in range(draw.integer(3, 7))) for _ in range(draw.integer(2, 5))
        ]
        reference = " ".join(words)
        text = list(reference)
        if k % 4:
            for _ in range(draw.integer(1, 4)):
                text[draw.integer(0, len(text) - 1)] = draw.choice(LETTERS[:-1])
        if k % 4 == 2:
            text = text[: -draw.integer(2, 4)]
        if k % 4 == 3:
            text += [" ", *words[0]]
        references.append(reference)
        texts.append("".join(text))
    return texts, references


@E20_9.case("exact match")
def _(answer, draw):
    texts, references = deal_texts(draw, 8)
    due = exact_match(texts, references)
    letters = float(
        np.mean(
            [sum(a == b for a, b in zip(t, r, strict=False)) / len(r) for t, r in zip(texts, references, strict=True)]
        )
    )
    known = {
        "a count came back; the share is due": due * 8,
        "per cent came back; the share, from 0 to 1, is due": due * 100,
        "letters were compared; a text is right as a whole or not at all": letters,
        "these are the wrong ones": 1 - due,
    }
    expect(answer.exact_match(texts, references), due, "exact match", known=known)


def variant(texts, references, order=6, beta=2.0, blanks=False, clip=True, per_sentence=False, pooled=False):
    """chrF with one thing done otherwise."""
    if per_sentence:
        return float(np.mean([chrf([t], [r], order, beta) for t, r in zip(texts, references, strict=True)]))
    if blanks:
        mark = "\N{MIDDLE DOT}"
        return chrf([t.replace(" ", mark) for t in texts], [r.replace(" ", mark) for r in references], order, beta)
    counts = []
    for n in range(1, order + 1):
        common = written = due = 0
        for text, reference in zip(texts, references, strict=True):
            a, b = (
                [s[k : k + n] for k in range(len(s) - n + 1)] for s in ("".join(t.split()) for t in (text, reference))
            )
            common += sum(g in b for g in a) if not clip else sum(min(a.count(g), b.count(g)) for g in set(a))
            written, due = written + len(a), due + len(b)
        counts.append((common, written, due))
    c = np.array(counts, dtype=float)
    if pooled:
        c = c.sum(axis=0, keepdims=True)
    P, R = (c[:, 0] / c[:, 1]).mean(), (c[:, 0] / c[:, 2]).mean()
    return float(100 * (1 + beta**2) * P * R / (beta**2 * P + R))


@E20_9.case("chrF", hint="Order 6, beta 2, blanks left out, counts over all sentences together.")
def _(answer, draw):
    texts, references = deal_texts(draw, 8)
    due = chrf(texts, references)
    known = {
        "blanks were left in": variant(texts, references, blanks=True),
        "recall counts more than precision: beta = 2, not 1": variant(texts, references, beta=1.0),
        "precision and recall are swapped": variant(texts, references, beta=0.5),
        "n goes from 1 to 6": variant(texts, references, order=5),
        "this is the mean of the sentences' scores; count over all sentences first": variant(
            texts, references, per_sentence=True
        ),
        "an n-gram was counted as often as the translation has it; the smaller count is common": variant(
            texts, references, clip=False
        ),
        "precision and recall are means over n; here all n were counted together": variant(
            texts, references, pooled=True
        ),
        "the score goes from 0 to 100": due / 100,
    }
    expect(answer.chrf(texts, references), due, "chrF", tolerance=1e-9, known=known)


@E20_9.case("all right, and nothing right", hint="Where nothing is common the score is 0: do not divide 0 by 0.")
def _(answer, draw):
    _, references = deal_texts(draw, 3)
    expect(answer.chrf(references, references), 100.0, "chrF of the references themselves", tolerance=1e-9)
    expect(answer.chrf(["xyxyxyxy"] * 3, references), 0.0, "chrF of texts without a letter in common", tolerance=1e-9)


@E20_9.case("a copy of the source", hint="Another alphabet has no letter in common, but the same digits and commas.")
def _(answer, draw):
    texts, references = ["twenty-one roubles, one"], [" ".join(["двадцать один рубль, один"])]
    expect(answer.chrf(texts, references), chrf(texts, references), "chrF of a copy", tolerance=1e-9)
