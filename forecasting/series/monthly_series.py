"""A monthly series: how many, month by month, in one area."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Months = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class MonthlySeries:
    """A count or an amount for each month in a row.

    Attributes
    ----------
    key, area
        What is counted, and where.
    start
        The first month, as ``numpy.datetime64("2019-04", "M")``.
    values
        One number for each month, 0 or more; a missing month is not a number (NaN), and
        neither the first nor the last month is missing.
    """

    key: str
    area: str
    start: np.datetime64
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=float)
        if values.ndim != 1 or values.size == 0 or np.isnan(values[[0, -1]]).any():
            raise ValueError("a series has a number in its first month and in its last")
        if np.isinf(values).any() or (values < 0).any():
            raise ValueError("a series has numbers of 0 or more")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "start", self.start.astype("datetime64[M]"))

    def __len__(self) -> int:
        return self.values.size

    @property
    def first_month(self) -> int:
        """The number of the first month since January 1970, which is 0."""
        return int(self.start.astype(int))

    @property
    def months(self) -> Months:
        """The month of each value."""
        return self.start + np.arange(len(self))

    @property
    def calendar(self) -> NDArray[np.int_]:
        """The calendar month of each value; January is 0."""
        return (self.first_month + np.arange(len(self))) % 12

    @property
    def without_gaps(self) -> NDArray[np.float64]:
        """The values, with a straight line across missing months."""
        known = np.flatnonzero(~np.isnan(self.values))
        return np.interp(np.arange(len(self)), known, self.values[known])

    def until(self, length: int) -> MonthlySeries:
        """Return what was known when the series had `length` months."""
        values = self.values[:length]
        return replace(self, values=values[: np.flatnonzero(~np.isnan(values))[-1] + 1])
