"""Why an outcome jumped in a month of one run: which side of it, which teams, what lies behind.

How unusual the month was is told by the other replications of the same policy: other futures of the
same service.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.model.agency import COVER_KEY
from sim.model.outcome import Outcome
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.text_files import shown
from sim.study.explaining.monthly import (
    DAYS,
    KEYS,
    WEEKS,
    Quotient,
    Split,
    mean_side,
    months_of,
    quotients_of,
    split,
    unit_of,
    value_of,
    week_endings,
)
from sim.study.one_run import scenario_of_run
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.which_run import policy_problems, replication_problems

# What lies behind: stocks are means of the month's days, flows are numbers a week.
STOCKS = {
    "cases held": "held_case_days",
    "unallocated cases": "waiting_case_days",
    "FTE in post": "in_post_fte_days",
    "vacant posts (FTE)": "vacant_fte_days",
    "agency (FTE)": "agency_fte_days",
    "off sick (FTE)": "sick_fte_days",
    "on annual leave (FTE)": "leave_fte_days",
    "on parental leave (FTE)": "parental_fte_days",
    "in training (FTE)": "training_fte_days",
}
FLOWS = {
    "arrivals a week": "arrivals",
    "of these, back again": "rereferrals",
    "closures a week": "closures",
    "overtime hours a week": "overtime_hours",
    "leavers a week (FTE)": "leavers_fte",
    "starters a week (FTE)": "starters_fte",
}
PEOPLE = {
    "gives notice": "gives notice",
    "leaves": "leaves",
    "starts": "starts",
    "agency starts": "agency worker starts",
    "agency leaves": "agency worker goes",
    "is away: long sickness": "falls ill for long",
    "is away: parental leave": "goes on parental leave",
}
"""Events that change how many there are for the work, as the log has them, and in words."""
OTHERS = {
    "is away: short sickness": "falls ill",
    "arrival": "case arrives",
    "closed": "case closes",
    "unallocated": "case is without a worker",
}


@dataclass(frozen=True, eq=False)
class MonthExplained:
    """A month of one run, held against the month before and against other runs.

    Attributes
    ----------
    outcome, quotient
        What it is about.
    policy, replication, month, month_before
        Where it is; months as 2027-03.
    weeks
        Weeks of the month before and of the month.
    before, now
        The outcome in the two months.
    above, below
        Its two sides in both months: means of the days for what is counted in days, else a week.
    split
        The change, by the outcome's two sides and by team.
    smaller, usual
        Share of the other runs of the policy in which that month's change was smaller, and the mean
        change in them; NaN without any.
    others
        How many there are.
    drivers
        Columns driver, before, now, smaller: what lies behind, and the share of runs in which it
        changed by less (half of those in which it changed by as much); the most unusual first.
    events
        What happened to people in the month: date, event (in words), team, role.
    happened
        Numbers of events in both months: columns event (in words), before, now.
    """

    outcome: Outcome
    quotient: Quotient
    policy: str
    replication: int
    month: str
    month_before: str
    weeks: tuple[int, int]
    before: float
    now: float
    above: tuple[float, float]
    below: tuple[float, float]
    split: Split
    smaller: float
    usual: float
    others: int
    drivers: pd.DataFrame
    events: pd.DataFrame
    happened: pd.DataFrame


def explain_month(
    folder: str | Path,
    policy: str,
    outcomes: Collection[str],
    replication: int | None,
    month: str | None = None,
) -> MonthExplained:
    """Explain a month of a run.

    Parameters
    ----------
    folder
        A folder of results whose study kept team_weeks.
    policy, replication
        Which run.
    outcomes
        The key of one outcome that is a quotient of what was counted (`quotients_of`).
    month
        As 2027-03; that of the largest change if left out.

    Raises
    ------
    InputError
        If there is no such run, month or outcome, or it cannot be followed by month.
    """
    results = Results(folder)
    key, number = _refuse(results, policy, list(outcomes), replication)
    quotient = quotients_of(results.study.scenario)[key]
    sums = months_of(results, policy)
    totals = sums.groupby(KEYS[:2])[[name for name in sums if name not in KEYS]].sum()
    values = value_of(quotient, totals).unstack("replication")  # months by runs
    changes = values.diff().iloc[1:]
    chosen = _month(results, month, changes[number])
    before = str(values.index[list(values.index).index(chosen) - 1])
    own = values[number]
    of_run = sums[sums["replication"] == number]
    rows = [of_run[of_run["month"] == each].reset_index(drop=True) for each in (before, chosen)]
    sides = [
        tuple(float(mean_side(side, each, unit_of(quotient)).sum()) for each in rows)
        for side in (quotient.above, quotient.below)
    ]
    events = _events(results, policy, number)
    in_month, in_before = (events[events["month"] == each] for each in (chosen, before))
    change = changes.loc[[chosen]].iloc[0]
    return MonthExplained(
        outcome=outcome_of(key, results.study.scenario),
        quotient=quotient,
        policy=policy,
        replication=number,
        month=chosen,
        month_before=before,
        weeks=(round(rows[0][WEEKS].sum()), round(rows[1][WEEKS].sum())),
        before=float(own[before]),
        now=float(own[chosen]),
        above=(sides[0][0], sides[0][1]),
        below=(sides[1][0], sides[1][1]),
        split=split(quotient, *rows),
        smaller=smaller(change, number),
        usual=float(change.drop(number).mean()),
        others=int(change.drop(number).count()),
        drivers=_drivers(totals, number, before, chosen),
        events=_of_people(in_month),
        happened=_happened(in_before, in_month),
    )


def smaller(values: pd.Series, number: int) -> float:
    """Share of the other runs whose value is smaller; those as large count half. NaN alone."""
    others = values.drop(number).dropna()
    if others.empty:
        return float("nan")
    own = values[number]
    return float(((others < own).sum() + 0.5 * (others == own).sum()) / len(others))


def _drivers(totals: pd.DataFrame, number: int, before: str, now: str) -> pd.DataFrame:
    """What lies behind, in both months, and how unusual its change was."""
    rows = []
    for names, unit in ((STOCKS, DAYS), (FLOWS, WEEKS)):
        for driver, column in names.items():
            values = (totals[column] / totals[unit]).unstack("replication")
            change = values.diff().loc[[now]].iloc[0]
            own = values[number]
            rows.append((driver, own[before], own[now], smaller(change, number)))
    table = pd.DataFrame(rows, columns=["driver", "before", "now", "smaller"])
    unusual = (table["smaller"] - 0.5).abs().sort_values(ascending=False, kind="stable")
    return table.loc[unusual.index].reset_index(drop=True)


def _events(results: Results, policy: str, number: int) -> pd.DataFrame:
    """The event log of the run, each event in the month in which its week ends, and named."""
    from sim.model.world import simulate

    study, scenario = scenario_of_run(str(results.folder), number)
    chosen = next(each for each in study.policies if each.name == policy)
    run = simulate(
        scenario, chosen, seed=study.seed, replication=number, years=study.years, trace=True
    )
    assert run.events is not None
    endings = week_endings(results)
    events = run.events[run.events["day"] >= 0]
    week = endings.searchsorted(pd.DatetimeIndex(events["date"]))
    events, week = events[week < len(endings)], week[week < len(endings)]
    role, _, why = (events["detail"].str.partition(": ")[part] for part in range(3))
    named = events["event"].where(events["event"] != "is away", "is away: " + why)
    agency = (events["event"] == "leaves") & (events["worker"] >= COVER_KEY)
    return events.assign(
        month=endings[week].strftime("%Y-%m"), event=named.mask(agency, "agency leaves"), role=role
    )


def _of_people(events: pd.DataFrame) -> pd.DataFrame:
    of_people = events[events["event"].isin(list(PEOPLE))]
    named = of_people.assign(event=of_people["event"].map(PEOPLE))
    return named[["date", "event", "team", "role"]]


def _happened(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    words = PEOPLE | OTHERS
    table = pd.DataFrame(
        {name: each["event"].value_counts() for name, each in (("before", before), ("now", now))}
    )
    table = table.reindex(list(words)).fillna(0).astype(int).rename(index=words)
    return table.rename_axis("event").reset_index()


def _month(results: Results, asked: str | None, changes: pd.Series) -> str:
    """The month asked for, or that of the largest change."""
    known = changes.dropna()
    if asked is None and len(known):
        return str(known.abs().idxmax())
    if asked in known.index:
        return str(asked)
    raise InputError(
        Problem(
            "the outcome has no change in this month",
            file=shown(results.folder),
            path="month",
            given=str(asked),
            accepted=f"a month from {known.index[0]} to {known.index[-1]}, written like these"
            if len(known)
            else "a study of two months or more",
        )
    )


def _refuse(
    results: Results, policy: str, outcomes: list[str], replication: int | None
) -> tuple[str, int]:
    """Refuse, with everything at once, what cannot be explained; give the outcome and the run."""
    study = results.study
    policies = [each.name for each in study.policies]
    known = list(quotients_of(study.scenario))
    problems = policy_problems(policy, policies, results.folder)
    problems += replication_problems(replication, study.replications, results.folder)
    if len(outcomes) != 1 or outcomes[0] not in known:
        problems.append(
            Problem(
                "this outcome cannot be followed month by month"
                if len(outcomes) == 1
                else "one outcome is explained at a time",
                path="outcome",
                given=", ".join(outcomes),
                accepted=f"one of {', '.join(known)}",
                remedy=did_you_mean(outcomes[0], known) if len(outcomes) == 1 else "",
            )
        )
    if problems or replication is None:
        raise InputError(problems)
    return outcomes[0], replication
