"""What a staffing search can move: posts, business support, the caseload cap, time to hire."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from sim.scenario.problems import InputError, Problem, did_you_mean, gathered
from sim.scenario.service import Scenario
from sim.study.staffing.levels import (
    posts_of,
    support_of,
    with_cap,
    with_posts,
    with_support,
    with_time_to_hire,
)

LeverName = Literal["posts", "business_support", "caseload_cap", "time_to_hire"]
LEVERS: tuple[LeverName, ...] = get_args(LeverName)
MOST_LEVELS = 2000
NO_CAP = (5.0, 40.0)  # caps to look at where the service has none


@dataclass(frozen=True)
class Lever:
    """One thing about a service that can be more or less, and the levels to look at.

    Attributes
    ----------
    name, team
        Which lever; for posts and business support the kind of team, or None for all in
        proportion to what they have.
    role
        The role of the posts; None for another lever.
    what, unit
        What it is called, and what a level counts.
    levels
        The levels to look at, ascending, whole steps from today's.
    today
        The place of the present level among them; None where there is none (no cap).
    effort
        1 where a higher level is the greater effort, -1 where a lower one is.
    put
        Makes the scenario of a level.
    """

    name: LeverName
    role: str | None
    team: str | None
    what: str
    unit: str
    levels: tuple[float, ...]
    today: int | None
    effort: Literal[1, -1]
    put: Callable[[Scenario, float], Scenario]


def lever_of(
    scenario: Scenario,
    *,
    role: str | None = None,
    lever: str | None = None,
    team: str | None = None,
    lowest: float | None = None,
    highest: float | None = None,
) -> Lever:
    """Find what is to be searched, and over which levels.

    Parameters
    ----------
    scenario
        The service as it is.
    role
        Search the posts of this role.
    lever
        Or another lever; one of the two must be given.
    team
        Only in this kind of team.
    lowest, highest
        The levels to look at; about half to twice the present one when left out.

    Raises
    ------
    InputError
        If there is no such lever, role or team, or nothing between the ends.
    """
    name = _lever_name(lever, role)
    problems: list[Problem] = []
    with gathered(problems):
        _check_team(scenario, name, team)
    if role is not None:
        with gathered(problems):
            _check_role(scenario, role, team if team in scenario.teams else None)
    if problems:
        raise InputError(problems)
    if role is not None:
        posts = f"{_in_a_sentence(scenario.roles[role].label)} posts{_of(scenario, team)}"
        present = posts_of(scenario, role, team)
        default = (0.5 * present, max(2 * present, present + 3))
        found = _lever(name, posts, "FTE", 1, present, 1.0, default, lowest, highest)
        return replace(
            found, role=role, team=team, put=lambda s, level: with_posts(s, role, team, level)
        )
    if name == "business_support":
        present = support_of(scenario, team)
        holders = sum(
            posts_of(scenario, role_name, team)
            for role_name, each in scenario.roles.items()
            if each.holds_cases
        )
        default = (0.0, present + max(1.0, holders / 3))
        what = f"business support{_of(scenario, team)}"
        found = _lever(name, what, "FTE", 1, present, 1.0, default, lowest, highest)
        return replace(found, team=team, put=lambda s, level: with_support(s, team, level))
    if name == "caseload_cap":
        cap = scenario.allocation.caseload_cap
        default = NO_CAP if cap is None else (0.5 * cap, 1.5 * cap)
        found = _lever(name, "caseload cap", "cases", -1, cap, 1.0, default, lowest, highest)
        return replace(found, put=with_cap)
    found = _lever(name, "time to hire", "of today's", -1, 1.0, 0.05, (0.25, 2.0), lowest, highest)
    return replace(found, put=with_time_to_hire)


def _lever_name(lever: str | None, role: str | None) -> LeverName:
    if (lever or "posts") not in LEVERS:
        raise InputError(
            Problem(
                "there is no such lever to search",
                path="lever",
                given=repr(lever),
                accepted=", ".join(LEVERS),
                remedy=did_you_mean(lever, LEVERS),
            )
        )
    if (role is None) is ((lever or "posts") == "posts"):
        both = "both a role and another lever are given"
        neither = "there is no role, and no other lever"
        raise InputError(
            Problem(
                neither if role is None else both,
                path="role",
                accepted="--role with a role whose posts are searched, or --lever with one of "
                + ", ".join(LEVERS[1:]),
            )
        )
    return next(each for each in LEVERS if each == (lever or "posts"))


def _of(scenario: Scenario, team: str | None) -> str:
    return "" if team is None else f" ({_in_a_sentence(scenario.teams[team].label)})"


def _in_a_sentence(label: str) -> str:
    return label if label[:2].isupper() else label[0].lower() + label[1:]  # an abbreviation stays


def _check_team(scenario: Scenario, name: LeverName, team: str | None) -> None:
    if team is None:
        return
    if name not in ("posts", "business_support"):
        message = f"{name} holds for the whole service, not for a kind of team"
        raise InputError(Problem(message, path="team", given=repr(team), remedy="leave --team out"))
    if team not in scenario.teams:
        raise InputError(_unknown("team", team, list(scenario.teams)))


def _check_role(scenario: Scenario, role: str, team: str | None) -> None:
    if role not in scenario.roles:
        problem = _unknown("role", role, list(scenario.roles))
        if role in LEVERS[1:]:  # asked for as if it were a role
            problem = replace(problem, remedy=f"it is a lever: --lever {role}")
        raise InputError(problem)
    useful = [name for name, each in scenario.roles.items() if each.holds_cases or each.supervises]
    if role not in useful:
        raise InputError(
            Problem(
                f"a {scenario.roles[role].label.lower()} neither holds cases nor supervises: more "
                "of them would change costs alone",
                path="role",
                given=repr(role),
                accepted=", ".join(useful),
            )
        )
    if posts_of(scenario, role, team) == 0:
        where = "no team" if team is None else f"no team of the kind {team}"
        kinds = [name for name in scenario.teams if posts_of(scenario, role, name) > 0]
        raise InputError(
            Problem(
                f"{where} has posts of this role, so there is no saying where more would go",
                path="role",
                given=repr(role),
                remedy=f"teams that have them: {', '.join(kinds)}"
                if kinds
                else "give a team some in the scenario",
            )
        )


def _unknown(kind: str, given: str, known: list[str]) -> Problem:
    return Problem(
        f"there is no such {kind}",
        path=kind,
        given=repr(given),
        accepted=", ".join(known),
        remedy=did_you_mean(given, known),
    )


def _lever(
    name: LeverName,
    what: str,
    unit: str,
    effort: Literal[1, -1],
    today: float | None,
    step: float,
    default: tuple[float, float],
    lowest: float | None,
    highest: float | None,
) -> Lever:
    """Lay out the levels, in whole steps from today's, which is always one of them."""
    low, high = (
        given if given is not None else other
        for given, other in zip((lowest, highest), default, strict=True)
    )
    start = low if today is None else today
    first, last = math.ceil((low - start) / step - 1e-9), math.floor((high - start) / step + 1e-9)
    if today is not None:
        first, last = min(first, 0), max(last, 0)
    if name != "business_support":  # nothing can be done with nobody, no place or in no time
        first = max(first, math.floor(-start / step) + 1)
    if low < 0 or high < low or not 1 <= last - first < MOST_LEVELS:
        raise InputError(
            Problem(
                f"there is nothing to search from {low:g} to {high:g} {unit}",
                path="from" if lowest is not None else "to",
                given=f"--from {low:g} --to {high:g}",
                accepted=f"two levels to {MOST_LEVELS:,}, in steps of {step:g}, none below 0",
            )
        )
    levels = tuple(round(start + n * step, 6) for n in range(first, last + 1))
    place = None if today is None else -first
    return Lever(name, None, None, what, unit, levels, place, effort, lambda s, _: s)
