"""Notebook 11, two claims about the GRU: E11.5 and E11.6. ``e11_peephole_and_gru`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require

E11_5 = Exercise(
    "E11.5",
    "20-50 % faster?",
    slides=("D2.13", "D4.43"),
    names=("measure", "summary", "saved_and_gained"),
    hints=(
        "One round is one call of every function, with the clock read before and after each call. The first round is "
        "thrown away.",
        "times = {name: [] for name in runs}; for run in runs.values(): run(); then for _ in range(repeats): for name, "
        "run in runs.items(): start = clock(); run(); times[name].append(clock() - start). saved is 1 - gru / lstm, "
        "gained is lstm / gru - 1.",
    ),
)


def measure_probe(names, durations, repeats):
    """Put measure to functions that take a given time on a clock of ours; what was called, and what was measured."""
    now, calls = [1000.0], []

    def clock():
        return now[0]

    def lasting(name):
        def run():
            own = durations[name]
            now[0] += own[min(calls.count(name), len(own) - 1)]
            calls.append(name)

        return run

    measured = names["measure"]({name: lasting(name) for name in durations}, repeats, clock)
    if measured is None:
        return None
    if not isinstance(measured, dict):
        return {"type": type(measured).__name__, "calls": calls}
    if not all(hasattr(times, "__len__") for times in measured.values()):
        return {"type": "dict of numbers", "calls": calls}
    return {"times": {str(name): [float(t) for t in times] for name, times in measured.items()}, "calls": calls}


def put_to_the_clock(answer, draw, repeats: int):
    """Calls and times of the student's measure, and the durations: the first of each is a slow start."""
    names = [*"ABC"[: draw.integer(2, 3)]]
    durations = {name: [5.0, *draw.uniform(0.1, 0.9, repeats)] for name in names}
    found = answer.probe(measure_probe, durations, repeats)
    require("type" not in found, f"measure returned a {found.get('type')}, and a dict of lists is due.")
    return found["calls"], found["times"], durations


@E11_5.case("a round to warm up, then rounds of one call each")
def _(answer, draw):
    repeats = draw.integer(5, 9)
    calls, _, durations = put_to_the_clock(answer, draw, repeats)
    names = list(durations)
    count = len(calls) / len(names)
    require(
        len(calls) != len(names) * repeats,
        f"each function was called {repeats} times: the call to warm up, which is not timed, is missing.",
    )
    require(
        len(calls) == len(names) * (repeats + 1),
        f"with repeats={repeats} each function is due {repeats + 1} calls, one of them to warm up; "
        f"there were {count:g} calls a function.",
    )
    rounds = [calls[k : k + len(names)] for k in range(0, len(calls), len(names))]
    require(
        all(sorted(one) == sorted(names) for one in rounds),
        f"the calls came in the order {' '.join(calls[: 2 * len(names) + 2])} ...: each round calls every function "
        "once, so that a machine that slows down does so for all of them.",
        known="all calls of one function came in one block" if calls == sorted(calls) else "",
    )


@E11_5.case("the times on the clock that is given")
def _(answer, draw):
    repeats = draw.integer(5, 9)
    _, times, durations = put_to_the_clock(answer, draw, repeats)
    require(
        not any(times.values()) or max(max(t) for t in times.values() if t) > 1e-2,
        "the times are not those of the clock that measure was given: read clock() before and after each call.",
    )
    # calls come in turn, so what has passed since the warm-up grows along the rounds
    passed = np.cumsum(np.stack([own[1:] for own in durations.values()], axis=1)).reshape(repeats, -1).T
    expect(
        times,
        {name: own[1:] for name, own in durations.items()},
        "times",
        tolerance=1e-9,
        known={
            "the warm-up was timed as well": durations,
            "the warm-up is among the times, the last repeat is not": {n: own[:-1] for n, own in durations.items()},
            "the times add up: the start must be read anew before each call": {
                name: own.tolist() for name, own in zip(durations, passed, strict=True)
            },
            "the times are sorted; leave them in the order in which they came": {
                name: sorted(own[1:]) for name, own in durations.items()
            },
            "the difference has the wrong sign": {name: [-t for t in own[1:]] for name, own in durations.items()},
        },
    )


@E11_5.case(
    "median and spread",
    hint="One slow call, because something else ran, must not move the middle: sort, and take what stands there.",
)
def _(answer, draw):
    for repeats in (7, 8):
        times = draw.uniform(0.1, 0.9, repeats)
        times[draw.integer(0, repeats - 1)] = 30.0
        expected = {"median": float(np.median(times)), "fastest": float(times.min()), "slowest": float(times.max())}
        expect(
            answer.summary(times.tolist()),
            expected,
            f"summary of {repeats} times",
            known={
                "the mean came back: one slow call moves it": {**expected, "median": float(times.mean())},
                "the times were not sorted before the middle one was taken": {
                    **expected,
                    "median": times[repeats // 2],
                },
                "of an even number of times the median is the mean of the two in the middle": {
                    **expected,
                    "median": np.sort(times)[repeats // 2],
                },
                "fastest and slowest are exchanged": {
                    **expected,
                    "fastest": expected["slowest"],
                    "slowest": expected["fastest"],
                },
            },
        )


@E11_5.case(
    "two ways to say it",
    hint="Three quarters of the time are 25 % saved; in the same time one then does a third more.",
)
def _(answer, draw):
    for _ in range(3):
        lstm, gru = draw.uniform(0.2, 2.0, 2).tolist()
        saved, gained = 1 - gru / lstm, lstm / gru - 1
        expect(
            answer.saved_and_gained(lstm, gru),
            (saved, gained),
            "saved, gained",
            known={
                "the two are exchanged": (gained, saved),
                "these are per cent; shares are due, 0.25 and not 25": (100 * saved, 100 * gained),
                "both say the same: saved is a share of the LSTM's time, gained of the LSTM's speed": (saved, saved),
                "both say the same: saved is a share of the LSTM's time": (gained, gained),
                "the signs are wrong: positive means that the GRU is faster": (-saved, -gained),
                "the roles are exchanged: it is the GRU that is to be faster": (1 - lstm / gru, gru / lstm - 1),
                "these are ratios; take 1 away": (gru / lstm, lstm / gru),
            },
        )


E11_6 = Exercise(
    "E11.6",
    "Which year?",
    slides=("D4.43",),
    names=("submitted", "first_year"),
    hints=(
        "The four digits before the point are two numbers of two digits.",
        "digits = number.removeprefix('arXiv:').split('.')[0]; return 2000 + int(digits[:2]), int(digits[2:]). D1.23 "
        "cites the paper 1406.1078.",
    ),
)


@E11_6.case("numbers of all kinds")
def _(answer, draw):
    for form in ("{}.{}", "arXiv:{}.{}", "{}.{}v2", "arXiv:{}.{}v11"):
        year, month = draw.integer(2008, 2025), draw.integer(1, 12)
        paper = draw.integer(1, 9999)
        # five digits behind the point since January 2015
        number = form.format(f"{year % 100:02d}{month:02d}", f"{paper:05d}" if year >= 2015 else f"{paper:04d}")
        expect(
            answer.submitted(number),
            (year, month),
            f"year of {number}, month of {number}",
            tolerance=0,
            known={
                "year and month are exchanged": (month, year),
                "the century is missing": (year % 100, month),
                "it belongs to the century before": (year - 100, month),
            },
        )


@E11_6.case("the slide's year", hint="Put the number that D1.23 cites into your function.")
def _(answer, draw):
    expect(
        answer["first_year"],
        2014,
        "first_year",
        tolerance=0,
        reveal=False,
        known={
            "that is what D4.43 says; the paper's number says otherwise": 2015,
            "1997 is the year of the LSTM": 1997,
            "that is the paper's number, not a year": 1406,
        },
    )
