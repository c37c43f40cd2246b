"""Dated events: whether they happen, and what they then do, drawn once for all of a path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from forecasting.config import Event
from forecasting.futures import ramp

EIGHTY = float(special.ndtri(0.9))  # standard deviations from the middle to the end of 80 %


def event_effects(
    event: Event, number: int, rng: np.random.Generator, certain: bool
) -> NDArray[np.float64]:
    """Draw by what log factor an event changes its streams in the end, one for each path.

    Where it does not happen that is 0. When all is to be certain, every path has the effect that
    is expected: the factor as far as it is probable.
    """
    happens = rng.random(number) < event.probability
    middle, spread = np.log(event.factor), 0.0
    if event.factor_80 is not None:
        spread = float(np.log(event.factor_80[1] / event.factor_80[0])) / (2 * EIGHTY)
    drawn = middle + spread * rng.standard_normal(number)
    if certain:
        return np.full(number, np.log1p(event.probability * (event.factor - 1)))
    return np.where(happens, drawn, 0.0)


def event_factors(
    event: Event, effects: NDArray[np.float64], months: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """By what factor an event changes its streams, month by month on each path.

    Returns
    -------
    numpy.ndarray
        Shape (paths, months); 1 before the month of the event.
    """
    on = (months - np.datetime64(event.date, "M")).astype(float)
    # A month counts with the part of the effect that its end has reached.
    part = ramp(on + 1 if event.ramp_months else on, event.ramp_months)
    factors: NDArray[np.float64] = np.exp(effects[:, None] * part[None, :])
    return factors
