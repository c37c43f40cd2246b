"""Caseload and waiting over time, under each policy."""

from __future__ import annotations

import math

from sim.report.numbers import amount, decimals
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Cell, Column, Picture, Section, Table, Text
from sim.report.page.cells import level, words
from sim.report.page.lines import fan, panels
from sim.report.page.material import Material, short_name
from sim.report.page.missing import no_team_weeks
from sim.report.page.periods import band_in_words, dates, over_time, quarters, step_of

SERIES = {
    "caseload": ("Cases held by a full-time worker who holds any", "held", "holders", "cases"),
    "waiting": ("Cases waiting for a worker, on a mean day", "waiting", "days", "cases"),
}


def caseload_and_waiting(material: Material) -> Section:
    """Compose the section."""
    return Section("over-time", "Caseload and waiting over time", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    if not material.has("team_weeks"):
        return [no_team_weeks()]
    band = band_in_words(material.study.replications)
    legend = f"The line is the mean, around it {band}. The axis of caseloads does not begin at 0."
    if material.others:
        legend += " The broken line is the service as it is now."
    found: list[Block] = [Text(legend)]
    for name, (title, above, below, unit) in SERIES.items():
        found.append(_picture(material, name, title, above, below, unit))
    return found


def _picture(
    material: Material, name: str, title: str, above: str, below: str, unit: str
) -> Picture:
    weeks = material.weeks
    step = step_of(len(weeks))
    series = over_time(material.by_run, above, below, step)
    tables = {}
    for policy in material.study.policies:
        each = series.loc[policy.name]
        label = "As it is now" if policy is material.baseline else short_name(policy)
        tables[label] = each.assign(date=dates(weeks, each.index, step))
    now, *_ = tables.values()
    numbers = _by_quarter(material, name, title, above, below, unit)
    first, last = (_value(float(now["mean"].iloc[place]), unit) for place in (0, -1))
    said = f"As the service is now: {first} at first, {last} at the end."
    if len(tables) == 1:
        return picture(f"{name}-over-time", title, said, lambda w: fan(now, unit, w), numbers)
    ends = {label: float(table["mean"].iloc[-1]) for label, table in tables.items()}
    least, most = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
    said += f" Least at the end: {least}, {_value(ends[least], unit)}."
    said += f" Most: {most}, {_value(ends[most], unit)}."
    return picture(
        f"{name}-over-time", title, said, lambda width: panels(tables, now, width), numbers
    )


def _value(value: float, unit: str) -> str:
    return amount(value, unit, min(decimals(0, value, unit), 1))


def _by_quarter(
    material: Material, name: str, title: str, above: str, below: str, unit: str
) -> Table:
    sums = material.by_run
    named = sums.assign(quarter=sums["week"].map(quarters(material.weeks)))
    added = named.groupby(["policy", "quarter"], sort=False)[[above, below]].sum()
    values = added[above] / added[below].where(added[below] > 0)
    labels = list(dict.fromkeys(named["quarter"]))
    rows = tuple(
        (
            words("As it is now" if policy is material.baseline else short_name(policy)),
            *(_cell(float(values.loc[policy.name, label]), unit) for label in labels),
        )
        for policy in material.study.policies
    )
    columns = (Column("Policy"), *(Column(label, title) for label in labels))
    return Table(f"{name} over time", title, columns, rows)


def _cell(value: float, unit: str) -> Cell:
    return level(value, unit, 0 if math.isnan(value) else min(decimals(0, value, unit), 1))
