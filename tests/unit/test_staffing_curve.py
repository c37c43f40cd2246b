"""What a few runs say of a level, with the help of one that was run often."""

import numpy as np
import pytest

from sim.study.staffing.curve import assured, estimate, share_met
from tests.staffing_stand_ins import ENOUGH_ON_TIME, LITTLE_OVERLOAD, ON_TIME, OVERLOAD, KnownCurves

pytestmark = pytest.mark.unit


class Given:
    """Runs whose outcomes are given."""

    def __init__(self, values):
        self.given = {level: np.array(found) for level, found in values.items()}

    def values(self, level, outcome):
        return self.given[level]

    def number(self, level):
        return len(self.given[level])

    def looked_at(self):
        return sorted(self.given)


def test_a_level_that_was_run_twice_is_held_against_one_that_was_run_four_times():
    """Runs 10 and 20 of the anchor's 10, 20, 30, 40; the level has 13 and 23, so 3 more: 28."""
    runs = Given({0: [10.0, 20, 30, 40], 1: [13.0, 23]})
    found = estimate(runs, 1, OVERLOAD, anchor=0)
    assert found.mean == pytest.approx(28)
    assert found.error == pytest.approx(np.std([13, 23], ddof=1) / 2)
    assert estimate(runs, 1, OVERLOAD).mean == 18


def test_an_anchor_that_says_nothing_of_a_level_is_left_aside():
    runs = Given({0: [10.0, 90, 30, 40, 5], 1: [13.0, 13.1, 12.9]})
    assert estimate(runs, 1, OVERLOAD, anchor=0).mean == pytest.approx(13)


def test_a_run_without_the_outcome_is_left_out():
    runs = Given({0: [1.0, np.nan, 3.0], 1: [np.nan, np.nan, np.nan]})
    assert estimate(runs, 0, OVERLOAD).mean == 2
    assert estimate(runs, 0, OVERLOAD).runs == 2
    nothing = estimate(runs, 1, OVERLOAD)
    assert np.isnan(nothing.mean)
    assert assured(nothing, LITTLE_OVERLOAD, 3, 0.9) == -np.inf


def test_estimates_are_right_on_average_and_their_errors_are_their_spread():
    found = []
    for seed in range(1500):
        runs = KnownCurves({OVERLOAD: lambda level: 0.1 * level}, seed, spread=0.05, own=0.02)
        runs.ensure({0: 32, 1: 8})
        found.append(estimate(runs, 1, OVERLOAD, anchor=0))
    means = np.array([each.mean for each in found])
    assert means.mean() == pytest.approx(0.1, abs=4 * means.std() / np.sqrt(len(means)))
    # 0.05^2 / 32 for what is common, 0.02^2 (1/8 for its own, and 1/32 - 1/32 of the anchor's)
    assert means.std() == pytest.approx(np.sqrt(0.05**2 / 32 + 0.02**2 * (2 / 8 - 1 / 32)), rel=0.1)
    assert np.mean([each.error for each in found]) == pytest.approx(means.std(), rel=0.1)


def test_bounds_are_students():
    runs = Given({0: [1.0, 2, 3, 4, 5]})
    low, high = estimate(runs, 0, OVERLOAD).bounds(0.9)
    assert (low, high) == pytest.approx((3 - 2.131847 * np.sqrt(0.5), 3 + 2.131847 * np.sqrt(0.5)))


def test_what_is_assured_is_the_one_sided_bound():
    """t(4, 0.9) = 1.533206; mean 0.9, standard error 0.01 x sqrt(2.5 / 5)."""
    runs = Given({0: [0.88, 0.89, 0.90, 0.91, 0.92]})
    found = estimate(runs, 0, ON_TIME)
    assert assured(found, ENOUGH_ON_TIME, 5, 0.9) == pytest.approx(-0.05 - 1.533206 * 0.01 / 2**0.5)


def test_a_future_counts_when_it_meets_all_targets():
    class Two:
        def values(self, level, outcome):
            return np.array(
                [0.96, 0.96, 0.94, 0.94] if outcome == ON_TIME else [0.1, 0.2, 0.1, 0.2]
            )

    assert share_met(Two(), 0, (ENOUGH_ON_TIME, LITTLE_OVERLOAD)) == 0.25
    assert share_met(Two(), 0, (ENOUGH_ON_TIME,)) == 0.5
