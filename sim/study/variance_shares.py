"""How much of a variance each of several inputs brings, from runs that exchange them one by one.

For each of many pairs A and B there is a value with all inputs of A, one with all of B, and, input
by input, one with the inputs of A but for that one, which is B's. Then

- an input's share by itself is 1 - E(f_B - f_i)^2 / E(f_B - f_A)^2, where f_i has only that input
  from B;
- its share together with all that it interacts with is E(f_A - f_i)^2 / E(f_B - f_A)^2.

These are the first-order and the total index of Sobol' as estimated by Jansen ("Analysis of
variance designs for model output", Computer Physics Communications, 1999). What the shares by
themselves leave of the whole is interaction: what matters only together with something else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.comparing import mean_interval

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """A share of a variance, with its 95 % interval.

    Estimates are left as they come: a share near 0 may be estimated below it.

    Attributes
    ----------
    share, low, high
        By itself; NaN where nothing varies or there are fewer than two pairs.
    total
        Together with all that it interacts with; NaN for the interaction itself.
    """

    share: float
    low: float
    high: float
    total: float = math.nan


def variance_shares(
    first: Values, second: Values, exchanged: Mapping[str, Values]
) -> tuple[dict[str, Share], Share]:
    """Estimate each input's share of a variance, and that of all interactions.

    Parameters
    ----------
    first, second
        Values with all inputs of A, and with all of B; one for each pair. Pairs in which any
        value is NaN are left out.
    exchanged
        For each input, values with the inputs of A but for this one.

    Returns
    -------
    shares, interaction
        The shares by input, and what they leave of the whole.
    """
    there = ~np.isnan(np.stack([first, second, *exchanged.values()])).any(axis=0)
    first, second = first[there], second[there]
    apart = (second - first) ** 2
    shares = {}
    left_over = np.zeros(len(apart))
    for name, values in exchanged.items():
        to_second = (second - values[there]) ** 2
        total = _ratio((first - values[there]) ** 2, apart)[0]
        shares[name] = _share(1, to_second, apart, total)
        left_over += to_second
    # 1 - sum of (1 - each ratio)
    return shares, _share(1 - len(exchanged), -left_over, apart)


def _share(whole: int, parts: Values, apart: Values, total: float = math.nan) -> Share:
    ratio, half = _ratio(parts, apart)
    share = whole - ratio
    return Share(share, share - half, share + half, total)


def _ratio(parts: Values, apart: Values) -> tuple[float, float]:
    """Estimate a ratio of two means, with the half-width of its interval by linearisation."""
    mean = float(apart.mean()) if len(apart) else 0.0
    if mean == 0:
        return math.nan, math.nan
    ratio = float(parts.mean()) / mean
    around = mean_interval(parts - ratio * apart)
    return ratio, (around.high - around.low) / 2 / mean
