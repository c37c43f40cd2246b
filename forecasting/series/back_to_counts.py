"""From forecast roots back to counts, with the mean of the counts kept where it is.

The square of an uncertain root is the larger in the mean the less certain it is, and a count
can't go below none. Left alone, the mean of a forecast therefore drifts up with distance, most for
few a month, though nothing says that there will be more. Not knowing where the level goes is
as much a reason for fewer as for more: it widens the range and leaves the mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


def mean_count(roots: Array, scale: Array, tails: float) -> Array:
    """Return the mean of counts whose root is t distributed, and none where that is below 0.

    In closed form, from the moments of a t distribution cut off below.

    Parameters
    ----------
    roots, scale
        Middle and scale (above 0) of the root.
    tails
        Degrees of freedom, more than 2.
    """
    cut = -roots / scale
    above = stats.t.sf(cut, tails)
    first = stats.t.pdf(cut, tails) * (tails + cut**2) / (tails - 1)
    thinner = stats.t.sf(cut * np.sqrt((tails - 2) / tails), tails - 2)
    second = tails * (tails - 1) / (tails - 2) * thinner - tails * above
    found: Array = roots**2 * above + 2 * roots * scale * first + scale**2 * second
    return found


def keeping_mean(roots: Array, scale: Array, tails: float) -> Array:
    """Return by what counts are multiplied so that distance leaves their mean: 1 or less.

    Their mean in each month is then that of the root expected of the month, with the
    uncertainty of the first month: chance is in it, and what becomes of the level is not.

    Parameters
    ----------
    roots, scale
        Middle and scale of the root, 1, 2, ... months ahead.
    tails
        Degrees of freedom, more than 2.
    """
    if not scale[0] > 0:
        return np.ones_like(scale)
    near = mean_count(np.maximum(roots, 0.0), np.broadcast_to(scale[0], roots.shape), tails)
    far = mean_count(roots, scale, tails)
    found: Array = np.minimum(np.divide(near, far, out=np.ones_like(far), where=far > 0), 1.0)
    return found
