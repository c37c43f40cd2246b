"""Policies that change nothing, or nothing yet."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.world import simulate
from tests.small_services import lived, lively_service, policy, same_tables

pytestmark = pytest.mark.metamorphic

YEARS = 0.6
SERVICE = lively_service(supervision={"protected": True, "cpd_protected": True})
# Every lever but those that always add something, set to what the service has already.
WITHOUT_EFFECT = [
    {"lever": "caseload_cap", "cases": 16},
    {"lever": "workload_cap", "level": 1.3},
    {"lever": "newly_qualified_protection", "caseload_share": 0.9, "protected_share": 0.1},
    {"lever": "protected_supervision"},
    {"lever": "protected_supervision", "every_days": 20},
    {"lever": "protected_cpd", "hours_per_week": 0.5},
    {"lever": "supervision_ratio", "manager_hours_per_week": 8},
    {"lever": "time_to_hire"},
    {"lever": "intake", "per_year": 2},
    {"lever": "pay_supplement", "per_year": 0},
    {"lever": "agency_cap", "share": 0.4},
    {"lever": "overtime_limit", "hours_per_week": 168},
    {"lever": "allocation_rule", "rule": "lowest_workload"},
    {"lever": "early_help", "share": 0},
    {"lever": "demand", "factor": 1},
    {"lever": "leavers", "share": 0},
]
# Every lever, with an effect.
WITH_EFFECT = [
    {"lever": "posts", "role": "social_worker", "team": "intake", "fte": 3.5},
    {"lever": "posts", "role": "social_worker", "team": "long_term", "fte": 2,
     "filled_by": "at_once"},
    {"lever": "business_support", "fte": 2},
    {"lever": "caseload_cap", "cases": 6},
    {"lever": "workload_cap", "level": 0.6},
    {"lever": "newly_qualified_protection", "caseload_share": 0.3, "protected_share": 0.4},
    {"lever": "protected_supervision", "every_days": 8},
    {"lever": "protected_cpd", "hours_per_week": 3},
    {"lever": "supervision_ratio", "manager_hours_per_week": 1},
    {"lever": "time_to_hire", "days_factor": 0.3, "success_factor": 2},
    {"lever": "intake", "per_year": 9},
    {"lever": "pay_supplement", "per_year": 20000},
    {"lever": "agency_cap", "share": 0},
    {"lever": "overtime_limit", "hours_per_week": 0},
    {"lever": "allocation_rule", "rule": "round_robin"},
    {"lever": "early_help", "share": 0.5},
    {"lever": "demand", "factor": 2},
    {"lever": "leavers", "share": 0.4},
]  # fmt: skip


def named(levers):
    return [f"{number} {lever['lever']}" for number, lever in enumerate(levers)]


@pytest.fixture(scope="module")
def baseline():
    return lived(SERVICE, years=YEARS)


@pytest.mark.parametrize("ramp", [0, 2])
@pytest.mark.parametrize("lever", WITHOUT_EFFECT, ids=named(WITHOUT_EFFECT))
def test_a_lever_set_to_what_is_there_differs_by_exactly_0(baseline, lever, ramp):
    assert same_tables(baseline, lived(SERVICE, {**lever, "ramp_months": ramp}, years=YEARS))


def test_all_levers_set_to_what_is_there_differ_by_exactly_0(baseline):
    assert same_tables(baseline, lived(SERVICE, *WITHOUT_EFFECT, years=YEARS))


# ---------------------------------------------------------------- a policy that starts on day 100

DAY = 100
NOT_PROTECTED = lively_service(  # nothing is protected, and posts stay vacant for long
    recruitment={"vacant_on_first_day": 0.4, "success_per_round": 0.1}
)


@pytest.fixture(scope="module")
def without():
    return simulate(
        NOT_PROTECTED, policy(), seed=3, replication=1, years=YEARS,
        tables=["team_weeks"], trace=True,
    )  # fmt: skip


def day_100(run):
    """The date of day 100, and the first of the following Monday's dates."""
    return run.events.loc[run.events["day"] >= DAY, "date"].min()


@pytest.mark.parametrize("lever", WITH_EFFECT, ids=named(WITH_EFFECT))
def test_a_policy_that_starts_on_day_100_leaves_days_0_to_99_identical(without, lever):
    start = day_100(without)
    run = simulate(
        NOT_PROTECTED, policy({**lever, "start": str(start)[:10], "ramp_months": 0.5}), seed=3,
        replication=1, years=YEARS, tables=["team_weeks"], trace=True,
    )  # fmt: skip
    for one, other in (
        (without.events, run.events),
        (without.tables["team_weeks"], run.tables["team_weeks"]),
    ):
        column = "date" if "date" in one else "week_ending"
        before, after = (table[table[column] < start] for table in (one, other))
        assert len(before) > 40
        assert before.equals(after)
    assert not without.tables["team_weeks"].equals(run.tables["team_weeks"])


def test_the_baseline_of_the_day_100_tests_has_the_days_it_speaks_of(without):
    """A trace from the warm-up (negative days) to the last day, with events on most days."""
    days = np.unique(without.events["day"])
    assert days.min() < 0 < DAY < days.max()
    assert len(days) > 0.9 * (days.max() - days.min())
