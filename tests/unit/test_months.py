"""Why an outcome jumped in a month: exact splits, and how unusual it was."""

import itertools
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.report.month import month_in_words, sentences
from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.study.explaining.monthly import (
    DAYS,
    KEYS,
    WEEKS,
    Quotient,
    days_of_week,
    months_of,
    quotients_of,
    split,
    value_of,
)
from sim.study.explaining.months import explain_month, smaller
from sim.study.results import Results
from sim.study.running import run_study
from tests.services import BASELINE as AS_IT_IS
from tests.small_services import lively_service

pytestmark = pytest.mark.unit


def stored(folder, **more) -> Results:
    study = StudyFile(
        name="as_it_is", title="As it is", question="Why?", seed=3,
        **({"scenario": lively_service(), "policies": (AS_IT_IS,), "years": 0.6, "replications": 4,
            "outcomes": ("caseload_per_fte",)} | more),
    )  # fmt: skip
    return run_study(study, jobs=1, out=folder)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("months") / "found")


# ---------------------------------------------------------------- the arithmetic


def test_a_change_split_by_hand():
    """40 cases with 4 workers become 60 with 5: from 10 to 12 each. Twenty more cases at the mean
    of 1/4 and 1/5 are +4.5; a worker more at the mean of 40 and 60 cases is -50 / 20 = -2.5."""
    caseload = Quotient(("cases_days",), ("people_days",), "cases", "people")
    before = pd.DataFrame({"team": ["a", "b"], "cases_days": [30.0, 10], "people_days": [3.0, 1],
                           DAYS: [1.0, 0], WEEKS: [1.0, 0]})  # fmt: skip
    now = before.assign(cases_days=[90.0, 30], people_days=[6.0, 4], **{DAYS: [2.0, 0]})
    found = split(caseload, before, now)
    assert found.above == pytest.approx(4.5)
    assert found.below == pytest.approx(-2.5)
    assert found.by_team == pytest.approx({"a": 15 * 0.225, "b": 5 * 0.225 - 2.5})
    assert sum(found.by_team.values()) == pytest.approx(2.0)


def test_the_share_of_the_others_counts_those_as_large_half():
    values = pd.Series([1.0, 2.0, 2.0, 3.0, math.nan])
    assert smaller(values, 1) == pytest.approx((1 + 0.5) / 3)
    assert smaller(values, 3) == 1
    assert math.isnan(smaller(values[:1], 0))


# ---------------------------------------------------------------- against what was simulated


def test_all_months_together_are_the_outcomes_as_stored(results):
    """Each quotient is the outcome's own definition: weeks to seven digits, so nearly exact."""
    sums = months_of(results, "baseline").drop(columns=["month", "team"])
    totals = sums.groupby("replication").sum()
    wide = results.outcomes.pivot(index="replication", columns="outcome", values="value")
    quotients = quotients_of(results.study.scenario)
    assert {"assessments_in_time", "reviews_in_time"} <= set(quotients)
    for key, quotient in quotients.items():
        found, known = value_of(quotient, totals), wide[key]
        assert found.to_numpy() == pytest.approx(known.to_numpy(), rel=1e-5), key


def test_every_split_is_exact_in_every_month(results):
    sums = months_of(results, "baseline")
    totals = sums.groupby(KEYS[:2]).sum(numeric_only=True)
    for key, quotient in quotients_of(results.study.scenario).items():
        values = value_of(quotient, totals)[0]
        by_month = dict(list(sums[sums["replication"] == 0].groupby("month")))
        for before, now in itertools.pairwise(sorted(by_month)):
            change = values[now] - values[before]
            if math.isnan(change):
                continue
            found = split(quotient, by_month[before], by_month[now])
            assert found.above + found.below == pytest.approx(change, abs=1e-9), key
            assert sum(found.by_team.values()) == pytest.approx(change, abs=1e-9), key


def test_a_short_week_has_fewer_days():
    """The week before Easter ends on Thursday, that of the May bank holiday begins on Tuesday."""
    scenario = lively_service(start_date=date(2026, 4, 1))
    assert days_of_week(date(2026, 4, 2), scenario) == 4
    assert days_of_week(date(2026, 5, 8), scenario) == 4
    assert days_of_week(date(2026, 4, 17), scenario) == 5


def test_without_a_month_it_is_that_of_the_largest_change_up_or_down(results):
    totals = months_of(results, "baseline").groupby(KEYS[:2]).sum(numeric_only=True)
    caseload = quotients_of(results.study.scenario)["caseload_per_fte"]
    changes = value_of(caseload, totals).unstack("month").diff(axis=1)
    largest = changes.abs().idxmax(axis=1)
    falls = [number for number in range(4) if changes.loc[number, largest[number]] < 0]
    assert falls, "no run whose largest change is a fall: take another seed"
    run = falls[0]
    found = explain_month(results.folder, "baseline", ["caseload_per_fte"], run)
    assert found.month == largest[run]
    assert found.now - found.before == pytest.approx(changes.loc[run, found.month])
    others = changes[found.month].drop(run)
    assert found.others == 3
    assert found.usual == pytest.approx(others.mean())
    assert found.smaller == (others < changes.loc[run, found.month]).mean()


def test_the_warm_up_does_not_count_in_the_first_month(results):
    found = explain_month(results.folder, "baseline", ["caseload_per_fte"], 0, "2002-05")
    weeks = results.team_weeks.query("replication == 0 and week >= 0")
    april = weeks[weeks["week_ending"].astype(str).str.startswith("2002-04")]
    happened = found.happened.set_index("event")
    assert happened.loc["case arrives", "before"] == april["arrivals"].sum()


def test_agency_workers_who_go_are_not_leavers(tmp_path):
    """Nobody gives notice; agency workers come for some sixty days."""
    scenario = lively_service(turnover={"leaving_per_year": 0})
    stored(tmp_path / "found", scenario=scenario, replications=1)
    found = explain_month(tmp_path / "found", "baseline", ["agency_rate"], 0, "2002-08")
    happened = found.happened.set_index("event")[["before", "now"]].sum(axis=1)
    assert happened["leaves"] == 0
    assert happened["agency worker goes"] > 0
    assert math.isnan(found.smaller)
    assert "no other run" in sentences(found)[0]


def test_what_lies_behind_is_what_was_counted(results):
    found = explain_month(results.folder, "baseline", ["vacancy_rate"], 2, "2002-07")
    weeks = results.team_weeks.query("replication == 2 and week >= 0")
    july = weeks[weeks["week_ending"].astype(str).str.startswith("2002-07")]
    drivers = found.drivers.set_index("driver")
    assert found.weeks == (4, 4)
    assert drivers.loc["arrivals a week", "now"] == pytest.approx(july["arrivals"].sum() / 4)
    posts = july["post_fte_days"].sum() / 20  # four weeks without a bank holiday
    vacant, there = (drivers.loc[name, "now"] for name in ("vacant posts (FTE)", "FTE in post"))
    assert vacant + there == pytest.approx(posts)
    assert found.now == pytest.approx(vacant / posts, rel=1e-6)
    happened = found.happened.set_index("event")
    assert happened.loc["case arrives", "now"] == july["arrivals"].sum()
    of_people = july["leavers_fte"].sum()
    assert (happened.loc["leaves", "now"] > 0) == (of_people > 0)
    assert set(found.events["event"]) <= set(happened.index[happened["now"] > 0])


def test_in_words_it_says_how_much_how_unusual_why_and_where(results):
    found = explain_month(results.folder, "baseline", ["caseload_per_fte"], 1)
    first, why, where = sentences(found)
    assert "in run 1 of policy 'baseline'" in first
    assert "In the 3 other runs" in first
    assert "because of cases held" in why
    assert "because of workers who hold cases" in why
    assert where.count("(") >= 2
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(month_in_words(found))
    text = console.export_text()
    assert "arrivals a week" in text
    assert "case closes" in text


def test_a_mean_of_days_has_one_side_only(results):
    found = explain_month(results.folder, "baseline", ["unallocated_cases_mean"], 0)
    assert found.split.below == pytest.approx(0)
    assert "because of" not in " ".join(sentences(found))
    assert np.isfinite(found.split.above)


# ---------------------------------------------------------------- refusals


def test_everything_that_is_wrong_is_said_at_once(results):
    with pytest.raises(InputError) as error:
        explain_month(results.folder, "base", ["exhaustion"], 9)
    said = str(error.value)
    assert "did you mean 'baseline'?" in said
    assert "from 0 to 3" in said
    assert "cannot be followed month by month" in said
    assert "caseload_per_fte" in said
    with pytest.raises(InputError, match="one outcome is explained at a time"):
        explain_month(results.folder, "baseline", [], None)


def test_a_month_without_one_before_it_is_refused(results):
    for month in ("2002-04", "2003-01", "July"):
        with pytest.raises(InputError, match="a month from 2002-05 to 2002-11"):
            explain_month(results.folder, "baseline", ["caseload_per_fte"], 0, month)


def test_without_weeks_there_are_no_months(tmp_path):
    stored(tmp_path / "found", tables=(), years=0.1, replications=1)
    with pytest.raises(InputError, match="no team_weeks"):
        explain_month(tmp_path / "found", "baseline", ["caseload_per_fte"], 0)
