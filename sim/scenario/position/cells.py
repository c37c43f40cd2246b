"""Cells as people and programs write them: dates, numbers, yes and no, references."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

Cell = str | float | int | bool | date | None
DATE_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


def tidy(cell: Any) -> Cell:
    """Take spaces off both ends (those that can't be seen too); a blank cell is None."""
    if isinstance(cell, str):
        return cell.replace("\u00a0", " ").replace("\u200b", "").strip() or None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.date() if isinstance(cell, datetime) else cell


def as_date(cell: Cell) -> date | None:
    """Read a date, the day before the month; None if it is none."""
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return None
    text = TIME_OF_DAY.sub("", cell)
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def as_number(cell: Cell) -> float | None:
    """Read a number, with a decimal point or a decimal comma; None if it is none."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if not re.fullmatch(r"-?\d+([.,]\d+)?", cell):
        return None
    return float(cell.replace(",", "."))


def as_yes_no(cell: Cell) -> bool | None:
    """Read yes or no; None if it is neither."""
    word = str(cell).lower()
    return True if word in YES else False if word in NO else None


def as_name(cell: Cell) -> str:
    """Write a word as a scenario writes its names: `Social worker` is social_worker."""
    return re.sub(r"[\s-]+", "_", str(cell).lower())


def as_reference(cell: Cell) -> str:
    """Write a reference so that it is found again, however it was typed."""
    return " ".join(str(cell).split()).casefold()


def says_nothing_of_anyone(cell: Cell) -> bool:
    """Whether a cell can be shown in a message: a number or a date is, a word may be a name."""
    return not isinstance(cell, str) or not re.search(r"[^\W\d_]{2}", cell)
