"""Slopes as targets: a service whose response to demand is known, fitted to levels and to slopes.

It is a few lines of arithmetic: cases rise with demand, and assessments in time fall by a tenth of
`turnover.leaving_per_year` for each case above 15. Levels, at 15 cases, say nothing of that.
"""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.scenario.loading import load_scenario
from sim.scenario.problems import InputError
from sim.study.calibration.fitting import calibrate
from sim.study.calibration.targets import FitTarget
from sim.study.calibration.two_levels import (
    held_against,
    usual_rises,
    values_with_more_demand,
    with_more_demand,
)
from tests import stand_ins

pytestmark = pytest.mark.theory

LIST = """\
name: toy
title: Two values of a service of arithmetic
of: children_average_england
busier: 1.1
points: 16
waves: 1
futures: 4
sets: 40
parameters:
  response: {label: Tenths of a share lost for each case, paths: [turnover.leaving_per_year]}
  hiring: {label: Days of a round, paths: [recruitment.round_days.mean]}
"""
LEVELS = "caseload,caseload_per_fte,,15,1\nin_time,assessments_within_45_days,,0.85,0.02\n"
SLOPE = "slope,assessments_within_45_days,caseload_per_fte,-0.0100,0.001\n"


def service(scenario, policy, *, seed, replication, years, tables=()):
    """Answer to demand in a straight line, with luck that is the same at any demand."""
    luck = np.random.default_rng([seed, replication]).normal(size=2)
    cases = 15 * scenario.demand["referrals"].per_week / 5 + 0.3 * luck[0]
    lost = scenario.turnover.leaving_per_year / 10 * (cases - 15)
    in_time = 0.85 + 0.02 * luck[1] - lost
    return SimpleNamespace(
        outcomes={"caseload_per_fte": cases, "assessments_within_45_days": in_time}, tables={}
    )


def unmoved(scenario, policy, *, seed, replication, years, tables=()):
    """Answer to nothing."""
    luck = np.random.default_rng([seed, replication]).normal()
    outcomes = {"caseload_per_fte": 15 + luck, "assessments_within_45_days": 0.85}
    return SimpleNamespace(outcomes=outcomes, tables={})


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    stand_ins.write_small_study(folder)
    return load_scenario(folder / "small.yaml")


@pytest.fixture
def fitted(tmp_path, scenario):
    def fit(rows, listed=LIST, simulate=service):
        (tmp_path / "list.yaml").write_text(listed, encoding="utf-8")
        text = "key,outcome,for_each_more,target,tolerance\n" + rows
        (tmp_path / "targets.csv").write_text(text, encoding="utf-8")
        with ThreadPoolExecutor(1) as executor:
            return calibrate(
                scenario, tmp_path / "fit", parameters=tmp_path / "list.yaml",
                targets=tmp_path / "targets.csv", executor=executor, simulate=simulate,
            )  # fmt: skip

    return fit


def test_a_slope_is_found_that_levels_leave_open(fitted, tmp_path):
    """A slope of -0.0100 give or take 0.0005 (half the tolerance): leaving is 0.100 +- 0.005."""
    folder = fitted(LEVELS + SLOPE)
    fit = pd.read_csv(folder / "fit.csv").set_index("key")
    assert fit.loc["slope", "before"] == pytest.approx(-0.0150, abs=1e-9)  # the scenario's 0.15
    assert fit.loc["slope", "central"] == pytest.approx(-0.0100, abs=0.0002)
    assert fit.loc["slope", "for_each_more"] == "caseload_per_fte"
    assert fit["for_each_more"].isna().sum() == 2
    sets = pd.read_csv(folder / "ensemble.csv").iloc[1:]["turnover.leaving_per_year"]
    assert sets.mean() == pytest.approx(0.1, abs=0.003)
    assert 0.003 < sets.std() < 0.008


def test_without_the_slope_they_do_and_nobody_simulates_a_busier_service(fitted):
    def at_one_level(scenario, *given, **asked):
        assert scenario.demand["referrals"].per_week == 5
        return service(scenario, *given, **asked)

    folder = fitted(LEVELS, simulate=at_one_level)
    sets = pd.read_csv(folder / "ensemble.csv").iloc[1:]["turnover.leaving_per_year"]
    assert sets.std() > 0.015  # evenly over 0.06 to 0.15 it would be 0.026


def test_a_slope_needs_a_second_level_of_demand(fitted):
    with pytest.raises(InputError) as caught:
        fitted(LEVELS + SLOPE, LIST.replace("busier: 1.1\n", ""))
    told = str(caught.value)
    assert "list.yaml" in told
    assert "the list 'toy' has no second level of demand" in told
    assert "slopes, which need one: slope" in told
    assert "add `busier: 1.1`" in told


def test_demand_that_moves_nothing_has_no_slope(fitted):
    with pytest.raises(InputError, match=r"1\.1 times the demand does not change caseload_per_fte"):
        fitted(LEVELS + SLOPE, simulate=unmoved)


@pytest.fixture(scope="module")
def slope():
    return FitTarget("slope", "", "in_time", -0.01, 0.001, "cases")


def runs(cases, in_time):
    return pd.DataFrame({"cases": cases, "in_time": in_time})


def test_what_luck_does_at_both_levels_of_demand_is_not_in_a_slope(slope):
    luck = np.random.default_rng(1).normal(0, 5, 20)
    today, busier = runs(15 + luck, 0.85 + luck / 100), runs(17 + luck, 0.81 + luck / 100)
    rises = usual_rises([slope], today, busier, 1.1)
    assert rises == {"cases": pytest.approx(2)}
    assert held_against([slope], today, busier, rises)[:, 0] == pytest.approx(-0.04 / 2)


def test_a_slope_off_its_target_counts_by_how_far_load_moves(slope):
    """Where caps leave caseloads no room, a small rise with a small loss is no steep slope."""
    one = runs([15.0], [0.85])
    found = held_against([slope], one, runs([15.1], [0.845]), {"cases": 2.0})
    assert found[0, 0] == pytest.approx(-0.01 + (-0.005 + 0.001) / 2)  # its own ratio is -0.05
    as_wanted = held_against([slope], one, runs([15.1], [0.849]), {"cases": 2.0})
    assert as_wanted[0, 0] == pytest.approx(-0.01)


@pytest.mark.parametrize("rise", [0.0, 0.1])
def test_a_rise_that_chance_might_have_made_is_refused(slope, rise):
    luck = np.array([-1.0, 1.0, -1.0, 1.0])
    today = runs(np.full(4, 15.0), np.full(4, 0.85))
    with pytest.raises(InputError, match="no slope can be found"):
        usual_rises([slope], today, runs(15 + rise + luck, 0.85 + luck), 1.1)


def test_more_demand_is_more_of_every_stream_and_of_nothing_else(scenario):
    assert with_more_demand(scenario, 1.0) == scenario
    more = with_more_demand(scenario, 1.2)
    assert more.demand["referrals"].per_week == pytest.approx(6)
    assert more.model_copy(update={"demand": scenario.demand}) == scenario
    stream = scenario.demand["referrals"].model_copy(
        update={"per_week": None, "per_month": (200.0, 300.0)}
    )
    monthly = scenario.model_copy(update={"demand": {"referrals": stream}})
    assert with_more_demand(monthly, 1.1).demand["referrals"].per_month == pytest.approx((220, 330))


def test_demand_that_is_fitted_is_more_too():
    values = {"demand.referrals.per_week": 50.0, "absence.stress_share": 0.3}
    more = values_with_more_demand(values, 1.2)
    assert more == {"demand.referrals.per_week": pytest.approx(60.0), "absence.stress_share": 0.3}
