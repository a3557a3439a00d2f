"""Notebook 04, what the theorem does not say: E04.6. ``e04_universal_approximation`` collects the notebook."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.exercises.closed import one_of
from course_kit.reference.integrators import rk4

E04_6 = Exercise(
    "E04.6",
    "What the theorem does not say",
    slides=("D1.8",),
    names=("growth_rate", "horizon", "outside", "hangs_on", "ten_times"),
    hints=(
        "A distance that grows like exp(rate t) is a straight line on a logarithmic scale, and the rate is its slope. "
        "For the horizon solve eps exp(rate t) = size for t.",
        "first = np.argmax(distance >= low); last = np.argmax(distance > high); the slope is "
        "np.polyfit(t[first:last], np.log(distance[first:last]), 1)[0]. horizon is np.log(size / eps) / rate.",
    ),
)


def slope(t, distance, low, high, log=np.log):
    first, last = np.argmax(distance >= low), np.argmax(distance > high)
    return np.polyfit(t[first:last], log(distance[first:last]), 1)[0]


def wrong_slopes(t, distance, low, high):
    first, last = np.argmax(distance >= low), np.argmax(distance > high)
    inside = (distance >= low) & (distance <= high)
    return {
        "this is the rate to base 10; the natural logarithm is due": slope(t, distance, low, high, np.log10),
        "the whole record was used; only the part between low and high grows like exp(rate t)": np.polyfit(
            t, np.log(distance), 1
        )[0],
        "the logarithm is missing": slope(t, distance, low, high, lambda d: d),
        "this is the slope of a line through two points; fit a line to all of them": np.log(
            distance[last - 1] / distance[first]
        )
        / (t[last - 1] - t[first]),
        "later entries that came back between low and high were used as well": np.polyfit(
            t[inside], np.log(distance[inside]), 1
        )[0],
        "t was left out: the rate is per unit of time, not per entry": slope(np.arange(len(t)), distance, low, high),
    }


@E04_6.case("the growth of a made-up distance")
def _(answer, draw):
    rate, eps = draw.uniform(0.5, 1.5), 10.0 ** draw.uniform(-9, -7)
    t = np.arange(0, 40, 0.05)
    distance = np.minimum(eps * np.exp(rate * t), draw.uniform(5, 20)) * np.exp(draw.normal(len(t), scale=0.3))
    low, high = 30 * eps, 0.1
    expect(
        answer.growth_rate(t, distance, low, high),
        slope(t, distance, low, high),
        "growth_rate(t, distance, low, high)",
        tolerance=1e-8,
        known=wrong_slopes(t, distance, low, high),
    )


@E04_6.case("the growth of a distance on Lorenz' attractor")
def _(answer, draw):
    def lorenz(s):
        x, y, z = s[:, 0], s[:, 1], s[:, 2]
        return np.stack([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z], axis=1)

    start = rk4(lorenz, np.array([[1.0, 1.0, 20.0]]) + draw.normal(1, 3), 0.01, 500)[:, -1]
    pair = np.concatenate([start, start + 1e-9])
    one, other = rk4(lorenz, pair, 0.01, 3500)
    t, distance = 0.01 * np.arange(3501), np.linalg.norm(one - other, axis=1)
    expect(
        answer.growth_rate(t, distance, 1e-8, 1.0),
        slope(t, distance, 1e-8, 1.0),
        "growth_rate for two starts that differ by 1e-9",
        tolerance=1e-8,
        known=wrong_slopes(t, distance, 1e-8, 1.0),
    )


@E04_6.case("the horizon", hint="Solve eps exp(rate t) = size for t.")
def _(answer, draw):
    eps, size, rate = 10.0 ** draw.uniform(-9, -5), draw.uniform(0.5, 3), draw.uniform(0.5, 1.5)
    expect(
        answer.horizon(eps, size, rate),
        np.log(size / eps) / rate,
        "horizon(eps, size, rate)",
        known={
            "size and eps are exchanged": np.log(eps / size) / rate,
            "the logarithm is to base 10; the natural one is due": np.log10(size / eps) / rate,
            "the rate divides, it does not multiply": np.log(size / eps) * rate,
            "growth was taken as linear; it is eps exp(rate t)": (size - eps) / (eps * rate),
            "eps is left out": np.log(size) / rate,
        },
    )


@E04_6.case("outside", hint="What was the network asked to fit, and where can a sum of bounded terms not follow?")
def _(answer, draw):
    expect(
        one_of(answer["outside"], "abcd", "outside"),
        "c",
        "outside",
        reveal=False,
        known={
            "no point outside the box was fitted to; in the figure the error rises at once beyond size 1": "a",
            "from x = 5 both networks find their way back in the figure": "b",
            "on a frame five times as large 160 units are hardly better than 10, in the figure": "d",
        },
    )


@E04_6.case("hangs_on", hint="The fit must be good wherever a path can come in the given time.")
def _(answer, draw):
    expect(
        one_of(answer["hangs_on"], "abcd", "hangs_on"),
        "d",
        "hangs_on",
        reveal=False,
        known={
            "a longer time gives a given error of the field more room to grow": "a",
            "for starts in a larger set the field must be fitted on a larger box": "b",
            "the slide's 'for every eps there is an n' makes n a function of eps at least": "c",
        },
    )


@E04_6.case("ten_times", hint="Put eps / 10 in place of eps into your horizon, and subtract.")
def _(answer, draw):
    expect(
        one_of(answer["ten_times"], "abcd", "ten_times"),
        "b",
        "ten_times",
        reveal=False,
        known={
            "that would be so if errors grew linearly, as for van der Pol; here they grow exponentially": "a",
            "it does help, by ln 10 / rate": "c",
            "a smaller error is still an error, and it grows": "d",
        },
    )
