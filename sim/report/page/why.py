"""Why: where the load changes; what a policy does by itself, and what the loop makes of it."""

from __future__ import annotations

import itertools

import pandas as pd

from sim.report.explanation import LABELS, Explained, sentence
from sim.report.numbers import is_fraction
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Heading, Picture, Section, Table, Text
from sim.report.page.cells import difference, words
from sim.report.page.material import Material, short_name
from sim.report.page.where_load_changes import where_load_changes
from sim.report.page.why_chart import waterfall_rows
from sim.report.waterfall import steps
from sim.scenario.policy import Policy
from sim.study.comparing import Interval
from sim.study.explaining.difference import CHANGE, PARTS
from sim.study.registry import outcome_of
from sim.study.storing.folder import WHY

THEMES = ("Safety", "Wellbeing")


def why(material: Material) -> Section:
    """Compose the section."""
    return Section("why", "Why", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    if not material.others:
        return [Text("There is no policy to explain.")]
    found, number = where_load_changes(material), itertools.count(1)
    looped: list[Block] = []
    for policy in material.others:
        explained = stored_explanation(material, policy)
        if explained:
            looped.append(Heading(f"The loop of overload: {short_name(policy)}"))
            looped += [_picture(each, policy, next(number)) for each in explained]
    if looped:
        found.append(
            Text(
                "Overload wears people down; worn-down people work more slowly, fall ill and "
                "leave; those who stay carry more. A policy has its own effect, and what this loop "
                "makes of it."
            )
        )
    return found + looped


def stored_explanation(material: Material, policy: Policy) -> list[Explained]:
    """What `plimsoll explain` left for a policy: of what speaks for safety and for wellbeing."""
    file = material.results.folder / f"{WHY}{policy.name}" / "parts.csv"
    if not file.is_file():
        return []
    wanted = [material.speaks_for(theme) for theme in THEMES]
    table = pd.read_csv(file)
    found = []
    for outcome in wanted:
        if outcome is None:
            continue
        rows = table[table["outcome"] == outcome.key].to_dict("records")
        parts = {
            str(row["part"]): Interval(float(row["mean"]), float(row["low"]), float(row["high"]))
            for row in rows
        }
        if parts and parts[CHANGE].mean != 0:
            found.append(Explained(outcome_of(outcome.key, material.study.scenario), parts))
    return found


def _picture(each: Explained, policy: Policy, number: int) -> Picture:
    label = each.outcome.label
    rows = tuple(
        (
            words(LABELS[part]),
            *(
                difference(value, each.unit, each.places)
                for value in (each.parts[part].mean, each.parts[part].low, each.parts[part].high)
            ),
        )
        for part in (*PARTS, CHANGE)
    )
    columns = (
        Column("Part"), Column("change", "mean over pairs of runs"),
        Column("from", "lower end of the 95 % range"), Column("to", "upper end of it"),
    )  # fmt: skip
    table = Table(
        f"why {number}",
        f"{label}: what “{short_name(policy)}” changes, and by which way",
        columns,
        rows,
    )
    bars = steps(each, short_name(policy), "As it is now")
    bars["step"] = bars["step"].str.replace("|", " ")
    title = "per cent" if is_fraction(each.unit) else each.outcome.unit
    return picture(
        f"why-{policy.name}-{each.outcome.key}".replace("_", "-"),
        f"{label}: from the service as it is now to “{short_name(policy)}”",
        sentence(each),
        lambda width: waterfall_rows(bars, title, width),
        table,
    )
