"""How the load lies on single workers: their weeks, counted by how much they carry.

A week of a worker is counted by their load (the work that their cases ask for, over the hours that
they have for cases) and again by their cases. Only the counts are kept, of all weeks that count
together: they tell how evenly the load lies, and nothing of any one person.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.columns import LEFT, PRESENT

Values = NDArray[Any]

if TYPE_CHECKING:
    from sim.model.world import World

LOADS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4)
"""Upper ends of the bands of load. What is exactly there is still in the band, as at the line."""
CASES = (5, 10, 15, 20, 25, 30, 40)
"""Upper ends of the bands of cases per full-time equivalent."""
NO_CASES, AWAY, AWAY_WITH_CASES = "no cases", "away, without cases", "away with cases"
LOAD, CASELOAD = "load", "caseload"
COLUMNS = ("status", "fte", "caseload", "workload", "capacity")
SUMS = ("worker_weeks", "fte", "cases", "workload", "capacity")
TOGETHER = 52  # weeks
ROUNDING = 1e-12  # as where the level of overload is judged


def _bands(ends: Sequence[int], unit: str) -> tuple[str, ...]:
    """Name the bands that end there, and the one above them."""
    between = (f"{low} to {high}{unit}" for low, high in itertools.pairwise(ends))
    return (f"up to {ends[0]}{unit}", *between, f"over {ends[-1]}{unit}")


BANDS = {
    LOAD: (NO_CASES, *_bands([round(100 * load) for load in LOADS], " %"), AWAY_WITH_CASES, AWAY),
    CASELOAD: (NO_CASES, *_bands(CASES, "")),
}
"""The bands of each measure, the lightest first."""


class WorkerLoads:
    """Counts the weeks of case-holding workers by the bands of `BANDS`."""

    def __init__(self) -> None:
        self.sums = {measure: np.zeros((len(SUMS), len(bands))) for measure, bands in BANDS.items()}
        self.people: dict[str, set[int]] = {measure: set() for measure in BANDS}
        self.weeks: list[tuple[NDArray[Any], ...]] = []  # not counted yet

    def keep(self, world: World) -> None:
        """Keep the week that ends today. Some weeks together are counted in little time."""
        workers = world.workers.table[: world.workers.n]
        holds = world.plan.roles["holds_cases"][workers["role"]] == 1
        rows = np.flatnonzero(holds & (workers["status"] != LEFT))
        self.weeks.append((rows, *(workers[name][rows] for name in COLUMNS)))
        if len(self.weeks) == TOGETHER:
            self._count()

    def table(self) -> pd.DataFrame:
        """The counts as a table: a row for each band of each measure, empty ones too."""
        self._count()
        frames = []
        for measure, bands in BANDS.items():
            seen = np.array(sorted(self.people[measure]), np.int64) % len(bands)
            people = np.bincount(seen, minlength=len(bands))
            sums = dict(zip(SUMS, self.sums[measure], strict=True))
            frames.append(
                pd.DataFrame({"measure": measure, "band": bands, "people": people, **sums})
            )
        return pd.concat(frames, ignore_index=True)

    def _count(self) -> None:
        if not self.weeks:
            return
        rows, status, *values = (np.concatenate(each) for each in zip(*self.weeks, strict=True))
        self.weeks.clear()
        for measure, band in ((LOAD, _by_load(status, *values)), (CASELOAD, _by_cases(*values))):
            bands = len(BANDS[measure])
            for total, value in zip(self.sums[measure], (np.ones(len(rows)), *values), strict=True):
                total += np.bincount(band, weights=value, minlength=bands)
            self.people[measure].update(np.unique(rows * bands + band).tolist())


def _by_load(status: Values, fte: Values, caseload: Values, work: Values, hours: Values) -> Values:
    """Number the band of each load."""
    names = BANDS[LOAD]
    band = np.where(caseload > 0, 1 + np.searchsorted(LOADS, work / hours / (1 + ROUNDING)), 0)
    away = np.where(work > 0, names.index(AWAY_WITH_CASES), names.index(AWAY))
    return np.where(status == PRESENT, band, away)


def _by_cases(fte: Values, caseload: Values, work: Values, hours: Values) -> Values:
    """Number the band of each caseload."""
    return np.where(caseload > 0, 1 + np.searchsorted(CASES, caseload / fte / (1 + ROUNDING)), 0)
