"""Say what a file is, and whether it is in order, without running anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.model.outcomes import OUTCOMES
from sim.scenario.checked import Checked
from sim.scenario.loading import (
    MODELS,
    Kind,
    find,
    kind_of,
    load_policy,
    load_scenario,
    shipped,
    study_with_places,
)
from sim.scenario.offered_work import warnings
from sim.scenario.policy import Policy
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import shown
from sim.scenario.yaml_lines import read_yaml
from sim.study.demand_paths import read_demand
from sim.study.plausible_sets import read_plausible


def check(asked: str, also: Iterable[str] = ()) -> Checked:
    """Check a study, scenario or policy, by path or as a shipped one by name.

    Parameters
    ----------
    asked
        The path or name.
    also
        Other names that could have been asked for, to be told where there is no such file.

    Raises
    ------
    InputError
        With every problem.
    """
    path = _find(asked, also)
    kind = kind_of(read_yaml(path))
    if kind == "study":
        study = study_with_places(path, OUTCOMES).value
        read_demand(study, path.parent)
        read_plausible(study, path.parent)
        return Checked(shown(path), kind, _about_study(study), warnings(study.scenario))
    if kind == "scenario":
        scenario = load_scenario(path, OUTCOMES)
        return Checked(shown(path), kind, _about_scenario(scenario), warnings(scenario))
    return Checked(shown(path), kind, _about_policy(load_policy(path)))


def _find(asked: str, also: Iterable[str]) -> Path:
    kinds: list[Kind] = list(MODELS)
    for kind in kinds:
        try:
            return find(asked, kind)
        except InputError:
            continue
    known = [*(name for kind in kinds for name in shipped(kind)), *also]
    raise InputError(
        Problem(
            f"there is no file '{asked}', and nothing shipped is called that",
            accepted=f"a path that ends in .yaml, or one of {', '.join(known)}",
            remedy=did_you_mean(asked, known),
        )
    )


def _about_study(study: StudyFile) -> str:
    names = ", ".join(policy.name for policy in study.policies)
    policies = _counted(len(study.policies), "policy", "policies")
    years = _counted(study.years, "year", "years")
    return (
        f"'{study.title}': {study.scenario.title} under {policies} ({names}), "
        f"{years}, {_how_often(study)}" + _about_position(study.scenario)
    )


def _counted(number: float, one: str, several: str) -> str:
    return f"{number:g} {one if number == 1 else several}"


def _how_often(study: StudyFile) -> str:
    asked = study.precision
    if asked is None:
        return _counted(study.replications, "replication", "replications")
    return (
        f"{asked.at_least} to {asked.at_most} replications, as many as it takes to know "
        f"{', '.join(asked.outcomes)} precisely enough"
    )


def _about_scenario(scenario: Scenario) -> str:
    posts = sum(team.number * sum(team.posts.values()) for team in scenario.teams.values())
    teams = sum(team.number for team in scenario.teams.values())
    about = f"'{scenario.title}': {teams} teams, {posts:g} posts, {len(scenario.demand)} streams"
    return about + _about_position(scenario)


def _about_position(scenario: Scenario) -> str:
    """What was read of a service's position: whoever made the lists can count it again."""
    position = scenario.position
    if position is None:
        return ""
    waiting = sum(case.worker is None for case in position.cases)
    return (
        f"; from its position on {scenario.start_date}: {len(position.people)} people, "
        f"{len(position.vacancies)} vacant posts listed, {len(position.cases)} open cases, "
        f"{waiting} of them without a worker"
    )


def _about_policy(policy: Policy) -> str:
    levers = ", ".join(lever.lever for lever in policy.levers) or "no levers"
    return f"'{policy.label}': {levers}"
