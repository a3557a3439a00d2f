"""Notebook 00, one notation for five documents: E00.2. ``e00_start_here`` collects the exercises of the notebook."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference import notations
from course_kit.reference.elman import elman_forward
from course_kit.reference.gru import gru_forward
from course_kit.reference.lstm import lstm_forward

E00_2 = Exercise(
    "E00.2",
    "One notation",
    slides=("D2.8", "D2.14", "D3.18", "D4.10", "D4.33", "D4.44"),
    names=("rename",),
    hints=(
        "Never go by the letter: ask what it stands next to. What multiplies x is W, what multiplies the previous h is "
        "U, what makes y from h is V. For an update gate ask what it multiplies: the old state, or the new candidate.",
        "D4 has W where the kit has U, U where it has V, and V where it has W. In [h, x] the h comes first, so U is on "
        "top. D3's u and D4's g are the candidate. D4's u multiplies the old state: z. D1's z the new one: 1 - z.",
    ),
)

# What a symbol can be, and the kit's names for that kind of thing.
KINDS = {
    "is a matrix": ("W", "U", "V"),
    "is one matrix for h and x joined": ("[U; W]", "[W; U]"),
    "is computed anew at each step": ("i", "f", "o", "c_tilde", "r", "z", "1 - z"),
    "is carried from step to step": ("c", "h"),
    "counts the steps": ("t",),
}
MATRIX, JOINED, GATE, STATE, INDEX = KINDS
ASKED = {
    "D1": {"U": MATRIX, "W": MATRIX, "V": MATRIX, "k": INDEX, "W_f": MATRIX, "U_f": MATRIX, "c~": GATE, "z": GATE},
    "D2": {"W_h": MATRIX, "U_h": MATRIX, "W_y": MATRIX, "W_f": JOINED, "C": STATE, "C~": GATE},
    "D3": {"W": MATRIX, "U": MATRIX, "u": GATE},
    "D4": {"V": MATRIX, "W": MATRIX, "U": MATRIX, "g": GATE, "r": GATE, "u": GATE},
    "D5": {"W_f": JOINED, "C": STATE, "C~": GATE},
}
RIGHT = {
    "D1": {"U": "W", "W": "U", "V": "V", "k": "t", "W_f": "W", "U_f": "U", "c~": "c_tilde", "z": "1 - z"},
    "D2": {"W_h": "W", "U_h": "U", "W_y": "V", "W_f": "[U; W]", "C": "c", "C~": "c_tilde"},
    "D3": {"W": "W", "U": "U", "u": "c_tilde"},
    "D4": {"V": "W", "W": "U", "U": "V", "g": "c_tilde", "r": "r", "u": "z"},
    "D5": {"W_f": "[U; W]", "C": "c", "C~": "c_tilde"},
}
# Names that go wrong together, and what to say.
CONFUSIONS = {
    "D1": {
        "D1.7 was read letter by letter: its U multiplies x, its W multiplies h": {"U": "U", "W": "W"},
        "D1.17 turns the letters of D1.7 round: W_f multiplies x, U_f multiplies h": {"W_f": "U", "U_f": "W"},
        "z of D1.23 multiplies the candidate: it is the share that is written, and the kit's z is the share that "
        "is kept": {"z": "z"},
    },
    "D2": {
        "W_h multiplies x and U_h multiplies h": {"W_h": "U", "U_h": "W"},
        "W_y makes y from h": {"W_h": "V", "W_y": "W"},
        "in [h, x] the h comes first, so U is on top": {"W_f": "[W; U]"},
    },
    "D3": {
        "in D3 W multiplies x and U multiplies h": {"W": "U", "U": "W"},
        "D3's u is no output gate: it goes through tanh and is written into the state": {"u": "o"},
        "D3's u is no update gate: it goes through tanh and is written into the state": {"u": "z"},
    },
    "D4": {
        "D4 was read letter by letter: its V multiplies x, its W multiplies h, its U makes y": {
            "V": "V",
            "W": "W",
            "U": "U",
        },
        "in D4 V multiplies x and W multiplies h": {"V": "U", "W": "W", "U": "V"},
        "u of D4.44 multiplies the old state: it is the share that is kept": {"u": "1 - z"},
        "r and u are exchanged: r is applied to h before the product": {"r": "z", "u": "r"},
    },
    "D5": {"in [h, x] the h comes first, so U is on top": {"W_f": "[W; U]"}},
}


@dataclass(frozen=True)
class Printed:
    """A formula of a document.

    ``matrices`` maps a letter of the formula to the symbol that the student names, ``gates`` a gate's letter to the
    symbol that the student names or, where nothing is asked, to the kit's name.
    """

    slide: str
    family: str
    function: Callable
    matrices: dict[str, str]
    gates: dict[str, str]


def same(*letters: str) -> dict[str, str]:
    return {letter: letter for letter in letters}


FORMULAS = {
    "D1": (
        Printed("D1.7", "simple", notations.d1_simple, same("U", "W", "V"), {}),
        Printed("D1.17-20", "LSTM", notations.d1_lstm, {"W": "W_f", "U": "U_f"}, {**same("f", "i", "o"), "c": "c~"}),
        Printed("D1.23", "GRU", notations.d1_gru, {"W": "W_f", "U": "U_f"}, {**same("z", "r"), "h": "c_tilde"}),
    ),
    "D2": (
        Printed("D2.8", "simple", notations.d2_simple, same("W_h", "U_h", "W_y"), {}),
        Printed("D2.14", "LSTM", notations.joined_lstm, {"W": "W_f"}, {**same("f", "i", "o"), "C": "C~"}),
    ),
    "D3": (Printed("D3.18", "LSTM", notations.d3_lstm, same("W", "U"), same("i", "f", "o", "u")),),
    "D4": (
        Printed("D4.10", "simple", notations.d4_simple, same("V", "W", "U"), {}),
        Printed("D4.33-41", "LSTM", notations.d4_lstm, same("V", "W"), same("g", "i", "o", "f")),
        Printed("D4.44", "GRU", notations.d4_gru, same("V", "W"), same("r", "u", "g")),
    ),
    "D5": (Printed("D5.9-12", "LSTM", notations.joined_lstm, {"W": "W_f"}, {**same("f", "i", "o"), "C": "C~"}),),
}


def deal(draw) -> dict:
    """The kit's side: every name with numbers for the simple network ("") and for each gate. All matrices are square,
    so that a wrong name gives wrong numbers and not an error."""
    n = draw.integer(3, 5)
    gates = ("", "i", "f", "o", "c_tilde", "z", "r")
    kit = {name: {g: draw.normal(n, n, scale=0.7) for g in gates} for name in "WUV"}
    kit["b"] = {g: draw.normal(n) for g in gates}
    for name in ("W", "U", "V", "b"):
        kit[name]["1 - z"] = -kit[name]["z"]  # 1 - sigmoid(a) = sigmoid(-a)
    kit["[U; W]"] = {g: np.concatenate([kit["U"][g], kit["W"][g]]) for g in kit["U"]}
    kit["[W; U]"] = {g: np.concatenate([kit["W"][g], kit["U"][g]]) for g in kit["U"]}
    kit["b_y"] = draw.normal(n)
    kit.update(x=draw.normal(2, 7, n), h=draw.normal(2, n), c=draw.normal(2, n))
    return kit


def read_with(formula: Printed, names: dict, kit: dict):
    """What the printed formula gives when ``names`` says what each of its symbols is."""
    if formula.family == "simple":
        s = {letter: kit[names[symbol]][""] for letter, symbol in formula.matrices.items()}
        return np.concatenate(
            formula.function({**s, "b_h": kit["b"][""], "b_y": kit["b_y"]}, kit["x"], kit["h"]), axis=2
        )
    s = {"c": kit["c"], "C": kit[names.get("C", "c")]}
    for letter, symbol in formula.gates.items():
        gate = names.get(symbol, symbol)
        s[f"b_{letter}"] = kit["b"][gate]
        for matrix, name in formula.matrices.items():
            s[f"{matrix}_{letter}"] = kit[names[name]][gate]
    return formula.function(s, kit["x"], kit["h"])


def in_the_kit(family: str, kit: dict):
    """The same, by the kit's own twins."""
    x, h = kit["x"], kit["h"]
    if family == "simple":
        y, h = elman_forward(x, h, kit["W"][""], kit["U"][""], kit["b"][""], kit["V"][""], kit["b_y"])
        return np.concatenate([h, y], axis=2)
    gates = ("i", "f", "c_tilde", "o") if family == "LSTM" else ("z", "r", "c_tilde")
    W, U, b = (np.concatenate([kit[name][g] for g in gates], axis=-1) for name in ("W", "U", "b"))
    return lstm_forward(x, h, kit["c"], W, U, b)[0] if family == "LSTM" else gru_forward(x, h, W, U, b)


def names_of(document: str, rename) -> dict[str, str]:
    """rename[document], once it is sure that each symbol asked for has a name of the right kind."""
    require(isinstance(rename, dict), "rename must be a dict with an entry for each of D1 to D5.")
    require(document in rename, f"rename lacks {document}.")
    names = rename[document]
    require(isinstance(names, dict), f"rename[{document!r}] must be a dict from the document's symbols to the kit's.")
    for symbol, kind in ASKED[document].items():
        require(symbol in names, f"rename[{document!r}] lacks {symbol!r}.")
        known = KINDS[kind]
        fits = isinstance(names[symbol], str) and names[symbol] in known
        # The names to choose from are no secret: the notebook lists them.
        choice = f"{document}'s {symbol} {kind}: {', '.join(known[:-1])}{' or ' * (len(known) > 1)}{known[-1]} is due."
        require(fits, f"rename[{document!r}][{symbol!r}] is {names[symbol]!r:.40}; {choice}")
    extra = ", ".join(sorted(set(names) - set(ASKED[document])))
    require(not extra, f"rename[{document!r}] has entries that were not asked for: {extra:.60}.")
    for formula in FORMULAS[document]:
        if formula.family == "simple":
            given = [names[symbol] for symbol in formula.matrices.values()]
            twice = " and ".join(s for s in formula.matrices.values() if given.count(names[s]) > 1)
            require(not twice, f"rename[{document!r}] gives {twice} of {formula.slide} the same name.")
    return names


def judge(document: str) -> Callable:
    """The case of one document."""

    def case(answer, draw):
        names, kit = names_of(document, answer["rename"]), deal(draw)
        for formula in FORMULAS[document]:
            read = f"of {formula.slide}, read with your names,"
            expect(
                read_with(formula, names, kit),
                in_the_kit(formula.family, kit),
                f"{'h and y' if formula.family == 'simple' else 'h'} {read}",
                known={
                    sentence: read_with(formula, {**RIGHT[document], **wrong}, kit)
                    for sentence, wrong in CONFUSIONS[document].items()
                },
            )

    return case


for _document in ASKED:
    E00_2.case(_document)(judge(_document))
