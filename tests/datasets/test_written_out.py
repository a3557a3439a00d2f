"""Numbers, amounts, measures and dates in words: grammar against CLDR's rules, and parts that do not overlap."""

import datetime
import re

import pytest
from babel import Locale

from course_kit.datasets.written_out import (
    CURRENCIES,
    KINDS,
    UNITS,
    amount,
    english_date,
    held_out,
    inflected_date,
    joined,
    measure,
    pairs,
    tokens,
)

NUMBERS = (
    0,
    1,
    2,
    3,
    4,
    5,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    20,
    21,
    22,
    25,
    30,
    31,
    44,
    100,
    101,
    102,
    105,
    111,
    112,
    121,
    1000,
)
NUMBERS += (1001, 1002, 1011, 2001, 5000, 21001, 99_999)

# Written down by hand, after dictionaries: singular, few, many.
NOUNS = {
    ("ru", "RUB"): ("рубль", "рубля", "рублей"),
    ("ru", "USD"): ("доллар", "доллара", "долларов"),
    ("ru", "EUR"): ("евро", "евро", "евро"),
    ("ru", "PLN"): ("польский злотый", "польских злотых", "польских злотых"),
    ("pl", "PLN"): ("złoty", "złote", "złotych"),
    ("pl", "USD"): ("dolar amerykański", "dolary amerykańskie", "dolarów amerykańskich"),
    ("pl", "EUR"): ("euro", "euro", "euro"),
}
CENTS = {
    ("ru", "RUB"): ("копейка", "копейки", "копеек"),
    ("ru", "USD"): ("цент", "цента", "центов"),
    ("ru", "EUR"): ("цент", "цента", "центов"),
    ("ru", "PLN"): ("грош", "гроша", "грошей"),
    ("pl", "PLN"): ("grosz", "grosze", "groszy"),
    ("pl", "USD"): ("cent", "centy", "centów"),
    ("pl", "EUR"): ("cent", "centy", "centów"),
}


def form(language, n, forms):
    """The form that CLDR's plural rule of the language asks for."""
    return forms[{"one": 0, "few": 1, "many": 2}[Locale(language).plural_form(n)]]


@pytest.mark.parametrize("language,currency", NOUNS)
def test_amounts_have_the_noun_in_the_form_of_the_number(language, currency):
    """One rouble, two of a rouble, five of roubles: as CLDR's plural rules say, for both parts of an amount."""
    for n in NUMBERS:
        text = amount(n, 0, currency, language)
        assert text.endswith(" " + form(language, n, NOUNS[language, currency])), (n, text)
        if 0 < n < 100:
            whole, cents = amount(7, n, currency, language).split(", ")
            assert cents.endswith(" " + form(language, n, CENTS[language, currency])), (n, cents)
            assert whole == amount(7, 0, currency, language)


def test_every_currency_has_its_forms_here():
    """No currency goes unlooked at."""
    assert {(language, c) for language, all_ in CURRENCIES.items() for c in all_} == set(NOUNS)


@pytest.mark.parametrize(
    "text,expected",
    [
        (amount(2, 0, "PLN", "ru"), "два польских злотых"),  # num2words 0.5.14 writes "слотых"
        (amount(1, 0, "EUR", "pl"), "jedno euro"),  # and "jeden euro"
        (amount(21, 0, "EUR", "pl"), "dwadzieścia jeden euro"),
        (amount(1, 2, "RUB", "ru"), "один рубль, две копейки"),
        (amount(0, 21, "RUB", "ru"), "ноль рублей, двадцать одна копейка"),
        (measure(1, "duration-minute", "ru"), "одна минута"),
        (measure(22, "mass-tonne", "ru"), "двадцать две тонны"),
        (measure(21, "duration-day", "ru"), "двадцать один день"),
        (measure(2, "duration-hour", "pl"), "dwie godziny"),
        (measure(12, "duration-hour", "pl"), "dwanaście godzin"),
        (measure(21, "duration-hour", "pl"), "dwadzieścia jeden godzin"),
        (measure(32, "duration-week", "pl"), "trzydzieści dwa tygodnie"),
        (measure(5, "duration-year", "ru"), "пять лет"),
        (measure(1, "length-kilometer", "en"), "one kilometer"),
    ],
)
def test_forms_that_are_easily_wrong(text, expected):
    """Gender of the number, and the mended forms of num2words."""
    assert expected == text


def test_units_of_one_gender_agree_with_their_numbers():
    """Feminine nouns have одна and jedna, the others один and jeden."""
    for unit, genders in UNITS.items():
        for language, gender, words in (("ru", genders[0], ("один", "одна")), ("pl", genders[1], ("jeden", "jedna"))):
            assert measure(1, unit, language).split()[0] == words[gender == "f"], unit
            noun = measure(1, unit, language).split()[1]
            assert (gender == "f") == noun.endswith(("а", "я", "a")), noun


DATES = [
    (
        (2018, 3, 5),
        "",
        False,
        "пятое марта две тысячи восемнадцатого года",
        "piąty marca dwa tysiące osiemnastego roku",
    ),
    ((2000, 8, 3), "from", False, "с третьего августа двухтысячного года", "od trzeciego sierpnia dwutysięcznego roku"),
    (
        (1900, 12, 2),
        "until",
        False,
        "до второго декабря тысяча девятисотого года",
        "do drugiego grudnia tysiąc dziewięćsetnego roku",
    ),
    (
        (1999, 5, 22),
        "before",
        False,
        "перед двадцать вторым мая тысяча девятьсот девяносто девятого года",
        "przed dwudziestym drugim maja tysiąc dziewięćset dziewięćdziesiątego dziewiątego roku",
    ),
    (
        (2018, 3, 7),
        "on",
        True,
        "в среду, седьмого марта две тысячи восемнадцатого года",
        "w środę, siódmego marca dwa tysiące osiemnastego roku",
    ),
    (
        (2018, 3, 6),
        "on",
        True,
        "во вторник, шестого марта две тысячи восемнадцатого года",
        "we wtorek, szóstego marca dwa tysiące osiemnastego roku",
    ),
    ((2018, 3, 2), "from", False, "со второго марта две тысячи восемнадцатого года", None),
    ((2018, 3, 22), "from", False, "с двадцать второго марта две тысячи восемнадцатого года", None),
]


@pytest.mark.parametrize("day,frame,weekday,russian,polish", DATES)
def test_a_preposition_governs_the_case_of_a_date(day, frame, weekday, russian, polish):
    """Written down by hand."""
    day = datetime.date(*day)
    assert russian == inflected_date(day, frame, weekday, "ru")
    assert polish in (None, inflected_date(day, frame, weekday, "pl"))


def test_english_dates_come_in_both_orders():
    """American and British."""
    day = datetime.date(1905, 1, 31)
    assert english_date(day, "until", american=True) == "until January thirty-first, nineteen oh-five"
    assert english_date(day) == "the thirty-first of January, nineteen oh-five"


@pytest.mark.parametrize("language", ["ru", "pl"])
def test_no_held_out_source_is_in_training(language):
    """Whatever the seeds, the two parts have no source in common, in any spelling."""
    train = {" ".join(tokens(p.source)).lower() for p in pairs(3000, language, seed=1)}
    test = [p.source for p in pairs(200, language, part="held out", seed=2)]

    assert not train & {" ".join(tokens(s)).lower() for s in test}
    assert len(set(test)) == 200
    assert all(held_out(s) for s in test)
    assert {held_out(s.upper().replace("-", " ")) for s in test} == {True}


def test_same_seed_same_pairs():
    """Seeded; another seed gives others."""
    assert pairs(20, seed=3) == pairs(20, seed=3) != pairs(20, seed=4)


def test_all_kinds_come():
    """The shares are about those that are announced."""
    found = [p.kind for p in pairs(2000, seed=0)]

    assert set(found) == set(KINDS)
    assert 0.3 < found.count("date") / 2000 < 0.5


def test_words_come_back():
    """Tokens of a target put together are the target, so that exact match is a match of texts."""
    for pair in pairs(300, "pl", seed=6):
        assert joined(tokens(pair.target)) == pair.target
        assert not re.search(r"\d", pair.source + pair.target)


@pytest.mark.parametrize(
    "call,rule",
    [
        (lambda: pairs(0, seed=0), "count must be a positive integer"),
        (lambda: pairs(1, "de", seed=0), "language must be one of ru, pl"),
        (lambda: pairs(1, part="test", seed=0), "part must be 'train' or 'held out'"),
    ],
)
def test_wrong_use_is_said(call, rule):
    """Rule, then what came."""
    with pytest.raises(ValueError, match=rule):
        call()
