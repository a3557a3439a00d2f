"""The forecasts that the kit ships: seven methods, many origins, two real series."""

import json
from pathlib import Path

import numpy as np

from course_kit.datasets.shipped import require

PATH = Path(__file__).resolve().parents[2] / "data" / "forecasts.json"
SHA256 = "5b3f1dc9cd03fe2ddc2e96c2f52e0b13415e38ab05d109c5af72737b3d3c6753"


def forecasts() -> dict[str, dict]:
    """What `python -m course_kit.models.forecasting` found, for "sunspots" and for "co2".

    Each has ``origins`` (R), ``horizon`` H, ``shown`` (the horizons of the printed table), ``actual`` (R, H) and
    ``methods``: for each method its ``forecasts`` (seeds, R, H), one seed where nothing is random, and for a net the
    ``settings`` it chose from, their errors ``mae_before`` on earlier origins, and the number ``chosen``.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is not the file that the kit ships.
    """
    require(PATH, SHA256, "`python -m course_kit.models.forecasting` (some minutes)")
    return json.loads(PATH.read_text(encoding="utf-8"))


def errors(result: dict, method: str) -> np.ndarray:
    """Absolute errors (seeds, R, H) of a method: at each origin, at each horizon.

    >>> one = {"actual": [[1.0, 2.0]], "methods": {"naive": {"forecasts": [[[0.0, 0.0]]]}}}
    >>> errors(one, "naive").tolist()
    [[[1.0, 2.0]]]
    """
    return np.abs(np.array(result["methods"][method]["forecasts"]) - np.array(result["actual"]))


def spread(values: np.ndarray) -> str:
    """A mean, and behind it least and largest where there are several.

    >>> spread(np.array([1.0, 1.5, 2.0])), spread(np.array([0.25]))
    ('1.50 (1.00-2.00)', '0.25')
    """
    text = f"{np.mean(values):.2f}"
    return text if len(values) == 1 else f"{text} ({np.min(values):.2f}-{np.max(values):.2f})"
