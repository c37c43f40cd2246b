"""What a forecast starts from: its futures, its area, what was counted; and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from forecasting.assembling import Known
from forecasting.config import ForecastFile, StreamPlan
from forecasting.futures import Future, future_of
from forecasting.history import (
    FIRST_MONTH,
    AnnualHistory,
    History,
    authority_referrals,
    read_history,
    shipped_history,
)
from forecasting.loading import resolve
from forecasting.months import BASE_MONTHS
from forecasting.need import rate_keys
from forecasting.population.area import Area, area_of
from forecasting.population.england import ENGLAND
from forecasting.series import MonthlySeries
from forecasting.trends import comparable
from sim.scenario.problems import InputError, Problem, did_you_mean

SHIPPED_REFERRALS = "shipped_referrals"


@dataclass(frozen=True, eq=False)
class StartingPoint:
    """All that the paths of a forecast are drawn from.

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
    """

    file: ForecastFile
    future: Future
    area: Area
    known: dict[str, Known]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read otherwise than it may have been meant, in plain words."""
        return (*self.area.population(self.future.faster_ageing).notes, *self._own_histories())

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


def starting_point(file: ForecastFile, folder: Path | None) -> StartingPoint:
    """Read what a forecast starts from: its futures, its area, and the history of each stream.

    Parameters
    ----------
    file
        The forecast.
    folder
        What paths in the file are relative to (the current folder if left out).

    Raises
    ------
    InputError
        If a future or the area can't be used; else with every problem of its months and streams.
    """
    future = future_of(file)
    own = file.population
    files = tuple(resolve(each, folder) for each in own.files) if own else ()
    area = area_of(file.area, file.share, files, own.area if own else None)
    problems = list(_outside_projection(file, area))
    known = {}
    for name, plan in file.streams.items():
        try:
            known[name] = _known(name, plan, file.start, area, folder)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return StartingPoint(file, future, area, known)


def _known(name: str, plan: StreamPlan, start: date, area: Area, folder: Path | None) -> Known:
    try:
        if plan.rates is not None and plan.rates not in rate_keys():
            raise InputError(_unknown_rates(plan.rates))
        history = _history(plan.history, folder)
        if plan.of is not None and not isinstance(history, AnnualHistory):
            message = "a share of another stream needs annual shares"
            raise InputError(Problem(message, path="history", given=plan.history))
        local = _local(plan, area, folder)
        series = None
        if plan.season_from is not None:
            lent = _history(plan.season_from, folder)
            if not isinstance(lent, MonthlySeries):
                message = "not a monthly series, so it has no profile of the year"
                raise InputError(Problem(message, path="season_from", given=plan.season_from))
            series = lent
    except InputError as error:
        raise InputError(_under(problem, f"streams.{name}") for problem in error.problems) from None
    kept = comparable(history, plan, name)
    _starts_after(start, kept, name)
    return Known(plan, kept, local, series)


def _history(given: str, folder: Path | None) -> History:
    if given.endswith(".csv"):
        return read_history(resolve(given, folder))
    return shipped_history(given)


def _shipped_referrals(area: str) -> AnnualHistory:
    found = authority_referrals(area)
    if found is None:
        message = f"no referrals of {area} are shipped"
        remedy = "leave `local` out, or name a CSV file of its own counts"
        raise InputError(Problem(message, path="local", remedy=remedy))
    return found


def _local(plan: StreamPlan, area: Area, folder: Path | None) -> AnnualHistory | None:
    if plan.local is None or not area.is_one_authority:
        return None
    if plan.local == SHIPPED_REFERRALS:
        return _shipped_referrals(area.name)
    local = read_history(resolve(plan.local, folder))
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


def _outside_projection(file: ForecastFile, area: Area) -> Iterator[Problem]:
    """Find months before or after the figures for people."""
    years = area.people.years
    first = np.datetime64(file.start, "M") - BASE_MONTHS
    last = np.datetime64(file.start, "M") + file.months - 1
    low, high = np.datetime64(f"{years[0]}-08", "M"), np.datetime64(f"{years[-1]}-06", "M")
    if first < low:
        yield Problem(
            "the forecast starts before a year of figures for people",
            path="start",
            given=str(file.start),
            accepted=f"{low + BASE_MONTHS} or later",
        )
    if last > high:
        yield Problem(
            f"the figures for people end in {years[-1]}, the forecast in {last}",
            path="months",
            given=str(file.months),
            accepted=f"at most {int((high - np.datetime64(file.start, 'M')).astype(int)) + 1}",
        )
