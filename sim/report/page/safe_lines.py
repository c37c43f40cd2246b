"""The service as it is now, against the lines of safe practice."""

from __future__ import annotations

import math

from sim.report.changes import unit
from sim.report.numbers import decimals
from sim.report.page.blocks import Column, Table
from sim.report.page.cells import level, words
from sim.report.page.material import Material
from sim.report.safe_line import has_safe_line, keeps, safe_line
from sim.study.registry import outcome_of


def safe_lines(material: Material) -> Table:
    """A row for each headline outcome that has a line; of no outcome if none may be shown."""
    rows = []
    for key in material.study.outcomes:
        outcome = outcome_of(key, material.study.scenario)
        found = material.level(material.baseline.name, key)
        if not has_safe_line(outcome) or material.is_hidden(outcome) or math.isnan(found.mean):
            continue
        places = decimals((found.high - found.low) / 2, found.mean, unit(outcome))
        rows.append(
            (
                words(outcome.label),
                level(found.mean, unit(outcome), places),
                words(safe_line(outcome)),
                words("kept" if keeps(outcome, found.mean) else "not kept"),
                words(outcome.threshold_source),
            )
        )
    columns = (
        Column("Outcome"),
        Column("now", "mean of the simulated futures, the service as it is", "unit"),
        Column("safe line"),
        Column("kept?"),
        Column("who says so"),
    )
    return Table("safe lines", "The service now, against safe practice", columns, tuple(rows))
