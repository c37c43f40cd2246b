"""The allocation meeting: who gets a case, who does not, and why."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest

from sim.model import allocation_meeting
from sim.model.allocation_meeting import CONTINUITY_WORTH, hold_optimal_meeting
from sim.model.allocation_rules import REFERENCE, Eligible, WaitingCase
from sim.model.columns import HELD, NOBODY, WAITING
from sim.model.world import simulate
from tests.services import ROLE, STREAM, stage, tiny_service, work, world_of
from tests.small_services import (
    AFTER_THE_MEETING,
    HIGH,
    HIGHEST,
    LOW,
    go_on,
    holders,
    lived,
    lively_service,
    policy,
    same_tables,
    story,
    world_on,
)

pytestmark = pytest.mark.behaviour

WEIGHT = {"care": stage(50, weight=2.0)}
NOVICES = {"newly_qualified": {"share_on_first_day": 0.5}}


def team_of(number, rule, **parts):
    """A world with a team of so many workers, on the morning of day 0, and one case to give."""
    return world_of(
        story([0], workers=number, stages=WEIGHT, **{"allocation": {"rule": rule}, **parts}),
        years=0.2,
    )


def set_columns(world, **columns):
    for name, values in columns.items():
        world.workers.table[name][: len(values)] = values


def meet(world, day=0):
    go_on(world, day + AFTER_THE_MEETING)


# ---------------------------------------------------------------- the six rules by definition


def test_round_robin_gives_to_whoever_was_given_a_case_longest_ago():
    world = team_of(4, "round_robin")
    set_columns(world, given=[7, 3, 9, 5])
    meet(world)
    assert holders(world) == [1]


def test_round_robin_goes_round_a_team_of_three():
    world = world_on(0, story([0] * 7, workers=3, allocation={"rule": "round_robin"}))
    assert holders(world) == [0, 1, 2, 0, 1, 2, 0]


def test_fewest_cases_counts_cases_not_their_weight():
    world = team_of(3, "fewest_cases")
    set_columns(world, caseload=[5, 4, 6], workload=[0.0, 90.0, 0.0])
    meet(world)
    assert holders(world) == [1]


def test_lowest_workload_is_relative_to_capacity_with_the_case_added():
    """Workloads 10, 6 and 9 over capacities 30, 10 and 25, with a case of weight 2:
    12/30 = .40, 8/10 = .80, 11/25 = .44. Without the case the third would be first: .333, .6, .36.
    """
    world = team_of(3, "lowest_workload")
    set_columns(world, workload=[10.0, 6.0, 9.0], capacity=[30.0, 10.0, 25.0])
    meet(world)
    assert holders(world) == [0]


def test_lowest_workload_looks_at_the_case_it_adds():
    """Loads 2/5 = .4 and 9/20 = .45 now; with a case of 2 they are .8 and .55."""
    world = team_of(2, "lowest_workload")
    set_columns(world, workload=[2.0, 9.0], capacity=[5.0, 20.0])
    meet(world)
    assert holders(world) == [1]


@pytest.mark.parametrize(
    ("tier", "loads", "expected"),
    [
        # Newly qualified are workers 0 and 1. A novice's load counts 1 more for high risk ...
        ("high", [0.0, 0.0, 18.0, 20.0], 2),  # .067, .067 + 1 against 20/30
        ("high", [0.0, 0.0, 40.0, 60.0], 0),  # 1.067 against 1.4
        # ... and an experienced one's .25 more for the rest.
        ("low", [8.0, 12.0, 5.0, 5.0], 0),  # 10/30 = .333 against 7/30 + .25 = .483
        ("low", [18.0, 18.0, 5.0, 6.0], 2),  # .667 against .483
    ],
)
def test_skill_matched_keeps_high_risk_from_novices_in_all_but_need(tier, loads, expected):
    world = team_of(4, "skill_matched", demand={"risk": {tier: 1.0}})
    set_columns(
        world, workload=loads, capacity=[30.0] * 4, newly_qualified_until=[500, 500, -1, -1]
    )
    meet(world)
    assert holders(world) == [expected]


@pytest.mark.parametrize(("knows", "expected"), [(2, 2), (0, 0), (NOBODY, 1)])
def test_continuity_goes_to_whoever_had_the_case_before_else_by_workload(knows, expected):
    world = team_of(3, "continuity")
    set_columns(world, workload=[20.0, 1.0, 10.0])
    go_on(world, 0.05)  # the case has arrived
    world.cases.table["former_worker"][0] = knows
    meet(world)
    assert holders(world) == [expected]


def test_continuity_falls_back_when_the_former_worker_is_full():
    world = team_of(3, "continuity", allocation={"rule": "continuity", "caseload_cap": 5})
    set_columns(world, workload=[20.0, 1.0, 10.0], caseload=[1, 1, 5])
    go_on(world, 0.05)
    world.cases.table["former_worker"][0] = 2
    meet(world)
    assert holders(world) == [1]


def test_optimal_gives_up_the_best_for_one_case_where_that_is_best_for_all():
    """Two cases of weight 2, workers with loads 0 and 1 of 30; the second case knows worker 0.

    One by one: the first to worker 0 (2/30 against 3/30), the second to worker 1 (3/30 against
    4/30), in all .167. The other way round it is 3/30 + 2/30 - .5 for continuity: -.333.
    """
    for rule, expected in (("lowest_workload", [0, 1]), ("optimal", [1, 0])):
        world = world_of(
            story([0, 0], workers=2, stages=WEIGHT, allocation={"rule": rule}), years=0.2
        )
        set_columns(world, workload=[0.0, 1.0], capacity=[30.0, 30.0])
        go_on(world, 0.05)
        world.cases.table["former_worker"][1] = 0
        meet(world)
        assert holders(world) == expected, rule


def test_optimal_is_never_dearer_than_any_other_assignment_of_as_many():
    """Against all permutations, for forty random mornings of three cases and four workers."""
    random = np.random.default_rng(5)
    for _ in range(40):
        world = world_of(
            story([0, 0, 0], workers=4, stages=WEIGHT, allocation={"rule": "optimal"}), years=0.2
        )
        loads, capacity = random.uniform(0, 40, 4), random.uniform(10, 40, 4)
        known = random.integers(-1, 4, 3)
        set_columns(world, workload=loads, capacity=capacity)
        go_on(world, 0.05)
        world.cases.table["former_worker"][:3] = known
        hold_optimal_meeting(world)

        def cost(chosen, loads=loads, capacity=capacity, known=known):
            return sum(
                (loads[worker] + 2.0) / capacity[worker]
                - CONTINUITY_WORTH * (worker == known[case])
                for case, worker in enumerate(chosen)
            )

        cheapest = min(cost(p) for p in itertools.permutations(range(4), 3))
        assert cost(holders(world)) == pytest.approx(cheapest)


# ---------------------------------------------------------------- compiled and reference


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_a_compiled_rule_equals_its_reference_in_every_table(name):
    """Half a year of a busy service, with caps, duty, skills and novices."""
    service = lively_service(
        allocation={"rule": name, "caseload_cap": 9}, demand={"referrals": {"per_week": 18}},
        recruitment=NOVICES,
    )  # fmt: skip
    compiled = lived(service, years=0.5)
    reference = lived(service, years=0.5, allocation_rule=REFERENCE[name])
    assert same_tables(compiled, reference)
    assert len(compiled.tables["allocation_log"]) > 200


def test_the_rules_differ_from_each_other():
    """Where many fall ill, hand over at once, and are back while their cases still wait for someone
    with room, it matters who knew a case."""
    service = lively_service(
        demand={"referrals": {"per_week": 18}}, recruitment=NOVICES,
        allocation={"caseload_cap": 9},
        absence={"cover": "reallocate", "reallocate_after_days": 0,
                 "short_sickness": {"per_year": 12, "duration": 2}},
    )  # fmt: skip
    lever = {"lever": "allocation_rule"}
    rules = [*REFERENCE, "optimal"]
    runs = [lived(service, {**lever, "rule": rule}, years=0.4) for rule in rules]
    for (one, a), (other, b) in itertools.combinations(zip(rules, runs, strict=True), 2):
        assert not a.tables["team_weeks"].equals(b.tables["team_weeks"]), (one, other)


# ---------------------------------------------------------------- order, caps, eligibility


def test_cases_are_taken_by_risk_and_then_in_the_order_in_which_they_came():
    """Five cases on day 0, five on day 1, of two tiers, for the one place that opens each day."""
    scenario = story(
        [0] * 5 + [1] * 5, workers=1, cap=1, stages={"care": stage(1)},
        risk={LOW: 0.5, HIGH: 0.5},
    )  # fmt: skip
    world = world_on(30, scenario, seed=3)
    tier, allocated = world.cases["tier"], world.cases["allocated"]
    assert sorted(set(tier.tolist())) == [1, 2]
    assert sorted(allocated.tolist()) == list(range(10))
    first = min(range(5), key=lambda row: (tier[row], row))  # of those who were there on day 0
    rest = sorted(set(range(10)) - {first}, key=lambda row: (tier[row], row))
    assert np.argsort(allocated).tolist() == [first, *rest]


@pytest.mark.parametrize(
    ("cap", "fte", "share", "expected"),
    [(3, 1, 1.0, 3), (3, 0.5, 1.0, 1), (5, 1, 0.8, 4), (0, 1, 1.0, 0), (2.5, 1, 1.0, 2)],
)
def test_nobody_gets_more_cases_than_the_cap_for_their_hours_and_role(cap, fte, share, expected):
    world = world_on(
        5,
        story([0] * 8, workers=fte, cap=cap, roles={ROLE: {"caseload_share": share}}),
    )
    assert int(world.workers["caseload"][0]) == expected
    assert (world.cases["status"] == WAITING).sum() == 8 - expected


def test_workload_cap_stops_at_the_first_case_that_reaches_it():
    """Cases of 4 hours a week against 35: below 50 % (17.5) up to the fourth, 16; the fifth is
    given at 16 and ends at 20; a sixth is not."""
    world = world_on(
        5,
        story(
            [0] * 9, workers=1, stages={"care": stage(50, weight=4.0)},
            allocation={"rule": "lowest_workload", "workload_cap": 0.5},
        ),
    )  # fmt: skip
    assert world.workers["workload"][0] == 20.0
    assert int(world.workers["caseload"][0]) == 5


def test_duty_takes_the_highest_tier_at_once_above_any_cap():
    """Caps of zero: of the twelve cases those in the duty tier, and only they, have a worker."""
    world = world_on(
        AFTER_THE_MEETING,
        story(
            [0] * 12, workers=2, cap=0, allocation={"workload_cap": 0.0},
            risk={HIGHEST: 0.4, HIGH: 0.3, LOW: 0.3},
        ),
    )  # fmt: skip
    duty = world.cases["tier"] == 0
    assert 0 < duty.sum() < 12
    assert np.array_equal(world.cases["status"] == HELD, duty)


@pytest.mark.parametrize("rule", ["round_robin", "optimal", "own"])
def test_duty_is_the_same_under_a_rule_in_python(rule):
    """Above the caps, and to the lowest workload whatever the rule."""
    asked = {"allocation_rule": LeastExhausted()} if rule == "own" else {}
    scenario = lively_service(
        allocation={"rule": "optimal" if rule == "optimal" else "round_robin", "caseload_cap": 0}
    )
    log = simulate(
        scenario, policy(), seed=1, replication=0, years=0.3, tables=["allocation_log"], **asked
    ).tables["allocation_log"]
    assert len(log) > 5
    assert set(log["tier"]) == {HIGHEST}
    assert log["why"].str.startswith("given at once by duty, above any cap").all()


def test_only_a_role_and_a_skill_that_fit_may_hold_a_stage():
    log = lived(lively_service(), years=0.5).tables["allocation_log"]
    run = lived(lively_service(), years=0.5).tables
    role = run["worker_weeks"].drop_duplicates("worker").set_index("worker")["role"]
    court = log[log["stage"] == "court"]
    assert len(court) > 5
    assert (court["worker"].map(role).dropna() == "senior").all()
    assert court["tier"].isin([HIGHEST, "high"]).all()  # risk_at_least


def test_a_case_goes_to_the_team_of_its_area_and_stays_there():
    world = world_of(lively_service(), years=0.5)
    world.run()
    cases = world.cases.table[: world.cases.n]
    intake = cases[(cases["stage"] == 1) & (cases["allocated"] >= 0)]
    assert np.array_equal(intake["team"], (intake["area"] * 2).astype(int))
    assert len(set(intake["team"].tolist())) == 2


# ---------------------------------------------------------------- the log


def test_the_log_explains_each_allocation():
    """Three workers: one is on leave, one is full, the third has 1 case of weight 2 in 35."""
    world = world_of(
        story([0], workers=3, cap=4, stages=WEIGHT, allocation={"rule": "lowest_workload"}),
        years=0.2, tables=["allocation_log"],
    )  # fmt: skip
    set_columns(world, caseload=[4, 1, 0], workload=[8.0, 2.0, 0.0])
    world.workers.diary[2, 0] = 1  # on leave
    meet(world)
    log = world.record.tables(world)["allocation_log"]
    assert len(log) == 1
    row = log.iloc[0]
    assert (row["day"], row["team"], row["stage"], row["tier"], row["waited_days"]) == (
        0, "team", "care", "low", 0,
    )  # fmt: skip
    assert row["worker"] == world.workers["key"][1]
    assert row["why"] == (
        "lowest weighted workload against capacity: 1 eligible of 2 present in a team of 3; "
        "held 1 cases, 6% of capacity"
    )


def test_the_log_gives_the_reason_of_the_rule_of_the_day():
    """The rule changes in the middle of the run: each allocation has the reason that held then."""
    lever = {"lever": "allocation_rule", "rule": "fewest_cases", "start_after_months": 3}
    log = lived(lively_service(), lever, years=0.5).tables["allocation_log"]
    log = log[log["tier"] != HIGHEST]
    changed = round(3 / 12 * 253)
    early, late = log[log["day"] < changed], log[log["day"] >= changed]
    assert len(early) > 20
    assert len(late) > 20
    assert early["why"].str.startswith("lowest weighted workload").all()
    assert late["why"].str.startswith("fewest cases").all()


# ---------------------------------------------------------------- a rule of one's own


class LeastExhausted:
    """The ten lines of the example in sim.model.allocation_rules."""

    name = "least exhausted"

    def choose(self, case: WaitingCase, eligible: Eligible) -> int:
        return int(eligible.exhaustion.argmin())


def test_ones_own_rule_chooses_and_is_named_in_the_log():
    service = lively_service(risk_tiers={HIGHEST: {"duty": False}})
    run = lived(service, years=0.4, allocation_rule=LeastExhausted())
    log = run.tables["allocation_log"]
    assert len(log) > 100
    assert log["why"].str.startswith("least exhausted: ").all()
    assert not same_tables(run, lived(service, years=0.4))


def test_ones_own_rule_sees_the_case_and_the_eligible():
    seen = []

    @dataclass
    class Note:
        name: str = "note"

        def choose(self, case: WaitingCase, eligible: Eligible) -> int:
            seen.append((case, eligible))
            return len(eligible.worker) - 1  # the last

    world = world_of(
        story([0, 0], workers=3, stages=WEIGHT, cap=4, demand={"risk": {"high": 1.0}}), years=0.2
    )
    world.own_rule = Note()
    set_columns(world, caseload=[4, 1, 3], exhaustion=[0.9, 0.1, 0.5], started=[0, -253, -10])
    meet(world)
    assert holders(world) == [2, 1]  # 0 is full; after the first case, 2 is as well
    case, eligible = seen[0]
    assert case == WaitingCase(
        tier=0, high_risk=True, weight=2.0, waited_days=0, former_worker=NOBODY
    )
    assert eligible.worker.tolist() == [1, 2]
    assert eligible.exhaustion.tolist() == [0.1, 0.5]
    assert eligible.tenure_days.tolist() == [253, 10]
    assert eligible.load.tolist() == pytest.approx([0.0, 0.0])
    assert seen[1][1].worker.tolist() == [1]


def test_a_rule_that_chooses_nobody_there_is_told_so():
    class Wrong:
        name = "wrong"

        def choose(self, case: WaitingCase, eligible: Eligible) -> int:
            return len(eligible.worker)

    with pytest.raises(ValueError, match="allocation rule 'wrong' chose place 1 of 1 eligible"):
        simulate(
            tiny_service(), policy(), seed=1, replication=0, years=0.1, allocation_rule=Wrong()
        )


def test_a_meeting_does_not_go_through_a_backlog_that_nobody_has_room_for(monkeypatch):
    """Some 2,500 cases wait behind a worker with 2 places: two of them are ever looked at."""
    looked_at = []
    eligible_workers = allocation_meeting.eligible_workers

    def look(world, row, workers):
        looked_at.append(row)
        return eligible_workers(world, row, workers)

    monkeypatch.setattr(allocation_meeting, "eligible_workers", look)
    scenario = tiny_service(cases_a_day=20, duration=1000, cap=2)
    world = world_of(scenario, years=0.5)
    world.own_rule = LeastExhausted()
    outcomes = world.run().outcomes
    assert outcomes["waiting_cases_end"] > 2000
    assert looked_at == [0, 1]


# ---------------------------------------------------------------- who may be given a case


def test_high_risk_work_is_not_begun_by_a_meeting_that_nobody_attends():
    """Everyone on leave on day 0: even duty waits for day 1."""
    world = world_of(story([0], workers=2, risk={HIGHEST: 1.0}), years=0.2)
    world.workers.diary[:2, 0] = 1
    meet(world)
    assert holders(world) == [NOBODY]
    meet(world, 1)
    assert holders(world) == [0]


def test_statutory_clock_and_tier_are_the_stages_own():
    """A stage with `risk_at_least` raises the tier of whoever enters it, and never lowers it."""
    stages = {
        "look": stage(1, team=None, to={"court": 1.0}),
        "court": stage(5, risk_at_least=HIGH, work={"w": work(1)}),
    }
    scenario = story(
        [0] * 12, workers=2, stages=stages, risk={HIGHEST: 0.3, HIGH: 0.2, LOW: 0.5},
    )  # fmt: skip
    before, after = world_on(0.05, scenario), world_on(4, scenario)
    tiers = before.cases["tier"], after.cases["tier"]
    assert set(tiers[0].tolist()) == {0, 1, 2}
    assert np.array_equal(tiers[1], np.minimum(tiers[0], 1))


def test_demand_names_the_only_stream():
    """The stories of this file have one stream."""
    assert list(story([0]).demand) == [STREAM]
