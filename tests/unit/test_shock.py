"""The shock of 2022: what a service is told of England's years, and what is published of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.report.shock_table import shock_table
from sim.scenario.authority.average import NAME
from sim.scenario.authority.table import PublishedFigures, published_figures
from sim.scenario.authority.workforce_census import ENGLAND
from sim.scenario.loading import load_scenario
from sim.study.validation import told
from sim.study.validation.shock import MEASURES, TOLD, After, after_table, published_change
from sim.study.validation.slopes import Slope
from sim.study.watching import Silent

pytestmark = pytest.mark.unit


def a_country(**changed):
    """The same in each year from 2020 on, but for a few figures: by name, years and values."""
    steady = {"turnover_rate": 0.1, "leavers_fte": 90, "starters_fte": 90, "vacancy_fte": 100,
              "in_post_fte": 900}  # fmt: skip
    rows = {year: dict(steady) for year in (told.BEFORE, *told.YEARS)}
    rows[2019] = {"in_post_fte": 800}
    for figure, values in changed.items():
        for year, value in values.items():
            rows[year][figure] = value
    cells = {
        (ENGLAND, year): {name: str(value) for name, value in row.items()}
        for year, row in rows.items()
    }
    return PublishedFigures(cells)


@pytest.fixture(scope="module")
def average():
    return load_scenario(NAME)


def test_where_nothing_changes_nothing_is_told():
    table = a_country()
    assert told.leaving(table) == pytest.approx([1.0] * 5)
    assert told.hiring(table) == pytest.approx([1.0] * 5)
    assert told.posts(table) == [0.0] * 5


def test_leaving_is_told_in_points_of_turnover():
    table = a_country(turnover_rate={2020: 0.12, 2021: 0.14, 2022: 0.09})
    assert told.leaving(table) == pytest.approx([1.2, 0.7, 0.8, 0.8, 0.8])


def test_hiring_is_told_beside_what_makes_up_for_those_who_leave():
    """A country that creates posts hires more than leave while its vacancies stay as they are."""
    table = a_country(starters_fte={2021: 180, 2022: 90}, vacancy_fte={2022: 200})
    assert told.hiring(table)[:3] == pytest.approx([2.0, 1 / 1.5, 1 / 1.5])
    fewer_left = a_country(leavers_fte={2020: 60})
    assert told.hiring(fewer_left) == pytest.approx([1.5] * 5)


def test_posts_are_those_with_somebody_in_them_and_the_vacant():
    table = a_country(in_post_fte={2022: 890}, vacancy_fte={2022: 160, 2023: 150, 2024: 150})
    assert told.posts(table)[:3] == pytest.approx([0.0, 0.05, 0.0])


def test_posts_with_cases_are_a_share_of_those_that_were_created():
    """15,954.7 + 4,591.3 FTE in 2019 and 15,482.2 + 5,616.7 in 2023 are in roles with cases."""
    more = (15482.2 + 5616.7) - (15954.7 + 4591.3)
    assert told.created_with_cases(a_country(in_post_fte={2023: 800 + 2 * more})) == pytest.approx(
        0.5
    )
    shipped = told.created_with_cases(published_figures())
    assert shipped == pytest.approx(more / (33119.1 - 30683.8))


def levers_of(policy, kind):
    return [lever for lever in policy.levers if lever.lever == kind]


def test_each_year_has_levers_of_its_own(average):
    table = published_figures()
    policy = told.years_told(average, table)
    leaving = levers_of(policy, "leaving_rate")
    assert [lever.start_after_months for lever in leaving] == [0, 12, 24, 36, 48]
    assert np.cumprod([lever.factor for lever in leaving]) == pytest.approx(told.leaving(table))
    hiring = levers_of(policy, "time_to_hire")
    assert np.cumprod([lever.success_factor for lever in hiring]) == pytest.approx(
        told.hiring(table)
    )
    usual = average.recruitment.newly_qualified.intake_per_year
    intake = [lever.per_year / usual for lever in levers_of(policy, "intake")]
    assert intake == pytest.approx(told.hiring(table))


def test_as_many_posts_are_created_as_in_england_and_few_of_them_with_cases(average):
    table = published_figures()
    created = levers_of(told.years_told(average, table), "posts")
    established = sum(team.number * sum(team.posts.values()) for team in average.teams.values())
    first = [lever for lever in created if lever.start_after_months == 0]
    assert sum(lever.fte for lever in first) == pytest.approx(told.posts(table)[0] * established)
    with_cases = sum(lever.fte for lever in first if average.roles[lever.role].holds_cases)
    assert with_cases / sum(lever.fte for lever in first) == pytest.approx(
        told.created_with_cases(table)
    )
    assert {lever.ramp_months for lever in created} == {12.0}


def test_it_is_told_no_more_than_is_asked(average):
    kinds = {
        lever.lever
        for lever in told.years_told(average, published_figures(), (told.LEAVING,)).levers
    }
    assert kinds == {"leaving_rate"}


def test_what_is_published_of_the_shock():
    """England's vacancies went from 16.1 to 20.0 % and then to 14.2; caseload from 16.3 to 16.6."""
    table = published_figures()
    assert published_change(table, "vacancy", 2022) == pytest.approx(3.9)
    assert published_change(table, "vacancy", 2025) == pytest.approx(-1.9)
    assert published_change(table, "caseload", 2022) == pytest.approx(0.3)
    assert np.isnan(published_change(table, "vacancy", 2031))


def test_each_run_is_held_against_the_same_without_what_it_is_told(monkeypatch, average):
    """Two runs: what is told adds a point in the first year, two in the second, and so on."""
    from sim.study.validation import shock

    asked = []

    def censuses(scenario, policy, seed, run):
        asked.append((policy.name, len(policy.levers), seed, run, scenario.start_date))
        more = {"baseline": 0.0}.get(policy.name, 1.0 if len(policy.levers) == 5 else 10.0)
        years = np.arange(1, 6)
        row = run + more * years
        return pd.DataFrame(dict.fromkeys(MEASURES, row), index=told.YEARS)

    monkeypatch.setattr(shock, "_censuses", censuses)
    after = shock.simulate_shock(average, published_figures(), Silent(), runs=2, jobs=1, seed=4)
    found = {(each.measure, each.told, each.year): each.change.estimate for each in after}
    assert found["agency", "leaving", 2022] == pytest.approx(2.0)
    assert found["agency", "leaving, hiring, posts", 2023] == pytest.approx(30.0)
    assert {(seed, start.month, start.day) for *_, seed, _, start in asked} == {(4, 10, 1)}
    assert {run for *_, run, _ in asked} == {0, 1}


def made():
    return [
        After(measure, year, said, Slope(1.0, 0.5, 1.5), np.nan if year == 2022 else -2.0)
        for measure in MEASURES
        for said in TOLD
        for year in (2021, 2022)
    ]


def test_the_table_has_a_row_for_each_measure_year_and_what_was_told():
    table = after_table(made())
    assert len(table) == len(MEASURES) * len(TOLD) * 2
    assert (table["low"] == 0.5).all()


def test_in_words_england_stands_above_what_the_simulation_makes_of_it():
    heading, rows = shock_table(after_table(made()))
    assert heading == ["", "2021", "2022"]
    assert rows[:3] == [
        ["Turnover, points: England", "−2.0", ""],
        ["told of leaving", "+1.0 ±0.5", "+1.0 ±0.5"],
        ["told of leaving, hiring, posts", "+1.0 ±0.5", "+1.0 ±0.5"],
    ]
    assert len(rows) == len(MEASURES) * (1 + len(TOLD))
