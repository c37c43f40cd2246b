"""Authorities, regions and England: what they are called, and who came after whom."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from sim.resources import configs_dir
from sim.scenario.authority.workforce_census import ENGLAND
from sim.scenario.problems import InputError, Problem, did_you_mean

FILE = "authority_areas.csv"
LIST = "plimsoll init --list"


@dataclass(frozen=True)
class Area:
    """An authority (or two with one children's service), a region, or England.

    Attributes
    ----------
    code
        The Department for Education's three digits, with a stroke where two authorities make one
        return; the name of a region; or ``England``.
    name
        What it is called.
    kind
        ``authority``, ``region`` or ``country``.
    region
        The code of the area that it lies in; empty for England.
    other_names
        Other names that it goes by; those of its members if it is two authorities.
    first_year, last_year
        Of its workforce census returns.
    predecessors
        Codes of the authorities that it, or part of it, came from.
    """

    code: str
    name: str
    kind: str
    region: str
    other_names: tuple[str, ...]
    first_year: int
    last_year: int
    predecessors: tuple[str, ...]

    def years(self) -> str:
        """Say for which years there are figures."""
        return f"{self.first_year} to {self.last_year}"


@cache
def areas() -> dict[str, Area]:
    """All areas by code: England, its regions, then authorities by name."""
    with (configs_dir() / "evidence" / FILE).open(encoding="utf-8", newline="") as file:
        found = [
            Area(
                row["area"],
                row["name"],
                row["kind"],
                row["region"],
                _several(row["other_names"]),
                int(row["first_year"]),
                int(row["last_year"]),
                _several(row["predecessors"]),
            )
            for row in csv.DictReader(file)
        ]
    return {area.code: area for area in found}


def authorities(year: int | None = None) -> list[Area]:
    """Authorities by name: those of today, or of a year.

    Raises
    ------
    InputError
        If nothing is published of that year.
    """
    found = [area for area in areas().values() if area.kind == "authority"]
    at = max(area.last_year for area in found)
    if year is not None:
        _check_year(year)
        at = min(year, at)
    return [area for area in found if area.first_year <= at <= area.last_year]


def _check_year(year: int) -> None:
    england = areas()[ENGLAND]
    if not england.first_year <= year <= england.last_year:
        message = "nothing is published of this year"
        raise InputError(Problem(message, path="year", given=str(year), accepted=england.years()))


def last_year() -> int:
    """The last year of which anything is published."""
    return areas()[ENGLAND].last_year


def region_of(area: Area) -> Area:
    """The region of an authority."""
    return areas()[area.region]


def successors(area: Area) -> list[Area]:
    """Who came after an authority that is no more."""
    return [each for each in areas().values() if area.code in each.predecessors]


def area_called(asked: str, year: int | None = None) -> Area:
    """Find the authority that a name or code means.

    Parameters
    ----------
    asked
        A name, with or without "Council" and the like, or the three-digit code.
    year
        The year in which it is meant; today's authorities when left out.

    Raises
    ------
    InputError
        If there is none; with the nearest names, or those that came after one that is no more.
    """
    there = authorities(year)
    code = asked.strip().replace(" ", "")
    for area in there:
        if code in (area.code, *area.code.split("/")):
            return area
    by_name = {_plain(name): area for area in there for name in (area.name, *area.other_names)}
    if _plain(asked) in by_name:
        return by_name[_plain(asked)]
    raise InputError(_unknown(asked, there, _other_times(asked)))


def _other_times(asked: str) -> list[Area]:
    """Authorities of that name or code that there are not in the year in question."""
    return [
        area
        for area in areas().values()
        if area.kind == "authority"
        and (
            asked.strip() == area.code
            or _plain(asked) in map(_plain, (area.name, *area.other_names))
        )
    ]


def _unknown(asked: str, there: list[Area], other_times: list[Area]) -> Problem:
    if other_times:
        area = other_times[0]
        later = successors(area)
        remedy = (
            f"it was followed by {' and '.join(each.name for each in later)}: give one of these"
            if later
            else f"give a year from {area.years()}"
        )
        message = f"there are figures of {area.name} for {area.years()} only"
        return Problem(message, path="authority", given=repr(asked), remedy=remedy)
    names = [name for area in there for name in (area.name, *area.other_names)]
    hint = did_you_mean(asked, names) or did_you_mean(_plain(asked), names)
    return Problem(
        "there is no English authority of this name",
        path="authority",
        given=repr(asked),
        accepted=f"one of the {len(there)} names that `{LIST}` prints",
        remedy=hint,
    )


def _plain(name: str) -> str:
    """A name without what people add to it or leave out."""
    text = name.lower().replace("&", "and").replace("-", " ").replace(".", "").replace(",", "")
    words = [word for word in text.split() if word != "the"]
    left = [word for word in words if word not in _ADDED]
    return " ".join(left or words)


_ADDED = {"council", "county", "city", "of", "borough", "london", "royal", "metropolitan"}


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split("; ")) if text else ()
