"""Targets as people write them, and what is said of those that cannot be."""

import numpy as np
import pytest

from sim.scenario.problems import InputError
from sim.study.staffing.targets import read_targets
from tests.services import tiny_service

pytestmark = pytest.mark.unit

SERVICE = tiny_service()


def refused(*written) -> str:
    with pytest.raises(InputError) as error:
        read_targets(written, SERVICE)
    return str(error.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("overloaded_worker_weeks <= 0.10", "overloaded_worker_weeks <= 0.1"),
        ("overloaded_worker_weeks<=10%", "overloaded_worker_weeks <= 0.1"),
        (" caseload_per_fte ≥ 12 ", "caseload_per_fte >= 12"),
        ("turnover_rate <= 12 %", "turnover_rate <= 0.12"),
        ("total_cost <= 21,500,000", "total_cost <= 2.15e+07"),
    ],
)
def test_a_target_is_an_outcome_a_side_and_a_value(written, meant):
    (target,) = read_targets([written], SERVICE)
    assert str(target) == meant


def test_margins_are_above_nothing_where_the_target_is_kept():
    least, most = read_targets(
        ["high_risk_allocated_in_1_day >= 0.9", "caseload_per_fte <= 15"], SERVICE
    )
    np.testing.assert_allclose(least.margin([0.95, 0.9, 0.8]), [0.05, 0, -0.1], atol=1e-12)
    np.testing.assert_allclose(most.margin([14, 15, 17]), [1, 0, -2])


def test_the_same_target_twice_is_one():
    assert len(read_targets(["exhaustion <= 0.3", "exhaustion <= 0.3"], SERVICE)) == 1


@pytest.mark.parametrize(
    "written",
    ["", "exhaustion", "exhaustion < 0.3", "exhaustion = 0.3", "exhaustion <= much",
     "exhaustion <= nan", "exhaustion <= inf", "<= 0.3", "exhaustion <= 0.3 <= 0.4"],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_with_an_example(written):
    said = refused(written)
    assert "cannot be read" in said
    assert "high_risk_allocated_in_1_day >= 0.95" in said


def test_an_unknown_outcome_is_answered_with_the_nearest():
    said = refused("overloaded_worker_week <= 0.1")
    assert "no such outcome" in said
    assert "did you mean 'overloaded_worker_weeks'?" in said


def test_a_share_in_per_cent_is_answered_with_the_share():
    said = refused("high_risk_allocated_in_1_day >= 95")
    assert "a share from 0 to 1" in said
    assert "write 0.95, or 95 %" in said
    assert "share" in refused("turnover_rate <= 12")


def test_per_cent_of_what_is_no_share_is_refused():
    assert "its unit is cases per FTE" in refused("caseload_per_fte <= 15 %")


def test_what_is_never_below_0_has_no_target_there():
    assert "caseload_per_fte is never below 0" in refused("caseload_per_fte <= -3")
    assert read_targets(["caseload_per_fte <= 0"], SERVICE)[0].value == 0


def test_targets_that_no_service_can_meet_together_are_refused():
    said = refused("exhaustion <= 0.2", "exhaustion >= 0.3")
    assert "no service can meet both: exhaustion >= 0.3 and exhaustion <= 0.2" in said
    assert len(read_targets(["exhaustion <= 0.3", "exhaustion >= 0.2"], SERVICE)) == 2


def test_all_problems_are_said_at_once():
    said = refused("nonsense", "wellbeing >= 3", "turnover_rate <= 12")
    assert all(each in said for each in ("nonsense", "wellbeing", "turnover_rate"))


def test_without_any_target_there_is_nothing_to_search_for():
    assert "there is no target" in refused()
