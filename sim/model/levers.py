"""Policies at work: each lever is pulled on its day, at once or bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.columns import LEFT
from sim.model.holding import people_held
from sim.model.plan_columns import MONTHS_A_YEAR, RULES, WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR
from sim.model.posts import add_posts
from sim.model.randomness import purpose, uniform
from sim.model.staffing import leave_post
from sim.scenario import policy as levers
from sim.scenario.policy import Lever

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

SHOCK = purpose("shock.leaves")


def pull(world: World, lever: Lever, number: int) -> Process:
    """Wait for the lever's first day, then pull it, fully or step by step over its ramp."""
    start = lever.start or world.plan.scenario.start_date
    first = world.calendar.day_on_or_after(start)
    first += int(lever.start_after_months / MONTHS_A_YEAR * WORKING_DAYS_A_YEAR + 0.5)
    if first >= world.horizon:
        return
    if first > world.day:
        yield world.until(first)
    ramp = int(lever.ramp_months / MONTHS_A_YEAR * WORKING_DAYS_A_YEAR + 0.5)
    settings = world.plan.settings
    cost = lever.cost_per_year / WORKING_DAYS_A_YEAR
    if isinstance(lever, levers.Leavers):
        lose_people(world, lever.share, number)
        settings["policy_per_day"] += cost
        return
    if isinstance(lever, levers.Posts):
        settings["policy_per_day"] += cost
        yield from _create_posts(world, lever, number, first, ramp)
        return
    before = world.plan.settings[0].copy()
    so_far = 0.0
    for step in range(1, ramp + 2):
        part = min(1.0, step / (ramp + 1))
        _apply(world, lever, before, so_far, part)
        settings["policy_per_day"] += cost * (part - so_far)
        so_far = part
        if step <= ramp:
            yield world.until(first + step)


def lose_people(world: World, share: float, number: int) -> None:
    """A share of permanent case-holding workers leaves today, without notice."""
    workers, plan = world.workers, world.plan
    for worker in range(workers.n):
        row = workers.table[worker]
        if row["status"] == LEFT or row["agency"] or not plan.roles["holds_cases"][row["role"]]:
            continue
        if people_held(world, int(row["post"])) is not None:
            continue
        u = uniform(world.seed, world.chances.turnover, SHOCK, int(row["key"]), number)
        if u < share:
            leave_post(world, worker)


def _create_posts(world: World, lever: levers.Posts, number: int, first: int, ramp: int) -> Process:
    """Create the posts, whole ones and a part, spread over the ramp and the teams in turn."""
    plan = world.plan
    kind = plan.kind_names.index(lever.team)
    role = plan.role_names.index(lever.role)
    whole = int(lever.fte + 1e-9)
    sizes = [1.0] * whole
    if lever.fte - whole > 0.01:
        sizes.append(lever.fte - whole)
    for k, fte in enumerate(sizes):
        yield world.until(max(world.day, first + ramp * k // len(sizes)))
        team = int(plan.first_team[kind]) + k % int(plan.teams_of_kind[kind])
        add_posts(world, team, role, [fte], block=1 + number, at_once=lever.filled_by == "at_once")


def _streams(world: World, name: str | None) -> Any:
    """The streams that a lever is about: one, or all."""
    if name is None:
        return slice(None)
    return world.plan.stream_names.index(name)


def _between(before: float, after: float, part: float) -> float:
    """Part of the way from one value to another; from no limit at all, at once."""
    if part >= 1.0 or not np.isfinite(before):
        return float(after)
    return float(before + part * (after - before))


def _apply(world: World, lever: Lever, before: Any, so_far: float, part: float) -> None:
    """Pull the lever on, from the part of the way that it has come so far to a larger part.

    What sets a level goes from the one that it found, in `before`, to its own. What adds to a level
    or multiplies it adds its next step, whatever other levers did to it meanwhile.
    """
    s = world.plan.settings[0]
    streams = world.plan.streams
    match lever:
        case levers.BusinessSupport(fte=fte, team=team):
            kinds = np.arange(len(world.plan.kind_names))
            wanted = kinds if team is None else kinds[world.plan.kind_names.index(team) :][:1]
            rows = np.isin(world.teams["kind"], wanted)
            world.teams["business_support"][rows] += (part - so_far) * fte / rows.sum()
        case levers.CaseloadCap(cases=cases):
            s["caseload_cap"] = _between(before["caseload_cap"], cases, part)
        case levers.WorkloadCap(level=level):
            s["workload_cap"] = _between(before["workload_cap"], level, part)
        case levers.NewlyQualifiedProtection(caseload_share=share, protected_share=protected):
            s["nq_caseload_share"] = _between(before["nq_caseload_share"], share, part)
            s["nq_protected_share"] = _between(before["nq_protected_share"], protected, part)
        case levers.ProtectedSupervision(every_days=every):
            s["supervision_protected"] = 1.0
            if every is not None:
                s["supervision_every"] = _between(before["supervision_every"], every, part)
        case levers.ProtectedCpd(hours_per_week=hours):
            s["cpd_protected"] = 1.0
            a_day = hours / WORKING_DAYS_A_WEEK
            s["cpd_per_day"] = _between(before["cpd_per_day"], a_day, part)
        case levers.SupervisionRatio(manager_hours_per_week=hours):
            a_day = hours / WORKING_DAYS_A_WEEK
            s["manager_hours_per_day"] = _between(before["manager_hours_per_day"], a_day, part)
        case levers.TimeToHire(days_factor=factor, success_factor=success):
            s["round_factor"] *= _between(1.0, factor, part) / _between(1.0, factor, so_far)
            s["success_per_round"] *= _between(1.0, success, part) / _between(1.0, success, so_far)
        case levers.Intake(per_year=number):
            s["intake_per_year"] = _between(before["intake_per_year"], number, part)
        case levers.PaySupplement(per_year=pounds):
            s["supplement_per_day"] += (part - so_far) * pounds / WORKING_DAYS_A_YEAR
            s["pay_factor"] *= pay_effect(world, part * pounds) / pay_effect(world, so_far * pounds)
        case levers.LeavingRate(factor=factor):
            s["leaving"] *= _between(1.0, factor, part) / _between(1.0, factor, so_far)
        case levers.AgencyCap(share=share):
            s["agency_cap"] = _between(before["agency_cap"], share, part)
        case levers.OvertimeLimit(hours_per_week=hours):
            a_day = hours / WORKING_DAYS_A_WEEK
            s["overtime_limit"] = _between(before["overtime_limit"], a_day, part)
        case levers.AllocationBy(rule=rule):
            s["rule"] = RULES.index(rule)
        case levers.EarlyHelp(share=share, stream=stream):
            which = _streams(world, stream)
            kept = (1.0 - part * share) / (1.0 - so_far * share)
            streams["diverted"][which] = 1.0 - (1.0 - streams["diverted"][which]) * kept
        case levers.Demand(factor=factor, stream=stream):
            which = _streams(world, stream)
            streams["factor"][which] *= _between(1.0, factor, part) / _between(1.0, factor, so_far)
        case _:
            raise NotImplementedError(f"lever {lever.lever!r} is not wired")


def pay_effect(world: World, pounds: float) -> float:
    """By what leaving is multiplied when case-holding workers get so many pounds a year more."""
    scenario = world.plan.scenario
    costs = [role.annual_cost for role in scenario.roles.values() if role.holds_cases]
    rise = pounds / (sum(costs) / len(costs)) if sum(costs) > 0 else 0.0
    return float((1.0 + rise) ** -scenario.turnover.pay_elasticity)
