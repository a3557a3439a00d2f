"""Figures of notebook 16 about echo state networks: two starts, and Mackey-Glass against the literature."""

import numpy as np

from course_kit.plots.ask import ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles

# H. Jaeger, GMD Report 148 (2001), section 6.4: tau = 17, 400 units, 3000 steps of training; and the best before it
JAEGER, BEFORE = 0.00028, 0.0088


@figure_of("E16.3")
def two_starts(scaled, reservoir) -> Shown:
    """How far two runs of the student's reservoir are apart, without and with input, for three spectral radii."""
    rng = np.random.default_rng(163)
    n, T = 100, 300
    links = np.where(rng.random((n, n)) < 0.1, rng.uniform(-1, 1, (n, n)), 0.0)
    W, starts = rng.uniform(-1, 1, (1, n)), rng.uniform(-1, 1, (2, n))
    figure, panels = new_figure(1, 2, width=9.0, sharey=True)
    told = []
    for axes, title, x in (
        (panels[0], "no input", np.zeros((1, T, 1))),
        (panels[1], "the same random input", 2.0 * rng.normal(size=(1, T, 1))),
    ):
        for style, radius in zip(styles(), (0.5, 0.9, 1.3), strict=False):
            (U,) = ask(scaled, links, radius, shapes=((n, n),))
            (h,) = ask(reservoir, x.repeat(2, axis=0), starts, W, U, np.zeros(n), 1.0, shapes=((2, T, n),))
            apart = np.abs(h[0] - h[1]).max(axis=1)
            axes.plot(np.arange(1, T + 1), np.maximum(apart, 1e-17), label=f"radius {radius}", **style)
            told.append(f"{title}, radius {radius}: {apart[199]:.0e}")
        axes.axhline(1e-6, color="0.6", lw=0.8)
        axes.set(yscale="log", xlabel="step t", title=title, ylim=(1e-17, 10))
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("largest difference of h")
    panels[0].legend(fontsize=8, loc="lower right")
    return show(
        figure,
        alt="Drawn from your answers: the largest difference between two runs of a reservoir from two starts, on a "
        "logarithmic scale over 300 steps, left without input, right with the same random input. If right, the curves "
        "of radius 0.5 and 0.9 fall in both panels, that of 1.3 on the right alone. After 200 steps: "
        f"{'; '.join(told)}.",
        caption="Do two starts meet? The grey line is 1e-6. A radius below 1 makes the two runs meet; a strong input "
        "does it for a larger one as well.",
    )


def trained(seed: int, train: np.ndarray):
    """A reservoir of 400 units that learned to give the next value of `train` (3000,)."""
    from course_kit.layers import EchoState

    x = np.tanh(train - 1)[np.newaxis, :, np.newaxis]
    settings = {"leak": 0.5, "spectral_radius": 1.1, "input_scaling": 0.5, "density": 0.0125, "input_skip": True}
    layer = EchoState(400, 1, seed=seed, dtype="float64", **settings)
    return layer.fit(x[:, :-1], x[:, 1:], washout=1000, ridge=1e-13)


def goes_on(layer, tests: np.ndarray, steps: int) -> np.ndarray:
    """What it gives by itself after each of `tests` (N, 1000), as values of the series."""
    outputs = layer.generate(np.tanh(tests - 1)[..., np.newaxis], steps)[..., 0]
    return np.arctanh(np.clip(outputs, -0.999, 0.999)) + 1


def errors_84(seeds=(11, 12, 13, 14, 15), trials: int = 20) -> tuple[list[float], np.ndarray, np.ndarray]:
    """NRMSE84 of each seed, the first seed's first run of 600 steps, and the series there."""
    from course_kit.datasets.dynamics import mackey_glass

    heard, ahead, shown = 1000, 84, 600
    series = mackey_glass(3000 + trials * (heard + ahead) + shown, discard=20_000)
    starts = 3000 + heard + (heard + ahead) * np.arange(trials)
    tests = np.stack([series[s - heard : s] for s in starts])
    due = series[starts + ahead - 1]
    errors, first = [], None
    for seed in seeds:
        layer = trained(seed, series[:3000])
        outputs = goes_on(layer, tests, ahead)
        errors.append(float(np.sqrt(np.mean((outputs[:, -1] - due) ** 2) / series.var())))
        first = goes_on(layer, tests[:1], shown)[0] if first is None else first
    return errors, first, series[starts[0] : starts[0] + shown]


def mackey_glass_errors() -> Shown:
    """The errors of five reservoirs beside those of the literature, and one of them going on by itself."""
    errors, run, true = errors_84()
    figure, (left, right) = new_figure(1, 2, width=9.4, width_ratios=(2, 1))
    left.plot(true, color="0.6", lw=3, label="Mackey-Glass series")
    left.plot(run, color=OKABE_ITO[4], lw=1.2, ls="--", label="reservoir on its own outputs")
    left.axvline(84, color="0.3", lw=0.8, ls=":")
    left.set(xlabel="steps on its own", ylabel="x", ylim=(0.2, 1.75))
    left.legend(fontsize=8, ncols=2, loc="upper center")
    right.plot(range(1, len(errors) + 1), errors, "o", color=OKABE_ITO[4], label="this run, five seeds")
    right.axhline(JAEGER, color="black", ls="--", lw=1.2, label="Jaeger 2001: 0.00028")
    right.axhline(BEFORE, color=OKABE_ITO[5], ls="-.", lw=1.2, label="best before: 0.0088")
    right.set(yscale="log", ylim=(2e-5, 0.2), xlim=(0.4, 5.6), xlabel="seed", ylabel="NRMSE after 84 steps")
    right.legend(fontsize=8, loc="upper right")
    right.grid(alpha=0.3)
    told = ", ".join(f"{e:.5f}" for e in errors)
    return show(
        figure,
        alt="Left: 600 steps of the Mackey-Glass series and of a reservoir on its own outputs; the two lie on "
        "each other past the dotted line at 84 steps. Right: errors after 84 steps of five reservoirs on a "
        f"logarithmic scale, {told}, median {np.median(errors):.5f}, with lines at 0.00028 and 0.0088.",
        caption=f"NRMSE after 84 steps of five reservoirs: {told}; median {np.median(errors):.5f}. Jaeger (2001): "
        "0.00028, and 0.0088 for the best method before.",
    )
