"""A forecast from Python, in two lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.assembling import Assembled, Known, assemble
from forecasting.backtests import backtests
from forecasting.config import ForecastFile, StreamPlan
from forecasting.decomposition import decompose
from forecasting.futures import Future, future_of
from forecasting.history import (
    FIRST_MONTH,
    AnnualHistory,
    History,
    authority_referrals,
    read_history,
    shipped_history,
)
from forecasting.intervals import intervals
from forecasting.loading import load_forecast, resolve
from forecasting.months import BASE_MONTHS
from forecasting.need import rate_keys
from forecasting.population.area import Area, area_of
from forecasting.population.england import ENGLAND
from forecasting.series import MonthlySeries
from forecasting.trends import comparable
from sim.scenario.loading import changed
from sim.scenario.problems import InputError, Problem, did_you_mean

SHIPPED_REFERRALS = "shipped_referrals"


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
        future = future_of(file)
        area = self._area(file)
        _within_projection(file, area)
        known = {name: self._known(file, name, area) for name in file.streams}
        return Forecasted(file, future, area, known, assemble(file, future, area, known))

    def _area(self, file: ForecastFile) -> Area:
        own = file.population
        files = tuple(resolve(each, self.folder) for each in own.files) if own else ()
        return area_of(file.area, file.share, files, own.area if own else None)

    def _known(self, file: ForecastFile, name: str, area: Area) -> Known:
        plan = file.streams[name]
        try:
            if plan.rates is not None and plan.rates not in rate_keys():
                raise InputError(_unknown_rates(plan.rates))
            history = self._history(plan.history)
            if plan.of is not None and not isinstance(history, AnnualHistory):
                message = "a share of another stream needs annual shares"
                raise InputError(Problem(message, path="history", given=plan.history))
            local = self._local(plan, area)
            series = None
            if plan.season_from is not None:
                lent = self._history(plan.season_from)
                if not isinstance(lent, MonthlySeries):
                    message = "not a monthly series, so it has no profile of the year"
                    raise InputError(Problem(message, path="season_from", given=plan.season_from))
                series = lent
        except InputError as error:
            raise InputError(
                _under(problem, f"streams.{name}") for problem in error.problems
            ) from None
        kept = comparable(history, plan, name)
        _starts_after(file.start, kept, name)
        return Known(plan, kept, local, series)

    def _history(self, given: str) -> History:
        if given.endswith(".csv"):
            return read_history(resolve(given, self.folder))
        return shipped_history(given)

    def _shipped_referrals(self, area: str) -> AnnualHistory:
        found = authority_referrals(area)
        if found is None:
            message = f"no referrals of {area} are shipped"
            remedy = "leave `local` out, or name a CSV file of its own counts"
            raise InputError(Problem(message, path="local", remedy=remedy))
        return found

    def _local(self, plan: StreamPlan, area: Area) -> AnnualHistory | None:
        if plan.local is None or not area.is_one_authority:
            return None
        if plan.local == SHIPPED_REFERRALS:
            return self._shipped_referrals(area.name)
        local = read_history(resolve(plan.local, self.folder))
        if not isinstance(local, AnnualHistory):
            message = "the area's own counts must be annual"
            accepted = "years that begin on 1 April"
            raise InputError(Problem(message, path="local", given=plan.local, accepted=accepted))
        return local


def _starts_after(start: date, history: History, name: str) -> None:
    """Refuse a forecast that starts among the counts that it is made from."""
    if isinstance(history, AnnualHistory):
        after = np.datetime64(f"{history.years[-1] + 1}-{FIRST_MONTH:02}", "M")
    else:
        after = history.months[-1] + 1
    if not isinstance(history, AnnualHistory):
        _has_the_base_year(start, history, name)
    if np.datetime64(start, "M") < after:
        raise InputError(
            Problem(
                f"the forecast starts before the history of {name} ends",
                path="start",
                given=str(start),
                accepted=f"{after}-01 or later",
                remedy=f"start later, or leave the last years out under streams.{name}.breaks",
            )
        )


def _has_the_base_year(start: date, history: MonthlySeries, name: str) -> None:
    """Refuse a monthly history that begins within the year before the forecast."""
    base = np.datetime64(start, "M") - BASE_MONTHS
    if history.start > base:
        raise InputError(
            Problem(
                "the history begins within the year before the forecast, from which changes count",
                path=f"streams.{name}.history",
                given=f"months from {history.start} on",
                accepted=f"months from {base} or earlier on",
                remedy=f"give earlier months, or start in {history.start + BASE_MONTHS} or later",
            )
        )


def _unknown_rates(given: str) -> Problem:
    return Problem(
        "there are no such rates",
        path="rates",
        given=repr(given),
        accepted=f"one of {', '.join(rate_keys())}",
        remedy=did_you_mean(given, rate_keys()),
    )


def _under(problem: Problem, path: str) -> Problem:
    """A problem that says under which stream it is; one of another file stays as it is."""
    if problem.file:
        return problem
    return Problem(
        problem.message, path=f"{path}.{problem.path}", given=problem.given,
        accepted=problem.accepted, remedy=problem.remedy,
    )  # fmt: skip


def _within_projection(file: ForecastFile, area: Area) -> None:
    """Refuse months before or after the figures for people."""
    years = area.people.years
    first = np.datetime64(file.start, "M") - BASE_MONTHS
    last = np.datetime64(file.start, "M") + file.months - 1
    low, high = np.datetime64(f"{years[0]}-08", "M"), np.datetime64(f"{years[-1]}-06", "M")
    if first < low:
        raise InputError(
            Problem(
                "the forecast starts before a year of figures for people",
                path="start",
                given=str(file.start),
                accepted=f"{low + BASE_MONTHS} or later",
            )
        )
    if last > high:
        raise InputError(
            Problem(
                f"the figures for people end in {years[-1]}, the forecast in {last}",
                path="months",
                given=str(file.months),
                accepted=f"at most {int((high - np.datetime64(file.start, 'M')).astype(int)) + 1}",
            )
        )


@dataclass(frozen=True, eq=False)
class Forecasted:
    """What a forecast found.

    Attributes
    ----------
    file
        What was asked for.
    future
        The futures that it combines.
    area
        Whose demand it is.
    known
        What each stream starts from.
    assembled
        Demand by its factors, path by path.
    """

    file: ForecastFile
    future: Future
    area: Area
    known: dict[str, Known]
    assembled: Assembled

    @property
    def notes(self) -> tuple[str, ...]:
        """What was treated on the way, in plain words."""
        population = self.area.population(self.future.faster_ageing)
        return (*population.notes, *self._own_histories(), *self.assembled.notes)

    def _own_histories(self) -> list[str]:
        """Say whose counts a history from a file is taken to be, where that may be mistaken."""
        if self.file.area == ENGLAND and self.file.share == 1:
            return []
        return [
            f"streams.{name}: {plan.history} is taken to count all of England; "
            "an area's own counts go under `local`"
            for name, plan in self.file.streams.items()
            if plan.history.endswith(".csv") and plan.of is None
        ]

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
