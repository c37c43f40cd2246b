"""Write an Excel file of plain tables: one a sheet, under headings that stay in view.

Before them come a list of contents, and what each column and outcome means. Text stays text: no
cell is a formula or a link, and no cells are merged.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter

from sim.model.outcome import Outcome
from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import is_there
from sim.study.files import written_whole
from sim.study.storing.folder import cannot_write

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}
MEANINGS = "columns"
CREATED = datetime(2000, 1, 1)  # the same tables give the same bytes
WIDEST = 60  # characters
SEEN = 50  # rows by which a column's width is chosen


class Number(NamedTuple):
    """A number and how Excel shows it, as ``0.0%``."""

    value: float
    form: str


class Column(NamedTuple):
    """A column: its heading, the unit of its numbers, and what it means."""

    heading: str
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, what it shows, its columns, and its rows of values."""

    name: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]] | pd.DataFrame

    def each_row(self) -> Iterator[Sequence[Any]]:
        """Go through the rows, one by one: of a long table all together would take much memory."""
        if isinstance(self.rows, pd.DataFrame):
            return self.rows.itertuples(index=False, name=None)
        return iter(self.rows)


def refuse_other_than_excel(file: Path, option: str) -> None:
    """Refuse the name of a file that Excel would not open, or that has nowhere to go.

    Raises
    ------
    InputError
        If it does not end in .xlsx, or its folder is not there; `option` is where it was given.
    """
    if file.suffix.lower() != ".xlsx":
        message, accepted = "not the name of an Excel file", "a name that ends in .xlsx"
        raise InputError(Problem(message, path=option, given=repr(str(file)), accepted=accepted))
    if not is_there(file.parent, folder=True):
        message, remedy = "there is no such folder", "make it first, or name another"
        raise InputError(Problem(message, path=option, given=repr(str(file)), remedy=remedy))


def write_sheets(sheets: Sequence[Sheet], file: Path) -> None:
    """Write sheets as an Excel file, whole or not at all, with their contents and columns first.

    Raises
    ------
    InputError
        If nothing can be written there.
    """
    try:
        content = io.BytesIO()  # of a full disk Python's zip files complain even when let go
        book = xlsxwriter.Workbook(content, OPTIONS)
        book.set_properties({"created": CREATED})
        forms = {"": None, "bold": book.add_format({"bold": True})}
        for sheet in (_contents(sheets), *sheets, _meanings(sheets)):
            _write(book, sheet, forms)
        book.close()
        with written_whole(file) as temporary:
            temporary.write_bytes(content.getbuffer())
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise cannot_write(file.parent, error) from None


def definitions(outcomes: Iterable[Outcome]) -> Sheet:
    """A sheet that says what each outcome is."""
    headings = ("outcome", "label", "unit", "better", "definition", "formula", "safe line",
                "source of the safe line")  # fmt: skip
    rows = [
        (each.key, each.label, each.unit, each.direction, each.definition, each.formula,
         each.threshold, each.threshold_source)
        for each in outcomes
    ]  # fmt: skip
    return Sheet("definitions", "What each outcome is", [Column(h) for h in headings], rows)


def _contents(sheets: Sequence[Sheet]) -> Sheet:
    rows: list[tuple[str, str, int | None]] = [
        (sheet.name, sheet.about, len(sheet.rows)) for sheet in sheets
    ]
    rows.append((MEANINGS, "What the columns of each sheet mean, and their units", None))
    columns = (Column("sheet"), Column("what it shows"), Column("rows"))
    return Sheet("contents", "", columns, rows)


def _meanings(sheets: Sequence[Sheet]) -> Sheet:
    rows = [
        (sheet.name, column.heading, column.unit, column.meaning)
        for sheet in sheets
        for column in sheet.columns
        if column.unit or column.meaning
    ]
    headings = ("sheet", "column", "unit", "meaning")
    return Sheet(MEANINGS, "", [Column(heading) for heading in headings], rows)


def _write(book: Any, sheet: Sheet, forms: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    first = list(islice(sheet.each_row(), SEEN))
    for place, column in enumerate(sheet.columns):
        sample = [len(_shown(row[place])) for row in first]
        page.set_column(place, place, min(max([len(column.heading), *sample]) + 2, WIDEST))
        page.write_string(0, place, column.heading, forms["bold"])
    page.freeze_panes(1, 0)
    for number, row in enumerate(sheet.each_row(), 1):
        for place, value in enumerate(row):
            _write_cell(book, page, forms, number, place, value)


def _shown(value: Any) -> str:
    return f"{value.value:.6g}  " if isinstance(value, Number) else str(value)


def _write_cell(
    book: Any, page: Any, forms: dict[str, Any], row: int, column: int, value: Any
) -> None:
    """Write a cell; one without a value, or with what Excel has no number for, stays empty."""
    form = ""
    if isinstance(value, Number):
        value, form = value
        if form not in forms:
            forms[form] = book.add_format({"num_format": form})
    if value is None or value is pd.NaT:
        return
    if isinstance(value, pd.Timestamp):
        page.write_string(row, column, value.date().isoformat())
    elif isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif math.isfinite(value):
        page.write_number(row, column, value, forms[form])
