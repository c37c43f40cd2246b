"""How an authority's children pass through the stages: its own shares, and its own lengths of stay.

Shares come from published counts, one step of the way after the other; lengths of stay follow by
Little's law from the cases that are open and those that come. The number of need plans is not
published as such: they are what is left of the cases held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from sim.scenario.authority.average import (
    ASSESSMENTS,
    WORKING_DAYS_A_YEAR,
    Average,
)
from sim.scenario.distributions import Lognormal
from sim.scenario.offered_work import visits
from sim.scenario.pathway import CLOSED

INTO_CARE = ("assessment", "assessment_after_section_47", "need_plan", "protection_plan")
MOST_BEFORE_ASSESSMENT = 0.95  # of referrals closed at once or enquired into
MOST_PLANS = 0.98  # of conferences: more plans begin than that where families move in
LEAST_OTHERS = 0.25  # of cases held that are neither on a protection plan nor in care
NEED_DAYS = (0.45, 2.25)  # shortest and longest need plans, of the average authority's
LEAST_ASSESSED = 0.02  # of the referrals that the average authority would assess
MOST_INTO_CARE = 6.0  # of what is usual at each step

# Cases held beyond those that the stages' own durations keep open, as a share of these, where work
# is as heavy as on average: 30 runs of three years of the average authority, give or take 0.007.
DELAYED = 0.065
PASSES = 3  # how heavy work is depends on the cases, which depend on it: it settles at once

Shares = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Known:
    """What is known of an authority's cases.

    Attributes
    ----------
    referrals
        In a year, those within a year of an earlier one included.
    cases
        Held at a time.
    no_further_action, section_47, conference, plan
        Share of referrals closed at once; of referrals enquired into; of enquiries that come to a
        conference; of conferences that end in a plan.
    into_care
        Children taken into care, for each referral.
    plans, in_care
        On a protection plan, and in care, at a time.
    case_holders
        FTE who hold the cases.
    """

    referrals: float
    cases: float
    no_further_action: float
    section_47: float
    conference: float
    plan: float
    into_care: float
    plans: float
    in_care: float
    case_holders: float


@dataclass(frozen=True)
class OwnPathway:
    """What of the average authority's pathway is otherwise here.

    Attributes
    ----------
    next
        Where cases go from a stage, as shares.
    days
        Mean working days of need plans, protection plans and care.
    flows
        Cases a year that enter each stage.
    open_cases
        Cases in each stage at a time, but for what delays them.
    assessed
        Of the referrals that the average authority would assess, the share that this one does.
    held
        Of the children on a protection plan or in care, the share whose case its workers hold.
    """

    next: Shares
    days: dict[str, float]
    flows: dict[str, float]
    open_cases: dict[str, float]
    assessed: float
    held: float


def own_pathway(known: Known, average: Average) -> OwnPathway:
    """Find the shares and stays with which an authority's cases are as many as it says.

    What is left of the cases held, after those on a protection plan and in care, are assessments
    and need plans, and need plans last as long as makes their number right. Where they would have
    to be very short, the authority assesses fewer of its referrals than others do; where they would
    have to be very long, more of its assessments lead to a need plan.
    """
    delayed = DELAYED
    for _ in range(PASSES):
        found = _fitted(known, average, known.cases / (1 + delayed))
        delayed = DELAYED * load(found, known, average) ** 2
    return found


def load(pathway: OwnPathway, known: Known, average: Average) -> float:
    """Hours of casework asked for by those who hold cases, over the same in the average authority.

    The busier they are, the longer cases stay beyond their time. In simulations of 38 authorities
    what is beyond rose with about the square of this.
    """
    asked = WORKING_DAYS_A_YEAR * sum(
        there * average.hours_a_day(stage) for stage, there in pathway.open_cases.items()
    )
    usual = average.rates["case_holding"] * average.in_post / (1 - average.rates["agency"])
    return asked / known.case_holders / (average.hours_asked / usual)


def _fitted(known: Known, average: Average, cases: float) -> OwnPathway:
    """The pathway that keeps so many cases open."""
    planned = known.plans + known.in_care
    held = min(1.0, (1 - LEAST_OTHERS) * cases / planned)
    others = cases - held * planned
    shortest, longest = (average.days("need_plan") * factor for factor in NEED_DAYS)

    def need_days(assessed: float, needing: float) -> float:
        flows = _flows(known, average, _shares(known, average, assessed, needing))
        assessing = sum(_open(average, flows, stage) for stage in ASSESSMENTS)
        return (others - assessing) * WORKING_DAYS_A_YEAR / flows["need_plan"]

    assessed = needing = 1.0
    if need_days(1, 1) < shortest:
        assessed = _where(lambda share: need_days(share, 1) - shortest, 1.0, LEAST_ASSESSED)
    elif need_days(1, 1) > longest:
        usual = average.pathway.stages["assessment"].next["need_plan"]
        needing = _where(lambda times: need_days(1, times) - longest, 1.0, 0.9 / usual)
    shares = _shares(known, average, assessed, needing)
    flows = _flows(known, average, shares)
    days = {"need_plan": float(np.clip(need_days(assessed, needing), shortest, longest))}
    there = {stage: _open(average, flows, stage) for stage in ASSESSMENTS}
    there["need_plan"] = flows["need_plan"] * days["need_plan"] / WORKING_DAYS_A_YEAR
    for stage, children in (("protection_plan", known.plans), ("care", known.in_care)):
        there[stage] = held * children
        days[stage] = there[stage] * WORKING_DAYS_A_YEAR / flows[stage]
    return OwnPathway(shares, days, flows, there, assessed, held)


def _shares(known: Known, average: Average, assessed: float, needing: float) -> Shares:
    """Where cases go, with as many taken into care as are."""

    def with_care(times: float) -> Shares:
        return _next(known, average, assessed, needing, times)

    def too_many(times: float) -> float:
        flows = _flows(known, average, with_care(times))
        return flows["care"] - known.into_care * known.referrals

    return with_care(_where(too_many, 0.0, MOST_INTO_CARE))


def _next(known: Known, average: Average, assessed: float, needing: float, care: float) -> Shares:
    """Where cases go from each stage, with the usual shares times these where nothing is known."""
    at_once = known.no_further_action
    enquired = min(known.section_47, MOST_BEFORE_ASSESSMENT - at_once)
    to_assess = (1 - at_once - enquired) * assessed
    plan = min(known.plan, MOST_PLANS)
    shares: Shares = {
        "referral_decision": {
            CLOSED: 1 - enquired - to_assess, "section_47": enquired, "assessment": to_assess,
        },
        "section_47": {
            "conference": known.conference, "assessment_after_section_47": 1 - known.conference,
        },
        "conference": {"protection_plan": plan, "need_plan": 1 - plan},
    }  # fmt: skip
    for stage in INTO_CARE:
        usual = average.pathway.stages[stage].next
        taken = min(usual["care"] * care, 1.0)
        need = usual.get("need_plan", 0.0)
        if stage in ASSESSMENTS:
            need *= needing
        need = min(need, 1 - taken)
        shares[stage] = {CLOSED: 1 - taken - need, "need_plan": need, "care": taken}
        if not need:
            del shares[stage]["need_plan"]
    return shares


def _flows(known: Known, average: Average, shares: Shares) -> dict[str, float]:
    """Cases a year that enter each stage."""
    onward = {name: shares.get(name, stage.next) for name, stage in average.pathway.stages.items()}
    return {stage: known.referrals * times for stage, times in visits(onward).items()}


def _open(average: Average, flows: dict[str, float], stage: str) -> float:
    return flows[stage] * average.days(stage) / WORKING_DAYS_A_YEAR


def mean_before_limits(duration: Lognormal, days: float) -> float:
    """The mean of a distribution that lasts so many days once its limits have cut it off."""

    def beyond(mean: float) -> float:
        return duration.model_copy(update={"mean": mean}).expected() - days

    return _where(beyond, days / 10, days * 10)


def _where(difference: Callable[[float], float], one: float, other: float) -> float:
    """Where a difference is nothing between two ends; the nearer end where it never is."""
    at_one, at_other = difference(one), difference(other)
    if at_one * at_other > 0:
        return one if abs(at_one) < abs(at_other) else other
    return float(brentq(difference, one, other, xtol=1e-10))
