"""Notebook 13, two tests that tell a filter from attention: E13.3."""

import numpy as np

from course_kit.checking import Exercise, expect, require

T, MARGIN = 16, 3

E13_3 = Exercise(
    "E13.3",
    "Filter or attention?",
    slides=("D1.25",),
    names=("superposition_error", "shift_error", "verdict"),
    hints=(
        "Each test asks whether two orders of doing things give the same: mix and then filter, or filter and then mix; "
        "shift and then filter, or filter and then shift.",
        "np.abs(system(a * x + b * y) - (a * system(x) + b * system(y))).max(), and "
        "np.abs(system(np.roll(x, s, axis=1)) - np.roll(system(x), s, axis=1))[:, s + margin : T - margin].max(). For "
        "verdict run both on the four systems.",
    ),
)

SYSTEMS = {
    "fixed": "a filter",
    "tanh": "a filter with tanh behind it",
    "gain": "a filter with another gain at each step",
    "both broken": "a filter, squared, with another gain at each step",
}


def lti_probe(names, test, kind, a, gain, given):
    """The student's test, put to a system of ours."""
    import numpy as np

    def fixed(x):
        n = len(a) // 2
        longer = np.pad(x, [(0, 0), (n, n), (0, 0)])
        return sum(a[i] * longer[:, i : i + x.shape[1]] for i in range(len(a)))

    def system(x):
        if kind == "tanh":
            return np.tanh(fixed(x))
        if kind == "gain":
            return gain[:, None] * fixed(x)
        return gain[:, None] * fixed(x) ** 2 if kind == "both broken" else fixed(x)

    result = names[test](system, *given)
    return None if result is None else float(result)


def deal(draw):
    """a (5,), gain (T,), x and y (2, T, 3)."""
    a = draw.uniform(0.2, 1.0, 5)
    return a / a.sum(), draw.uniform(0.5, 1.5, T), draw.normal(2, T, 3), draw.normal(2, T, 3)


def by_ours(test, kind, a, gain, *given) -> float:
    """A test of ours, put to the same system as the student's."""
    return lti_probe({"ours": test}, "ours", kind, a, gain, given)


@E13_3.case("superposition")
def _(answer, draw):
    a, gain, x, y = deal(draw)
    p, q = 1.7, -0.6

    def mixed(system, p_x, q_y):
        return system(p * x + q * y) - (p_x * system(x) + q_y * system(y))

    for kind in SYSTEMS:
        expected = by_ours(lambda system: np.abs(mixed(system, p, q)).max(), kind, a, gain)
        slips = {
            "a and b are exchanged": lambda system: np.abs(mixed(system, q, p)).max(),
            "the factors are missing: the test is for a * x + b * y": lambda system: np.abs(
                system(x + y) - system(x) - system(y)
            ).max(),
            "the mean came back; the largest difference is due": lambda system: np.abs(mixed(system, p, q)).mean(),
            "the sign got lost: take absolute values before the largest": lambda system: mixed(system, p, q).max(),
        }
        expect(
            answer.probe(lti_probe, "superposition_error", kind, a, gain, [x, y, p, q]),
            expected,
            f"superposition_error of {SYSTEMS[kind]}",
            known={text: by_ours(slip, kind, a, gain) for text, slip in slips.items()},
        )


@E13_3.case(
    "shift",
    hint="Compare system(shifted x) with the shifted system(x), on the steps from s + margin to T - margin - 1 alone.",
)
def _(answer, draw):
    a, gain, x, _ = deal(draw)
    s = draw.integer(2, 4)
    inside = slice(s + MARGIN, T - MARGIN)

    def apart(system, back=s, axis=1, where=inside):
        return np.abs(system(np.roll(x, s, axis=axis)) - np.roll(system(x), back, axis=axis))[:, where].max()

    for kind in SYSTEMS:
        slips = {
            "the ends were compared as well: leave s + margin out in front, margin behind": lambda system: apart(
                system, where=slice(None)
            ),
            "steps in front that came round from the end were compared as well: leave s + margin out": lambda system: (
                apart(system, where=slice(MARGIN, T - MARGIN))
            ),
            "the output was not shifted: compare with the output of x, shifted by s": lambda system: apart(system, 0),
            "the output was shifted the other way": lambda system: apart(system, -s),
            "the shift ran over the features; time is axis 1": lambda system: apart(system, axis=2),
        }
        expect(
            answer.probe(lti_probe, "shift_error", kind, a, gain, [x, s, MARGIN]),
            by_ours(apart, kind, a, gain),
            f"shift_error of {SYSTEMS[kind]}",
            known={text: by_ours(slip, kind, a, gain) for text, slip in slips.items()},
        )


@E13_3.case(
    "the four verdicts",
    hint="Run both of your tests on the four systems of the notebook. An error of 1e-15 is a test that is passed.",
)
def _(answer, draw):
    right = {"fixed": "both", "content": "shift", "position": "superposition", "frozen": "superposition"}
    options = ("both", "shift", "superposition", "neither")
    obtained = answer["verdict"]
    if isinstance(obtained, dict):
        for value in obtained.values():
            listed = ", ".join(f'"{o}"' for o in options)
            require(isinstance(value, str) and value.strip() in options, f"each verdict must be one of {listed}.")
    told = {
        "fixed": "the fixed window: its weights depend neither on the data nor on the step, so what could a test find?",
        "content": "content weights: what happens to the weights if h is doubled, and what if all of it comes later?",
        "position": "weights by position: are they the same at each step, and do they look at the data?",
        "frozen": "frozen weights: they were computed once, from another sequence; do they still look at the data?",
    }
    wrong = [k for k in right if isinstance(obtained, dict) and str(obtained.get(k, right[k])).strip() != right[k]]
    known = {f"look again at {told[wrong[0]]}": obtained} if wrong else {}
    expect(obtained, right, "verdict", reveal=False, known=known)
