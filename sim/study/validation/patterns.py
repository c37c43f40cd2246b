"""Patterns across authorities that the simulation must show without having been told.

A pattern is hit when the simulated estimate lies within the published 95 % interval. That the two
intervals overlap is not enough: a small panel, whose own interval is wide, would hit everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.study.validation.panel import AS_THEN, BANDS, THEN
from sim.study.validation.slopes import Slope, across, bend, between, mean, within

BEND_AT = 17.0  # cases per worker, where a bend was looked for in England's figures and not found
HIT, MISS_IN_REACH, MISS = "hit", "near miss", "miss"


@dataclass(frozen=True)
class Pattern:
    """A pattern in England's published figures.

    Attributes
    ----------
    key
        Of the pattern.
    label
        What goes with what.
    unit
        Of the estimate.
    fact
        Key of the published figure in facts.csv; empty where it is of our own calculation.
    published
        What was found, with its interval.
    measure
        The same in a panel of simulated authorities.
    """

    key: str
    label: str
    unit: str
    fact: str
    published: Slope
    measure: Callable[[pd.DataFrame], Slope]


def verdict_of(simulated: Slope, low: float, high: float) -> str:
    """Say whether an estimate lies in a range (hit), or only its own range reaches it."""
    if low <= simulated.estimate <= high:
        return HIT
    return MISS_IN_REACH if simulated.low <= high and low <= simulated.high else MISS


@dataclass(frozen=True)
class Finding:
    """A pattern, and what the simulation shows of it."""

    pattern: Pattern
    simulated: Slope

    @property
    def verdict(self) -> str:
        """Hit or miss."""
        return verdict_of(self.simulated, self.pattern.published.low, self.pattern.published.high)


def _on_caseload(outcome: str) -> Callable[[pd.DataFrame], Slope]:
    return lambda panel: within(panel, outcome, "caseload")


def _mean(column: str) -> Callable[[pd.DataFrame], Slope]:
    return lambda panel: mean(panel, column)


POINTS_A_CASE, POINTS_A_POINT, PER_CENT = "points a case", "points a point", "%"
PATTERNS = (
    Pattern("assessments_on_caseload", "One more case a worker: assessments in 45 working days",
            POINTS_A_CASE, "fx_caseload_on_45day", Slope(-0.968, -1.312, -0.623),
            _on_caseload("assessments")),
    Pattern("bend_in_assessments", f"... and the change of that slope above {BEND_AT:g} cases",
            POINTS_A_CASE, "", Slope(0.36, -0.57, 1.28),
            lambda panel: bend(panel, "assessments", "caseload", BEND_AT)),
    Pattern("conferences_on_caseload", "One more case a worker: conferences in 15 working days",
            POINTS_A_CASE, "fx_caseload_on_icpc15", Slope(-0.719, -1.073, -0.365),
            _on_caseload("conferences")),
    Pattern("absence_on_caseload", "One more case a worker: sickness absence",
            POINTS_A_CASE, "fx_caseload_on_absence", Slope(0.063, 0.011, 0.116),
            _on_caseload("absence")),
    Pattern("absence_on_caseload_between", "One more case a worker: the same between authorities",
            POINTS_A_CASE, "fx_between_caseload_on_absence", Slope(0.147, 0.101, 0.192),
            lambda panel: between(panel, "absence", "caseload")),
    Pattern("turnover_on_caseload", "One more case a worker: turnover",
            POINTS_A_CASE, "fx_caseload_on_turnover", Slope(0.241, -0.001, 0.482),
            _on_caseload("turnover")),
    Pattern("three_workers_on_turnover",
            f"One more point of turnover, across authorities as in {THEN}: children in care with "
            "3+ workers",
            POINTS_A_POINT, "fx_turnover_on_3plus_sw", Slope(0.835, 0.413, 1.257),
            lambda panel: across(panel, f"three_workers{AS_THEN}", f"turnover{AS_THEN}")),
    Pattern("three_workers",
            f"Children in care with three or more workers in a year, authorities as in {THEN}",
            PER_CENT, "cla_3plus_social_workers_in_year_2024", Slope(27.0, 20.5, 32.0),
            _mean(f"three_workers{AS_THEN}")),
    *(
        Pattern(f"conferences_{days}", f"Conferences held {said}", PER_CENT, "",
                Slope(share, max(0.0, share - 5.0), share + 5.0), _mean(band))
        for band, days, said, share in zip(
            BANDS,
            ("0_to_10", "11_to_15", "16_to_20", "after_20"),
            ("on working days 0 to 10", "on working days 11 to 15", "on working days 16 to 20",
             "later"),
            (8.7, 72.7, 8.9, 9.7),
            strict=True,
        )
    ),
)  # fmt: skip
"""The published ones.

Conferences by day are England's of 2025, give or take 5 points, the tolerance of the target for
conferences in time; the range of three workers is authorities' quartiles. Three workers are
published of the year to March 2024, and are held against authorities as they were then.
"""


def find_patterns(panel: pd.DataFrame, patterns: Sequence[Pattern] = PATTERNS) -> list[Finding]:
    """Look for each pattern in a panel of simulated authorities."""
    return [Finding(pattern, pattern.measure(panel)) for pattern in patterns]


def findings_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """The findings as a table, a row for each pattern."""
    return pd.DataFrame(
        [
            {
                "pattern": found.pattern.key,
                "label": found.pattern.label,
                "unit": found.pattern.unit,
                "published": found.pattern.published.estimate,
                "published_low": found.pattern.published.low,
                "published_high": found.pattern.published.high,
                "simulated": found.simulated.estimate,
                "simulated_low": found.simulated.low,
                "simulated_high": found.simulated.high,
                "verdict": found.verdict,
            }
            for found in findings
        ]
    )
