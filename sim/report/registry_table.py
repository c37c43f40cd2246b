"""All outcomes, as a table: what `plimsoll outcomes` prints."""

from __future__ import annotations

from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.model.outcomes import OUTCOMES

BETTER = {"higher": "higher is better", "lower": "lower is better", "neither": ""}


def registry_table() -> RenderableType:
    """Compose the table of all outcomes, by group."""
    ordered = sorted(OUTCOMES.values(), key=lambda each: _groups().index(each.group))
    parts: list[RenderableType] = []
    for group, outcomes in groupby(ordered, key=lambda each: each.group):
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, show_lines=False)
        table.add_column("key", no_wrap=True)
        table.add_column("what it is")
        table.add_column("unit", max_width=14)
        table.add_column("", width=16)
        for outcome in outcomes:
            what = Text.assemble((outcome.label, "bold"), f". {outcome.definition}")
            if outcome.threshold is not None:
                what.append(f" Threshold: {outcome.threshold:g} ({outcome.threshold_source}).")
            table.add_row(outcome.key, what, outcome.unit, BETTER[outcome.direction])
        parts += [Text(f"\n{group.capitalize()}", style="bold"), table]
    return Group(*parts)


def _groups() -> list[str]:
    return list(dict.fromkeys(outcome.group for outcome in OUTCOMES.values()))
