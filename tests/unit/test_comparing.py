"""Paired differences, their intervals, and the probability of being better."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.study.comparing import (
    COLUMNS,
    compare,
    mean_interval,
    probability_better,
    variance_reduction,
)
from sim.study.sureness import bootstrap
from sim.study.sureness.bootstrap import resample

FIVE = [10.038295, 10.224439, 9.901037, 10.002341, 10.011373]


def outcomes(**values: dict[str, list[float]]) -> pd.DataFrame:
    """Outcomes by policy, outcome and replication, in the shape of outcomes.parquet."""
    rows = [
        (policy, replication, outcome, value)
        for policy, by_outcome in values.items()
        for outcome, many in by_outcome.items()
        for replication, value in enumerate(many)
    ]
    return pd.DataFrame(rows, columns=["policy", "replication", "outcome", "value"])


@pytest.mark.theory
def test_the_interval_of_five_published_numbers():
    interval = mean_interval(FIVE)
    assert interval.low == pytest.approx(9.889281, abs=1e-6)
    assert interval.high == pytest.approx(10.181713, abs=1e-6)


@pytest.mark.theory
def test_the_interval_and_probability_agree_with_a_paired_t_test():
    rng = np.random.default_rng(1)
    before, after = rng.normal(10, 2, 30), rng.normal(9, 2, 30)
    test = stats.ttest_rel(after, before)
    known = test.confidence_interval(0.95)
    interval = mean_interval(after - before)
    assert (interval.low, interval.high) == pytest.approx((known.low, known.high))
    # The one-sided p-value of "not lower" is what remains of the probability of being lower.
    one_sided = stats.ttest_rel(after, before, alternative="less").pvalue
    assert probability_better(after - before, "lower") == pytest.approx(1 - one_sided)


@pytest.mark.theory
def test_intervals_hold_the_true_mean_as_often_as_they_say():
    draws = np.random.default_rng(2).normal(3, 1, size=(4_000, 8))
    held = [mean_interval(row) for row in draws]
    share = np.mean([interval.low <= 3 <= interval.high for interval in held])
    assert abs(share - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 4_000)


@pytest.mark.unit
def test_both_sides_of_the_probability_add_up_to_one():
    differences = [0.5, -0.2, 0.9, 0.1]
    higher = probability_better(differences, "higher")
    assert 0.5 < higher < 1
    assert higher + probability_better(differences, "lower") == pytest.approx(1)
    assert math.isnan(probability_better(differences, "neither"))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("differences", "direction", "probability"),
    [
        ([0.0] * 5, "lower", 0.5),
        ([0.0], "higher", 0.5),
        ([0.1, 0.1, 0.1], "higher", 1.0),
        ([0.1, 0.1, 0.1], "lower", 0.0),
        ([0.1], "lower", math.nan),
        ([], "lower", math.nan),
        ([math.nan, 0.1, 0.1], "higher", 1.0),
    ],
)
def test_edges_of_the_probability(differences, direction, probability):
    assert probability_better(differences, direction) == pytest.approx(probability, nan_ok=True)


@pytest.mark.unit
def test_equal_values_have_an_interval_without_width():
    interval = mean_interval([0.1] * 7)
    assert (interval.mean, interval.low, interval.high) == (0.1, 0.1, 0.1)


@pytest.mark.unit
def test_one_value_or_none_cannot_tell():
    assert mean_interval([3.0]).mean == 3
    assert math.isnan(mean_interval([3.0]).low)
    assert math.isnan(mean_interval([]).mean)


@pytest.mark.behaviour
def test_policies_are_compared_pair_by_pair_with_the_first():
    """Two runs each. More posts take 2 and 3 cases off the caseload; turnover stays the same.

    | outcome  | baseline | more posts | differences | mean |
    | caseload | 16, 18   | 14, 15     | -2, -3      | -2.5 |
    | turnover | .1, .2   | .1, .2     | 0, 0        | 0    |

    With two pairs t is 12.706: the half-width is 12.706 * 0.5 = 6.353.
    """
    table = compare(
        outcomes(
            more_posts={"turnover": [0.1, 0.2], "caseload": [14, 15]},
            baseline={"caseload": [16, 18], "turnover": [0.1, 0.2]},
        ),
        ["baseline", "more_posts"],
        {"caseload": "lower", "turnover": "lower", "unheard_of": "higher"},
    )
    assert tuple(table.columns) == COLUMNS
    caseload, turnover = table.to_dict("records")
    assert (caseload["policy"], caseload["outcome"]) == ("more_posts", "caseload")
    assert (caseload["baseline"], caseload["value"], caseload["difference"]) == (17, 14.5, -2.5)
    assert caseload["low"] == pytest.approx(-2.5 - 6.3531, abs=1e-4)
    assert caseload["high"] == pytest.approx(-2.5 + 6.3531, abs=1e-4)
    assert caseload["probability_better"] == pytest.approx(stats.t(1).cdf(2.5 / 0.5))
    assert [turnover[name] for name in ("difference", "low", "high")] == [0, 0, 0]
    assert turnover["probability_better"] == 0.5


@pytest.mark.unit
def test_the_order_of_rows_changes_nothing():
    rng = np.random.default_rng(3)
    table = outcomes(
        baseline={"a": rng.normal(size=9), "b": rng.normal(size=9)},
        other={"a": rng.normal(size=9), "b": rng.normal(size=9)},
    )
    directions = {"b": "lower", "a": "higher"}
    one = compare(table, ["baseline", "other"], directions)
    two = compare(table.sample(frac=1, random_state=4), ["baseline", "other"], directions)
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert list(one["outcome"]) == ["b", "a"]


@pytest.mark.unit
def test_a_pair_in_which_a_value_is_missing_is_left_out_of_everything():
    table = outcomes(
        baseline={"a": [1.0, 5.0, 2.0], "b": [1.0, 2.0]}, other={"a": [2.0, math.nan, 4.0]}
    )
    rows = compare(table, ["baseline", "other"], {"a": "higher", "b": "higher"})
    assert list(rows["outcome"]) == ["a"]  # no pair has b
    assert rows.loc[0, ["baseline", "value", "difference"]].tolist() == [1.5, 3, 1.5]


@pytest.mark.unit
def test_a_baseline_alone_has_nothing_to_compare():
    table = compare(outcomes(baseline={"a": [1.0]}), ["baseline"], {"a": "higher"})
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def many(runs: int, policies: int = 2, seed: int = 5) -> pd.DataFrame:
    """A baseline and some policies that share most of what moves them."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(10, 3, runs)
    values = {"baseline": shared + rng.normal(0, 1, runs)}
    for number in range(policies):
        values[f"p{number}"] = values["baseline"] + number + rng.normal(0, 1, runs)
    return outcomes(**{name: {"a": each} for name, each in values.items()})


NAMES = ["baseline", "p0", "p1"]


@pytest.mark.unit
def test_what_common_random_numbers_buy_is_a_ratio_of_variances():
    """Baseline 1, 3, 5 and policy 2, 4, 7: variances 4 and 6 1/3, of the differences 1/3: 31."""
    assert variance_reduction(np.array([1.0, 3, 5]), np.array([2.0, 4, 7])) == pytest.approx(31)


@pytest.mark.unit
def test_differences_that_are_all_the_same_need_no_second_pair():
    assert math.isnan(variance_reduction(np.array([1.0, 2, 3]), np.array([2.0, 3, 4])))
    assert math.isnan(variance_reduction(np.array([1.0]), np.array([2.0])))


@pytest.mark.unit
def test_a_range_for_all_policies_at_once_is_wider_than_one_for_itself():
    table = compare(many(30), NAMES, {"a": "lower"})
    for row in table.to_dict("records"):
        width = row["high"] - row["low"]
        alone = row["bootstrap_high"] - row["bootstrap_low"]
        together = row["simultaneous_high"] - row["simultaneous_low"]
        assert 0.8 * width < alone < 1.25 * width
        assert alone < together < 1.5 * width
        assert row["simultaneous_low"] + row["simultaneous_high"] == pytest.approx(
            2 * row["difference"]
        )


@pytest.mark.unit
def test_one_policy_alone_has_one_range_by_resampling():
    table = compare(many(30), ["baseline", "p0"], {"a": "lower"})
    assert table["simultaneous_low"].tolist() == table["bootstrap_low"].tolist()


@pytest.mark.unit
def test_policies_that_differ_alike_need_no_wider_range_together():
    table = many(30)
    same = table[table["policy"] == "p0"].assign(policy="p1")
    table = compare(pd.concat([table[table["policy"] != "p1"], same]), NAMES, {"a": "lower"})
    assert table["simultaneous_low"].tolist() == table["bootstrap_low"].tolist()


@pytest.mark.unit
def test_too_few_pairs_cannot_be_resampled():
    table = compare(many(9), NAMES, {"a": "lower"})
    assert table["simultaneous_low"].isna().all()
    assert table["low"].notna().all()
    assert compare(many(10), NAMES, {"a": "lower"})["simultaneous_low"].notna().all()


@pytest.mark.unit
def test_an_outcome_that_hardly_ever_differs_has_no_range_by_resampling_and_spoils_no_other():
    """In 2 of 30 pairs p0 differs: of every eight resamples one has none of them."""
    table = many(30)
    baseline = table.loc[table["policy"] == "baseline", "value"].to_numpy()
    rare = baseline + np.isin(np.arange(30), (3, 17))
    table.loc[table["policy"] == "p0", "value"] = rare
    p0, p1 = compare(table, NAMES, {"a": "lower"}).to_dict("records")
    assert math.isnan(p0["bootstrap_low"])
    assert math.isnan(p0["simultaneous_high"])
    assert p0["low"] < p0["difference"] < p0["high"]
    assert p1["simultaneous_low"] == p1["bootstrap_low"]


@pytest.mark.unit
def test_no_difference_at_all_has_ranges_without_width():
    table = many(12)
    baseline = table.loc[table["policy"] == "baseline", "value"].to_numpy()
    table.loc[table["policy"] == "p0", "value"] = baseline
    p0, p1 = compare(table, NAMES, {"a": "lower"}).to_dict("records")
    for kind in ("bootstrap", "simultaneous"):
        assert p0[f"{kind}_low"] == p0[f"{kind}_high"] == 0
    assert math.isnan(p0["variance_reduction"])
    assert p1["simultaneous_low"] < p1["difference"]


@pytest.mark.unit
def test_missing_values_are_left_out_of_resamples():
    table = many(30)
    table.loc[(table["policy"] == "p0") & (table["replication"] < 5), "value"] = math.nan
    whole = compare(table[table["replication"] >= 5], NAMES, {"a": "lower"}).loc[0]
    part = compare(table, NAMES, {"a": "lower"}).loc[0]
    assert part["low"] == whole["low"]
    assert part["bootstrap_low"] == pytest.approx(whole["bootstrap_low"], rel=0.1)


@pytest.mark.unit
def test_many_runs_are_resampled_bit_by_bit_with_the_same_result(monkeypatch):
    drawn = np.random.default_rng(6).normal(size=(40, 3))
    at_once = resample(drawn)
    monkeypatch.setattr(bootstrap, "AT_ONE_TIME", 40 * 100)
    assert np.allclose(resample(drawn).t, at_once.t)
    assert len(at_once.t) == bootstrap.RESAMPLES
