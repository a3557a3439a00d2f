"""Naive, ETS and SARIMAX beside LSTM, GRU and echo state network, from a rolling origin, one horizon at a time.

    python -m course_kit.models.forecasting           run what is not done yet, write data/forecasts.json, print tables
    python -m course_kit.models.forecasting --fresh   forget what was done, and run everything

Two real series of statsmodels, twelve and eight origins. Settings of the nets are chosen from three, on three earlier
origins whose targets all lie before the first test origin; with them each net is trained anew at every origin from
three seeds. A run that was interrupted goes on where it stopped.
"""

import argparse
import hashlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from course_kit.datasets import forecasts as shipped
from course_kit.datasets import series as real
from course_kit.evaluation import RollingOrigin

OUT = shipped.PATH
WORK = OUT.parents[1] / "build" / "forecasts.jsonl"
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Plan:
    """What is asked of one series.

    Args:
        series: the series.
        horizon: int, steps ahead.
        origins: int, how many; the last is as late as the horizon allows.
        step: int, from one to the next; without a divisor in common with the season, so that they go through all of it.
        shown: horizons that the printed table has.
        centre: what the nets take off their windows; see `RecurrentForecaster`.
        epochs: of the recurrent nets; half as many where there are twice as many windows.
        ets, sarimax: arguments for statsmodels.
    """

    series: real.Series
    horizon: int
    origins: int
    step: int
    shown: tuple[int, ...]
    centre: str
    epochs: int
    ets: dict
    sarimax: dict

    def splitter(self) -> RollingOrigin:
        """The test origins."""
        last = len(self.series.values) - self.horizon
        return RollingOrigin(last - self.step * (self.origins - 1), horizon=self.horizon, step=self.step)

    def earlier(self) -> list[int]:
        """Three origins to choose settings on: no target of theirs lies behind the first test origin."""
        last = self.splitter().initial - self.horizon
        return [last - 2 * (self.horizon + 2), last - (self.horizon + 2), last]


def plans() -> dict[str, Plan]:
    """The two series. Orders of SARIMAX and parts of ETS are those of textbooks, and were not searched for."""
    return {
        "sunspots": Plan(
            real.sunspots(),
            11,
            12,
            7,
            (1, 2, 3, 5, 8, 11),
            "mean",
            40,
            {"trend": None},
            {"order": (9, 0, 0), "trend": "c"},
        ),
        "co2": Plan(
            real.co2(),
            24,
            8,
            11,
            (1, 3, 6, 12, 18, 24),
            "last",
            20,
            {"trend": "add"},
            {"order": (1, 1, 1), "seasonal_order": (0, 1, 1, 12)},
        ),
    }


def naive(history: np.ndarray, steps: int) -> np.ndarray:
    """The last value, for ever."""
    return np.full(steps, history[-1])


def seasonal_naive(history: np.ndarray, steps: int, season: int) -> np.ndarray:
    """The last season, again and again."""
    return history[len(history) - season + np.arange(steps) % season]


def ets(history: np.ndarray, steps: int, season: int, **arguments) -> np.ndarray:
    """Exponential smoothing with additive error and season (statsmodels' ETSModel)."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    model = ETSModel(history, error="add", seasonal="add", seasonal_periods=season, **arguments)
    return np.asarray(_fitted(model).forecast(steps))


def sarimax(history: np.ndarray, steps: int, **arguments) -> np.ndarray:
    """Seasonal ARIMA (statsmodels' SARIMAX), fitted by maximum likelihood."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    return np.asarray(_fitted(SARIMAX(history, **arguments)).forecast(steps))


def _fitted(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of starting values, and of a likelihood that is flat at its top
        return model.fit(disp=False)


def net_settings(season: int) -> dict[str, list[dict]]:
    """The three settings of each net among which the earlier origins choose."""
    recurrent = [
        {"window": 2 * season, "units": 8},
        {"window": 2 * season, "units": 24},
        {"window": 3 * season, "units": 8},
    ]
    reservoir = [{"window": 3 * season, "ridge": ridge} for ridge in (1e-5, 1e-3, 1e-1)]
    return {"lstm": recurrent, "gru": recurrent, "echo state": reservoir}


CLASSICAL = ("naive", "seasonal naive", "ETS", "SARIMAX")
NETS = ("lstm", "gru", "echo state")


def forecaster(plan: Plan, method: str, setting: dict | None = None, seed: int = 0) -> Callable:
    """``forecast(history, steps)`` of a method, for `course_kit.evaluation.errors_by_horizon`."""
    season = plan.series.season
    if method == "naive":
        return naive
    if method == "seasonal naive":
        return lambda history, steps: seasonal_naive(history, steps, season)
    if method == "ETS":
        return lambda history, steps: ets(history, steps, season, **plan.ets)
    if method == "SARIMAX":
        return lambda history, steps: sarimax(history, steps, **plan.sarimax)
    from course_kit.models.forecaster import EchoStateForecaster, RecurrentForecaster

    own = {k: v for k, v in setting.items() if k != "window"}
    if method == "echo state":
        net = EchoStateForecaster(centre=plan.centre, seed=seed, **own)
    else:
        net = RecurrentForecaster(method, centre=plan.centre, epochs=plan.epochs, seed=seed, **own)
    return lambda history, steps: net.forecast(history, steps, setting["window"])


@dataclass(frozen=True)
class Fit:
    """One fit: a method with a setting and a seed, at an origin of a series."""

    series: str
    method: str
    setting: int
    seed: int
    origin: int

    def key(self) -> str:
        return json.dumps([self.series, self.method, self.setting, self.seed, self.origin])


def choices(name: str, plan: Plan) -> Iterator[Fit]:
    """What has to be fitted before the settings can be chosen."""
    for method in NETS:
        for k in range(len(net_settings(plan.series.season)[method])):
            for origin in plan.earlier():
                yield Fit(name, method, k, 0, origin)


def measured(name: str, plan: Plan, chosen: dict[str, int]) -> Iterator[Fit]:
    """What has to be fitted for the table."""
    for origin in plan.splitter().origins(plan.series.values).tolist():
        for method in CLASSICAL:
            yield Fit(name, method, 0, 0, origin)
        for method in NETS:
            for seed in SEEDS:
                yield Fit(name, method, chosen[method], seed, origin)


class Done:
    """What has been fitted so far, kept line by line: a run that is killed loses one fit."""

    def __init__(self, path: Path = WORK):
        self.path, self.rows = path, {}
        if path.exists():
            whole = [
                line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("}\n")
            ]
            path.write_text("".join(whole), encoding="utf-8")  # without the half line of a run that was killed
            self.rows = {row["key"]: row for row in map(json.loads, whole)}

    def forecast(self, fit: Fit, plan: Plan) -> np.ndarray:
        """The forecast of a fit, from the file or made now."""
        if fit.key() not in self.rows:
            setting = net_settings(plan.series.season)[fit.method][fit.setting] if fit.method in NETS else None
            start = time.perf_counter()
            values = forecaster(plan, fit.method, setting, fit.seed)(plan.series.values[: fit.origin], plan.horizon)
            row = {"key": fit.key(), "seconds": round(time.perf_counter() - start, 3)}
            row["forecast"] = [float(f"{v:.6g}") for v in values]
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            self.rows[fit.key()] = row
        return np.array(self.rows[fit.key()]["forecast"])

    def seconds(self, series: str, method: str) -> float:
        """Mean seconds of a fit of this method."""
        rows = [(json.loads(key), row) for key, row in self.rows.items()]
        return float(np.mean([row["seconds"] for key, row in rows if key[:2] == [series, method]]))


def compare(name: str, plan: Plan, done: Done, console: Console) -> dict:
    """All forecasts of one series, as data/forecasts.json keeps them."""
    values, settings = plan.series.values, net_settings(plan.series.season)
    mae = {method: [[] for _ in settings[method]] for method in NETS}
    for fit in _told(list(choices(name, plan)), "settings", console):
        due = values[fit.origin : fit.origin + plan.horizon]
        mae[fit.method][fit.setting].append(np.abs(done.forecast(fit, plan) - due).mean())
    chosen = {method: int(np.argmin([np.mean(errors) for errors in mae[method]])) for method in NETS}

    origins = plan.splitter().origins(values).tolist()
    methods = {method: {"forecasts": []} for method in CLASSICAL + NETS}
    for method in NETS:
        errors = [float(f"{np.mean(e):.4g}") for e in mae[method]]
        methods[method] |= {"settings": settings[method], "mae_before": errors, "chosen": chosen[method]}
    found = {}
    for fit in _told(list(measured(name, plan, chosen)), "origins", console):
        found.setdefault((fit.method, fit.seed), []).append(done.forecast(fit, plan).tolist())
    for (method, _seed), rows in found.items():
        methods[method]["forecasts"].append(rows)
    actual = [values[o : o + plan.horizon].round(6).tolist() for o in origins]
    return {"origins": origins, "horizon": plan.horizon, "shown": plan.shown, "actual": actual, "methods": methods}


def _told(fits: list[Fit], what: str, console: Console) -> Iterator[Fit]:
    from rich.progress import track

    yield from track(fits, description=f"{fits[0].series}, {what}", console=console, transient=True)


def table(name: str, result: dict, seconds: Callable[[str], float]) -> Table:
    """The errors of the horizons shown; with a net, the mean of its seeds and from the least to the largest."""
    shown = Table(title=f"{name}: mean absolute error at each horizon, {len(result['origins'])} origins")
    for heading in ("method", *(f"h = {h}" for h in result["shown"]), "mean of all", "s a fit"):
        shown.add_column(heading, justify="left" if heading == "method" else "right")
    for method in result["methods"]:
        errors = shipped.errors(result, method).mean(axis=1)  # (seeds, H)
        cells = [*(errors[:, h - 1] for h in result["shown"]), errors.mean(axis=1)]
        shown.add_row(method, *(shipped.spread(cell) for cell in cells), f"{seconds(method):.2f}")
    return shown


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m course_kit.models.forecasting", description=__doc__.split("\n")[0])
    parser.add_argument("--fresh", action="store_true", help="forget what was done, and run everything")
    parser.add_argument("--out", type=Path, default=OUT, help="where the forecasts go (default: data/forecasts.json)")
    parser.add_argument("--work", type=Path, default=WORK, help="where unfinished work is kept, line by line")
    given, console = parser.parse_args(arguments), Console(width=150)
    if given.fresh:
        given.work.unlink(missing_ok=True)
    from course_kit.quiet import quiet_tensorflow

    quiet_tensorflow()
    done, results = Done(given.work), {}
    try:
        for name, plan in plans().items():
            results[name] = compare(name, plan, done, console)
            console.print(table(name, results[name], lambda method, name=name: done.seconds(name, method)))
    except KeyboardInterrupt:
        console.print(f"Stopped after {len(done.rows)} fits. The same command goes on from there.")
        return 130
    given.out.write_text(json.dumps(results, separators=(",", ":")) + "\n", encoding="utf-8")
    digest = hashlib.sha256(given.out.read_bytes()).hexdigest()
    total = sum(row["seconds"] for row in done.rows.values())
    console.print(f"{len(done.rows)} fits, {total:.0f} s in them. {given.out.name}: {given.out.stat().st_size} bytes, ")
    console.print(f"SHA-256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
