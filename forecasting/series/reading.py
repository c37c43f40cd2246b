"""Read monthly series from a CSV file, and say plainly what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np

from forecasting.series.monthly_series import MonthlySeries
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.text_files import read_text, shown

COLUMNS = ("series_key", "area_name", "period_start", "value")
FREQUENCY = "frequency"  # the one other column that is looked at: annual rows are left out
MISSING = {"", "na", "n/a", "nan", "null", "none"}
THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
LONGEST_GAP = 2  # months missing in a row that are passed over
LARGEST_SHARE = 0.1  # of all months that may be missing
MOST = 1e15  # larger ones, squared, come near the end of what a computer's numbers can hold
MOST_PROBLEMS = 20  # that are written out

Name = tuple[str, str]


class Lines(Protocol):
    """What csv.reader returns: the cells of each row, and the line that was read last."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True)
class Row:
    """A row of the file: the line that it stands on, its month and its number."""

    line: int
    month: date
    value: float


@dataclass(frozen=True)
class SeriesFile:
    """The series of a file.

    Attributes
    ----------
    series
        In the order of their names.
    last_lines
        For each (key, area) the line that its last month stands on.
    notes
        What was treated or left out, in words.
    """

    series: tuple[MonthlySeries, ...]
    last_lines: dict[Name, int]
    notes: tuple[str, ...]


def read_series(path: str | Path) -> SeriesFile:
    """Read the monthly series of a CSV file.

    Parameters
    ----------
    path
        A file with the columns series_key, area_name, period_start (the first day of a month)
        and value, in any order of columns and rows. Other columns are ignored, except that
        rows with a `frequency` other than M are left out.

    Raises
    ------
    InputError
        With the row of each problem: no such column, a month twice, a month missing, a date
        that is not the first of a month, a value that is no number or below 0.
    """
    path = Path(path)
    return _Reader(shown(path)).read(read_text(path))


class _Reader:
    """What is found in a file: problems and notes gather while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def read(self, text: str) -> SeriesFile:
        if not text.strip():
            raise self._refuse("the file is empty", accepted=_columns())
        rows = csv.reader(io.StringIO(text))
        try:
            header = [cell.strip() for cell in next(rows)]
            self._check_header(header)
            gathered = self._gather(header, rows)
        except csv.Error as error:
            self._problem(f"this is not CSV: {error}", rows.line_num, accepted=_columns())
            gathered = {}
        self._raise_problems()  # a row that can't be read would look like a missing month
        if not gathered:
            raise self._refuse("there is no row with a monthly value", accepted=_columns())
        series = [self._series(name, found) for name, found in sorted(gathered.items())]
        self._raise_problems()
        last = {name: max(rows_of, key=_month_of).line for name, rows_of in gathered.items()}
        found = tuple(each for each in series if each is not None)
        return SeriesFile(found, last, tuple(self.notes))

    def _check_header(self, header: list[str]) -> None:
        if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
            self._problem(
                "the columns are not separated by commas",
                1,
                given=header[0][:100],
                accepted=_columns(),
                remedy="save it again as CSV with commas",
            )
            self._raise_problems()
        for column in COLUMNS:
            if header.count(column) > 1:
                self._problem("this column is there twice", 1, column)
            elif column not in header:
                others = [each for each in header if each not in COLUMNS]
                near = did_you_mean(column, others).replace("did you mean", "is it").rstrip("?")
                self._problem(
                    "there is no such column",
                    1,
                    column,
                    given=", ".join(header)[:100],
                    accepted=_columns(),
                    remedy=f"{near}? Then rename it" if near else "",
                )
        self._raise_problems()

    def _gather(self, header: list[str], rows: Lines) -> dict[Name, list[Row]]:
        places = {
            column: header.index(column) for column in (*COLUMNS, FREQUENCY) if column in header
        }
        gathered: dict[Name, list[Row]] = {}
        left_out = 0
        for cells in rows:
            line = rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                self._problem(
                    f"this row has {len(cells)} cells, and the header {len(header)}",
                    line,
                    given=",".join(cells)[:80],
                    remedy="a cell with a comma in it needs quotation marks around it",
                )
                continue
            cell = {column: cells[place].strip() for column, place in places.items()}
            if (cell.get(FREQUENCY) or "M").upper() not in ("M", "MONTHLY"):
                left_out += 1
                continue
            month, value = self._month(line, cell), self._value(line, cell)
            if month is not None and value is not None:
                name = (cell["series_key"], cell["area_name"])
                gathered.setdefault(name, []).append(Row(line, month, value))
        if left_out:
            self.notes.append(f"{left_out} rows with a frequency other than M: left out")
        return gathered

    def _month(self, line: int, cell: dict[str, str]) -> date | None:
        given = cell["period_start"]
        try:
            found = date.fromisoformat(given[:10] if len(given) > 10 else given)
        except ValueError:
            found = None
        if found is None or found.day != 1:
            self._problem(
                "not the first day of a month" if found else "not a date",
                line,
                "period_start",
                repr(given),
                "the first day of a month, written as 2024-04-01",
            )
            return None
        return found

    def _value(self, line: int, cell: dict[str, str]) -> float | None:
        given = cell["value"]
        if given.lower() in MISSING:
            return float("nan")
        plain = given
        if THOUSANDS.fullmatch(given):
            plain = given.replace(",", "")
            note = "values with commas between thousands: read as one number"
            if note not in self.notes:
                self.notes.append(note)
        accepted = "a number, 0 or more; an empty cell where it is not known"
        try:
            found = float(plain)
        except ValueError:
            self._problem("not a number", line, "value", repr(given), accepted)
            return None
        if not 0 <= found < float("inf"):
            self._problem("not a number of 0 or more", line, "value", repr(given), accepted)
            return None
        if found > MOST:
            self._problem("too large", line, "value", repr(given), f"at most {MOST:,.0f}")
            return None
        return found

    def _series(self, name: Name, rows: list[Row]) -> MonthlySeries | None:
        by_month: dict[date, Row] = {}
        for row in rows:
            first = by_month.setdefault(row.month, row)
            if first is not row:
                self._problem(
                    f"{_words(name)} has this month on line {first.line} already",
                    row.line,
                    "period_start",
                    repr(row.month.isoformat()),
                    "one row for each month of a series",
                )
        known = sorted((row for row in by_month.values() if row.value == row.value), key=_month_of)
        if not known:
            self._problem(f"{_words(name)} has no value at all", rows[0].line, "value")
            return None
        start = np.datetime64(known[0].month, "M")
        places = [int((np.datetime64(row.month, "M") - start).astype(int)) for row in known]
        values = np.full(places[-1] + 1, np.nan)
        values[places] = [row.value for row in known]
        self._check_gaps(name, known, places)
        return MonthlySeries(*name, start, values)

    def _check_gaps(self, name: Name, known: list[Row], places: list[int]) -> None:
        missing = places[-1] + 1 - len(places)
        if not missing:
            return
        for (before, row), (after, _) in pairwise(zip(places, known, strict=True)):
            gap = after - before - 1
            if gap > LONGEST_GAP or (gap and missing > LARGEST_SHARE * (places[-1] + 1)):
                self._problem(
                    f"after this row {_words(name)} lacks {_months(gap)}",
                    row.line,
                    "period_start",
                    repr(row.month.isoformat()),
                    f"up to {LONGEST_GAP} missing months in a row, and one in ten in all",
                    "add the months, or leave out those before the gap",
                )
            elif gap:
                self.notes.append(
                    f"{_words(name)}: {_months(gap)} missing after line {row.line}, passed over"
                )

    def _problem(
        self,
        message: str,
        line: int,
        column: str = "",
        given: str = "",
        accepted: str = "",
        remedy: str = "",
    ) -> None:
        self.problems.append(Problem(message, self.file, line, column, given, accepted, remedy))

    def _refuse(self, message: str, accepted: str) -> InputError:
        return InputError(Problem(message, file=self.file, accepted=accepted))

    def _raise_problems(self) -> None:
        more = len(self.problems) - MOST_PROBLEMS
        if more > 0:
            last = Problem(f"and {more} more problems", self.file, self.problems[-1].line)
            raise InputError([*self.problems[:MOST_PROBLEMS], last])
        if self.problems:
            raise InputError(self.problems)


def _columns() -> str:
    return f"a CSV file with the columns {', '.join(COLUMNS)}"


def _month_of(row: Row) -> date:
    return row.month


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _words(name: Iterable[str]) -> str:
    return ", ".join(name)
