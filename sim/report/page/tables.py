"""The report's tables as an Excel file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.report import sheets
from sim.report.excel_numbers import Number
from sim.report.page.blocks import Cell, Section, Table, tables_of
from sim.report.page.material import Material
from sim.report.workbook import about
from sim.study.registry import outcome_of
from sim.study.results import Results

LONGEST = 31  # characters of a sheet's name
UNITS = "of the numbers to the right, row by row"


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
    """Put a table into a sheet; where units differ from row to row, a column of its own has them.

    Then the words in the first column are the outcome's name alone, as in the definitions.
    """
    columns: list[sheets.Column] = []
    values: list[list[object]] = []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        if column.units and column.units not in [each.heading for each in columns]:
            columns.append(sheets.Column(column.units, "", UNITS))
            values.append([each.unit for each in cells])
        unit = " or ".join(sorted({each.unit for each in cells} - {""}))
        unit = sheets.AS_SAID if column.units else unit
        columns.append(sheets.Column(column.heading, unit, column.meaning))
        values.append([_value(cell) for cell in cells])
    if any(column.units for column in table.columns):
        values[0] = [row[0].lines[0] for row in table.rows]
    rows = list(zip(*values, strict=True))
    return sheets.Sheet(table.name[:LONGEST], table.caption, columns, rows)


def _value(cell: Cell) -> object:
    if cell.value is not None:
        return Number(cell.value, cell.form)
    return ", ".join(line for line in cell.lines if line) or None
