"""Read a list from a CSV file or from a sheet of an Excel workbook, as people keep them.

CSV as spreadsheets write it: commas, semicolons or tabs; UTF-8 with or without a byte order mark,
UTF-16, or else Windows-1252. Rows are numbered as a spreadsheet shows them, headings included.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd

from sim.scenario.position.cells import as_name, tidy
from sim.scenario.position.columns import LISTS
from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import is_there, shown

MAX_BYTES = 100_000_000
DELIMITERS = ",;\t|"
KNOWN_HEADINGS = {column.name for columns in LISTS.values() for column in columns}
NEEDED = {
    name: [column.name for column in columns if column.needed] for name, columns in LISTS.items()
}


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file: text cells, None where blank, indexed by the number of the row.

    Raises
    ------
    InputError
        If there is no such file, or it is not such a table.
    """
    _refuse_missing(path)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise _refused(path, "this is a workbook, not a CSV file", "name it as `workbook:`")
    text = _decoded(path.read_bytes())
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _refused(
            path, f"this cannot be read as CSV: {error}", "save it again as CSV"
        ) from None
    return _table(enumerate(rows, 1), shown(path))


def read_workbook(path: Path) -> dict[str, pd.DataFrame]:
    """Read the sheets `staff` and `cases` of a workbook, each as `read_csv` reads a file.

    Of formulas the values are read that the workbook keeps.
    """
    import openpyxl  # half a second that most studies don't need
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_missing(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise _refused(path, "this is not an Excel workbook (.xlsx)", "save it as .xlsx")
    try:
        book = openpyxl.load_workbook(path, read_only=True)
        values = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError):
        message = "this cannot be read as a workbook"
        raise _refused(path, message, "take its password off, or save it again") from None
    by_name = {as_name(name.strip()): name for name in book.sheetnames}
    missing = [name for name in LISTS if name not in by_name]
    if missing:
        raise InputError(
            Problem(
                f"there is no sheet called '{missing[0]}'",
                file=shown(path),
                given=", ".join(book.sheetnames),
                accepted=" and ".join(LISTS),
                remedy="name the sheets so, or begin from `plimsoll template --excel`",
            )
        )
    found = {}
    for name in LISTS:
        formulas = book[by_name[name]].iter_rows(values_only=True)
        kept = values[by_name[name]].iter_rows(values_only=True)
        rows = _values(zip(formulas, kept, strict=True), path, name)
        found[name] = _table(rows, shown(path), name)
    book.close()
    values.close()
    return found


def _values(rows: Iterable[tuple[Any, Any]], path: Path, sheet: str) -> Iterator[tuple[int, Any]]:
    """Number the rows of a sheet; refuse formulas of which the workbook keeps no value."""
    for number, (formulas, kept) in enumerate(rows, 1):
        for formula, value in zip(formulas, kept, strict=True):
            is_formula = isinstance(formula, str) and formula.startswith("=")
            if is_formula and (value is None or str(value).startswith("#")):
                raise InputError(
                    Problem(
                        f"row {number}: a formula without a value",
                        file=shown(path),
                        path=f"sheet {sheet}",
                        remedy="open the workbook and save it, or paste the values over the "
                        "formulas",
                    )
                )
        yield number, kept


def _table(rows: Iterable[tuple[int, Any]], file: str, sheet: str = "") -> pd.DataFrame:
    """Make a table of rows: the first that is not blank holds the headings."""
    tidied = [(number, [tidy(cell) for cell in row]) for number, row in rows]
    filled = [(number, row) for number, row in tidied if any(cell is not None for cell in row)]
    where = f"sheet {sheet}" if sheet else ""
    if len(filled) < 2:
        message = "the list is empty" if filled else "there are no headings"
        raise InputError(Problem(message, file=file, path=where, remedy="see `plimsoll template`"))
    headings = ["" if cell is None else as_name(cell) for cell in filled[0][1]]
    if not KNOWN_HEADINGS & set(headings):  # it may be the first person or family: never shown
        raise InputError(
            Problem(
                f"row {filled[0][0]}, the first, has none of the headings",
                file=file,
                path=where,
                accepted="; ".join(f"{name}: {', '.join(NEEDED[name])}, ..." for name in NEEDED),
                remedy="write the headings above the list, as `plimsoll template` does",
            )
        )
    wide = [(number, row) for number, row in filled[1:] if any(row[len(headings) :])]
    twice = sorted({name for name in headings if name and headings.count(name) > 1})
    problems = [Problem(f"two columns are called '{twice[0]}'", file, None, where)] if twice else []
    if wide:
        message = f"row {wide[0][0]} has more cells than there are headings"
        remedy = "put text with commas in quotes, or save the list again as CSV"
        problems.append(Problem(message, file, None, where, remedy=remedy))
    if problems:
        raise InputError(problems)
    width = len(headings)
    cells = [row[:width] + [None] * (width - len(row)) for _, row in filled[1:]]
    table = pd.DataFrame(cells, index=[number for number, _ in filled[1:]], dtype=object)
    table.columns = pd.Index(headings)
    # A column without a heading and without a cell is the edge of a spreadsheet.
    empty = [name == "" and table.iloc[:, i].isna().all() for i, name in enumerate(headings)]
    return table.loc[:, [not each for each in empty]]


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _refuse_missing(path: Path) -> None:
    if not is_there(path):
        remedy = "paths are relative to the file that names them; `plimsoll template` makes lists"
        raise _refused(path, "there is no such file", remedy)
    if path.stat().st_size > MAX_BYTES:
        raise _refused(path, f"the file is larger than {MAX_BYTES // 1_000_000} MB", "")


def _refused(path: Path, message: str, remedy: str) -> InputError:
    return InputError(Problem(message, file=shown(path), path="start", remedy=remedy))
