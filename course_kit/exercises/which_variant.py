"""Notebook 15, five papers: E15.6. ``e15_lstm_variants`` collects the exercises of the notebook."""

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.closed import one_of

E15_6 = Exercise(
    "E15.6",
    "Which paper?",
    slides=("D1.28",),
    names=("papers", "ideas"),
    hints=(
        "An arXiv number begins with year and month: three of the five are of the summer of 2015, and two of those "
        "are about depth. The exercises above say what each layer changes.",
        "papers is a dict from each number to one of the letters a to e, ideas one to the letters p to t; every letter "
        "occurs once in its dict. Rain radar is of June 2015, the grid of July, the depth gate of August.",
    ),
)

# For each number: the letter of the name, the letter of the idea, and what tells it apart without naming it.
KEY = {
    "1506.04214": ("b", "s", "it is about rain, seen by radar"),
    "1507.01526": ("e", "p", "its network has no preferred direction: depth is a dimension like time"),
    "1508.03790": ("d", "t", "its tests are machine translation and a language model with deep stacks"),
    "1607.03085": ("a", "r", "it wants more memory without a wider hidden state"),
    "1802.00889": ("c", "q", "it classifies sentences with many narrow layers"),
}
NAMES = {
    "a": "the Array-LSTM",
    "b": "ConvLSTM",
    "c": "the densely connected BiLSTM",
    "d": "the depth-gated network",
    "e": "Grid LSTM",
}
IDEAS = {
    "p": "makes a layer's depth a dimension with its own memory",
    "q": "lets every layer read all layers below it",
    "r": "gives a unit several memory cells",
    "s": "replaces the products with convolutions",
    "t": "links the memories of neighbouring layers by a gate",
}


def judge(obtained, place: int, options: dict, what: str, wrong) -> None:
    """A dict from each number to one of the letters, each once; ``wrong(letter)`` ends the sentence about a miss."""
    example = ", ".join(f'"{number}": "?"' for number in list(KEY)[:2])
    require(isinstance(obtained, dict), f"{what} must be a dict: {{{example}, ...}}.")
    missing = [number for number in KEY if number not in obtained]
    require(not missing, f"{what} lacks {', '.join(missing)}.")
    require(len(obtained) == len(KEY), f"{what} must have these five numbers and no others: {', '.join(KEY)}.")
    for number, row in KEY.items():
        said = one_of(obtained[number], "".join(options), f'{what}["{number}"]')
        sentence = f"{row[2]}; {wrong(said)}" if isinstance(said, str) else ""
        known = {sentence: said} if sentence and said != row[place] else None
        expect(said, row[place], f'{what}["{number}"]', known=known, reveal=False)


@E15_6.case("the names")
def _(answer, draw):
    judge(answer["papers"], 0, NAMES, "papers", lambda letter: f"{letter} is {NAMES.get(letter)}, another paper")


@E15_6.case(
    "what they change", hint="Think of the formula of each exercise above: what stands there that an LSTM has not?"
)
def _(answer, draw):
    judge(answer["ideas"], 1, IDEAS, "ideas", lambda letter: f"what {IDEAS.get(letter)} is another paper")
