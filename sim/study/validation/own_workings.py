"""What the simulated service does by its own workings in a year, whatever the year brings.

Found by running an authority of middling size at some caseloads, so that it stays right when the
model is changed: how tired people are, what becomes of the number of cases under more or less
demand, how many of those who may hold cases do, and how far apart chance alone drives runs of the
same year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CASELOADS = (12.0, 16.0, 20.0)
DEMANDS = (0.7, 1.0, 1.3)  # times demand as it is


@dataclass(frozen=True)
class OwnWorkings:
    """What the service's own workings do in a year.

    Attributes
    ----------
    exhaustions
        Mean exhaustion at each of `CASELOADS`.
    cases
        Cases at the end over those at the start: at each of `CASELOADS`, under each of `DEMANDS`.
    holding
        Of the FTE that may hold cases, the share that does.
    chance
        Variance of what chance alone does in an authority with one FTE in post, on each kind's
        scale and in their order (`sim.study.validation.outlook.KINDS`).
    """

    exhaustions: tuple[float, ...]
    cases: tuple[tuple[float, ...], ...]
    holding: float
    chance: tuple[float, ...]

    def exhaustion(self, caseload: float) -> float:
        """Mean exhaustion at a caseload."""
        return float(np.interp(caseload, CASELOADS, self.exhaustions))

    def demand_for(self, cases: float, caseload: float) -> float:
        """Times which demand the number of cases at the end is so many times that at the start.

        Beyond what was tried, the number goes on as between the nearest two.
        """
        by_demand = zip(*self.cases, strict=True)
        found = [float(np.interp(caseload, CASELOADS, column)) for column in by_demand]
        beyond = 0 if cases < found[1] else 1
        slope = (found[beyond + 1] - found[beyond]) / (DEMANDS[beyond + 1] - DEMANDS[beyond])
        return DEMANDS[1] + (cases - found[1]) / slope
