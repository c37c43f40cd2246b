"""The table of what is published of each authority, region and England, by year."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import nan
from pathlib import Path

from sim.resources import configs_dir
from sim.scenario.authority.workforce_census import (
    COLUMNS,
    NOT_GIVEN,
    SUPPRESSED,
    UNRELIABLE,
    census_rows,
)

FILE = "authorities.csv"


@dataclass(frozen=True, eq=False)
class PublishedFigures:
    """Figures by area and year, as text: a number, a mark, or nothing.

    `year` is the year to 30 September for the workforce and to 31 March for children, so that
    whatever a row says was so by the end of September of its year.
    """

    cells: Mapping[tuple[str, int], Mapping[str, str]]

    def value(self, area: str, year: int, measure: str) -> float:
        """A figure; NaN where none can be relied on."""
        text = self.cells.get((area, year), {}).get(measure, NOT_GIVEN)
        return nan if text in (NOT_GIVEN, SUPPRESSED, UNRELIABLE) else float(text)

    def mark(self, area: str, year: int, measure: str) -> str:
        """Say how it stands with a figure: published, suppressed, unreliable or not given."""
        text = self.cells.get((area, year), {}).get(measure, NOT_GIVEN)
        if text in (SUPPRESSED, UNRELIABLE):
            return text
        return "published" if text != NOT_GIVEN else "not given"

    def last_year(self, area: str, measure: str, year: int) -> int | None:
        """The last year, up to `year`, that a figure of an area is there for."""
        years = [
            at
            for (whose, at) in self.cells
            if whose == area and at <= year and self.mark(area, at, measure) == "published"
        ]
        return max(years, default=None)

    def last(self, area: str, measure: str, year: int) -> float:
        """The last figure of an area up to a year; NaN where there is none."""
        at = self.last_year(area, measure, year)
        return nan if at is None else self.value(area, at, measure)

    def up_to(self, year: int) -> PublishedFigures:
        """The same table without anything later than a year."""
        return PublishedFigures({key: row for key, row in self.cells.items() if key[1] <= year})

    def with_census(self, path: Path) -> PublishedFigures:
        """The same table with a workforce census file laid over it: later years, say."""
        cells = {key: dict(row) for key, row in self.cells.items()}
        for row in census_rows(path):
            key = row["area"], int(row["year"])
            cells.setdefault(key, {}).update({column: row[column] for column in COLUMNS})
        return PublishedFigures(cells)


@cache
def published_figures() -> PublishedFigures:
    """The shipped table."""
    with (configs_dir() / "evidence" / FILE).open(encoding="utf-8", newline="") as file:
        return PublishedFigures(_cells(csv.DictReader(file)))


def _cells(rows: Iterable[dict[str, str]]) -> dict[tuple[str, int], dict[str, str]]:
    return {(row.pop("area"), int(row.pop("year"))): row for row in rows}
