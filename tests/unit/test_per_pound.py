"""What money buys: a ratio of two means, and an interval that holds it as often as it says."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study.per_pound import per_pound, ratio_of_means
from sim.study.running import run_study
from tests import stand_ins

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(20)


def test_at_its_ends_the_ratio_is_just_possible():
    """For either end r the mean of above - r x below is exactly t standard errors from 0."""
    below = RANDOM.normal(5, 1, 9)
    above = 0.3 * below + RANDOM.normal(0, 0.5, 9)
    found = ratio_of_means(above, below)
    assert found.mean == pytest.approx(above.mean() / below.mean())
    assert found.low < found.mean < found.high
    for end in (found.low, found.high):
        rest = above - end * below
        t = rest.mean() / (rest.std(ddof=1) / math.sqrt(9))
        assert abs(t) == pytest.approx(stats.t.ppf(0.975, 8))


def test_without_uncertainty_of_the_cost_it_is_students_interval():
    above = np.array([1.0, 2.0, 4.0, 3.0])
    found = ratio_of_means(above, np.full(4, 2.0))
    low, high = stats.t.interval(0.95, 3, above.mean(), stats.sem(above))
    assert [found.low, found.high] == pytest.approx([low / 2, high / 2])


def test_it_holds_the_true_ratio_nineteen_times_in_twenty():
    """2,000 studies of eight pairs, with a cost that is known to a quarter only."""
    times = 2000
    below = RANDOM.normal(4, 2, (times, 8))
    above = -0.5 * below + RANDOM.normal(0, 1, (times, 8))
    found = [ratio_of_means(a, b) for a, b in zip(above, below, strict=True)]
    told = [each for each in found if not math.isnan(each.low)]
    assert len(told) > 0.9 * times
    held = np.mean([each.low <= -0.5 <= each.high for each in told])
    assert abs(held - 0.95) < 4 * math.sqrt(0.95 * 0.05 / len(told))


@pytest.mark.parametrize(
    "below", [[-1.0, -2.0, -1.5], [1.0, -1.0, 0.5], [0.0, 0.0, 0.0]], ids=["saves", "unclear", "0"]
)
def test_what_does_not_clearly_cost_more_has_no_price(below):
    assert math.isnan(ratio_of_means([1.0, 2.0, 3.0], below).mean)


def test_one_pair_has_no_interval_and_none_nothing():
    one = ratio_of_means([3.0], [2.0])
    assert one.mean == 1.5
    assert math.isnan(one.low)
    assert math.isnan(ratio_of_means([], []).mean)


def test_of_a_study(tmp_path):
    """The mean change over the mean cost; a policy that changes nothing has no price."""
    study = load_study(stand_ins.write_small_study(tmp_path))
    results = run_study(study, jobs=1, simulate=stand_ins.simulate, out=tmp_path / "found")
    found = per_pound(results, ["caseload_per_fte"], pounds=50_000).set_index("policy")
    means = results.comparisons[results.comparisons["policy"] == "more_posts"]
    means = means.set_index("outcome")["difference"]
    expected = means["caseload_per_fte"] / means["total_cost"] * 50_000
    assert found.loc["more_posts", "mean"] == pytest.approx(expected)
    assert math.isnan(found.loc["nothing", "mean"])
    assert set(per_pound(results)["outcome"]) == set(study.outcomes) - {"total_cost"}
    with pytest.raises(InputError, match="did you mean 'caseload_per_fte'"):
        per_pound(results, ["caseload_per_fta"])
