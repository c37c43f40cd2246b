"""Nothing is lost and nothing is made up: cases, posts, people, hours and pounds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.arrivals import EPISODE
from sim.model.columns import (
    FILLED,
    GONE_CLOSED,
    GONE_REFUSED,
    GONE_WITHDRAWN,
    HELD,
    LEFT,
    NOBODY,
    SCREENED,
    VACANT,
    WAITING,
)
from sim.model.outcomes import OUTCOMES
from sim.model.starting_position import GONE_AT_START
from sim.model.tallies import NAMES
from sim.model.world import RunResult, World
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from tests.property.small_scenarios import policies, real_starts, scenarios
from tests.small_services import EVENING, EVERYTHING

pytestmark = pytest.mark.property

YEARS = 0.3
A_YEAR = 253  # working days
EXAMPLES = settings(max_examples=20)
SHARES = [key for key, outcome in OUTCOMES.items() if outcome.unit.startswith("share")]


@dataclass
class Life:
    """A run, stopped on some evenings to look, and what came of it."""

    world: World
    result: RunResult
    open_at_start: int
    rows_at_start: int


def live(scenario: Scenario, policy: Policy, seed: int, look=lambda world: None) -> Life:
    world = World(scenario, policy, seed=seed, replication=0, years=YEARS, tables=EVERYTHING)
    open_at_start, rows_at_start = int(world.cases.counts[0]), world.cases.n
    look(world)
    for day in range(0, world.horizon - 1, 9):
        world.env.run(until=day + EVENING)
        look(world)
    result = world.run()
    look(world)
    return Life(world, result, open_at_start, rows_at_start)


def total(world: World, name: str) -> float:
    """A column of the tally, the weeks that do not count and the last days included."""
    column = NAMES.index(name)
    kept = sum(tally[:, column].sum() for tally in world.record.tallies)
    return float(kept + world.tally[:, column].sum())


def waiting_in_lists(world: World) -> list[int]:
    """Rows of the cases in all waiting lists, each checked to be in the list of its tier."""
    found = []
    for team, tier in np.ndindex(*world.heads.shape):
        row = int(world.heads[team, tier])
        last = NOBODY
        while row != NOBODY:
            case = world.cases.table[row]
            if case["status"] == WAITING:  # a withdrawn one stays until the next meeting
                assert (case["team"], case["tier"]) == (team, tier)
                found.append(row)
            row, last = int(case["waiting_next"]), row
        assert world.tails[team, tier] == last
    return found


def every_case_is_somewhere_once(world: World) -> None:
    cases = world.cases
    status, worker = cases["status"], cases["worker"]
    listed = cases.open_rows[: cases.counts[0]]
    assert sorted(listed) == np.flatnonzero(np.isin(status, (SCREENED, WAITING, HELD))).tolist()
    assert sorted(waiting_in_lists(world)) == np.flatnonzero(status == WAITING).tolist()
    assert np.array_equal(worker >= 0, status == HELD)
    gone = np.isin(status, (GONE_CLOSED, GONE_WITHDRAWN, GONE_REFUSED))
    key = cases["key"]
    closed_before_the_first_day = ((key & GONE_AT_START) != 0) & (key < EPISODE)
    assert np.array_equal(cases["closed"] != NOBODY, gone & ~closed_before_the_first_day)
    assert (cases["closed"][gone] <= world.day).all()
    assert len(np.unique(cases["key"])) == cases.n


def workers_hold_what_cases_say(world: World) -> None:
    cases, workers, plan = world.cases.table[: world.cases.n], world.workers, world.plan
    held = cases[cases["status"] == HELD]
    assert (workers["status"][held["worker"]] != LEFT).all()
    own_kind = world.teams["kind"][held["team"]]
    kind = world.teams["kind"][workers["team"][held["worker"]]]
    own_team = workers["team"][held["worker"]] == held["team"]
    rota = [k in plan.also_from[s] for k, s in zip(kind, held["stage"], strict=True)]
    assert (own_team | (kind != own_kind) & np.array(rota, bool)).all()
    role = workers["role"][held["worker"]]
    assert (plan.roles["holds_cases"][role] == 1).all()
    assert ((plan.stages["roles"][held["stage"]] >> role) & 1 == 1).all()
    assert (plan.stages["skill"][held["stage"]] & ~workers["skills"][held["worker"]] == 0).all()
    count = np.bincount(held["worker"], minlength=workers.n)
    assert np.array_equal(workers["caseload"], count)
    weight = plan.stages["weight"][held["stage"]] * held["complexity"]
    workload = np.bincount(held["worker"], weight, minlength=workers.n)
    np.testing.assert_allclose(workers["workload"], workload, rtol=0, atol=1e-9)
    assert (workers["workload"] >= -1e-9).all()


def posts_and_people_match(world: World) -> None:
    posts, workers = world.posts[: world.n_posts], world.workers
    assert np.isin(posts["status"], (FILLED, VACANT)).all()
    assert np.array_equal(posts["holder"] != NOBODY, posts["status"] == FILLED)
    here = workers["status"] != LEFT
    permanent = np.flatnonzero(here & (workers["agency"] == 0))
    filled = np.flatnonzero(posts["status"] == FILLED)
    assert sorted(posts["holder"][filled]) == permanent.tolist()
    assert np.array_equal(workers["post"][posts["holder"][filled]], filled)
    covered = np.flatnonzero(posts["cover"] != NOBODY)
    assert (posts["status"][covered] == VACANT).all()
    covering = np.flatnonzero(here & (workers["agency"] == 1) & (workers["post"] != NOBODY))
    assert sorted(posts["cover"][covered]) == covering.tolist()
    assert len(np.unique(workers["key"])) == workers.n
    assert ((workers["exhaustion"] >= 0) & (workers["exhaustion"] <= 1)).all()


lives = given(scenarios() | real_starts(), policies(), st.integers(0, 2**31))


@EXAMPLES
@lives
def test_every_case_that_arrived_is_open_or_gone_once(scenario, policy, seed):
    life = live(scenario, policy, seed, every_case_is_somewhere_once)
    world = life.world
    arrived = total(world, "arrivals")
    assert world.cases.n == life.rows_at_start + arrived
    status = Counter(world.cases["status"][world.cases["closed"] >= 0].tolist())
    gone = {
        GONE_CLOSED: total(world, "closures"),
        GONE_WITHDRAWN: total(world, "withdrawals"),
        GONE_REFUSED: total(world, "refusals"),
    }
    assert {kind: number for kind, number in gone.items() if number} == status
    still_open = world.cases.counts[0]
    assert life.open_at_start + arrived == sum(gone.values()) + still_open
    assert life.result.outcomes["open_cases_end"] == still_open


@EXAMPLES
@lives
def test_caseloads_and_workloads_are_what_the_cases_say_and_nobody_who_left_has_any(
    scenario, policy, seed
):
    live(scenario, policy, seed, workers_hold_what_cases_say)


@EXAMPLES
@lives
def test_posts_are_filled_or_vacant_and_everyone_permanent_holds_one(scenario, policy, seed):
    life = live(scenario, policy, seed, posts_and_people_match)
    weeks = life.result.tables["team_weeks"]
    posts = weeks["in_post_fte_days"] + weeks["vacant_fte_days"]
    np.testing.assert_allclose(weeks["post_fte_days"], posts, atol=1e-9)
    assert (weeks["covered_fte_days"] <= weeks["vacant_fte_days"] + 1e-9).all()
    capped = life.world.plan.settings["agency_cap"][0]
    if not policy.levers:
        established = life.world.posts["fte"][: life.world.n_posts].sum()
        by_week = weeks.groupby("week_ending")["agency_fte_days"].sum()
        assert (by_week <= 5 * (capped * established + 1e-9)).all()


def adds_up(rows: pd.DataFrame, prefix: str, suffix: str) -> None:
    """contracted + overtime = protected + direct + admin + idle, and none is negative."""
    kinds = ("contracted", "overtime", "protected", "direct", "admin", "idle")
    hours = {kind: rows[f"{prefix}{kind}{suffix}"].to_numpy() for kind in kinds}
    given_hours = hours["contracted"] + hours["overtime"]
    spent = hours["protected"] + hours["direct"] + hours["admin"] + hours["idle"]
    np.testing.assert_allclose(given_hours, spent, atol=1e-9)
    for kind in kinds:
        assert (hours[kind] >= 0).all(), kind


@EXAMPLES
@lives
def test_hours_of_workers_and_of_teams_add_up(scenario, policy, seed):
    life = live(scenario, policy, seed)
    teams, workers = life.result.tables["team_weeks"], life.result.tables["worker_weeks"]
    adds_up(teams, "", "_hours")
    day_hours = scenario.working_time.hours_per_week / 5
    np.testing.assert_allclose(
        teams["contracted_hours"], teams["worked_fte_days"] * day_hours, atol=1e-9
    )
    support = teams["support_hours"].to_numpy()
    kinds = {name: team.business_support for name, team in scenario.teams.items()}
    if not any(lever.lever == "business_support" for lever in policy.levers):
        available = teams["kind"].map(kinds) * day_hours * 5
        share = scenario.working_time.business_support_productive_share
        assert (support <= available * share + 1e-9).all()
    assert (support >= -1e-9).all()
    if len(workers):
        adds_up(workers, "week_", "")
        assert (workers["week_contracted"] <= workers["fte"] * 5 * day_hours + 1e-9).all()


@EXAMPLES
@lives
def test_everyone_in_post_is_at_work_or_away_for_one_reason(scenario, policy, seed):
    """Where all roles hold cases: in post + agency = at work + sick + leave + training + parental;
    agency workers' absence is not counted, so at work may fall short by as much as agency is away.
    """
    life = live(scenario, policy, seed)
    weeks = life.result.tables["team_weeks"]
    away = sum(
        weeks[f"{why}_fte_days"] for why in ("sick", "leave", "training", "parental")
    ).to_numpy()
    here = weeks["in_post_fte_days"].to_numpy()
    assert (away <= here + 1e-9).all()
    holds = {name: role.holds_cases for name, role in scenario.roles.items()}
    all_hold = np.array(
        [
            all(holds[role] for role, fte in scenario.teams[kind].posts.items() if fte)
            for kind in weeks["kind"]
        ]
    )
    at_work, agency = weeks["worked_fte_days"].to_numpy(), weeks["agency_fte_days"].to_numpy()
    short = here + agency - away - at_work
    assert (short[all_hold] >= -1e-9).all()
    assert (short[all_hold] <= agency[all_hold] + 1e-9).all()


@EXAMPLES
@lives
def test_costs_are_the_sum_of_their_parts_and_of_what_was_bought(scenario, policy, seed):
    life = live(scenario, policy, seed)
    out = life.result.outcomes
    if "total_cost" not in out:  # not one week that counts
        return
    parts = ("permanent", "agency", "recruitment", "business_support", "policy")
    assert out["total_cost"] == pytest.approx(sum(out[f"cost_{part}"] for part in parts))
    weeks = life.result.tables["team_weeks"]
    weekly = scenario.costs.agency_per_week
    np.testing.assert_allclose(weeks["cost_agency"], weeks["agency_fte_days"] * weekly / 5)
    hires = weeks["cost_recruitment"] / scenario.costs.recruitment_per_hire
    np.testing.assert_allclose(hires, hires.round(), atol=1e-9)
    dearest = max(role.annual_cost for role in scenario.roles.values())
    cheapest = min(role.annual_cost for role in scenario.roles.values())
    supplement = sum(lever.per_year for lever in policy.levers if lever.lever == "pay_supplement")
    days = weeks["in_post_fte_days"]
    assert (weeks["cost_permanent"] <= days * (dearest + supplement) / A_YEAR + 1e-6).all()
    assert (weeks["cost_permanent"] >= days * cheapest / A_YEAR - 1e-6).all()


@EXAMPLES
@lives
def test_no_outcome_and_no_cell_is_missing_infinite_or_negative(scenario, policy, seed):
    life = live(scenario, policy, seed)
    for key, value in life.result.outcomes.items():
        assert np.isfinite(value), key
        assert value >= 0, key
        if key in SHARES:
            assert value <= 1 + 1e-9, key
    for name, table in life.result.tables.items():
        numbers = table.select_dtypes("number")
        assert np.isfinite(numbers.to_numpy(dtype=float)).all(), name
        signed = [c for c in numbers if c in ("week", "day_arrived", "post")]
        assert (numbers.drop(columns=signed).to_numpy(dtype=float) >= -1e-9).all(), name


@EXAMPLES
@lives
def test_what_is_part_of_something_is_not_more_than_it(scenario, policy, seed):
    weeks = live(scenario, policy, seed).result.tables["team_weeks"]
    for part, whole in (
        ("supervision_held", "supervision_due"),
        ("visits_on_time", "visits"),
        ("high_risk_in_one_day", "high_risk_allocations"),
        ("high_risk_allocations", "allocations"),
        ("stress_sick_fte_days", "sick_fte_days"),
        ("newly_qualified_fte_days", "in_post_fte_days"),
        ("waiting_high_risk_case_days", "waiting_case_days"),
        ("high_risk_case_days", "held_case_days"),
        ("overloaded_weeks", "over_line_weeks"),
        ("over_line_weeks", "worker_weeks"),
        ("very_low_direct_weeks", "low_direct_weeks"),
        ("newly_qualified_over_weeks", "newly_qualified_weeks"),
        ("closed_cases_held", "closures"),
        ("rereferrals", "arrivals"),
        ("assessments_in_time_in_time", "assessments_in_time_ended"),
    ):
        assert (weeks[part] <= weeks[whole] + 1e-9).all(), (part, whole)
    assert (weeks["waiting_case_days"] + weeks["held_case_days"] <= weeks["open_case_days"]).all()
    assert (weeks["closed_cases_held"] <= weeks["closed_case_workers"]).all()
