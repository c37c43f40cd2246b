"""How evenly the load lies on people: between teams, within them, and on single workers."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Heading, Picture, Section, Table, Text
from sim.report.page.cells import level, words
from sim.report.page.load_chart import Span, load_chart, percent
from sim.report.page.load_of_workers import load_of_workers
from sim.report.page.material import Material
from sim.report.page.missing import no_team_weeks
from sim.report.page.rows import places
from sim.report.page.teams import shown_teams, sums_of


def fairness(material: Material) -> Section:
    """Compose the section."""
    return Section("fairness", "How evenly the load lies", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    found: list[Block] = [
        Text(
            "Load is the work that a worker's cases ask for, against the hours that the worker has "
            "for cases: at 100 % the two are equal. Of teams, who is away is left out."
        ),
        Heading("Between teams and within them"),
    ]
    if material.has("team_weeks"):
        rows, notes = shown_teams(material)
        found += [_of_teams(material), *notes] if rows else notes
    else:
        found.append(no_team_weeks())
    found.append(Heading("Over single workers"))
    return [*found, *load_of_workers(material)]


def _of_teams(material: Material) -> Picture:
    rows, _ = shown_teams(material)
    loads = {
        label: _of_team(table[material.baseline.name].sum())
        for label, table in sums_of(rows, material.of_baseline).items()
    }
    line = material.study.scenario.wellbeing.overload.level
    means = {label: span.middle for label, span in loads.items()}
    most, least = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    over = sum(mean > line for mean in means.values())
    description = (
        f"The mean load goes from {percent(means[least])} ({least}) to {percent(means[most])} "
        f"({most}). {over or 'None'} of {len(means)} {'is' if over == 1 else 'are'} above the load "
        f"line of {percent(line)}."
    )
    table = Table(
        "load of teams",
        "Load of each team's workers, as the service is now",
        (
            Column("Team"),
            Column("mean load", "workload against hours for cases, of those not away"),
            Column("two thirds from", "mean less one standard deviation within the team"),
            Column("two thirds to", "mean and one standard deviation within the team"),
        ),
        tuple(
            (words(label), *(level(v, "share", 0) for v in (span.middle, span.low, span.high)))
            for label, span in loads.items()
        ),
    )
    return picture(
        "fairness-of-teams",
        "Mean load of each team, as the service is now; the bar spans about two thirds of its "
        "workers",
        description,
        lambda width: load_chart(loads, places([row.kind for row in rows]), line, width),
        table,
    )


def _of_team(sums: pd.Series) -> Span:
    mean = _ratio(sums["load"], sums["load_workers"])
    spread = _ratio(sums["variation"], sums["fair_weeks"])
    return Span(mean, max(mean * (1 - spread), 0.0), mean * (1 + spread))


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else math.nan
