"""Notebook 13, from the window to the addresses of a neural Turing machine: E13.4."""

import numpy as np

from course_kit.checking import Exercise, expect
from course_kit.reference.activations import softmax

E13_4 = Exercise(
    "E13.4",
    "Towards the Neural Turing Machine",
    slides=("D1.26",),
    names=("shift_address", "sharpen", "kernel_of_window"),
    hints=(
        "s[n + d] is the share that goes d rows on. Each share moves the whole address by d, in a circle, and the "
        "moved copies are added up.",
        "sum(s[n + d] * np.roll(w, d, axis=-1) for d in range(-n, n + 1)). sharpen: divide w by its largest entry, "
        "then p = w**gamma; p / p.sum(axis=-1, keepdims=True). In the window a[i] brings what stands i - n later, in "
        "the kernel s[n + d] brings what stood d earlier.",
    ),
)


def deal(draw, rows: int, n: int):
    """Addresses (2, rows) and a kernel (2n + 1,), each with the sum 1, the kernel's sides unlike."""
    kernel = draw.uniform(0.1, 1.0, 2 * n + 1) * np.linspace(1.0, 3.0, 2 * n + 1)
    return softmax(draw.normal(2, rows, scale=1.5)), kernel / kernel.sum()


def moved(w, s):
    """The shift as the definition has it: share by share and row by row."""
    n, rows = len(s) // 2, w.shape[-1]
    out = np.zeros_like(w)
    for j in range(rows):
        for d in range(-n, n + 1):
            out[..., (j + d) % rows] += w[..., j] * s[n + d]
    return out


def by_fourier(w, s):
    """The shift as a product of Fourier transforms."""
    n, rows = len(s) // 2, w.shape[-1]
    ring = np.zeros(rows)
    for d in range(-n, n + 1):
        ring[d % rows] += s[n + d]
    return np.fft.ifft(np.fft.fft(w) * np.fft.fft(ring)).real


def wrong_shifts(w, s):
    n = len(s) // 2
    line = np.stack([np.convolve(one, s, "full")[n:-n] for one in w])
    off = sum(s[i] * np.roll(w, i, axis=-1) for i in range(len(s)))
    return {
        "it moved the wrong way: s[n + d] goes d rows on, to higher numbers": moved(w, s[::-1]),
        "what leaves at one end must come in at the other: indices count in a circle": line,
        "it moved the wrong way, and not in a circle": np.stack([np.convolve(one, s[::-1], "full")[n:-n] for one in w]),
        "the middle of s is the share that stays: s[0] goes n rows back": off,
        "only the largest share of s was used": np.roll(w, int(np.argmax(s)) - n, axis=-1),
        "nothing was moved": w,
        "both addresses were rolled as one long row: give np.roll the axis": sum(
            s[n + d] * np.roll(w, d) for d in range(-n, n + 1)
        ),
        "the addresses were exchanged instead of the rows: move along the last axis": sum(
            s[n + d] * np.roll(w, d, axis=0) for d in range(-n, n + 1)
        ),
    }


@E13_4.case("shift")
def _(answer, draw):
    w, s = deal(draw, draw.integer(6, 9), 1)
    expect(answer.shift_address(w, s), moved(w, s), "shifted w", known=wrong_shifts(w, s))


@E13_4.case("shift with a wider kernel, by Fourier transforms", hint="s has 2n + 1 entries for the shifts -n, ..., n.")
def _(answer, draw):
    w, s = deal(draw, 8, 3)
    obtained = answer.shift_address(w, s)
    expect(obtained, by_fourier(w, s), "shifted w", tolerance=1e-10, known=wrong_shifts(w, s))
    expect(obtained.sum(axis=-1), np.ones(2), "sum of the shifted w", tolerance=1e-10)


@E13_4.case(
    "a sharp address moves as a whole", hint="A kernel with a single 1 moves an address without changing its form."
)
def _(answer, draw):
    rows = draw.integer(6, 9)
    w = np.eye(rows)[[0, rows - 1]]
    for d, s in ((-1, [1.0, 0, 0]), (0, [0, 1.0, 0]), (1, [0, 0, 1.0])):
        s = np.array(s)
        expect(
            answer.shift_address(w, s),
            np.roll(w, d, axis=-1),
            f"w at the ends, shifted by {d},",
            known=wrong_shifts(w, s),
        )


def powered(w, gamma):
    p = (w / w.max(axis=-1, keepdims=True)) ** gamma
    return p / p.sum(axis=-1, keepdims=True)


@E13_4.case("sharpen", hint="Raise each weight to the power gamma, then divide by the sum of the address.")
def _(answer, draw):
    w, _ = deal(draw, 7, 1)
    for gamma in (1.0, 2.5):
        expect(
            answer.sharpen(w, gamma),
            powered(w, gamma),
            f"w sharpened with gamma = {gamma:g}",
            known={
                "the weights no longer add up to 1: divide by their sum": w**gamma,
                "they were divided by the sum of both addresses: each has its own": w**gamma / (w**gamma).sum(),
                "a softmax of gamma * w was taken; it is the power w**gamma": softmax(gamma * w),
                "gamma ** w was taken; it is w ** gamma": gamma**w / (gamma**w).sum(axis=-1, keepdims=True),
                "the root was taken: larger gamma must make it sharper": powered(w, 1 / gamma),
                "nothing was sharpened": w if gamma != 1 else w + 1,
            },
        )


@E13_4.case(
    "sharpen without underflow",
    hint="With gamma = 900 all powers are 0, and 0/0 is no number: divide w by its largest entry first.",
)
def _(answer, draw):
    w, _ = deal(draw, 9, 1)
    expect(answer.sharpen(w, 900.0), powered(w, 900.0), "w sharpened with gamma = 900", tolerance=1e-10)


@E13_4.case(
    "the slide's window is such a kernel",
    hint="Write both sums for one k and compare: which a stands beside the entry one step later, and which s?",
)
def _(answer, draw):
    w, a = deal(draw, 8, 2)
    obtained = answer.kernel_of_window(a)
    expect(
        obtained,
        a[::-1].copy(),
        "s for the window a",
        tolerance=0,
        known={
            "a is not yet turned round: a[i] brings what comes later, s[n + d] what stood earlier": a,
            "it was made sharper or divided by its sum; only the order changes": a[::-1] ** 2 / (a**2).sum(),
            "it was turned in a circle by one": np.roll(a, 1),
        },
    )
    n = len(a) // 2
    window = sum(a[i] * np.roll(w, n - i, axis=-1) for i in range(len(a)))
    expect(answer.shift_address(w, obtained), window, "the window a, run in a circle by shift_address,")
