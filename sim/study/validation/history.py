"""What is published of the authorities' workforce, year by year, as a backtest needs it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.authority.areas import areas
from sim.scenario.authority.table import published_figures
from sim.scenario.authority.workforce_census import COLUMNS, MARKS, census_rows
from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown

MEASURES = {
    "turnover": "turnover_rate",
    "vacancy": "vacancy_rate",
    "agency": "agency_rate",
    "caseload": "caseload",
    "absence": "absence_rate",
    "in_post_fte": "in_post_fte",
}
"""The measures that are predicted, and what the table calls them."""

COUNTS = (
    "starters_fte", "leavers_fte", "vacancy_fte", "agency_fte", "case_holder_fte", "cases",
)  # fmt: skip
FIRST_YEARS, LAST_YEARS = 2000, 2100


class History:
    """Figures of every authority that made a return, by year.

    Attributes
    ----------
    frame
        By ``(authority, year)``, where the authority is its code: the columns of `MEASURES` and
        `COUNTS`, and ``region``. Rates are shares, missing ones NaN.
    names
        What each authority is called.
    """

    def __init__(self, frame: pd.DataFrame, names: dict[str, str]) -> None:
        self.frame, self.names = frame.sort_index(), names

    @property
    def years(self) -> list[int]:
        """The years that there are figures for."""
        return sorted(int(year) for year in set(self.frame.index.get_level_values("year")))

    def up_to(self, year: int) -> History:
        """The same history as it stood in a year: nothing later is in it."""
        kept = self.frame.index.get_level_values("year") <= year
        return History(self.frame[kept], self.names)

    def in_year(self, year: int) -> pd.DataFrame:
        """The figures of one year, by authority."""
        return self.frame[self.frame.index.get_level_values("year") == year].droplevel("year")

    def wide(self, column: str) -> pd.DataFrame:
        """One column with a row for each authority and a column for each year in the history."""
        table = self.frame[column].unstack("year")
        return table.reindex(columns=self.years)


def shipped_history() -> History:
    """The history in the shipped table."""
    cells = published_figures().cells
    rows = [{"area": area, "year": str(year), **row} for (area, year), row in cells.items()]
    return _history(rows, "")


def read_history(path: Path) -> History:
    """Read a history from a file of the workforce census, in the layout in which it is published.

    Raises
    ------
    InputError
        If the file is not in that layout, or an authority has two rows for one year.
    """
    return _history(census_rows(path), shown(path))


def _history(rows: list[dict[str, str]], file: str) -> History:
    known = areas()
    rows = [row for row in rows if _is_authority(row["area"])]
    if not rows:
        raise InputError(
            Problem(
                "there is no local authority in the table",
                file=file,
                accepted="rows whose geographic_level is 'Local authority'",
            )
        )
    problems = [*_not_years(rows, file), *_twice(rows, file)]
    if problems:
        raise InputError(problems)
    frame = pd.DataFrame(rows)
    frame = frame.assign(year=frame["year"].astype(int))
    figures = frame[[*COLUMNS]].apply(lambda column: column.map(_number)).astype(float)
    frame = pd.concat([frame[["area", "year"]], figures], axis=1)
    frame = frame[frame["in_post_fte"] > 0].rename(columns={"area": "authority"})
    if frame.empty:
        raise InputError(Problem("no authority has anyone in post", file=file, path="inpost_fte"))
    frame["region"] = [known[a].region if a in known else "" for a in frame["authority"]]
    names = {a: known[a].name if a in known else a for a in frame["authority"]}
    wanted = ["region", *MEASURES.values(), *COUNTS]
    return History(frame.set_index(["authority", "year"])[wanted], names)


def _number(cell: str) -> float:
    return np.nan if cell in MARKS.values() else float(cell)


def _is_authority(area: str) -> bool:
    return area[:1].isdigit()


def _not_years(rows: list[dict[str, str]], file: str) -> list[Problem]:
    given = {row["year"] for row in rows}
    wrong = sorted(each for each in given if not _is_year(each))
    return [
        Problem("not a year", file, path="time_period", given=repr(each), accepted="such as 2024")
        for each in wrong
    ]


def _is_year(text: str) -> bool:
    return text.isdecimal() and FIRST_YEARS <= int(text) <= LAST_YEARS


def _twice(rows: list[dict[str, str]], file: str) -> list[Problem]:
    counts = Counter((row["area"], row["year"]) for row in rows)
    return [
        Problem(f"authority {area} has {n} rows for {year}", file, remedy="keep one of them")
        for (area, year), n in counts.items()
        if n > 1
    ]
