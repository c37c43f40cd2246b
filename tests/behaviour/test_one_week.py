"""A team's week as it is seen agrees with what the run itself counts, and with a week by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim import Study
from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.study.one_week import watch_week, week_of_run
from sim.study.running import run_study
from tests.services import BASELINE, TEAM, stage, work
from tests.small_services import MONDAY, lived, lively_service, policy, story

pytestmark = pytest.mark.behaviour

WEEKS = ("2002-05-15", "2002-08-21", "2002-10-02", "2003-01-08", "2003-02-12")
HOURS = ("contracted", "overtime", "protected", "direct", "admin", "idle")


def watched(scenario, *, team=TEAM, week_of=MONDAY, levers=(), **asked):
    asked = {"seed": 1, "years": 0.3, **asked}
    chosen = policy(*levers) if levers else BASELINE
    return watch_week(scenario, chosen, team=team, week_of=week_of, **asked)


def by_day(week, column, worker="Social worker 1"):
    return list(week.days[week.days["worker"] == worker][column])


def test_a_week_by_hand():
    """One worker of seven hours a day; a case comes on Monday and another on Wednesday.

    Each asks for ten hours with the family, due on the day after.

    Monday     7 hours for the first case
    Tuesday    its last 3 hours, and 4 with nothing to do
    Wednesday  7 hours for the second case
    Thursday   its last 3 hours, and 4 with nothing to do
    Friday     7 with nothing to do
    """
    scenario = story(
        [0, 2],
        stages={"care": stage(100, work={
            "visit": work(10, contact=True, first_within_days=1, label="Visit"),
        })},
    )  # fmt: skip
    week = watched(scenario)
    assert by_day(week, "presence") == ["at work"] * 5
    assert by_day(week, "direct") == pytest.approx([7, 3, 7, 3, 0])
    assert by_day(week, "idle") == pytest.approx([0, 4, 0, 4, 7])
    assert by_day(week, "caseload") == [1, 1, 2, 2, 2]
    assert list(week.allocations["case"]) == [1, 2]
    assert list(week.allocations["date"]) == [MONDAY, date(2001, 9, 5)]
    assert list(week.work["date"]) == [date(2001, 9, 4), date(2001, 9, 6)]
    assert list(week.work["case"]) == [1, 2]
    assert list(week.work["days_late"]) == [0, 0]
    assert week.work["visit"].all()


def test_work_that_is_late_is_seen_until_it_is_done():
    """Two pieces of ten hours, both due on the first day: done on the second and the third."""
    scenario = story(
        [0, 0],
        stages={"care": stage(100, work={"visit": work(10, contact=True, first_within_days=0)})},
    )
    week = watched(scenario)
    assert by_day(week, "late_visits") == [0, 1, 0, 0, 0]
    assert by_day(week, "late_other") == [0] * 5
    assert list(week.work["days_late"]) == [1, 2]


def test_leave_illness_and_a_post_that_nobody_holds():
    """Whoever is away is shown as away, and works no hours."""
    week = watched(lively_service(), team="long_term", week_of="2002-08-21", years=1, replication=2)
    away = week.days[~week.days["presence"].isin(["at work", "not in post", "vacant"])]
    assert set(away["presence"]) & {"annual leave", "training", "short sickness", "long sickness"}
    assert (away[list(HOURS)].to_numpy() == 0).all()


def _of_week(table, number, team):
    return table[(table["week"] == number) & (table["team"] == team)]


def test_it_agrees_with_what_the_run_counts():
    """Hours and visits of whole weeks are those of worker_weeks and team_weeks."""
    scenario = lively_service()
    run = lived(scenario, years=1)
    monday_of_start = np.datetime64("2002-04-01")
    agreed = seen_late = seen_supervision = seen_away = 0
    for team in ("intake_1", "long_term"):
        for when in WEEKS:
            week = watched(scenario, team=team, week_of=when, years=1)
            number = int((np.datetime64(when) - monday_of_start).astype(int)) // 7
            rows = _of_week(run.tables["worker_weeks"], number, team)
            people = week.days.dropna(subset=["caseload"])
            for name in HOURS:
                counted = rows[f"week_{name}"].sum()
                if people["worker"].nunique() == len(rows):  # nobody left in the week
                    assert people[name].sum() == pytest.approx(counted, abs=1e-4), name
                    agreed += 1
            counts = _of_week(run.tables["team_weeks"], number, team).iloc[0]
            assert week.work["visit"].sum() == counts["visits"]
            in_time = week.work["visit"] & (week.work["days_late"] == 0)
            assert in_time.sum() == counts["visits_on_time"]
            assert (week.days["supervision"] == "held").sum() == counts["supervision_held"]
            log = run.tables["allocation_log"]
            log = log[(log["team"] == team) & log["date"].isin(pd.to_datetime(week.days["date"]))]
            assert list(week.allocations["why"]) == list(log["why"])
            seen_late += week.days[["late_visits", "late_other"]].sum().sum()
            seen_supervision += len(week.days[week.days["supervision"] != ""])
            seen_away += (week.days["presence"] != "at work").sum()
    assert agreed >= len(HOURS) * len(WEEKS)
    assert seen_late
    assert seen_supervision
    assert seen_away


def test_whoever_is_on_duty_works_for_those_away():
    """Work of a colleague's case is told by who did it and whose it is."""
    found = [
        watched(lively_service(), team="intake_1", week_of=when, years=1, replication=replication)
        for when in WEEKS
        for replication in range(2)
    ]
    for week in found:
        for_others = week.work[week.work["worker"] != week.work["holder"]]
        on_duty = week.days[week.days["covers"]]
        pairs = set(zip(on_duty["date"], on_duty["worker"], strict=True))
        assert set(zip(for_others["date"], for_others["worker"], strict=True)) <= pairs
        for on in on_duty["date"].unique():
            away = week.days[(week.days["date"] == on) & (week.days["presence"] != "at work")]
            assert (away["caseload"] > 0).any()
    assert any((week.work["worker"] != week.work["holder"]).any() for week in found)


def test_supervision_put_off_for_late_work():
    """With a session due every day and work that is always late, it is put off, and missed."""
    scenario = story(
        [0, 0, 0, 0],
        stages={"care": stage(100, work={"visit": work(60, first_within_days=0)})},
        team={"posts": {"social_worker": 1, "manager": 1}},
        roles={"manager": {"label": "Manager", "supervises": True}},
        supervision={"every_days": 1, "hours": 1, "manager_hours": 1, "manager_hours_per_week": 9,
                     "displaced_above_hours": 5, "missed_after_days": 2},
    )  # fmt: skip
    said = by_day(watched(scenario), "supervision")
    assert "put off for late work" in said
    assert "missed" in said
    without = {"posts": {"social_worker": 1, "manager": 0}}
    alone = scenario.model_copy(
        update={"teams": {TEAM: scenario.teams[TEAM].model_copy(update=without)}}
    )
    assert "put off for want of a manager" in by_day(watched(alone), "supervision")


def test_where_cases_came_from():
    """Two workers; the second falls ill for weeks, and her cases are given to the first.

    Then a case of a first stage goes on into a second one, which another team has.
    """
    seen = set()
    for replication in range(6):
        for when in WEEKS:
            week = watched(
                lively_service(), team="intake_1", week_of=when, years=1, replication=replication
            )
            for row in week.allocations.to_dict("records"):
                seen.add((row["came"], row["former_is"]))
                is_new = row["came"] in ("new referral", "came back", "from screening")
                assert is_new == (row["former"] == "")
                assert not row["former_is"] or row["came"] == "handed over"
    assert {"new referral", "handed over"} <= {came for came, _ in seen}
    assert {"has left", "long sickness"} & {became for _, became in seen}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"team": "teem"}, "did you mean 'team'?"),
        ({"week_of": "1999-01-01"}, "no working day in this week"),
        ({"week_of": "tomorrow"}, "not a date"),
        ({"week_of": "2001-8-27", "team": "x"}, "there is no such team"),
    ],
)
def test_what_cannot_be_asked(asked, said):
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        watched(story([0]), **asked)


def test_the_week_of_a_stored_run_is_that_of_the_study(tmp_path):
    file = StudyFile.model_validate(
        {"name": "small", "title": "Small", "question": "What happens?", "years": 0.2,
         "scenario": story([0, 1, 2]).model_dump(), "outcomes": ["caseload_per_fte"],
         "replications": 2, "seed": 3,
         "policies": [{"name": "baseline", "label": "As it is"}]}
    )  # fmt: skip
    run_study(file, jobs=1, out=tmp_path / "results")
    asked = {"team": TEAM, "week_of": MONDAY}
    stored = week_of_run(tmp_path / "results", "baseline", 1, **asked)
    live = Study(file).week(**asked, replication=1)
    assert stored.days.equals(live.days)
    assert stored.work.equals(live.work)
    with pytest.raises(InputError, match="no such policy"):
        Study(file).week(**asked, policy="base")
