"""Make data/reviews.tsv.gz: short made-up film reviews in which the same words mean the opposite in another order.

    python data/make_reviews.py            writes the file and prints its SHA-256

Every review has a twin: the same words, each as often, the two adjectives exchanged, and the opposite label. So what
looks at a bag of words alone gives twins one score, and is right about exactly one of the two. Who wants to do better
must read negation, contrast and irony across clauses, what came later, and who of two is said to be right.

A row is: train or test, label (1 positive), number of the pair, text. Twins are never parted, no text comes twice.
"""

import gzip
import hashlib
import random
from pathlib import Path

OUT = Path(__file__).resolve().parent / "reviews.tsv.gz"
SEED, PAIRS = 0, {"train": 1500, "test": 500}

# None begins with a vowel, so that "a" suits them all.
# fmt: off
GOOD = ("brilliant", "superb", "funny", "moving", "charming", "gripping", "clever",
        "fresh", "warm", "delightful", "touching", "lively", "subtle", "witty")
BAD = ("dull", "silly", "tedious", "clumsy", "boring", "bland", "tiresome",
       "hollow", "cheap", "lifeless", "dreary", "sloppy", "shallow", "stale")
NOUNS = ("plot", "script", "acting", "music", "dialogue", "last act",
         "first act", "cast", "humour", "pace", "story", "finale")
# fmt: on
PEOPLE = ("my sister", "my brother", "my wife", "my neighbour", "the critic", "the usher")
FILLERS = (
    "It runs for about two hours.",
    "We saw it on a Tuesday.",
    "The cinema was half full.",
    "It was shot in the mountains.",
    "A train plays some part in it.",
    "There is a dog in it.",
    "The director had made two films before.",
    "It is set in the seventies.",
    "Most of it happens in a kitchen.",
    "I had read the book years ago.",
    "Somebody's phone rang twice.",
    "It rains a lot in this film.",
    "The titles come after ten minutes.",
    "A letter arrives, and somebody leaves.",
    "They speak French in the middle part.",
    "The tickets were on the kitchen table.",
)
# {yes} is what the writer thinks, {no} is what he does not; {fill} is a sentence that says nothing
NEGATION = (
    "The {noun} is not {no}, it is {yes}.",
    "It is {yes}, this {noun}, and not for one moment {no}.",
    "Nobody who has seen the {noun} can call it {no}, because it is {yes}.",
    "Far from being {no}, the {noun} struck me as {yes}.",
)
CONTRAST = (
    "Although the {noun} is {no}, the film as a whole is {yes}.",
    "The film as a whole is {yes}, although the {noun} is {no}.",
    "The {noun} may be {no}, but all the rest of it is {yes}.",
    "I had expected something {no} and was given something {yes}.",
    "I was given something {yes} where I had expected something {no}.",
)
IRONY = (
    "Oh yes, a {no} {noun}, just as water is dry: {yes} is what it is.",
    "If this {noun} is {no}, I am the queen of Norway. {fill} The word is {yes}.",
    "The word on the poster is {no}. {fill} The word of all who stayed is {yes}.",
    "{yes} is the word for the {noun}, and whoever says {no} also likes the dentist.",
)
LATER = (
    "At the start I found it {no}. {fill} At the end I found it {yes}.",
    "Last year I thought it {no}. {fill} This year I thought it {yes}.",
    "This year I thought it {yes}. {fill} Last year I thought it {no}.",
    "It seemed {no} to me. {fill} Then I saw it again, and it seemed {yes} to me.",
)
WHO = (
    "{right} found it {yes} and {wrong} found it {no}. {fill} I agree with {right}.",
    "{wrong} found it {no} and {right} found it {yes}. {fill} I agree with {right}.",
    "{right} found it {yes} and {wrong} found it {no}. {fill} I do not agree with {wrong}.",
    "{wrong} found it {no} and {right} found it {yes}. {fill} I do not agree with {wrong}.",
)
KINDS = (NEGATION, CONTRAST, IRONY, LATER, WHO)


def twins(draw: random.Random) -> tuple[str, str]:
    """A negative review and the positive one of the same words."""
    template = draw.choice(draw.choice(KINDS))
    right, wrong = draw.sample(PEOPLE, 2)
    before, between, after = draw.sample(FILLERS, 3)
    good, bad, noun = draw.choice(GOOD), draw.choice(BAD), draw.choice(NOUNS)
    around = draw.choice(("{0}", "{1} {0}", "{0} {2}", "{1} {0} {2}"))

    def review(yes: str, no: str) -> str:
        text = template.format(yes=yes, no=no, noun=noun, right=right, wrong=wrong, fill=between)
        return around.format(text[0].upper() + text[1:], before, after)

    return review(bad, good), review(good, bad)


def rows() -> list[tuple[str, int, int, str]]:
    """Half, label, pair and text of every review."""
    draw, seen, made = random.Random(SEED), set(), []
    for half, count in PAIRS.items():
        pair = 0
        while pair < count:
            both = twins(draw)
            if seen.isdisjoint(text.lower() for text in both):
                seen |= {text.lower() for text in both}
                made += [(half, label, pair, text) for label, text in enumerate(both)]
                pair += 1
    return made


def table() -> bytes:
    """The rows as they stand in the file, before it is packed."""
    return "".join("\t".join(map(str, row)) + "\n" for row in rows()).encode()


if __name__ == "__main__":
    OUT.write_bytes(gzip.compress(table(), mtime=0))
    print(f"{OUT.name}: {OUT.stat().st_size} bytes, SHA-256 {hashlib.sha256(OUT.read_bytes()).hexdigest()}")
