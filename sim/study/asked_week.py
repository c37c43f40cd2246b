"""The week that somebody asks for: of which study or scenario, in which team, how far on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from sim.model.outcomes import OUTCOMES
from sim.scenario.loading import Kind, find, kind_of, load_scenario, shipped
from sim.scenario.position.content import PositionFiles
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario, teams_by_name
from sim.scenario.yaml_lines import read_yaml
from sim.study.one_week import Week, watch_week
from sim.study.study import Study
from sim.study.validation.panel import BASELINE
from sim.study.which_run import policy_problems

SEED, YEARS = 1, 1.0  # of a scenario, which does not say any
DAYS = 7
WEEKS_A_YEAR = 52
KINDS: tuple[Kind, ...] = ("study", "scenario")


def week_asked(
    asked: str, *, team: str | None = None, week: int = 1, policy: str | None = None,
    replication: int = 0,
) -> Week:  # fmt: skip
    """Simulate the run of a study or scenario that somebody asks for, and watch a week of it.

    Parameters
    ----------
    asked
        A study or scenario file, or the name of a shipped one.
    team
        Its name, of one that holds cases; the first when left out.
    week
        Its number, from 1: the week of the first day that counts.
    policy
        One of the study's; its first when left out. A scenario is simulated as it is.
    replication
        Which of the possible futures, from 0.

    Raises
    ------
    InputError
        With all problems; and if the service begins with real people, who are not shown.
    """
    path = _file(asked)
    study = Study.from_yaml(path) if kind_of(read_yaml(path)) == "study" else None
    scenario = study.file.scenario if study else load_scenario(path, OUTCOMES)
    if isinstance(scenario.start, PositionFiles):
        raise InputError(
            Problem(
                "it begins with real people: their week is not shown", file=asked,
                remedy="leave `start` out of a copy of it, for a service that is as busy",
            )
        )  # fmt: skip
    policies = [each.name for each in study.file.policies] if study else [BASELINE.name]
    years = study.file.years if study else YEARS
    teams = _teams_with_cases(scenario)
    problems = [
        *([] if policy is None else policy_problems(policy, policies)),
        *_unknown_team(team, teams),
        *_not_a_week(week, years),
        *_not_a_replication(replication),
    ]
    if problems:
        raise InputError(problems)
    team = team or teams[0]
    day = scenario.start_date + timedelta(days=DAYS * (week - 1))
    if study is not None:
        return study.week(team, day, policy=policy, replication=replication)
    return watch_week(
        scenario, BASELINE, team=team, week_of=day, seed=SEED, replication=replication, years=YEARS
    )


def _file(asked: str) -> Path:
    """The file that a path or a shipped name means, whichever of the two it is."""
    for kind in KINDS:
        try:
            return find(asked, kind)
        except InputError:
            continue
    known = [name for kind in KINDS for name in shipped(kind)]
    raise InputError(
        Problem(
            f"there is no file '{asked}', and no shipped study or scenario is called that",
            accepted=f"a path that ends in .yaml, or one of {', '.join(known)}",
            remedy=did_you_mean(asked, known),
        )
    )


def _teams_with_cases(scenario: Scenario) -> list[str]:
    hold = {stage.team for each in scenario.pathways.values() for stage in each.stages.values()}
    return [name for name, kind in teams_by_name(scenario).items() if kind in hold]


def _unknown_team(team: str | None, teams: Collection[str]) -> list[Problem]:
    if team is None or team in teams:
        return []
    return [
        Problem("there is no such team with cases", path="team", given=repr(team),
                accepted=f"one of {', '.join(teams)}", remedy=did_you_mean(team, teams))
    ]  # fmt: skip


def _not_a_week(week: int, years: float) -> list[Problem]:
    most = int(years * WEEKS_A_YEAR)
    if 1 <= week <= most:
        return []
    message = "the run has no such week"
    return [Problem(message, path="week", given=str(week), accepted=f"1 to {most}")]


def _not_a_replication(replication: int) -> list[Problem]:
    if replication >= 0:
        return []
    accepted = "0 or more"
    return [Problem("not a run", path="replication", given=str(replication), accepted=accepted)]
