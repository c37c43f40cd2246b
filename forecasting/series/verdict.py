"""What a backtest says, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecasting.series.backtest import ALL, NAIVE, OURS

# Shares of months in the 80 % and the 95 % interval between which an interval is as good as its
# word. Origins overlap, so that a series says little more than a dozen separate months would.
GOOD_80 = (0.70, 0.90)
LEAST_95 = 0.88
MOST_SERIES = 10  # that have a line of their own
WORDS = {OURS: "Plimsoll's combination", NAIVE: "seasonal naive", "ets": "ETS"}


def verdict(scores: pd.DataFrame) -> str:
    """Say which model was best, how much better than naive, and whether to trust intervals."""
    overall = scores[scores["horizon"] == ALL]
    groups = list(overall.groupby(["series_key", "area_name"], sort=False))
    lines = [_about(", ".join(map(str, name)), rows) for name, rows in groups[:MOST_SERIES]]
    if len(groups) > MOST_SERIES:
        lines.append(f"... and {len(groups) - MOST_SERIES} more series: see scores.csv")
    if len(groups) > 1:
        lines += ["", *_together(overall, len(groups))]
    return "\n".join(lines)


def _about(name: str, rows: pd.DataFrame) -> str:
    by_model = rows.set_index("model")
    crps = by_model["crps"]
    ours, naive = float(crps[OURS]), float(crps[NAIVE])
    best = str(crps.idxmin())
    said = f"{name}: best was {_words(best)}"
    if naive > 0:
        if best != NAIVE:
            said += f", its error {_against(float(crps[best]) / naive)} seasonal naive's"
        if best != OURS:
            said += f"; Plimsoll's error is {_against(ours / naive)} seasonal naive's"
    said += f". {_intervals(rows[rows['model'] == OURS])}"
    if naive == 0:
        said += " Seasonal naive was never wrong."
    elif ours > naive:
        said += " For this series seasonal naive would have done better than Plimsoll."
    return said


def _together(overall: pd.DataFrame, number: int) -> Iterator[str]:
    scored = overall.pivot_table(
        index=["series_key", "area_name"], columns="model", values="crps", sort=False
    )
    ratios = scored.div(scored[NAIVE], axis=0)
    ratios = ratios[(scored > 0).all(axis=1)]
    if len(ratios):
        means = np.exp(np.log(ratios).mean()).sort_values()
        text = ", ".join(f"{_words(str(m))} {value:.2f}" for m, value in means.items())
        yield f"Over {len(ratios)} series, error relative to seasonal naive: {text}."
        best = int((scored.idxmin(axis=1) == OURS).sum())
        worst = ratios.sort_values(OURS).iloc[-1:].reset_index()
        place = f"{worst['series_key'].item()}, {worst['area_name'].item()}"
        yield (
            f"Plimsoll's was best in {best} of {number} series; "
            f"in its worst, {place}, it was {worst[OURS].item():.2f} of naive's."
        )
    ours = overall[overall["model"] == OURS]
    yield _intervals(ours)


def _words(model: str) -> str:
    return WORDS.get(model, model.replace("_", " "))


def _against(ratio: float) -> str:
    if abs(ratio - 1) < 0.005:
        return "the same as"
    return f"{_percent(abs(1 - ratio))} {'below' if ratio < 1 else 'above'}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _intervals(ours: pd.DataFrame) -> str:
    in_80, in_95 = float(ours["coverage80"].mean()), float(ours["coverage95"].mean())
    said = f"Its 80 % intervals held {_percent(in_80)}, its 95 % ones {_percent(in_95)} of months"
    if in_80 < GOOD_80[0] or in_95 < LEAST_95:
        word = "too narrow, so allow for more than they say"
    elif in_80 > GOOD_80[1]:
        word = "wider than they need be, so safe to use"
    else:
        word = "they can be trusted"
    return f"{said}: {word}."
