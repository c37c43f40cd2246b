"""How large an authority is in a year: its people in post and its children."""

from __future__ import annotations

from sim.scenario.authority.areas import Area, region_of
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.authority.workforce_census import ENGLAND
from sim.scenario.problems import InputError, Problem


def level_of(table: PublishedFigures, area: Area, measure: str, year: int) -> float:
    """The last published number, grown as the region's has grown since (if that is published).

    Raises
    ------
    InputError
        If the authority has none up to that year.
    """
    own_year = table.last_year(area.code, measure, year)
    if own_year is None:
        raise InputError(
            Problem(
                f"nothing is published of {area.name} up to {year}",
                path="year",
                given=str(year),
                accepted=area.years(),
            )
        )
    own = table.value(area.code, own_year, measure)
    for around in (region_of(area).code, ENGLAND):
        now = table.last(around, measure, year)
        then = table.value(around, own_year, measure)
        if then > 0 and now > 0:
            return own * now / then
    return own


def children_of(table: PublishedFigures, area: Area, year: int) -> float:
    """Children in a year; of an authority too new for a figure, its region's for each worker."""
    if table.last_year(area.code, "children", year) is not None:
        return level_of(table, area, "children", year)
    region = region_of(area).code
    for_each = table.last(region, "children", year) / table.last(region, "in_post_fte", year)
    return for_each * level_of(table, area, "in_post_fte", year)
