"""The report's tables as an Excel file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.report import sheets
from sim.report.page.blocks import Cell, Section, Table, tables_of
from sim.report.page.material import Material
from sim.report.workbook import about
from sim.study.registry import outcome_of
from sim.study.results import Results

LONGEST = 31  # characters of a sheet's name


def write_tables(
    results: Results, sections: Iterable[Section], file: Path, small_counts: bool = False
) -> None:
    """Write the tables of a report as an Excel file: a sheet each, numbers as they were found.

    Raises
    ------
    InputError
        If nothing can be written there.
    """
    material = Material(results, small_counts)
    scenario = material.study.scenario
    keys = results.outcomes["outcome"].unique()
    outcomes = [each for key in keys if not material.is_hidden(each := outcome_of(key, scenario))]
    found = [_sheet(table) for table in tables_of(sections)]
    sheets.write_sheets([about(results), *found, sheets.definitions(outcomes)], file)


def _sheet(table: Table) -> sheets.Sheet:
    columns = [sheets.Column(each.heading, "", each.meaning) for each in table.columns]
    rows = [[_value(cell) for cell in row] for row in table.rows]
    return sheets.Sheet(table.name[:LONGEST], table.caption, columns, rows)


def _value(cell: Cell) -> object:
    if cell.value is not None:
        return sheets.Number(cell.value, cell.form)
    return ", ".join(line for line in cell.lines if line) or None
