"""A service from one census to the next: its position as published, and what the year brings.

The scenario of the average authority is scaled to the published posts, vacancies, agency and cases.
What the year brings becomes the scenario's own parameters: how many leave, how fast vacancies are
filled, how much agency may be used, how much demand there is, how often people fall ill. Nothing is
published on how far notices and searches have got at a census, on how long people have been in post
or on which agency workers cover a vacancy, so none of this matters here: searches have no memory,
which is the one start that is in balance from the first day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from sim.model.plan_columns import MONTHS_A_YEAR, WORKING_DAYS_A_YEAR
from sim.scenario.distributions import Distribution, Exponential
from sim.scenario.people import Absence, Spells
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from sim.study.validation.own_workings import OwnWorkings
from sim.study.validation.scaling import Scaled, Start, scaled
from sim.study.validation.vacant_posts import share_for_vacant

FIRST_OF_OCTOBER = (10, 1)  # the day after a census
WEEKS = 52
YEARS = WEEKS * 7 / 365.25
FASTEST_SEARCH, SLOWEST_SEARCH = 5.0, 1e5  # working days
AT_ONCE = 1e-3  # working days
AGENCY_LEAD = 3.0  # working days
ROOM_FOR_AGENCY = 1.1  # times the most that there will be, so that only the limit binds
SETTLED_MONTHS = 10  # after which as much agency is allowed as there will be at the next census
HALF_A_PERSON = 0.5  # FTE: agency comes in whole people, so it stays so far below a limit
SMALLEST_PART = 0.02  # FTE of posts that is worth a lever
WITHIN_REASON = {
    "turnover": (0.0, 1.0), "vacancy": (0.0, 0.8), "agency": (0.0, 0.8), "caseload": (3.0, 50.0),
    "absence": (0.0, 0.25), "growth": (-0.7, 0.7),
}  # fmt: skip
LEAST_DEMAND, MOST_DEMAND = 0.05, 20.0  # times present demand


@dataclass(frozen=True)
class Year:
    """What a year brings an authority by the next census. Rates are shares.

    `growth` is that of the logarithm of FTE in post.
    """

    turnover: float
    vacancy: float
    agency: float
    caseload: float
    absence: float
    growth: float

    def within_reason(self) -> Year:
        """The same year with what no service has ever come to brought back to the edge of it."""
        held = {
            name: min(max(getattr(self, name), low), high)
            for name, (low, high) in WITHIN_REASON.items()
        }
        return replace(self, **held)


@dataclass(frozen=True)
class Intended:
    """FTE at the next census, and during the year, if everything goes as the year is drawn."""

    in_post: float
    posts: float
    agency: float
    leavers: float
    mean_in_post: float
    most_posts: float  # a post that is lost stays, with nobody in it; the count leaves it out
    vacant: float  # such posts included

    @classmethod
    def of(cls, start: Start, year: Year) -> Intended:
        """Add up what a year brings; where more go than leave, more leave."""
        in_post = start.in_post * math.exp(year.growth)
        posts = in_post / (1.0 - year.vacancy)
        return cls(
            in_post=in_post,
            posts=posts,
            agency=year.agency * in_post / (1.0 - year.agency),
            leavers=max(year.turnover * in_post, start.in_post - in_post),
            mean_in_post=(start.in_post + in_post) / 2,
            most_posts=max(posts, start.posts),
            vacant=max(posts, start.posts) - in_post,
        )


@dataclass(frozen=True)
class ServiceYear:
    """What is simulated: a scenario for a year from a census, and what changes during it.

    Attributes
    ----------
    scenario, policy
        For `sim.model.world.simulate`, with the seed and replication that it was made for.
    posts
        The establishment at the next census.
    """

    scenario: Scenario
    policy: Policy
    posts: float


def service_year(
    base: Scenario, start: Start, year: Year, workings: OwnWorkings, at: int, *, seed: int,
    replication: int,
) -> ServiceYear:  # fmt: skip
    """Make the scenario of an authority for the year after the census of the year `at`.

    Parameters
    ----------
    base
        The average authority.
    start, year
        Its position, and what the year brings.
    workings
        What the service's own workings do in a year.
    seed, replication
        With which chances it will run: they say which posts are vacant.
    """
    then = Intended.of(start, year)
    most_agency = ROOM_FOR_AGENCY * max(start.agency, then.agency) + 1.0
    service = scaled(base, start, workings.holding, most_agency)
    tired = workings.exhaustion((start.cases / start.case_holders + year.caseload) / 2)
    worn = base.wellbeing.exhaustion
    leaving = then.leavers / then.mean_in_post / (1.0 + worn.on_leaving * tired)
    search = days_to_fill(start.vacant, then.leavers + then.most_posts - start.posts, then.vacant)
    absence = year.absence * then.in_post / then.mean_in_post
    changed = {
        "start_date": _monday_near(date(at, *FIRST_OF_OCTOBER)),
        "warm_up_weeks": 0,
        "teams": service.teams,
        "demand": service.demand,
        "absence": with_absence(base.absence, absence, 1.0 + worn.on_sickness * tired),
        "turnover": base.turnover.model_copy(
            update={"leaving_per_year": leaving, "by_tenure": (), "notice_days": 0.0}
        ),
        "allocation": base.allocation.model_copy(update={"caseload_cap": None}),
        "wellbeing": base.wellbeing.model_copy(
            update={"exhaustion": worn.model_copy(update={"at_start": tired})}
        ),
        "agency": base.agency.model_copy(
            update={
                "cover_share": 0.0,
                "lead_days": Exponential(mean=AGENCY_LEAD, minimum=1.0),
                "beyond_establishment": service.room_for_agency,
                "cap": _share_allowed(start.agency, start.posts),
            }
        ),
        "recruitment": base.recruitment.model_copy(
            update={
                "vacant_on_first_day": share_for_vacant(
                    base, service.teams, start.vacant, seed, replication
                ),
                "approval_days": Exponential(mean=AT_ONCE),
                "round_days": Exponential(mean=search),
                "success_per_round": 1.0,
                "returners_per_year": 0.0,
                "newly_qualified": None,
            }
        ),
    }
    levers = [
        _demand(start, year, then, service, workings),
        {
            "lever": "agency_cap",
            "share": _share_allowed(then.agency, then.most_posts),
            "ramp_months": SETTLED_MONTHS,
        },
        *_new_posts(service, then.most_posts - start.posts),
    ]
    policy = Policy.model_validate({"name": "year", "label": "The year", "levers": levers})
    return ServiceYear(base.model_copy(update=changed), policy, then.posts)


def measured(weeks: pd.DataFrame, start: Start, posts: float) -> Year:
    """Count at the next census what the statistics would.

    Parameters
    ----------
    weeks
        The run's table of team weeks.
    start
        The position that it began with.
    posts
        The establishment at the next census.
    """
    by_week = weeks.select_dtypes("number").groupby(weeks["week"]).sum()
    total, last = by_week.sum(), by_week.iloc[-1]
    in_post = max(start.in_post + total["starters_fte"] - total["leavers_fte"], HALF_A_PERSON)
    absence = total["sick_fte_days"] / total["in_post_fte_days"]
    return Year(
        turnover=total["leavers_fte"] / in_post,
        vacancy=max(1.0 - in_post / posts, 0.0),
        agency=last["agency_fte_days"] / (last["agency_fte_days"] + last["in_post_fte_days"]),
        caseload=last["held_case_days"] / max(last["case_holder_fte_days"], HALF_A_PERSON),
        absence=absence * (start.in_post + in_post) / 2 / in_post,
        growth=math.log(in_post / start.in_post),
    )


def days_to_fill(vacant: float, arising: float, vacant_then: float) -> float:
    """Mean length of a search without memory that leaves so many posts vacant after a year.

    With V vacancies, `arising` in a year T and a length of 1 / h: dV/dt = arising / T - h V.
    """

    def too_many(days: float) -> float:
        left = math.exp(-WORKING_DAYS_A_YEAR / days)
        new = arising / WORKING_DAYS_A_YEAR * days * (1.0 - left)
        return vacant * left + new - vacant_then

    if too_many(FASTEST_SEARCH) >= 0:
        return FASTEST_SEARCH
    if too_many(SLOWEST_SEARCH) <= 0:
        return SLOWEST_SEARCH
    return float(brentq(too_many, FASTEST_SEARCH, SLOWEST_SEARCH, rtol=1e-6))


def with_absence(absence: Absence, share: float, worn: float) -> Absence:
    """Sickness as often as makes so many days of those in post be lost in a year.

    Only someone who is there falls ill, `worn` times as often as without exhaustion; and of a spell
    only what lies within the year counts.
    """
    short, long = absence.short_sickness, absence.long_sickness
    parental = _days_within(absence.parental_leave) / WORKING_DAYS_A_YEAR
    days = (_days_within(short) + _days_within(long)) * worn * max(1.0 - share - parental, 0.1)
    factor = share * WORKING_DAYS_A_YEAR / days
    return absence.model_copy(
        update={
            name: spells.model_copy(update={"per_year": spells.per_year * factor})
            for name, spells in (("short_sickness", short), ("long_sickness", long))
        }
    )


def _days_within(spells: Spells) -> float:
    """Days in a year of spells that begin within it, at any time with the same probability."""
    whole = _whole_days(spells.duration)
    year = WORKING_DAYS_A_YEAR
    within = np.where(whole < year, whole - whole**2 / (2 * year), year / 2)
    return spells.per_year * float(within.mean())


def _whole_days(duration: Distribution, number: int = 1000) -> Any:
    return np.maximum(np.floor(duration.quantiles(number) + 0.5), 1.0)


def _demand(
    start: Start, year: Year, then: Intended, service: Scaled, workings: OwnWorkings
) -> dict[str, Any]:
    """The lever on demand with which cases held are as many as make the year's caseload."""
    filled = service.holding_posts * then.in_post / start.posts
    holders = workings.holding * (filled + then.agency)
    grown = year.caseload * holders / start.cases
    wanted = workings.demand_for(grown, start.cases / start.case_holders)
    factor = min(max(wanted, LEAST_DEMAND), MOST_DEMAND)
    if factor < 1.0:
        return {"lever": "early_help", "share": 1.0 - factor}
    return {"lever": "demand", "factor": factor}


def _share_allowed(agency: float, posts: float) -> float:
    return min((agency + min(agency / 2, HALF_A_PERSON)) / posts, 1.0)


def _new_posts(service: Scaled, fte: float) -> Iterator[dict[str, Any]]:
    """Levers that add so many posts, in the proportions that there are, evenly over the year."""
    total = sum(team.number * sum(team.posts.values()) for team in service.teams.values())
    for name, team in service.teams.items():
        for role, of_role in team.posts.items():
            part = fte * team.number * of_role / total
            if part > SMALLEST_PART:
                # The lever adds one post at the beginning of each of so many equal parts of a year.
                half_a_part = MONTHS_A_YEAR / math.ceil(part) / 2
                yield {
                    "lever": "posts", "role": role, "team": name, "fte": part,
                    "start_after_months": half_a_part, "ramp_months": MONTHS_A_YEAR,
                }  # fmt: skip


def _monday_near(day: date) -> date:
    """The nearest Monday: outcomes are counted in whole weeks."""
    return day + timedelta(days=3 - (day.weekday() + 3) % 7)
