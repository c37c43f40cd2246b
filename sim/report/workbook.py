"""A study's results as an Excel file, for those who work there.

Sheets: what was run, the comparisons with labels and units, every outcome of every run, and the
other tables as far as a sheet holds them. Text stays text: no cell is a formula or a link.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.study.asking import open_tables
from sim.study.files import written_whole
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.storing.folder import cannot_write

MOST_ROWS = 1_048_575  # of a sheet, below its heading
MOST_CELLS = 5_000_000  # more takes minutes to write and to open
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}
WIDEST = 60  # characters


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
    if path.suffix.lower() != ".xlsx":
        message, accepted = "not the name of an Excel file", "a name that ends in .xlsx"
        raise InputError(Problem(message, path="excel", given=repr(str(file)), accepted=accepted))
    sheets, notes = _sheets(results)
    try:
        content = io.BytesIO()  # of a full disk Python's zip files complain even when let go
        book = xlsxwriter.Workbook(content, OPTIONS)
        bold = book.add_format({"bold": True})
        for name, table in {"about": _about(results, notes), **sheets}.items():
            _write(book.add_worksheet(name), table, bold)
        book.close()
        with written_whole(path) as temporary:
            temporary.write_bytes(content.getbuffer())
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise cannot_write(path.parent, error) from None
    return notes


def _sheets(results: Results) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables that go into the file, and what is left out of them."""
    sheets = {"comparisons": _comparisons(results), "outcomes": results.outcomes}
    notes = []
    names = sorted(Path(file).stem for file in results.tables)
    with open_tables(results) as connection:
        for name in (name for name in names if name not in sheets):
            rows, columns = _shape(connection, name)
            if rows <= MOST_ROWS and rows * columns <= MOST_CELLS:
                sheets[name] = connection.execute(f'SELECT * FROM "{name}"').df()
                continue
            why = f"{name} has {rows:,} rows and {columns} columns, too many for Excel"
            if name == "team_weeks":
                sheets["team_weeks_mean"] = _means(connection)
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


def _comparisons(results: Results) -> pd.DataFrame:
    """The comparisons, with what each outcome is called and counted in."""
    table = results.comparisons
    outcomes = [outcome_of(str(key), results.study.scenario) for key in table["outcome"]]
    table = table.copy()
    table.insert(2, "label", [each.label for each in outcomes])
    table.insert(3, "unit", [each.unit for each in outcomes])
    table.insert(4, "better", [each.direction for each in outcomes])
    return table


def _about(results: Results, notes: list[str]) -> pd.DataFrame:
    """What was run, as two columns."""
    what = results.manifest
    rows: list[tuple[str, object]] = [
        ("study", what["study"]), ("title", what["title"]), ("question", what["question"]),
        ("scenario", what["scenario"]["title"]), ("baseline", what["baseline"]),
    ]  # fmt: skip
    rows += [(f"policy {each['name']}", each["label"]) for each in what["policies"]]
    rows += [(key, what[key]) for key in ("years", "replications", "seed", "started", "finished")]
    rows += [(f"version of {name}", number) for name, number in what["packages"].items()]
    rows += [
        ("folder", shown(results.folder)),
        ("rates and shares", "fractions: 0.118 is 11.8 %"),
        ("difference, low, high", "mean paired difference to the baseline, and its 95 % interval"),
        *(("not as stored", note) for note in notes),
    ]
    return pd.DataFrame(rows, columns=["what", "value"])


def _write(sheet: Any, table: pd.DataFrame, bold: Any) -> None:
    for column, name in enumerate(table.columns):
        sample = [len(str(value)) for value in table[name].head(50)]
        sheet.set_column(column, column, min(max([len(str(name)), *sample]) + 2, WIDEST))
        sheet.write_string(0, column, str(name), bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(table.itertuples(index=False), 1):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value)


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write a cell; one without a value, or with what Excel has no number for, stays empty."""
    if value is None or value is pd.NaT:
        return
    if isinstance(value, pd.Timestamp):
        sheet.write_string(row, column, value.date().isoformat())
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif math.isfinite(value):
        sheet.write_number(row, column, value)
