"""Wrong answers to notebook 22; those to its first three items are in trees22."""

from tests.mutants import Mutant
from tests.mutants.jets22 import JETS
from tests.mutants.trees22 import TREES


def rejection(value, cut="tops[int(np.ceil(efficiency * len(tops) - 1e-9)) - 1]"):
    return f"""
def rejection(scores, is_top, efficiency):
    tops, others = np.sort(scores[is_top])[::-1], scores[~is_top]
    cut = {cut}
    share = np.mean(others >= cut)
    return {value}
"""


INVERSE = "1 / share if share else float('inf')"


def letters(*turned):
    """The right letters with some turned over."""
    return "true_or_false = ''.join(true_or_false.split())\n" + "\n".join(
        f"letter = 'F' if true_or_false[{k - 1}] == 'T' else 'T'\n"
        f"true_or_false = true_or_false[:{k - 1}] + letter + true_or_false[{k}:]"
        for k in turned
    )


def log(old, new):
    return f"tuning_log = tuning_log.replace({old!r}, {new!r})"


def counted(**changes):
    return f"test_counts = test_counts | {changes!r}"


ROWS = "lines = tuning_log.splitlines()\n"

MUTANTS = {
    **TREES,
    **JETS,
    "E22.4": [
        Mutant("share", rejection("share"), "its inverse is due"),
        Mutant("stopped", rejection("1 - share"), "1 / eps_B is due"),
        Mutant(
            "cut by background",
            rejection("1 / np.mean(tops >= cut)", "np.sort(others)[::-1][int(np.ceil(efficiency * len(others))) - 1]"),
            "it is the tops that are asked for",
        ),
        Mutant(
            "cut by all",
            rejection(INVERSE, "np.sort(scores)[::-1][int(np.ceil(efficiency * len(scores) - 1e-9)) - 1]"),
            "it is the tops alone that count",
        ),
        Mutant(
            "score for cut", rejection("1 / np.mean(others >= efficiency)"), "the score itself was taken for the cut"
        ),
        Mutant("of all jets", rejection("len(scores) / np.sum(others >= cut)"), "eps_B is a share of the background"),
        Mutant("strictly above", rejection("1 / np.mean(others > cut)"), "rejection"),
        Mutant("nothing passes", rejection("1 / max(share, 1e-3)"), "rejection"),
        Mutant("upside down", "papers_ratio = 0.45", "the ratio is upside down"),
        Mutant("difference", "papers_ratio = 55", "this is the difference"),
        Mutant("a field left out", 'report = {k: v for k, v in report.items() if k != "order"}', 'no entry "order"'),
        Mutant("an empty field", 'report = report | {"weaknesses": ""}', 'the entry "weaknesses" of report is empty'),
        Mutant(
            "no result", 'report = report | {"result": "It is better than all that came before it."}', "holds no number"
        ),
        Mutant("a word", 'report = report | {"strengths": "Good."}', "has 1 words; at least 25"),
        Mutant("a list", "report = list(report.values())", "must be a dict"),
    ],
    "E22.5": [
        Mutant("first", letters(1), "your answer to statement 1 is wrong."),
        Mutant("GRU as on the slide", letters(2), "so there are 3n more parameters than on the slide"),
        Mutant("backwards", letters(10), "nobody turns the outputs round"),
        Mutant("three", letters(8, 9, 16), "your answer to statement 8 is wrong, and 2 of the others"),
        Mutant("all true", "true_or_false = 'T' * 16", "your answer to statement 2 is wrong, and 7 of the others"),
        Mutant("fifteen", "true_or_false = 'TFFT FTFF TFFT TTT'", "has 15 letters"),
        Mutant("words", "true_or_false = [True] * 16", "must be a text of sixteen letters"),
        Mutant("numbers", "true_or_false = '1001 0100 1001 1110'", "made of the letters T and F"),
    ],
    "E22.6": [
        Mutant(
            "no table", "tuning_log = 'I tried a lot.'", "must begin with the line | changed | validation F1 | note |"
        ),
        Mutant("other columns", log("| changed |", "| what |"), "must begin with the line"),
        Mutant("no dashes", log("| --- | --- | --- |\n", ""), "the second line of the table"),
        Mutant("four tries", ROWS + "tuning_log = '\\n'.join(lines[:7] + lines[-2:])", "at least 5 are due"),
        Mutant("percent", log("| 0.", "| 90."), "no percent"),
        Mutant("words for F1", log("| 0.", "| about 0."), "the validation F1 must be a number"),
        Mutant(
            "same row twice", ROWS + "tuning_log = '\\n'.join([*lines[:4], *lines[3:]])", "what was changed between"
        ),
        Mutant(
            "an empty note",
            "import re\ntuning_log = re.sub(r'(0\\.\\d+) \\|.*\\|', r'\\1 | |', tuning_log)",
            "an empty cell",
        ),
        Mutant("not the best", "best_try = tuning_log.splitlines()[3].split('|')[1].strip()", "and another row has"),
        Mutant("no such row", "best_try = 'the transformer'", "no row of tuning_log has 'the transformer'"),
        Mutant("one review more", "test_counts = test_counts | {'tp': test_counts['tp'] + 1}", "add up to 1001"),
        Mutant("whose data", counted(data="imdb50k"), 'must be "imdb" or "kit"'),
        Mutant(
            "crossed",
            "test_counts = test_counts | {'fp': test_counts['fn'], 'fn': test_counts['fp']}",
            "fp and fn are exchanged",
        ),
        Mutant("shares", counted(tp=0.4), "must be a whole number of reviews"),
        Mutant(
            "accuracy",
            "test_f1 = (test_counts['tp'] + test_counts['tn']) / 1000",
            "this is the accuracy",
        ),
        Mutant("recall", "test_f1 = test_counts['tp'] / 500", "this is the recall"),
        Mutant("better than it was", "test_f1 = test_f1 + 0.01", "test_f1 differs"),
        Mutant("read twice", "tuning_log = tuning_log + '\\nTest F1: 0.9'", "speaks of a test F1 2 times"),
        Mutant("never stated", log("Test F1", "It was"), "does not state the test F1"),
        Mutant(
            "another number",
            "import re\ntuning_log = re.sub(r'Test F1: .*', 'Test F1: 0.951', tuning_log)",
            "the test F1",
        ),
    ],
}
