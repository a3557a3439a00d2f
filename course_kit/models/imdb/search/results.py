"""What a study has found so far: best.json, trials.csv, and figures of its course and of what mattered."""

from pathlib import Path

import numpy as np
import optuna
from optuna.storages import RetryHeartbeatStaleTrialCallback
from optuna.trial import FrozenTrial, TrialState

from course_kit.models.imdb.runs.files import alone, write_bytes, write_csv, write_json
from course_kit.models.imdb.search.storage import WORKER
from course_kit.models.imdb.search.work import Asked, recipe_of
from course_kit.plots import Shown, new_figure, show, styles

FEW = 4  # trials of different F1 below which an importance is noise


def write(study: optuna.Study, asked: Asked, out: Path) -> tuple[FrozenTrial | None, list[str]]:
    """Write all files into ``out``; the workers of one study may share it.

    Returns:
        the best trial, or None if none was completed; the names of the files.
    """
    trials = study.get_trials(deepcopy=False)
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    best = max(complete, key=lambda trial: trial.value, default=None)
    names = ["trials.csv"]
    with alone(out, wait=True):
        write_csv(out / "trials.csv", [_row(trial) for trial in trials])
        if best is not None:
            write_json(out / "best.json", _best(best, asked, study.study_name, len(complete)))
            write_bytes(out / "history.png", history(trials).png)
            names += ["best.json", "history.png"]
        if len({trial.value for trial in complete}) >= FEW and any(trial.params for trial in complete):
            write_bytes(out / "importance.png", importance(study).png)
            names.append("importance.png")
    return best, names


def history(trials: list[FrozenTrial]) -> Shown:
    """F1 of each trial, and the best so far."""
    figure, axes = new_figure(width=7.0, height=3.6)
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    pruned = [t for t in trials if t.state == TrialState.PRUNED and t.intermediate_values]
    style = styles()
    best = np.maximum.accumulate([trial.value for trial in complete])
    axes.step([t.number for t in complete], best, where="post", label="best so far", **next(style))
    axes.plot([t.number for t in complete], [t.value for t in complete], "o", color=next(style)["color"], label="ended")
    if pruned:
        last = [t.intermediate_values[t.last_step] for t in pruned]
        axes.plot([t.number for t in pruned], last, "x", color=next(style)["color"], label="given up")
    axes.set(xlabel="trial", ylabel="F1 on validation")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend()
    alt = (
        f"F1 on validation by trial: {len(complete)} ended, {len(pruned)} were given up early. The best so far rises "
        f"from {best[0]:.4f} to {best[-1]:.4f}."
    )
    return show(figure, alt, "The course of the search.")


def importance(study: optuna.Study) -> Shown:
    """How much each searched field decides whether a trial is among the best (Optuna's importance)."""
    shares = optuna.importance.get_param_importances(study)
    names, values = list(shares)[::-1], list(shares.values())[::-1]
    figure, axes = new_figure(width=6.0, height=0.8 + 0.32 * len(names))
    bars = axes.barh(names, values, color=next(styles())["color"])
    axes.bar_label(bars, fmt="%.2f", padding=3)
    axes.set(xlabel="importance, sums to 1", xlim=(0, 1.15 * max(values)))
    told = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
    return show(figure, f"Bars, the longest first: {told}.", "Which choices the F1 on validation depended on.")


def _best(trial: FrozenTrial, asked: Asked, study: str, complete: int) -> dict:
    return {
        "recipe": recipe_of(asked, trial.params, trial.user_attrs["threshold"]).config(),
        "f1": trial.value,
        "on": "validation",
        "epoch": trial.user_attrs["epoch"],
        "trial": trial.number,
        "trials": complete,
        "study": study,
        "seed": asked.seed,
        "source": asked.source,
    }


def _row(trial: FrozenTrial) -> dict:
    again = RetryHeartbeatStaleTrialCallback.retried_trial_number(trial)
    return {
        "trial": trial.number,
        "state": trial.state.name.lower(),
        "f1": "" if trial.value is None else trial.value,
        "epochs": len(trial.intermediate_values),
        **{name: trial.user_attrs.get(name, "") for name in ("epoch", "threshold", "seconds")},
        "worker": trial.user_attrs.get(WORKER, ""),
        "again": "" if again is None else again,
        **trial.params,
    }
