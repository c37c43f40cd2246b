"""What was counted so far: the published series that a stream is forecast from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.series import MonthlySeries
from sim.resources import configs_dir
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.text_files import read_text, shown

FIRST_MONTH = 4  # published years begin on 1 April
COLUMNS = ("period_start", "value")
MOST = 1e15  # no count is larger


@dataclass(frozen=True, eq=False)
class AnnualHistory:
    """Counts (or shares) of years that begin on 1 April.

    Attributes
    ----------
    key
        What is counted.
    years
        The calendar years in which they begin, increasing; some may be missing.
    values
        One for each.
    """

    key: str
    years: NDArray[np.int_]
    values: NDArray[np.float64]


History = AnnualHistory | MonthlySeries


@cache
def _counts() -> pd.DataFrame:
    return pd.read_csv(configs_dir() / "forecasting" / "demand_history.csv")


@cache
def series_table() -> pd.DataFrame:
    """What each shipped series is: description, frequency, unit, source, url, quality."""
    table = pd.read_csv(configs_dir() / "forecasting" / "demand_series.csv")
    return table.set_index("series_key")


def shipped_history(key: str) -> History:
    """Return a shipped series by its key.

    Raises
    ------
    InputError
        If there is no such series.
    """
    if key not in series_table().index:
        known = [str(each) for each in series_table().index]
        raise InputError(
            Problem(
                f"there is no shipped series '{key}'",
                path="history",
                given=repr(key),
                accepted=f"one of {', '.join(known)}; or a path that ends in .csv",
                remedy=did_you_mean(key, known),
            )
        )
    rows = _counts()[_counts()["series_key"] == key]
    begins = [date.fromisoformat(day) for day in rows["period_start"]]
    values = rows["value"].to_numpy(float)
    if series_table().loc[key, "frequency"] == "A":
        return AnnualHistory(key, np.array([day.year for day in begins]), values)
    return _monthly(key, begins, values)


@cache
def authority_referrals(area: str) -> AnnualHistory | None:
    """Referrals to children's social care in an authority, year by year, where published."""
    table = pd.read_csv(configs_dir() / "forecasting" / "authority_referrals.csv")
    rows = table[table["area_name"] == area]
    if rows.empty:
        return None
    return AnnualHistory(area, rows["year"].to_numpy(), rows["value"].to_numpy(float))


def read_history(path: Path) -> History:
    """Read a history from a CSV file with the columns period_start and value.

    Every period beginning on 1 April makes it annual; anything else, monthly.

    Raises
    ------
    InputError
        If a column is missing, or a row has no date, no number, a negative one, or a period
        that another row has; each with its line.
    """
    name = shown(path)
    text = read_text(path)
    if not text.strip():
        accepted = "a CSV file with the columns period_start and value"
        raise InputError(Problem("the file is empty", file=name, accepted=accepted))
    reader = csv.DictReader(io.StringIO(text))
    found = [str(column).strip() for column in reader.fieldnames or ()]
    reader.fieldnames = found
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        accepted = "the columns period_start and value"
        remedy = did_you_mean(missing[0], found)
        if len(found) == 1 and (found[0].count(";") or found[0].count("\t")):
            remedy = "separate the columns with commas"
        message = f"there is no column {missing[0]}"
        raise InputError(
            Problem(message, file=name, line=1, given=", ".join(found), accepted=accepted,
                    remedy=remedy)
        )  # fmt: skip
    problems: list[Problem] = []
    rows: dict[date, float] = {}
    for row in reader:
        problem = _read_row(row, rows)
        if problem:
            message, column, accepted = problem
            given = repr(row[column])
            line = reader.line_num
            problems.append(Problem(message, name, line, column, given, accepted))
    if not rows and not problems:
        problems.append(Problem("the file has no rows", file=name, remedy="give a few years"))
    if problems:
        raise InputError(problems)
    begins = sorted(rows)
    values = np.array([rows[day] for day in begins])
    if all(day.month == FIRST_MONTH for day in begins):
        if not values.all():
            raise InputError(
                Problem(
                    "a year of none has no growth to or from it",
                    file=name,
                    path="value",
                    given=f"0 in {begins[int(np.argmin(values))]}",
                    accepted="yearly counts above 0",
                    remedy="leave the year's row out; a stream this small needs monthly counts",
                )
            )
        return AnnualHistory(path.stem, np.array([day.year for day in begins]), values)
    return _monthly(path.stem, begins, values)


def _read_row(row: dict[str, str], rows: dict[date, float]) -> tuple[str, str, str] | None:
    """Add a row to those read, or say what is wrong with it, in which column, what would do."""
    try:
        day = date.fromisoformat((row["period_start"] or "").strip())
    except ValueError:
        return "not a date", "period_start", "the first day of a month, written as 2024-04-01"
    if day.day != 1:
        return "not the first day of a month", "period_start", "a date such as 2024-04-01"
    try:
        value = float((row["value"] or "").replace(",", ""))
    except ValueError:
        return "not a number", "value", "a number, 0 or more"
    if not 0 <= value < MOST:
        return "not a count", "value", f"a number from 0 to {MOST:,.0f}"
    if day in rows:
        return "this period has a row already", "period_start", "one row for each period"
    rows[day] = value
    return None


def _monthly(key: str, begins: Iterable[date], values: NDArray[np.float64]) -> MonthlySeries:
    """Make a monthly series; a month without a row is not a number."""
    months = np.array([np.datetime64(day, "M") for day in begins])
    whole = np.full(int((months[-1] - months[0]).astype(int)) + 1, np.nan)
    whole[(months - months[0]).astype(int)] = values
    return MonthlySeries(key, "England", months[0], whole)
