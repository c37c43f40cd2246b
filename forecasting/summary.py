"""The short summary that a forecast prints: each stream now, in three years, its range, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasting.forecast import Forecasted
from forecasting.history import FIRST_MONTH, AnnualHistory, History
from forecasting.months import BASE_MONTHS
from forecasting.words import describe_change, label_of_year, whole

YEAR = 3
ENOUGH, TOO_FEW = 10, 0.6  # values tested, and the share within eight in ten, to warn below
LEVEL = "Figures are expected requests; day-to-day chance comes on top."


def summary(found: Forecasted) -> str:
    """Write the summary of a forecast, a paragraph for each stream."""
    file = found.file
    part = "" if file.share == 1 else f", {file.share:.2%} of its people"
    lines = [file.title, f"{found.area.name}{part}; {file.paths:,} paths from {file.start:%B %Y}."]
    lines += [f"Future: {meaning}." for meaning in found.future.meaning()]
    year = min(YEAR, file.months // BASE_MONTHS)
    for name, plan in file.streams.items():
        lines.append("")
        if year == 0:
            lines.append(f"{plan.label}: less than a year is forecast; see intervals.csv.")
            continue
        row = change_in(found.decomposition, name, year)
        demand = found.assembled.demand[name].requests
        of_year = demand[:, (year - 1) * BASE_MONTHS : year * BASE_MONTHS].sum(axis=1)
        low, high = np.quantile(of_year / (BASE_MONTHS if plan.stock else 1), (0.1, 0.9))
        lines.append(f"{plan.label}. {describe_change(plan.unit, row)}")
        when = label_of_year(row["from"], 0)
        lines.append(f"Eight times in ten between {whole(low)} and {whole(high)} in {when}.")
        lines.append(f"{_last_count(found.known[name].history)} {_how_good(found.backtest, name)}")
    notes = [f"Note: {note.rstrip('.')}." for note in found.notes]
    return "\n".join([*lines, "", *notes, LEVEL])


def _last_count(history: History) -> str:
    """When the figures end that a stream is forecast from."""
    if isinstance(history, AnnualHistory):
        year = int(history.years[-1])
        return f"Last counted in {label_of_year(f'{year}-{FIRST_MONTH:02}', 0)}."
    return f"Last counted in {history.months[-1].astype('datetime64[D]').item():%B %Y}."


def change_in(decomposition: pd.DataFrame, stream: str, year: int) -> pd.Series:
    """The row of a stream and a year of the forecast."""
    wanted = (decomposition["stream"] == stream) & (decomposition["year"] == year)
    row: pd.Series = decomposition[wanted].iloc[0]
    return row


def _how_good(backtest: pd.DataFrame, stream: str) -> str:
    """How such forecasts did on the stream's own past."""
    rows = backtest[(backtest["series_key"] == stream) & (backtest["horizon"].astype(str) != "all")]
    ours, last = (rows[rows["model"] == model] for model in ("plimsoll", "last_value"))
    if ours.empty:
        return "Its history is too short to test a forecast on."
    number = ours["forecasts"].to_numpy(float)
    held, tested = float((ours["coverage80"] * number).sum()), float(number.sum())
    said = (
        f"Tested on its own past: {held:.0f} of {tested:.0f} values came within its "
        "eight-in-ten range"
    )
    if tested >= ENOUGH and held < TOO_FEW * tested:
        said += ", which was too narrow: allow for more than the range above"
    ours_in_all = float((ours["crps"] * number).sum())
    theirs = float((last["crps"].to_numpy() * number).sum())
    if theirs == 0:
        return f"{said}; nothing ever changed."
    error = ours_in_all / theirs
    better = f"{abs(1 - error):.0%} {'less' if error < 1 else 'more'}"
    return f"{said}; its error was {better} than if nothing changed."
