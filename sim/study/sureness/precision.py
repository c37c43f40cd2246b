"""How many runs: replications grow until the changes are known as precisely as a study asks.

A study may name outcomes with the half-width that the 95 % range of their change (policy minus
baseline, pair by pair) may have, for every policy. After each batch of replications the half-widths
are looked at, and the study goes on until all are narrow enough.

Stopping as soon as a range happens to be narrow would stop too early too often, as ranges are
narrow also where the spread is underestimated by chance. So there is a floor, and a look ahead: a
range counts as narrow enough only if it is so after each of the last so many replications, and not
just once (the replications algorithm with kLimit of Hoad, Robinson and Davies, "Automated selection
of the number of replications for a discrete-event simulation", JORS, 2010). docs/how_sure.md says
how often the ranges of studies that stop so hold the true mean.

What is decided depends on the outcomes alone: the same study has the same number of runs, in
however many processes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from sim.scenario.precision import Narrowness, Precision
from sim.scenario.study_file import StudyFile
from sim.study.comparing import CONFIDENCE, by_policy

Values = NDArray[np.float64]

LOOK_AHEAD = 10  # replications, up to a hundred; then as many for each hundred


@dataclass(frozen=True)
class Reached:
    """How precisely the change of an outcome is known, under the policy where it is least so.

    Attributes
    ----------
    outcome, policy
        Which outcome, and under which policy its range is widest.
    asked, half_width
        How far the range may reach to each side, and how far it does; in the outcome's own unit.
    replications
        How often each policy was simulated.
    needed
        About how many replications would be needed; infinite or NaN where that can't be told.
    """

    outcome: str
    policy: str
    asked: float
    half_width: float
    replications: int
    needed: float

    @property
    def is_reached(self) -> bool:
        """Whether the range is as narrow as asked for."""
        return self.half_width <= self.asked


def look_ahead(done: int) -> int:
    """Say for how many replications a range must have been narrow enough, after `done`."""
    return max(LOOK_AHEAD, done * LOOK_AHEAD // 100)


def half_widths(differences: Values) -> Values:
    """Give the half-width of Student's t interval after one value, after two, after all.

    Parameters
    ----------
    differences
        Pairs x columns, in the order of the replications; NaN where a value is missing.

    Returns
    -------
    numpy.ndarray
        Of the same shape; infinite as long as there are fewer than two values.
    """
    there = ~np.isnan(differences)
    number = there.cumsum(axis=0)
    # Measured from the first value, so that values that are all equal have exactly no spread.
    first = np.take_along_axis(differences, there.argmax(axis=0)[None], axis=0)
    apart = np.where(there, differences - first, 0.0)
    several = np.maximum(number, 2)
    squares = (apart**2).cumsum(axis=0) - apart.cumsum(axis=0) ** 2 / several
    error = np.sqrt(np.maximum(squares, 0.0) / (several - 1) / several)
    factor = special.stdtrit(several - 1, (1 + CONFIDENCE) / 2)
    return np.where(number < 2, np.inf, factor * error)


def allowed(asked: Narrowness, baseline: Values) -> Values:
    """Say how wide the half-width may be after each replication.

    Parameters
    ----------
    asked
        The half-width, or its share of the baseline's mean.
    baseline
        The outcome's values under the baseline; NaN where one is missing.
    """
    if asked.within is not None:
        return np.full(len(baseline), asked.within)
    number = np.maximum((~np.isnan(baseline)).cumsum(), 1)
    mean: Values = np.nan_to_num(baseline).cumsum() / number
    return np.abs(mean) * (asked.within_share or 0.0)


def holds(widths: Values, limits: Values, at_least: int) -> bool:
    """Say whether all ranges have been narrow enough for as long as they must.

    Parameters
    ----------
    widths
        After each replication (rows), of each column, from `half_widths`.
    limits
        After each replication, from `allowed`.
    at_least
        The replications before the first look.
    """
    done = len(widths)
    since = done - look_ahead(done)
    if since < at_least:
        return False
    return bool((widths[since - 1 :] <= limits[since - 1 :, None]).all())


def runs_needed(widths: Values, limits: Values) -> float:
    """Estimate how many replications it takes, as widths fall with the root of their number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.max((widths[-1] / limits[-1]) ** 2) * len(widths))


def replications_next(study: StudyFile, asked: Precision, outcomes: pd.DataFrame | None) -> int:
    """Say how many replications there are to be, after those that are done.

    Parameters
    ----------
    study, asked
        What is run, and how precise it is to be.
    outcomes
        What it found so far: columns policy, replication, outcome and value. None before the
        first run.

    Returns
    -------
    int
        As many as are done, if that is enough.
    """
    found = [] if outcomes is None else list(_widths_and_limits(study, asked, outcomes).values())
    return more_replications(found, asked.at_least, asked.at_most)


def more_replications(found: list[tuple[Values, Values]], at_least: int, at_most: int) -> int:
    """Say how many replications there are to be.

    Parameters
    ----------
    found
        For each outcome the half-widths after each replication that is done, and how wide they
        may be: from `half_widths` and `allowed`. Empty before the first.
    at_least, at_most
        The floor and the ceiling.
    """
    done = len(found[0][0]) if found else 0
    if done == 0:
        return min(at_least + look_ahead(at_least), at_most)
    if done >= at_most or all(holds(*each, at_least) for each in found):
        return done
    needed = max(runs_needed(*each) for each in found)
    # Half of the way, since the estimate is rough; all of it would often be too far.
    half = int(min((needed - done) / 2, at_most)) if needed > done else 0
    return min(done + max(look_ahead(done), half), at_most)


def reached(study: StudyFile, outcomes: pd.DataFrame) -> list[Reached]:
    """Say of each outcome that a study wants to know precisely how precisely it is known."""
    asked = study.precision
    others = [policy.name for policy in study.policies[1:]]
    if asked is None or not others:
        return []
    found = []
    for key, (widths, limits) in _widths_and_limits(study, asked, outcomes).items():
        worst = int(np.argmax(widths[-1]))
        width, limit = float(widths[-1, worst]), float(limits[-1])
        needed = runs_needed(widths, limits)
        found.append(Reached(key, others[worst], limit, width, len(widths), needed))
    return found


def _widths_and_limits(
    study: StudyFile, asked: Precision, outcomes: pd.DataFrame
) -> dict[str, tuple[Values, Values]]:
    """Give for each outcome, after each replication, the half-widths and how wide they may be."""
    values = by_policy(outcomes, list(asked.outcomes))
    baseline, *others = (values[policy.name] for policy in study.policies)
    differences = np.stack([other - baseline for other in others], axis=-1)
    return {
        key: (half_widths(differences[:, place]), allowed(narrowness, baseline[:, place]))
        for place, (key, narrowness) in enumerate(asked.outcomes.items())
    }
