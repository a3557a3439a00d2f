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


@figure_of("E16.3")
def one_radius(scaled, reservoir, radius: float, strength: float) -> Shown:
    """Two runs of one unit of the student's reservoir, and their distance, for the two parameters of the slider."""
    rng = np.random.default_rng(163)
    n, T = 100, 150
    links = np.where(rng.random((n, n)) < 0.1, rng.uniform(-1, 1, (n, n)), 0.0)
    W, starts = rng.uniform(-1, 1, (1, n)), rng.uniform(-1, 1, (2, n))
    x = strength * rng.normal(size=(1, T, 1))
    (U,) = ask(scaled, links, radius, shapes=((n, n),))
    (h,) = ask(reservoir, x.repeat(2, axis=0), starts, W, U, np.zeros(n), 1.0, shapes=((2, T, n),))
    apart = np.abs(h[0] - h[1]).max(axis=1)
    figure, (left, right) = new_figure(1, 2, width=9.0)
    for style, run, name in zip(styles(), h[:, :60, 0], ("one start", "another start"), strict=False):
        left.plot(range(1, 61), run, label=name, **style)
    left.set(xlabel="step t", ylabel="h of unit 0", ylim=(-1.05, 1.05))
    left.legend(fontsize=8)
    right.plot(range(1, T + 1), np.maximum(apart, 1e-17), color=OKABE_ITO[4])
    right.set(yscale="log", xlabel="step t", ylabel="largest difference of h", ylim=(1e-17, 10))
    right.grid(alpha=0.3)
    return show(
        figure,
        alt=f"Drawn from your answers: two runs of a reservoir of spectral radius {radius:.2f} from two starts, with a "
        f"random input of strength {strength:.1f}. Left one unit, right the largest difference of all: "
        f"{apart[0]:.0e} after one step, {apart[-1]:.0e} after {T}.",
        caption=f"Radius {radius:.2f}, input {strength:.1f}: after {T} steps the two runs are {apart[-1]:.0e} apart.",
    )


@figure_of("E16.3")
def border(scaled, reservoir) -> Shown:
    """How far two runs are apart after 150 steps, for radii and strengths of the input: what the slider shows."""
    rng = np.random.default_rng(163)
    n, T, radii, strengths = 100, 150, np.arange(0.4, 2.01, 0.2), np.arange(0.0, 3.01, 0.5)
    links = np.where(rng.random((n, n)) < 0.1, rng.uniform(-1, 1, (n, n)), 0.0)
    W, starts = rng.uniform(-1, 1, (1, n)), rng.uniform(-1, 1, (2, n))
    heard = rng.normal(size=(1, T, 1)).repeat(2, axis=0)
    apart = np.empty((len(strengths), len(radii)))
    for k, radius in enumerate(radii):
        (U,) = ask(scaled, links, radius, shapes=((n, n),))
        for j, strength in enumerate(strengths):
            (h,) = ask(reservoir, strength * heard, starts, W, U, np.zeros(n), 1.0, shapes=((2, T, n),))
            apart[j, k] = np.abs(h[0, -1] - h[1, -1]).max()
    figure, axes = new_figure(width=6.6, height=3.4)
    shown = axes.imshow(np.log10(np.maximum(apart, 1e-17)), origin="lower", aspect="auto", cmap="cividis")
    for j, k in np.argwhere(apart > 1e-6):
        axes.text(k, j, "x", ha="center", va="center", fontsize=9)
    axes.set_xticks(range(len(radii)), [f"{r:.1f}" for r in radii])
    axes.set_yticks(range(len(strengths)), [f"{s:.1f}" for s in strengths])
    axes.set(xlabel="spectral radius", ylabel="strength of the input")
    figure.colorbar(shown, ax=axes, label="log10 of the largest difference")
    told = []
    for s, row in zip(strengths, apart, strict=True):
        met = radii[row <= 1e-6]
        told.append(f"input {s:.1f}: up to {met.max():.1f}" if met.size else f"input {s:.1f}: never")
    return show(
        figure,
        alt="Drawn from your answers: the distance of two runs after 150 steps as a colour, over spectral radius and "
        "strength of a random input; x where it is above 1e-6. If right, the dark region of runs that have met reaches "
        f"further to the right the stronger the input. Largest radius at which they met, {'; '.join(told)}.",
        caption="Where two starts meet within 150 steps; x where they have not. The border leans to the right: the "
        "stronger the input, the larger the radius may be.",
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
