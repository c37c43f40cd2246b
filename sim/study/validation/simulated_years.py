"""What the simulated years of all authorities come to: for each a centre, and a range.

A few simulated years of one authority are mostly chance: their mean says little of what the
simulation makes of that authority. But it is known what went into each, so it is known how far each
departs from that (a control variate). What all authorities' departures have in common is an error
of putting figures into the simulation, where what goes in should come out on average: it is left
out. What an authority departs by beyond that is kept as far as authorities differ more than chance
makes them, and as far as such departures came true before (`came_true`). How wide the simulated
years of one authority spread is as uncertain, so they say together how much wider or narrower their
spread is than what was expected.

Fay and Herriot, Estimates of income for small places, Journal of the American Statistical
Association 74 (1979) 269-277; DerSimonian and Laird, Meta-analysis in clinical trials, Controlled
Clinical Trials 7 (1986) 177-188, for the variance between the authorities.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Values = NDArray[np.float64]

RANGE = 0.8


class Foretold(NamedTuple):
    """A prediction and the range that should hold `RANGE` of figures; a value by authority.

    `departures` is by how far simulated years depart from what was expected, before it is asked how
    far that is to be believed.
    """

    centre: Values
    low: Values
    high: Values
    departures: Values


def come_to(
    centre: Values, variance: Values, drawn: list[Values], found: list[Values], in_post: Values,
    believed: float,
) -> Foretold:  # fmt: skip
    """Say what the simulated years of one kind come to.

    Parameters
    ----------
    centre, variance
        What was expected, on the kind's scale (authorities,).
    drawn, found
        What went into each simulated year, and what came out (draws,); one array by authority.
    in_post
        FTE in post: chance is the smaller the more there are.
    believed
        The share of a departure that comes true.
    """
    departures = [out - into for into, out in zip(drawn, found, strict=True)]
    number = np.array([len(each) for each in departures])
    chance = np.mean([np.var(each, ddof=1) for each in departures] * in_post) / in_post
    own = own_departures(np.array([each.mean() for each in departures]), chance / number)
    middle = centre + believed * own
    wider = np.mean([np.var(each, ddof=1) for each in found] / variance)
    half = ndtri((1 + RANGE) / 2) * np.sqrt(variance * wider)
    return Foretold(middle, middle - half, middle + half, own)


def own_departures(means: Values, variances: Values) -> Values:
    """How far each mean is from their common one, as far as it is likely to be more than chance.

    Parameters
    ----------
    means, variances
        Each mean, and its variance by chance.
    """
    if not variances.any():
        return np.asarray(means - means.mean())
    weights = 1.0 / variances
    common = np.average(means, weights=weights)
    beyond = np.sum(weights * (means - common) ** 2) - (len(means) - 1)
    left = weights.sum() - np.sum(weights**2) / weights.sum()
    between = max(float(beyond / left), 0.0) if left > 0 else 0.0
    common = np.average(means, weights=1.0 / (between + variances))
    return np.asarray(between / (between + variances) * (means - common))
