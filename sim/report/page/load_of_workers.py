"""How the load and the cases lie on single workers: their weeks, by how much they carry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.model.worker_loads import AWAY_WITH_CASES, BANDS, CASELOAD, CASES, LOAD, LOADS, NO_CASES
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Note, Picture, Table
from sim.report.page.cells import level, words
from sim.report.page.load_bands import bands_chart
from sim.report.page.load_chart import percent
from sim.report.page.material import FEWEST, Material, short_name
from sim.report.page.rows import places
from sim.study.registry import outcome_of

DRAWN = (0.6, 0.8, 1.0, 1.1, 1.2, 1.4, math.inf)
"""Upper ends of the bands of load that are drawn; those away with cases come after them."""
ALMOST = 1e-9


@dataclass(frozen=True)
class Band:
    """Some stored bands taken together: above `low`, up to `high`; away is beyond all of them."""

    low: float
    high: float
    stored: tuple[str, ...]
    away: bool = False

    def label(self, unit: str) -> str:
        """Write between what it lies."""
        if math.isinf(self.low):
            return AWAY_WITH_CASES
        if math.isinf(self.high):
            return f"over {self.low:g}{unit}{', or away' if self.away else ''}"
        return f"{self.low:g} to {self.high:g}{unit}" if self.low else f"up to {self.high:g}{unit}"

    def joined(self, other: Band) -> Band:
        """Take the next heavier band into it."""
        return Band(self.low, other.high, self.stored + other.stored, self.away or other.away)


def load_of_workers(material: Material) -> list[Block]:
    """Compose the pictures; or say why there are none."""
    if not material.has("worker_loads"):
        return [Note("How the load lies on single workers was not kept with these results.")]
    counts = material.ask(
        "SELECT policy, measure, band, avg(people) AS people, sum(worker_weeks) AS weeks "
        "FROM worker_loads GROUP BY ALL"
    )
    return [
        each
        for each in (_loads(material, counts), _caseloads(material, counts))
        if each is not None
    ] or [Note(f"Fewer than {FEWEST} workers hold cases: they are not shown.")]


def _loads(material: Material, counts: pd.DataFrame) -> Picture | None:
    stored = [NO_CASES, *BANDS[LOAD][1 : len(LOADS) + 2]]
    ends = [0.0, *LOADS, math.inf]
    away = Band(math.inf, math.inf, (AWAY_WITH_CASES,), away=True)
    bands = [*(_in_per_cent(each) for each in _together(stored, ends, DRAWN)), away]
    line = material.study.scenario.wellbeing.overload.level
    return _picture(
        material, counts[counts["measure"] == LOAD], bands, " %", 100 * _end(line, LOADS),
        "load", "Load of single workers",
    )  # fmt: skip


def _caseloads(material: Material, counts: pd.DataFrame) -> Picture | None:
    ends = [*map(float, CASES), math.inf]
    bands = _together(BANDS[CASELOAD][1:], ends, ends)
    line = outcome_of("caseload_per_fte", material.study.scenario).threshold or 0.0
    return _picture(
        material, counts[counts["measure"] == CASELOAD], bands, "", _end(line, CASES),
        "caseload", "Cases of single workers who hold any, as if all worked full time",
    )  # fmt: skip


def _end(line: float, ends: Sequence[float]) -> float:
    """The end of a band at a line, or the next above it."""
    return next((end for end in ends if end >= line - ALMOST), ends[-1])


def _together(stored: Sequence[str], ends: Sequence[float], drawn: Sequence[float]) -> list[Band]:
    """Take stored bands together, up to each end that is drawn."""
    found, low = [], 0.0
    for high in drawn:
        inside = tuple(
            name
            for name, end in zip(stored, ends, strict=True)
            if end <= high and (end > low or low == 0)
        )
        found.append(Band(low, high, inside))
        low = high
    return found


def _in_per_cent(band: Band) -> Band:
    return Band(round(100 * band.low, 6), round(100 * band.high, 6), band.stored, band.away)


def without_few(bands: Sequence[Band], people: pd.DataFrame, fewest: int) -> list[Band]:
    """Join bands in which there are too few people with their lighter neighbours.

    Parameters
    ----------
    bands
        The lightest first.
    people
        A row for each policy, a column for each stored band: how many different people were in it.
    fewest
        As many people as have to be in a band, under each policy; a band of nobody may stay.
    """
    found = list(bands)
    for place in range(len(found) - 1, -1, -1):
        # In bands together there are at least as many people as in the fullest of them.
        at_least = people[list(found[place].stored)].max(axis=1)
        if ((at_least > 0) & (at_least < fewest)).any() and len(found) > 1:
            first = max(place - 1, 0)
            found[first : first + 2] = [found[first].joined(found[first + 1])]
    return found


def _picture(
    material: Material, counts: pd.DataFrame, bands: list[Band], unit: str, line: float,
    name: str, title: str,
) -> Picture | None:  # fmt: skip
    people = counts.pivot(index="policy", columns="band", values="people")
    if not material.small_counts:
        if people.sum(axis=1).min() < FEWEST:
            return None
        bands = without_few(bands, people, FEWEST)
        if len(bands) < 2:
            return None
    weeks = counts.pivot(index="policy", columns="band", values="weeks")
    sums = pd.DataFrame({each.label(unit): weeks[list(each.stored)].sum(axis=1) for each in bands})
    if not sums.sum(axis=1).all():
        return None
    shares = sums.div(sums.sum(axis=1), axis=0)
    policies = {
        each.name: "As it is now" if each is material.baseline else short_name(each)
        for each in material.study.policies
    }
    below = sum(each.high <= line + ALMOST and not each.away for each in bands)
    by_policy = dict(zip(shares.index, shares.to_numpy().tolist(), strict=True))
    rows: dict[str, list[float]] = {label: by_policy[name] for name, label in policies.items()}
    over = {label: sum(row[below:]) for label, row in rows.items()}
    now = next(iter(rows))
    labels = list(sums.columns)
    most = labels[max(range(len(labels)), key=rows[now].__getitem__)]
    description = (
        f"As the service is now, {most} is the most frequent ({percent(max(rows[now]))} of their "
        f"weeks); in {percent(over[now])} of them it is above {line:g}{unit}"
        + (", or somebody is away and has cases." if any(each.away for each in bands) else ".")
    )
    table = Table(
        f"{name} of workers",
        f"{title}: shares of their weeks",
        (Column("Policy"), *(Column(each, "share of worker-weeks") for each in labels),
         Column(f"above {line:g}{unit}", "share of worker-weeks")),
        tuple((words(label), *(level(v, "share", 1) for v in row), level(over[label], "share", 1))
              for label, row in rows.items()),
    )  # fmt: skip
    at = places([""] * len(rows))
    return picture(
        f"fairness-of-{name}",
        f"{title}: shares of their weeks in per cent, and at the right of each bar the share above "
        f"{line:g}{unit}",
        description,
        lambda width: bands_chart(
            rows, labels, below, [percent(share) for share in over.values()], at, width
        ),
        table,
    )
