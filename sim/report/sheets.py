"""Write an Excel file of plain tables: one a sheet, under headings that stay in view.

Before them come a list of contents, which leads to each sheet, as the first heading of each leads
back; and what each column and outcome means. Text stays text: no cell is a formula or a link to
anywhere outside, and no cells are merged.
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
from sim.report.changes import unit
from sim.report.excel_numbers import Number, level_in_excel, unit_of_level
from sim.report.numbers import decimals, unit_of_change
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
CONTENTS = "contents"
MEANINGS = "columns"
AS_SAID = "as the row says"  # the unit of a column in which each row has its own
CREATED = datetime(2000, 1, 1)  # the same tables give the same bytes
WIDEST = 60  # characters
SEEN = 50  # rows by which a column's width is chosen


class Link(NamedTuple):
    """A place in the same file: the beginning of a sheet."""

    sheet: str

    def __str__(self) -> str:
        return self.sheet

    @property
    def target(self) -> str:
        """The place, as Excel's links within a file are written."""
        name = self.sheet.replace("'", "''")
        return f"internal:'{name}'!A1"


class Column(NamedTuple):
    """A column: its heading, the unit of its numbers, and what it means.

    `key` is its name in the stored table; `form` is how its numbers are shown, if all alike.
    """

    heading: str
    unit: str = ""
    meaning: str = ""
    key: str = ""
    form: str = ""


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
        bold, back = book.add_format({"bold": True}), {"bold": True, "underline": 1}
        forms = {"": None, "bold": bold, "back": book.add_format(back)}
        for sheet in (_contents(sheets), *sheets, _meanings(sheets)):
            _write(book, sheet, forms)
        book.close()
        with written_whole(file) as temporary:
            temporary.write_bytes(content.getbuffer())
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise cannot_write(file.parent, error) from None


def definitions(outcomes: Iterable[Outcome]) -> Sheet:
    """A sheet that says what each outcome is."""
    headings = ("outcome", "key", "unit", "unit of a change", "better", "definition", "formula",
                "safe line", "source of the safe line")  # fmt: skip
    rows = [
        (each.label, each.key, unit_of_level(unit(each)), unit_of_change(unit(each)),
         each.direction, each.definition, each.formula, _safe_line(each), each.threshold_source)
        for each in outcomes
    ]  # fmt: skip
    meanings = {
        "key": "the outcome's name in stored tables and in studies",
        "safe line": "what safe practice asks for, in the outcome's unit",
    }
    columns = [Column(heading, "", meanings.get(heading, "")) for heading in headings]
    return Sheet("definitions", "What each outcome is", columns, rows)


def _safe_line(outcome: Outcome) -> Number | None:
    line = outcome.threshold
    if line is None:
        return None
    return level_in_excel(line, unit(outcome), max(0, decimals(math.nan, line, unit(outcome)) - 1))


def _contents(sheets: Sequence[Sheet]) -> Sheet:
    rows: list[tuple[Link, str, int | None]] = [
        (Link(sheet.name), sheet.about, len(sheet.rows)) for sheet in sheets
    ]
    what = "What the columns of each sheet mean, and their units"
    rows.append((Link(MEANINGS), what, None))
    columns = (Column("sheet"), Column("what it shows"), Column("rows"))
    return Sheet(CONTENTS, "", columns, rows)


def _meanings(sheets: Sequence[Sheet]) -> Sheet:
    rows = [
        (Link(sheet.name), column.heading, column.unit, column.meaning, column.key or None)
        for sheet in sheets
        for column in sheet.columns
        if column.unit or column.meaning or column.key
    ]
    headings = ("sheet", "column", "unit", "meaning", "name in the stored table")
    return Sheet(MEANINGS, "", [Column(heading) for heading in headings], rows)


def _write(book: Any, sheet: Sheet, forms: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    first = list(islice(sheet.each_row(), SEEN))
    for place, column in enumerate(sheet.columns):
        sample = [len(_shown(row[place])) for row in first]
        width = min(max([len(column.heading), *sample]) + 2, WIDEST)
        page.set_column(place, place, width, _format(book, forms, column.form))
        page.write_string(0, place, column.heading, forms["bold"])
    if sheet.name != CONTENTS:
        page.write_url(
            0, 0, Link(CONTENTS).target, forms["back"], sheet.columns[0].heading, "To the contents"
        )
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
        value, form, _ = value
    if value is None or value is pd.NaT:
        return
    if isinstance(value, Link):
        page.write_url(row, column, value.target, string=value.sheet)
    elif isinstance(value, pd.Timestamp):
        page.write_string(row, column, value.date().isoformat())
    elif isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif math.isfinite(value):
        page.write_number(row, column, value, _format(book, forms, form))


def _format(book: Any, forms: dict[str, Any], form: str) -> Any:
    """The format of a number's form, made once for a file."""
    if form not in forms:
        forms[form] = book.add_format({"num_format": form})
    return forms[form]
