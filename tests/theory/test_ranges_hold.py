"""95 % ranges hold what they should 95 times in 100: each kind of range, simulated many times over.

The share of at least 3,000 repetitions has a standard error of 0.4 points at most. Between 93.5 %
and 96.5 % is asked for, also where differences are skewed (a gamma distribution with shape 4, of
skewness 1: about as skewed as the most skewed differences of the shipped studies).
"""

import numpy as np
import pytest
from scipy import special, stats

from sim.scenario.precision import Narrowness
from sim.study.comparing import mean_interval
from sim.study.sureness.bootstrap import resample
from sim.study.sureness.precision import (
    allowed,
    half_widths,
    holds,
    look_ahead,
    more_replications,
    runs_needed,
)
from sim.study.sureness.variance_shares import variance_shares

pytestmark = pytest.mark.theory

LOWEST, HIGHEST = 0.935, 0.965
REPETITIONS = 3_000
PAIRS = 30
POLICIES = 4
SHAPES = ("normal", "skewed")


def differences(shape: str, rng: np.random.Generator, *size: int, correlation: float = 0.0):
    """Values of mean 0 and standard deviation 1; those along the last axis are correlated."""
    alike = rng.normal(size=(*size[:-1], 1))
    own = rng.normal(size=size)
    values = np.sqrt(correlation) * alike + np.sqrt(1 - correlation) * own
    if shape == "normal":
        return values
    return (stats.gamma(4).ppf(special.ndtr(values)) - 4) / 2


@pytest.mark.parametrize("shape", SHAPES)
def test_student_s_range(shape):
    draws = differences(shape, np.random.default_rng(1), REPETITIONS, PAIRS)
    held = [each.low <= 0 <= each.high for each in map(mean_interval, draws)]
    assert LOWEST <= np.mean(held) <= HIGHEST


@pytest.mark.parametrize("correlation", [0.0, 0.6])
@pytest.mark.parametrize("shape", SHAPES)
def test_ranges_by_resampling_alone_and_all_at_once(shape, correlation):
    rng = np.random.default_rng(2)
    alone, together = [], []
    for _ in range(REPETITIONS // 100):  # a hundred studies side by side
        size = (PAIRS, 100, POLICIES)
        drawn = differences(shape, rng, *size, correlation=correlation).reshape(PAIRS, -1)
        resampled = resample(drawn)
        reach = np.abs(drawn.mean(axis=0)) / (drawn.std(axis=0, ddof=1) / np.sqrt(PAIRS))
        for first in range(0, drawn.shape[1], POLICIES):
            own, common = resampled.factors(first, range(first, first + POLICIES), 0.95)
            alone.append(reach[first] <= own)
            together.append((reach[first : first + POLICIES] <= common).all())
    assert LOWEST <= np.mean(alone) <= HIGHEST
    assert LOWEST <= np.mean(together) <= HIGHEST


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("within", [0.4, 0.25])  # 24 and 62 runs, if the spread were known
def test_ranges_of_studies_that_stop_when_they_are_narrow_enough(shape, within):
    draws = differences(shape, np.random.default_rng(3), 300, 2 * REPETITIONS)
    widths = half_widths(draws)
    limits = allowed(Narrowness(within=within), np.ones(len(draws)))
    held, numbers = [], []
    for mean, width in zip(draws.cumsum(axis=0).T, widths.T, strict=True):
        done, wanted = 0, more_replications([], 20, len(draws))
        while wanted > done:
            done = wanted
            so_far = width[:done, None], limits[:done]
            wanted = more_replications([so_far], 20, len(draws))
        numbers.append(done)
        assert width[done - 1] <= within
        held.append(abs(mean[done - 1] / done) <= width[done - 1])
    assert LOWEST <= np.mean(held) <= HIGHEST
    assert min(numbers) >= 20 + look_ahead(20)
    assert np.mean(numbers) < 1.8 * (1.96 / within) ** 2


def test_a_first_look_that_settles_it_is_too_early():
    """Without floor or look ahead, ranges are narrow by chance, and hold the mean too seldom."""
    draws = differences("normal", np.random.default_rng(4), REPETITIONS, 200)
    held = []
    for each in draws:
        widths = half_widths(each[:, None])[:, 0]
        done = int(np.argmax(widths <= 0.4)) + 1
        held.append(abs(each[:done].mean()) <= widths[done - 1])
    assert np.mean(held) < LOWEST


def test_shares_of_a_variance_that_are_known():
    """Three inputs that only add up bring 49, 36 and 15 % of the variance; two of them multiply."""
    rng = np.random.default_rng(5)
    sizes = np.sqrt([0.49, 0.36, 0.15])
    first, second = rng.normal(size=(2, 40_000, 3)) * sizes
    exchanged = {}
    for place, name in enumerate("abc"):
        mixed = first.copy()
        mixed[:, place] = second[:, place]
        exchanged[name] = mixed

    def shares(outcome):
        values = {name: outcome(mixed) for name, mixed in exchanged.items()}
        return variance_shares(outcome(first), outcome(second), values)

    added, together = shares(lambda inputs: inputs.sum(axis=1))
    for name, known in zip("abc", (0.49, 0.36, 0.15), strict=True):
        assert added[name].held.mean == pytest.approx(known, abs=0.015)
        assert added[name].alone.mean == pytest.approx(known, abs=0.02)
    assert together.held.mean == pytest.approx(1, abs=0.02)
    assert together.alone.mean == pytest.approx(1, abs=0.03)
    # A product of two means nothing to either alone, and all to each while the other is held.
    multiplied, together = shares(lambda inputs: inputs[:, 0] * inputs[:, 1])
    for name in "ab":
        assert multiplied[name].held.mean == pytest.approx(1, abs=0.05)
        assert multiplied[name].alone.mean == pytest.approx(0, abs=0.05)
    assert multiplied["c"].held.mean == multiplied["c"].alone.mean == 0
    assert together.held.mean == pytest.approx(2, abs=0.1)


def test_ranges_of_shares():
    """Fifty pairs, as `plimsoll chance` has: linearised ratios hold somewhat less than they say."""
    rng = np.random.default_rng(6)
    held = []
    for _ in range(2_000):
        first, second = rng.normal(size=(2, 50, 2)) * np.sqrt([0.7, 0.3])
        mixed = {"a": second[:, 0] + first[:, 1], "b": first[:, 0] + second[:, 1]}
        shares, _ = variance_shares(first.sum(axis=1), second.sum(axis=1), mixed)
        held.append(shares["b"].held.low <= 0.3 <= shares["b"].held.high)
    assert 0.91 <= np.mean(held) <= HIGHEST


def test_runs_needed_grow_with_the_square():
    widths, limits = np.array([[np.inf], [4.0]]), np.array([1.0, 1.0])
    assert runs_needed(widths, limits) == 32
    assert not holds(widths, limits, 1)
