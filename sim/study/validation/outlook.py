"""What next year is likely to bring each authority, learnt from the years before it alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import ndtri
from scipy.stats import qmc

from sim.study.validation.history import MEASURES, History
from sim.study.validation.pulls import pulls
from sim.study.validation.underlying import SHOCK_PRIOR, Underlying, spread_of, take_apart

Values = NDArray[np.float64]

GROWTH = "growth"
RATES = tuple(measure for measure in MEASURES if measure != "in_post_fte")
STOCKS = ("vacancy", "agency")
KINDS = (*RATES, GROWTH)
"""What is drawn for a year, in this order; growth is that of the logarithm of FTE in post."""

TOGETHER_PRIOR = 100  # past errors at which their correlations count half
LEAST_FREE = 0.1  # of the variance is there for the draws, however much chance explains


def on_scale(kind: str, value: ArrayLike) -> Values:
    """Put rates on the scale where their chance is even: the root of a share, a logarithm."""
    given = np.asarray(value, np.float64)
    if kind == GROWTH:
        return given
    return np.log(given) if kind == "caseload" else np.sqrt(given)


def from_scale(kind: str, value: ArrayLike) -> Values:
    """Take values back from their scale."""
    given = np.asarray(value, np.float64)
    if kind == GROWTH:
        return given
    return np.exp(given) if kind == "caseload" else np.maximum(given, 0.0) ** 2


def mean_from_scale(kind: str, centre: float, variance: float) -> float:
    """The mean of values that have, on their scale, this mean and variance.

    A square has the square of the mean and the variance as its mean; where the scale is
    logarithmic, values are taken to be normal on it. Growth, which is drawn as a logarithm, comes
    as that of the mean.
    """
    if kind == GROWTH:
        return centre + variance / 2
    if kind == "caseload":
        return float(np.exp(centre + variance / 2))
    return max(centre, 0.0) ** 2 + variance


@dataclass(frozen=True)
class Outlook:
    """What is expected of next year, on each kind's scale.

    Attributes
    ----------
    authorities
        The codes of those that made a return in the last year, in order.
    now, centre, variance
        (authorities, kinds): the underlying level, next year's centre and its variance.
    together
        (kinds, kinds): how the errors of the past years went together.
    """

    authorities: tuple[str, ...]
    now: Values
    centre: Values
    variance: Values
    together: Values

    def chance(self, row: int, of_service: Values) -> Values:
        """The part of one authority's variance that simulated chance makes up.

        `of_service` is the variance that simulated chance has, by kind; a part is always left to
        the draws.
        """
        return np.asarray(np.minimum(of_service, (1 - LEAST_FREE) * self.variance[row]))

    def draws(self, row: int, number: int, chance: Values, seed: int) -> Values:
        """Draw what the year may bring one authority, evenly over what is likely.

        Parameters
        ----------
        row
            Which authority.
        number
            How many draws: a Latin hypercube.
        chance
            Variance of each kind that simulated chance will add, and the draws so leave out.
        seed
            Which hypercube.

        Returns
        -------
        array (number, kinds)
            On each kind's scale.
        """
        cube = qmc.LatinHypercube(len(KINDS), scramble=False, rng=np.random.default_rng(seed))
        normal = ndtri(cube.random(number)) @ np.linalg.cholesky(self.together).T
        return np.asarray(self.centre[row] + normal * np.sqrt(self.variance[row] - chance))


def outlook(history: History) -> Outlook:
    """Say what is expected of the year after the last one of a history."""
    sizes = history.wide("in_post_fte")
    last = sizes.columns[-1]
    regions = history.frame["region"].groupby("authority").last().reindex(sizes.index).tolist()
    parts = {
        rate: take_apart(
            on_scale(rate, history.wide(MEASURES[rate]).to_numpy()), sizes.to_numpy(), regions,
            is_stock=rate in STOCKS,
        )
        for rate in RATES
    }  # fmt: skip
    parts[GROWTH] = growth_apart(history)
    found = [_foretold(kind, parts) for kind in KINDS]
    there = sizes[last].notna().to_numpy()
    return Outlook(
        authorities=tuple(sizes.index[there]),
        now=np.column_stack([_levels(part, part.now)[there] for part in parts.values()]),
        centre=np.column_stack([each.centre[there] for each in found]),
        variance=np.column_stack([each.variance[there] for each in found]),
        together=_together([each.errors for each in found]),
    )


class _Foretold(NamedTuple):
    """Next year's published value on a kind's scale, and past errors over what was expected."""

    centre: Values
    variance: Values
    errors: Values


def _foretold(kind: str, parts: dict[str, Underlying]) -> _Foretold:
    """Foretell a kind by its own past and by what pulls at it."""
    part = parts[kind]
    others = np.stack([parts[rate].now for rate in RATES if rate != kind], axis=-1)
    before = others[:, :-1]
    pull = pulls(before.reshape(-1, others.shape[-1]), part.errors.ravel())
    errors = (part.errors - before @ pull) / part.relative
    common = spread_of(errors) ** 2
    return _Foretold(
        _levels(part, part.ahead + others @ pull),
        (part.variance * common + part.shock) * part.unit**2,
        errors / np.sqrt(common),
    )


def _levels(part: Underlying, deviations: Values) -> Values:
    """The last year's deviations as levels on the kind's scale."""
    return np.asarray(part.here + part.unit * deviations[:, -1])


def growth_apart(history: History) -> Underlying:
    """Take growth of FTE in post apart: all grow as those who started and left made it grow so far.

    An authority's own growth says next to nothing of its next; all grow by the median of all years,
    in which each FTE counts once. What was published before and after is how far off that was.
    """
    in_post = history.wide("in_post_fte").to_numpy()
    starters = history.wide("starters_fte").to_numpy()
    leavers = history.wide("leavers_fte").to_numpy()
    before = in_post - starters + leavers
    flows = np.log(in_post / np.where(before > 0, before, np.nan))
    centre = _weighted_median(flows, in_post)
    grown = np.diff(np.log(in_post), axis=1) if in_post.shape[1] > 1 else flows
    weights = in_post[:, -grown.shape[1] :]
    levels = np.array([_weighted_median(*each) for each in zip(grown.T, weights.T, strict=True)])
    deviations = grown - levels
    size = np.nanmedian(in_post) / weights
    small = _share_of_small(deviations, size)
    relative = np.sqrt(1 - small + small * size)
    unit = spread_of(deviations / relative)
    none = np.zeros(in_post.shape)
    pairs = in_post.shape[1] - 1
    return Underlying(
        here=none[:, -1] + centre,
        unit=unit,
        now=none,
        ahead=none,
        errors=deviations[:, :pairs] / unit,
        variance=relative[:, -1] ** 2,
        relative=relative[:, :pairs],
        shock=(float(np.sum((levels - centre) ** 2)) / unit**2 + SHOCK_PRIOR) / (len(levels) + 1),
    )


def _share_of_small(deviations: Values, relative: Values) -> float:
    """Share of the variance that is smaller in a larger authority (Laplace likelihood)."""
    known = ~np.isnan(deviations) & ~np.isnan(relative)

    def badness(share: float) -> float:
        spread = np.sqrt(1 - share + share * relative[known])
        mean = np.mean(np.abs(deviations[known]) / spread) + 1e-12
        return float(known.sum() * np.log(mean) + np.sum(np.log(spread)))

    return float(minimize_scalar(badness, bounds=(0.0, 1.0), method="bounded").x)


def _weighted_median(values: Values, weights: Values) -> float:
    known = ~np.isnan(values) & ~np.isnan(weights)
    order = np.argsort(values[known], kind="stable")
    up_to = np.cumsum(weights[known][order])
    if not len(up_to):
        return 0.0
    return float(values[known][order][np.searchsorted(up_to, up_to[-1] / 2)])


def _together(errors: list[Values]) -> Values:
    """Correlations of past errors, drawn towards none the fewer there are."""
    stacked = np.column_stack([each.ravel() for each in errors])
    stacked = np.clip(stacked[~np.isnan(stacked).any(axis=1)], -3.0, 3.0)
    if len(stacked) < 2:
        return np.eye(len(errors))
    drawn = len(stacked) / (len(stacked) + TOGETHER_PRIOR)
    return np.asarray(drawn * np.corrcoef(stacked.T) + (1 - drawn) * np.eye(len(errors)))
