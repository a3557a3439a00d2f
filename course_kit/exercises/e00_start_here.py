"""Notebook 00. The course map and the checker itself, E00.1 and E00.4, are here; the others are imported."""

import re

import numpy as np

from course_kit.checking import Exercise, State, expect, require
from course_kit.checking.answer import Untouched
from course_kit.checking.compare import Mismatch
from course_kit.exercises.ipavlov_snippet import E00_3
from course_kit.exercises.one_notation import E00_2

__all__ = ["E00_1", "E00_2", "E00_3", "E00_4"]

# What the title pages say; tests/exercises/test_course_map.py holds this against the slide inventory.

DOCUMENTS = {
    "D1": {"language": "ru", "lecturer": "Makarenko", "date": "2018-04-12", "topic": "approximation"},
    "D2": {"language": "ru", "lecturer": "Adel", "date": "2019-01-23", "topic": "zoo"},
    "D3": {"language": "pl", "lecturer": "nobody", "date": "2017-09-13", "topic": "regularisation"},
    "D4": {"language": "ru", "lecturer": "Nikulin", "date": "2021-06-23", "topic": "validation"},
    "D5": {"language": "ru", "lecturer": "Burtsev", "date": "none", "topic": "translation"},
}
OPTIONS = {field: sorted({entry[field] for entry in DOCUMENTS.values()}) for field in ("language", "lecturer", "topic")}
PURPOSES = {
    "title": "source",
    "outline": "order",
    "section": "border",
    "reading": "further",
    "advert": "context",
}
SLIDES = {
    "title": "D1.1 D2.1 D3.1 D4.1 D5.1 D5.22",
    "outline": "D1.2 D4.2 D5.2",
    "section": "D1.3 D1.29 D4.3 D4.26 D4.47 D5.3",
    "reading": "D5.21",
    "advert": "D5.23 D5.24 D5.28",
}

E00_1 = Exercise(
    "E00.1",
    "Course map",
    slides=(
        *("D1.1", "D1.2", "D1.3", "D1.29", "D2.1", "D3.1", "D4.1", "D4.2", "D4.3", "D4.26", "D4.47"),
        *("D5.1", "D5.2", "D5.3", "D5.21", "D5.22", "D5.23", "D5.24", "D5.28"),
    ),
    names=("course_map", "slide_kinds", "slides_of"),
    hints=(
        "Language, lecturer and date are in the table of slides. The topic is in the figure: look for a column with "
        "one filled square.",
        "The columns are 04 (approximation), 16 (zoo), 17 (regularisation), 18 (validation), 20 (translation). A date "
        "on a news page is not the date of the lecture, and a company is not a person.",
    ),
)


@E00_1.case("five documents")
def _(answer, draw):
    course_map = answer["course_map"]
    for document, entry in DOCUMENTS.items():
        given = entry_of(course_map, document, "course_map")
        require(isinstance(given, dict), f"course_map[{document!r}] must be a dict with {', '.join(entry)}.")
        for field, right in entry.items():
            what = f"course_map[{document!r}][{field!r}]"
            value = entry_of(given, field, f"course_map[{document!r}]")
            require(isinstance(value, str), f"{what} must be a text.")
            if field == "date":
                form = re.fullmatch(r"\d{4}-\d\d-\d\d|none", value.strip())
                require(
                    form, f'{what} must be a date such as "2020-12-31" (year, month, day) or "none". Got {value:.20}.'
                )
            else:
                choice = f"{what} must be one of {', '.join(OPTIONS[field])}. Got {value:.20}."
                require(value.strip() in OPTIONS[field], choice)
            expect(value, right, what, reveal=False, known=slips(document, field))


def slips(document: str, field: str) -> dict[str, str]:
    """Wrong answers to one field that teach something."""
    return {
        ("D3", "date"): {"13/09/17 is day, month, year": "2013-09-17"},
        ("D5", "date"): {"that is the date of the news item on D5.24; the lecture bears none": "2016-08-29"},
        ("D2", "lecturer"): {"the head of the revision names who wrote it": "nobody"},
    }.get((document, field), {})


def entry_of(given, key: str, what: str):
    require(isinstance(given, dict), f"{what} must be a dict.")
    require(key in given, f"{what} lacks the entry {key!r}.")
    return given[key]


@E00_1.case("what each kind of slide is for")
def _(answer, draw):
    kinds = answer["slide_kinds"]
    for kind, purpose in PURPOSES.items():
        value = entry_of(kinds, kind, "slide_kinds")
        fits = isinstance(value, str) and value.strip() in PURPOSES.values()
        require(fits, f"slide_kinds[{kind!r}] must be one of {', '.join(PURPOSES.values())}.")
        expect(
            value,
            purpose,
            f"slide_kinds[{kind!r}]",
            reveal=False,
            known={"an outline lists all parts; a section page marks where one of them begins": "border"}
            if kind == "outline"
            else {},
        )


@E00_1.case("the kind of each slide")
def _(answer, draw):
    slides_of = answer["slides_of"]
    kind_of = {slide: kind for kind, text in SLIDES.items() for slide in text.split()}
    for kind, text in SLIDES.items():
        value = entry_of(slides_of, kind, "slides_of")
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        fits = isinstance(words, list | tuple) and all(isinstance(w, str) for w in words)
        require(fits, f'slides_of[{kind!r}] must be a text of slide numbers such as "D1.1 D2.1".')
        for word in words:
            require(word in kind_of, f"slides_of[{kind!r}] names {word:.20}, which is not in the table of slides.")
            both = kind == "section" and kind_of[word] == "outline"
            known = "an outline lists all parts; a section page marks where one of them begins" if both else ""
            require(kind_of[word] == kind, f"slides_of[{kind!r}] names {word}, which is of another kind.", known)
        missing = len(set(text.split()) - set(words))
        require(
            not missing, f"slides_of[{kind!r}] is not complete: {missing} of {len(text.split())} slides are missing."
        )


E00_4 = Exercise(
    "E00.4",
    "Three answers of the checker",
    slides=("D4.2",),
    names=("untouched", "wrong", "right", "first_wrong"),
    hints=(
        "untouched stays as it is: None is what the checker takes for a stub. The checker reads a table as you do, "
        "along the first row, then along the second.",
        "wrong: y = 2 * x, then spoil two entries that are not the first one, for example y[0, 2] and y[1, 1]. Then "
        "first_wrong returns (0, 2).",
    ),
)


def state_of(answer, name: str, x) -> tuple[State, str, object]:
    """What the checker says of ``name`` as an answer to "double every entry": state, index of the message, value."""
    try:
        value = answer.call(name, x)
        expect(value, 2 * x, "y")
    except Untouched:
        return State.NOT_ATTEMPTED, "", None
    except Mismatch as mismatch:
        return State.WRONG, mismatch.message.index, value
    return State.RIGHT, "", value


def table(draw):
    """A table (2, 3) with a first entry above 0 and two entries below."""
    x = np.abs(draw.normal(2, 3)) + 0.1
    places = [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    for k in draw.rng.permutation(5)[:2]:
        x[places[k]] *= -1
    return x


@E00_4.case("three states")
def _(answer, draw):
    x = table(draw)
    answer.wrong(x)  # raises if None comes back: the exercise has not been begun
    due = {"untouched": State.NOT_ATTEMPTED, "wrong": State.WRONG, "right": State.RIGHT}
    for name, state in due.items():
        obtained, _, _ = state_of(answer, name, x)
        require(obtained is state, f"{name} must make the checker say {state}. It says {obtained}.")


@E00_4.case("the first wrong place")
def _(answer, draw):
    for _ in range(3):
        x = table(draw)
        answer.wrong(x)
        _, index, value = state_of(answer, "wrong", x)
        require(index, "wrong must be wrong in its values: a table of the shape of x with finite numbers in it.")
        spoilt = np.argwhere(np.abs(value - 2 * x) > 1e-12 * np.maximum(1, np.abs(2 * x))).tolist()
        require(len(spoilt) > 1, "wrong must be wrong in at least two entries; one would make the question too easy.")
        require(index != "[0, 0]", "wrong must be right at [0, 0]; otherwise (0, 0) is a guess that is always right.")
        expect(
            answer.first_wrong(x),
            tuple(spoilt[0]),
            "first_wrong",
            known={
                "that is the first one if a table is read down its columns": tuple(min(spoilt, key=lambda p: p[::-1])),
                "rows and columns are counted from 0": tuple(k + 1 for k in spoilt[0]),
            },
        )
