"""What a notebook shows: tables of text, and charts that say the same."""

import json

import numpy as np
import pandas as pd
import pytest

import sim
from forecasting import Forecast
from sim import Study
from sim.model.outcomes import OUTCOMES
from sim.report.changes import Change
from sim.report.changes_chart import KINDS, _kind, draw_changes
from sim.report.results_tables import (
    changes_table,
    outcomes_table,
    per_pound_table,
    ranges_table,
)
from sim.report.trade_off_chart import draw_trade_off
from sim.report.words import how_sure
from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study.comparing import Interval
from sim.study.running import run_study
from tests import stand_ins

pytestmark = pytest.mark.unit

KEYS = ["caseload_per_fte", "assessments_within_45_days"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    study = load_study(stand_ins.write_small_study(folder))
    return run_study(study, jobs=1, simulate=stand_ins.simulate, out=folder / "found")


def test_everything_that_sim_promises_is_there():
    assert sorted(sim.HOMES) == sorted(sim.__all__)
    for name in sim.__all__:
        assert getattr(sim, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'draw_weak'"):
        _ = sim.draw_weak


def test_the_table_of_outcomes_has_the_mean_and_the_extreme_runs(results):
    table = outcomes_table(results)
    values = results.outcomes.query("policy == 'baseline' and outcome == 'caseload_per_fte'")
    row = table.loc["Caseload"]
    written = [float(row[name]) for name in ("mean", "lowest run", "highest run")]
    assert written == pytest.approx(
        [values["value"].mean(), values["value"].min(), values["value"].max()], abs=0.06
    )
    assert row["unit"] == "cases per FTE"
    assert len(table) == len(results.study.outcomes)
    assert list(outcomes_table(results, KEYS[::-1]).index)[1] == "Caseload"


def test_the_table_of_changes_says_how_sure(results):
    table = changes_table(results, KEYS)
    assert list(table.columns) == ["more posts", "nothing"]
    assert table["nothing"].str.contains(", no change").all()
    row = results.comparisons.query("policy == 'more_posts' and outcome == 'caseload_per_fte'")
    sure = how_sure(row["probability_better"].item(), row["difference"].item())
    assert table.loc["Caseload", "more posts"].endswith(sure)
    assert table.loc["Caseload", "more posts"][0] == "−"


def test_the_table_of_ranges_rounds_as_far_as_the_change_is_known(results):
    table = ranges_table(results, [*KEYS, "total_cost"])
    row = results.comparisons.query("policy == 'more_posts' and outcome == 'caseload_per_fte'")
    change, ends = table.loc["Caseload", "more posts"].rstrip(")").split(" (")
    values = [float(each.replace("−", "-")) for each in (change, *ends.split(" to "))]
    exact = [row[name].item() for name in ("difference", "low", "high")]
    step = 10 ** (np.floor(np.log10(exact[2] - exact[1])) - 1)  # two digits of the range's width
    assert values == pytest.approx([round(each / step) * step for each in exact])
    assert table.loc["Total cost", "more posts"] == "+£110,000"  # the same in all runs: no range
    assert list(table.index) == list(changes_table(results, [*KEYS, "total_cost"]).index)


def test_per_pound_names_the_policy_that_does_most(results):
    table = per_pound_table(results, KEYS)
    assert table.loc["Caseload", "nothing"] == "not known"
    assert table.loc["Caseload", "most per pound"] == "more posts"
    assert "(" in table.loc["Caseload", "more posts"]


@pytest.mark.parametrize(
    ("intervals", "direction", "said"),
    [
        ({"a": (-3, -4, -2), "b": (-1, -1.5, -0.5)}, "lower", "a"),
        ({"a": (-3, -4, -2), "b": (-1, -2.5, 0.5)}, "lower", "a or b"),
        ({"a": (-3, -4, -2), "b": (-1, -1.5, -0.5)}, "higher", "none"),
        ({"a": (-3, -4, -2), "b": (1, 0.5, 1.5)}, "higher", "b"),
        ({"a": (-3, -4, -2)}, "neither", ""),
    ],
)
def test_rivals_are_those_whose_ranges_overlap(intervals, direction, said):
    from sim.report.results_tables import _most

    assert _most({name: Interval(*ends) for name, ends in intervals.items()}, direction) == said


def test_the_chart_of_changes_has_a_panel_an_outcome_and_says_the_same(results):
    chart = json.loads(draw_changes(results, KEYS).to_json())
    assert [panel["title"]["text"] for panel in chart["concat"]] == [
        "Caseload", "Assessments within 45 working days",
    ]  # fmt: skip
    assert chart["concat"][1]["title"]["subtitle"] == "percentage points"
    rows = [row for data in chart["datasets"].values() for row in data if "kind" in row]
    by_kind = {(row["policy"], row["kind"]) for row in rows}
    assert ("nothing", "no change, or neither way is better") in by_kind
    assert ("more posts", "better") in by_kind
    for cell in changes_table(results, KEYS)["more posts"]:
        assert cell in chart["description"]


@pytest.mark.parametrize(
    ("low", "high", "probability", "kind", "words"),
    [
        (0.2, 0.8, 0.999, "better", "almost certainly better"),
        (-0.8, -0.2, 0.001, "worse", "almost certainly worse"),
        (-0.9, 0.1, 0.04, "not clear: the range holds 0", "very likely worse"),
        (-0.3, 0.5, 0.7, "not clear: the range holds 0", "too close to call"),
        (0.0, 0.0, np.nan, "no change, or neither way is better", "no change"),
    ],
)
def test_the_chart_and_the_words_say_the_same(low, high, probability, kind, words):
    """Clear in the chart is never in doubt in words, and what is likely is not called open."""
    middle = (low + high) / 2
    change = Change(OUTCOMES["supervision_held"], 0.5, 0.5 + middle, middle, low, high, probability)
    assert (_kind(change), change.sure) == (kind, words)
    assert kind in KINDS


def test_the_trade_off_has_a_point_a_policy_and_words_in_its_corners(results):
    chart = json.loads(draw_trade_off(results, *KEYS).to_json())
    rows = [row for data in chart["datasets"].values() for row in data]
    points = {row["policy"]: row for row in rows if "policy" in row}
    differences = results.comparisons.pivot(index="policy", columns="outcome", values="difference")
    for policy, point in points.items():
        expected = differences.loc[policy.replace(" ", "_"), KEYS]
        assert [point["x"], point["y"]] == pytest.approx(list(expected))
    corners = {(row["x"] > 0, row["y"] > 0): row["said"] for row in rows if "said" in row}
    assert corners == {  # fewer cases and more assessments in time are better
        (False, True): "better for both",
        (True, False): "worse for both",
        (False, False): "caseload better, the other worse",
        (True, True): "caseload worse, the other better",
    }


def test_a_study_with_other_policies_keeps_its_baseline(tmp_path):
    study = Study.from_yaml(stand_ins.write_small_study(tmp_path))
    posts = {"lever": "posts", "role": "social_worker", "team": "duty", "fte": 3}
    other = study.with_policies({"name": "three", "label": "three more", "levers": [posts]})
    assert [policy.name for policy in other.file.policies] == ["baseline", "three"]
    assert other.file.policies[1].levers[0].fte == 3
    assert other.file.scenario == study.file.scenario
    assert len(study.file.policies) == 3
    again = study.with_policies(*study.file.policies[1:])
    assert again.file == study.file
    with pytest.raises(InputError, match=r"policies\[1\].levers\[0\].*no team 'dity'"):
        study.with_policies(
            {"name": "three", "label": "three more", "levers": [{**posts, "team": "dity"}]}
        )


def test_a_forecast_gives_its_charts_and_its_summary():
    found = Forecast.from_yaml("england_adults").run(paths=1000, months=36)
    assert {"requests_65_plus_range", "requests_65_plus_change"} <= set(found.charts)
    assert len(found.charts) == 2 * len(found.file.streams)
    for plan in found.file.streams.values():
        assert f"{plan.label}. From " in found.summary
    assert isinstance(found.intervals, pd.DataFrame)
