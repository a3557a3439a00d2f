"""Which recipes are tried. What the user fixed is not searched."""

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import Trial

from course_kit.models.imdb.recipe import Recipe

SEGMENTS, MOST = (32, 64, 128), (512, 1024)


def space(base: Recipe, fixed: set[str]) -> dict[str, BaseDistribution]:
    """A range for each field of the recipe that is searched.

    Args:
        base: gives the values of what is fixed.
        fixed: names of fields.
    """
    found: dict[str, BaseDistribution] = {
        "units": CategoricalDistribution((32, 48, 64, 96, 128)),
        "word_dropout": FloatDistribution(0.0, 0.6),
        "input_dropout": FloatDistribution(0.0, 0.6),
        "dropout": FloatDistribution(0.0, 0.7),
        "rate": FloatDistribution(5e-4, 5e-3, log=True),
        "weight_decay": FloatDistribution(1e-6, 1e-2, log=True),
        "grams": IntDistribution(0, 3),
        "segment": CategoricalDistribution(SEGMENTS),
        "most": CategoricalDistribution(MOST),
        "vocabulary": CategoricalDistribution((10_000, 20_000, 30_000, 50_000)),
    }
    # a review's words must fill whole segments in both halves
    if "most" in fixed:
        fit = [s for s in SEGMENTS if base.most % (2 * s) == 0]
        found["segment"] = CategoricalDistribution(fit or (base.segment,))
    if "segment" in fixed:
        fit = [m for m in MOST if m % (2 * base.segment) == 0]
        found["most"] = CategoricalDistribution(fit or (base.most,))
    return {name: distribution for name, distribution in found.items() if name not in fixed}


def suggested(trial: Trial, ranges: dict[str, BaseDistribution]) -> dict:
    """A value for each field, as the study's sampler has it."""
    found = {}
    for name, d in ranges.items():
        if isinstance(d, CategoricalDistribution):
            found[name] = trial.suggest_categorical(name, d.choices)
        elif isinstance(d, IntDistribution):
            found[name] = trial.suggest_int(name, d.low, d.high)
        else:
            found[name] = trial.suggest_float(name, d.low, d.high, log=d.log)
    return found


def start(base: Recipe, ranges: dict[str, BaseDistribution]) -> dict:
    """The values of ``base`` that the ranges hold: what the first trial tries."""
    return {name: value for name, d in ranges.items() if _holds(d, value := getattr(base, name))}


def _holds(d: BaseDistribution, value: object) -> bool:
    return value in d.choices if isinstance(d, CategoricalDistribution) else d.low <= value <= d.high
