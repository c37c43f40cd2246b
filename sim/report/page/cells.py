"""Cells of the report's tables: rounded on the page, whole in the workbook."""

from __future__ import annotations

import math

from sim.report.numbers import amount, change, is_fraction, is_money
from sim.report.page.blocks import Cell


def words(*lines: str) -> Cell:
    """A cell of words, in one or more lines."""
    return Cell(lines)


def level(value: float, unit: str, places: int) -> Cell:
    """A value: 85.4 %, £24,150,000, 15.2."""
    if math.isnan(value):
        return Cell(("",))
    return Cell((amount(value, unit, places),), value, _form(unit, places))


def difference(value: float, unit: str, places: int) -> Cell:
    """A change, with its sign; of fractions in percentage points."""
    if math.isnan(value):
        return Cell(("",))
    scaled = 100 * value if is_fraction(unit) else value
    digits = _digits(max(places, 0))
    pound = '"£"' if is_money(unit) else ""
    after = '" points"' if is_fraction(unit) else ""
    form = f"+{pound}{digits}{after};-{pound}{digits}{after};{pound}{digits}{after}"
    return Cell((change(value, unit, places),), scaled, form)


def count(number: float) -> Cell:
    """A whole number."""
    return Cell((f"{number:,.0f}",), float(number), "#,##0")


def chance(probability: float) -> Cell:
    """A probability, as a chance in a hundred."""
    if math.isnan(probability):
        return Cell(("",))
    return Cell((in_a_hundred(probability),), probability, "0.0%")


def in_a_hundred(probability: float) -> str:
    """Write a probability as people say it: 97 in 100."""
    if probability > 0.99:
        return "over 99 in 100"
    if probability < 0.01:
        return "under 1 in 100"
    return f"{100 * probability:.0f} in 100"


def _form(unit: str, places: int) -> str:
    digits = _digits(max(places, 0))
    if is_fraction(unit):
        return f"{digits}%"
    return f'"£"{digits}' if is_money(unit) else digits


def _digits(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")
