"""A service begins where its lists say: the same people, the same cases, and what is due."""

from collections import Counter

import numpy as np
import pytest

from sim.model.columns import FILLED, HELD, LEFT, LONG_SICK, NOBODY, PRESENT, VACANT, WAITING
from sim.model.position_today import continued, position_of
from sim.model.world import World
from sim.scenario.position.content import OpenCase, Person, Position, PositionFiles, Vacancy
from tests.services import BASELINE, STREAM, by_week, tiny_service, world_of
from tests.services import stage as stage_of
from tests.services import work as work_of
from tests.small_services import EVENING, lively_service, world_on

pytestmark = pytest.mark.behaviour

WORKER = {"team": "team", "role": "social_worker", "fte": 1.0}


def starting(scenario, *people, cases=(), vacancies=(), visits_known=True):
    """A scenario with a position: its people and cases as keywords over the usual ones."""
    position = Position(
        people=tuple(Person(**{**WORKER, **person}) for person in people),
        vacancies=tuple(Vacancy(team="team", role="social_worker", fte=fte) for fte in vacancies),
        cases=tuple(
            OpenCase(**{"stream": STREAM, "stage": "care", "entered": -5, **case}) for case in cases
        ),
        visits_known=visits_known,
    )
    return scenario.model_copy(update={"position": position})


@pytest.mark.parametrize("day", [40, 83])
def test_the_first_morning_is_that_of_the_lists(day):
    """Taken from a service at work and begun again, it stands where it stood: the same people in
    the same posts, the same cases in the same stages with the same workers."""
    before = world_of(lively_service(), seed=day, years=1)
    before.env.run(until=day)
    scenario = continued(before)
    world = World(scenario, BASELINE, seed=7, replication=3, years=0.2)
    assert len(scenario.position.cases) > 100
    assert {person.away for person in scenario.position.people} > {None}
    assert any(person.last_day is not None for person in scenario.position.people)

    def told(position):
        people = Counter(position.people)
        cases = Counter(
            case.model_copy(
                update={
                    "worker": case.worker is not None,
                    "last_visit": None,
                    # The day before the first is taken for the one before: see `not_never`.
                    "allocated": -2 if case.allocated == -1 else case.allocated,
                }
            )
            for case in position.cases
        )
        return people, Counter(position.vacancies), cases

    world.env.run(until=1e-5)  # who is away or on notice is so from the first moment
    handed_over = before.plan.scenario.absence.cover == "reallocate"
    assert handed_over
    now, then = told(position_of(world)), told(scenario.position)
    assert not any(a - b or b - a for a, b in zip(now[:2], then[:2], strict=True))
    again = World(scenario, BASELINE, seed=7, replication=3, years=0.2)  # before any hand-over
    cases, listed = told(position_of(again))[2], then[2]
    assert not cases - listed
    assert not listed - cases
    held = [c.worker for c in scenario.position.cases if c.worker is not None]
    caseloads = sorted(Counter(held).values())
    here = again.workers["status"] != LEFT
    assert sorted(n for n in again.workers["caseload"][here] if n) == caseloads


def test_posts_that_nobody_holds_stand_vacant_whether_listed_or_not():
    """An establishment of 5: two people, 1.5 and a half, and a vacancy of 1 are listed; 2.5 are
    left over: two posts and a half."""
    scenario = starting(tiny_service(workers=5), {}, {"fte": 0.5}, vacancies=(1.0,))
    world = world_of(scenario)
    posts = world.posts[: world.n_posts]
    assert sorted(posts["fte"][posts["status"] == FILLED]) == [0.5, 1.0]
    assert sorted(posts["fte"][posts["status"] == VACANT]) == [0.5, 1.0, 1.0, 1.0]


def test_more_people_than_posts_have_posts_all_the_same():
    world = world_of(starting(tiny_service(workers=1), {}, {}, {}))
    assert world.n_posts == 3
    assert world.workers.n == 3


def test_an_agency_worker_covers_a_vacant_post_and_else_is_beyond_the_posts():
    scenario = starting(
        tiny_service(workers=2), {}, {"agency": True, "last_day": 30}, {"agency": True}
    )
    world = world_of(scenario)
    posts, workers = world.posts[: world.n_posts], world.workers
    (vacant,) = np.flatnonzero(posts["status"] == VACANT)
    cover = int(posts["cover"][vacant])
    assert workers["agency"].tolist() == [0, 1, 1]
    assert sorted(workers["post"][workers["agency"] == 1]) == [NOBODY, vacant]
    world.env.run(until=30 + EVENING)
    leaving = [n for n in (1, 2) if workers["status"][n] == LEFT]
    assert len(leaving) >= 1
    assert cover in (1, 2)


def test_someone_away_comes_back_on_the_day_that_is_known():
    scenario = starting(tiny_service(), {"away": "long_sickness", "back_on": 12})
    world = world_on(11, scenario)
    assert world.workers["status"][0] == LONG_SICK
    world.env.run(until=12 + EVENING)
    assert world.workers["status"][0] == PRESENT


def test_an_absence_that_has_lasted_long_is_not_over_sooner_than_any_absence_is():
    """All absences last 60 days: after 50 there are 10 to go."""
    away = {"away": "long_sickness", "away_since": -50}
    world = world_on(9, starting(tiny_service(), away))
    assert world.workers["status"][0] == LONG_SICK
    world.env.run(until=10 + EVENING)
    assert world.workers["status"][0] == PRESENT


def test_cases_of_someone_long_away_go_to_others_when_the_service_says():
    """After 15 days of absence; 12 have gone by."""
    absence = {"cover": "reallocate", "reallocate_after_days": 15}
    away = {"away": "long_sickness", "away_since": -12, "back_on": 40}
    scenario = starting(
        tiny_service(workers=2, duration=500, absence=absence, demand={"per_week": 0}),
        away, {}, cases=[{"worker": 0}],
    )  # fmt: skip
    world = world_on(2, scenario)
    holder = int(world.cases["worker"][0])
    assert world.workers["status"][holder] == LONG_SICK
    world.env.run(until=3 + EVENING)
    assert world.workers["status"][int(world.cases["worker"][0])] == PRESENT


def test_someone_on_notice_is_given_nothing_and_leaves_on_their_day():
    scenario = starting(tiny_service(cases_a_day=0.5), {"last_day": 5})
    world = world_on(4, scenario)
    assert world.workers["on_notice"][0] == 1
    assert world.workers["caseload"][0] == 0
    world.env.run(until=5 + EVENING)
    assert world.workers["status"][0] == LEFT


def test_a_stage_ends_after_its_time_counted_from_when_the_case_came_into_it():
    """All stages last 20 days: a case in its sixth day has 15 left, counted from its worker."""
    scenario = starting(
        tiny_service(duration=20, demand={"per_week": 0}), {},
        cases=[{"worker": 0, "entered": -5}, {"worker": 0, "entered": -30, "allocated": -12}],
    )  # fmt: skip
    world = world_of(scenario)
    assert sorted(world.cases["ends"]) == [8, 15]


@pytest.mark.parametrize(
    ("fte", "entered", "ends"),
    [
        (1.0, -10, 16),  # three cases for a full-time worker: six days more than 20 from day -10
        (0.5, -10, 20),  # six for each FTE would be twelve: but the stage has begun by today
        (1.0, -3, 20),
    ],
)
def test_a_full_diary_has_made_the_stages_of_listed_cases_longer(fte, entered, ends):
    """A worker's other cases stood in the diary when they took one up: two days more for each."""
    stages = {"care": stage_of(20, days_for_each_case=2)}
    scenario = starting(
        tiny_service(stages=stages, demand={"per_week": 0}), {"fte": fte},
        cases=[{"worker": 0, "entered": entered} for _ in range(3)],
    )  # fmt: skip
    assert world_of(scenario).cases["ends"].tolist() == [ends] * 3


def test_a_stage_that_has_lasted_longer_than_any_is_over_at_once():
    scenario = starting(
        tiny_service(duration=20, demand={"per_week": 0}), {}, cases=[{"worker": 0, "entered": -90}]
    )
    assert world_on(0, scenario).cases["status"][0] != HELD


VISITED = {
    "care": stage_of(
        100,
        work={
            "first": work_of(1, first_within_days=3, contact=True),
            "visit": work_of(1, "every", every_days=10, contact=True),
        },
    )
}


@pytest.mark.parametrize(
    ("case", "first_is_done", "due"),
    [
        ({"entered": -30, "last_visit": -4}, True, 6),  # ten days after the last one
        ({"entered": -30, "last_visit": -15}, True, -5),  # overdue
        ({"entered": -30}, False, -20),  # nobody has been there: ten days after the start
        ({"entered": -2}, False, 8),
        ({"entered": -2, "last_visit": -9}, False, 8),  # that was in an earlier stage
    ],
)
def test_visits_are_due_as_long_after_the_last_one_as_they_should_be(case, first_is_done, due):
    scenario = starting(tiny_service(stages=VISITED), {}, cases=[{"worker": 0, **case}])
    world = world_of(scenario)
    assert world.cases.due[0, 2] == due
    assert (world.cases.left[0, 1] == 0) == first_is_done


def test_where_visits_are_not_known_they_are_somewhere_between_two():
    scenario = starting(
        tiny_service(stages=VISITED), {},
        cases=[{"worker": 0, "entered": -30 - n} for n in range(40)], visits_known=False,
    )  # fmt: skip
    world = world_of(scenario)
    due = world.cases.due[: world.cases.n, 2]
    assert (due >= 0).all()
    assert (due <= 10).all()
    assert due.mean() == pytest.approx(5, abs=1.5)
    assert (world.cases.left[: world.cases.n, 1] == 0).all()


def test_who_has_waited_longest_is_given_a_worker_first():
    waiting = [{"entered": -30, "waiting_since": day} for day in (-3, -20, -9)]
    scenario = starting(
        tiny_service(cap=1, duration=500, demand={"per_week": 0}), {}, cases=waiting
    )
    world = world_on(0, scenario)
    since, status = world.cases["waiting_since"], world.cases["status"]
    assert since[status == HELD].tolist() == [-20]
    assert sorted(since[status == WAITING]) == [-9, -3]


def test_a_case_given_out_on_the_day_before_the_first_has_been_given_out():
    """It is handed over when its worker leaves, not allocated for the first time."""
    scenario = starting(
        tiny_service(workers=2, duration=500, demand={"per_week": 0}), {"last_day": 3}, {},
        cases=[{"worker": 0, "entered": -1, "last_visit": -1}],
    )  # fmt: skip
    world = world_of(scenario, years=0.1)
    world.run()
    assert world.cases["workers"][0] == 2
    assert by_week(world, "reallocations").sum() == 1
    assert by_week(world, "allocations").sum() == 0


def test_a_tier_is_kept_but_never_below_that_of_the_stage():
    stages = {"care": stage_of(100, risk_at_least="high"), "other": stage_of(100)}
    low = {"worker": 0, "tier": "low"}
    scenario = starting(tiny_service(stages=stages), {}, cases=[low, {**low, "stage": "other"}])
    world = world_of(scenario)
    tiers = {int(s): int(t) for s, t in zip(world.cases["stage"], world.cases["tier"], strict=True)}
    assert tiers == {0: 0, 1: 1}


def test_files_that_have_not_been_read_are_not_simulated_as_something_else():
    files = PositionFiles(workbook="position.xlsx")
    scenario = tiny_service().model_copy(update={"start": files})
    with pytest.raises(ValueError, match="has not been read"):
        world_of(scenario)
