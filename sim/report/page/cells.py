"""Cells of the report's tables: rounded on the page, whole in the workbook."""

from __future__ import annotations

import math

from sim.report.excel_numbers import change_in_excel, digits_in_excel, level_in_excel
from sim.report.numbers import amount, change
from sim.report.page.blocks import Cell

PROBABILITY = "probability, shown as per cent"


def words(*lines: str) -> Cell:
    """A cell of words, in one or more lines."""
    return Cell(lines)


def level(value: float, unit: str, places: int) -> Cell:
    """A value: 85.4 %, £24,150,000, 15.2."""
    if math.isnan(value):
        return Cell(("",))
    return Cell((amount(value, unit, places),), *level_in_excel(value, unit, places))


def difference(value: float, unit: str, places: int) -> Cell:
    """A change, with its sign; of fractions in percentage points."""
    if math.isnan(value):
        return Cell(("",))
    return Cell((change(value, unit, places),), *change_in_excel(value, unit, places))


def count(number: float, unit: str) -> Cell:
    """A whole number."""
    return Cell((f"{number:,.0f}",), float(number), digits_in_excel(0), unit)


def chance(probability: float) -> Cell:
    """A probability, as a chance in a hundred."""
    if math.isnan(probability):
        return Cell(("",))
    shown = level_in_excel(probability, "share", 1)
    return Cell((in_a_hundred(probability),), *shown._replace(unit=PROBABILITY))


def in_a_hundred(probability: float) -> str:
    """Write a probability as people say it: 97 in 100."""
    if probability > 0.99:
        return "over 99 in 100"
    if probability < 0.01:
        return "under 1 in 100"
    return f"{100 * probability:.0f} in 100"
