"""The children of an authority's scenario: referrals, shares and lengths of stay."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.authority.average import PATHWAY, STAGES, STREAM, Average
from sim.scenario.authority.draft import Draft
from sim.scenario.authority.establishment import Workforce
from sim.scenario.authority.origins import Origins, percent
from sim.scenario.authority.own_pathway import Known, OwnPathway, mean_before_limits
from sim.scenario.distributions import Lognormal
from sim.scenario.offered_work import WEEKS_A_YEAR


def known_cases(rates: Mapping[str, float], children: float, workforce: Workforce) -> Known:
    """What is known of an authority's cases, from its rates and its size."""
    referrals = rates["referrals"] * children
    begun = referrals * rates["section_47"] * rates["conference"] * rates["plan"]
    return Known(
        referrals=referrals,
        cases=rates["caseload"] * workforce.case_holding,
        no_further_action=rates["no_further_action"],
        section_47=rates["section_47"],
        conference=rates["conference"],
        plan=rates["plan"],
        into_care=rates["care_entry"],
        plans=begun * rates["plan_years"],
        in_care=rates["care"] * children,
        case_holders=workforce.case_holding,
    )


def add_demand(
    draft: Draft, known: Known, rereferral: float, average: Average, origins: Origins
) -> None:
    """Referrals: the first ones arrive, the others come back."""
    usual = average.scenario.demand[STREAM].per_week
    assert usual is not None
    england = average.flows["referral_decision"]
    usual_back = average.pathway.rereferral
    assert usual_back is not None
    first = known.referrals * (1 - rereferral) / (england * (1 - usual_back.share))
    a_week = f"{known.referrals / WEEKS_A_YEAR:.1f} referrals a week, less those who come back"
    draft.add(
        f"demand.{STREAM}.per_week",
        usual * first,
        origins.of("referrals", "rereferral", what=a_week),
    )
    draft.add(f"pathways.{PATHWAY}.rereferral.share", rereferral, origins.of("rereferral"))


def add_pathway(draft: Draft, pathway: OwnPathway, average: Average, origins: Origins) -> None:
    """Where cases go, and how long they stay."""
    assessed = ""
    if pathway.assessed < 1:
        assessed = f"of the referrals assessed elsewhere {percent(pathway.assessed, 0)} are here"
    notes = {
        "referral_decision": origins.of("no_further_action", "section_47", what=assessed),
        "section_47": origins.of("conference", what="enquiries that come to a conference"),
        "conference": origins.of("plan", what="conferences that end in a plan"),
    }
    for stage, shares in pathway.next.items():
        note = notes.get(stage, origins.of("care_entry", what="children taken into care"))
        draft.add(f"{STAGES}.{stage}.next", shares, note)
    stays = {
        "need_plan": origins.of(
            "caseload", "case_holding", what="as makes the cases held as many as there are"
        ),
        "protection_plan": origins.of("plan_years", what="plans open over plans begun"),
        "care": origins.of(
            "care", "care_entry", what="children in care over those taken into care"
        ),
    }
    for stage, days in pathway.days.items():
        duration = average.pathway.stages[stage].duration
        assert isinstance(duration, Lognormal)
        mean = mean_before_limits(duration, days)
        draft.add(f"{STAGES}.{stage}.duration.mean", mean, stays[stage])
