"""What a staffing search can move, over which levels, and the service at each of them."""

import pytest

from sim.scenario.loading import load_scenario
from sim.scenario.problems import InputError
from sim.scenario.service import Scenario
from sim.study.staffing.levels import posts_of, support_of
from sim.study.staffing.levers import lever_of
from tests.services import tiny_service

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def average() -> Scenario:
    return load_scenario("children_average_england")


def refused(scenario, **asked) -> str:
    with pytest.raises(InputError) as error:
        lever_of(scenario, **asked)
    return str(error.value)


def test_posts_go_in_whole_steps_from_todays_over_half_to_twice_as_many(average):
    lever = lever_of(average, role="social_worker")
    assert lever.levels[lever.today] == pytest.approx(110.4)
    assert lever.levels[lever.today + 12] == pytest.approx(122.4)
    assert (lever.levels[0], lever.levels[-1]) == pytest.approx((55.4, 220.4))
    assert lever.what == "social worker posts"


def test_posts_are_spread_over_the_teams_as_they_are_now(average):
    more = lever_of(average, role="social_worker").put(average, 220.8)
    for name, team in average.teams.items():
        if "social_worker" in team.posts:
            doubled = 2 * team.posts["social_worker"]
            assert more.teams[name].posts["social_worker"] == pytest.approx(doubled)
        assert more.teams[name].posts.get("team_manager") == team.posts.get("team_manager")
    assert posts_of(more, "social_worker") == pytest.approx(220.8)


def test_posts_of_one_kind_of_team_leave_the_others_as_they_are(average):
    lever = lever_of(average, role="social_worker", team="assessment")
    assert lever.levels[lever.today] == pytest.approx(34.8)
    more = lever.put(average, 40.8)
    assert more.teams["assessment"].posts["social_worker"] == pytest.approx(6.8)
    assert more.teams["children_in_care"] == average.teams["children_in_care"]


@pytest.mark.parametrize("asked", [
    {"role": "social_worker"}, {"lever": "business_support"}, {"lever": "caseload_cap"},
    {"lever": "time_to_hire"},
])  # fmt: skip
def test_at_todays_level_the_service_is_as_it_is(average, asked):
    lever = lever_of(average, **asked)
    there = lever.put(average, lever.levels[lever.today])
    before, after = average.model_dump(), there.model_dump()
    before["recruitment"].pop("vacant_on_first_day")
    assert after["recruitment"].pop("vacant_on_first_day") == pytest.approx(0.142)
    assert after == before


def test_every_level_is_a_service_that_could_be_written_in_a_file(average):
    for asked in ({"role": "team_manager"}, {"lever": "business_support"},
                  {"lever": "caseload_cap"}, {"lever": "time_to_hire"}):  # fmt: skip
        lever = lever_of(average, **asked)
        for level in (lever.levels[0], lever.levels[-1]):
            there = lever.put(average, level)
            assert Scenario.model_validate(there.model_dump()) == there


def test_business_support_where_there_is_none_goes_to_all_teams_alike():
    none = tiny_service(teams=4)
    lever = lever_of(none, lever="business_support", highest=8)
    assert lever.levels == tuple(range(9))
    assert lever.put(none, 8).teams["team"].business_support == 2
    assert support_of(lever.put(none, 8)) == 8


def test_a_cap_is_searched_from_above_and_where_there_is_none_over_the_usual_ones(average):
    capped = average.model_copy(
        update={"allocation": average.allocation.model_copy(update={"caseload_cap": 32})}
    )
    lever = lever_of(capped, lever="caseload_cap")
    assert (lever.effort, lever.levels[lever.today], lever.levels[0]) == (-1, 32, 16)
    assert lever.put(capped, 18).allocation.caseload_cap == 18
    uncapped = lever_of(tiny_service(), lever="caseload_cap")
    assert (uncapped.today, uncapped.levels[0], uncapped.levels[-1]) == (None, 5, 40)


def test_hiring_in_half_the_time_halves_the_rounds_and_the_vacancies_of_the_first_day(average):
    """Time to fill a post: 20 days of approval and 66.3 / 0.144 of rounds, 480.4; then 250.2.

    Odds of a vacancy today .142 / .858 = .16550; times 250.2 / 480.4 they are .08620, a share of
    .07935.
    """
    faster = lever_of(average, lever="time_to_hire").put(average, 0.5).recruitment
    assert faster.round_days.expected() == pytest.approx(
        0.5 * average.recruitment.round_days.expected(), rel=1e-9
    )
    assert faster.round_days.cv == average.recruitment.round_days.cv
    assert faster.vacant_on_first_day == pytest.approx(0.07935, abs=2e-5)


def test_todays_level_is_always_among_those_looked_at(average):
    lever = lever_of(average, role="social_worker", lowest=130, highest=140)
    assert lever.levels[lever.today] == pytest.approx(110.4)
    assert lever.levels[-1] == pytest.approx(139.4)


@pytest.mark.parametrize(("asked", "said"), [
    ({}, "--role with a role"),
    ({"role": "social_worker", "lever": "caseload_cap"}, "both a role and another lever"),
    ({"lever": "busines_support"}, "did you mean 'business_support'?"),
    ({"role": "social_wroker"}, "did you mean 'social_worker'?"),
    ({"role": "business_support"}, "it is a lever: --lever business_support"),
    ({"role": "senior_manager"}, "neither holds cases nor supervises"),
    ({"role": "social_worker", "team": "asessment"}, "did you mean 'assessment'?"),
    ({"role": "social_worker", "team": "wider_service"}, "teams that have them: assessment"),
    ({"lever": "caseload_cap", "team": "assessment"}, "not for a kind of team"),
    ({"role": "social_worker", "lowest": 140, "highest": 120}, "nothing to search"),
    ({"lever": "business_support", "lowest": -3}, "none below 0"),
    ({"role": "social_worker", "highest": 1e9}, "nothing to search"),
])  # fmt: skip
def test_what_cannot_be_searched_is_refused(average, asked, said):
    assert said in refused(average, **asked)


def test_what_is_in_capitals_stays_so_within_a_sentence():
    lever = lever_of(load_scenario("mental_health_average_england"), role="amhp")
    assert lever.what.startswith("AMHP")
