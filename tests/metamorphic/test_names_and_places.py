"""Names are only names; and what is added downstream is not felt upstream."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from sim.model.world import simulate
from sim.scenario.service import Scenario
from tests.services import BASELINE, world_of
from tests.small_services import EVERYTHING, lived, lively_service, policy

pytestmark = pytest.mark.metamorphic

NEW_NAMES = {
    "intake": "front_door", "long_term": "zebras", "assessment": "first_look", "plan": "a_plan",
    "referrals": "zz_requests", "calls": "aa_calls", "child": "person", "senior": "elder",
    "court": "tribunal", "immediate": "now",
}  # fmt: skip


def renamed(scenario: Scenario) -> Scenario:
    """The same service with other names of teams, stages, streams, roles, skills and tiers."""
    text = scenario.model_dump_json(exclude_none=True)
    for old, new in NEW_NAMES.items():
        text = re.sub(rf'"{old}"', f'"{new}"', text)
    found = json.loads(text)
    for kind in found["teams"].values():
        assert "number" in kind
    return Scenario.model_validate(found)


def test_renaming_everything_changes_nothing_but_the_names():
    scenario = lively_service()
    one, other = lived(scenario), lived(renamed(scenario))
    assert one.outcomes == other.outcomes
    for name in EVERYTHING:
        before, after = one.tables[name], other.tables[name]
        assert list(before.columns) == list(after.columns)
        numbers = before.select_dtypes("number").columns
        assert before[numbers].equals(after[numbers])
    assert set(other.tables["team_weeks"]["team"]) == {"front_door_1", "front_door_2", "zebras"}


# Where closed cases come back, and where agency is capped or people join over the whole service,
# the teams share something; here they share nothing.
APART = {
    "pathways": {"child": {"rereferral": {"share": 0}}},
    "recruitment": {"returners_per_year": 0, "newly_qualified": {"intake_per_year": 0}},
    "agency": {"cap": 1.0},
    "demand": {"referrals": {"per_week": 22}},
}


@pytest.mark.parametrize("filled_by", ["at_once", "recruitment"])
def test_capacity_added_downstream_leaves_upstream_waits_bit_identical(filled_by):
    """Business support, managers' time and duty are scarce in every team; each has its own."""
    scenario = lively_service(
        **APART, supervision={"manager_hours_per_week": 3}, allocation={"caseload_cap": 9}
    )
    more = policy(
        {"lever": "posts", "role": "social_worker", "team": "long_term", "fte": 3,
         "filled_by": filled_by}
    )  # fmt: skip
    runs = [
        simulate(scenario, p, seed=5, replication=0, years=1, tables=EVERYTHING)
        for p in (BASELINE, more)
    ]
    weeks = [run.tables["team_weeks"] for run in runs]
    upstream, downstream = ([w[w["kind"] == kind] for w in weeks] for kind in
                            ("intake", "long_term"))  # fmt: skip
    assert upstream[0].equals(upstream[1])
    assert not downstream[0].equals(downstream[1])
    assert upstream[0]["waiting_case_days"].sum() > 500
    sessions = upstream[0][["supervision_held", "supervision_due"]].sum()
    assert sessions["supervision_held"] < 0.9 * sessions["supervision_due"]  # time was scarce
    logs = [run.tables["allocation_log"] for run in runs]
    waits = [
        log.loc[log["team"].str.startswith("intake"), ["day", "case", "worker", "waited_days"]]
        .reset_index(drop=True)
        for log in logs
    ]  # fmt: skip
    assert waits[0].equals(waits[1])


def test_another_kind_of_team_changes_nothing_for_those_that_are_there():
    scenario = lively_service(**APART)
    teams = dict(scenario.model_dump(mode="json", exclude_none=True)["teams"])
    teams["archive"] = {"label": "Archive", "posts": {"social_worker": 2}}
    larger = lively_service(**APART, teams=teams)
    one, other = (
        lived(s).tables["team_weeks"].set_index(["week", "team"]) for s in (scenario, larger)
    )
    assert one.equals(other.loc[other.index.isin(one.index)])
    assert (other["kind"] == "archive").any()


def test_more_posts_in_one_team_leave_the_people_of_the_others_as_they_are():
    """The first holders of the other teams' posts: the same chances and the same leave."""
    here, there = (
        world_of(lively_service(teams={"intake": {"posts": {"social_worker": fte}}}), years=0.5)
        for fte in (3, 7)
    )

    def people(world):
        rows = world.workers["team"] == 2
        chances = ["key", "fte", "overtime_limit", "tendency", "leaving_at", "short_sickness_at",
                   "long_sickness_at", "parental_at", "started", "supervision_due"]  # fmt: skip
        return world.workers.table[: world.workers.n][rows][chances], world.workers.diary[
            : rows.size
        ][rows]

    one, other = people(here), people(there)
    assert len(one[0]) > 3
    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1], other[1])


def test_every_case_and_every_person_has_a_key_of_their_own():
    """In a team of 200 with much agency, too: keys are made of team, role, post and holder."""
    world = world_of(
        lively_service(
            teams={"intake": {"posts": {"social_worker": 200}}, "long_term": {"number": 3}},
            agency={"lead_days": 2, "stay_days": 5, "cap": 1, "cover_share": 1,
                    "beyond_establishment": {"intake": 20}},
            turnover={"leaving_per_year": 3, "notice_days": 0},
            recruitment={"vacant_on_first_day": 1},
        ),
        years=0.6,
    )  # fmt: skip
    world.run()
    keys = world.workers["key"]
    assert len(keys) > 1500
    assert len(np.unique(keys)) == len(keys)
    assert len(np.unique(world.cases["key"])) == world.cases.n
