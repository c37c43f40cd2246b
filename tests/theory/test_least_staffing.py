"""The least staffing of a service that is an Erlang C queue is known exactly, and is found.

A worker with a cap of one case is a server. Twenty teams alike are twenty queues: a post more in
all gives each team a twentieth of a post, which can hold no case, so the mean wait falls only where
each team gains a whole one.
"""

import math

import pytest

from sim.scenario.study_file import StudyFile
from sim.study.staffing import find_staffing
from tests.services import exponential, tiny_service
from tests.theory.exact import erlang_c_wait

pytestmark = pytest.mark.theory

LOAD, MEAN, TEAMS, YEARS = 8.0, 30, 20, 2


def twenty_queues(servers: int) -> StudyFile:
    scenario = tiny_service(
        cases_a_day=LOAD / MEAN * TEAMS, duration=exponential(MEAN), workers=servers, teams=TEAMS,
        cap=1, years=YEARS, start="steady", warm_up_weeks=52,
    )  # fmt: skip
    return StudyFile.model_validate(
        {
            "name": "queues", "title": "Queues", "question": "How many servers?",
            "scenario": scenario, "policies": [{"name": "baseline", "label": "as it is"}],
            "years": YEARS, "replications": 12, "seed": 1, "outcomes": ["allocation_days_mean"],
        }
    )  # fmt: skip


@pytest.mark.parametrize("servers", [10, 12])
def test_the_least_number_of_servers_for_a_mean_wait(servers):
    """The target lies between the exact waits of one server fewer and of these."""
    fewer, enough = (MEAN * erlang_c_wait(number, LOAD) for number in (servers - 1, servers))
    target = math.sqrt(fewer * enough)
    found = find_staffing(
        twenty_queues(11), [f"allocation_days_mean <= {target}"], role="social_worker",
        lowest=185, highest=250, jobs=1,
    )  # fmt: skip
    assert found.answer.verdict == "found"
    assert found.lever.levels[found.answer.level] == servers * TEAMS
    assert found.lever.levels[found.answer.one_less] == servers * TEAMS - 1
