"""Wrong answers to notebook 01; ``schemas01`` has those to E01.4 and E01.5."""

from tests.mutants import Mutant
from tests.mutants.schemas01 import MUTANTS as SCHEMAS

PAD = """
def pad_and_mask(seqs, maxlen, padding, truncating):
    {before}
    padded = np.zeros((len(seqs), maxlen), dtype=int)
    mask = np.zeros((len(seqs), maxlen), dtype=bool)
    for k, seq in enumerate(seqs):
        kept = {kept}
        start = {start}
        padded[k, start : start + len(kept)] = kept
        mask[k, start : start + len(kept)] = True
    {after}
    return {result}
"""
KEPT = 'seq[max(len(seq) - maxlen, 0) :] if truncating == "pre" else seq[:maxlen]'
START = 'maxlen - len(kept) if padding == "pre" else 0'


def pad(before="pass", kept=KEPT, start=START, after="pass", result="padded, mask") -> str:
    return PAD.format(before=before, kept=kept, start=start, after=after, result=result)


MI = """
def mutual_information(text, gap):
    from collections import Counter
    pairs = Counter(zip(text, text[{gap}:]))
    N = sum(pairs.values())
    first, second = Counter(), Counter()
    for (a, b), n in pairs.items():
        first[a] += n
        second[b] += n
    return sum({term} for (a, b), n in pairs.items())
"""


def mi(term="n / N * np.log(n * N / (first[a] * second[b]))", gap="gap") -> str:
    return MI.format(term=term, gap=gap)


def features(body: str) -> str:
    return f"def features(sequences):\n    return np.stack([{body} for s in sequences])"


MUTANTS = {
    "E01.1": [
        Mutant(
            "bag as a set", "def bag(tokens, size): return (np.bincount(tokens, minlength=size) > 0) * 1", "noted once"
        ),
        Mutant("bag too short", "def bag(tokens, size): return np.bincount(tokens)", "has shape"),
        Mutant(
            "shares",
            "def bag(tokens, size): return np.bincount(tokens, minlength=size) / len(tokens)",
            "counts are due",
        ),
        Mutant(
            "bag as a list", "def bag(tokens, size): return [tokens.count(k) for k in range(size)]", "an array is due"
        ),
        Mutant(
            "another word",
            'pair = (numbers("the old man bites the dog"), numbers("the old man sees the dog"))',
            "the bags differ: word 4 occurs 1 times in the first and 0 times in the second",
        ),
        Mutant("same twice", "pair = (pair[0], pair[0])", "the two sentences are the same"),
        Mutant("words", 'pair = ("the old man bites dog", "the old dog bites man")', "must be a list of word numbers"),
        Mutant("three words", 'pair = (numbers("man bites dog"), numbers("dog bites man"))', "five words or more"),
        Mutant(
            "forgotten",
            'pair = (numbers("dog man" + " the" * 60), numbers("man dog" + " the" * 60))',
            "change more of the order",
        ),
        Mutant("reversed", "def other_order(tokens): return tokens[::-1]", "is a palindrome"),
        Mutant("sorted", "def other_order(tokens): return sorted(tokens)", "is sorted already"),
        Mutant(
            "halves exchanged",
            "def other_order(tokens): return tokens[len(tokens) // 2 :] + tokens[: len(tokens) // 2]",
            "exchanging its halves changes nothing",
        ),
        Mutant("in place", "def other_order(tokens):\n    tokens.append(tokens[0])\n    return tokens[1:]", "in place"),
        Mutant("one word dropped", "def other_order(tokens): return tokens[1:]", "not made of the same words"),
        Mutant(
            "ends exchanged",
            "def other_order(tokens): return tokens[-1:] + tokens[1:-1] + tokens[:1]",
            "changes nothing",
        ),
    ],
    "E01.2": [
        Mutant("cut at the other end", pad(kept=KEPT.replace('"pre"', '"post"')), "cuts at the other end"),
        Mutant("padded on the other side", pad(start=START.replace("pre", "post")), "puts the zeros on the other side"),
        Mutant(
            "exchanged", pad(before="padding, truncating = truncating, padding"), "padding and truncating are exchanged"
        ),
        Mutant("mask turned", pad(result="padded, ~mask"), "the mask is turned"),
        Mutant("mask from the numbers", pad(result="padded, padded != 0"), "here 0 is a word"),
        Mutant("mask first", pad(result="mask, padded"), "the mask came first"),
        Mutant("table alone", pad(result="padded"), "return them as a tuple"),
        Mutant(
            "counted from behind",
            pad(kept='seq[-maxlen:] if truncating == "pre" else seq[:maxlen]').replace(
                "padded[k, start : start + len(kept)]",
                'padded[k, slice(-len(kept), None) if padding == "pre" else slice(len(kept))]',
            ),
            "ValueError",
            state="could not run",
        ),
        Mutant("longest one decides", pad(before="maxlen = max(len(s) for s in seqs)"), "has shape"),
    ],
    "E01.3": [
        Mutant("bits", mi("n / N * np.log2(n * N / (first[a] * second[b]))"), "this is in bits"),
        Mutant("sign", mi("n / N * np.log(first[a] * second[b] / (n * N))"), "the sign is turned"),
        Mutant("entropy", mi("-n / N * np.log(n / N)"), "this is the entropy of the pairs"),
        Mutant("not weighted", mi("np.log(n * N / (first[a] * second[b]))"), "are not weighted by p(a, b)"),
        Mutant("neighbours only", mi(gap="1"), "gap is not used"),
        Mutant("conditional entropy", mi("-n / N * np.log(n / first[a])"), "what is not known of the second"),
        Mutant(
            "round the corner",
            mi().replace("zip(text, text[gap:])", "zip(text, text[gap:] + text[:gap])"),
            "the end of the text is joined",
        ),
        Mutant(
            "wrong weight",
            mi("first[a] * second[b] / N**2 * np.log(n * N / (first[a] * second[b]))"),
            "instead of p(a, b)",
        ),
        Mutant(
            "all pairs of the alphabet",
            "def mutual_information(text, gap):\n    codes = np.unique(list(text), return_inverse=True)[1]\n"
            "    p = np.zeros((codes.max() + 1,) * 2)\n    np.add.at(p, (codes[:-gap], codes[gap:]), 1 / "
            "(len(text) - gap))\n"
            "    return float(np.sum(p * np.log(p / np.outer(p.sum(1), p.sum(0)))))",
            "holds NaN",
        ),
    ],
    **SCHEMAS,
    "E01.6": [
        Mutant("first step", features("np.concatenate([s.mean(axis=0), s[0], [len(s)]])"), "the first step stands"),
        Mutant("order", features("np.concatenate([s[-1], s.mean(axis=0), [len(s)]])"), "last comes before the mean"),
        Mutant("sum", features("np.concatenate([s.sum(axis=0), s[-1], [len(s)]])"), "the sum stands"),
        Mutant(
            "mean of the padded",
            features("np.concatenate([s.sum(axis=0) / max(map(len, sequences)), s[-1], [len(s)]])"),
            "zeros are no steps",
        ),
        Mutant("entries counted", features("np.concatenate([s.mean(axis=0), s[-1], [s.size]])"), "steps are due"),
        Mutant(
            "larger first",
            "right = collision\ndef collision(sequences, labels): return right(sequences, labels)[::-1]",
            "the smaller index comes first",
        ),
        Mutant(
            "labels not looked at",
            "def collision(sequences, labels):\n    F = features(sequences)\n    N = len(F)\n"
            "    return [(i, j) for j in range(N) for i in range(j) if np.abs(F[i] - F[j]).max() < 1e-9][-1]",
            "i differs",
        ),
        Mutant(
            "count not looked at",
            "def collision(sequences, labels):\n    F = features(sequences)[:, :-1]\n    N = len(F)\n"
            "    found = [(i, j) for i in range(N) for j in range(i + 1, N)\n"
            "             if np.abs(F[i] - F[j]).max() < 1e-9 and labels[i] != labels[j]]\n"
            "    n = [len(s) for s in sequences]\n"
            "    return sorted(found, key=lambda p: n[p[0]] == n[p[1]])[0]",
            "one of these has another count",
        ),
        Mutant(
            "rounded to three digits",
            "def collision(sequences, labels):\n    F = features(sequences).round(2)\n    N = len(F)\n"
            "    found = [(i, j) for i in range(N) for j in range(i + 1, N)\n"
            "             if (F[i] == F[j]).all() and labels[i] != labels[j]]\n"
            "    exact = features(sequences)\n"
            "    return sorted(found, key=lambda p: -np.abs(exact[p[0]] - exact[p[1]]).max())[0]",
            "near but not equal",
        ),
        Mutant("sum lost", 'lost = "cdef"', "mean times count"),
        Mutant("spread kept", 'lost = "cf"', "how far the steps lie from it"),
        Mutant("order kept", 'lost = "ef"', "turn all steps but the last round"),
        Mutant("no letter", 'lost = "x"', "must be made of the letters"),
    ],
}
