"""Draws have the distribution that the scenario names, and move the right way with it."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from sim.model.compiled import IS_PLAIN_PYTHON, compiled_making_tables
from sim.model.draws import (
    DISTRIBUTION,
    draw,
    exponential_threshold,
    negative_binomial,
    pack,
)
from sim.model.normal import normal_quantile
from sim.model.randomness import purpose, uniform
from sim.scenario.distributions import (
    Bands,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)

pytestmark = pytest.mark.unit

N = 2_000 if IS_PLAIN_PYTHON else 400_000
WHAT = purpose("test")
BANDS = Bands(edges=(0, 10, 15, 20, 40), shares=(0.087, 0.727, 0.089, 0.097))

SPREAD = math.sqrt(math.log(1.25))
WEIBULL_SCALE = 20 / math.gamma(1 + 1 / 1.7)
# With each, its exact distribution.
RANDOM = [
    (Exponential(mean=60), stats.expon(scale=60)),
    (Lognormal(mean=33, cv=0.5), stats.lognorm(SPREAD, scale=33 / math.sqrt(1.25))),
    (Weibull(mean=20, shape=1.7), stats.weibull_min(1.7, scale=WEIBULL_SCALE)),
    (Weibull(mean=24, shape=0.5), stats.weibull_min(0.5, scale=12)),
    *((Gamma(mean=20, shape=k), stats.gamma(k, scale=20 / k)) for k in (1, 2, 3, 4, 5, 8, 11)),
    (Uniform(low=2, high=7), stats.uniform(2, 5)),
    (Triangular(low=1, mode=2, high=9), stats.triang(1 / 8, 1, 8)),
    (BANDS, stats.rv_histogram((np.array(BANDS.shares), np.array(BANDS.edges)), density=False)),
]


@compiled_making_tables
def _draws(row: np.void, n: int, what: int) -> np.ndarray:
    values = np.empty(n)
    for i in range(n):
        values[i] = draw(row, 11, 3, what, i, 7)
    return values


@compiled_making_tables
def _counts(n: int, what: int, mean: float, dispersion: float) -> np.ndarray:
    values = np.empty(n)
    for i in range(n):
        values[i] = negative_binomial(uniform(11, 3, what, i, 7), mean, dispersion)
    return values


@pytest.mark.theory
@pytest.mark.parametrize(
    ("distribution", "exact"), RANDOM, ids=lambda d: getattr(d, "distribution", "")
)
def test_moments_and_shape_are_those_of_theory(distribution, exact):
    values = _draws(pack(distribution), N, WHAT)
    mean, second, third, fourth = (float(exact.moment(order)) for order in (1, 2, 3, 4))
    variance = second - mean**2
    about_mean = fourth - 4 * mean * third + 6 * mean**2 * second - 3 * mean**4
    assert abs(values.mean() - mean) < 4 * math.sqrt(variance / N)
    # The standard error of a variance, from the exact fourth moment.
    assert abs(values.var() - variance) < 4 * math.sqrt((about_mean - variance**2) / N)
    assert abs(values.mean() - distribution.expected()) < 4 * math.sqrt(variance / N)
    assert stats.kstest(values, exact.cdf).pvalue > 6e-5  # the chance beyond 4 standard errors


@pytest.mark.theory
def test_the_threshold_is_exponential_with_mean_1():
    values = np.array([exponential_threshold(1, 2, WHAT, i, 0) for i in range(N // 20)])
    assert abs(values.mean() - 1) < 4 / math.sqrt(len(values))
    assert stats.kstest(values, "expon").pvalue > 6e-5
    assert values[5] == -math.log1p(-uniform(1, 2, WHAT, 5, 0))


@pytest.mark.parametrize(
    ("distribution", "exact"), [pair for pair in RANDOM if not isinstance(pair[0], Gamma)]
)
def test_a_draw_is_the_quantile_of_its_uniform(distribution, exact):
    row = pack(distribution)
    for entity in range(50):
        u = uniform(1, 2, WHAT, entity, 3)
        assert draw(row, 1, 2, WHAT, entity, 3) == pytest.approx(exact.ppf(u), rel=1e-9)


def test_a_fixed_duration_is_always_the_same():
    assert draw(pack(Fixed(value=90)), 1, 2, WHAT, 4, 5) == 90


def test_limits_move_what_lies_beyond_them():
    distribution = Lognormal(mean=33, cv=0.5, minimum=20, maximum=45)
    free = _draws(pack(Lognormal(mean=33, cv=0.5)), 1000, WHAT)
    limited = _draws(pack(distribution), 1000, WHAT)
    assert (limited == np.clip(free, 20, 45)).all()
    assert (limited != free).sum() > 100


def test_a_band_without_a_share_is_never_drawn():
    values = _draws(pack(Bands(edges=(0, 1, 2, 4), shares=(0.5, 0.0, 0.5))), 2000, WHAT)
    assert not ((values > 1) & (values < 2)).any()
    assert values.min() < 1
    assert values.max() > 2


def test_a_triangle_without_width_is_a_fixed_value():
    assert draw(pack(Triangular(low=2, mode=2, high=2)), 1, 2, WHAT, 4, 5) == 2


def test_rows_make_a_table():
    distributions = [Fixed(value=3), BANDS, Gamma(mean=20, shape=6, maximum=30)]
    table = np.array([pack(d) for d in distributions], dtype=DISTRIBUTION)
    assert table["kind"].tolist() == [0, 7, 4]
    assert table["maximum"].tolist() == [np.inf, np.inf, 30]
    for row, distribution in zip(table, distributions, strict=True):
        assert draw(row, 1, 2, WHAT, 4, 5) == draw(pack(distribution), 1, 2, WHAT, 4, 5)


@pytest.mark.metamorphic
@pytest.mark.parametrize("kind", [Exponential, Lognormal, Weibull, Gamma])
def test_a_longer_mean_lengthens_every_draw_in_proportion(kind):
    name = {"Exponential": {}, "Lognormal": {"cv": 0.8}}.get(kind.__name__, {"shape": 3})
    short = _draws(pack(kind(mean=10, **name)), 500, WHAT)
    long = _draws(pack(kind(mean=13, **name)), 500, WHAT)
    np.testing.assert_allclose(long, 1.3 * short, rtol=1e-13)


def test_normal_quantiles_agree_with_scipy():
    tails = 10.0 ** -np.arange(3, 16)
    for u in np.concatenate((np.linspace(0.001, 0.999, 998), tails, 1 - tails, [2.0**-53])):
        assert normal_quantile(u) == pytest.approx(special.ndtri(u), rel=1e-14)
    assert normal_quantile(0.5) == 0


def _exact_counts(mean, dispersion):
    if dispersion <= 0 or math.isinf(dispersion):
        return stats.poisson(mean)
    return stats.nbinom(dispersion, dispersion / (dispersion + mean))


COUNTS = [(0.3, 0.5), (1.0, math.inf), (7.0, 3.0), (120.0, 1e4), (800.0, 0.0), (5000.0, 30.0)]


@pytest.mark.parametrize(("mean", "dispersion"), COUNTS)
def test_counts_are_the_exact_quantiles(mean, dispersion):
    exact = _exact_counts(mean, dispersion)
    # Scipy's quantile is the number to agree with; both step at the same u, which these avoid.
    for u in [1e-9, 1e-4, *np.linspace(0.0037, 0.9973, 101), 1 - 1e-4, 1 - 1e-9]:
        assert negative_binomial(u, mean, dispersion) == exact.ppf(u)


@pytest.mark.theory
@pytest.mark.parametrize(("mean", "dispersion"), COUNTS)
def test_counts_have_the_moments_of_theory(mean, dispersion):
    n = N // 20
    values = _counts(n, WHAT, mean, dispersion)
    variance, excess = (float(x) for x in _exact_counts(mean, dispersion).stats("vk"))
    # The promise of the docstring, apart from scipy.
    size = math.inf if dispersion <= 0 else dispersion
    assert variance == pytest.approx(mean + mean**2 / size)
    assert abs(values.mean() - mean) < 4 * math.sqrt(variance / n)
    assert abs(values.var() - variance) < 4 * variance * math.sqrt((excess + 2) / n)


def test_no_referrals_are_expected_and_none_come():
    assert negative_binomial(1 - 2.0**-53, 0.0, 2.0) == 0


def test_counts_are_bounded_at_the_ends_of_the_interval():
    assert negative_binomial(2.0**-53, 5000.0, 0.0) > 4000
    assert negative_binomial(1 - 2.0**-53, 5000.0, 0.0) < 6000
    assert negative_binomial(2.0**-53, 5000.0, 0.5) == 0


MEANS = st.floats(0.0, 5000.0)
SIZES = st.one_of(st.just(0.0), st.just(math.inf), st.floats(0.5, 1e6))
INSIDE = st.floats(2.0**-53, 1 - 2.0**-53)


@pytest.mark.property
@given(INSIDE, INSIDE, MEANS, SIZES)
def test_a_higher_uniform_never_gives_a_lower_count(u, v, mean, size):
    low, high = sorted((u, v))
    assert negative_binomial(low, mean, size) <= negative_binomial(high, mean, size)


@pytest.mark.property
@given(st.floats(1e-9, 1 - 1e-9), MEANS, MEANS, SIZES)
def test_a_higher_mean_never_gives_a_lower_count(u, one, other, size):
    low, high = sorted((one, other))
    # Means that differ by rounding alone may step at either side of the same u.
    assume(high == low or high > low * (1 + 1e-9))
    assert negative_binomial(u, low, size) <= negative_binomial(u, high, size)
