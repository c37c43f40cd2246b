"""The people of an authority's scenario: teams and posts, leaving, hiring, agency, sickness."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.authority import balance
from sim.scenario.authority.average import STAGES, Average
from sim.scenario.authority.draft import Draft
from sim.scenario.authority.establishment import (
    Workforce,
    one_team,
    posts_with_cases,
    shares_by_team,
    teams,
)
from sim.scenario.authority.origins import Origins, percent
from sim.scenario.authority.own_pathway import OwnPathway
from sim.scenario.people import Recruitment

LEAST_VACANT = 0.015  # of posts: a post that someone leaves is not filled the next day
MOST_SOUGHT = 0.98  # of vacancies, that agency is sought for
MOST_SUCCESS = 0.95  # of recruitment rounds
AGENCY_HEADROOM = 1.5  # the cap over the agency that there is
MOST_TENURE, LEAST_TENURE = 1.5, 0.4  # mean tenure, of the average authority's

Rates = Mapping[str, float]


def workforce_of(rates: Rates, in_post: float) -> Workforce:
    """The people of an authority with these rates and so many FTE in post."""
    agency = in_post * rates["agency"] / (1 - rates["agency"])
    return Workforce(
        in_post=in_post,
        vacancy=max(rates["vacancy"], LEAST_VACANT),
        agency=agency,
        agency_cover=rates["agency_cover"],
        case_holding=rates["case_holding"] * (in_post + agency),
    )


def add_teams(
    draft: Draft, workforce: Workforce, pathway: OwnPathway, average: Average, origins: Origins
) -> None:
    """Posts by team: as many as there are people and vacancies, where the work is."""
    usual = workforce_of(average.rates, average.in_post)
    with_cases = posts_with_cases(workforce, usual, average.all_posts(holding_cases=True))
    own = teams(workforce.posts, with_cases, shares_by_team(workforce, pathway, average), average)
    total = f"{workforce.posts:.1f} posts, {with_cases:.1f} of them with cases"
    note = origins.of("case_holding", "vacancy", what=total)
    for kind, team in own.items():
        if team.number != average.scenario.teams[kind].number:
            draft.add(f"teams.{kind}.number", team.number)
        draft.add(f"teams.{kind}.posts", team.posts, note)
        if team.business_support != average.scenario.teams[kind].business_support:
            draft.add(
                f"teams.{kind}.business_support",
                team.business_support,
                "as much for each post as on average",
            )
        note = ""
    alone = one_team(workforce, average)
    if alone is not None:
        draft.add(f"teams.{alone}.label", "Children's social work team")
        for stage in pathway.flows:
            if average.team_of(stage) not in (None, alone):
                draft.add(f"{STAGES}.{stage}.team", alone, "one team does everything")


def add_leaving_and_sickness(
    draft: Draft, rates: Rates, average: Average, origins: Origins
) -> None:
    """Leaving and sickness, in proportion to what is published; exhaustion adds to both."""
    usual = average.scenario.turnover
    times = rates["turnover"] / average.rates["turnover"]
    tenure = usual.mean_tenure_years * min(max(1 / times, LEAST_TENURE), MOST_TENURE)
    bands = [(band.up_to_years, band.factor) for band in usual.by_tenure]
    shorter = balance.mean_tenure_factor(bands, usual.mean_tenure_years)
    shorter /= balance.mean_tenure_factor(bands, tenure)
    turnover = f"{percent(rates['turnover'])} of workers leave in a year"
    draft.add(
        "turnover.leaving_per_year",
        usual.leaving_per_year * times * shorter,
        origins.of("turnover", what=turnover),
    )
    draft.add("turnover.mean_tenure_years", tenure, origins.of("turnover"))
    ill = rates["absence"] / average.rates["absence"]
    sick = f"{percent(rates['absence'])} of days are lost"
    for spells in ("short_sickness", "long_sickness"):
        each = getattr(average.scenario.absence, spells).per_year
        draft.add(f"absence.{spells}.per_year", each * ill, origins.of("absence", what=sick))
        sick = ""


def add_recruitment(
    draft: Draft, workforce: Workforce, rates: Rates, average: Average, origins: Origins
) -> None:
    """Recruitment that fills as many posts as are left, at the vacancies that there are."""
    usual = average.scenario.recruitment
    assert usual.newly_qualified is not None
    usual_workforce = workforce_of(average.rates, average.in_post)
    leavers = rates["turnover"] * workforce.in_post
    per_leaver = leavers / (average.rates["turnover"] * usual_workforce.in_post)
    intake = usual.newly_qualified.intake_per_year * per_leaver
    success = _success(workforce, leavers, intake, usual) * usual.success_per_round
    success /= _success(
        usual_workforce,
        average.rates["turnover"] * usual_workforce.in_post,
        usual.newly_qualified.intake_per_year,
        usual,
    )
    draft.add(
        "recruitment.vacant_on_first_day",
        workforce.vacancy,
        origins.of("vacancy", what="vacancies as a share of posts"),
    )
    if success > MOST_SUCCESS:
        sooner = MOST_SUCCESS / success
        days = usual.round_days.expected() * sooner
        draft.add("recruitment.round_days.mean", days, "so short that vacancies stay as few")
        draft.add("recruitment.round_days.minimum", min(30.0, days / 2))
        draft.add("recruitment.approval_days", usual.approval_days.expected() * sooner)
    draft.add(
        "recruitment.success_per_round",
        min(success, MOST_SUCCESS),
        origins.of("vacancy", "turnover", what="keeps vacancies at this level"),
    )
    in_proportion = origins.of("turnover", what="in proportion to leavers")
    draft.add(
        "recruitment.returners_per_year", usual.returners_per_year * per_leaver, in_proportion
    )
    draft.add("recruitment.newly_qualified.intake_per_year", intake, in_proportion)


def _success(workforce: Workforce, leavers: float, intake: float, usual: Recruitment) -> float:
    approval = usual.approval_days.expected()  # at most half of the time that posts are vacant
    vacancies = workforce.vacancy * workforce.posts
    return balance.success_per_round(
        vacancies=vacancies,
        leavers=leavers,
        intake=intake,
        approval_days=min(approval, balance.WORKING_DAYS_A_YEAR * vacancies / leavers / 2),
        round_days=usual.round_days.expected(),
    )


def add_agency(
    draft: Draft,
    workforce: Workforce,
    pathway: OwnPathway,
    rates: Rates,
    average: Average,
    origins: Origins,
) -> None:
    """Agency: how much of vacancies it covers, and how many there are beyond."""
    usual = average.scenario.agency
    wanted = workforce.covered / (workforce.vacancy * workforce.posts)
    wanted *= usual.cover_share / average.rates["agency_cover"]
    wanted *= _covered(average.rates, average) / _covered(rates, average)
    draft.add(
        "agency.cover_share",
        min(wanted, MOST_SOUGHT),
        origins.of("agency", "agency_cover", what=f"{workforce.covered:.1f} FTE cover vacancies"),
    )
    shares = shares_by_team(workforce, pathway, average)
    draft.add(
        "agency.beyond_establishment",
        {kind: round(workforce.beyond * share, 2) for kind, share in shares.items()},
        origins.of("agency", "agency_cover", what=f"{workforce.beyond:.1f} FTE"),
    )
    cap = min(1.0, max(usual.cap, AGENCY_HEADROOM * workforce.agency / workforce.posts))
    if cap > usual.cap:
        draft.add("agency.cap", cap, "room for half as much again as there is")


def _covered(rates: Rates, average: Average) -> float:
    """The share of a vacancy that agency covers where it is always sought."""
    agency = average.scenario.agency
    vacant = balance.days_vacant(max(rates["vacancy"], LEAST_VACANT), rates["turnover"])
    return balance.covered_share(vacant, agency.lead_days.expected(), agency.stay_days.expected())
