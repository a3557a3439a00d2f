"""Two real series that come with statsmodels: sunspots by year and carbon dioxide by month. Nothing is downloaded."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Series:
    """A series in the order of time.

    Args:
        name: str.
        values: array (n,).
        times: array (n,), years, as decimal numbers for months.
        season: int, steps after which it repeats itself, more or less.
        unit: str, of the values.
        step: str, what one step is: "year", "month".
    """

    name: str
    values: np.ndarray
    times: np.ndarray
    season: int
    unit: str
    step: str


def sunspots() -> Series:
    """Mean sunspot numbers of the years 1700 to 2008; a cycle takes nine to fourteen years, eleven on average.

    Source: National Geophysical Data Center, as in statsmodels' ``datasets.sunspots``.

    >>> s = sunspots()
    >>> len(s.values), float(s.times[0]), float(s.values[-1])
    (309, 1700.0, 2.9)
    """
    from statsmodels.datasets import sunspots as source

    table = source.load_pandas().data
    years, values = table["YEAR"].to_numpy(float), table["SUNACTIVITY"].to_numpy(float)
    return Series("sunspots", values, years, 11, "sunspot number", "year")


def co2() -> Series:
    """Carbon dioxide over Mauna Loa, means of the months March 1958 to December 2001, in parts per million.

    Five months without a measurement, in 1958 and 1964, are filled along a straight line between their neighbours.
    That uses the month after the hole, so no origin may lie in one; those of this kit begin in 1993.

    Source: C. D. Keeling and T. P. Whorf, Scripps Institution of Oceanography, weekly, as in statsmodels'
    ``datasets.co2``.

    >>> s = co2()
    >>> len(s.values), round(float(s.times[0]), 2), round(float(s.values[-1]), 1)
    (526, 1958.17, 371.0)
    """
    from statsmodels.datasets import co2 as source

    months = source.load_pandas().data["co2"].resample("MS").mean()
    values = months.interpolate().to_numpy(float)
    times = months.index.year.to_numpy() + (months.index.month.to_numpy() - 1) / 12
    return Series("co2", values, times, 12, "CO2, ppm", "month")
