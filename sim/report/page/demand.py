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
from sim.report.page.periods import band_in_words, dates, over_time, step_of
from sim.report.week_words import long_date
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
    said = f"On average {mean} cases come each week, those that come back included."
    of_weeks = "each week" if step == 1 else f"a week, in steps of {step} weeks"
    drawn = picture(
        "demand-fan",
        f"Cases that come {of_weeks}: the mean, and {band_in_words(futures)}",
        said + _spread(table, futures),
        lambda width: fan(table, UNIT, width),
        _numbers(table, futures, step),
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


def _spread(table: pd.DataFrame, futures: int) -> str:
    """Say between what the band lies where it is lowest and where it is highest."""
    if futures == 1:
        return ""
    low, high = (amount(value, UNIT, 0) for value in (table["low"].min(), table["high"].max()))
    return (
        f" Where {band_in_words(futures)} is lowest it begins at {low} a week, and where it is "
        f"highest it ends at {high}."
    )


def _numbers(table: pd.DataFrame, futures: int, step: int) -> Table:
    """The picture in numbers, step by step."""
    rows = tuple(
        (
            words(long_date(pd.Timestamp(str(row["date"])).date())),
            *(level(float(row[name]), UNIT, 1) for name in ("mean", "low", "high")),
        )
        for row in table.to_dict("records")
    )
    band = band_in_words(futures)
    weeks = "The week" if step == 1 else f"The {step} weeks"
    columns = (
        Column(f"{weeks} around"),
        Column("mean", "cases a week, mean of the simulated futures"),
        Column("band from", f"cases a week: {band}"),
        Column("band to", "the upper end of it"),
    )
    return Table("demand", f"Cases that come each week: the mean, and {band}", columns, rows)
