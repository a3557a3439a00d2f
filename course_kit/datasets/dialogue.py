"""Small talk made by rules: a person tells the machine something, and asks for it turns later.

A dialogue is a list of turns, each what the person says and what the machine answers. Three things make it useful:

- **Memory.** "what is my name ?" can be answered only by who remembers an earlier turn. Where nothing was told the
  right answer is "you did not tell me".
- **Dullness.** To whatever is said, "i do not know" is the most frequent single answer, at 30 %; the answers that fit
  share the rest. A machine that says what is most probable says "i do not know", as the slide's does.
- **Rudeness**, after the slides, which answers evade and some do not.
"""

from dataclasses import dataclass

import numpy as np

DULL = "i do not know"
DULL_SHARE = 0.3
NOT_TOLD = "you did not tell me"

NAMES = ("anna", "boris", "clara", "dmitry", "eva", "fedor", "galina", "igor", "maria", "nina", "oleg", "vera")
CITIES = ("kazan", "moscow", "warsaw", "krakow", "omsk", "perm", "gdansk", "tomsk", "sochi", "lublin")
THINGS = ("tea", "chess", "music", "rain", "cats", "snow", "books", "films", "bread", "winter")

# what is told: how it is said, what is answered, how it is asked for later, and the answer then
FACTS = {
    "name": (
        NAMES,
        ("my name is {}", "i am {}", "call me {}"),
        ("hello {}", "nice to meet you {}", "good evening {}", "i am glad to see you {}"),
        ("what is my name", "who am i"),
        "your name is {}",
    ),
    "city": (
        CITIES,
        ("i live in {}", "my home is in {}", "i come from {}"),
        ("{} is a fine city", "how far is {}", "i would like to see {}", "is it cold in {} now"),
        ("where do i live", "where is my home"),
        "you live in {}",
    ),
    "thing": (
        THINGS,
        ("i like {}", "i am fond of {}", "what i love is {}"),
        ("why do you like {}", "i like {} too", "tell me more about {}", "many people like {}"),
        ("what do i like", "what am i fond of"),
        "you like {}",
    ),
}
# small talk and the answers that fit it
TALK = {
    "how are you": ("i am well", "i am a little tired", "fine and you", "better than before"),
    "what a lovely evening": ("yes it is warm outside", "the stars are out", "let us take a walk", "i enjoy it too"),
    "you are stupid": ("how about hello first", "why do you say so", "i am still learning", "that is not kind"),
    "you are only a program": ("so what", "a program can listen", "now is not the best time", "and you are only human"),
    "are you offended": ("yes a little", "no i am not", "should i be", "it will pass"),
    "will you remember this": ("i shall try", "ask me later", "only for a while", "my state will"),
}


@dataclass(frozen=True)
class Turn:
    """What was said, what was answered, and what kind of turn it is: "told", "asked" or "talk"."""

    said: str
    answer: str
    kind: str


def dialogues(count: int, turns: int = 4, *, seed: int) -> list[list[Turn]]:
    """Random dialogues.

    About half of the turns that ask, ask for what was told before. A fact is told once at most.

    Args:
        count, turns: how many, and of how many turns each.
        seed: the same one gives the same dialogues.

    Raises:
        ValueError: if a number is not positive.

    >>> for turn in dialogues(1, seed=3)[0]:
    ...     print(f"{turn.said} / {turn.answer}")
    my name is clara / i am glad to see you clara
    my home is in omsk / i do not know
    what is my name / your name is clara
    who am i / your name is clara
    """
    if min(count, turns) < 1:
        raise ValueError(f"count and turns must be positive. Got {count} and {turns}.")
    rng = np.random.default_rng(seed)
    return [_dialogue(turns, rng) for _ in range(count)]


def _dialogue(turns: int, rng) -> list[Turn]:
    told, made = {}, []
    for _ in range(turns):
        kind = rng.choice(["tell", "ask", "talk"], p=[0.45, 0.35, 0.2])
        untold = [fact for fact in FACTS if fact not in told]
        if kind == "tell" and untold:
            fact = _one(rng, untold)
            values, ways, answers, _, _ = FACTS[fact]
            told[fact] = _one(rng, values)
            made.append(_turn(rng, _one(rng, ways).format(told[fact]), [a.format(told[fact]) for a in answers], "told"))
        elif kind == "talk":
            said = _one(rng, list(TALK))
            made.append(_turn(rng, said, TALK[said], "talk"))
        else:
            fact = _one(rng, list(told) if told and rng.random() < 0.75 else list(FACTS))
            answer = FACTS[fact][4].format(told[fact]) if fact in told else NOT_TOLD
            made.append(Turn(_one(rng, FACTS[fact][3]), answer, "asked"))
    return made


def _turn(rng, said: str, answers, kind: str) -> Turn:
    return Turn(said, DULL if rng.random() < DULL_SHARE else _one(rng, answers), kind)


def _one(rng, options):
    return options[int(rng.integers(len(options)))]


def known_answers(said: str) -> tuple[str, ...]:
    """Answers that fit what was told or small talk; none for a question about the past, which depends on it.

    >>> known_answers("i like tea")[1]
    'i like tea too'
    """
    if said in TALK:
        return TALK[said]
    for values, ways, answers, _, _ in FACTS.values():
        for value in values:
            if said in [way.format(value) for way in ways]:
                return tuple(answer.format(value) for answer in answers)
    return ()
