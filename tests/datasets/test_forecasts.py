"""The shipped forecasts: the file is the one that was measured, and what can be computed again in a moment is right."""

import hashlib

import numpy as np
import pytest

from course_kit.datasets import forecasts
from course_kit.datasets.series import co2, sunspots

SERIES = {"sunspots": sunspots, "co2": co2}


def test_file_is_the_one_that_the_readme_names():
    """Size and SHA-256 in data/README.md and in the loader are those of the file."""
    content = forecasts.PATH.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    readme = forecasts.PATH.with_name("README.md").read_text(encoding="utf-8")

    assert found == forecasts.SHA256
    assert "| `forecasts.json` |" in readme and f"| {len(content)} | `{found}` |" in readme


def test_damaged_file_is_refused(tmp_path, monkeypatch):
    """One changed digit is noticed; a missing file is named."""
    path = tmp_path / "forecasts.json"
    monkeypatch.setattr(forecasts, "PATH", path)
    with pytest.raises(FileNotFoundError, match="python -m course_kit.models.forecasting"):
        forecasts.forecasts()
    path.write_text("{}")
    with pytest.raises(ValueError, match="must have the SHA-256"):
        forecasts.forecasts()


@pytest.mark.parametrize("name", SERIES)
def test_what_came_and_the_naive_forecasts_are_right(name):
    """Recomputed from the series: the values, the naive forecast, the seasonal naive one."""
    series, result = SERIES[name](), forecasts.forecasts()[name]
    y, H, season = series.values, result["horizon"], series.season

    for k, o in enumerate(result["origins"]):
        np.testing.assert_allclose(result["actual"][k], y[o : o + H], rtol=1e-6)
        naive, seasonal = (result["methods"][m]["forecasts"][0][k] for m in ("naive", "seasonal naive"))
        np.testing.assert_allclose(naive, np.full(H, y[o - 1]), rtol=1e-5)
        np.testing.assert_allclose(seasonal, [y[o - season + h % season] for h in range(H)], rtol=1e-5)


@pytest.mark.parametrize("name", SERIES)
def test_every_method_has_every_origin_and_horizon(name):
    """One seed for what is certain, three for the nets, all numbers finite."""
    result = forecasts.forecasts()[name]

    for method, kept in result["methods"].items():
        seeds = 3 if "settings" in kept else 1
        found = forecasts.errors(result, method)
        assert found.shape == (seeds, len(result["origins"]), result["horizon"])
        assert np.isfinite(found).all()
