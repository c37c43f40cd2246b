"""Demand: how many cases come, and how far the simulated futures differ."""

from __future__ import annotations

import pandas as pd

from sim.report.numbers import amount, decimals
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Section, Table, Text
from sim.report.page.cells import level, words
from sim.report.page.lines import fan
from sim.report.page.material import Material
from sim.report.page.missing import no_team_weeks
from sim.report.page.periods import band_in_words, dates, over_time, quarters, step_of
from sim.study.comparing import mean_interval

UNIT = "cases a week"


def demand(material: Material) -> Section:
    """Compose the section."""
    return Section("demand", "What comes through the door", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    if not material.has("team_weeks"):
        return [no_team_weeks()]
    weeks, sums = material.weeks, material.by_run
    sums = sums[sums["policy"] == material.baseline.name]
    step = step_of(len(weeks))
    table = over_time(sums, "arrivals", "weeks", step).loc[material.baseline.name]
    table = table.assign(date=dates(weeks, table.index, step))
    by_future = sums.groupby("replication")[["arrivals", "weeks"]].sum()
    found = mean_interval((by_future["arrivals"] / by_future["weeks"]).to_numpy())
    places = decimals((found.high - found.low) / 2, found.mean, UNIT)
    mean = amount(found.mean, UNIT, places)
    futures = material.study.replications
    low, high = (amount(float(sums["arrivals"].quantile(share)), UNIT, 0) for share in (0.1, 0.9))
    said = f"On average {mean} cases come each week, those that come back included."
    spread = f" In four weeks of five it is between {low} and {high}."
    of_weeks = "each week" if step == 1 else f"a week, in steps of {step} weeks"
    drawn = picture(
        "demand-fan",
        f"Cases that come {of_weeks}: the mean, and {band_in_words(futures)}",
        said + spread,
        lambda width: fan(table, UNIT, width),
        _by_quarter(sums, material),
    )
    return [Text(said + _source(material)), drawn]


def _source(material: Material) -> str:
    if material.study.forecast is not None:
        return (
            " Demand follows a forecast: each simulated future takes one of its paths, so that "
            "not knowing what will come is part of every range in this report."
        )
    return (
        " The mean and its season are those of the scenario; from week to week as many come as "
        "chance has it. Whether demand will rise or fall is not part of this study."
    )


def _by_quarter(sums: pd.DataFrame, material: Material) -> Table:
    named = sums.assign(quarter=sums["week"].map(quarters(material.weeks)))
    added = named.groupby(["quarter", "replication"], sort=False)[["arrivals", "weeks"]].sum()
    values = added["arrivals"] / added["weeks"]
    rows = tuple(
        (
            words(str(quarter)),
            *(level(number, UNIT, 1) for number in (each.mean(), each.min(), each.max())),
        )
        for quarter, each in values.groupby("quarter", sort=False)
    )
    columns = (
        Column("Time"),
        Column("mean", "cases a week, mean of the simulated futures"),
        Column("lowest", "of all simulated futures"),
        Column("highest", "of all simulated futures"),
    )
    return Table("demand", "Cases that come each week", columns, rows)
