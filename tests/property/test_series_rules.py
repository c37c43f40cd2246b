"""What holds for any monthly series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
