"""The short summary that a forecast prints: each stream now, in three years, its range, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasting.forecast import Forecasted
from forecasting.months import BASE_MONTHS
from forecasting.words import describe_change, label_of_year, whole

YEAR = 3
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
        lines.append(_how_good(found.backtest, name))
    return "\n".join([*lines, "", LEVEL])


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
    held = float((ours["coverage80"] * number).sum())
    error = float((ours["crps"] * number).sum() / (last["crps"] * number).to_numpy().sum())
    better = f"{abs(1 - error):.0%} {'less' if error < 1 else 'more'}"
    return (
        f"Tested on its own past: {held:.0f} of {number.sum():.0f} values came within its "
        f"eight-in-ten range; its error was {better} than if nothing changed."
    )
