"""What lies under an authority's published rate: how much of it lasts, how much is chance.

A rate, on a scale where its chance is even, is England's level, what the authority's region and the
authority itself have lastingly above it, a deviation that fades from year to year, and noise of the
year, part of which is smaller in a larger authority (a first-order autoregression with a random
effect, observed with noise). The Kalman filter gives each authority's underlying deviation and how
sure that is; the shares of these parts are the same for all authorities, and learnt from how well
one year would have foretold the next in the years before. Of a year's events, what is far from what
was expected is believed only so far: one odd return says little of the next year (Huber's function
in the filter). What is counted on a day is believed as it is: its jumps mostly last.

Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), chapters 3 and 5;
Masreliez and Martin, Robust Bayesian estimation for the linear model and robustifying the Kalman
filter, IEEE Transactions on Automatic Control 22 (1977) 361-371.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, ndtri

Values = NDArray[np.float64]

CENTRAL = 0.8  # of past errors are used to say how large errors are: outliers don't count
REGION_WEIGHT = 8.0  # authorities in a region at which its median counts half
SHOCK_PRIOR = 0.05  # of the variance between authorities: a first guess of England's yearly moves
SPREAD_OF_PRIOR = 1.0
MOST_BELIEVED = 2.0  # standard deviations of a flow's error; chosen on the years 2018 to 2021
WIDEST = 6.0  # of the parameters, which keeps shares above one in a thousand or so

# Before anything is known of a rate: deviations fade by 12 % a year, and where posts are counted on
# one day there is next to nothing but such deviations, while a year's events are chance in part.
# Logit of what is left of a deviation after a year; logarithms of the shares that are lasting,
# fading, noise, and noise of a small authority. Chosen on the years 2018 to 2021.
PRIOR_FLOW = np.array([2.0, 0.0, 1.0, 0.0, 0.0])
PRIOR_STOCK = np.array([2.0, -3.0, 1.0, -4.0, -4.0])


@dataclass(frozen=True)
class Underlying:
    """A rate's past, taken apart; (authorities, years) unless said otherwise.

    Deviations are those from England's level and the region's, over `unit`.

    Attributes
    ----------
    here
        England's level and the region's in the last year, on the rate's scale (authorities,).
    unit
        The standard deviation of deviations, on the rate's scale.
    now
        Each year's underlying deviation, as far as it could be known in that year.
    ahead
        What could be expected of the year after each.
    errors
        How far each year but the first was from what could be expected; NaN if not published.
    variance
        Of next year's deviation, but for a factor that all have in common (authorities,).
    relative
        By what `errors` are divided to have the variance in common.
    shock
        Variance of England's yearly move, in units.
    """

    here: Values
    unit: float
    now: Values
    ahead: Values
    errors: Values
    variance: Values
    relative: Values
    shock: float


@dataclass(frozen=True)
class _Shares:
    """Shares of the variance; `small` is that of an authority of the median size."""

    stays: float
    lasting: float
    fading: float
    noise: float
    small: float


def take_apart(values: Values, sizes: Values, regions: list[str], *, is_stock: bool) -> Underlying:
    """Take a rate's past apart into what lasts, what fades and what was chance.

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
    unit = spread_of(deviations)
    deviations = deviations / unit
    relative = np.nanmedian(sizes) / _filled(sizes)
    believed = np.inf if is_stock else MOST_BELIEVED
    shares = _learn(deviations, relative, PRIOR_STOCK if is_stock else PRIOR_FLOW, believed)
    past = _filter(deviations, relative, shares, believed)
    moves = np.diff(level) / unit
    return Underlying(
        here=level[-1] + of_region,
        unit=unit,
        now=past.now,
        ahead=past.ahead,
        errors=past.errors[:, 1:],
        variance=past.variance_ahead + shares.noise + shares.small * relative[:, -1],
        relative=np.sqrt(past.variances[:, 1:]),
        shock=float((np.sum(moves**2) + SHOCK_PRIOR) / (len(moves) + 1)),
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


def _learn(deviations: Values, relative: Values, prior: Values, believed: float) -> _Shares:
    """Find the shares under which each year foretells the next best (Laplace likelihood)."""

    def badness(parameters: Values) -> float:
        past = _filter(deviations, relative, _shares(parameters), believed)
        unexpected = float(np.sum(((parameters - prior) / SPREAD_OF_PRIOR) ** 2) / 2)
        known = ~np.isnan(past.errors[:, 1:])
        if not known.any():
            return unexpected
        error, variance = np.abs(past.errors[:, 1:][known]), past.variances[:, 1:][known]
        mean = np.mean(error / np.sqrt(variance)) + 1e-12
        return float(known.sum() * np.log(mean) + np.sum(np.log(variance)) / 2) + unexpected

    if deviations.shape[1] == 1:
        return _shares(prior)
    found = minimize(badness, prior, method="L-BFGS-B", bounds=[(-WIDEST, WIDEST)] * len(prior))
    return _shares(found.x)


def _shares(parameters: Values) -> _Shares:
    parts = np.exp(parameters[1:])
    return _Shares(float(expit(parameters[0])), *(float(part) for part in parts / parts.sum()))


class _Filtered(NamedTuple):
    """What the filter found: (authorities, years), but for the last (authorities,)."""

    errors: Values
    variances: Values  # of the errors
    now: Values
    ahead: Values
    variance_ahead: Values  # of what underlies the year after the last


def _filter(deviations: Values, relative: Values, shares: _Shares, believed: float) -> _Filtered:
    """Go through the years; believe errors up to so many of their standard deviations."""
    onward = np.array([1.0, shares.stays])
    moves = np.diag([0.0, shares.fading * (1 - shares.stays**2)])
    mean = np.zeros((len(deviations), 2))
    covariance = np.tile(np.diag([shares.lasting, shares.fading]), (len(deviations), 1, 1))
    errors, variances = np.empty(deviations.shape), np.empty(deviations.shape)
    now, ahead = np.empty(deviations.shape), np.empty(deviations.shape)
    for year in range(deviations.shape[1]):
        error = deviations[:, year] - mean.sum(axis=1)
        noise = shares.noise + shares.small * relative[:, year]
        variance = covariance.sum(axis=(1, 2)) + noise
        errors[:, year], variances[:, year] = error, variance
        known = ~np.isnan(error)
        gain = covariance.sum(axis=2) / variance[:, None] * known[:, None]
        most = believed * np.sqrt(variance)
        mean = mean + gain * np.clip(np.where(known, error, 0.0), -most, most)[:, None]
        covariance = covariance - gain[:, :, None] * covariance.sum(axis=1)[:, None, :]
        now[:, year] = mean.sum(axis=1)
        mean = mean * onward
        covariance = covariance * np.outer(onward, onward) + moves
        ahead[:, year] = mean.sum(axis=1)
    return _Filtered(errors, variances, now, ahead, covariance.sum(axis=(1, 2)))
