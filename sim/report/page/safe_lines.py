"""The service as it is now, against the lines of safe practice."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from sim.model.outcome import Outcome
from sim.report.changes import unit
from sim.report.numbers import decimals
from sim.report.page.blocks import Column, Table
from sim.report.page.cells import level, words
from sim.report.page.material import Material
from sim.report.safe_line import (
    Keeping,
    beyond,
    has_safe_line,
    keeping,
    miss_in_words,
    places_beside_line,
    safe_line,
)
from sim.study.registry import outcome_of


@dataclass(frozen=True)
class _Beside:
    """An outcome as it is now, beside its line, and with how many decimals it is written."""

    outcome: Outcome
    value: float
    places: int

    @property
    def keeping(self) -> Keeping:
        return keeping(self.outcome, self.value)

    @property
    def miss(self) -> str:
        return miss_in_words(self.outcome, self.value, self.places)


def lines_in_words(material: Material) -> str:
    """Say how many lines are kept, nearly kept and missed, and which is missed by most."""
    beside = _beside_lines(material)
    missed = [each for each in beside if each.keeping != "kept"]
    if not missed:
        lines = "its one safe line is" if len(beside) == 1 else f"all {len(beside)} safe lines are"
        return f"{lines} kept" if beside else ""
    most = max(missed, key=_share_of_line)
    farthest = f"“{most.outcome.label}”, {most.miss}"
    told = Counter(each.keeping for each in beside)
    if len(beside) == 1:
        return f"its one safe line is {'nearly' if told['nearly'] else 'not'} kept ({farthest})"
    kept = f"{told['kept'] or 'none'} {'is' if told['kept'] == 1 else 'are'} kept"
    nearly = f", {told['nearly']} nearly" if told["nearly"] else ""
    not_kept = f"{told['not kept'] or 'none'} not (farthest from it: {farthest})"
    return f"of its {len(beside)} safe lines {kept}{nearly} and {not_kept}"


def _beside_lines(material: Material) -> list[_Beside]:
    """The headline outcomes that have a line and may be shown, as they are now."""
    rows = []
    for key in material.study.outcomes:
        outcome = outcome_of(key, material.study.scenario)
        found = material.level(material.baseline.name, key)
        if not has_safe_line(outcome) or material.is_hidden(outcome) or math.isnan(found.mean):
            continue
        places = decimals((found.high - found.low) / 2, found.mean, unit(outcome))
        places = places_beside_line(outcome, found.mean, places)
        rows.append(_Beside(outcome, found.mean, places))
    return rows


def _share_of_line(each: _Beside) -> float:
    """How far beyond its line an outcome is, as a share of the line; of none, by itself."""
    return beyond(each.outcome, each.value) / (each.outcome.threshold or 1.0)


def safe_lines(material: Material) -> Table:
    """A row for each headline outcome that has a line; of no outcome if none may be shown."""
    rows = tuple(
        (
            words(each.outcome.label),
            level(each.value, unit(each.outcome), each.places),
            words(safe_line(each.outcome)),
            words("kept" if each.keeping == "kept" else f"{each.keeping}: {each.miss}"),
            words(each.outcome.threshold_source),
        )
        for each in _beside_lines(material)
    )
    columns = (
        Column("Outcome"),
        Column("now", "mean of the simulated futures, the service as it is", "unit"),
        Column("safe line"),
        Column("kept?"),
        Column("who says so"),
    )
    return Table("safe lines", "The service now, against safe practice", columns, rows)
