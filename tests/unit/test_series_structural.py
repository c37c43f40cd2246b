"""The structural model that all candidates are settings of."""

import numpy as np
import pytest
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

from forecasting.series import structural
from forecasting.series.candidates import all_candidates
from forecasting.series.structural import ANYWHERE, SEASON, SIZE, follow

pytestmark = pytest.mark.unit

CANDIDATES = all_candidates()
NUMBER = len(CANDIDATES.names)


def calm(months=60, seed=3):
    """A smooth series with a slight season."""
    rng = np.random.default_rng(seed)
    at = np.arange(months)
    return 20 + 0.01 * at + 0.3 * np.sin(2 * np.pi * at / 12) + rng.uniform(-0.2, 0.2, months)


def followed(values, first_month=4):
    observed = np.repeat(values[:, None], NUMBER, axis=1)
    return follow(observed, (first_month + np.arange(values.size)) % 12, CANDIDATES)


@pytest.mark.parametrize("place", [0, 5, 17, 25, NUMBER - 1])
def test_it_is_the_kalman_filter_of_statsmodels_where_nothing_surprises(place, monkeypatch):
    monkeypatch.setattr(structural, "SURPRISE", 1e9)
    values = calm()
    values[30] = np.nan
    c = CANDIDATES
    apart = np.eye(12) - 1 / 12
    oracle = KalmanFilter(1, SIZE)
    oracle.bind(values.copy())
    design = np.zeros((1, SIZE, values.size))
    design[0, 0] = 1.0
    design[0, SEASON + (4 + np.arange(values.size)) % 12, np.arange(values.size)] = 1.0
    oracle["design"] = design
    oracle["obs_cov"] = np.eye(1)
    oracle["selection"] = np.eye(SIZE)
    transition, changes, doubt = np.eye(SIZE), np.zeros((SIZE, SIZE)), np.zeros((SIZE, SIZE))
    transition[0, 1] = transition[1, 1] = c.damping[place]
    changes[0, 0], changes[1, 1] = c.level_change[place] ** 2, c.slope_change[place] ** 2
    changes[SEASON:, SEASON:] = c.season_change[place] ** 2 * apart
    doubt[0, 0], doubt[1, 1] = ANYWHERE, (5 * c.slope_change[place]) ** 2
    doubt[SEASON:, SEASON:] = c.season_size[place] ** 2 * apart
    oracle["transition"], oracle["state_cov"] = transition, changes
    start = np.zeros(SIZE)
    start[0] = values[0]
    oracle.initialize_known(start, doubt)
    expected = oracle.filter().filtered_state.T
    assert followed(values).states[:, place] == pytest.approx(expected, abs=1e-8)


def test_what_is_expected_is_the_state_moved_on():
    """Level 20, slope 0.5 damped by 0.9, and 3 more in June: worked out by hand."""
    found = followed(np.full(24, 20.0))
    place = CANDIDATES.names.index("months, level 1, damped trend, strong season")
    state = found.states[-1, place]
    state[:] = 0.0
    state[0], state[1], state[SEASON + 5] = 20.0, 0.5, 3.0
    # The series began in May and has 24 months: the next months are May, June and July.
    ahead = found.expected(np.array([23]), 3)[0, :, place]
    assert ahead == pytest.approx([20 + 0.45, 20 + 0.45 + 0.405 + 3, 20 + 0.45 + 0.405 + 0.3645])


def test_an_odd_month_moves_the_level_no_further_than_a_bounded_surprise():
    place = CANDIDATES.names.index("months, level 0.4, no trend, no season")
    levels = []
    for jump in (0.0, 2.0, 200.0):
        values = calm()
        values[-1] += jump
        levels.append(followed(values).states[-1, place, 0])
    usual, surprised, enormous = levels
    assert surprised > usual
    assert enormous == pytest.approx(surprised)


def test_after_a_surprise_the_next_months_say_whether_the_series_has_moved():
    place = CANDIDATES.names.index("months, level 0.15, no trend, no season")
    back, moved = calm(), calm()
    back[50] += 10.0
    moved[50:] += 10.0
    assert followed(back).states[52, place, 0] == pytest.approx(calm()[:50].mean(), abs=2.0)
    assert followed(moved).states[52, place, 0] > calm()[:50].mean() + 7.0


def test_the_effects_of_a_season_add_up_to_none():
    assert followed(calm()).states[:, :, SEASON:].sum(axis=2) == pytest.approx(0.0, abs=1e-9)


def test_a_series_of_none_that_starts_to_have_some_is_followed():
    values = np.concatenate([np.zeros(20), np.full(20, 5.0)])
    levels = followed(values).states[-1, :, 0]
    assert (levels > 1.0).all()
