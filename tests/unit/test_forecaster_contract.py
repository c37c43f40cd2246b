"""What every forecaster promises, the project's own and those that it is measured against."""

from collections.abc import Callable

import numpy as np
import pytest

from forecasting.series.models import MODELS
from forecasting.series.monthly_series import MonthlySeries
from tests.series_examples import series, wandering

pytestmark = pytest.mark.unit

LEVELS = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
MIDDLE = 3
SEASONAL = sorted(set(MODELS) - {"last_value", "drift"})


@pytest.fixture(params=sorted(MODELS))
def model(request: pytest.FixtureRequest) -> Callable[..., np.ndarray]:
    return MODELS[request.param]


def test_there_is_a_row_for_each_month_and_a_column_for_each_level(model):
    assert model(series(wandering()), 15, LEVELS).shape == (15, LEVELS.size)


@pytest.mark.parametrize("name", SEASONAL)
@pytest.mark.parametrize("months", [60, 65, 71])
def test_the_months_are_the_right_ones(name, months):
    """The series peaks in each October, whichever month it ends in."""
    history = series(wandering(months, peak=0.5))
    ahead = (history.months[-1] + np.arange(1, 13)).astype(int) % 12
    middle = MODELS[name](history, 12, LEVELS)[:, MIDDLE]
    assert ahead[middle.argmax()] in (8, 9, 10)  # October is 9: its neighbours are near it
    assert ahead[middle.argmin()] in (2, 3, 4)


@pytest.mark.parametrize("level", [400.0, 1.5], ids=["many", "few, with months of none"])
def test_intervals_are_nested_and_never_below_none(model, level):
    found = model(series(wandering(level=level)), 24, LEVELS)
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= 0).all()


def test_a_later_interval_is_not_narrower_than_the_first(model):
    found = model(series(wandering()), 24, LEVELS)
    width = found[:, -1] - found[:, 0]
    assert width[-1] > width[0]


def test_nothing_is_kept_from_one_series_to_the_next(model):
    one, other = series(wandering(seed=1)), series(wandering(seed=2, level=50.0))
    first = model(one, 12, LEVELS)
    model(other, 12, LEVELS)
    assert np.array_equal(model(one, 12, LEVELS), first)


def test_the_history_is_left_as_it_was(model):
    values = wandering()
    history = series(values.copy())
    model(history, 12, LEVELS)
    assert np.array_equal(history.values, values)


@pytest.mark.parametrize("unit", [0.01, 1000.0])
def test_other_units_give_the_same_forecast_in_those_units(model, unit):
    values = wandering(peak=0.2)
    one, other = (model(series(each), 12, LEVELS) for each in (values, values * unit))
    # One per cent: after rounding, a numerical search stops at another point of a flat optimum.
    assert other / unit == pytest.approx(one, rel=0.01)


@pytest.mark.parametrize("value", [0.0, 37.0])
def test_a_constant_series_forecasts_itself(model, value):
    found = model(series(np.full(60, value)), 12, LEVELS)
    # Working days and the lengths of months are looked for, and not found.
    assert found[:, MIDDLE] == pytest.approx(np.full(12, value), rel=0.01)


@pytest.mark.parametrize("months", [1, 2, 6, 13, 25])
def test_a_short_series_is_forecast_somehow(model, months):
    found = model(series(wandering(months)), 12, LEVELS)
    assert found.shape == (12, LEVELS.size)
    assert np.isfinite(found).all()
    assert found.max() < 100 * wandering(months).max()


def test_a_missing_month_is_passed_over(model):
    values = wandering()
    holed = values.copy()
    holed[40] = np.nan
    found, whole = (model(series(each), 12, LEVELS) for each in (holed, values))
    assert np.isfinite(found).all()
    assert found[:, MIDDLE] == pytest.approx(whole[:, MIDDLE], rel=0.25)


def test_growth_does_not_explode(model):
    """Each month of the last two years has 8 % more than the one before: 40 times in four years."""
    values = np.concatenate([np.full(36, 100.0), 100.0 * 1.08 ** np.arange(24)])
    found = model(series(values), 48, LEVELS)
    assert found[-1, MIDDLE] < 10 * values[-1]


def test_a_series_needs_its_first_and_last_months():
    for values in ([], [np.nan, 1.0], [1.0, np.nan], [1.0, -1.0], [1.0, np.inf]):
        with pytest.raises(ValueError, match="a series has"):
            MonthlySeries("a", "b", np.datetime64("2020-01", "M"), np.array(values))
