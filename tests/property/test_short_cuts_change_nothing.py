"""The day's short cuts change nothing: without them, each open case each day, the run is the same.

Five notes save the service a look at every case: a case knows from which day on something more of
it presses, and until which evening nothing of it changes; a worker's list of what presses is kept
from day to day; the cases that a worker held at the last casework stand side by side; and the
evening foresees which stages may end in the morning.
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
from sim.model.cases_in_hand import look_at_cases_in_hand
from sim.model.columns import ENDING, HELD, NOBODY, OPEN, OPEN_BEFORE, ROOM_ON_A_LIST, SLOTS
from sim.model.plan_columns import OPENING
from sim.model.whose_turn import link_the_absent, who_acts, who_is_at_work
from sim.model.work_list import (
    URGENTS,
    copy_what_presses,
    put_begun_work_first,
    strike_out_what_was_let_go,
)
from sim.model.world import World, simulate
from sim.scenario.pathway import WorkItem
from tests.property.small_scenarios import policies, scenarios
from tests.services import BASELINE, START, stage, tiny_service, work, world_of
from tests.small_services import EVERYTHING, go_on, lively_service, on_days, same_tables

pytestmark = pytest.mark.property

YEARS = 0.3
BEFORE_CASEWORK = 0.4  # of a working day: after the meeting


# ---------------------------------------------------------------- every note torn up


def every_list_is_made_anew(given_: dict[str, Any]) -> None:
    given_["cases"]["presses_from"][:] = given_["cases"]["listed"][:] = 0
    given_["workers"]["listed"][:] = 0


def no_evening_is_quiet(given_: dict[str, Any]) -> None:
    given_["cases"]["quiet_until"][:] = 0


def nothing_is_foreseen(given_: dict[str, Any]) -> None:
    given_["counts"][ENDING] = given_["counts"][OPEN_BEFORE] = 0


def no_case_is_at_hand(given_: dict[str, Any]) -> None:
    given_["workers"]["in_hand"][given_["worker"]] = 0


def nobodys_cases_are_at_hand(given_: dict[str, Any]) -> None:
    given_["workers"]["in_hand"][:] = 0


NOTES = (
    (working_day, "work_the_day", every_list_is_made_anew),
    (close_of_day, "close_the_day", no_evening_is_quiet),
    (moving_on, "move_cases_on", nothing_is_foreseen),
    (staffing, "hand_over_cases", no_case_is_at_hand),
    (newcomers, "take_over", nobodys_cases_are_at_hand),
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


class Morning:
    """The lists of one morning, made from the world's own, on copies of its tables."""

    def __init__(self, world: World, acting: Any) -> None:
        cases, workers, plan = world.cases, world.workers, world.plan
        self.world, self.acting = world, acting
        workers.make_room_on_lists(1 + int(plan.stages["items"].max()))
        self.cases, self.people = cases.table.copy(), workers.table.copy()
        self.keys, self.ids = workers.list_keys.copy(), workers.list_ids.copy()
        self.in_hand = cases.in_hand.copy()
        self.also = np.empty(workers.n, np.int64)
        link_the_absent(acting, self.also, self.people, workers.n)
        strike_out_what_was_let_go(self.people, workers.n, self.cases, self.keys, self.ids)
        look_at_cases_in_hand(
            world.day, cases.open_rows, cases.counts, self.in_hand, np.empty(workers.n, np.int64),
            self.cases, cases.due, cases.left, self.people, workers.n, plan.stages, plan.items,
            plan.tiers, plan.settings, self.keys, self.ids,
        )  # fmt: skip

    def list_of(self, worker: int) -> dict[int, float]:
        """Today's pieces of someone who is in, with their keys."""
        cases, plan = self.world.cases, self.world.plan
        room = 1 + SLOTS * int(cases.counts[OPEN])
        keys, ids = np.empty(room), np.empty(room, np.int64)
        n = copy_what_presses(worker, self.also, self.people, self.keys, self.ids, keys, ids)
        if plan.settings["finish_begun"][0] == 1:
            n = put_begun_work_first(
                worker, self.world.day, n, keys, ids, self.cases, cases.due, cases.left,
                self.people, plan.stages, plan.items,
            )  # fmt: skip
        order = list(zip(keys[:n].tolist(), ids[:n].tolist(), strict=True))
        assert order == sorted(order)  # the most pressing first; of equals, the oldest case's
        found = {piece: key for key, piece in order}
        assert len(found) == n  # nothing is listed twice
        return found


def found_by_the_model(world: World, acting: Any) -> dict[int, set[tuple[int, bool]]]:
    """The same from the model's own lists."""
    cases, morning = world.cases, Morning(world, acting)
    found: dict[int, set[tuple[int, bool]]] = {}
    for worker in range(world.workers.n):
        person = morning.people[worker]
        held = morning.in_hand[person["first_in_hand"] :][: person["in_hand"]].tolist()
        mine = (cases["status"] == HELD) & (cases["worker"] == worker)
        assert held == np.flatnonzero(mine).tolist()
        if acting[worker] == worker:
            pieces = morning.list_of(worker).items()
            found[worker] = {(piece, key < URGENTS) for piece, key in pieces}
    return {worker: pieces for worker, pieces in found.items() if pieces}


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
    """It is on nobody's list meanwhile: a colleague who acts for the absent does what is urgent."""
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
    cases.table["presses_from"][row] = cases.table["listed"][row] = 0
    workers.table["let_go"][holder] = 1

    def listed(who: int) -> set[int]:
        acting = np.full(workers.n, NOBODY)
        acting[who] = acting[holder] = who
        return {piece // SLOTS for piece in Morning(world, acting).list_of(who)}

    colleague = next(n for n in range(workers.n) if n != holder)
    assert row not in listed(colleague)
    assert row in listed(holder)


def test_a_list_has_room_for_all_that_one_worker_holds():
    """400 cases at once for two workers: each one's list holds theirs, and only theirs."""
    scenario = tiny_service(
        workers=2, stages={"care": stage(900, work={"visit": work(30, first_within_days=0)})},
        cap=1000, demand=on_days(*[0] * 400, start=START),
    )  # fmt: skip
    world = world_of(scenario)
    go_on(world, 3)
    workers, cases = world.workers, world.cases
    assert workers["caseload"].tolist() == [200, 200]
    assert workers["listed"].min() > ROOM_ON_A_LIST
    for worker in range(2):
        rows = workers.list_ids[worker, : workers["listed"][worker]] // SLOTS
        assert len(set(rows.tolist())) == len(rows)
        assert (cases["worker"][rows] == worker).all()
