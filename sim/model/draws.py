"""Compiled draws: durations from a scenario's distributions, counts, and thresholds of hazards.

Each is a pure function of its key (seed, replication, purpose, entity, index), and all but the
gamma turn one uniform into the value by the inverse of the distribution, so that a longer mean
under another policy gives the same case a longer, never a shorter, duration.
"""

from math import exp, gamma, inf, log, log1p, sqrt
from typing import cast

import numpy as np

from sim.model.compiled import compiled
from sim.model.normal import normal_quantile
from sim.model.randomness import philox4x64, to_uniform, uniform
from sim.scenario.distributions import (
    MOST_BANDS,
    Bands,
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)

FIXED = 0  # a: the value
EXPONENTIAL = 1  # a: mean
LOGNORMAL = 2  # a: mean, b: standard deviation over mean
WEIBULL = 3  # a: mean, b: shape
GAMMA = 4  # a: mean, b: number of stages
UNIFORM = 5  # a: low, b: high
TRIANGULAR = 6  # a: low, b: mode, c: high
BANDS = 7  # edges, and the share below each edge

# A distribution as compiled code reads it: one row of a table. Unused bands repeat the last edge.
DISTRIBUTION = np.dtype(
    [
        ("kind", np.int64),
        ("a", np.float64),
        ("b", np.float64),
        ("c", np.float64),
        ("minimum", np.float64),
        ("maximum", np.float64),
        ("edges", np.float64, (MOST_BANDS + 1,)),
        ("up_to", np.float64, (MOST_BANDS + 1,)),
    ]
)


def pack(distribution: Distribution) -> np.void:
    """Turn a scenario's distribution into a row of dtype `DISTRIBUTION`.

    A table is ``np.array([pack(d) for d in distributions], dtype=DISTRIBUTION)``.
    """
    row = np.zeros((), dtype=DISTRIBUTION)
    row["maximum"] = inf
    match distribution:
        case Fixed(value=value):
            kind, parameters = FIXED, (value, 0.0, 0.0)
        case Exponential(mean=mean):
            kind, parameters = EXPONENTIAL, (mean, 0.0, 0.0)
        case Lognormal(mean=mean, cv=cv):
            kind, parameters = LOGNORMAL, (mean, cv, 0.0)
        case Weibull(mean=mean, shape=shape):
            kind, parameters = WEIBULL, (mean, shape, 0.0)
        case Gamma(mean=mean, shape=stages):
            kind, parameters = GAMMA, (mean, float(stages), 0.0)
        case Uniform(low=low, high=high):
            kind, parameters = UNIFORM, (low, high, 0.0)
        case Triangular(low=low, mode=mode, high=high):
            kind, parameters = TRIANGULAR, (low, mode, high)
        case Bands(edges=edges):
            kind, parameters = BANDS, (0.0, 0.0, 0.0)
            row["edges"] = edges[-1]
            row["edges"][: len(edges)] = edges
            row["up_to"] = 1.0
            row["up_to"][: len(edges)] = distribution.up_to()
    row["kind"] = kind
    row["a"], row["b"], row["c"] = parameters
    if isinstance(distribution, Exponential | Lognormal | Weibull | Gamma):
        row["minimum"] = distribution.minimum
        if distribution.maximum is not None:
            row["maximum"] = distribution.maximum
    return cast(np.void, row[()])


@compiled
def exponential_threshold(
    seed: int, replication: int, purpose: int, entity: int, index: int
) -> float:
    """Draw from the exponential distribution with mean 1.

    An event happens when the hazard added up since the start passes this threshold.
    """
    return -log1p(-uniform(seed, replication, purpose, entity, index))


@compiled
def _stages(
    number: int, seed: int, replication: int, purpose: int, entity: int, index: int
) -> float:
    """Add up a number of Exp(1) draws; every four of them are one block of words."""
    total = 0.0
    block = 0
    while number > 0:
        w0, w1, w2, w3 = philox4x64(seed, replication, purpose, entity, index, block)
        product = to_uniform(w0)
        if number > 1:
            product *= to_uniform(w1)
        if number > 2:
            product *= to_uniform(w2)
        if number > 3:
            product *= to_uniform(w3)
        total -= log(product)
        number -= 4
        block += 1
    return total


@compiled
def draw(
    distribution: np.void, seed: int, replication: int, purpose: int, entity: int, index: int
) -> float:
    """Draw a duration, in the unit of the scenario's parameters.

    Parameters
    ----------
    distribution
        A row of dtype `DISTRIBUTION`, made by `pack`.
    seed, replication, purpose, entity, index
        The key, as for `sim.model.randomness.uniform`.
    """
    kind = distribution["kind"]
    a = distribution["a"]
    b = distribution["b"]
    c = distribution["c"]
    value = a
    if kind == GAMMA:
        stages = int(b)
        value = a / stages * _stages(stages, seed, replication, purpose, entity, index)
    elif kind != FIXED:
        u = uniform(seed, replication, purpose, entity, index)
        if kind == EXPONENTIAL:
            value = -a * log1p(-u)
        elif kind == LOGNORMAL:
            variance = log1p(b * b)
            value = a * exp(sqrt(variance) * normal_quantile(u) - 0.5 * variance)
        elif kind == WEIBULL:
            value = a / gamma(1.0 + 1.0 / b) * (-log1p(-u)) ** (1.0 / b)
        elif kind == UNIFORM:
            value = a + (b - a) * u
        elif kind == TRIANGULAR:
            if u * (c - a) < b - a:
                value = a + sqrt(u * (c - a) * (b - a))
            else:
                value = c - sqrt((1.0 - u) * (c - a) * (c - b))
        else:
            edges = distribution["edges"]
            up_to = distribution["up_to"]
            band = 0
            while u > up_to[band + 1]:
                band += 1
            part = (u - up_to[band]) / (up_to[band + 1] - up_to[band])
            value = edges[band] + part * (edges[band + 1] - edges[band])
    return float(min(max(value, distribution["minimum"]), distribution["maximum"]))


@compiled
def draw_from(
    distributions: np.ndarray, row: int, seed: int, replication: int, purpose: int, entity: int,
    index: int,
) -> float:  # fmt: skip
    """Draw from one row of a table: from Python, handing over a row takes longer than the draw."""
    return draw(distributions[row], seed, replication, purpose, entity, index)


@compiled
def place_among(rising: np.ndarray, value: float, low: int, high: int) -> int:
    """Find the last place from `low` to before `high` whose number is not above the value.

    `low` itself is not looked at: it may stand before the first place.
    """
    while high - low > 1:
        middle = (low + high) // 2
        if rising[middle] <= value:
            low = middle
        else:
            high = middle
    return low


@compiled
def negative_binomial(u: float, mean: float, dispersion: float) -> int:
    """Turn a uniform into a count: negative binomial, or Poisson.

    Parameters
    ----------
    u
        In (0, 1).
    mean
        At least 0; meant for up to 5,000.
    dispersion
        The size k: the variance is mean + mean**2 / k. Infinity, 0 or less: Poisson. The time goes
        with the standard deviation, and a k far below 1 with a mean of thousands is slow.

    Returns
    -------
    int
        The smallest n with P(count <= n) >= u: for the same u, a higher mean never gives a lower
        count (but for u within 1e-12 of a step).

    Notes
    -----
    Probabilities are taken relative to that of the mode, from which they are followed down and up
    until the rest is below 1e-17 of the whole, and scaled by their sum: nothing under- or
    overflows, and no logarithm of a factorial is needed.
    """
    if mean <= 0.0:
        return 0
    per_size = 0.0 if dispersion <= 0.0 else 1.0 / dispersion
    # P(n + 1) / P(n) = growth * (1 + n / k) / (n + 1)
    growth = mean / (1.0 + mean * per_size)
    mode = max(0, int(mean * (1.0 - per_size)))

    lowest = mode
    weight = 1.0
    total = 1.0
    while lowest > 0:
        step = lowest / (growth * (1.0 + (lowest - 1) * per_size))
        # The steps down get ever smaller, so what is left is less than a geometric series.
        if step < 1.0 and weight * step < 1e-17 * total * (1.0 - step):
            break
        weight *= step
        total += weight
        lowest -= 1
    first = weight

    highest = mode
    weight = 1.0
    limit = growth * per_size  # what the step tends to
    while True:
        step = growth * (1.0 + highest * per_size) / (highest + 1)
        ratio = max(step, limit)
        if ratio < 1.0 and weight * ratio < 1e-17 * total * (1.0 - ratio):
            break
        weight *= step
        total += weight
        highest += 1

    n = lowest
    weight = first
    sum_so_far = first
    target = u * total
    while sum_so_far < target and n < highest:
        weight *= growth * (1.0 + n * per_size) / (n + 1)
        sum_so_far += weight
        n += 1
    return n
