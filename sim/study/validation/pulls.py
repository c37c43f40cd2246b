"""How the measures pull at each other: agency comes where caseloads are high, posts get filled.

What underlies the other measures in one year says a little of how far a measure will be from what
its own past foretells for the next. That is learnt in all authorities and years together by median
regression, drawn towards no pull at all: in short series each measure's own past says most.

Koenker and Bassett, Regression quantiles, Econometrica 46 (1978) 33-50; the prior of Litterman,
Forecasting with Bayesian vector autoregressions, Journal of Business & Economic Statistics 4 (1986)
25-38.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Values = NDArray[np.float64]

PULL_PRIOR = 0.07  # standard deviation of a pull before anything is known; chosen on 2018 to 2021
ROUNDED = 0.1  # of the median error: so far an absolute error is rounded off, to have a slope


def pulls(others: Values, errors: Values) -> Values:
    """Estimate how the states of other measures went with the errors of one a year later.

    Parameters
    ----------
    others
        (cases, other measures): underlying deviations in units of their spread.
    errors
        (cases,): by how far the measure was from what its past foretold; NaN cases don't count.

    Returns
    -------
    array (other measures,)
        The pull of each, by one unit of it. The mode under Laplace errors and a normal prior.
    """
    known = ~np.isnan(errors) & ~np.isnan(others).any(axis=1)
    states, wrong = others[known], errors[known]
    none = np.zeros(others.shape[1])
    if not len(wrong):
        return none
    size = float(np.median(np.abs(wrong))) or 1.0

    def badness(pull: Values) -> tuple[float, Values]:
        left = (wrong - states @ pull) / size
        rounded = np.sqrt(left**2 + ROUNDED**2)
        unexpected = np.sum((pull / PULL_PRIOR) ** 2) / 2
        slope = -states.T @ (left / rounded) / size + pull / PULL_PRIOR**2
        return float(rounded.sum() + unexpected), slope

    return np.asarray(minimize(badness, none, jac=True, method="L-BFGS-B").x)
