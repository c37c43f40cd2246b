"""The tables of a run and its outcomes tell the same story."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.columns import CASE_STATUS, HELD, LEFT
from sim.model.tallies import NAMES
from sim.model.world import World, simulate
from sim.scenario.calendar import working_days_between
from tests.property.small_scenarios import policies, real_starts, scenarios
from tests.services import BASELINE
from tests.small_services import EVERYTHING, lived, lively_service

pytestmark = pytest.mark.property

A_YEAR = 253  # working days
YEARS = 0.4


def ratio(above, below):
    return above / below if below > 0 else None


@settings(max_examples=20)
@given(scenarios() | real_starts(), policies(), st.integers(0, 2**31))
def test_totals_of_the_team_weeks_are_the_outcomes(scenario, policy, seed):
    result = simulate(scenario, policy, seed=seed, replication=0, years=YEARS, tables=EVERYTHING)
    weeks, out = result.tables["team_weeks"], result.outcomes
    weeks = weeks[weeks["week"] >= 0]
    if weeks.empty:
        return
    s = weeks[list(NAMES)].sum()
    # What counts begins with the Monday of the start date, unless the run begins after it, or the
    # Monday after a start date at a weekend.
    weekday = scenario.start_date.weekday()
    monday = scenario.start_date + timedelta(days=-weekday if weekday < 5 else 7 - weekday)
    begins = max(monday, scenario.start_date - timedelta(weeks=scenario.warm_up_weeks))
    last = weeks["week_ending"].max().date()
    days = working_days_between(begins, last + timedelta(days=1))
    years = days / A_YEAR
    hours = s["contracted_hours"] + s["overtime_hours"]
    in_post, agency = s["in_post_fte_days"], s["agency_fte_days"]
    expected = {
        "caseload_per_fte": ratio(s["held_case_days"], s["case_holder_fte_days"]),
        "turnover_rate": ratio(s["leavers_fte"] * A_YEAR, in_post),
        "vacancy_rate": ratio(s["vacant_fte_days"], s["post_fte_days"]),
        "agency_rate": ratio(agency, in_post + agency),
        "absence_rate": ratio(s["sick_fte_days"], in_post),
        "overloaded_worker_weeks": ratio(s["overloaded_weeks"], s["worker_weeks"]),
        "worker_weeks_over_50_hours": ratio(s["long_weeks"], s["worker_weeks"]),
        "hours_per_week": ratio(5 * hours, s["worked_fte_days"]),
        "direct_time_share": ratio(s["direct_hours"], hours),
        "supervision_held": ratio(s["supervision_held"], s["supervision_due"]),
        "high_risk_allocated_in_1_day": ratio(
            s["high_risk_in_one_day"], s["high_risk_allocations"]
        ),
        "workers_per_case": ratio(s["closed_case_workers"], s["closed_cases_held"]),
        "unallocated_cases_mean": s["waiting_case_days"] / days,
        "open_cases_mean": s["open_case_days"] / days,
        "in_post_fte": in_post / days,
        "case_holder_fte": s["case_holder_fte_days"] / days,
        "arrivals_per_year": s["arrivals"] / years,
        "closures_per_year": s["closures"] / years,
        "expected_incidents": s["expected_incidents"] / years,
        "cost_permanent": s["cost_permanent"] / years,
        "unpaid_hours_value": s["value_unpaid"] / years,
        "assessments_in_time": ratio(
            weeks["assessments_in_time_in_time"].sum(), weeks["assessments_in_time_ended"].sum()
        ),
    }
    by_week = weeks.groupby("week_ending")["waiting_case_days"].sum()
    first_of_week = [end.date() - timedelta(days=end.weekday()) for end in by_week.index]
    open_days = [
        working_days_between(max(first, begins), end.date() + timedelta(days=1))
        for first, end in zip(first_of_week, by_week.index, strict=True)
    ]
    expected["unallocated_cases_peak"] = (by_week / open_days).max()
    for key, value in expected.items():
        assert out.get(key) == (None if value is None else pytest.approx(value)), key


@pytest.fixture(scope="module")
def busy():
    """A year that begins on a Monday: the tables by day and those by week count the same days."""
    return lived(lively_service(start_date="2002-04-08", demand={"referrals": {"per_week": 25}}))


def counted(run, name):
    weeks = run.tables["team_weeks"]
    return weeks.loc[weeks["week"] >= 0, name].sum()


def last_days(run):
    """Days after the last week that is whole: in the tables by day, not in those by week."""
    return working_days_between(
        np.datetime64("2002-04-08").astype(object),
        run.tables["team_weeks"]["week_ending"].max().date() + timedelta(days=1),
    )


def test_closed_cases_has_a_row_for_each_that_the_weeks_count(busy):
    rows = busy.tables["closed_cases"]
    rows = rows[rows["day_closed"] < last_days(busy)]
    for status, name in (
        ("closed", "closures"), ("withdrawn", "withdrawals"), ("refused", "refusals")
    ):  # fmt: skip
        assert (rows["status"] == status).sum() == counted(busy, name) > 0, status
    closed = rows[rows["status"] == "closed"]
    assert closed["workers"].sum() == counted(busy, "closed_case_workers")
    assert rows["case"].is_unique


def test_allocation_log_has_a_row_for_each_that_the_weeks_count(busy):
    rows = busy.tables["allocation_log"]
    rows = rows[rows["day"] < last_days(busy)]
    assert len(rows) == counted(busy, "allocations") + counted(busy, "reallocations") > 500


def test_worker_weeks_add_up_to_the_team_weeks_but_for_those_who_left_within_the_week(busy):
    workers, teams = busy.tables["worker_weeks"], busy.tables["team_weeks"]
    by_worker = workers.groupby(["week", "team"])[["week_contracted", "week_direct"]].sum()
    by_team = teams.groupby(["week", "team"])[["contracted_hours", "direct_hours"]].sum()
    both = by_worker.join(by_team, how="inner")
    missing = both["contracted_hours"] - both["week_contracted"]
    assert (missing >= -1e-9).all()
    same = missing.abs() < 1e-9
    assert same.mean() > 0.7  # a dozen of leavers and agency workers go on some day of a week
    np.testing.assert_allclose(
        both.loc[same, "week_direct"], both.loc[same, "direct_hours"], atol=1e-9
    )
    assert missing[~same].max() <= 4 * 36 * 3  # four days of some few people


def test_the_trace_tells_of_every_case_and_every_person_once():
    """From the first day to the last, the warm-up included: against the columns of the world."""
    service = lively_service(
        demand={"referrals": {"per_week": 25}, "calls": {"waiting_limit": 0}}, start="empty"
    )
    world = World(
        service, BASELINE, seed=1, replication=0, years=0.5, trace=True, tables=["team_weeks"]
    )
    events = world.run().events
    cases, workers = world.cases, world.workers
    told = events["event"].value_counts()
    assert told["arrival"] == cases.n
    for status, name in enumerate(CASE_STATUS):
        if name in ("closed", "withdrawn", "refused"):
            there = set(cases["key"][cases["status"] == status].tolist())
            assert len(there) > 2
            assert sorted(events.loc[events["event"] == name, "case"]) == sorted(there)
    assert told["starts"] + told["agency starts"] == workers.n
    assert told["leaves"] == (workers["status"] == LEFT).sum() > 3
    last = events[events["event"] == "allocation"].groupby("case")["worker"].last()
    held = cases.table[: cases.n][cases["status"] == HELD]
    assert len(held) > 20
    for row in held:
        assert last[row["key"]] == workers["key"][row["worker"]]
    assert events["day"].is_monotonic_increasing
    assert events["day"].min() < 0


def test_no_allocation_but_dutys_goes_above_the_caps(busy):
    """From the log: cases held before it, against the cap for the worker's hours and role."""
    log = busy.tables["allocation_log"]
    log = log[log["tier"] != "immediate"]
    people = busy.tables["worker_weeks"].drop_duplicates("worker").set_index("worker")
    who = people.reindex(log["worker"])
    held_before = log["why"].str.extract(r"held (\d+) cases")[0].astype(int).to_numpy()
    share = who["role"].map({"social_worker": 1.0, "senior": 0.8}).to_numpy()
    known = ~np.isnan(share)
    assert known.mean() > 0.95
    cap = 16 * share * who["fte"].to_numpy()
    assert (held_before[known] + 1 <= cap[known] + 1e-9).all()
    assert (held_before[known] + 2 > cap[known]).any()  # the cap is felt
