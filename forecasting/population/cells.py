"""The cells of an official file, as text, each row with its line: CSV or an Excel sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import is_there, shown

MAX_BYTES = 400_000_000  # a national file by single year of age and authority has some 30 MB
EXCEL = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Row:
    """A row of a file: its line, counted from 1, and its cells without surrounding blanks."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file (which has no name)."""

    name: str
    rows: tuple[Row, ...]


def read_sheets(path: Path) -> list[Sheet]:
    """Read a CSV file or a workbook.

    Raises
    ------
    InputError
        If it isn't there, is too large, or is not what its name says.
    """
    name = shown(path)
    if not is_there(path):
        remedy = "check the name and the folder; paths are relative to the forecast's file"
        raise InputError(Problem("there is no such file", file=name, remedy=remedy))
    if path.stat().st_size > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        raise InputError(Problem(message, file=name))
    if path.suffix.lower() in EXCEL:
        return _excel(path)
    if path.suffix.lower() in (".xls", ".ods", ".zip"):
        accepted = "a .csv or .xlsx file"
        remedy = "unpack it" if path.suffix.lower() == ".zip" else "save it again as .xlsx"
        message = "not a file of a kind that can be read"
        raise InputError(Problem(message, file=name, accepted=accepted, remedy=remedy))
    return [Sheet("", _csv(path))]


def _csv(path: Path) -> tuple[Row, ...]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")  # as Excel on Windows saves it
    reader = csv.reader(io.StringIO(text, newline=""))
    rows = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(Row(reader.line_num, tuple(cell.strip() for cell in cells)))
    if not rows:
        raise InputError(Problem("the file is empty", file=shown(path)))
    return tuple(rows)


def _excel(path: Path) -> list[Sheet]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever openpyxl raises for what is no workbook
        message = f"this is not an Excel workbook: {error}"
        raise InputError(
            Problem(message, file=shown(path), remedy="save it again as .xlsx")
        ) from None
    sheets = []
    for sheet in book.worksheets:
        rows = [
            Row(line, tuple("" if cell is None else str(cell).strip() for cell in cells))
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
            if any(cell not in (None, "") for cell in cells)
        ]
        sheets.append(Sheet(sheet.title, tuple(rows)))
    book.close()
    return sheets


def number(text: str, refuse: Callable[[str, str], InputError]) -> float:
    """Read a number of people: thousands separators are taken out, nothing else is guessed.

    Raises
    ------
    InputError
        From `refuse`, which is told what is wrong and what is accepted.
    """
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise refuse("not a number of people", "a number, 0 or more") from None
    if not 0 <= value < 1e10:
        raise refuse("not a number of people", "a number, 0 or more")
    return value
