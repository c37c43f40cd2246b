"""A forecast from Python, in two lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecasting.assembling import Assembled, assemble
from forecasting.backtests import backtests
from forecasting.config import ForecastFile
from forecasting.counted import counted
from forecasting.decomposition import decompose
from forecasting.intervals import intervals
from forecasting.loading import load_forecast
from forecasting.months import BASE_MONTHS
from forecasting.starting_point import StartingPoint, starting_point
from sim.scenario.loading import changed

if TYPE_CHECKING:
    from altair import LayerChart


class Forecast:
    """A forecast of demand: an area, its people, its streams, and what may come.

    Examples
    --------
    >>> from forecasting import Forecast
    >>> found = Forecast.from_yaml("england_adults").run()  # doctest: +SKIP
    >>> found.intervals  # doctest: +SKIP
    """

    def __init__(self, file: ForecastFile, folder: Path | None = None) -> None:
        """Take a forecast; paths in it are relative to `folder` (the current one if left out)."""
        self.file = file
        self.folder = folder

    @classmethod
    def from_yaml(cls, forecast: str | Path) -> Forecast:
        """Load a forecast from a YAML file, or a shipped one by its name.

        Raises
        ------
        sim.scenario.problems.InputError
            With every problem of the file.
        """
        file, folder = load_forecast(forecast)
        return cls(file, folder)

    def run(
        self,
        *,
        futures: tuple[str, ...] | list[str] | None = None,
        paths: int | None = None,
        months: int | None = None,
        seed: int | None = None,
    ) -> Forecasted:
        """Draw the paths.

        Parameters
        ----------
        futures, paths, months, seed
            Instead of what the file says.

        Raises
        ------
        sim.scenario.problems.InputError
            If something asked for is unusable, or a file that it names is.
        """
        given = None if futures is None else tuple(futures)
        asked = {"futures": given, "paths": paths, "months": months, "seed": seed}
        file = changed(self.file, asked)
        start = starting_point(file, self.folder)
        demand = assemble(file, start.future, start.area, start.known)
        return Forecasted(file, start.future, start.area, start.known, demand)

    def check(self) -> StartingPoint:
        """Read and check all that the paths would be drawn from, and draw none.

        Raises
        ------
        sim.scenario.problems.InputError
            As `run`.
        """
        return starting_point(self.file, self.folder)


@dataclass(frozen=True, eq=False)
class Forecasted(StartingPoint):
    """What a forecast found, and what it started from.

    Attributes
    ----------
    assembled
        Demand by its factors, path by path.
    """

    assembled: Assembled

    @property
    def notes(self) -> tuple[str, ...]:
        """What was treated on the way, in plain words."""
        return (*super().notes, *self.assembled.notes)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Every path: stream, month, path, requests; months in the order of the calendar."""
        months = self.assembled.months[BASE_MONTHS:]
        number = self.file.paths
        frames = [
            pd.DataFrame(
                {
                    "stream": name,
                    "month": np.repeat(months.astype(str), number),
                    "path": np.tile(np.arange(number), len(months)),
                    "requests": demand.requests.T.ravel(),
                }
            )
            for name, demand in self.assembled.demand.items()
        ]
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """What was counted of each stream before, at the size of the area: forecasting.counted."""
        return counted(self)

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Median and 50, 80 and 95 % intervals of each stream and month."""
        return intervals(self.assembled)

    @cached_property
    def backtest(self) -> pd.DataFrame:
        """How good such forecasts were on each stream's own past: see forecasting.backtests."""
        return backtests(self.known, self.file.seed)

    @cached_property
    def decomposition(self) -> pd.DataFrame:
        """What the change since the base year is made of: see forecasting.decomposition."""
        stocks = frozenset(name for name, plan in self.file.streams.items() if plan.stock)
        return decompose(self.assembled.demand, self.assembled.months[BASE_MONTHS], stocks)

    @property
    def summary(self) -> str:
        """Each stream now, in three years, its range, and why, as `plimsoll forecast` prints it."""
        from forecasting.summary import summary  # which is about what is defined here

        return summary(self)

    @cached_property
    def charts(self) -> dict[str, LayerChart]:
        """Of each stream, `<stream>_range`: what may come; `<stream>_change`: what it is made of.

        They are those that `plimsoll forecast` writes; in less than a year there is no change.
        """
        from forecasting.output import charts

        return {drawn.name: drawn.chart for drawn in charts(self)}
