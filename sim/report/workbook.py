"""A study's results as an Excel file, for those who work there.

Sheets: what was run, the comparisons with labels and units, every outcome of every run, the other
tables as far as a sheet holds them, and what their columns and the outcomes mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.excel_numbers import CONVENTION, digits_in_excel
from sim.report.sheets import Column, Sheet, definitions, refuse_other_than_excel, write_sheets
from sim.report.words import spoken
from sim.report.workbook_outcomes import comparisons_sheet, outcomes_sheet
from sim.scenario.text_files import shown
from sim.study.asking import open_tables
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.storing.column_meanings import TABLES

MOST_ROWS = 1_048_575  # of a sheet, below its heading
MOST_CELLS = 5_000_000  # more takes minutes to write and to open
MEAN = "_mean"
WITH_UNITS = ("comparisons", "outcomes")  # these have sheets of their own kind


def write_workbook(results: Results, file: str | Path) -> list[str]:
    """Write a study's results as an Excel file, whole or not at all.

    Returns
    -------
    list of str
        What is not in it as it is stored, and why; empty if all is.

    Raises
    ------
    InputError
        If the name does not end in .xlsx, or nothing can be written there.
    """
    path = Path(file)
    refuse_other_than_excel(path, "excel")
    tables, notes = _tables(results)
    found = [comparisons_sheet(results), outcomes_sheet(results)]
    found += [_sheet(name, table) for name, table in tables.items()]
    outcomes = dict.fromkeys(outcome_of(key, results.study.scenario)
                             for key in results.outcomes["outcome"].unique())  # fmt: skip
    write_sheets([about(results, notes), *found, definitions(outcomes)], path)
    return notes


def _sheet(name: str, table: pd.DataFrame) -> Sheet:
    """A stored table as a sheet, with what its columns mean."""
    stored = {Path(file).stem: described for file, described in TABLES.items()}
    what, meanings = stored.get(name.removesuffix(MEAN), ("", {}))
    columns = [
        Column(spoken(key), *meanings.get(key, ("", "")), key, _form(table[key]))
        for key in map(str, table.columns)
    ]
    said = f"{what}; means over replications" if name.endswith(MEAN) else what
    return Sheet(name, said[:1].upper() + said[1:], columns, table)


def _form(values: pd.Series) -> str:
    """How the numbers of a column are shown: with as many decimals as they need."""
    if values.dtype.kind != "f":
        return ""
    if (values.dropna() % 1 == 0).all():
        return digits_in_excel(0)
    return digits_in_excel(4 if values.abs().max() < 1 else 2)


def _tables(results: Results) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables that go into the file, and what is left out of them."""
    sheets: dict[str, pd.DataFrame] = {}
    notes = []
    names = sorted(Path(file).stem for file in results.tables)
    with open_tables(results) as connection:
        for name in (name for name in names if name not in WITH_UNITS):
            rows, columns = _shape(connection, name)
            if rows <= MOST_ROWS and rows * columns <= MOST_CELLS:
                sheets[name] = connection.execute(f'SELECT * FROM "{name}"').df()
                continue
            why = f"{name} has {rows:,} rows and {columns} columns, too many for Excel"
            if name == "team_weeks":
                sheets[f"team_weeks{MEAN}"] = _means(connection)
                notes.append(f"{why}: the sheet has the means over replications")
            else:
                notes.append(f"{why}: it is left out")
    return sheets, notes


def _means(connection: Any) -> pd.DataFrame:
    """Means over replications of what was counted in team_weeks, by everything else there."""
    columns = connection.execute("DESCRIBE team_weeks").fetchall()
    counted = [name for name, kind, *_ in columns if kind in ("FLOAT", "DOUBLE")]
    keys = [name for name, *_ in columns if name not in (*counted, "replication")]
    by, means = ", ".join(keys), ", ".join(f'avg("{name}") AS "{name}"' for name in counted)
    table: pd.DataFrame = connection.execute(
        f"SELECT {by}, {means} FROM team_weeks GROUP BY {by} ORDER BY {by}"
    ).df()
    return table


def _shape(connection: Any, table: str) -> tuple[int, int]:
    (rows,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    return int(rows), len(connection.execute(f'DESCRIBE "{table}"').fetchall())


def about(results: Results, notes: Iterable[str] = ()) -> Sheet:
    """A sheet that says what was run."""
    what = results.manifest
    rows: list[tuple[str, object]] = [
        ("study", what["study"]), ("title", what["title"]), ("question", what["question"]),
        ("scenario", what["scenario"]["title"]), ("baseline", what["baseline"]),
    ]  # fmt: skip
    rows += [(f"policy {each['name']}", each["label"]) for each in what["policies"]]
    rows += [(key, what[key]) for key in ("years", "replications", "seed", "started", "finished")]
    rows += [(f"version of {name}", number) for name, number in what["packages"].items()]
    rows.append(("shares", CONVENTION))
    rows += [("folder", shown(results.folder)), *(("not as stored", note) for note in notes)]
    columns = (Column("what"), Column("value"))
    return Sheet("about", "What was run", columns, rows)
