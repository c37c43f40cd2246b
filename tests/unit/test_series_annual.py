"""Paths of short annual series."""

import numpy as np
import pytest

from forecasting.series.annual import annual_paths

pytestmark = pytest.mark.unit

YEARS = np.arange(2014, 2024)


def quantiles(values, ahead=8, levels=(0.1, 0.5, 0.9), years=YEARS, **settings):
    rng = np.random.default_rng(7)
    paths = annual_paths(years, np.asarray(values, dtype=float), ahead, 4_000, rng, **settings)
    return np.quantile(paths, levels, axis=0)


def test_there_are_as_many_paths_and_years_as_asked_for():
    paths = annual_paths(YEARS, 100.0 + YEARS, 6, 50, np.random.default_rng(1))
    assert paths.shape == (50, 6)
    assert (paths > 0).all()


def test_intervals_widen():
    low, _, high = quantiles(np.full(10, 200.0))
    assert (np.diff(high - low) > 0).all()


def test_a_series_that_never_changed_goes_on():
    _, middle, _ = quantiles(np.full(10, 200.0))
    assert middle == pytest.approx(200.0, rel=0.03)


def test_growth_fades_to_the_prior():
    """Five per cent a year so far, and a prior of none: less in each year, and never a fall."""
    _, middle, _ = quantiles(100 * 1.05 ** np.arange(10), ahead=20)
    growth = np.diff(np.log(middle))
    assert 0.01 < growth[0] < 0.05
    assert growth[-3:].mean() < growth[:3].mean() / 2


def test_a_sure_prior_is_believed():
    _, middle, _ = quantiles(np.full(10, 100.0), ahead=5, growth_prior=(0.04, 1e-6))
    assert np.log(middle[-1] / 100) == pytest.approx(5 * 0.04, abs=0.02)


def test_the_mean_of_the_paths_follows_the_trend_however_uncertain():
    values = 100 * np.exp(np.random.default_rng(3).normal(0.0, 0.15, 10))
    none = (0.0, 1e-6)
    paths = annual_paths(YEARS, values, 5, 50_000, np.random.default_rng(7), growth_prior=none)
    assert np.log(paths).std(axis=0)[-1] > 0.3
    assert paths.mean(axis=0) == pytest.approx(np.full(5, values[-1]), rel=0.02)


def test_one_break_does_not_become_a_trend():
    """A court ruling: ten times as many in one year. The years since say what growth is."""
    values = np.concatenate([np.full(4, 100.0), np.full(6, 1000.0)])
    _, middle, _ = quantiles(values, ahead=3)
    assert middle == pytest.approx(1000.0, rel=0.25)


def test_five_years_are_less_sure_than_ten_of_the_same():
    values = 100 * 1.02 ** np.arange(10)
    short = quantiles(values[5:], years=YEARS[5:])
    long = quantiles(values)
    assert (short[2] / short[0])[-1] > (long[2] / long[0])[-1]


def test_a_missing_year_and_a_year_of_none_are_taken():
    years = np.array([2014, 2015, 2017, 2018])
    assert np.isfinite(quantiles([3.0, 0.0, 2.0, 4.0], years=years)).all()


def test_one_year_is_enough():
    low, middle, high = quantiles([80.0], years=np.array([2023]))
    assert middle[0] == pytest.approx(80.0, rel=0.03)
    assert low[0] < 80 < high[0]


def test_twice_the_values_are_twice_the_paths():
    values = 100 * 1.03 ** np.arange(10)
    assert quantiles(2 * values) == pytest.approx(2 * quantiles(values))


@pytest.mark.parametrize(
    ("years", "values"),
    [([], []), ([2020, 2020], [1, 2]), ([2021, 2020], [1, 2]), ([2020], [-1]), ([2020], [np.nan])],
)
def test_what_is_no_series_is_refused(years, values):
    with pytest.raises(ValueError, match="year"):
        annual_paths(np.array(years), np.array(values, float), 3, 5, np.random.default_rng(1))
