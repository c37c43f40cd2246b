"""An authority's scenario: valid for all, true to its figures, and nothing known too early."""

from dataclasses import replace

import numpy as np
import pytest

from sim.scenario.authority.areas import area_called, authorities, region_of
from sim.scenario.authority.average import average_authority
from sim.scenario.authority.balance import mean_tenure_factor
from sim.scenario.authority.draft import Draft
from sim.scenario.authority.establishment import (
    posts_with_cases,
    shares_by_team,
    teams,
)
from sim.scenario.authority.figures import figures_of
from sim.scenario.authority.levels import children_of, level_of
from sim.scenario.authority.own_cases import known_cases
from sim.scenario.authority.own_pathway import ASSESSMENTS, load, own_pathway
from sim.scenario.authority.own_people import workforce_of
from sim.scenario.authority.own_scenario import own_scenario, scenario_of
from sim.scenario.authority.table import PublishedFigures, published_figures
from sim.scenario.offered_work import WEEKS_A_YEAR, arrivals_per_year, flows
from sim.scenario.problems import InputError

pytestmark = pytest.mark.unit


# Figures are learnt from all authorities anew for each table and year: tests share 2020 and 2025.
@pytest.fixture(scope="module")
def everybody():
    table = published_figures()
    return {area.name: own_scenario(table, area) for area in authorities()}


@pytest.fixture(scope="module")
def scenarios(everybody):
    return {name: own.scenario() for name, own in everybody.items()}


def test_every_authority_has_a_valid_scenario(scenarios):
    assert len(scenarios) == 151
    assert len({scenario.name for scenario in scenarios.values()}) == 151


def test_posts_are_those_of_people_and_vacancies(everybody, scenarios):
    for name, scenario in scenarios.items():
        posts = sum(team.number * sum(team.posts.values()) for team in scenario.teams.values())
        people = everybody[name].workforce
        assert posts == pytest.approx(people.posts, rel=0.01, abs=0.2), name
        assert posts * (1 - scenario.recruitment.vacant_on_first_day) == pytest.approx(
            people.in_post, rel=0.01, abs=0.2
        ), name


def test_teams_are_of_a_usual_size(scenarios):
    usual = average_authority().scenario
    for name, scenario in scenarios.items():
        for kind in ("assessment", "family_safeguarding", "children_in_care"):
            size = sum(scenario.teams[kind].posts.values())
            assert size <= 1.5 * sum(usual.teams[kind].posts.values()) + 0.01, (name, kind)
            if scenario.name in ("isles_of_scilly", "city_of_london"):
                assert (size > 0) == (kind == "family_safeguarding"), name
            elif scenario.teams[kind].number > 1:
                assert size >= 0.6 * sum(usual.teams[kind].posts.values()), (name, kind)


def test_leaving_and_sickness_are_in_proportion_to_what_is_published(everybody, scenarios):
    """The average authority's, times the authority's rate over England's."""
    usual = average_authority()
    for name, scenario in scenarios.items():
        rates = everybody[name].figures.rates
        leaving = scenario.turnover.leaving_per_year * mean_tenure_factor(
            [(band.up_to_years, band.factor) for band in scenario.turnover.by_tenure],
            scenario.turnover.mean_tenure_years,
        )
        assert leaving / (rates["turnover"].value / 0.118) == pytest.approx(
            usual.scenario.turnover.leaving_per_year
            * (1.25 * 0.2835 + 1.1 * 0.2819 + 0.85 * 0.4346),
            rel=0.003,
        ), name
        for spells in ("short_sickness", "long_sickness"):
            own = getattr(scenario.absence, spells).per_year
            a_year = getattr(usual.scenario.absence, spells).per_year
            times = rates["absence"].value / usual.rates["absence"]
            assert own == pytest.approx(a_year * times, rel=1e-3), name


def test_stays_last_as_long_as_they_are_meant_to(everybody, scenarios):
    """Limits of the durations, which cut off the longest stays, are allowed for."""
    for name, scenario in scenarios.items():
        for stage, days in everybody[name].pathway.days.items():
            duration = scenario.pathways["child"].stages[stage].duration
            assert duration.expected() == pytest.approx(days, rel=0.002), (name, stage)


def test_referrals_and_stays_come_back_to_the_published_stocks(everybody, scenarios):
    """Little's law, from the scenario's own numbers: referrals, plans and children in care."""
    table = published_figures()
    for name in ("Leeds", "Surrey", "Blackpool", "Cumberland"):
        scenario, figures = scenarios[name], everybody[name].figures
        children = level_of(table, figures.area, "children", 2025)
        rates = {key: figure.value for key, figure in figures.rates.items()}
        pathway = scenario.pathways["child"]
        arrivals = arrivals_per_year(scenario.demand["referrals"], pathway)
        assert arrivals == pytest.approx(rates["referrals"] * children, rel=0.01)
        visits = flows(pathway)
        there = {
            stage: arrivals * visits[stage] * pathway.stages[stage].duration.expected() / 253
            for stage in ("protection_plan", "care")
        }
        begun = arrivals * rates["section_47"] * rates["conference"] * rates["plan"]
        assert there["protection_plan"] == pytest.approx(begun * rates["plan_years"], rel=0.03)
        assert there["care"] == pytest.approx(rates["care"] * children, rel=0.04)
        into_care = arrivals * visits["care"]
        assert into_care == pytest.approx(
            rates["care_entry"] * rates["referrals"] * children, rel=0.01
        )


def test_cases_add_up_to_those_held_but_where_need_plans_would_have_to_be_impossibly_long(
    everybody,
):
    average = average_authority()
    off = {}
    for name, own in everybody.items():
        known = known_cases(
            {key: figure.value for key, figure in own.figures.rates.items()},
            level_of(published_figures(), own.figures.area, "children", 2025),
            own.workforce,
        )
        heavy = load(own.pathway, known, average)
        held = sum(own.pathway.open_cases.values()) * (1 + 0.065 * heavy**2)
        if abs(held / own.cases - 1) > 0.01:
            off[name] = round(held / own.cases, 2)
    assert set(off) <= {"City of London"}, off


def test_the_average_authority_is_given_back():
    """England's own rates and size, put through all of it, give the shipped scenario's numbers."""
    average = average_authority()
    rates = dict(average.rates)
    workforce = workforce_of(rates, average.in_post)
    known = known_cases(rates, 632_830 / 153 / rates["referrals"], workforce)
    pathway = own_pathway(known, average)
    for stage in ASSESSMENTS:
        assert pathway.open_cases[stage] == pytest.approx(average.open_cases(stage), rel=0.02)
    assert pathway.days["protection_plan"] == pytest.approx(200, rel=0.02)
    assert pathway.days["need_plan"] == pytest.approx(134, rel=0.06)
    assert pathway.days["care"] == pytest.approx(average.days("care"), rel=0.05)
    assert load(pathway, known, average) == pytest.approx(1, rel=0.02)
    assert (pathway.assessed, pathway.held) == (1, 1)
    with_cases = posts_with_cases(workforce, workforce, average.all_posts(holding_cases=True))
    assert with_cases == pytest.approx(139.5, rel=1e-6)
    found = teams(workforce.posts, with_cases, shares_by_team(workforce, pathway, average), average)
    for kind, team in found.items():
        usual = average.scenario.teams[kind]
        assert team.number == usual.number
        for role, fte in team.posts.items():
            assert fte == pytest.approx(usual.posts[role], rel=0.05), (kind, role)


def test_nothing_later_is_used():
    """A table without what came later, or with nonsense in its place, gives the same scenario."""
    table, area = published_figures(), area_called("Bury")
    scenario = scenario_of(table, area, 2020)
    nonsense = {
        (code, year): dict.fromkeys(row, "77") if year > 2020 else row
        for (code, year), row in table.cells.items()
    }
    assert scenario_of(table.up_to(2020), area, 2020) == scenario
    assert scenario_of(PublishedFigures(nonsense), area, 2020) == scenario
    assert scenario_of(table, area, 2021) != scenario


def test_a_forecast_of_figures_knows_only_what_was_there():
    table, area = published_figures(), area_called("Bury")
    ahead = figures_of(table, area, 2021, known_until=2020)
    assert figures_of(table.up_to(2020), area, 2021, known_until=2020) == ahead
    now = figures_of(table, area, 2020)
    for key, figure in ahead.rates.items():
        assert figure.spread > now.rates[key].spread
        assert figure.own_weight < now.rates[key].own_weight
    with pytest.raises(ValueError, match="a later year"):
        figures_of(table, area, 2020, known_until=2021)


def test_own_figures_weigh_more_in_large_authorities():
    table = published_figures()
    large, small = (figures_of(table, area_called(n), 2025) for n in ("Essex", "Rutland"))
    for key in ("turnover", "absence", "caseload", "rereferral"):
        assert large.rates[key].own_weight > small.rates[key].own_weight + 0.1
        low, high = large.rates[key].interval()
        assert low < large.rates[key].value < high


def test_what_is_not_known_is_the_regions():
    """Nobody left or fell ill on the Isles of Scilly, where hardly anybody is employed."""
    figure = figures_of(published_figures(), area_called("Isles of Scilly"), 2025).rates["absence"]
    assert figure.own_weight < 0.05
    assert figure.value == pytest.approx(figure.region, rel=0.05)


def test_a_number_of_an_earlier_year_has_grown_as_the_regions_has():
    table, area = published_figures(), area_called("Leeds")
    grown = level_of(table, area, "in_post_fte", 2025)
    own = table.value(area.code, 2024, "in_post_fte")
    assert grown == pytest.approx(own * 4116.0 / 3858.6)
    assert level_of(table, area, "in_post_fte", 2024) == own
    with pytest.raises(InputError, match="nothing is published of Cumberland up to 2020"):
        level_of(table, area_called("Cumberland"), "in_post_fte", 2020)


@pytest.mark.parametrize(("name", "year"), [("Cumberland", 2023), ("Dorset", 2018)])
def test_an_authority_too_new_for_a_count_of_children_has_its_regions(name, year):
    table, area = published_figures(), area_called(name, year)
    assert table.last_year(area.code, "children", year) is None
    region = region_of(area).code
    for_each = table.value(region, year, "children") / table.value(region, year, "in_post_fte")
    assert children_of(table, area, year) == pytest.approx(
        for_each * table.value(area.code, year, "in_post_fte")
    )


def test_busier_workers_cases_stay_longer_beyond_their_time():
    average = average_authority()
    workforce = workforce_of(average.rates, average.in_post)
    known = known_cases(average.rates, 80_000, workforce)
    fewer = replace(known, case_holders=known.case_holders / 1.2)
    assert load(own_pathway(fewer, average), fewer, average) > 1.1
    assert (
        own_pathway(fewer, average).days["need_plan"]
        < own_pathway(known, average).days["need_plan"]
    )


def test_higher_vacancies_need_less_successful_recruitment():
    made = [scenario_of(published_figures(), area_called(n)) for n in ("Warwickshire", "Surrey")]
    low, high = (scenario.recruitment for scenario in made)
    assert low.vacant_on_first_day < 0.05 < 0.2 < high.vacant_on_first_day
    assert low.success_per_round > 2 * high.success_per_round


def test_shares_are_rounded_to_still_make_a_whole():
    draft = Draft()
    thirds = {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
    draft.add("pathways.child.next", thirds)
    draft.add("pathways.child.days", 12.34567)
    values = draft.values()["pathways"]["child"]
    assert sum(values["next"].values()) == pytest.approx(1, abs=1e-12)
    assert values["days"] == 12.35
    assert np.allclose(list(values["next"].values()), 1 / 3, atol=2e-4)


def test_a_year_of_the_past_begins_from_its_own_figures():
    scenario = scenario_of(published_figures(), area_called("Northamptonshire", 2017), 2017)
    assert scenario.recruitment.vacant_on_first_day > 0.3
    a_week = scenario.demand["referrals"].per_week
    assert a_week is not None
    back = scenario.pathways["child"].rereferral
    assert back is not None
    assert a_week / (1 - back.share) == pytest.approx(15_709 / WEEKS_A_YEAR, rel=0.02)
