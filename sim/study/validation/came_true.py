"""How far what the simulation makes of an authority came true in the years before.

Where simulated years of an authority end elsewhere than was put into them, that can be what must
come of its position, or an error of putting its figures in. The years before tell which: a
departure is believed as far as such departures went with what happened beyond what was expected.
Before any year is known every share from not at all to wholly is as likely as any other; then each
is as likely as it makes the errors of the past (Laplace likelihood, its scale estimated).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

SHARES = np.linspace(0.0, 1.0, 101)


class CameTrue:
    """One measure's simulated departures in the years before, and what happened in them."""

    def __init__(self) -> None:
        self._departures: list[Values] = []
        self._errors: list[Values] = []

    def learn(self, departures: Values, errors: Values) -> None:
        """Add a year that is over, by authority, on one scale.

        Parameters
        ----------
        departures
            By how far simulated years departed from what was expected.
        errors
            By how far what happened did; NaN where nothing is published.
        """
        known = ~np.isnan(errors)
        self._departures.append(departures[known])
        self._errors.append(errors[known])

    def share(self) -> float:
        """The share of a departure that is to be believed: its mean, given the years before."""
        departures = np.concatenate([*self._departures, np.zeros(0)])
        errors = np.concatenate([*self._errors, np.zeros(0)])
        if not departures.any():
            return float(SHARES.mean())
        left = np.mean(np.abs(errors - SHARES[:, None] * departures), axis=1)
        smallest = max(left.min(), np.finfo(float).tiny)
        likely = (smallest / np.maximum(left, smallest)) ** len(errors)
        return float(np.average(SHARES, weights=likely))
