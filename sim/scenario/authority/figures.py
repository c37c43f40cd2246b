"""What to believe of an authority in a year: its own figures, drawn towards its region's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from sim.scenario.authority.areas import Area, areas, region_of
from sim.scenario.authority.rates import (
    RATES,
    Array,
    Rate,
    Scale,
    at_scale,
    from_scale,
    history,
    to_scale,
)
from sim.scenario.authority.shrinking import believed, learnt_spread
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.authority.workforce_census import ENGLAND

FIRST_YEAR = 2016


@dataclass(frozen=True)
class Figure:
    """A rate of an authority in a year.

    Attributes
    ----------
    value
        The best estimate.
    own_weight
        The weight of the authority's own figures in it, from 0 to 1; the rest is its region's.
    own, own_year
        The last figure of its own, and its year; None where there is none.
    region
        What it would be if nothing were known of the authority itself.
    centre, spread, scale
        Mean and standard deviation on the scale of the rate.
    """

    value: float
    own_weight: float
    own: float | None
    own_year: int | None
    region: float
    centre: float
    spread: float
    scale: Scale

    def interval(self, share: float = 0.8) -> tuple[float, float]:
        """The range in which the rate itself lies with a probability of `share`."""
        reach = NormalDist().inv_cdf(0.5 + share / 2) * self.spread
        ends = at_scale(np.array([self.centre - reach, self.centre + reach]), self.scale)
        return float(ends[0]), float(ends[1])


@dataclass(frozen=True)
class AuthorityFigures:
    """The rates of an authority in a year, by the keys of `RATES`, and what there is of it."""

    area: Area
    region: Area
    year: int
    rates: dict[str, Figure]


def figures_of(
    table: PublishedFigures, authority: Area, year: int, *, known_until: int | None = None
) -> AuthorityFigures:
    """What to believe of an authority in a year.

    Parameters
    ----------
    table
        What is published; nothing later than `known_until` is looked at.
    authority
        Whose figures.
    year
        The year that they are to be of.
    known_until
        The last year that may be known; `year` when left out. With an earlier one, the figures are
        a forecast: what lasts of the authority's difference, at its region's last level.
    """
    until = year if known_until is None else known_until
    ahead = year - until
    if ahead < 0:
        raise ValueError(f"figures of {year} are not a matter of {until}, a later year")
    rates = {key: _figure(table, key, authority, until, ahead) for key in RATES}
    return AuthorityFigures(authority, region_of(authority), year, rates)


def _figure(table: PublishedFigures, key: str, area: Area, until: int, ahead: int) -> Figure:
    shrunk = _shrunk(table, key, until, ahead)
    row = shrunk.rows[area.code]
    scale = RATES[key].scale
    centre, spread = float(shrunk.centre[row]), float(shrunk.spread[row])
    usual, usual_spread = float(shrunk.usual[row]), float(shrunk.usual_spread[row])
    known = np.flatnonzero(np.isfinite(shrunk.raw[row]))
    return Figure(
        value=float(from_scale(np.array(centre), np.array(spread), scale)),
        own_weight=float(np.clip(shrunk.own[row], 0.0, 1.0)),
        own=float(shrunk.raw[row, known[-1]]) if known.size else None,
        own_year=FIRST_YEAR + int(known[-1]) if known.size else None,
        region=float(from_scale(np.array(usual), np.array(usual_spread), scale)),
        centre=centre,
        spread=spread,
        scale=scale,
    )


@dataclass(frozen=True, eq=False)
class _Shrunk:
    """A rate of all authorities, on its scale; `usual` is where each would be without its own."""

    rows: dict[str, int]
    raw: Array
    centre: Array
    spread: Array
    own: Array
    usual: Array
    usual_spread: Array


@lru_cache(maxsize=512)
def _shrunk(table: PublishedFigures, key: str, until: int, ahead: int) -> _Shrunk:
    """Draw regions towards England, then authorities towards their regions."""
    rate = RATES[key]
    years = range(FIRST_YEAR, until + 1)
    everybody = list(areas().values())
    regions = [area for area in everybody if area.kind == "region"]
    members = [area for area in everybody if area.kind == "authority"]
    at = len(years) - 1 + ahead

    england = _carried(_scaled(rate, table, [areas()[ENGLAND]], years)[0])
    difference, size, _ = _with_sizes(rate, table, regions, years)
    spread = learnt_spread(difference - england, size)
    of_regions = [believed(difference - england, size, spread, t) for t in (*range(len(years)), at)]
    levels = np.array([each.mean for each in of_regions]).T  # regions by years, the last one `at`
    levels += np.append(england, england[-1])

    row_of = {area.code: row for row, area in enumerate(regions)}
    region = np.array([row_of[area.region] for area in members])
    own, size, raw = _with_sizes(rate, table, members, years)
    own = own - levels[region, :-1]
    learnt = learnt_spread(own, size)
    belief = believed(own, size, learnt, at)
    level = levels[region, -1]
    region_sd = of_regions[-1].sd[region]
    return _Shrunk(
        rows={area.code: row for row, area in enumerate(members)},
        raw=raw,
        centre=level + belief.mean,
        spread=np.hypot(belief.sd, region_sd * (1 - belief.own)),
        own=belief.own,
        usual=level + learnt.mean,
        usual_spread=np.full(len(members), np.sqrt(learnt.between)),
    )


def _scaled(rate: Rate, table: PublishedFigures, who: list[Area], years: range) -> Array:
    return to_scale(history(rate, table, who, years)[0], rate.scale)


def _with_sizes(
    rate: Rate, table: PublishedFigures, who: list[Area], years: range
) -> tuple[Array, Array, Array]:
    raw, size = history(rate, table, who, years)
    return to_scale(raw, rate.scale), size, raw


def _carried(level: Array) -> Array:
    """Fill what is missing of England with the year before, and before the first with that."""
    known = np.flatnonzero(np.isfinite(level))
    nearest = known[np.maximum(np.searchsorted(known, np.arange(level.size), side="right") - 1, 0)]
    return np.asarray(level[nearest])
