"""Paired differences, their intervals, and the probability of being better."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.study.comparing import COLUMNS, compare, mean_interval, probability_better

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
