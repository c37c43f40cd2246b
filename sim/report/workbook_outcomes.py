"""The two sheets of a study's results in Excel whose numbers are outcomes, each in its own unit.

Policies and outcomes stand there by the names that people use, and by their keys beside them.
"""

from __future__ import annotations

import math
from typing import Any

from sim.report.changes import Change, changes_of, unit
from sim.report.excel_numbers import (
    Number,
    change_in_excel,
    level_in_excel,
    unit_of_level,
)
from sim.report.numbers import decimals, unit_of_change
from sim.report.sheets import AS_SAID, Column, Sheet
from sim.report.words import spoken
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.storing.column_meanings import COMPARISONS, OUTCOMES

LEVELS = ("baseline", "value")
CHANGES = ("difference", "low", "high", "bootstrap_low", "bootstrap_high", "simultaneous_low",
           "simultaneous_high")  # fmt: skip
OTHERS = ("probability_better", "variance_reduction")
NAMES = (
    Column("policy", "name", "in words; the sheet about has what each is"),
    Column("policy key", "key", "the policy's name in the study", "policy"),
)
WHICH = (
    Column("outcome", "name", "the sheet definitions has what each is"),
    Column("outcome key", "key", "the outcome's name in stored tables", "outcome"),
)


def comparisons_sheet(results: Results) -> Sheet:
    """Each policy against the baseline: levels in their units, changes in theirs."""
    keys = [*LEVELS, *CHANGES, *OTHERS]
    table = results.comparisons
    rows = []
    for policy in results.study.policies[1:]:
        records = table[table["policy"] == policy.name].to_dict("records")
        for record, change in zip(records, changes_of(table, policy.name), strict=True):
            rows.append(_comparison(record, change))
    meanings = {key: Column(spoken(key), AS_SAID, COMPARISONS[key][1], key) for key in keys}
    columns = (
        *NAMES, *WHICH, Column("better", "word", "which way is better"),
        Column("unit", "", "of baseline and value"), *(meanings[key] for key in LEVELS),
        Column("unit of change", "", "of the numbers to the right"),
        *(meanings[key] for key in CHANGES),
        meanings["probability_better"]._replace(unit="probability, shown as per cent"),
        meanings["variance_reduction"]._replace(unit=COMPARISONS["variance_reduction"][0]),
    )  # fmt: skip
    return Sheet("comparisons", "Each policy against the baseline", columns, rows)


def _comparison(record: dict[Any, Any], change: Change) -> tuple[object, ...]:
    kind, outcome = unit(change.outcome), change.outcome
    probability, times = (float(record[key]) for key in OTHERS)
    return (
        spoken(record["policy"]), record["policy"], outcome.label, outcome.key, outcome.direction,
        unit_of_level(kind),
        *(level_in_excel(record[key], kind, change.value_places) for key in LEVELS),
        unit_of_change(kind),
        *(change_in_excel(record[key], kind, change.places) for key in CHANGES),
        level_in_excel(probability, "share", 1), Number(times, "#,##0.0"),
    )  # fmt: skip


def outcomes_sheet(results: Results) -> Sheet:
    """Every outcome of every run, in its unit."""
    outcomes = {key: outcome_of(str(key), results.study.scenario)
                for key in results.outcomes["outcome"].unique()}  # fmt: skip
    rows = []
    for policy, replication, key, value in results.outcomes.itertuples(index=False, name=None):
        outcome, kind = outcomes[key], unit(outcomes[key])
        shown = level_in_excel(value, kind, decimals(math.nan, value, kind))
        rows.append(
            (spoken(policy), policy, replication, outcome.label, key, unit_of_level(kind), shown)
        )
    columns = (
        *NAMES, Column("replication", *OUTCOMES["replication"], "replication"), *WHICH,
        Column("unit", "", "of the value"),
        Column("value", AS_SAID, "over the weeks that count", "value"),
    )  # fmt: skip
    return Sheet("outcomes", "Every outcome of every run", columns, rows)
