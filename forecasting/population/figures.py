"""Figures of a published table: finding its header, reading its cells, refusing with a place."""

from __future__ import annotations

import re
from typing import NamedTuple

from forecasting.population.ages import read_ages, read_sex
from forecasting.population.cells import Row, Sheet, number
from sim.scenario.problems import InputError, Problem

YEAR = re.compile(r"^(?:population_|mid[- ]?)?((?:19|20|21)\d\d)(?:\.0)?$", re.IGNORECASE)


class Count(NamedTuple):
    """How many people an area has of an age and sex in a year, and where that is written."""

    code: str
    area: str
    year: int
    sex: str  # F, M, or P for both together
    youngest: int
    oldest: int | None
    people: float
    projected: bool | None  # None where the file doesn't say
    line: int


def columns_of(row: Row) -> dict[str, int]:
    """Where each column is, by its name in small letters; the first of a name counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        found.setdefault(cell.lower(), place)
    return found


def find_header(sheet: Sheet, *names: str, first_only: bool = False) -> Row | None:
    """Find the row that has all these columns (each may be one of several, a|b)."""
    for row in sheet.rows[: 1 if first_only else 30]:
        columns = columns_of(row)
        if all(any(each in columns for each in name.split("|")) for name in names):
            return row
    return None


def years_of(row: Row) -> dict[int, int]:
    """Which columns are years: column to year."""
    return {n: int(found[1]) for n, cell in enumerate(row.cells) if (found := YEAR.match(cell))}


class Reader:
    """Reads cells of a file, and refuses with file, line and column what cannot be read."""

    def __init__(self, file: str, header: Row) -> None:
        self.file, self.header, self.columns = file, header, columns_of(header)

    def refuse(self, row: Row, column: int, message: str, accepted: str) -> InputError:
        name = self.header.cells[column] if column < len(self.header.cells) else str(column + 1)
        given = row.cells[column] if column < len(row.cells) else ""
        return InputError(Problem(message, self.file, row.line, name, repr(given), accepted))

    def text(self, row: Row, *names: str) -> str:
        for name in names:
            place = self.columns.get(name)
            if place is not None and place < len(row.cells):
                return row.cells[place]
        return ""

    def people(self, row: Row, column: int) -> float:
        if column >= len(row.cells):
            raise self.refuse(row, column, "the row is too short", "a number of people")
        return number(row.cells[column], lambda m, a: self.refuse(row, column, m, a))

    def ages(self, row: Row, column: int) -> tuple[int, int | None]:
        found = read_ages(row.cells[column])
        if found is None:
            accepted = "an age or a band: 0, 5-9, 85+, 90 and over"
            raise self.refuse(row, column, "not an age", accepted)
        return found

    def sex(self, row: Row, column: int) -> str:
        found = read_sex(row.cells[column])
        if found is None:
            raise self.refuse(row, column, "not a sex", "females, males or persons")
        return found
