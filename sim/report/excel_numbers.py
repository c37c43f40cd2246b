"""How a number goes into Excel: whole, with the form that it is shown in and its unit.

Shares are kept as fractions and shown as per cent; their changes are percentage points.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.report.numbers import is_fraction, is_money, unit_of_change

CONVENTION = (
    "Shares are kept as fractions and shown as per cent: 0.862 is shown as 86.2%. Changes of them "
    "are in percentage points: from 86.2% to 88.7% is 2.5 points."
)


class Number(NamedTuple):
    """A number, how Excel shows it (as ``0.0%``), and its unit."""

    value: float
    form: str
    unit: str = ""


def level_in_excel(value: float, unit: str, places: int) -> Number:
    """Give a value its form; a share is shown as per cent."""
    digits = digits_in_excel(places)
    if is_fraction(unit):
        return Number(value, f"{digits}%", unit_of_level(unit))
    return Number(value, f'"£"{digits}' if is_money(unit) else digits, unit)


def change_in_excel(value: float, unit: str, places: int) -> Number:
    """Give a difference its form, with its sign; that of shares is in percentage points."""
    digits = digits_in_excel(places)
    pound = '"£"' if is_money(unit) else ""
    after = '" points"' if is_fraction(unit) else ""
    form = f"+{pound}{digits}{after};-{pound}{digits}{after};{pound}{digits}{after}"
    return Number(100 * value if is_fraction(unit) else value, form, unit_of_change(unit))


def unit_of_level(unit: str) -> str:
    """Name the unit of a value as it is shown in Excel."""
    return f"{unit}, shown as per cent" if is_fraction(unit) else unit


def digits_in_excel(places: int) -> str:
    """Write the form of a number with so many decimals, none if negative."""
    return "#,##0" + ("." + "0" * places if places > 0 else "")
