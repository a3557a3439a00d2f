"""A language pair without a download: numbers, amounts, measures and dates in words, English to Russian and to Polish.

The words come from num2words, the names of months, days and units from Babel, that is from Unicode's CLDR. Both
languages inflect: a number decides the form of its noun ("два рубля", "пять рублей"), the noun the gender of the number
("две минуты"), and a preposition the case of a date ("с пятого марта", "перед пятым марта"). English says none of this,
so a translator has to know it. There are more than ten million sources.

A source belongs to the held-out part if its hash says so. So the two parts have no source in common, whatever was
drawn, how often, and with which seed.
"""

import datetime
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from babel.dates import format_date, get_day_names
from babel.units import format_unit
from num2words import num2words

LANGUAGES = {"ru": "Russian", "pl": "Polish"}
KINDS = ("date", "amount", "measure", "number")
SHARES = (0.4, 0.3, 0.15, 0.15)  # of the kinds
HELD_OUT = 10  # one source in so many

CURRENCIES = {"ru": ("RUB", "USD", "EUR", "PLN"), "pl": ("PLN", "USD", "EUR")}
# CLDR's units, and the gender of their nouns: Babel does not hand it out
UNITS = {
    "length-kilometer": "mm",
    "length-meter": "mm",
    "mass-kilogram": "mm",
    "mass-tonne": "ff",
    "duration-second": "ff",
    "duration-minute": "ff",
    "duration-hour": "mf",
    "duration-day": "mm",
    "duration-week": "fm",
    "duration-month": "mm",
    "duration-year": "mm",
    "volume-liter": "mm",
}
# English preposition: its counterparts, and the case that they govern
FRAMES = {
    "": (("", "n"), ("", "n")),
    "on": (("", "g"), ("", "g")),
    "from": (("с", "g"), ("od", "g")),
    "until": (("до", "g"), ("do", "g")),
    "before": (("перед", "i"), ("przed", "i")),
}
YEARS = (1800, 2099)


@dataclass(frozen=True)
class Pair:
    """A sentence, its translation, and what kind of thing it says."""

    source: str
    target: str
    kind: str


def tokens(text: str) -> list[str]:
    """Words and commas; a hyphen parts words.

    >>> tokens("twenty-one roubles, two kopeks")
    ['twenty', 'one', 'roubles', ',', 'two', 'kopeks']
    """
    return re.findall(r"[^\s,\-]+|,", text)


def joined(words: list[str]) -> str:
    """The inverse of `tokens`, for a text without hyphens.

    >>> joined(["два", "рубля", ",", "одна", "копейка"])
    'два рубля, одна копейка'
    """
    return " ".join(words).replace(" ,", ",")


def held_out(source: str) -> bool:
    """Whether a source is kept from training. Spelling with or without hyphens and capitals makes no difference.

    >>> held_out("twenty-one roubles") == held_out("Twenty one roubles")
    True
    """
    same = " ".join(tokens(source)).lower()
    return int.from_bytes(hashlib.sha256(same.encode()).digest()[:4], "big") % HELD_OUT == 0


def pairs(count: int, language: str = "ru", *, part: str = "train", seed: int) -> list[Pair]:
    """Random pairs of one part.

    Args:
        count: how many. Small numbers come up more often than large ones, so in "train" short sources return; in
            "held out" each source comes once.
        language: of the targets, "ru" or "pl".
        part: "train" or "held out".
        seed: the same one gives the same pairs.

    Returns:
        A list of `Pair`.

    Raises:
        ValueError: if the count is not positive, or a language or part is not there.

    >>> for pair in pairs(3, seed=8):
    ...     print(pair.source, "=", pair.target)
    before May ninth, eighteen seventy = перед девятым мая тысяча восемьсот семидесятого года
    twenty days = двадцать дней
    December twentieth, twenty sixty = двадцатое декабря две тысячи шестидесятого года
    """
    if not isinstance(count, int) or count < 1:
        raise ValueError(f"count must be a positive integer. Got {count!r}.")
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}. Got {language!r}.")
    if part not in ("train", "held out"):
        raise ValueError(f"part must be 'train' or 'held out'. Got {part!r}.")
    found, seen, stream = [], set(), _stream(language, np.random.default_rng(seed))
    while len(found) < count:
        pair = next(stream)
        if held_out(pair.source) != (part == "held out") or (part == "held out" and pair.source in seen):
            continue
        seen.add(pair.source)
        found.append(pair)
    return found


def _stream(language: str, rng: np.random.Generator) -> Iterator[Pair]:
    makers = {"date": _date, "amount": _amount, "measure": _measure, "number": _number}
    while True:
        kind = str(rng.choice(KINDS, p=SHARES))
        yield Pair(*makers[kind](language, rng), kind)


def _upto(rng, top: int) -> int:
    """An integer from 0 to ``top`` whose number of digits is even more evenly spread than its size."""
    return int(top ** rng.random()) if rng.random() < 0.5 else int(rng.integers(top + 1))


def _number(language, rng):
    n = _upto(rng, 999_999)
    return num2words(n), num2words(n, lang=language)


def _amount(language, rng):
    currency = str(rng.choice(CURRENCIES[language]))
    whole = _upto(rng, 99_999)
    cents = int(rng.integers(1, 100)) if rng.random() < 0.5 else 0
    return amount(whole, cents, currency, "en"), amount(whole, cents, currency, language)


def amount(whole: int, cents: int, currency: str, language: str) -> str:
    """An amount in words; no cents are not mentioned.

    Two forms of num2words 0.5.14 are mended: "слотых" for "злотых" after 2, 3 and 4, and the masculine "jeden euro".

    >>> amount(22, 1, "PLN", "ru")
    'двадцать два польских злотых, один грош'
    """
    text = num2words(whole + cents / 100, lang=language, to="currency", currency=currency)
    text = text if cents else text.rpartition(", ")[0]
    if language == "ru":
        return text.replace("слотых", "злотых")
    return re.sub(r"^jeden euro", "jedno euro", text) if language == "pl" else text


def _measure(language, rng):
    unit = str(rng.choice(list(UNITS)))
    n = _upto(rng, 999)
    return measure(n, unit, "en"), measure(n, unit, language)


def measure(n: int, unit: str, language: str) -> str:
    """A number of units in words, the number in the gender of its noun.

    >>> measure(22, "duration-minute", "ru"), measure(22, "duration-minute", "pl"), measure(1, "mass-tonne", "pl")
    ('двадцать две минуты', 'dwadzieścia dwie minuty', 'jedna tona')
    """
    noun = re.sub(r"^\S*\d\s", "", format_unit(n, unit, "long", locale=language).replace("\xa0", ""))
    if language == "en":
        return f"{num2words(n)} {noun}"
    gender = UNITS[unit][list(LANGUAGES).index(language)]
    if language == "ru":
        return f"{num2words(n, lang='ru', gender=gender)} {noun}"
    number = num2words(n, lang="pl")
    if gender == "f":  # num2words has no genders in Polish; "jeden" agrees only where it stands alone
        number = "jedna" if n == 1 else re.sub(r"\bdwa$", "dwie", number)
    return f"{number} {noun}"


def _date(language, rng):
    first = datetime.date(YEARS[0], 1, 1).toordinal()
    day = datetime.date.fromordinal(int(rng.integers(first, datetime.date(YEARS[1], 12, 31).toordinal() + 1)))
    frame = str(rng.choice(list(FRAMES)))
    weekday = frame in ("", "on") and rng.random() < 0.3
    american = not weekday and rng.random() < 0.5
    return english_date(day, frame, weekday, american), inflected_date(day, frame, weekday, language)


def english_date(day: datetime.date, frame: str = "", weekday: bool = False, american: bool = False) -> str:
    """A date in English words, with the month before the day (American) or after it.

    >>> english_date(datetime.date(2018, 3, 5), "on", weekday=True)
    'on Monday, the fifth of March, twenty eighteen'
    """
    ordinal, month = num2words(day.day, to="ordinal"), format_date(day, "MMMM", locale="en")
    date = f"{month} {ordinal}" if american else f"the {ordinal} of {month}"
    name = f"{get_day_names('wide', locale='en')[day.weekday()]}, " if weekday else ""
    return f"{frame} {name}{date}, {num2words(day.year, to='year')}".strip()


ACCUSATIVE = {"среда": "среду", "пятница": "пятницу", "суббота": "субботу"} | {
    "środa": "środę",
    "sobota": "sobotę",
    "niedziela": "niedzielę",
}


def inflected_date(day: datetime.date, frame: str, weekday: bool, language: str) -> str:
    """A date in Russian or Polish words, in the case that the frame's preposition governs.

    >>> inflected_date(datetime.date(2018, 3, 2), "from", False, "ru")
    'со второго марта две тысячи восемнадцатого года'
    >>> inflected_date(datetime.date(1999, 3, 2), "on", True, "pl")
    'we wtorek, drugiego marca tysiąc dziewięćset dziewięćdziesiątego dziewiątego roku'
    """
    preposition, case = FRAMES[frame][list(LANGUAGES).index(language)]
    date = f"{_ordinal(day.day, case, 'n', language)} {format_date(day, 'd MMMM', locale=language).split()[1]}"
    year = f"{_ordinal(day.year, 'g', 'm', language)} {'года' if language == 'ru' else 'roku'}"
    if preposition == "с" and date.startswith("втор"):
        preposition = "со"  # so that no three consonants meet
    name = get_day_names("wide", locale=language)[day.weekday()]
    if frame == "on":
        into = ("во" if name == "вторник" else "в") if language == "ru" else ("we" if name == "wtorek" else "w")
        name = f"{into} {ACCUSATIVE.get(name, name)}"
    return f"{preposition} {f'{name}, ' if weekday else ''}{date} {year}".strip()


@lru_cache(maxsize=4096)
def _ordinal(n: int, case: str, gender: str, language: str) -> str:
    if language == "ru":
        return num2words(n, lang="ru", to="ordinal", case=case, gender=gender)
    # num2words has the nominative alone; the other cases follow the adjectives: piąty, piątego, piątym; drugi, drugiego
    words = num2words(n, lang="pl", to="ordinal")
    endings = {"n": ("y", "i"), "g": ("ego", "iego"), "i": ("ym", "im")}[case]
    return re.sub(r"[yi]\b", lambda match: endings["yi".index(match.group())], words)
