"""A service from one census to the next: its position as published, and what the year brings.

The scenario of the average authority is scaled to the published posts, vacancies, agency and cases.
What the year brings becomes the scenario's own parameters: how many leave, how fast vacancies are
filled, how much agency may be used, how much demand there is, how often people fall ill. Nothing is
published on how far notices and searches have got at a census, or on how long people have been in
post, so none of these matters here: searches are without memory, which is the one start that is in
balance from the first day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.optimize import brentq

from sim.model.blueprint import MONTHS_A_YEAR, WORKING_DAYS_A_YEAR
from sim.scenario.distributions import Distribution, Exponential
from sim.scenario.people import Absence, Spells
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from sim.study.validation.balance import Balance
from sim.study.validation.scaling import Scaled, holds_cases, scaled
from sim.study.validation.vacant_posts import share_for_vacant

CENSUS = (9, 30)
FASTEST_SEARCH, SLOWEST_SEARCH = 5.0, 1e5  # working days
AT_ONCE = 1e-3  # working days
AGENCY_LEAD = 4.0  # working days
SETTLED_BEFORE = 2  # months before the next census by which agency is where it is going
HALF_A_PERSON = 0.5  # FTE: agency comes in whole people, so a limit is on average missed by this
SMALLEST_PART = 0.02  # FTE of posts that is worth a lever
LEAST_DEMAND, MOST_DEMAND = 0.05, 20.0  # times present demand


@dataclass(frozen=True)
class Start:
    """What is published of an authority at a census: FTE, and cases."""

    in_post: float
    vacant: float
    agency: float
    case_holders: float
    cases: float

    @property
    def posts(self) -> float:
        """The establishment."""
        return self.in_post + self.vacant


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


@dataclass(frozen=True)
class Intended:
    """FTE at the next census, and during the year, if everything goes as a year is drawn."""

    in_post: float
    posts: float
    agency: float
    leavers: float
    mean_in_post: float
    most_posts: float  # a post that is lost stays, with nobody in it; the count leaves it out
    vacant: float  # such posts included

    @classmethod
    def of(cls, start: Start, year: Year) -> Intended:
        """Add up what a year brings; fewer in post than its leavers leave means more leavers."""
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
        For `sim.model.world.simulate`, with a replication of its own.
    posts
        The establishment at the next census.
    """

    scenario: Scenario
    policy: Policy
    posts: float


def service_year(
    base: Scenario, start: Start, year: Year, balance: Balance, at: int, *, seed: int,
    replication: int,
) -> ServiceYear:  # fmt: skip
    """Make the scenario of an authority for the year after the census of the year `at`.

    Parameters
    ----------
    base
        The average authority.
    start, year
        Its position, and what the year brings.
    balance
        What the service's own workings do in a year.
    seed, replication
        With which chances it will run: they say which posts are vacant.
    """
    then = Intended.of(start, year)
    agency = _agency(start, then)
    service = scaled(base, start, holding=balance.holding, **agency)
    teams = service.teams
    tired = balance.exhaustion((start.cases / start.case_holders + year.caseload) / 2)
    worn = base.wellbeing.exhaustion
    leaving = then.leavers / then.mean_in_post / (1.0 + worn.on_leaving * tired)
    search = days_to_fill(start.vacant, then.leavers + then.most_posts - start.posts, then.vacant)
    scenario = base.model_copy(
        update={
            "start_date": date(at, *CENSUS),
            "warm_up_weeks": 0,
            "teams": teams,
            "demand": service.demand,
            "absence": _absence(base, year.absence * then.in_post / then.mean_in_post, tired),
            "turnover": base.turnover.model_copy(
                update={"leaving_per_year": leaving, "by_tenure": (), "notice_days": 0.0}
            ),
            "allocation": base.allocation.model_copy(update={"caseload_cap": None}),
            "wellbeing": base.wellbeing.model_copy(
                update={"exhaustion": worn.model_copy(update={"at_start": tired})}
            ),
            "agency": base.agency.model_copy(
                update={
                    "cover_share": agency["sought"],
                    "lead_days": Exponential(mean=AGENCY_LEAD, minimum=1.0),
                    "beyond_establishment": service.beyond,
                    "cap": _limit(start.agency, start.posts),
                }
            ),
            "recruitment": base.recruitment.model_copy(
                update={
                    "approval_days": Exponential(mean=AT_ONCE),
                    "round_days": Exponential(mean=search),
                    "success_per_round": 1.0,
                    "returners_per_year": 0.0,
                    "newly_qualified": None,
                }
            ),
        }
    )
    vacant = share_for_vacant(scenario, start.vacant, seed, replication)
    recruitment = scenario.recruitment.model_copy(update={"vacant_on_first_day": vacant})
    levers = [
        *_demand(start, year, then, service, balance),
        _agency_limit(then),
        *_new_posts(service, then.most_posts - start.posts, start.posts),
    ]
    policy = Policy.model_validate({"name": "year", "label": "The year", "levers": levers})
    scenario = scenario.model_copy(update={"recruitment": recruitment})
    return ServiceYear(scenario, policy, then.posts)
