"""Need: who asks, by age and sex; what people of each age and sex ask relative to others.

Only the shape counts: the level is set by the published counts, so rates may be per 1,000 people,
per cent, or relative to a group.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.population.people import BANDS, SEXES, Population, share_of_bands
from sim.resources import configs_dir


@cache
def _table() -> pd.DataFrame:
    return pd.read_csv(configs_dir() / "forecasting" / "rates.csv")


def rate_keys() -> list[str]:
    """The gradients of need that are shipped."""
    return [str(key) for key in _table()["rates"].unique()]


def rates_by_band(key: str) -> NDArray[np.float64]:
    """Rates of a gradient for each sex and band, shape (sexes, bands); 0 where it has no row."""
    found = np.zeros((len(SEXES), len(BANDS)))
    rows = _table()[_table()["rates"] == key]
    for lower, upper, sex, rate in rows[["age_lower", "age_upper", "sex", "rate"]].to_numpy():
        inside = share_of_bands(int(lower), None if pd.isna(upper) else int(upper)) * float(rate)
        for place, own in enumerate(SEXES):
            if sex in (own, "P"):
                found[place] += inside
    return found


def ages_of(key: str) -> NDArray[np.float64]:
    """How much of each band is of the ages that a gradient is about, shape (bands,)."""
    rows = _table()[_table()["rates"] == key]
    oldest = None if rows["age_upper"].isna().any() else int(rows["age_upper"].max())
    return share_of_bands(int(rows["age_lower"].min()), oldest)


def expected(
    population: Population, rates: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What the people of each band would ask at unchanged rates, shape (times, bands)."""
    found: NDArray[np.float64] = np.einsum("tsb,sb->tb", population.at(times), rates)
    return found
