"""A team's week in one run, day by day: who was in, what was done, what was given to whom and why.

It is seen from outside, as the event log is (`sim.model.trace`): the run is stopped after each
morning's meeting, after casework and in the evening, and what is different from before is written
down. So the run is the same as if nobody had looked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.model.allocation_rules import AllocationRule, why
from sim.model.columns import WAITING
from sim.model.plan_columns import RULES
from sim.model.recording import team_names
from sim.model.world import World
from sim.scenario.policy import Policy
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.study.one_run import scenario_of_run
from sim.study.one_week.casework import Before, Casework
from sim.study.one_week.origins import NEW, Origin, origins
from sim.study.one_week.people import People
from sim.study.which_run import policy_named

AFTER_THE_MEETING, AFTER_CASEWORK, EVENING = 0.3, 0.6, 0.95  # of the working day


@dataclass(frozen=True, eq=False)
class Week:
    """What happened in a team in one week of one run.

    People are simulated, and go by their role and a number: "Social worker 3".

    Attributes
    ----------
    scenario, policy, replication
        Of the run.
    team
        Its name in the scenario.
    days
        A row for each person (and each vacant post) and day: date, worker, presence (at work,
        annual leave, training, short sickness, long sickness, parental leave, not in post, vacant),
        holds_cases, fte, on_notice, covers (on duty for colleagues who are away), hours
        contracted, overtime, protected, direct, admin and idle, supervision (held, put off for
        late work, put off for want of a manager, missed; empty if none was due), caseload and load
        (workload over capacity) after the morning's meeting, and pieces of work of the own cases
        that are overdue when the day's casework is done: late_visits, late_other.
    work
        A row for each piece of work that was finished: date, worker, holder (whose case it is),
        case, stage, work, visit (whether somebody was seen), days_late.
    allocations
        A row for each case that was given to somebody: date, case, stage, tier, waited_days,
        worker, why, and where it came from: came (new referral, came back, from screening, next
        stage, handed over), former (the worker who had it before, if any) and former_is (has left,
        is leaving, or the absence for which it was handed over). Cases are numbered through the
        week, those given out first.
    waiting
        The team's waiting list in the evening: date, waiting, waiting_high_risk.
    """

    scenario: Scenario
    policy: Policy
    replication: int
    team: str
    days: pd.DataFrame
    work: pd.DataFrame
    allocations: pd.DataFrame
    waiting: pd.DataFrame


def watch_week(
    scenario: Scenario,
    policy: Policy,
    *,
    team: str,
    week_of: date | str,
    seed: int,
    replication: int = 0,
    years: float,
    allocation_rule: AllocationRule | None = None,
) -> Week:
    """Simulate a service up to the end of a week, and write down what happens in a team of it.

    Parameters
    ----------
    scenario, policy, seed, replication, years, allocation_rule
        The run that is looked at, as in `sim.model.world.simulate`.
    team
        A team's name, such as ``"assessment_2"`` where there are several of a kind.
    week_of
        Any day of the week, also as text: ``"2026-06-10"``.

    Raises
    ------
    InputError
        If there is no such team, or the run has no working day in that week.
    """
    world = World(
        scenario, policy, seed=seed, replication=replication, years=years,
        tables=("allocation_log",), allocation_rule=allocation_rule,
    )  # fmt: skip
    number, days = _asked(world, team, week_of)
    people, casework = People(world, number), Casework(world, number)
    lists: list[dict[str, Any]] = []
    came: dict[tuple[int, int], Origin] = {}
    for day in days:
        world.env.run(until=day + AFTER_THE_MEETING)
        before = Before(world)
        world.env.run(until=day + AFTER_CASEWORK)
        casework.note(before)
        people.note(before, casework.overdue())
        world.env.run(until=day + EVENING)
        came |= origins(before, _logged(world, [day], number))
        lists.append(_waiting_list(world, number))
    given = _logged(world, days, number)
    names = people.names()
    numbers = _numbered([*given["case"].tolist(), *(piece["case"] for piece in casework.pieces)])
    return Week(
        scenario, policy, replication, team,
        people.table(names),
        casework.table(names, numbers),
        _allocations(world, given, came, names, numbers),
        pd.DataFrame(lists),
    )  # fmt: skip


def week_of_run(
    folder: str | Path, policy: str, replication: int, *, team: str, week_of: date | str
) -> Week:
    """See a team's week in one run of a stored study: the run is simulated again up to it.

    Parameters
    ----------
    folder
        A folder of results.
    policy, replication
        Which run; replications count from 0.
    team, week_of
        As in `watch_week`.

    Raises
    ------
    InputError
        If there are no such results, policy or team, or the run has no working day in that week.
    """
    study, scenario = scenario_of_run(str(folder), replication)
    return watch_week(
        scenario, policy_named(study, policy), team=team, week_of=week_of, seed=study.seed,
        replication=replication, years=study.years,
    )  # fmt: skip


def _asked(world: World, team: str, week_of: date | str) -> tuple[int, list[int]]:
    """The team's number and the working days of the week; or every problem with them."""
    names, problems, days = team_names(world), [], []
    if team not in names:
        problems.append(
            Problem("there is no such team", path="team", given=repr(team),
                    accepted=f"one of {', '.join(names)}", remedy=did_you_mean(team, names))
        )  # fmt: skip
    dates = world.calendar.dates
    first = dates[min(world.first_day_counted, len(dates) - 1)]
    wrong = "not a date"
    try:
        asked = date.fromisoformat(str(week_of))
    except ValueError:
        pass
    else:
        monday = np.datetime64(asked - timedelta(days=asked.weekday()), "D")
        in_week = (dates >= max(monday, first)) & (dates < monday + np.timedelta64(7, "D"))
        days = np.flatnonzero(in_week).tolist()
        wrong = "" if days else "the run has no working day in this week"
    if wrong:
        problems.append(
            Problem(wrong, path="week_of", given=repr(str(week_of)),
                    accepted=f"a day from {first} to {dates[-1]}, written like these")
        )  # fmt: skip
    if problems:
        raise InputError(problems)
    return names.index(team), days


def _logged(world: World, days: list[int], team: int) -> Any:
    """The allocation log's entries of a team on these days."""
    log = np.concatenate([each for each in world.logged if len(each)] or [world.log[:0]])
    return log[np.isin(log["day"], days) & (log["team"] == team)]


def _waiting_list(world: World, team: int) -> dict[str, Any]:
    cases = world.cases.table[: world.cases.n]
    waits = (cases["status"] == WAITING) & (cases["team"] == team)
    high_risk = world.plan.tiers["high_risk"][cases["tier"]] == 1
    return {
        "date": world.calendar.dates[world.day].item(),
        "waiting": int(waits.sum()),
        "waiting_high_risk": int((waits & high_risk).sum()),
    }


def _numbered(keys: list[int]) -> dict[int, int]:
    """Cases by their key, numbered from 1 in the order in which they first appear."""
    return {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}


def _allocations(
    world: World,
    given: Any,
    came: Mapping[tuple[int, int], Origin],
    names: dict[int, str],
    numbers: dict[int, int],
) -> pd.DataFrame:
    scenario = world.plan.scenario
    stages = [stage for each in scenario.pathways.values() for stage in each.stages.values()]
    tiers = list(scenario.risk_tiers.values())
    own = world.own_rule.name if world.own_rule else ""
    columns = ["date", "case", "stage", "tier", "waited_days", "worker", "why",
               "came", "former", "former_is"]  # fmt: skip
    origin = [came.get((int(entry["day"]), int(entry["case"])), Origin(NEW)) for entry in given]
    rows = [
        (
            world.calendar.dates[entry["day"]].item(),
            numbers[int(entry["case"])],
            stages[entry["stage"]].label,
            tiers[entry["tier"]].label,
            int(entry["waited"]),
            names[int(entry["worker"])],
            why(own or RULES[entry["rule"]], entry),
            each.how,
            names.get(each.former, ""),
            each.former_is,
        )
        for entry, each in zip(given, origin, strict=True)
    ]
    return pd.DataFrame(rows, columns=columns)
