"""What holds for any monthly series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.series import forecast_series
from forecasting.series.combination import combined
from forecasting.series.learning import learn
from tests.series_examples import series

pytestmark = pytest.mark.property

LEVELS = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
MIDDLE = 3

counts = st.lists(st.integers(0, 5_000), min_size=1, max_size=48).map(np.array)


def forecast(values, ahead=24):
    ours = combined([learn(series(values))])[0]
    return ours, ours.quantiles(len(values) - 1, ahead, LEVELS)


@settings(max_examples=25)
@given(counts)
def test_quantiles_are_finite_nested_and_not_below_none(values):
    _, found = forecast(values)
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= 0).all()


@settings(max_examples=25)
@given(counts)
def test_intervals_widen_with_the_months_ahead_on_the_scale_of_the_root(values):
    ours, _ = forecast(values)
    assert (np.diff(ours.scale(len(values) - 1, 60)) >= 0).all()


@settings(max_examples=25)
@given(st.integers(1, 100_000), st.integers(24, 60))
def test_a_constant_series_forecasts_itself(value, months):
    _, found = forecast(np.full(months, float(value)))
    assert found[:, MIDDLE] == pytest.approx(np.full(24, value), rel=0.005)


@settings(max_examples=10)
@given(st.integers(1, 100_000), st.integers(1, 23))
def test_a_short_constant_series_is_forecast_as_itself_but_for_the_lengths_of_months(value, months):
    _, found = forecast(np.full(months, float(value)))
    assert found[:, MIDDLE] == pytest.approx(np.full(24, value), rel=0.1)


@pytest.mark.parametrize("level", [0.5, 2, 20, 200])
def test_the_mean_of_the_paths_of_a_constant_series_is_the_constant(level):
    paths = forecast_series([series(np.full(84, float(level)))], 24, 500, seed=1).paths
    means = paths["referrals", "Northtown"].mean(axis=0)
    assert means == pytest.approx(np.full(24, level), rel=0.005)


@pytest.mark.parametrize(("level", "within"), [(0.5, 0.35), (2, 0.15), (20, 0.05), (200, 0.02)])
def test_the_mean_of_the_paths_stays_where_the_mean_of_a_noisy_series_is(level, within):
    """Forty series of chance about one level, forecast each alone: no drift in two years."""
    rng = np.random.default_rng(1)
    drawn = [series(rng.poisson(level, 84), key=f"series {place}") for place in range(40)]
    forecasts = forecast_series(drawn, 24, 200, seed=1).paths.values()
    known = np.mean([each.values for each in drawn])
    late = np.mean([paths[:, 12:].mean() for paths in forecasts])
    assert late == pytest.approx(known, rel=within)


@settings(max_examples=25)
@given(counts, st.sampled_from([2.0, 0.5, 1000.0]))
def test_twice_the_values_are_twice_the_forecast(values, times):
    _, one = forecast(values)
    _, other = forecast(times * values)
    assert other == pytest.approx(times * one, rel=1e-6, abs=1e-9 * times)


@settings(max_examples=10)
@given(counts, st.data())
def test_what_comes_later_changes_nothing_of_what_was_forecast(values, data):
    months = data.draw(st.integers(1, len(values)))
    ours, _ = forecast(values)
    _, then = forecast(values[:months])
    assert ours.quantiles(months - 1, 24, LEVELS) == pytest.approx(then, rel=1e-9, abs=1e-12)
