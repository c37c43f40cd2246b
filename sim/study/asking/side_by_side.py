"""Two studies side by side: what differs between them, and in how they were made.

Where both were run with the same seed, the k-th run of one met the same chances as the k-th run of
the other, and the difference is taken pair by pair (`sim.study.comparing`). Otherwise it is the
difference of two means with Welch's interval (B. L. Welch, The generalization of "Student's"
problem when several different population variances are involved, Biometrika 34, 1947).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.study.comparing import CONFIDENCE, Interval, mean_interval
from sim.study.results import Results

COLUMNS = ("policy", "outcome", "first", "second", "difference", "low", "high")


def side_by_side(first: Results, second: Results) -> pd.DataFrame:
    """Hold two studies against each other, policy by policy and outcome by outcome.

    Returns
    -------
    pandas.DataFrame
        For each policy that both have, by name, and each outcome that both have: the mean in each,
        the second's less the first's, and its 95 % interval.

    Raises
    ------
    InputError
        If they have no policy in common.
    """
    common = [each.name for each in first.study.policies]
    theirs = [each.name for each in second.study.policies]
    common = [name for name in common if name in theirs]
    if not common:
        raise InputError(
            Problem(
                "the two studies have no policy of the same name",
                file=f"{shown(first.folder)} and {shown(second.folder)}",
                given=", ".join(each.name for each in first.study.policies),
                accepted=", ".join(theirs),
            )
        )
    paired = first.manifest["seed"] == second.manifest["seed"]
    theirs_by_run = _by_run(second)
    rows = []
    for (policy, outcome), one in _by_run(first).items():
        other = theirs_by_run.get((policy, outcome))
        if other is None:
            continue
        both = one.index.intersection(other.index)
        if paired and len(both):
            found = mean_interval((other[both] - one[both]).to_numpy())
        else:
            found = welch(one.to_numpy(), other.to_numpy())
        means = (float(one.mean()), float(other.mean()))
        rows.append((policy, outcome, *means, found.mean, found.low, found.high))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def differences_in_making(first: Results, second: Results) -> list[str]:
    """Say in words what makes two studies hard to compare; empty if nothing does."""
    return list(_differences(first.manifest, second.manifest))


def welch(one: ArrayLike, other: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Estimate the difference of two means from independent values, the second's less the first's.

    NaN bounds where one of them has a single value.
    """
    first, second = np.asarray(one, float), np.asarray(other, float)
    difference = float(second.mean() - first.mean())
    if min(len(first), len(second)) < 2:
        return Interval(difference, math.nan, math.nan)
    of_means = [each.var(ddof=1) / len(each) for each in (first, second)]
    variance = sum(of_means)
    if variance == 0:
        return Interval(difference, difference, difference)
    degrees = variance**2 / sum(
        each**2 / (len(values) - 1) for each, values in zip(of_means, (first, second), strict=True)
    )
    half = math.sqrt(variance) * float(special.stdtrit(degrees, (1 + confidence) / 2))
    return Interval(difference, difference - half, difference + half)


def _by_run(results: Results) -> dict[tuple[str, str], pd.Series]:
    """The values of each policy and outcome, by replication, in the order of the table."""
    found = {}
    for keys, rows in results.outcomes.groupby(["policy", "outcome"], sort=False, observed=True):
        policy, outcome = keys
        values = rows.set_index("replication")["value"].dropna()
        if len(values):
            found[str(policy), str(outcome)] = values
    return found


def _differences(one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    packages = {**one["packages"], **other["packages"]}
    for package in packages:
        then, now = (each["packages"].get(package, "not there") for each in (one, other))
        if then != now:
            yield f"made with different versions: {package} {then} and {now}"
    for key, said in (
        ("python", "made with different versions: Python"),
        ("git_commit", "made from different states of the source:"),
    ):
        if one.get(key) != other.get(key):
            yield f"{said} {one.get(key) or 'not known'} and {other.get(key) or 'not known'}"
    if one["scenario_sha256"] != other["scenario_sha256"]:
        changed = [
            key
            for key in {**one["scenario"], **other["scenario"]}
            if one["scenario"].get(key) != other["scenario"].get(key)
        ]
        yield f"the scenarios are not the same; they differ in {', '.join(changed)}"
    weeks = [each["scenario"].get("warm_up_weeks") for each in (one, other)]
    if weeks[0] != weeks[1]:
        yield f"the warm-up is {weeks[0]} weeks in one and {weeks[1]} in the other"
    if one["years"] != other["years"]:
        yield f"they are not as long: {one['years']:g} and {other['years']:g} years"
    if one.get("forecast_source") != other.get("forecast_source"):
        yield "their demand does not come from the same forecast"
    if one.get("plausible_source") != other.get("plausible_source"):
        yield "they do not draw from the same plausible sets"
    if one["seed"] != other["seed"]:
        yield (
            f"the seeds are not the same ({one['seed']} and {other['seed']}): the runs met other "
            "cases and other people, and differences are less sure"
        )
    theirs = {each["name"]: each for each in other["policies"]}
    for policy in one["policies"]:
        name = policy["name"]
        if name in theirs and policy.get("levers") != theirs[name].get("levers"):
            yield f"the policy '{name}' is not the same in both"
