"""Put the demand of every stream together: one draw of people for all, trends in step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.config import ForecastFile, StreamPlan
from forecasting.demand import Demand, season_of
from forecasting.events import event_effects, event_factors
from forecasting.futures import Future, early_help_factor, mental_health_factor
from forecasting.history import AnnualHistory, History
from forecasting.monthly_trends import monthly_trends
from forecasting.months import BASE_MONTHS, YEAR_CENTRE, middle_of, months_with_base
from forecasting.need import ages_of, expected, rates_by_band
from forecasting.population.area import Area
from forecasting.population.england import england
from forecasting.population.people import MID_YEAR
from forecasting.population.projection_error import error_directions, error_factors
from forecasting.series import MonthlySeries, monthly_profile
from forecasting.trends import (
    LOCAL_GROWTH,
    Paths,
    annual_trend,
    in_step,
    local_rates,
    people_who_ask,
    share_trend,
)

LEAST_DRAWN = 1_000  # the one path of a forecast without uncertainty is the mean of so many


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a stream when its forecast starts.

    Attributes
    ----------
    plan
        What the file says.
    history
        Comparable counts of England (or shares of another stream).
    local
        The area's own counts, if there are any.
    profile_series
        The monthly series that lends its profile of the year.
    """

    plan: StreamPlan
    history: History
    local: AnnualHistory | None = None
    profile_series: MonthlySeries | None = None


@dataclass(frozen=True, eq=False)
class Assembled:
    """The demand of every stream, the months, and what was noted on the way."""

    demand: dict[str, Demand]
    months: NDArray[np.datetime64]
    notes: tuple[str, ...]


class _Draws:
    """Independent chances for each purpose, by name: one more stream moves no other's."""

    def __init__(self, file: ForecastFile) -> None:
        self.seed = file.seed
        self.certain = file.uncertainty == "none"
        self.paths = file.paths
        self.drawn = max(file.paths, LEAST_DRAWN) if self.certain else file.paths

    def of(self, *purpose: str) -> np.random.Generator:
        key = [self.seed, *("/".join(purpose).encode())]
        return np.random.default_rng(key)

    def settled(self, paths: Paths) -> Paths:
        """The paths as drawn, or their mean on every path where all is to be certain."""
        if not self.certain:
            return paths
        return np.tile(paths.mean(axis=0), (self.paths, 1))


def assemble(
    file: ForecastFile, future: Future, area: Area, known: Mapping[str, Known]
) -> Assembled:
    """Draw the demand of every stream on every path."""
    draws = _Draws(file)
    months = months_with_base(file.start, file.months)
    times = middle_of(months)
    trends, notes = _trends(file, draws, area, known, times)
    people = _people(draws, future, area, times)
    years_on = times - times[BASE_MONTHS] + 1 / 24
    effects = {
        event.name: event_effects(event, draws.paths, draws.of("event", event.name), draws.certain)
        for event in future.events
    }
    demand: dict[str, Demand] = {}
    for name, plan in file.streams.items():
        factor = np.ones((draws.paths, 1)) * early_help_factor(future, plan, years_on)
        for event in future.events:
            if name in event.streams:
                factor = factor * event_factors(event, effects[event.name], months)
        need = trends[name] * mental_health_factor(future, plan, years_on)
        if plan.of is not None:
            whole = demand[plan.of]
            demand[name] = Demand(
                whole.people, whole.ageing, whole.need * need, whole.events * factor, whole.season
            )
            continue
        heads, asked = _heads_and_asked(plan, people, _last_known(known[name].history))
        series = known[name].profile_series
        if isinstance(known[name].history, MonthlySeries):
            season = np.ones(len(months))  # the series brings its own
        else:
            profile = None if series is None else monthly_profile(series)
            season = season_of(plan, months, profile)
        demand[name] = Demand(heads, asked / heads, need, factor, season)
    return Assembled(demand, months, notes)


@dataclass(frozen=True, eq=False)
class _People:
    """The area's people as projected, and the error of that on each path."""

    area: Area
    times: NDArray[np.float64]
    at: NDArray[np.float64]  # (times, sexes, bands)
    directions: NDArray[np.float64]  # (paths, bands)
    factors: NDArray[np.float64]  # (paths, times, bands)


def _people(draws: _Draws, future: Future, area: Area, times: NDArray[np.float64]) -> _People:
    population = area.population(future.faster_ageing)
    directions = error_directions(draws.paths, draws.of("population"), area.is_one_authority)
    if draws.certain:
        directions = np.zeros_like(directions)
    ahead = times - (population.last_estimate + MID_YEAR)
    return _People(area, times, population.at(times), directions, error_factors(directions, ahead))


def _heads_and_asked(
    plan: StreamPlan, people: _People, last_known: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heads of a stream's ages, and what they ask at unchanged rates, shape (paths, months).

    What was asked when it was last counted is known, however many there were to ask: there the
    error is none.
    """
    assert plan.rates is not None
    rates = rates_by_band(plan.rates)
    asked_of_bands = np.einsum("tsb,sb->tb", people.at, rates)
    heads_of_bands = people.at.sum(axis=1) * ages_of(plan.rates)
    asked = np.einsum("ptb,tb->pt", people.factors, asked_of_bands)
    heads = np.einsum("ptb,tb->pt", people.factors, heads_of_bands)
    population = people.area.population(False)
    # An area's own figures may begin after the last count; estimates have no error here.
    then = np.array([max(last_known, population.years[0] + MID_YEAR)])
    error = error_factors(people.directions, then - (population.last_estimate + MID_YEAR))
    bands = expected(population, rates, then)[0]
    off = (error[:, 0] @ bands) / bands.sum()
    return heads, asked / off[:, None]


def _last_known(history: History) -> float:
    """When a history's last value was counted, in years."""
    if isinstance(history, AnnualHistory):
        return float(history.years[-1]) + YEAR_CENTRE
    return float(middle_of(history.months[-1:])[0])


def _trends(
    file: ForecastFile,
    draws: _Draws,
    area: Area,
    known: Mapping[str, Known],
    times: NDArray[np.float64],
) -> tuple[dict[str, Paths], tuple[str, ...]]:
    """Need per head of every stream, shape (paths, months); of a share stream, the share."""
    counted_monthly = {
        name: each.history
        for name, each in known.items()
        if isinstance(each.history, MonthlySeries)
    }
    monthly, notes = monthly_trends(
        file.streams, counted_monthly, times, draws.drawn, draws.seed,
        {name: draws.of("trend", name) for name in counted_monthly},
    )  # fmt: skip
    yearly: dict[str, Paths] = {}
    for name, each in known.items():
        if name not in monthly:
            yearly[name] = _yearly_trend(name, each, draws, area, times)
    shuffled = [name for name in yearly if known[name].plan.of is None]
    ordered = in_step(
        [yearly[name] for name in shuffled],
        list(monthly.values()),
        file.trend_correlation,
        draws.of("in step"),
    )
    found = yearly | dict(zip(shuffled, ordered, strict=True)) | monthly
    return {name: draws.settled(paths) for name, paths in found.items()}, notes


def _yearly_trend(
    name: str, known: Known, draws: _Draws, area: Area, times: NDArray[np.float64]
) -> Paths:
    plan, history = known.plan, known.history
    assert isinstance(history, AnnualHistory)
    rng = draws.of("trend", name)
    if plan.of is not None:
        return share_trend(history, times, draws.drawn, rng, plan)
    assert plan.rates is not None
    rates = rates_by_band(plan.rates)
    per_head = history.values / people_who_ask(england(), rates, history.years)
    trend = annual_trend(history.years, per_head, times, draws.drawn, rng, plan)
    if plan.level is not None:
        year = np.array([plan.level.year])
        level = plan.level.count / people_who_ask(england(), rates, year)[0]
        spread = plan.level.uncertainty
        # Less half of the variance: not knowing the count makes it no larger in the mean.
        off = np.exp(spread * rng.standard_normal((draws.drawn, 1)) - spread**2 / 2)
        trend = trend * (level / per_head[-1]) * off
    if known.local is not None:
        own_rng = draws.of("local", name)
        years, shares = local_rates(known.local, history.years, per_head, rates, area.people)
        local = annual_trend(years, shares, times, draws.drawn, own_rng, plan, LOCAL_GROWTH)
        trend = trend * local
    return trend
