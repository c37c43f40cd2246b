"""The average service beside what is published: which figures, and what is near enough."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.scenario.loading import load_scenario
from sim.scenario.problems import InputError
from sim.study.calibration.targets import read_fit_targets, shipped_targets
from sim.study.validation import targets
from sim.study.validation.targets import CHILDREN, check_targets, targets_of

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def children():
    return load_scenario(CHILDREN)


def test_what_the_service_is_held_against(children):
    found = targets_of(children).set_index("key")
    table = pd.read_csv(shipped_targets()).set_index("key")
    assert (found["near_low"] <= found["target"]).all()
    assert (found["target"] <= found["near_high"]).all()
    caseload, hours = found.loc["caseload"], found.loc["hours"]
    assert caseload["near_high"] - caseload["target"] == table.loc["caseload", "tolerance"]
    assert (hours["near_low"], hours["near_high"]) == (hours["low"], hours["high"])
    is_level = table["outcome"].notna() & table["for_each_more"].isna()
    wanted = table[(table["of"] == CHILDREN) & is_level]
    assert sorted(found.index) == sorted(wanted.index)  # each says how near is near enough


def test_what_the_fit_leaves_out_is_no_test(children):
    found = targets_of(children).set_index("key")
    left_out = {key: why for key, why in found["why_not"].items() if why}
    assert "too rare" in left_out["incidents"]
    fitted = read_fit_targets(shipped_targets(), children, CHILDREN, left_out)
    levels = [each.key for each in fitted if not each.for_each_more]
    assert sorted(levels) == sorted(set(found.index) - set(left_out))
    slopes = [each.key for each in fitted if each.for_each_more]
    assert slopes == [f"slope_{of}" for of in ("assessments", "conferences", "absence", "turnover")]


def simulated(outcomes):
    """A stand-in for the simulated service, which gives the targets themselves but for some."""

    def simulate(scenario, policy, *, seed, replication, years):
        table = targets_of(scenario).set_index("outcome")["target"]
        chance = 1 + (replication - 0.5) * 1e-6
        return SimpleNamespace(outcomes=dict(chance * table) | outcomes)

    return simulate


def test_hits_and_misses(monkeypatch):
    low = {"turnover_rate": 0.09, "expected_incidents": 20.0}
    monkeypatch.setattr(targets, "simulate", simulated(low))
    found = check_targets(runs=2, jobs=1).set_index("key")
    assert found.loc["turnover", "verdict"] == "miss"
    assert found.loc["incidents", "verdict"] == "not judged"
    others = found.drop(index="turnover")
    assert set(others[others["why_not"] == ""]["verdict"]) == {"hit"}
    assert found.loc["caseload", "simulated"] == pytest.approx(15.2)
    low, high = found.loc["caseload", ["simulated_low", "simulated_high"]]
    assert (high - low) / 2 == pytest.approx(15.2e-6 / 2 * 12.706, rel=1e-3)  # t, 1 degree


def test_other_scenarios_and_single_runs_are_refused(monkeypatch):
    with pytest.raises(InputError, match="did you mean 'children_average_england'"):
        check_targets("children_average_englnd")
    with pytest.raises(InputError, match="one run cannot say how sure"):
        check_targets(runs=1)
    other = load_scenario(CHILDREN).model_copy(update={"name": "ours"})
    monkeypatch.setattr(targets, "load_scenario", lambda _: other)
    with pytest.raises(InputError, match="adults_average_england"):
        check_targets("ours")
