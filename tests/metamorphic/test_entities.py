"""Who comes, with which needs, and what befalls whom does not depend on anybody else."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.model.arrivals import CALENDAR_DAY, EPISODE, KNOWN_BEFOREHAND
from sim.model.columns import LEFT, PRESENT
from sim.model.starting_position import GONE_AT_START, OPEN_AT_START
from sim.scenario.policy import Policy
from tests.services import world_of
from tests.small_services import EVENING, lively_service, policy

pytestmark = pytest.mark.metamorphic

NEEDS = ["tier", "complexity", "area", "arrived", "stream", "patience"]
YEARS = 0.8
# Tiers move up with the stage that a case is in, and cases come back when they were closed: neither
# is a need that a family arrives with.
PLAIN = {"pathways": {"child": {"rereferral": {"share": 0},
                                "stages": {"court": {"risk_at_least": None}}}}}  # fmt: skip


def cases_of(scenario, *levers, **asked):
    """What each case arrived with, by its key: of those that arrived during the run."""
    world = world_of(
        scenario, policy=policy(*levers), **{"years": YEARS, "replication": 2, **asked}
    )
    world.run()
    keys = world.cases["key"]
    new = (keys < EPISODE) & ((keys & (OPEN_AT_START | GONE_AT_START)) == 0)
    return {
        int(row["key"]): tuple(row[name] for name in NEEDS)
        for row in world.cases.table[: world.cases.n][new]
    }


def durations_of(scenario, *levers):
    """How long each case was in each stage of its own, drawn: (key, step) -> days, where the
    duration runs from entering the stage or being allocated in it."""
    world = world_of(scenario, policy=policy(*levers), years=YEARS, replication=2)
    found = {}
    for day in range(world.horizon - 1):
        world.env.run(until=day + EVENING)
        cases = world.cases.table[: world.cases.n]
        running = cases[(cases["allocated"] >= 0) & (cases["closed"] < 0)]
        for row in running[["key", "steps", "ends", "allocated", "stage"]]:
            key, step, ends, allocated, stage = row.item()
            found[key, step] = (stage, round(ends - allocated, 9))
    return found


@pytest.fixture(scope="module")
def as_it_is():
    return cases_of(lively_service(**PLAIN))


def test_one_more_referral_leaves_the_needs_of_all_others_identical(as_it_is):
    on = date(2002, 4, 17)
    more = cases_of(lively_service(**PLAIN, demand={"referrals": {"also_on": [on]}}))
    new = set(more) - set(as_it_is)
    assert len(new) == 1
    assert new.pop() & KNOWN_BEFOREHAND
    assert {key: more[key] for key in as_it_is} == as_it_is


def test_one_more_referral_leaves_the_drawn_durations_of_all_others_identical():
    """Fixed and clock-bound stages apart, as they run from days that waiting may move."""
    changes = {**PLAIN, "allocation": {"caseload_cap": None, "workload_cap": None}}
    before = durations_of(lively_service(**changes))
    on = [date(2002, 4, 17), date(2002, 4, 18)]
    after = durations_of(lively_service(**changes, demand={"referrals": {"also_on": on}}))
    drawn_stages = {1, 3}  # assessment and plan: drawn, and counted from allocation
    both = [k for k in before if k in after and before[k][0] in drawn_stages]
    assert len(both) > 400
    assert {k: before[k] for k in both} == {k: after[k] for k in both}
    assert len({before[k] for k in both}) > 300  # drawn, not all alike


@pytest.mark.parametrize(
    "change",
    [
        {"absence": {"training_days": 0}},
        {"absence": {"parental_leave": {"per_year": 0}}},
        {"turnover": {"leaving_per_year": 0}},
        {"agency": {"cover_share": 0, "beyond_establishment": {"intake": 0}}},
        {"allocation": {"rule": "optimal", "caseload_cap": 4}},
        {"start": "empty"},
        {"teams": {"intake": {"posts": {"social_worker": 9}}}},
        {"recruitment": {"newly_qualified": None}},
    ],
    ids=str,
)
def test_what_happens_to_workers_leaves_arrivals_and_needs_identical(as_it_is, change):
    assert cases_of(lively_service(**PLAIN, **change)) == as_it_is


@pytest.mark.parametrize("seed", [1, 7])
def test_more_demand_is_the_same_families_and_more(seed):
    service = lively_service(**PLAIN)
    few, many = (
        cases_of(service, *levers, seed=seed)
        for levers in ([], [{"lever": "demand", "factor": 1.6}])
    )
    assert few.items() <= many.items()
    assert len(many) > 1.3 * len(few)  # the warm-up, a fifth of the run, is before the policy


@pytest.mark.parametrize("seed", [1, 7])
def test_early_help_leaves_a_part_of_the_same_families(seed):
    service = lively_service(**PLAIN)
    every, half, quarter = (
        cases_of(service, *levers, seed=seed)
        for levers in (
            [],
            [{"lever": "early_help", "share": 0.5, "stream": "referrals"}],
            [{"lever": "early_help", "share": 0.75, "stream": "referrals"}],
        )
    )
    assert quarter.items() < half.items() < every.items()
    streams = {int(needs[NEEDS.index("stream")]) for key, needs in every.items() if key not in half}
    assert streams == {0}


def test_a_family_is_the_same_under_every_policy_down_to_its_calendar_day():
    """The key says the calendar day; Saturdays' and Sundays' join the Monday."""
    world = world_of(lively_service(**PLAIN), years=YEARS, replication=2)
    world.run()
    keys = world.cases["key"]
    new = (keys < EPISODE) & ((keys & (OPEN_AT_START | GONE_AT_START)) == 0)
    calendar_day = keys[new] % (1 << 44) // CALENDAR_DAY
    joined = np.searchsorted(world.calendar.calendar_day, calendar_day)
    assert np.array_equal(joined, world.cases["arrived"][new])
    assert (world.calendar.calendar_day[joined] != calendar_day).any()


# ---------------------------------------------------------------- workers

HAZARDS = ("short_sickness", "long_sickness", "parental")
# Nothing but time wears on anybody, so that hazards do not depend on work.
NO_STRAIN = {"wellbeing": {"exhaustion": {"on_sickness": 0, "on_leaving": 0}}}


def thresholds_of(scenario, policy_: Policy | None = None):
    """All thresholds that each permanent worker had, in their order: (key, hazard) -> list."""
    world = world_of(scenario, years=2, replication=1, **({"policy": policy_} if policy_ else {}))
    found = {}
    for day in range(world.horizon - 1):
        world.env.run(until=day + EVENING)
        for row in world.workers.table[: world.workers.n]:
            if row["status"] == LEFT or row["agency"]:
                continue
            for name in HAZARDS:
                seen = found.setdefault((int(row["key"]), name), [])
                at = float(row[f"{name}_at"])
                if not seen or seen[-1] != at:
                    seen.append(at)
    return found


def sickness_days(scenario):
    """Days on which each permanent worker's spells of sickness began: key -> list."""
    world = world_of(scenario, years=2, replication=1)
    found, was = {}, {}
    for day in range(world.horizon - 1):
        world.env.run(until=day + EVENING)
        for row in world.workers.table[: world.workers.n]:
            key, status = int(row["key"]), int(row["status"])
            if not row["agency"] and status in (1, 2) and was.get(key, PRESENT) == PRESENT:
                found.setdefault(key, []).append((day, status))
            was[key] = status
    return found


@pytest.mark.parametrize(
    ("change", "hazards"),
    [
        ({"training_days": 0}, HAZARDS),
        ({"annual_leave": {"days": 0}}, HAZARDS),
        ({"parental_leave": {"per_year": 0}}, ("short_sickness", "long_sickness")),
        ({"long_sickness": {"per_year": 0}}, ("short_sickness", "parental")),
        ({"short_sickness": {"per_year": 4}}, ("long_sickness", "parental")),
    ],
    ids=str,
)
def test_one_kind_of_absence_moves_nobodys_chances_of_another(change, hazards):
    """The n-th threshold of the same person is the same, however often they are away otherwise."""
    turnover = {"turnover": {"leaving_per_year": 0}}
    before = thresholds_of(lively_service(**NO_STRAIN, **turnover))
    after = thresholds_of(lively_service(**NO_STRAIN, **turnover, absence=change))
    assert {key for key, _ in before} == {key for key, _ in after}
    several = 0
    for key, name in before:
        if name in hazards:
            one, other = before[key, name], after[key, name]
            n = min(len(one), len(other))
            several += n > 1
            assert one[:n] == other[:n], (key, name)
    assert several > 3


def test_training_and_leave_move_no_spell_of_sickness():
    quiet = {**NO_STRAIN, "turnover": {"leaving_per_year": 0}}
    before = sickness_days(lively_service(**quiet))
    absence = {"training_days": 0, "annual_leave": {"days": 10}}
    after = sickness_days(lively_service(**quiet, absence=absence))
    assert before == after
    assert sum(len(days) for days in before.values()) > 30
