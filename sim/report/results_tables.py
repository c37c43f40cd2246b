"""What a study found as data frames of text: to be looked at, in a notebook or a report."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

import pandas as pd

from sim.report.changes import Change, changes_of, unit
from sim.report.numbers import amount, bounds, change, decimals, decimals_of_range
from sim.report.words import spoken
from sim.study.comparing import Interval
from sim.study.per_pound import POUNDS, per_pound
from sim.study.registry import outcome_of
from sim.study.results import Results


def outcomes_table(results: Results, outcomes: Collection[str] | None = None) -> pd.DataFrame:
    """Say how the baseline is: a row an outcome, with its mean, and its lowest and highest run.

    Parameters
    ----------
    results
        Of a study.
    outcomes
        Their keys; the study's headline ones when left out.
    """
    study = results.study
    baseline = results.outcomes[results.outcomes["policy"] == study.policies[0].name]
    rows = {}
    for key, values in baseline.groupby("outcome")["value"]:
        outcome = outcome_of(str(key), study.scenario)
        found = values.agg(["mean", "min", "max"])
        places = decimals(math.nan, float(found["mean"]), unit(outcome))
        written = [amount(float(value), unit(outcome), places) for value in found]
        rows[str(key)] = [outcome.label, *written, outcome.unit]
    columns = ["outcome", "mean", "lowest run", "highest run", "unit"]
    wanted = [rows[key] for key in outcomes or study.outcomes if key in rows]
    return pd.DataFrame(wanted, columns=columns).set_index("outcome")


def changes_table(results: Results, outcomes: Collection[str] | None = None) -> pd.DataFrame:
    """Say what each policy changes, and how sure that is: a row an outcome, a column a policy.

    Parameters
    ----------
    results
        Of a study with two policies or more.
    outcomes
        Their keys; the study's headline ones when left out.
    """
    return _each_said(results, outcomes, lambda each: f"{written(each)}, {each.sure}")


def ranges_table(results: Results, outcomes: Collection[str] | None = None) -> pd.DataFrame:
    """Say what each policy changes, with the 95 % range: a row an outcome, a column a policy.

    Parameters
    ----------
    results
        Of a study with two policies or more.
    outcomes
        Their keys; the study's headline ones when left out.
    """
    return _each_said(
        results,
        outcomes,
        lambda each: _with_range(
            Interval(each.difference, each.low, each.high), unit(each.outcome)
        ),
    )


def _each_said(
    results: Results, outcomes: Collection[str] | None, say: Callable[[Change], str]
) -> pd.DataFrame:
    """Say each change in its own words: a row an outcome, a column a policy."""
    columns = {
        spoken(policy): {each.outcome.label: say(each) for each in changes}
        for policy, changes in changes_by_policy(results, outcomes).items()
    }
    return pd.DataFrame(columns).rename_axis("outcome")


def per_pound_table(
    results: Results, outcomes: Collection[str] | None = None, *, pounds: float = POUNDS
) -> pd.DataFrame:
    """Say what so many pounds a year buy under each policy, with 95 % ranges.

    Parameters
    ----------
    results, outcomes, pounds
        As in `sim.study.per_pound.per_pound`.

    Returns
    -------
    pandas.DataFrame
        A row an outcome, a column a policy; ranked by `most per pound`, the policy whose mean is
        best, with "or" and the others whose range reaches it.
    """
    found = per_pound(results, outcomes, pounds=pounds)
    rows = {}
    for key, of_outcome in found.groupby("outcome", sort=False):
        outcome = outcome_of(str(key))
        intervals = {
            spoken(str(row["policy"])): Interval(row["mean"], row["low"], row["high"])
            for row in of_outcome.to_dict("records")
        }
        rows[outcome.label] = {
            **{policy: _with_range(each, unit(outcome)) for policy, each in intervals.items()},
            "most per pound": _most(intervals, outcome.direction),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("outcome")


def _with_range(each: Interval, kind: str) -> str:
    places = decimals_of_range(each.low, each.high, each.mean, kind)
    ends = bounds(each.low, each.high, kind, places)
    return change(each.mean, kind, places) + (f" ({ends})" if ends else "")


def _most(intervals: Mapping[str, Interval], direction: str) -> str:
    """Which policy does most for the better, and which others may: those whose ranges overlap."""
    if direction == "neither":
        return ""
    sign = 1 if direction == "higher" else -1
    gains = {
        policy: Interval(sign * each.mean, *sorted((sign * each.low, sign * each.high)))
        for policy, each in intervals.items()
        if not math.isnan(each.low)
    }
    if not gains:
        return "not known"
    best = max(gains, key=lambda policy: gains[policy].mean)
    if gains[best].high <= 0:
        return "none"
    rivals = [
        policy for policy in gains if policy != best and gains[policy].high >= gains[best].low
    ]
    return " or ".join((best, *rivals))


def changes_by_policy(
    results: Results, outcomes: Collection[str] | None = None
) -> dict[str, list[Change]]:
    """The changes under each policy but the baseline, in the order asked for."""
    wanted = list(outcomes or results.study.outcomes)
    found = {}
    for policy in results.study.policies[1:]:
        by_key = {each.outcome.key: each for each in changes_of(results.comparisons, policy.name)}
        found[policy.name] = [by_key[key] for key in wanted if key in by_key]
    return found


def written(each: Change) -> str:
    """Write a change as people read it, with as many digits as are known."""
    return change(each.difference, unit(each.outcome), each.places_alone)
