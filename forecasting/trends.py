"""Need or access per head: its trend, learnt from counts over the people who could have asked.

What was counted is divided by what the people of each year would have asked at unchanged rates by
age and sex. What is left is need or access per head, whose trend is drawn path by path.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from forecasting.config import StreamPlan
from forecasting.history import AnnualHistory, History
from forecasting.months import YEAR_CENTRE, middle_of, months_of_year, published_years
from forecasting.need import expected
from forecasting.population.england import england
from forecasting.population.people import Population
from forecasting.series import MonthlySeries, annual_paths
from sim.scenario.problems import InputError, Problem

Paths = NDArray[np.float64]
# An authority's own rate is thought to go with England's: 95 % of its drift within 4 % a year.
LOCAL_GROWTH = (0.0, 0.02)
LEAST_SHARE = 1e-4
LEAST_LEVEL = 1e-12  # a last count of none
INDEX = 1_000.0


def comparable(history: History, plan: StreamPlan, where: str) -> History:
    """Leave out the years that the stream's breaks name.

    Raises
    ------
    InputError
        If nothing is left, or what is left begins before England's people are known.
    """
    since = max([each.new_level_from for each in plan.breaks if each.new_level_from], default=0)
    out = {year for each in plan.breaks for year in each.left_out}
    if isinstance(history, AnnualHistory):
        kept = (history.years >= since) & ~np.isin(history.years, list(out))
        if kept.any():
            _known_people(int(history.years[kept][0]), where)
            return AnnualHistory(history.key, history.years[kept], history.values[kept])
    else:
        years = published_years(history.months)
        values = np.where(np.isin(years, list(out)), np.nan, history.values)
        first = int(np.searchsorted(years, since))
        if np.isfinite(values[first:]).any():
            start = history.start + first
            _known_people(int(years[first]), where)
            return MonthlySeries(history.key, history.area, start, values[first:])
    raise InputError(
        Problem("the breaks leave no year of the history", path=f"streams.{where}.breaks")
    )


def _known_people(year: int, where: str) -> None:
    """Refuse a history that begins before England's people are known."""
    first = first_year(england())
    if year < first:
        raise InputError(
            Problem(
                f"the history begins in {year}, and people are known from April {first} on",
                path=f"streams.{where}.history",
                remedy=f"leave earlier years out: breaks: - {{new_level_from: {first}, why: ...}}",
            )
        )


def people_who_ask(
    population: Population, rates: NDArray[np.float64], years: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Requests at unchanged rates in each published year: the mean over its months."""
    return np.array(
        [
            expected(population, rates, middle_of(months_of_year(y))).sum(axis=1).mean()
            for y in years
        ]
    )


def annual_trend(
    years: NDArray[np.int_],
    per_head: NDArray[np.float64],
    times: NDArray[np.float64],
    number: int,
    rng: np.random.Generator,
    plan: StreamPlan,
    prior: tuple[float, float] | None = None,
) -> Paths:
    """Draw need per head at points in time, from annual values.

    Between the middles of two years the logarithm runs straight; before the last year known it
    is as in that year.

    Returns
    -------
    numpy.ndarray
        Shape (number, times).
    """
    last = int(years[-1])
    ahead = max(1, int(np.ceil(times[-1] - last - YEAR_CENTRE)))
    if prior is None and plan.growth is not None:
        prior = (np.log1p(plan.growth.percent_a_year / 100), plan.growth.sd / 100)
    level = max(float(per_head[-1]), LEAST_LEVEL)
    index = per_head * (INDEX / level)  # annual_paths is made for counts, not for small rates
    drawn = annual_paths(years, index, ahead, number, rng, growth_prior=prior, damping=plan.damping)
    logs = np.log(np.column_stack([np.full(number, INDEX), drawn]) * (level / INDEX))
    place = np.clip(times - (last + YEAR_CENTRE), 0, ahead)
    before = np.minimum(place.astype(int), ahead - 1)
    part = place - before
    found: Paths = np.exp((1 - part) * logs[:, before] + part * logs[:, before + 1])
    return found


def share_trend(
    history: AnnualHistory,
    times: NDArray[np.float64],
    number: int,
    rng: np.random.Generator,
    plan: StreamPlan,
) -> Paths:
    """Draw the share that a stream is of another: as odds, so that it stays between 0 and 1."""
    share = np.clip(history.values, LEAST_SHARE, 1 - LEAST_SHARE)
    odds = annual_trend(history.years, share / (1 - share), times, number, rng, plan)
    return odds / (1 + odds)


def local_rates(
    local: AnnualHistory,
    years: NDArray[np.int_],
    per_head: NDArray[np.float64],
    rates: NDArray[np.float64],
    people: Population,
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """How an area's need per head compared with England's in each year: 1 is the same.

    Parameters
    ----------
    local
        The area's own counts.
    years, per_head
        England's need per head and its years.
    rates
        Of need by sex and band.
    people
        Of the area.

    Returns
    -------
    years, ratios
        Of the years that both have, and in which the area's people are known.

    Raises
    ------
    InputError
        If there is no such year.
    """
    usable = [
        year
        for year in years
        if year in local.years and first_year(people) <= year < people.years[-1]
    ]
    if not usable:
        raise InputError(
            Problem(
                "the area's own counts have no year that can be compared with England's",
                path="local",
                given=", ".join(str(year) for year in local.years),
                accepted=f"some of {', '.join(str(year) for year in years)}, with figures for "
                f"people (here from {first_year(people)})",
            )
        )
    at = np.array(usable)
    own = local.values[np.searchsorted(local.years, at)]
    of_england = per_head[np.searchsorted(years, at)]
    return at, own / (of_england * people_who_ask(people, rates, at))


def first_year(population: Population) -> int:
    """The first published year, from April on, whose people are known in all its months."""
    return int(population.years[0]) + 1


def in_step(
    trends: Sequence[Paths],
    leaders: Sequence[Paths],
    correlation: float,
    rng: np.random.Generator,
) -> list[Paths]:
    """Put the paths of several trends into an order in which high ones go with high ones.

    Each trend keeps its own paths whole, so each month keeps its spread and months keep their
    correlation; only which path of one stream meets which of another is changed. The ranks of
    where the paths end follow a normal copula with one common factor.

    Parameters
    ----------
    trends
        Each of shape (paths, months).
    leaders
        Paths that stay as they are and together set the common factor, if there are any.
    correlation
        Between any two trends, of the normal scores of their ends.
    """
    if not trends:
        return []
    number = len(trends[0])
    common = rng.standard_normal(number)
    if leaders:
        ends = [special.ndtri((_ranks(each[:, -1]) + 0.5) / number) for each in leaders]
        together = np.sum(ends, axis=0)
        common = together / (together.std() or 1.0)
    ordered = []
    for trend in trends:
        own = rng.standard_normal(number)
        score = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
        by_end = trend[np.argsort(trend[:, -1], kind="stable")]
        ordered.append(by_end[_ranks(score)])
    return ordered


def _ranks(values: NDArray[np.float64]) -> NDArray[np.int_]:
    ranks = np.empty(len(values), int)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks
