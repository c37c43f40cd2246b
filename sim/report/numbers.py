"""Plain numbers: per cent for fractions, pounds with thousands, no more digits than are known."""

from __future__ import annotations

import math

MINUS = "−"
FRACTIONS = ("fraction", "share", "proportion")
DUST = 1e-9  # of a value: a range as narrow as this is how sums were rounded


def is_fraction(unit: str) -> bool:
    """Say whether an outcome is a fraction, which people read as per cent."""
    return unit.lower().startswith(FRACTIONS)


def is_money(unit: str) -> bool:
    """Say whether an outcome is in pounds."""
    return unit.startswith("£") or unit.lower().startswith("pound")


def unit_of_change(unit: str) -> str:
    """Name the unit of a difference: that of two shares is in percentage points."""
    return "percentage points" if is_fraction(unit) else unit


def decimals(uncertainty: float, value: float, unit: str) -> int:
    """Say how many decimals are worth writing; -3 means rounded to thousands.

    The last digit written is the first one that is uncertain, and there are at most four digits
    that count (three where no uncertainty is known).

    Parameters
    ----------
    uncertainty
        Half the width of the interval, in the outcome's own unit; 0 or NaN if there is none.
    value
        The value.
    unit
        The outcome's unit: a fraction is written as per cent.
    """
    scale = 100.0 if is_fraction(unit) else 1.0
    uncertainty, value = abs(uncertainty) * scale, abs(value) * scale
    size = math.floor(math.log10(value)) if value > 0 else 0  # 2 for hundreds
    known = uncertainty > 0
    wanted = math.ceil(-math.log10(uncertainty)) if known else 2 - size
    most = 0 if is_money(unit) and value >= 100 else 2
    return min(wanted, 3 - size, most if size >= -1 else most + 1)


def decimals_of_range(low: float, high: float, value: float, unit: str) -> int:
    """Say how many decimals a value with its range is written with: two digits of its width.

    So the ends differ from each other as written, and what lies beyond 0 does not end there.

    Parameters
    ----------
    low, high
        The ends of the range, in the outcome's own unit; NaN if there is none.
    value, unit
        As for `decimals`, whose answer it is where there is no range.
    """
    width = abs(high - low)
    if not width > DUST * abs(value):
        return decimals(math.nan, value, unit)
    return 1 - math.floor(math.log10(100 * width if is_fraction(unit) else width))


def decimals_as_set(value: float, unit: str) -> int:
    """Say how many decimals show a number that somebody has set: as few as do, and at most two."""
    scale = 100.0 if is_fraction(unit) else 1.0
    written = round(value * scale, 6)
    return next((places for places in (0, 1) if round(written, places) == written), 2)


def amount(value: float, unit: str, places: int) -> str:
    """Write a value: 85.4 %, £24,150,000, 15.2."""
    if math.isnan(value):
        return "not known"
    if is_fraction(unit):
        return f"{_plain(100 * value, places)} %"
    if is_money(unit):
        return f"{MINUS if value < 0 else ''}£{_plain(abs(value), places)}"
    return _plain(value, places)


def change(value: float, unit: str, places: int) -> str:
    """Write a difference with its sign; of fractions in percentage points."""
    if math.isnan(value):
        return "not known"
    number = _plain(abs(100 * value if is_fraction(unit) else value), places)
    nothing = not number.strip("0.,")  # as it is written: then it has no sign, as in a range
    sign = "" if nothing else "+" if value > 0 else MINUS
    if is_fraction(unit):
        return f"{sign}{number} points"
    return f"{sign}{amount(abs(value), unit, places)}"


def bounds(low: float, high: float, unit: str, places: int) -> str:
    """Write the ends of an interval of differences; the unit has been said with the change.

    Nothing where there is none, or no width: every run came out the same.
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    scale = 100.0 if is_fraction(unit) else 1.0
    signed = []
    for end in (low * scale, high * scale):
        text = _plain(abs(end), places)
        zero = not text.strip("0.,")
        signed.append(("" if zero else "+" if end > 0 else MINUS) + text)
    return f"{signed[0]} to {signed[1]}" if signed[0] != signed[1] else ""


def _plain(value: float, places: int) -> str:
    text = f"{round(value, places):,.{max(places, 0)}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # no minus before nothing
    return text.replace("-", MINUS)
