"""Where a simulated service stands on a morning, in the terms of a real service's lists.

A run can go on from it, and it fills the lists of an example. What lists don't say (exhaustion,
work half done, how far a search for a vacancy's next holder has got) is not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.columns import (
    FILLED,
    HELD,
    LEFT,
    LONG_SICK,
    NEVER,
    PARENTAL,
    PRESENT,
    SCREENED,
    SHORT_SICK,
    WAITING,
)
from sim.model.plan_columns import EVERY
from sim.scenario.position.content import AbsenceKind, OpenCase, Person, Position, Vacancy, in_order
from sim.scenario.service import Scenario, teams_by_name

if TYPE_CHECKING:
    from sim.model.world import World

KINDS: dict[int, AbsenceKind] = {
    SHORT_SICK: "short_sickness",
    LONG_SICK: "long_sickness",
    PARENTAL: "parental_leave",
}


def position_of(world: World) -> Position:
    """The position of a service on the morning of the world's day, before its doors open."""
    plan, posts = world.plan, world.posts[: world.n_posts]
    teams = list(teams_by_name(plan.scenario))
    here = np.flatnonzero(world.workers["status"] != LEFT)
    number = {int(row): n for n, row in enumerate(here)}
    open_rows = np.flatnonzero(np.isin(world.cases["status"], (SCREENED, WAITING, HELD)))
    return in_order(
        Position(
            people=tuple(_person(world, world.workers.table[row], teams) for row in here),
            vacancies=tuple(
                Vacancy(
                    team=teams[post["team"]],
                    role=plan.role_names[post["role"]],
                    fte=float(post["fte"]),
                )
                for post in posts[posts["status"] != FILLED]
            ),
            cases=tuple(_open_case(world, int(row), number, teams) for row in open_rows),
            visits_known=True,
        )
    )


def continued(world: World) -> Scenario:
    """The scenario of a world, starting this morning from where it stands."""
    scenario = world.plan.scenario
    demand = {
        name: stream
        if stream.per_month is None or stream.per_month_from is not None
        else stream.model_copy(update={"per_month_from": scenario.start_date})
        for name, stream in scenario.demand.items()
    }
    return scenario.model_copy(
        update={
            "start_date": world.calendar.date_of(world.day),
            "warm_up_weeks": 0,
            "demand": demand,
            "position": position_of(world),
        }
    )


def _person(world: World, worker: Any, teams: list[str]) -> Person:
    day, status = world.day, int(worker["status"])
    if status != PRESENT and worker["back_on"] <= day:  # back this morning
        status = PRESENT
    return Person(
        team=teams[worker["team"]],
        role=world.plan.role_names[worker["role"]],
        fte=float(worker["fte"]),
        # The model doesn't know since when: it takes agency workers to be experienced.
        since=None if worker["agency"] else int(worker["started"]) - day,
        newly_qualified=bool(worker["newly_qualified_until"] > day),
        agency=bool(worker["agency"]),
        away=None if status == PRESENT else KINDS[status],
        back_on=None if status == PRESENT else int(worker["back_on"]) - day,
        last_day=int(worker["last_day"]) - day if worker["on_notice"] else None,
    )


def _open_case(world: World, row: int, number: dict[int, int], teams: list[str]) -> OpenCase:
    plan, day = world.plan, world.day
    case = world.cases.table[row]
    held, waiting = case["status"] == HELD, case["status"] == WAITING
    was_allocated = held or (waiting and case["allocated"] != -NEVER)
    return OpenCase(
        stream=plan.stream_names[case["stream"]],
        stage=plan.stage_names[case["stage"]],
        entered=int(case["entered"]) - day,
        tier=plan.tier_names[case["tier"]],
        team=teams[case["team"]] if held or waiting else None,
        worker=number[int(case["worker"])] if held else None,
        referred=int(case["arrived"]) - day,
        clock=int(case["clock"]) - day,
        allocated=int(case["allocated"]) - day if was_allocated else None,
        waiting_since=int(case["waiting_since"]) - day if waiting else None,
        last_visit=_last_visit(world, row),
        workers_so_far=int(case["workers"]),
    )


def _last_visit(world: World, row: int) -> int | None:
    """The day of the last contact in the case's stage, as far as its work tells."""
    plan, cases = world.plan, world.cases
    stage = int(cases.table["stage"][row])
    days = []
    for slot in range(1, int(plan.stages["items"][stage]) + 1):
        item = plan.items[stage, slot - 1]
        if item["contact"] and item["when"] == EVERY and cases.done[row, slot] > 0:
            days.append(int(cases.due[row, slot] - item["every"]) - world.day)
        elif item["contact"] and cases.done[row, slot] > 0:
            days.append(int(cases.table["allocated"][row]) - world.day)
    return max(days, default=None)
