"""Intervals of demand, month by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasting.assembling import Assembled
from forecasting.months import BASE_MONTHS

QUANTILES = {
    "median": 0.5,
    "low50": 0.25,
    "high50": 0.75,
    "low80": 0.1,
    "high80": 0.9,
    "low95": 0.025,
    "high95": 0.975,
}


def intervals(assembled: Assembled) -> pd.DataFrame:
    """Summarise the paths of each stream and month: stream, month, and the `QUANTILES`."""
    months = assembled.months[BASE_MONTHS:].astype(str)
    frames = []
    for name, demand in assembled.demand.items():
        found = np.quantile(demand.requests, list(QUANTILES.values()), axis=0)
        columns = dict(zip(QUANTILES, found, strict=True))
        frames.append(pd.DataFrame({"stream": name, "month": months, **columns}))
    return pd.concat(frames, ignore_index=True)
