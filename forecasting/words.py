"""A forecast in words that a commissioner reads."""

from __future__ import annotations

import pandas as pd

from forecasting.decomposition import PARTS

BECAUSE = {
    "population_size": ("more people", "fewer people"),
    "ageing": ("older people among them", "younger people among them"),
    "need_per_head": ("more need or access per head", "less need or access per head"),
    "events": ("events", "early help and events"),
}
SMALLEST = 0.05  # of what is written with a decimal place
WORTH_A_WORD = 0.005  # of the base: smaller parts are not named as reasons


def whole(number: float) -> str:
    """Write a number as people read it: 9,700; 31; 4.2; 0."""
    if abs(number) < SMALLEST:
        return "0"
    if abs(number) >= 1000:
        return f"{round(number, -1):,.0f}"
    return f"{number:,.0f}" if abs(number) >= 20 else f"{number:,.1f}"


def with_sign(change: float) -> str:
    """Write a change: +77; −4.2; 0."""
    said = whole(abs(change))
    return said if said == "0" else f"{'+' if change > 0 else '−'}{said}"


def label_of_year(first_month: str, years_on: int) -> str:
    """Name a year by its first month: 2026-27 from April on, else "year from Jul 2026"."""
    year, month = (int(part) for part in str(first_month).split("-"))
    year += years_on
    if month == 4:
        return f"{year}-{(year + 1) % 100:02d}"
    if month == 1:
        return str(year)
    return f"year from {pd.Timestamp(year=year, month=month, day=1):%b %Y}"


def describe_change(unit: str, row: pd.Series) -> str:
    """Say what becomes of a stream, and why, in a sentence or two.

    Parameters
    ----------
    unit
        What the stream counts.
    row
        A row of the decomposition.
    """
    base, then = float(row["base"]), float(row["demand"])
    years = int(row["year"])
    first, last = label_of_year(row["from"], -years), label_of_year(row["from"], 0)
    change = then - base
    share = abs(change) / base if base else 0.0
    direction = "up" if change >= 0 else "down"
    moved = "about the same" if share < WORTH_A_WORD else f"{direction} {share:.0%}"
    text = f"From {whole(base)} {unit} in {first} to {whole(then)} in {last}: {moved}."
    return f"{text} {_reasons(row, base)}"


def _reasons(row: pd.Series, base: float) -> str:
    parts = {part: float(row[part]) for part in PARTS}
    named = sorted(
        (part for part in parts if abs(parts[part]) >= max(WORTH_A_WORD * base, SMALLEST)),
        key=lambda part: -abs(parts[part]),
    )
    if not named:
        return "No part moves it by more than half of one per cent."
    said = [f"{BECAUSE[part][parts[part] < 0]} ({with_sign(parts[part])})" for part in named]
    return f"Mostly {said[0]}" + (f"; then {', '.join(said[1:])}." if said[1:] else ".")


def describe_range(a_month: str, intervals: pd.DataFrame, counted: pd.DataFrame) -> str:
    """Say what was counted last of a stream, and what its range is in its last month."""
    last = intervals.iloc[-1]
    month = f"{pd.Timestamp(str(last['month'])):%B %Y}"
    return (
        f"{_last_counted(a_month, counted)}"
        f"In {month}: {whole(last['median'])} {a_month} in the middle; eight times in ten "
        f"between {whole(last['low80'])} and {whole(last['high80'])}, and 19 times in 20 between "
        f"{whole(last['low95'])} and {whole(last['high95'])}."
    )


def _last_counted(a_month: str, counted: pd.DataFrame) -> str:
    if counted.empty:
        return ""
    last = counted.iloc[-1]
    begun = pd.Timestamp(last["month"])
    when = label_of_year(f"{begun:%Y-%m}", 0) if last["months"] > 1 else f"{begun:%B %Y}"
    return f"Last counted, in {when}: {whole(last['requests'])} {a_month}. "
