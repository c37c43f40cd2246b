"""Empirical Bayes against what is known of it: smaller errors, honest ranges, right limits."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from sim.scenario.authority.rates import at_scale, from_scale, to_scale
from sim.scenario.authority.shrinking import (
    Spread,
    _spread_at,
    _unlikely,
    believed,
    learnt_spread,
)

pytestmark = pytest.mark.theory

AREAS, YEARS = 150, 8
TRUTH = Spread(mean=0.05, between=0.04, lasting=0.9, passing=0.005, chance=1.5)


def simulated(seed, truth=TRUTH, areas=AREAS, years=YEARS):
    """What lasts of each area's difference, and what is published of it."""
    chances = np.random.default_rng(seed)
    size = np.repeat(chances.lognormal(4.5, 1.0, (areas, 1)), years, axis=1)
    lasts = np.empty((areas, years))
    lasts[:, 0] = chances.normal(0, np.sqrt(truth.between), areas)
    for year in range(1, years):
        fresh = chances.normal(0, np.sqrt(truth.between * (1 - truth.lasting**2)), areas)
        lasts[:, year] = truth.lasting * lasts[:, year - 1] + fresh
    gone = chances.normal(0, np.sqrt(truth.passing + truth.chance / size))
    published = np.where(chances.random(size.shape) < 0.1, np.nan, truth.mean + lasts + gone)
    return truth.mean + lasts, published, size


def test_what_is_believed_is_nearer_than_own_figures_and_than_the_mean():
    own, pooled, believing, inside = [], [], [], []
    for seed in range(12):
        truth, published, size = simulated(seed)
        spread = learnt_spread(published, size)
        belief = believed(published, size, spread, YEARS - 1)
        now = np.isfinite(published[:, -1])
        error = (belief.mean - truth[:, -1])[now]
        own.append(np.mean((published - truth)[now, -1] ** 2))
        pooled.append(np.mean((truth[now, -1] - spread.mean) ** 2))
        believing.append(np.mean(error**2))
        inside.append(np.mean(np.abs(error) < 1.2816 * belief.sd[now]))
    assert np.mean(believing) < 0.6 * np.mean(own)
    assert np.mean(believing) < 0.6 * np.mean(pooled)
    # 1,620 areas: 0.8 with a standard error of 0.01, and a little for what is learnt.
    assert np.mean(inside) == pytest.approx(0.8, abs=0.035)


def test_a_year_ahead_is_as_unsure_as_it_is_wrong():
    inside, worse, errors = [], [], []
    for seed in range(12):
        truth, published, size = simulated(seed)
        spread = learnt_spread(published[:, :-1], size[:, :-1])
        belief = believed(published[:, :-1], size[:, :-1], spread, YEARS - 1)
        error = belief.mean - truth[:, -1]
        errors.append(np.mean(error**2))
        worse.append(np.nanmean((published[:, -2] - truth[:, -1]) ** 2))
        inside.append(np.mean(np.abs(error) < 1.2816 * belief.sd))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.035)
    assert np.mean(errors) < 0.6 * np.mean(worse)


def test_the_spread_is_learnt():
    learnt = [learnt_spread(*simulated(seed, areas=400)[1:]) for seed in range(8)]
    for name, within in (
        ("mean", 0.02), ("between", 0.004), ("lasting", 0.02), ("passing", 0.0015), ("chance", 0.1),
    ):  # fmt: skip
        values = [getattr(spread, name) for spread in learnt]
        assert np.mean(values) == pytest.approx(getattr(TRUTH, name), abs=within), name


def test_one_year_is_weighed_as_morris_weighs_it():
    """With one year and no other differences, the weight is between / (between + chance / size)."""
    spread = Spread(mean=0.0, between=2.0, lasting=0.9, passing=0.5, chance=30.0)
    belief = believed(np.array([[4.0]]), np.array([[20.0]]), spread, 0)
    weight = 2 / (2 + 0.5 + 30 / 20)
    assert belief.own == pytest.approx(weight)
    assert belief.mean == pytest.approx(4 * weight)
    assert belief.sd == pytest.approx(np.sqrt(2 * (1 - weight)))


def test_of_whom_nothing_is_known_the_mean_is_believed_and_of_the_huge_their_own():
    spread = Spread(mean=0.3, between=2.0, lasting=0.9, passing=0.0, chance=1.0)
    nothing = np.full((1, 3), np.nan)
    belief = believed(nothing, nothing, spread, 2)
    assert (belief.mean, belief.own) == (0.3, 0)
    assert belief.sd == pytest.approx(np.sqrt(2))
    huge = believed(np.array([[np.nan, np.nan, 5.0]]), np.full((1, 3), 1e12), spread, 2)
    assert huge.mean == pytest.approx(5)
    assert huge.own == pytest.approx(1)
    later = believed(np.array([[np.nan, np.nan, 5.0]]), np.full((1, 3), 1e12), spread, 4)
    assert later.mean == pytest.approx(0.3 + 0.81 * 4.7)


def test_the_slopes_of_the_likelihood_are_its_slopes():
    _, published, size = simulated(3, areas=30)
    known = np.isfinite(published)
    at = np.array([-4.0, 0.7, -6.0, 0.5])

    def unlikely(point):
        return _unlikely(published, size, known, _spread_at(point))[0]

    slopes = _unlikely(published, size, known, _spread_at(at))[1]
    assert slopes == pytest.approx(approx_fprime(at, unlikely, 1e-7), rel=1e-4, abs=1e-4)


def test_too_little_is_learnt_from_as_no_difference():
    spread = learnt_spread(np.full((3, 2), np.nan), np.ones((3, 2)))
    assert spread.mean == 0
    assert spread.between < 1e-6


@pytest.mark.parametrize(("scale", "mean", "sd"), [("share", 0.5, 0.12), ("ratio", 0.5, 0.3)])
def test_back_from_the_scale_is_the_mean_of_what_is_there(scale, mean, sd):
    points = np.random.default_rng(5).normal(mean, sd, 400_000)
    there = np.sin(points) ** 2 if scale == "share" else np.exp(points)
    back = from_scale(np.array(mean), np.array(sd), scale)
    assert back == pytest.approx(there.mean(), abs=4 * there.std() / np.sqrt(points.size))


@pytest.mark.parametrize(("scale", "value"), [("share", 0.17), ("share", 0.0), ("ratio", 2.4)])
def test_a_rate_survives_the_way_to_its_scale_and_back(scale, value):
    assert at_scale(to_scale(np.array(value), scale), scale) == pytest.approx(value)


def test_chance_is_as_large_for_any_share_on_the_scale():
    """Leavers of 60 people: on the scale the variance is 1 / (4 x 60), at 10 as at 40 %."""
    chances = np.random.default_rng(7)
    for rate in (0.1, 0.4):
        found = to_scale(chances.binomial(60, rate, 20_000) / 60, "share")
        assert found.var() == pytest.approx(1 / 240, rel=0.08)
