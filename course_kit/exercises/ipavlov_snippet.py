"""Notebook 00, a snippet to read: E00.3. ``e00_start_here`` collects the exercises of the notebook."""

from course_kit.checking import Exercise, expect, require

SKILLS = ("ai_geek", "performer", "team_player")
PRINTED = """
if YOU in ['researcher', 'developer']
    and YOU is ('ai_geek' & 'performer' & 'team_player'):
    iPavlov(YOU.talent, YOU.ideas)
"""
JOINED = "YOU in ['researcher', 'developer'] and YOU is ('ai_geek' & 'performer' & 'team_player')"

WHY = {
    "printed": "Python reads the whole text before it runs any of it, and here the condition ends with its line",
    "researcher": "`in` is fine and true here, so the second half is computed, and there & stands between two texts",
    "poet": "`and` does not look at its second half when the first is false",
}

E00_3 = Exercise(
    "E00.3",
    "Read the snippet",
    slides=("D5.26", "D5.27"),
    names=("prediction", "related", "iPavlov"),
    hints=(
        "Read as Python reads: first the shape of the lines, then from left to right, and after `and` only if what "
        "stands before it is true. What can & do with two texts?",
        "A condition may go on in the next line only inside brackets. 'researcher' passes the first half, so the other "
        "half is computed, and & of two texts is not defined. In related: role in [...] and all(s in skills for ...).",
    ),
)


def raised(source: str, mode: str, **names) -> str:
    """The name of the exception that our own ``source`` raises, or "nothing"."""
    try:
        eval(compile(source, "<slide>", mode), {}, names)
    except Exception as error:
        return type(error).__name__
    return "nothing"


@E00_3.case("what happens")
def _(answer, draw):
    prediction = answer["prediction"]
    options = ("SyntaxError", "NameError", "TypeError", "AttributeError", "nothing")
    right = {
        "printed": raised(PRINTED, "exec"),
        "researcher": raised(JOINED, "eval", YOU="researcher"),
        "poet": raised(JOINED, "eval", YOU="poet"),
    }
    for key, expected in right.items():
        require(isinstance(prediction, dict) and key in prediction, f"prediction must be a dict with the key {key!r}.")
        value = prediction[key]
        fits = isinstance(value, str) and value.strip() in options
        require(fits, f"prediction[{key!r}] must be one of {', '.join(options)}.")
        expect(value, expected, f"prediction[{key!r}]", reveal=False, known={WHY[key]: value})


@E00_3.case("who is related")
def _(answer, draw):
    role = draw.choice(("researcher", "developer"))
    lacked = draw.choice(SKILLS)
    lacking = [s for s in SKILLS if s != lacked]
    rows = [
        (f"a {role} with all three skills", role, list(SKILLS)),
        ("a developer with more than the three", "developer", shuffled(draw, [*SKILLS, "singer", "cook"])),
        ("a researcher who lacks one", "researcher", shuffled(draw, [*lacking, "singer"])),
        ("a poet with all three", draw.choice(("poet", "visitor")), shuffled(draw, SKILLS)),
        ("a developer without any", "developer", []),
        ("somebody whose role is only part of the word", role[:-2], shuffled(draw, SKILLS)),
    ]
    obtained = [answer.related(role, skills) for _, role, skills in rows]
    two = [r in ("researcher", "developer") for _, r, _ in rows]
    every = [set(SKILLS) <= set(skills) for _, _, skills in rows]
    some = [bool(set(SKILLS) & set(skills)) for _, _, skills in rows]
    exact = [set(SKILLS) == set(skills) for _, _, skills in rows]
    part = [any(r in name for name in ("researcher", "developer")) for _, r, _ in rows]

    def both(a, b):
        return [p and q for p, q in zip(a, b, strict=True)]

    expect(
        obtained,
        both(two, every),
        ", ".join(f"related() for {text}" for text, _, _ in rows),
        known={
            "one skill of the three was enough; the & on the slide means all of them": both(two, some),
            "somebody who can do more than the three was refused": both(two, exact),
            "the role was not looked at": every,
            "the skills were not looked at": two,
            "the first half and the second are joined by or; on the slide it is and": [
                p or q for p, q in zip(two, every, strict=True)
            ],
            "the role is looked for inside a text, where any part of the word is found; take a list of two texts": both(
                part, every
            ),
        },
    )


def shuffled(draw, items) -> list:
    return [items[int(k)] for k in draw.rng.permutation(len(items))]


@E00_3.case("iPavlov(3, 4)")
def _(answer, draw):
    pairs = [(3, 4), (draw.integer(5, 9), draw.integer(10, 20))]
    for talent, ideas in pairs:
        expect(
            answer.iPavlov(talent, ideas),
            talent * ideas,
            f"iPavlov({talent}, {ideas})",
            known={"talent and ideas are added; the slide multiplies": talent + ideas},
        )
