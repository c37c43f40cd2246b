"""The day's short cuts change nothing: without them, each open case each day, the run is the same.

Four notes save the service a look at every case: a case knows from which day on something of it
presses, and until which evening nothing of it changes; the cases that a worker held at the last
casework hang together in a chain; and the evening foresees which stages may end in the morning.
Here a run whose notes are torn up before each use is held against one that trusts them, and the
list of what presses against a list made by hand.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model import close_of_day, moving_on, newcomers, staffing, working_day
from sim.model.columns import ENDING, HELD, NOBODY, OPEN, OPEN_BEFORE, SLOTS
from sim.model.plan_columns import OPENING
from sim.model.whose_turn import who_acts, who_is_at_work
from sim.model.work_list import CLASS_STEP, URGENT, list_what_presses
from sim.model.world import World, simulate
from sim.scenario.pathway import WorkItem
from tests.property.small_scenarios import policies, scenarios
from tests.services import BASELINE
from tests.small_services import EVERYTHING, lively_service, same_tables

pytestmark = pytest.mark.property

YEARS = 0.3
BEFORE_CASEWORK = 0.4  # of a working day: after the meeting


# ---------------------------------------------------------------- every note torn up


def nothing_is_known(given_: dict[str, Any]) -> None:
    given_["cases"]["presses_from"][:] = 0


def no_evening_is_quiet(given_: dict[str, Any]) -> None:
    given_["cases"]["quiet_until"][:] = 0


def nothing_is_foreseen(given_: dict[str, Any]) -> None:
    given_["counts"][ENDING] = given_["counts"][OPEN_BEFORE] = 0


def no_case_hangs_together(given_: dict[str, Any]) -> None:
    given_["workers"]["first_case"][given_["worker"]] = NOBODY


def nobodys_cases_hang_together(given_: dict[str, Any]) -> None:
    given_["workers"]["first_case"][:] = NOBODY


NOTES = (
    (working_day, "work_the_day", nothing_is_known),
    (close_of_day, "close_the_day", no_evening_is_quiet),
    (moving_on, "move_cases_on", nothing_is_foreseen),
    (staffing, "hand_over_cases", no_case_hangs_together),
    (newcomers, "take_over", nobodys_cases_hang_together),
)


@contextmanager
def each_case_each_day() -> Iterator[None]:
    """Tear up what was noted before each step that would use it."""

    def after(tear_up: Callable[[dict[str, Any]], None], step: Callable[..., Any]) -> Any:
        names = list(inspect.signature(step).parameters)

        def plainly(*tables: Any) -> Any:
            tear_up(dict(zip(names, tables, strict=True)))
            return step(*tables)

        return plainly

    with pytest.MonkeyPatch.context() as patch:
        for module, name, tear_up in NOTES:
            patch.setattr(module, name, after(tear_up, getattr(module, name)))
        yield


def both_ways(scenario, policy, seed, years=YEARS, **more):
    """The same run with and without the short cuts."""
    asked = {"seed": seed, "replication": 0, "years": years, "tables": EVERYTHING, **more}
    short = simulate(scenario, policy, **asked)
    with each_case_each_day():
        return short, simulate(scenario, policy, **asked)


@settings(max_examples=40)
@given(scenarios(), policies(), st.integers(0, 2**31))
def test_short_cuts_change_no_outcome_and_no_table(scenario, policy, seed):
    assert same_tables(*both_ways(scenario, policy, seed))


@pytest.mark.parametrize("seed", [3, 4])
def test_newcomers_take_over_the_same_cases(seed):
    """Several on one morning, some of them from a newcomer who has been given cases just before."""
    take_over = {"newcomers_take_over": 1.0}
    scenario = lively_service(
        teams={"intake": take_over, "long_term": take_over},
        turnover={"leaving_per_year": 1.5},
    )
    assert same_tables(*both_ways(scenario, BASELINE, seed, years=2))


# ---------------------------------------------------------------- what presses, by hand


def window_is_open(item: WorkItem, due: float, ends: float, day: int) -> bool:
    """Whether a piece of work may be done at all on a day."""
    if item.when == "every":
        assert item.every_days is not None
        before = item.opens_before_days
        before = item.every_days / 2 if before is None else before
        return day >= due - min(before, max(0.0, item.every_days - 1))
    return item.when == "opening" or ends <= day + 0.5


def found_by_hand(world: World, acting: Any) -> dict[int, set[tuple[int, bool]]]:
    """The pieces that press today by who does them, each with whether it is urgent."""
    scenario, cases = world.plan.scenario, world.cases
    time, tiers = scenario.working_time, list(scenario.risk_tiers.values())
    stages = [each for p in scenario.pathways.values() for each in p.stages.values()]
    found: dict[int, set[tuple[int, bool]]] = {}
    for row in np.flatnonzero(cases["status"] == HELD).tolist():
        case = cases.table[row]
        holder = int(case["worker"])
        worker = int(acting[holder])
        if worker == NOBODY:
            continue
        kinds = [None, *stages[case["stage"]].work.values()]
        begun = int(world.workers["begun"][worker])
        for slot, item in enumerate(kinds):
            due, piece = float(cases.due[row, slot]), row * SLOTS + slot
            if cases.left[row, slot] <= 0:
                continue
            if item and not window_is_open(item, due, float(case["ends"]), world.day):
                continue
            urgent = tiers[case["tier"]].high_risk or (item is not None and item.statutory)
            urgent = urgent or (
                tiers[case["tier"]].duty
                and item is not None
                and item.when == "opening"
                and due <= world.day
            )
            near = due <= world.day + time.look_ahead_days
            in_hand = time.finish_what_was_begun and slot > 0 and begun == 1 + piece
            if (near and urgent) or (worker == holder and (near or in_hand)):
                found.setdefault(worker, set()).add((piece, (near and urgent) or in_hand))
    return found


def found_by_the_model(world: World, acting: Any) -> dict[int, set[tuple[int, bool]]]:
    """The same from the model's own list, made on copies of its tables."""
    cases, workers, plan = world.cases, world.workers, world.plan
    pieces = int(cases.counts[OPEN]) * SLOTS
    keys, ids, whose = np.empty(pieces), np.empty(pieces, np.int64), np.empty(pieces, np.int64)
    table, people, chain = cases.table.copy(), workers.table.copy(), cases.next_held.copy()
    n = list_what_presses(
        world.day, cases.open_rows, cases.counts, acting, table, cases.due, cases.left, people,
        plan.stages, plan.items, plan.tiers, plan.settings, keys, ids, whose, chain, workers.n,
    )  # fmt: skip
    for worker in range(workers.n):
        held, row = [], int(people["first_case"][worker])
        while row != NOBODY:
            held.append(row)
            row = int(chain[row])
        mine = (cases["status"] == HELD) & (cases["worker"] == worker)
        assert held == np.flatnonzero(mine).tolist()
    found: dict[int, set[tuple[int, bool]]] = {}
    for key, piece, worker in zip(keys[:n], ids[:n].tolist(), whose[:n].tolist(), strict=True):
        found.setdefault(worker, set()).add((piece, round(key / CLASS_STEP) <= URGENT))
    assert sum(len(mine) for mine in found.values()) == n  # nothing is listed twice
    return found


@settings(max_examples=15)
@given(scenarios(), policies(), st.integers(0, 2**31))
def test_what_presses_is_what_a_look_at_every_case_finds(scenario, policy, seed):
    world = World(scenario, policy, seed=seed, replication=0, years=YEARS)
    for day in range(0, world.horizon - 1, 4):
        world.env.run(until=day + BEFORE_CASEWORK)
        workers, roles = world.workers, world.plan.roles
        at_work = who_is_at_work(world.day, workers.table, workers.diary, workers.n, roles)
        acting = who_acts(
            world.day, at_work, workers.table, workers.n, len(world.teams), world.plan.settings
        )
        assert found_by_the_model(world, acting) == found_by_hand(world, acting)


def test_whoever_began_a_piece_that_is_not_due_comes_back_to_it_after_an_absence():
    """A colleague who acts meanwhile has no need to look at the case: its note stays as it is."""
    scenario = lively_service(working_time={"finish_what_was_begun": True})
    world = World(scenario, BASELINE, seed=3, replication=0, years=YEARS)
    world.env.run(until=30 + BEFORE_CASEWORK)
    cases, workers, plan = world.cases, world.workers, world.plan
    later = world.day + float(plan.settings["look_ahead"][0]) + 5
    for row in np.flatnonzero(cases["status"] == HELD).tolist():
        items = plan.items[cases.table["stage"][row]]
        for slot in np.flatnonzero(cases.left[row, 1:] > 0).tolist():
            if items["when"][slot] == OPENING:  # which may be done at once
                cases.due[row] = later
                break
        else:
            continue
        break
    holder = int(cases.table["worker"][row])
    workers.table["begun"][holder] = 1 + row * SLOTS + slot + 1
    cases.table["presses_from"][row] = 0

    def listed(who: int) -> set[int]:
        acting = np.full(workers.n, NOBODY)
        acting[holder] = who
        size = int(cases.counts[OPEN]) * SLOTS
        keys, ids, whose = np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64)
        n = list_what_presses(
            world.day, cases.open_rows, cases.counts, acting, cases.table, cases.due, cases.left,
            workers.table, plan.stages, plan.items, plan.tiers, plan.settings, keys, ids, whose,
            cases.next_held, workers.n,
        )  # fmt: skip
        return {piece // SLOTS for piece in ids[:n].tolist()}

    colleague = next(n for n in range(workers.n) if n != holder)
    assert row not in listed(colleague)
    assert row in listed(holder)
