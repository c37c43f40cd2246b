"""The children's social work workforce census, in the layout in which it is published."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import read_text, shown

ENGLAND = "England"
LEVELS = {"National", "Regional", "Local authority"}

# Our column, the published one, and what to divide it by: percentages become shares.
COLUMNS = {
    "in_post_fte": ("inpost_fte", 1),
    "starters_fte": ("starters_fte", 1),
    "leavers_fte": ("leavers_fte", 1),
    "agency_fte": ("agency_fte", 1),
    "agency_cover_fte": ("agency_cover_fte", 1),
    "vacancy_fte": ("vacancy_fte", 1),
    "case_holder_fte": ("case_holders_fte", 1),
    "cases": ("cases", 1),
    "days_lost_fte": ("working_days_lost_fte", 1),
    "turnover_rate": ("turnover_rate_fte", 100),
    "vacancy_rate": ("vacancy_rate_fte", 100),
    "agency_rate": ("agency_rate_fte", 100),
    "absence_rate": ("absence_rate_fte", 100),
    "caseload": ("caseload_fte", 1),
}
WHERE = ("time_period", "geographic_level", "region_name", "old_la_code", "la_name")
RATES = ("turnover_rate", "vacancy_rate", "agency_rate", "absence_rate", "caseload")

SUPPRESSED, UNRELIABLE, NOT_GIVEN = "suppressed", "unreliable", ""
MARKS = {"c": SUPPRESSED, "u": UNRELIABLE, "x": NOT_GIVEN, "z": NOT_GIVEN, "": NOT_GIVEN}


def cell(text: str, divisor: int = 1) -> str:
    """Write a published cell as the project's tables do: a number, a mark, or nothing.

    'low', which the statistics write for what rounds to nothing, is 0.
    """
    text = text.strip().replace(",", "")
    if text in MARKS:
        return MARKS[text]
    number = 0.0 if text == "low" else float(text)
    return f"{number / divisor:.10g}"


def census_rows(path: Path) -> list[dict[str, str]]:
    """Read a census file: a row for each area and year, with the columns of `COLUMNS`.

    An area is an authority's code (joint returns as ``314/318``), the name of a region, or
    `England`. Nobody in post where nothing else was given either means that no return was made.

    Raises
    ------
    InputError
        If the file is not in the published layout.
    """
    reader = csv.DictReader(io.StringIO(read_text(path)))
    needed = [*WHERE, *(column for column, _ in COLUMNS.values())]
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(
            Problem(
                f"columns are missing: {', '.join(missing)}",
                file=shown(path),
                accepted="the workforce census's indicators by authority, as published",
            )
        )
    return [
        _row(row, shown(path), line)
        for line, row in enumerate(reader, 2)
        if row["geographic_level"] in LEVELS
    ]


def _row(row: dict[str, str], file: str, line: int) -> dict[str, str]:
    found = {"area": _area(row), "year": row["time_period"]}
    for ours, (theirs, divisor) in COLUMNS.items():
        try:
            found[ours] = cell(row[theirs], divisor)
        except ValueError:
            accepted = "a number, or one of the symbols c, u, x, z and low"
            raise InputError(
                Problem("not a figure", file, line, theirs, repr(row[theirs]), accepted)
            ) from None
    if not any(found[column].strip("0") for column in COLUMNS):
        found |= dict.fromkeys(COLUMNS, NOT_GIVEN)
    return found


def _area(row: dict[str, str]) -> str:
    if row["geographic_level"] == "National":
        return ENGLAND
    if row["geographic_level"] == "Regional":
        return row["region_name"]
    return row["old_la_code"].replace(" ", "")
