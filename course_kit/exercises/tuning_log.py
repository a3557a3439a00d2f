"""Notebook 22, item 6: the log of what was tried for a higher F1, and the one number from the test set."""

import re

from course_kit.checking import Exercise, expect, require

COLUMNS = ("changed", "validation f1", "note")
LEAST_ROWS = 5
# Positive and negative reviews of each test set.
TESTS = {"imdb": (12500, 12500), "kit": (500, 500)}
COUNTS = ("tp", "fp", "fn", "tn")

E22_6 = Exercise(
    "E22.6",
    "IMDB_LSTM by F1 (item 6)",
    slides=("D1.35",),
    names=("tuning_log", "best_try", "test_counts", "test_f1"),
    hints=(
        "One row a try, the failed ones too; the choice is made by the column of validation F1, and the test set is "
        "read once, for the try that was chosen.",
        '"| changed | validation F1 | note |", a row of dashes, five rows or more, and below the table one line '
        '"Test F1: 0.907"; '
        "best_try is the text of the best row's first column.",
    ),
)


def rows(obtained) -> list[tuple[str, float, str]]:
    """The rows of the table, or a sentence on its form."""
    require(isinstance(obtained, str), "tuning_log must be a text that holds a Markdown table.")
    require(len(obtained) <= 20_000, "tuning_log has more than 20000 characters: half a page is due.")
    lines = [line.strip() for line in obtained.splitlines() if line.strip().startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    listed = "| changed | validation F1 | note |"
    right = len(table) > 1 and tuple(cell.lower() for cell in table[0]) == COLUMNS
    require(right, f"the table of tuning_log must begin with the line {listed}.")
    dashes = len(table[1]) == 3 and all(re.fullmatch(r":?-+:?", cell) for cell in table[1])
    require(dashes, "the second line of the table in tuning_log must be | --- | --- | --- |.")
    found = []
    for number, cells in enumerate(table[2:], 1):
        require(len(cells) == 3, f"row {number} of tuning_log has {len(cells)} cells; three are due.")
        changed, f1, note = cells
        require(changed != "" and note != "", f"row {number} of tuning_log has an empty cell.")
        number_is = re.fullmatch(r"\d+(\.\d+)?", f1)
        require(number_is, f"in row {number} of tuning_log the validation F1 must be a number. Got {f1[:30]!r}.")
        require(
            0 < float(f1) < 1,
            f"in row {number} of tuning_log the F1 is {f1[:30]}; it lies between 0 and 1, no percent.",
        )
        found.append((changed, float(f1), note))
    require(len(found) >= LEAST_ROWS, f"tuning_log has {len(found)} tries; at least {LEAST_ROWS} are due.")
    names = [changed for changed, _, _ in found]
    twice = [name for name in names if names.count(name) > 1]
    require(not twice, f"two rows of tuning_log say {twice[0][:60] if twice else ''!r}: what was changed between them?")
    return found


@E22_6.case("the log is a table of tries")
def _(answer, draw):
    rows(answer["tuning_log"])


@E22_6.case("the best try by validation", hint="The row with the highest validation F1, whatever the test said.")
def _(answer, draw):
    found, obtained = rows(answer["tuning_log"]), answer["best_try"]
    require(isinstance(obtained, str), "best_try must be a text: the first cell of the best row.")
    named = [f1 for changed, f1, _ in found if changed == obtained.strip()]
    require(named, f"no row of tuning_log has {obtained[:60]!r} in its first column.")
    best = max(f1 for _, f1, _ in found)
    require(named[0] == best, f"best_try has a validation F1 of {named[0]:g}, and another row has {best:g}.")


@E22_6.case("the counts are those of the test set", hint="tp + fn are all positive reviews of the test set.")
def _(answer, draw):
    counts(answer["test_counts"])


def counts(obtained) -> tuple[int, int, int, int]:
    """tp, fp, fn, tn, or a sentence on what they contradict."""
    due = '{"data": "imdb" or "kit", "tp": ..., "fp": ..., "fn": ..., "tn": ...}'
    right = isinstance(obtained, dict) and {"data", *COUNTS} <= set(obtained)
    require(right, f"test_counts must be a dict {due}.")
    data = obtained["data"]
    require(
        isinstance(data, str) and data in TESTS, '"data" in test_counts must be "imdb" or "kit": which test set was it?'
    )
    for name in COUNTS:
        value = obtained[name]
        whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**6
        require(whole, f'"{name}" in test_counts must be a whole number of reviews.')
    tp, fp, fn, tn = (obtained[name] for name in COUNTS)
    positive, negative = TESTS[data]
    total = tp + fp + fn + tn
    require(
        total == positive + negative,
        f'the counts add up to {total}; the test set "{data}" has {positive + negative} reviews.',
    )
    crossed = "fp and fn are exchanged" if tp + fp == positive else ""
    require(
        tp + fn == positive,
        f'tp + fn is {tp + fn}; the test set "{data}" has {positive} positive reviews.',
        known=crossed,
    )
    return tp, fp, fn, tn


@E22_6.case("F1 from the counts", hint="2 tp / (2 tp + fp + fn).")
def _(answer, draw):
    tp, fp, fn, tn = counts(answer["test_counts"])
    require(tp + fp > 0, "no review was called positive: F1 is 0 then, and there is nothing to hand in.")
    known = {
        "this is the accuracy": (tp + tn) / (tp + fp + fn + tn),
        "this is the precision": tp / (tp + fp),
        "this is the recall": tp / (tp + fn),
        "this is the F1 of the negative reviews": 2 * tn / max(1, 2 * tn + fp + fn),
        "this is the best validation F1": max(f1 for _, f1, _ in rows(answer["tuning_log"])),
    }
    # A claim is stated to three digits.
    expect(answer["test_f1"], 2 * tp / (2 * tp + fp + fn), "test_f1", tolerance=6e-4, known=known)


@E22_6.case(
    "the test set was read once", hint='Below the table stands one line "Test F1: 0.907", and nowhere else a test F1.'
)
def _(answer, draw):
    log, claimed = answer["tuning_log"], answer["test_f1"]
    rows(log)
    found = re.findall(r"test f1:?\s*(\d+\.\d+)?", log, re.IGNORECASE)
    require(found, 'tuning_log does not state the test F1: below the table one line "Test F1: 0.907" is due.')
    often = f"tuning_log speaks of a test F1 {len(found)} times; it is read once, for the try that was chosen."
    require(len(found) == 1, often)
    require(found[0], 'the line on the test F1 must be "Test F1: " and a number.')
    expect(float(found[0]), claimed if isinstance(claimed, float) else 0.0, "the test F1 in tuning_log", tolerance=6e-4)
