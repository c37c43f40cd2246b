"""Several series forecast together: paths, notes and the profile of the year."""

import numpy as np
import pytest

from forecasting.series import MonthlySeries, forecast_series, monthly_profile
from forecasting.series.breaks import find_breaks
from forecasting.series.combination import combined
from forecasting.series.learning import learn
from forecasting.series.paths import correlations, root_of
from forecasting.series.pool import usual
from forecasting.series.working_days import DAYS, WORKING_DAYS, days, working_days
from tests.series_examples import series, wandering

pytestmark = pytest.mark.unit

NAME = ("referrals", "Northtown")


def test_paths_have_the_shape_asked_for_and_begin_after_the_last_month():
    other = series(wandering(60, seed=2), area="Southtown", start="2017-01")
    found = forecast_series([series(wandering(72)), other], 30, 200, seed=5)
    assert {name: paths.shape for name, paths in found.paths.items()} == {
        NAME: (200, 30),
        ("referrals", "Southtown"): (200, 30),
    }
    assert str(found.starts[NAME]) == "2021-05"
    assert str(found.starts["referrals", "Southtown"]) == "2022-01"


def test_paths_have_the_quantiles_that_the_combination_states():
    history = series(wandering(72, peak=0.3))
    paths = forecast_series([history], 18, 20_000, seed=5).paths[NAME]
    levels = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
    stated = combined([learn(history)])[0].quantiles(71, 18, levels)
    drawn = np.quantile(paths, levels, axis=0).T
    assert drawn == pytest.approx(stated, rel=0.04)


def test_months_of_a_path_hang_together_the_nearer_the_more():
    paths = forecast_series([series(wandering(72))], 24, 5_000, seed=5).paths[NAME]
    like_the_sixth = np.corrcoef(paths.T)[5]
    assert like_the_sixth[6] > like_the_sixth[11] > like_the_sixth[23] > 0.2
    assert like_the_sixth[6] < 0.97  # something passes with each month


def test_series_that_erred_together_have_paths_that_do():
    shared = np.random.default_rng(4).normal(0.0, 0.15, 96)
    one, two, three = (wandering(96, seed=place, level=2000.0) for place in (1, 2, 3))
    found = forecast_series(
        [
            series(one * np.exp(shared)),
            series(two * np.exp(shared), area="Southtown"),
            series(three, key="contacts"),
        ],
        12,
        4_000,
        seed=5,
    )
    north, south, apart = (paths[:, 0] for paths in found.paths.values())
    assert np.corrcoef(north, south)[0, 1] > 0.4
    assert abs(np.corrcoef(north, apart)[0, 1]) < 0.25


def test_a_seed_gives_the_same_paths_in_whichever_order_series_come():
    one, two = series(wandering(60)), series(wandering(60, seed=2), area="Southtown")
    first = forecast_series([one, two], 12, 100, seed=5).paths
    again = forecast_series([two, one], 12, 100, seed=5).paths
    other = forecast_series([one, two], 12, 100, seed=6).paths
    for name in first:
        assert first[name] == pytest.approx(again[name], rel=1e-9)
        assert not np.allclose(first[name], other[name])


def test_the_same_series_twice_is_refused():
    with pytest.raises(ValueError, match="another key or area"):
        forecast_series([series(wandering()), series(wandering())], 12, 10, seed=1)


def test_correlations_of_series_that_never_met_are_none():
    one, two = series(wandering(40)), series(wandering(40, seed=2), area="b", start="2021-05")
    assert correlations(combined([learn(one), learn(two)])).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_the_root_of_what_is_no_correlation_matrix_is_that_of_the_nearest_one():
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    root = root_of(impossible)
    assert np.diag(root.T @ root) == pytest.approx(1.0)
    possible = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert root_of(possible).T @ root_of(possible) == pytest.approx(possible)


@pytest.mark.parametrize(("stays", "kind"), [(False, "odd"), (True, "moved")])
def test_a_break_is_told_with_what_became_of_it(stays, kind):
    values = wandering(72, level=900.0)
    values[50 : (72 if stays else 51)] *= 0.4
    (found,) = [each for each in find_breaks(combined([learn(series(values))])[0])
                if str(each.month) == "2019-07"]  # fmt: skip
    assert found.kind == kind
    assert found.value == values[50]
    assert "July 2019" in str(found)
    notes = forecast_series([series(values)], 12, 10, seed=1).notes
    assert any(note.startswith("referrals, Northtown: July 2019") for note in notes)


def test_a_break_in_the_last_month_cannot_be_told_yet():
    values = wandering(72, level=900.0)
    values[-1] *= 0.3
    assert find_breaks(combined([learn(series(values))])[0])[-1].kind == "unknown"


def test_missing_months_are_noted():
    values = wandering(60)
    values[[20, 30]] = np.nan
    notes = forecast_series([series(values)], 12, 10, seed=1).notes
    assert "referrals, Northtown: 2 missing, passed over" in notes


def test_a_profile_has_a_mean_of_one_and_the_peak_that_the_series_has():
    profile = monthly_profile(series(wandering(96, level=3000.0, peak=0.4)))
    assert profile.shape == (12,)
    assert profile.mean() == pytest.approx(1.0)
    assert profile.argmax() == 9  # October
    assert profile.max() == pytest.approx(np.exp(0.4) / np.i0(0.4), rel=0.1)


@pytest.mark.parametrize("values", [np.zeros(40), [0.0], [7.0], np.full(60, 50.0)])
def test_a_profile_of_what_has_no_season_is_flat(values):
    assert monthly_profile(series(values)) == pytest.approx(1.0, abs=0.06)


def test_how_long_months_are():
    start = np.datetime64("2024-02", "M")
    assert days(start, 3) * DAYS == pytest.approx([29, 31, 30])
    # Good Friday 2024 was 29 March, Easter Monday 1 April.
    assert working_days(start, 3) * WORKING_DAYS == pytest.approx([21, 20, 21])


def test_the_pool_widens_with_the_months_ahead_and_beyond_what_it_knows():
    wider = usual().wider(60)
    assert (np.diff(wider) >= 0).all()
    assert wider[47] == pytest.approx(wider[23] * np.sqrt(2))
    assert wider[:3].mean() == pytest.approx(1.0, abs=0.01)


def test_a_series_keeps_what_was_known_at_a_month():
    whole = series([1.0, 2.0, np.nan, 4.0])
    assert whole.until(3).values.tolist() == [1.0, 2.0]
    assert whole.until(4).start == whole.start
    assert isinstance(whole.until(2), MonthlySeries)
    assert whole.without_gaps.tolist() == [1.0, 2.0, 3.0, 4.0]
