"""Months that broke with what was expected, told openly.

The treatment is in the forecaster: an odd month counts as a bounded surprise (see
``structural``), widens no interval for long (see ``combination``), and no month is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasting.series.combination import Combination

BREAK = 5.0  # times the mean absolute error
AFTER = 4  # months whose middle says whether the series has moved
QUIET = 12  # months before which nothing is usual yet


@dataclass(frozen=True)
class Break:
    """A month that broke with what was expected.

    Attributes
    ----------
    month
        As ``numpy.datetime64("2020-04", "M")``.
    value, expected
        What came, and what was expected the month before.
    kind
        Whether it was odd and the series went back, has moved since, or cannot be told yet.
    """

    month: np.datetime64
    value: float
    expected: float
    kind: Literal["odd", "moved", "unknown"]

    def __str__(self) -> str:
        words = {
            "odd": "an odd month, after which it went back",
            "moved": "it has moved and stayed there for some months",
            "unknown": "too late to tell whether it has moved",
        }
        month = self.month.astype("datetime64[D]").item().strftime("%B %Y")
        return f"{month}: {self.value:,.0f} came, {self.expected:,.0f} expected; {words[self.kind]}"


def find_breaks(combination: Combination) -> list[Break]:
    """Find the months that broke with what was expected a month before."""
    series, spread = combination.lesson.series, combination.spread
    errors, roots = combination.past_errors[:, 0], np.sqrt(series.values)
    found: list[Break] = []
    next_free = 0
    for month in range(QUIET + 1, len(series)):
        error = errors[month - 1]
        if month < next_free or not abs(error) > BREAK * spread[month - 1]:
            continue
        expected = roots[month] - error
        after = roots[month + 1 : month + 1 + AFTER] - expected
        after = after[~np.isnan(after)]
        if after.size < 2:
            kind: Literal["odd", "moved", "unknown"] = "unknown"
        else:
            kind = "moved" if np.median(after) / error > 0.5 else "odd"
        found.append(
            Break(series.months[month], series.values[month], max(expected, 0.0) ** 2, kind)
        )
        next_free = month + AFTER
    return found
