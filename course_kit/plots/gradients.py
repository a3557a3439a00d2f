"""Figures of gradients: over the steps of a training, over the distance in time, and under the shears."""

import numpy as np

from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show, styles
from course_kit.reference.clipping import clip_by_global_norm, clip_by_norm, clip_by_value


def over_steps(monitor) -> Shown:
    """Norm of each layer's gradient at each step of `fit`, and where it exploded.

    Args:
        monitor: `course_kit.gradients.GradientMonitor` after `fit`, or whatever has its `steps`, `norms`, `layers` and
            `explosion`.
    """
    steps, norms, explosion = monitor.steps, monitor.norms, monitor.explosion
    shown = np.where(np.isfinite(norms) & (norms > 0), norms, np.nan)  # the others have no place on a log scale
    figure, axes = new_figure(width=8.0, height=3.6)
    for series, layer, style in zip(shown.T, monitor.layers, styles(), strict=False):
        axes.plot(steps, series, label=layer, **style)
    if np.isfinite(shown).any():
        axes.set_yscale("log")
    lost = steps[~np.isfinite(norms).all(axis=1)]
    if len(lost):
        top = axes.get_xaxis_transform()
        axes.plot(lost, np.full(len(lost), 0.97), "x", color="black", transform=top, label="nan or infinite")
    if explosion is not None and explosion.step in steps:
        axes.axvline(explosion.step, color=OKABE_ITO[5], ls=":", lw=2, label=f"explosion: {explosion.layer}")
    axes.set(xlabel="step", ylabel="norm of the gradient")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    ranges = [
        f"{layer} from {np.nanmin(series):.2g} to {np.nanmax(series):.2g}"
        for series, layer in zip(shown.T, monitor.layers, strict=True)
        if np.isfinite(series).any()
    ]
    said = f" {explosion}" if explosion is not None else " No step exploded."
    return show(
        figure,
        f"Norm of the gradient over {len(steps)} steps on a logarithmic scale, one curve a layer: {'; '.join(ranges)}. "
        f"{len(lost)} steps are nan or infinite.{said}",
        "Gradient norms per layer, before clipping. "
        + (str(explosion) if explosion is not None else "Nothing stands out of what was usual."),
    )


def over_distance(curves: dict[str, np.ndarray], what: str = r"$\|\partial s_T/\partial s_t\|$") -> Shown:
    """How norms grow or die with the distance to the last step.

    Args:
        curves: dict from label to norms (steps,), or (N, steps) of which the mean is drawn; the last is at distance 0,
            as `course_kit.gradients.jacobian_norms` gives them.
        what: str, label of the axis.
    """
    figure, axes = new_figure(width=7.0, height=3.8)
    axes.axhline(1.0, color="0.7", lw=0.8, zorder=0)
    said = []
    for (label, norms), style in zip(curves.items(), styles(), strict=False):
        mean = np.asarray(norms, dtype=np.float64).reshape(-1, np.shape(norms)[-1]).mean(axis=0)
        axes.plot(np.arange(len(mean))[::-1], np.where(mean > 0, mean, np.nan), label=label, **style)
        said.append(f"{label} from {mean[-1]:.2g} at distance 0 to {mean[0]:.2g} at {len(mean) - 1}")
    axes.set(xlabel="distance T - t", ylabel=what, yscale="log")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return show(
        figure,
        f"Norms against the distance in steps, vertical axis logarithmic: {'; '.join(said)}.",
        "A straight line that falls is a memory that fades at a fixed rate; one that rises, an explosion; a level one "
        "carries errors over any distance.",
    )


def clippings(gradients: list[np.ndarray], theta: float) -> Shown:
    """Two numbers of a gradient as an arrow, before and after each of the three ways to clip.

    Args:
        gradients: list of arrays, a gradient; the arrow is the first entry of the first and of the last.
        theta: float, the limit.
    """
    ways = {"by value": clip_by_value, "by norm of each": clip_by_norm, "by global norm": clip_by_global_norm}

    def arrow(parts):
        return np.array([np.ravel(parts[0])[0], np.ravel(parts[-1])[0]])

    figure, panels = new_figure(1, 3, width=9.0, height=3.4, sharex=True, sharey=True)
    before, said = arrow(gradients), []
    angle = np.arctan2(*before[::-1])
    for axes, (name, clip) in zip(panels, ways.items(), strict=True):
        after = arrow(clip(gradients, theta))
        turned = (np.degrees(np.arctan2(*after[::-1]) - angle) + 180) % 360 - 180
        for end, colour, width, label in ((before, OKABE_ITO[2], 0.012, "before"), (after, "black", 0.02, "after")):
            axes.quiver(0, 0, *end, angles="xy", scale_units="xy", scale=1, color=colour, width=width, label=label)
        reach = 1.15 * np.abs(before).max()
        axes.set(title=f"{name}: turned by {abs(turned):.0f}°", xlim=(-reach, reach), ylim=(-reach, reach))
        axes.axhline(0.0, color="0.8", lw=0.8, zorder=0)
        axes.axvline(0.0, color="0.8", lw=0.8, zorder=0)
        axes.set_xlabel("an entry of the first array")
        said.append(f"{name} to ({after[0]:.2g}, {after[1]:.2g}), turned by {abs(turned):.0f} degrees")
    panels[0].set_ylabel("an entry of the last array")
    panels[0].legend(fontsize=8, loc="lower left")
    return show(
        figure,
        f"Three panels with an arrow ({before[0]:.2g}, {before[1]:.2g}) and what clipping at {theta:g} makes of it: "
        f"{'; '.join(said)}.",
        "Clipping shortens the gradient; only by the global norm does it keep the direction.",
    )
