"""Caseload and waiting over time, under each policy."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.numbers import amount, decimals, decimals_of_range
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Cell, Column, Picture, Section, Table, Text
from sim.report.page.cells import level, words
from sim.report.page.lines import fan, panels
from sim.report.page.material import Material, short_name
from sim.report.page.missing import no_team_weeks
from sim.report.page.periods import (
    at_the_end,
    band_in_words,
    dates,
    over_time,
    quarters,
    step_of,
)
from sim.study.comparing import mean_interval

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
    labels = {policy.name: short_name(policy) for policy in material.others}
    ends = at_the_end(material.by_run, above, below, step)
    said += clearly_other(ends, labels, material.baseline.name, unit)
    return picture(
        f"{name}-over-time", title, said, lambda width: panels(tables, now, width), numbers
    )


def clearly_other(ends: pd.DataFrame, labels: dict[str, str], now: str, unit: str) -> str:
    """Name the policies that end farthest below and above today's service, if clearly so."""
    found = {name: mean_interval((ends[name] - ends[now]).to_numpy()) for name in labels}
    below = {name: each.mean for name, each in found.items() if each.high < 0}
    above = {name: each.mean for name, each in found.items() if each.low > 0}
    said = []
    for word, name in (
        ("below", min(below, key=below.__getitem__, default="")),
        ("above", max(above, key=above.__getitem__, default="")),
    ):
        if name:
            each = found[name]
            places = decimals_of_range(each.low, each.high, each.mean, unit) - 1
            said.append(
                f" Farthest {word} that: {labels[name]}, by {amount(abs(each.mean), unit, places)}."
            )
    return "".join(said) or " No policy ends clearly above or below that."


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
