"""Slopes across authorities where they are known, hits and misses, and how a year is cut."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from benchmarks.sizes import scaled
from sim.report.patterns_table import answer
from sim.resources import configs_dir
from sim.scenario.authority.areas import authorities
from sim.scenario.authority.own_scenario import scenario_of
from sim.scenario.authority.table import published_figures
from sim.scenario.loading import load_scenario
from sim.scenario.problems import InputError
from sim.study.validation.panel import (
    AS_THEN,
    BANDS,
    FEWEST,
    FEWEST_IN_POST,
    FEWEST_YEARS,
    THEN,
    Member,
    figures,
    members,
    moving,
    simulate_panel,
)
from sim.study.validation.patterns import (
    HIT,
    MISS,
    MISS_IN_REACH,
    PATTERNS,
    Finding,
    Pattern,
    find_patterns,
    findings_table,
)
from sim.study.validation.slopes import Slope, across, bend, between, mean, within
from sim.study.watching import Silent

pytestmark = pytest.mark.unit


def made_panel(
    slope_within=-1.0, slope_between=2.0, bend_by=0.0, authorities=150, years=8, noise=1.0
):
    """Authorities whose means lie on one line and their years on another, in a moving country."""
    rng = np.random.default_rng(3)
    level = rng.normal(16.5, 2.0, authorities)
    year = rng.normal(0, 3.0, years)
    rows = []
    for i in range(authorities):
        away = rng.normal(0, 1.5, years)
        away -= away.mean()
        for t in range(years):
            caseload = level[i] + away[t]
            beyond = max(0.0, caseload - 17)
            outcome = slope_within * away[t] + slope_between * level[i] + year[t]
            outcome += bend_by * beyond + rng.normal(0, noise)
            rows.append((f"a{i}", 2020 + t, caseload, outcome))
    return pd.DataFrame(rows, columns=["authority", "year", "caseload", "outcome"])


def made_panel_of_all(authorities, years):
    """A panel with all columns that the patterns look at."""
    panel = made_panel(authorities=authorities, years=years)
    rng = np.random.default_rng(5)
    others = ["assessments", "conferences", "absence", "turnover", *BANDS]
    others += [f"{name}{AS_THEN}" for name in ("three_workers", "turnover")]
    return panel.assign(**{name: rng.normal(50, 5, len(panel)) for name in others})


def covers(slope, truth):
    return slope.low <= truth <= slope.high


# ---------------------------------------------------------------- slopes that are known


def test_the_slope_within_authorities_is_not_that_between_them():
    panel = made_panel()
    assert within(panel, "outcome", "caseload").estimate == pytest.approx(-1.0, abs=0.1)
    assert between(panel, "outcome", "caseload").estimate == pytest.approx(2.0, abs=0.1)


def test_years_in_which_everybody_is_otherwise_do_not_matter():
    panel = made_panel(noise=0.0)
    moved = panel.assign(outcome=panel["outcome"] + 10 * (panel["year"] == 2022))
    for each in (panel, moved):
        assert within(each, "outcome", "caseload").estimate == pytest.approx(-1.0, abs=1e-9)


def test_a_bend_is_found_where_there_is_one_and_not_where_there_is_none():
    assert covers(bend(made_panel(), "outcome", "caseload", 17.0), 0.0)
    bent = bend(made_panel(bend_by=-2.0, slope_between=0.0), "outcome", "caseload", 17.0)
    assert bent.estimate == pytest.approx(-2.0, abs=0.3)
    assert bent.high < 0


def test_intervals_cover_the_truth_nineteen_times_in_twenty():
    """Errors that hang together within an authority: plain errors would cover far less often."""
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        rows = []
        for i in range(40):
            trend_x, trend_e = rng.normal(0, 1, 2)
            for t in range(6):
                x = trend_x * (t - 2.5) + rng.normal(0, 0.3)
                rows.append((f"a{i}", t, x, 0.5 * x + trend_e * (t - 2.5)))
        panel = pd.DataFrame(rows, columns=["authority", "year", "caseload", "outcome"])
        covered += covers(within(panel, "outcome", "caseload"), 0.5)
    assert 0.88 <= covered / 200 <= 0.99


def test_missing_figures_are_left_out_by_themselves():
    panel = made_panel(noise=0.0)
    panel.loc[panel["authority"] == "a3", "outcome"] = np.nan
    panel["else"] = np.nan
    assert within(panel, "outcome", "caseload").estimate == pytest.approx(-1.0, abs=1e-9)


def test_across_authorities_a_year_is_set_beside_the_two_censuses_around_it():
    """Turnover that is mostly chance, and an outcome that follows it within the year."""
    rng = np.random.default_rng(2)
    rows = []
    for i in range(400):
        turnover = rng.normal(12, 1) + rng.normal(0, 3, 5)
        for t in range(4):
            outcome = 2.0 * (turnover[t] + turnover[t + 1]) / 2 + 5 * t
            rows.append((f"a{i}", 2020 + t, turnover[t], outcome))
        rows.append((f"a{i}", 2024, turnover[4], np.nan))
    panel = pd.DataFrame(rows, columns=["authority", "year", "turnover", "outcome"])
    shuffled = panel.sample(frac=1.0, random_state=1)
    for each in (panel, shuffled):
        assert across(each, "outcome", "turnover").estimate == pytest.approx(2.0, abs=1e-9)


def test_a_mean_is_of_authorities_and_its_interval_of_their_spread():
    panel = pd.DataFrame(
        {"authority": ["a", "a", "b", "b"], "year": [1, 2, 1, 2], "share": [10.0, 20.0, 25.0, 25.0]}
    )
    found = mean(panel, "share")
    assert found.estimate == pytest.approx(20.0)
    assert found.low < 15 < 25 < found.high


# ---------------------------------------------------------------- hit or miss


@pytest.mark.parametrize(
    ("simulated", "verdict"),
    [
        (Slope(-1.0, -1.1, -0.9), HIT),
        (Slope(-1.3, -3.0, 0.4), HIT),
        (Slope(-1.4, -1.6, -1.2), MISS_IN_REACH),
        (Slope(-0.2, -0.7, 0.3), MISS_IN_REACH),
        (Slope(-2.0, -2.3, -1.7), MISS),
        (Slope(0.5, 0.1, 0.9), MISS),
    ],
)
def test_a_hit_is_an_estimate_within_the_published_range(simulated, verdict):
    pattern = Pattern(
        "p", "label", "points", "", Slope(-0.97, -1.31, -0.62), lambda panel: simulated
    )
    found = Finding(pattern, simulated)
    assert found.verdict == verdict
    row = findings_table([found]).iloc[0]
    assert (row["verdict"], row["simulated"]) == (verdict, simulated.estimate)
    hits = int(verdict == HIT)
    assert answer([found]).startswith(f"{hits} of 1 ")


def test_what_is_published_is_what_the_table_of_facts_says():
    with (configs_dir() / "evidence" / "facts.csv").open(encoding="utf-8", newline="") as file:
        facts = {row["key"]: row for row in csv.DictReader(file)}
    of_facts = [pattern for pattern in PATTERNS if pattern.fact]
    assert len(of_facts) >= 6
    for pattern in of_facts:
        fact = facts[pattern.fact]
        published = [float(fact[column]) for column in ("value", "low", "high")]
        assert [
            pattern.published.estimate,
            pattern.published.low,
            pattern.published.high,
        ] == published
    ends = ("0_10", "11_15", "16_20", "21_plus")
    held = np.array([float(facts[f"icpc_working_days_{end}_2025"]["value"]) for end in ends])
    shares = [
        p.published.estimate for p in PATTERNS if p.key.startswith("conferences_") and p.unit == "%"
    ]
    assert shares == pytest.approx(list(100 * held / held.sum()), abs=0.06)


# ---------------------------------------------------------------- the panel


def test_members_are_spread_over_caseloads_and_are_the_same_each_time():
    table = published_figures()
    chosen = members(table, 12, 2)
    caseloads = [table.last(member.area, "caseload", 2025) for member in chosen]
    assert caseloads == sorted(caseloads)
    assert caseloads[-1] - caseloads[0] > 4
    assert all(table.last(m.area, "in_post_fte", 2025) >= FEWEST_IN_POST for m in chosen)
    assert [m.scenario for m in members(table, 12, 2)] == [m.scenario for m in chosen]


@pytest.mark.parametrize(
    ("number", "years", "said"),
    [
        (9, 3, ["authorities: too few authorities"]),
        (999, 3, ["authorities: there are not so many"]),
        (12, 1, ["years: not a number"]),
        (12, 99, ["years: not a number"]),
        (0, 0, ["authorities: too few authorities", "years: not a number"]),
    ],
)
def test_too_few_or_too_many_are_refused_all_at_once(number, years, said):
    with pytest.raises(InputError) as caught:
        members(published_figures(), number, years)
    problems = caught.value.problems
    assert len(problems) == len(said)
    for problem, words in zip(problems, said, strict=True):
        assert str(problem).startswith(words)


def test_the_least_that_is_accepted_is_enough():
    found = findings_table(find_patterns(made_panel_of_all(FEWEST, FEWEST_YEARS)))
    numbers = found[[f"simulated{end}" for end in ("", "_low", "_high")]]
    assert np.isfinite(numbers.to_numpy()).all()


def test_continuity_is_looked_for_in_the_authorities_as_they_were_then():
    """Published of the year after the census of 2023: each as of that year, and nothing later."""
    table = published_figures()
    for member in members(table, 12, 2):
        then = next(area for area in authorities(THEN) if area.code == member.area)
        as_then = scenario_of(table, then, THEN)
        assert member.then == moving(as_then, member.number, 2)
        assert member.then != member.scenario


def test_what_is_as_it_was_then_comes_from_the_scenario_of_then():
    """Nobody leaves now, and many did then; of a council made since there is nothing."""
    service = moving(scaled(load_scenario("children_average_england"), 60), 0, 2)
    leaving = service.turnover.model_copy(update={"leaving_per_year": 0.0})
    stable = service.model_copy(update={"turnover": leaving})
    pair = [Member("a", stable, 0, service), Member("b", stable, 1)]
    panel = simulate_panel(pair, 2, Silent(), jobs=1).set_index("authority")
    assert (panel["turnover"] == 0).all()
    assert (panel.loc["a", f"turnover{AS_THEN}"] > 0).all()
    assert (panel.loc["a", f"three_workers{AS_THEN}"] > panel.loc["a", "three_workers"]).all()
    assert panel.loc["b", [f"turnover{AS_THEN}", f"three_workers{AS_THEN}"]].isna().all(axis=None)


def test_demand_moves_from_year_to_year_and_not_on_average():
    average = load_scenario("children_average_england")
    weeks = 365.25 / 7 / 12
    found = []
    for number in range(200):
        stream = moving(average, number, 4).demand["referrals"]
        assert stream.per_month_from.year == average.start_date.year - 1
        by_year = np.array(stream.per_month).reshape(5, 12)
        assert (by_year == by_year[:, :1]).all()
        found.append(by_year[:, 0] / weeks / average.demand["referrals"].per_week)
    factors = np.array(found)
    assert factors.mean() == pytest.approx(1.0, abs=4 * 0.1 / 1000**0.5)
    assert np.log(factors).std() == pytest.approx(0.10, abs=0.01)


def test_a_year_is_cut_as_the_statistics_cut_it():
    """The census on the last day, leavers and sickness of the year before, children's year around
    it: each week has its own number, so that any other cut gives another sum."""
    weeks = pd.DataFrame(index=pd.date_range("2025-10-03", "2027-04-02", freq="7D"))
    names = ["held_case_days", "case_holder_fte_days", "leavers_fte", "in_post_fte_days",
             "sick_fte_days", "vacant_fte_days", "agency_fte_days"]  # fmt: skip
    for name in names:
        weeks[name] = 100.0
    for outcome in ("assessments_within_45_days", "conferences_within_15_days"):
        weeks[f"{outcome}_ended"], weeks[f"{outcome}_in_time"] = 10.0, 8.0
    three = "children_in_care_with_three_workers"
    weeks[f"{three}_counted"], weeks[f"{three}_with_three"] = 50.0, 10.0
    day = pd.Timestamp("2026-09-25")
    weeks.loc[day, ["held_case_days", "vacant_fte_days"]] = [1500.0, 300.0]
    workforce_year = (weeks.index > "2025-09-30") & (weeks.index <= "2026-09-30")
    weeks.loc[~workforce_year, ["leavers_fte", "sick_fte_days"]] = 9999.0
    weeks.loc[workforce_year, ["leavers_fte", "sick_fte_days"]] = [0.05, 4.0]
    childrens_year = (weeks.index > "2026-03-31") & (weeks.index <= "2027-03-31")
    weeks.loc[~childrens_year, "assessments_within_45_days_in_time"] = 0.0
    found = figures(weeks, 2026)
    assert found["caseload"] == 15.0
    assert found["vacancy"] == 75.0
    assert found["agency"] == 50.0
    assert found["turnover"] == pytest.approx(253 * 0.05)
    assert found["absence"] == pytest.approx(4.0)
    assert found["assessments"] == pytest.approx(80.0)
    assert found["three_workers"] == pytest.approx(20.0)
