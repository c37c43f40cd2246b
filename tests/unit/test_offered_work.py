"""The work that demand asks for, held against what posts can give."""

import pytest
import yaml

from sim.scenario.offered_work import capacity_hours, offered_hours, visits_to_stages, warnings
from sim.scenario.pathway import Pathway
from sim.scenario.service import Scenario
from tests.stand_ins import SMALL_SERVICE

pytestmark = pytest.mark.behaviour


def service(**changes) -> Scenario:
    text = SMALL_SERVICE
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return Scenario.model_validate(yaml.safe_load(text))


def test_hours_offered_and_hours_there_are_sums_by_hand():
    """5 cases a week, 33 days each, a visit every 10 days of 2 hours and 2 hours of recording.

    Offered: 5 x 3.3 x 4 = 66 hours. There: 6 workers x (37 + 3 of overtime), away 28 of 261
    days = 214.25.
    """
    assert offered_hours(service()) == {"duty": pytest.approx(66)}
    assert capacity_hours(service()) == {"duty": pytest.approx(6 * 40 * (1 - 28 / 261))}
    assert warnings(service()) == ()


def test_business_support_takes_admin_over_up_to_its_hours():
    support = ("posts: {social_worker: 6", "business_support: 1\n    posts: {social_worker: 6")
    share = ("working_time: {", "working_time: {delegable_admin_share: 0.5, ")
    # Half of 33 hours of admin is 16.5, of the 0.8 x 37 that one worker has.
    assert offered_hours(service(a=support, b=share))["duty"] == pytest.approx(66 - 16.5)
    little = (support[0], support[1].replace("support: 1", "support: 0.1"))
    assert offered_hours(service(a=little, b=share))["duty"] == pytest.approx(66 - 2.96)


def test_more_work_than_all_overtime_can_do_is_a_warning():
    busy = ("per_week: 5", "per_week: 20")
    (warning,) = warnings(service(a=busy))
    assert warning.startswith("teams.duty: demand asks for about 264 hours")
    assert "214 (123%)" in warning
    monthly = ("per_week: 5", "per_month: [60, 113.9286]")  # the same, 20 a week on average
    assert offered_hours(service(a=monthly))["duty"] == pytest.approx(264, rel=1e-4)
    nobody = ("social_worker: 6", "social_worker: 0")
    assert "there is nobody to do it" in warnings(service(a=nobody))[0]


def stage(**next_) -> dict:
    return {"label": "x", "duration": 1, "next": next_}


def test_stages_are_visited_as_often_as_the_shares_say():
    """Half of the cases go on from a to b, where a quarter goes round again: 1 / (1 - 1/4)."""
    stages = {"a": stage(b=0.5, closed=0.5), "b": stage(b=0.25, closed=0.75)}
    pathway = Pathway.model_validate({"label": "x", "stages": stages})
    assert visits_to_stages(pathway) == pytest.approx({"a": 1, "b": 0.5 / 0.75})


def test_cases_that_come_back_are_visits_too():
    """A fifth of closed cases comes back, and again: 1 / (1 - 0.2) arrivals for each new case."""
    pathway = {"label": "x", "stages": {"a": stage(closed=1.0)}}
    pathway["rereferral"] = {"share": 0.2, "after": 100}
    assert visits_to_stages(Pathway.model_validate(pathway)) == pytest.approx({"a": 1.25})
