"""How far the simulation can be trusted, in a few lines for a commissioner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.report.backtest_table import LABELS, verdict
from sim.report.calibration_words import in_words, rows_of
from sim.report.theory_table import theory_answer
from sim.report.validation_tables import slope, with_tolerance
from sim.study.validation.patterns import HIT
from sim.study.validation.scoring import ALL, AVERAGE, scores
from sim.study.validation.targets import NOT_JUDGED


@dataclass(frozen=True)
class Checks:
    """What was found of the simulation.

    Attributes
    ----------
    theory
        From `sim.study.validation.theory.check_theory`.
    targets
        From `sim.study.validation.targets.check_targets`, by the name of the service.
    patterns, panel, shock
        As `plimsoll validate` keeps them.
    backtest
        Every prediction, as `plimsoll validate --backtest` keeps them.
    """

    theory: pd.DataFrame
    targets: Mapping[str, pd.DataFrame]
    patterns: pd.DataFrame
    panel: pd.DataFrame
    shock: pd.DataFrame
    backtest: pd.DataFrame


def summary(checks: Checks) -> list[str]:
    """Say what holds and what does not, a line for each kind of check."""
    return [
        f"**Arithmetic.** {theory_answer(checks.theory)}{_wrong(checks.theory)}",
        "**Levels.** " + "; ".join(_levels(*each) for each in checks.targets.items()) + ".",
        f"**What goes with what.** {_patterns(checks.patterns)}",
        f"**Prediction.** {verdict(scores(checks.backtest))}{_not_better(checks.backtest)}",
        "**So** compare policies for one and the same service with it, and look at how sure each "
        "difference is. It is no forecast of serious incidents, of a shock without precedent, or "
        "of what one worker will do; and where a line above says *not*, lean on it less.",
    ]


def judged(targets: pd.DataFrame) -> pd.DataFrame:
    """Give the targets that are a test."""
    return targets[targets["verdict"] != NOT_JUDGED]


def _wrong(theory: pd.DataFrame) -> str:
    wrong = [f"{row.case} ({row.measure})" for row in rows_of(theory[~theory["agrees"]])]
    return f" *Not:* {'; '.join(wrong)}." if wrong else ""


def _levels(service: str, targets: pd.DataFrame) -> str:
    test = judged(targets)
    missed = [
        f"{row.label.lower()} ({in_words(row, row.simulated)} for {in_words(row, row.target)})"
        for row in rows_of(with_tolerance(test[test["verdict"] != HIT]))
    ]
    said = f"{service}: {len(test) - len(missed)} of {len(test)} published figures are met"
    return said + (f", *not* {', '.join(missed)}" if missed else "")


def _patterns(patterns: pd.DataFrame) -> str:
    missed = patterns[patterns["verdict"] != HIT]
    said = (
        f"{len(patterns) - len(missed)} of {len(patterns)} patterns across England's authorities "
        "are hit."
    )
    which = [_missed(row) for row in rows_of(missed)]
    return said + (f" *Not:* {'; '.join(which)}." if which else "")


def _missed(row: Any) -> str:
    simulated, published = slope(row.simulated, row.unit), slope(row.published, row.unit)
    return f"{row.label.removeprefix('... and ')} ({row.verdict}: {simulated} for {published})"


def _not_better(backtest: pd.DataFrame) -> str:
    """Name the measures for which last year's figure did as well."""
    scored = scores(backtest)
    overall = scored[scored["year"] == ALL].set_index("measure").drop(index=AVERAGE)
    lost = [
        LABELS[str(measure)].split(",")[0].lower()
        for measure in overall.index[overall["ratio_predicted"] >= 1]
    ]
    return f" *Not* better than last year's figure: {', '.join(lost)}." if lost else ""
