"""What taggers made of the same jets: the runs of ``python -m course_kit.models.jets_compared``, and their table."""

import json
import math
from pathlib import Path

import numpy as np

from course_kit.datasets.shipped import require

PATH = Path(__file__).resolve().parents[2] / "data" / "jets.json"
SHA256 = "df1bb63b2fe21a07cde5059904b0d6539ae38e86b1255555e00ec9ec28855ae6"


def compared_jets(path: Path = PATH, sha256: str | None = SHA256) -> dict:
    """The runs that the kit ships.

    Args:
        path: of the JSON file.
        sha256: of the file, or None for runs of your own.

    Returns:
        dict with ``about``, the jets and the efficiencies, and ``runs``, one a tagger and seed: ``tagger``, ``seed``,
        ``parameters`` and ``epochs`` (None without a network), ``seconds``, ``auc``, ``validation_auc``, ``passing``,
        how many background jets of the test pass at each efficiency, and ``passes``, which of them do at 0.5 and 0.8,
        for `unpacked`.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships.
    """
    require(path, sha256, "`python -m course_kit.models.jets_compared` (some minutes)")
    return json.loads(path.read_text(encoding="utf-8"))


def packed(passes: np.ndarray) -> str:
    """Eight of the bools in two hexadecimal digits.

    >>> packed(np.array([True, False, True]))
    'a0'
    """
    return np.packbits(passes).tobytes().hex()


def unpacked(compared: dict, tagger: str, efficiency: float) -> np.ndarray:
    """Which background jets of the test pass, (seeds, jets) bool.

    Raises:
        ValueError: if there is no such tagger.
    """
    runs = [run for run in compared["runs"] if run["tagger"] == tagger]
    if not runs:
        taggers = dict.fromkeys(run["tagger"] for run in compared["runs"])
        raise ValueError(f"a tagger must be one of {'; '.join(taggers)}. Got {tagger!r}.")
    bits = [np.frombuffer(bytes.fromhex(run["passes"][str(efficiency)]), np.uint8) for run in runs]
    return np.unpackbits(np.stack(bits), axis=1, count=compared["about"]["test"]["qcd"]).astype(bool)


def rejection_of(passing: float, background: int) -> tuple[float, float]:
    """Rejection and its counting error, for ``passing`` of ``background``; both infinite if none passes."""
    if not passing:
        return math.inf, math.inf
    return background / passing, background / passing * math.sqrt((1 - passing / background) / passing)


def by_tagger(compared: dict) -> dict[str, list[dict]]:
    """The runs of each tagger, in the order in which they were made."""
    found: dict[str, list[dict]] = {}
    for run in compared["runs"]:
        found.setdefault(run["tagger"], []).append(run)
    return found


def table(compared: dict) -> str:
    """Area, rejections, parameters and seconds, a row a tagger: means over the seeds, and the two errors of each.

    The first error is that of counting the background that passes, the second the spread over the seeds.
    """
    about = compared["about"]
    background = about["test"]["qcd"]
    lines = [
        f"{'':21s}{'area':>8s}{'spread':>8s}{'rejection at 50 %':>24s}{'rejection at 80 %':>24s}"
        f"{'parameters':>12s}{'seconds':>9s}{'seeds':>7s}"
    ]
    for tagger, runs in by_tagger(compared).items():
        areas, cells = [run["auc"] for run in runs], []
        for efficiency in (0.5, 0.8):
            counts = [run["passing"][about["efficiencies"].index(efficiency)] for run in runs]
            value, error = rejection_of(float(np.mean(counts)), background)
            values = [rejection_of(n, background)[0] for n in counts]
            cells.append(f"{value:.1f} ±{error:5.1f} {_spread(values, 1):>6s}")
        lines.append(
            f"{tagger:21s}{np.mean(areas):8.4f} {_spread(areas, 4):>7s}{cells[0]:>24s}{cells[1]:>24s}"
            f"{runs[0]['parameters'] or '-':>12}{np.mean([run['seconds'] for run in runs]):9.1f}{len(runs):7d}"
        )
    learned = about["train"]["top"] + about["train"]["qcd"]
    lines.append(
        f"{learned:,} jets to learn from; tested on {about['test']['top']:,} tops and {background:,} others. First ±: "
        "counting error, which more seeds do not make smaller; second ±: standard deviation over the seeds."
    )
    lines += ["LSTM, more background jets pass by pT than in the order of"]
    for other in ("LSTM, substructure", "LSTM, random"):
        for efficiency in (0.5, 0.8):
            if not {"LSTM, by pT", other} <= set(by_tagger(compared)):
                continue
            difference, error = order_difference(compared, "LSTM, by pT", other, efficiency)
            lines.append(f"  {other[6:]:13s} at {efficiency:.0%}: {difference:+7.1f} ± {error:.1f}")
    return "\n".join(lines)


def _spread(values: list[float], digits: int) -> str:
    """Standard deviation over the seeds; nothing where there is one."""
    if len(values) == 1:
        return ""
    return f"±{np.std(values):.{digits}f}" if np.isfinite(values).all() else "±inf"


def order_difference(compared: dict, one: str, other: str, efficiency: float) -> tuple[float, float]:
    """How many more background jets pass ``one`` than ``other``, the mean over the seeds, and its error.

    Both are asked about the same jets, so only those count on which they differ: a pass one alone, b the other alone,
    and (a - b) has the counting error sqrt(a + b). Seeds do not make it smaller, since the jets are the same; what the
    trainings scatter by is added to it, as the variance of the mean.
    """
    first, second = unpacked(compared, one, efficiency), unpacked(compared, other, efficiency)
    seeds = min(len(first), len(second))
    first, second = first[:seeds], second[:seeds]
    differences = first.sum(axis=1) - second.sum(axis=1).astype(float)
    counted = (first != second).sum(axis=1).mean()
    scatter = differences.var(ddof=1) / seeds if seeds > 1 else 0.0
    return float(differences.mean()), math.sqrt(counted + scatter)
