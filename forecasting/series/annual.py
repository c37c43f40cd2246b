"""Paths of an annual series that is too short for anything but a damped trend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The year-to-year noise of the log before anything is seen, and how many years of the series'
# own weigh as much. With these, 80 % intervals of 48 published series held 77-84 % of what
# came 1 to 5 years ahead, and those of 153 authorities' referrals 72-78 % (2020-21 included).
USUAL_NOISE = 0.05
NOISE_WEIGHT = 0.5
# Without a prior, growth is thought to be near none: 95 % of it within 10 % a year.
USUAL_GROWTH = (0.0, 0.05)
HALF_LIFE = 4.0  # years after which a year's growth counts half as much as the latest
LARGEST_STEP = 3.0  # a change of more noise than this in a year is a break, and counts as this much
TAILS = 5.0  # degrees of freedom of a year's shock: breaks do happen
FLOOR = 0.5  # a count of none has a logarithm all the same


def annual_paths(
    years: NDArray[np.int_],
    values: NDArray[np.float64],
    ahead: int,
    number: int,
    rng: np.random.Generator,
    *,
    growth_prior: tuple[float, float] | None = None,
    damping: float = 0.9,
) -> NDArray[np.float64]:
    """Draw paths of an annual series beyond its last year.

    The logarithm follows a damped trend. Its growth is learnt from the changes between the
    years, late ones counting more and breaks counting no more than a large change, and
    shrunk to a prior; it fades to the prior's mean. The mean of the paths follows that trend,
    however uncertain they are; their median lies a little below it.

    Parameters
    ----------
    years
        The years of the values, increasing; a year may be missing.
    values
        One value for each year, 0 or more.
    ahead
        How many years beyond the last.
    number
        How many paths.
    rng
        Where chance comes from.
    growth_prior
        Mean and standard deviation of yearly growth as thought before seeing the series
        (0.02 is 2 % a year).
    damping
        How much of a year's growth beyond the prior's mean is left a year later.

    Returns
    -------
    numpy.ndarray
        Shape ``(number, ahead)``.

    Raises
    ------
    ValueError
        If there are no values, years do not increase, or a value is negative or not finite.
    """
    years, values = np.asarray(years), np.asarray(values, dtype=float)
    if years.size == 0 or years.shape != values.shape:
        raise ValueError("one value for each year, and at least one")
    if (np.diff(years) < 1).any() or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("years that increase, with values of 0 or more")
    mean, sd = growth_prior or USUAL_GROWTH
    steps, gaps = np.diff(np.log(np.maximum(values, FLOOR))), np.diff(years).astype(float)
    noise = _noise(steps, gaps)
    slope, slope_sd = _growth(years, steps, gaps, noise, mean, sd)
    growth = rng.normal(slope, slope_sd, size=(number, 1)) - mean
    faded = mean + growth * damping ** np.arange(1, ahead + 1)
    shocks = rng.standard_t(TAILS, size=(number, ahead)) * noise * np.sqrt((TAILS - 2) / TAILS)
    # exp of what is uncertain is more in the mean than exp of its mean, by half of the variance
    # if it is normal. Doubt is no growth: without this, paths of authorities' referrals had
    # a mean 24 % too high after five years; with it, 8 %.
    left = np.cumsum(damping ** np.arange(1, ahead + 1))
    variance = np.arange(1, ahead + 1) * noise**2 + (left * slope_sd) ** 2
    logs = np.cumsum(faded + shocks, axis=1) - variance / 2
    paths: NDArray[np.float64] = max(values[-1], FLOOR) * np.exp(logs)
    return paths


def _noise(steps: NDArray[np.float64], gaps: NDArray[np.float64]) -> float:
    """Tell the standard deviation of a year's change, shrunk to what is usual."""
    if steps.size < 2:
        return USUAL_NOISE
    yearly = steps / gaps
    spread = (yearly - np.median(yearly)) * np.sqrt(gaps)
    scale = max(1.4826 * float(np.median(np.abs(spread))), USUAL_NOISE / 2)
    seen = np.minimum(np.abs(spread), LARGEST_STEP * scale)
    weight = steps.size - 1
    squares = float((seen**2).sum()) + NOISE_WEIGHT * USUAL_NOISE**2
    return float(np.sqrt(squares / (weight + NOISE_WEIGHT)))


def _growth(
    years: NDArray[np.int_],
    steps: NDArray[np.float64],
    gaps: NDArray[np.float64],
    noise: float,
    mean: float,
    sd: float,
) -> tuple[float, float]:
    """Tell growth a year and its standard deviation, from prior and changes (normal, conjugate)."""
    precision, weighted = 1.0 / sd**2, mean / sd**2
    if steps.size:
        middle = float(np.median(steps / gaps))
        limit = LARGEST_STEP * noise * np.sqrt(gaps)
        held = middle * gaps + np.clip(steps - middle * gaps, -limit, limit)
        recency = 0.5 ** ((years[-1] - years[1:]) / HALF_LIFE)
        precision += float((recency * gaps).sum()) / noise**2
        weighted += float((recency * held).sum()) / noise**2
    return weighted / precision, float(precision**-0.5)
