"""Notebook 01: which schema a task has, E01.5. ``e01_sequences_and_task_shapes`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.task_schemas import SCHEMAS

ONE, SPREAD, GATHER, DELAYED, ALIGNED = SCHEMAS

E01_5 = Exercise(
    "E01.5",
    "Where they are used",
    slides=("D2.3", "D4.4"),
    names=("schema_of", "uses"),
    hints=(
        "Count what goes in and what comes out. Only if both are many, ask when the first output is due: at once, "
        "or after the last input?",
        "S, T = sees.shape. T and S both 1, T alone, S alone: three schemas. Otherwise look above the diagonal: "
        "np.triu(sees, 1).any() says that an output needs an input that comes later. It is delayed then, or if S "
        "differs from T.",
    ),
)

USES = {
    "digit": ONE,
    "caption": SPREAD,
    "sentiment": GATHER,
    "emotion": GATHER,
    "pixel": GATHER,
    "translation": DELAYED,
    "speech": DELAYED,
    "handwriting": DELAYED,
    "video_labels": ALIGNED,
    "next_frame": ALIGNED,
}

# What a student who chose otherwise has overlooked, for each task and each other schema that suggests itself.
TELLING = {
    ("digit", GATHER): "the pixels come at once, as one vector, not one after the other",
    ("caption", ONE): "a caption has several words",
    ("caption", DELAYED): "only words are many here; the photograph is one input, given at once",
    ("sentiment", DELAYED): "one verdict for the whole review is due, not one a word",
    ("sentiment", ALIGNED): "one verdict for the whole review is due, not one a word",
    ("emotion", ALIGNED): "one answer for the whole scene is due, not one a picture",
    ("emotion", DELAYED): "one answer for the whole scene is due",
    ("pixel", ALIGNED): "a single pixel is missing, so a single value is due",
    ("pixel", ONE): "the surroundings are read one after the other",
    ("translation", ALIGNED): "word order differs, and a first word may depend on the last one: read to the end first",
    ("speech", ALIGNED): "a piece of 20 ms is no letter, and the transcript is due after the end",
    ("speech", GATHER): "a transcript has many letters",
    ("handwriting", ALIGNED): "the new strokes begin after the sample has ended",
    ("handwriting", SPREAD): "the sample is read stroke by stroke, it is a sequence",
    ("video_labels", DELAYED): "each picture's label is due while the picture is on the screen",
    ("video_labels", GATHER): "each picture has a label of its own",
    ("next_frame", GATHER): "a guess is due after every picture, not after the last one only",
    ("next_frame", DELAYED): "a guess is due after every picture, before the next one comes",
}


def schema_of(sees: np.ndarray) -> str:
    """The schema of a pattern (S, T): does output s need input t?"""
    S, T = sees.shape
    if T == 1:
        return ONE if S == 1 else SPREAD
    if S == 1:
        return GATHER
    return DELAYED if S != T or np.triu(sees, 1).any() else ALIGNED


@E01_5.case("the schema of a pattern")
def _(answer, draw):
    a, b = draw.sizes(2, 3, 6)
    band = np.tri(a, dtype=bool) & ~np.tri(a, k=-2, dtype=bool)
    late = np.tri(a, dtype=bool)
    late[draw.integer(0, a - 2), a - 1] = True
    for sees, why in (
        (np.ones((1, 1), dtype=bool), "one input, one output"),
        (np.ones((a, 1), dtype=bool), "one input, several outputs"),
        (np.ones((1, a), dtype=bool), "several inputs, one output"),
        (np.ones((a, b), dtype=bool), "as many outputs as inputs it has not"),
        (np.tri(a, dtype=bool), "no output needs an input that comes after it"),
        (np.ones((a, a), dtype=bool), "as many outputs as inputs, but the first output needs the last input"),
        (band, "each output needs its own input and the one before it, none that comes after it"),
        (late, "a single output needs an input that comes after it: that is enough to make it wait"),
    ):
        obtained = answer.schema_of(sees)
        shown = str(sees.astype(int).tolist())
        if isinstance(obtained, str):
            require(obtained in SCHEMAS, f"schema_of must return one of {', '.join(SCHEMAS)}. Got {obtained[:40]!r}.")
            require(obtained == schema_of(sees), f"schema_of is not right for {shown}: {obtained}.", known=why)
        expect(obtained, schema_of(sees), f"schema_of({shown})")


@E01_5.case(
    "the uses",
    hint="Only what the sentence says counts: what goes in, what comes out, and when the first output is due.",
)
def _(answer, draw):
    uses = answer["uses"]
    require(isinstance(uses, dict), "uses must be a dict: a task maps to the name of its schema.")
    missing = sorted(USES.keys() - uses.keys())
    require(not missing, f"uses lacks {', '.join(missing)}.")
    other = sorted(str(k)[:40] for k in uses.keys() - USES.keys())
    require(not other, f"uses has tasks that were not asked for: {', '.join(other[:5])}.")
    for task, schema in USES.items():
        obtained = uses[task]
        what = f"uses[{task!r}]"
        if isinstance(obtained, str):
            require(obtained in SCHEMAS, f"{what} must be one of {', '.join(SCHEMAS)}. Got {obtained[:40]!r}.")
            require(obtained == schema, f"{what} is not right.", known=TELLING.get((task, obtained), ""))
        expect(obtained, schema, what, reveal=False)
