"""What lies under an authority's published rate: how much of it lasts, how much is chance.

A rate, on a scale where its chance is even, is England's level, what the authority's region and the
authority itself have lastingly above it, a deviation that fades from year to year, and noise of the
year, part of which is smaller in a larger authority (a first-order autoregression with a random
effect, observed with noise). The Kalman filter gives each authority's underlying deviation and how
sure that is; the shares of these parts are the same for all authorities, and learnt from how well
one year would have foretold the next in the years before.

Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), chapters 3 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, ndtri

Values = NDArray[np.float64]

CENTRAL = 0.8  # of past errors are used to say how large errors are: outliers don't count
REGION_WEIGHT = 8.0  # authorities in a region at which its median counts half
SHOCK_PRIOR = 0.05  # of the variance between authorities: a first guess of England's yearly moves
SPREAD_OF_PRIOR = 1.0
WIDEST = 6.0  # of the parameters, which keeps shares above one in a thousand or so

# Before anything is known of a rate: deviations fade by 12 % a year, and where posts are counted on
# one day there is next to nothing but such deviations, while a year's events are chance in part.
# Logit of what is left of a deviation after a year; logarithms of the shares that are lasting,
# fading, noise, and noise of a small authority. Chosen on the years 2018 to 2021.
PRIOR_FLOW = np.array([2.0, 0.0, 1.0, 0.0, 0.0])
PRIOR_STOCK = np.array([2.0, -3.0, 1.0, -4.0, -4.0])


@dataclass(frozen=True)
class Foretold:
    """What is expected of a rate one year on, on the rate's scale; a value for each authority.

    Attributes
    ----------
    now
        The underlying level in the last year.
    centre, variance
        Of next year's published value, England's yearly move and all noise included.
    errors
        Past errors over what was expected of them (authorities, years but the first).
    """

    now: Values
    centre: Values
    variance: Values
    errors: Values


@dataclass(frozen=True)
class _Shares:
    """Shares of the variance; `small` is that of an authority of the median size."""

    stays: float
    lasting: float
    fading: float
    noise: float
    small: float


def foretell(values: Values, sizes: Values, regions: list[str], *, is_stock: bool) -> Foretold:
    """Foretell a rate from its past.

    Parameters
    ----------
    values
        The rate on its scale (authorities, years), NaN where nothing is published.
    sizes
        FTE in post, likewise.
    regions
        The region of each authority.
    is_stock
        Whether it is counted on one day rather than over a year.
    """
    level = np.nanmedian(values, axis=0)
    deviations = values - level
    of_region = region_effects(deviations, regions)
    deviations = deviations - of_region[:, None]
    relative = np.nanmedian(sizes) / _filled(sizes)
    shares = _learn(deviations, relative, PRIOR_STOCK if is_stock else PRIOR_FLOW)
    errors, variances, now, ahead = _filter(deviations, relative, shares)
    scale = _scale(deviations, errors, variances)
    moves = np.diff(level)
    between = spread_of(deviations) ** 2
    shock = (np.sum(moves**2) + SHOCK_PRIOR * between) / (len(moves) + 1)
    variance = ahead[1] + shares.noise + shares.small * relative[:, -1]
    here = level[-1] + of_region
    return Foretold(
        here + now,
        here + ahead[0],
        variance * scale + shock,
        (errors / np.sqrt(variances * scale))[:, 1:],
    )


def region_effects(deviations: Values, regions: list[str]) -> Values:
    """Median deviation of each authority's region, drawn towards 0 the fewer there are in it."""
    there = ~np.isnan(deviations)
    mean = np.divide(
        np.nansum(deviations, axis=1), there.sum(axis=1),
        out=np.full(len(deviations), np.nan), where=there.any(axis=1),
    )  # fmt: skip
    effects = np.zeros(len(deviations))
    of = np.array(regions)
    for region in sorted(set(regions)):
        known = mean[(of == region) & ~np.isnan(mean)]
        if len(known) and region:
            drawn = len(known) / (len(known) + REGION_WEIGHT)
            effects[of == region] = np.median(known) * drawn
    return effects


def spread_of(values: Values) -> float:
    """Standard deviation of values around 0, from the middle ones."""
    there = np.abs(values[~np.isnan(values)])
    if not len(there):
        return 1.0
    return max(float(np.quantile(there, CENTRAL) / ndtri((1 + CENTRAL) / 2)), 1e-6)


def _filled(sizes: Values) -> Values:
    """Sizes with the authority's own median, or all authorities', where none is published."""
    filled = sizes.copy()
    overall = np.nanmedian(sizes)
    for row in filled:
        known = row[~np.isnan(row)]
        row[np.isnan(row)] = np.median(known) if len(known) else overall
    return filled


def _learn(deviations: Values, relative: Values, prior: Values) -> _Shares:
    """Find the shares under which each year foretells the next best (Laplace likelihood)."""

    def badness(parameters: Values) -> float:
        shares = _shares(parameters)
        errors, variances, _, _ = _filter(deviations, relative, shares)
        known = ~np.isnan(errors[:, 1:])
        unexpected = float(np.sum(((parameters - prior) / SPREAD_OF_PRIOR) ** 2) / 2)
        if not known.any():
            return unexpected
        error, variance = np.abs(errors[:, 1:][known]), variances[:, 1:][known]
        mean = np.mean(error / np.sqrt(variance)) + 1e-12
        return float(known.sum() * np.log(mean) + np.sum(np.log(variance)) / 2) + unexpected

    if deviations.shape[1] == 1:
        return _shares(prior)
    found = minimize(badness, prior, method="L-BFGS-B", bounds=[(-WIDEST, WIDEST)] * len(prior))
    return _shares(found.x)


def _shares(parameters: Values) -> _Shares:
    parts = np.exp(parameters[1:])
    return _Shares(float(expit(parameters[0])), *(float(part) for part in parts / parts.sum()))


def _filter(
    deviations: Values, relative: Values, shares: _Shares
) -> tuple[Values, Values, Values, tuple[Values, Values]]:
    """Go through the years: errors made in foretelling each, and their variances.

    Returns
    -------
    errors, variances
        (authorities, years).
    now
        The underlying deviation in the last year.
    ahead
        Mean and variance of the underlying deviation a year later.
    """
    authorities, years = deviations.shape
    onward = np.array([1.0, shares.stays])
    moves = np.diag([0.0, shares.fading * (1 - shares.stays**2)])
    mean = np.zeros((authorities, 2))
    covariance = np.tile(np.diag([shares.lasting, shares.fading]), (authorities, 1, 1))
    errors, variances = np.empty((authorities, years)), np.empty((authorities, years))
    now = np.zeros(authorities)
    for year in range(years):
        error = deviations[:, year] - mean.sum(axis=1)
        noise = shares.noise + shares.small * relative[:, year]
        variance = covariance.sum(axis=(1, 2)) + noise
        errors[:, year], variances[:, year] = error, variance
        known = ~np.isnan(error)
        gain = covariance.sum(axis=2) / variance[:, None] * known[:, None]
        mean = mean + gain * np.where(known, error, 0.0)[:, None]
        covariance = covariance - gain[:, :, None] * covariance.sum(axis=1)[:, None, :]
        now = mean.sum(axis=1)
        mean = mean * onward
        covariance = covariance * np.outer(onward, onward) + moves
    return errors, variances, now, (mean.sum(axis=1), covariance.sum(axis=(1, 2)))


def _scale(deviations: Values, errors: Values, variances: Values) -> float:
    """By what the shares are multiplied to be variances: from past errors, if there are any."""
    if errors.shape[1] == 1:
        return spread_of(deviations) ** 2
    return spread_of((errors / np.sqrt(variances))[:, 1:]) ** 2
