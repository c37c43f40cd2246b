"""How each outcome is made from a run's sums: the registry names these.

A formula gives nothing where its outcome does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model import tallies as t
from sim.model.columns import OPEN, WAITING
from sim.model.first_contact import wait_within, waits_to_first_contact
from sim.model.plan_columns import WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.world import World


class Sums:
    """The sums of a run's counted weeks, and what else outcomes are made from."""

    def __init__(self, world: World) -> None:
        self.by_team = world.record.counted(world)
        self.total: NDArray[np.float64] = self.by_team.sum(axis=0)
        self.world = world
        # Weeks count whole: the one with the start date does from its Monday on.
        weeks = world.record.weeks
        self.weeks = sum(day >= world.first_day_counted for day in weeks)
        begins = max((day + 1 for day in weeks if day < world.first_day_counted), default=0)
        self.days = weeks[-1] + 1 - begins if self.weeks else 0
        self.years = self.days / WORKING_DAYS_A_YEAR

    def __getitem__(self, column: int) -> float:
        return float(self.total[column])

    def ratio(self, above: float, below: float) -> float | None:
        """A quotient, or nothing where there is nothing to divide by."""
        return above / below if below > 0 else None


Formula = Callable[[Sums], float | None]


def share(above: int, below: int) -> Formula:
    """One sum over another."""
    return lambda s: s.ratio(s[above], s[below])


def a_year(column: int) -> Formula:
    """A sum over the years counted."""
    return lambda s: s.ratio(s[column], s.years)


def mean_a_day(column: int) -> Formula:
    """A sum of days over the days counted."""
    return lambda s: s.ratio(s[column], s.days)


def wait_quantile(share: float, high_risk: bool | None = None) -> Formula:
    """Working days by which a share of all allocations, or of high or other risk, were made."""

    def formula(s: Sums) -> float | None:
        waits = s.world.waits
        if high_risk is not None:
            waits = waits[s.world.plan.tiers["high_risk"] == int(high_risk)]
        counts = waits.sum(axis=0)
        if counts.sum() == 0:
            return None
        return float(np.searchsorted(np.cumsum(counts), share * counts.sum() - 1e-9))

    return formula


def first_contact(share: float) -> Formula:
    """Working days by which a share of those first seen were seen."""
    return lambda s: wait_within(waits_to_first_contact(s.world), share)


def caseload_p90(s: Sums) -> float | None:
    """What nine in ten case-holding FTE are at or below, in cases per FTE."""
    cells = s.world.caseloads
    if cells.sum() <= 0:
        return None
    return float(np.searchsorted(np.cumsum(cells), 0.9 * cells.sum() - 1e-9))


def peak_unallocated(s: Sums) -> float | None:
    """The most cases that waited, as the mean of a week."""
    record = s.world.record
    days = np.diff(np.array([-1, *record.weeks]))
    peaks = [
        tally[:, t.WAITING_CASE_DAYS].sum() / days_of_week
        for day, days_of_week, tally in zip(record.weeks, days, record.tallies, strict=True)
        if day >= s.world.first_day_counted
    ]
    return float(max(peaks)) if peaks else None


def per_case(column: int) -> Formula:
    """A sum over the closed cases that anyone held."""
    return lambda s: s.ratio(s[column], s[t.CLOSED_CASES_HELD])


def share_of_hours(column: int) -> Formula:
    """Hours of a kind over all hours worked."""
    return lambda s: s.ratio(s[column], s[t.CONTRACTED_HOURS] + s[t.OVERTIME_HOURS])


def turnover(s: Sums) -> float | None:
    """Leavers' FTE a year over FTE in post."""
    return s.ratio(s[t.LEAVERS_FTE] * WORKING_DAYS_A_YEAR, s[t.IN_POST_FTE_DAYS])


def agency_rate(s: Sums) -> float | None:
    """FTE of agency over all FTE at work."""
    return s.ratio(s[t.AGENCY_FTE_DAYS], s[t.IN_POST_FTE_DAYS] + s[t.AGENCY_FTE_DAYS])


def total_cost(s: Sums) -> float | None:
    """Pounds a year."""
    return s.ratio(
        s[t.COST_PERMANENT]
        + s[t.COST_AGENCY]
        + s[t.COST_RECRUITMENT]
        + s[t.COST_SUPPORT]
        + s[t.COST_POLICY],
        s.years,
    )


def cost_per_closed_case(s: Sums) -> float | None:
    """Pounds."""
    cost = total_cost(s)
    return None if cost is None else s.ratio(cost * s.years, s[t.CLOSURES])


def workload_ratio(s: Sums) -> float | None:
    """Hours asked over hours there are, mean over worker-weeks."""
    return s.ratio(s[t.WORKLOAD_RATIO], s[t.WORKLOAD_RATIO_WEEKS])


def hours_a_week(s: Sums) -> float | None:
    """Hours worked in a week by one FTE at work."""
    per_day = s.ratio(s[t.CONTRACTED_HOURS] + s[t.OVERTIME_HOURS], s[t.WORKED_FTE_DAYS])
    return None if per_day is None else WORKING_DAYS_A_WEEK * per_day


def overtime_a_week(s: Sums) -> float | None:
    """Hours beyond contract in a week by one FTE at work."""
    per_day = s.ratio(s[t.OVERTIME_HOURS], s[t.WORKED_FTE_DAYS])
    return None if per_day is None else WORKING_DAYS_A_WEEK * per_day


def turnover_of_newly_qualified(s: Sums) -> float | None:
    """Newly qualified leavers' FTE a year over their FTE."""
    return s.ratio(
        s[t.NEWLY_QUALIFIED_LEAVERS_FTE] * WORKING_DAYS_A_YEAR, s[t.NEWLY_QUALIFIED_FTE_DAYS]
    )


def open_at_end(s: Sums) -> float | None:
    """Cases open on the last evening."""
    return float(s.world.cases.counts[OPEN])


def waiting_at_end(s: Sums) -> float | None:
    """Cases that wait for a worker on the last evening."""
    return float((s.world.cases["status"] == WAITING).sum())


def absence(column: int) -> Formula:
    """FTE-days away over FTE-days in post."""
    return lambda s: s.ratio(s[column], s[t.IN_POST_FTE_DAYS])
