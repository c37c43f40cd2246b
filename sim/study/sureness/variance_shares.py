"""How much of a variance each of several inputs brings, from runs that exchange them one by one.

For each of many pairs A and B there is a value with all inputs of A, one with all of B, and, input
by input, f_i with the inputs of A but for that one, which is B's. Then

- the share of an input, varied while the others are held, is E(f_A - f_i)^2 / E(f_B - f_A)^2: with
  all interactions that it has a part in, so that shares add up to more than the whole;
- the share of an input alone is 1 - E(f_B - f_i)^2 / E(f_B - f_A)^2: without any interaction, so
  that shares add up to less.

These are the total and the first-order index of Sobol' as estimated by Jansen ("Analysis of
variance designs for model output", Computer Physics Communications, 1999). The first is the more
precise by far: f_A and f_i have all luck but one in common.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.comparing import Interval, mean_interval

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """A share of a variance, with 95 % intervals: NaN where nothing varies.

    Estimates are left as they come: an input alone may be estimated to bring less than nothing.

    Attributes
    ----------
    held
        Of an input that is varied while the others are held.
    alone
        Without interactions.
    """

    held: Interval
    alone: Interval


def variance_shares(
    first: Values, second: Values, exchanged: Mapping[str, Values]
) -> tuple[dict[str, Share], Share]:
    """Estimate each input's share of a variance.

    Parameters
    ----------
    first, second
        Values with all inputs of A, and with all of B; one for each pair. Pairs in which any
        value is NaN are left out.
    exchanged
        For each input, values with the inputs of A but for this one.

    Returns
    -------
    shares, together
        The shares by input, and their sums.
    """
    there = ~np.isnan(np.stack([first, second, *exchanged.values()])).any(axis=0)
    first, second = first[there], second[there]
    whole = (second - first) ** 2
    from_first = {name: (first - values[there]) ** 2 for name, values in exchanged.items()}
    to_second = {name: (second - values[there]) ** 2 for name, values in exchanged.items()}
    shares = {
        name: Share(_ratio(from_first[name], whole), _rest(1, _ratio(to_second[name], whole)))
        for name in exchanged
    }
    none = np.zeros(len(whole))
    return shares, Share(
        _ratio(sum(from_first.values(), none), whole),
        _rest(len(exchanged), _ratio(sum(to_second.values(), none), whole)),
    )


def _ratio(parts: Values, whole: Values) -> Interval:
    """Estimate a ratio of two means, with its interval by linearisation."""
    mean = float(whole.mean()) if len(whole) else 0.0
    if mean == 0:
        return Interval(math.nan, math.nan, math.nan)
    ratio = float(parts.mean()) / mean
    around = mean_interval(parts - ratio * whole)
    half = (around.high - around.low) / 2 / mean
    return Interval(ratio, ratio - half, ratio + half)


def _rest(whole: int, part: Interval) -> Interval:
    return Interval(whole - part.mean, whole - part.high, whole - part.low)
