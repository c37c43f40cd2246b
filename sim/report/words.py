"""How sure: the words for a probability, and where one word gives way to the next."""

from __future__ import annotations

import math

ALMOST_CERTAINLY = 0.99
VERY_LIKELY = 0.95
LIKELY = 0.80
TOO_CLOSE = "too close to call"
UNSEEN = "hardly any change"
LEGEND = (
    "95 % range: the true change lies in it with a probability of 95 in 100, and beyond either end "
    "with 2.5. How sure: the probability that it is on that side of 0, however far: 'almost "
    "certainly' means at least 99 in 100, 'very likely' at least 95, 'likely' at least 80; below "
    "that it is too close to call. So 'very likely' can stand beside a range that just includes 0."
)


def how_sure(
    probability_better: float, difference: float, better: str = "better", worse: str = "worse"
) -> str:
    """Put a probability of being better into words.

    Parameters
    ----------
    probability_better
        From comparisons.csv.
    difference
        The difference that it is about: exactly 0 is no change at all.
    better, worse
        The words for the two sides; ``cheaper`` and ``dearer`` for costs.
    """
    if difference == 0:
        return "no change"
    if math.isnan(probability_better):
        return "cannot be told"
    word = better if probability_better > 0.5 else worse
    sure = max(probability_better, 1 - probability_better)
    if sure >= ALMOST_CERTAINLY:
        return f"almost certainly {word}"
    if sure >= VERY_LIKELY:
        return f"very likely {word}"
    if sure >= LIKELY:
        return f"likely {word}"
    return TOO_CLOSE


def spoken(policy: str) -> str:
    """Write the name of a policy as people say it."""
    return policy.replace("_", " ")


def which_way(low: float, high: float) -> str:
    """Say which way something went that is neither better nor worse."""
    if math.isnan(low) or math.isnan(high):
        return "cannot be told"
    if low == high == 0:
        return "no change"
    if low > 0:
        return "higher"
    return "lower" if high < 0 else TOO_CLOSE
