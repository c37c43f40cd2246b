"""What drives a policy's difference, in sentences and tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.model.outcome import Outcome
from sim.report.changes import unit
from sim.report.numbers import (
    amount,
    bounds,
    change,
    decimals,
    decimals_of_range,
    is_fraction,
    is_money,
)
from sim.study.comparing import Interval
from sim.study.explaining.difference import (
    ARROWS,
    BASELINE,
    CHANGE,
    DIRECT,
    FREE,
    LOOP,
    PARTS,
    THROUGH_EXHAUSTION,
    TOGETHER,
    Explanation,
)
from sim.study.registry import outcome_of

LABELS = {
    DIRECT: "directly, if nothing responded",
    "exhaustion_to_sickness": "exhaustion → sickness",
    "exhaustion_to_leaving": "exhaustion → leaving",
    "exhaustion_to_pace": "exhaustion → pace of work",
    "vacancies_to_caseload": "vacancies → caseload",
    "lateness_to_risk": "lateness → risk",
    TOGETHER: "arrows together",
    CHANGE: "in all",
    THROUGH_EXHAUSTION: "of this, through exhaustion as a whole",
}
COLUMNS = {
    CHANGE: "in all",
    DIRECT: "directly",
    "exhaustion_to_sickness": "sickness",
    "exhaustion_to_leaving": "leaving",
    "exhaustion_to_pace": "pace",
    "vacancies_to_caseload": "vacancies",
    "lateness_to_risk": "lateness",
    TOGETHER: "together",
}
CHANCE = "·"
OWN = 0.8  # of a change: as much as this of it, and it is called the policy's own effect
LEGEND = (
    "Directly: what the policy would change if nothing responded. Then the arrows of the loop: "
    "what would be missing if sickness, leaving or the pace of work did not respond to exhaustion, "
    "caseloads to vacancies, risk to lateness. Together: what arrows do only in company, less what "
    "is credited to more than one because they lie on the same path. The parts add up to the "
    f"whole. {CHANCE} cannot be told from chance (its 95 % range holds 0)."
)


@dataclass(frozen=True)
class Explained:
    """One outcome's change and its parts, each with its interval."""

    outcome: Outcome
    parts: dict[str, Interval]

    @property
    def unit(self) -> str:
        """The unit that the outcome is written in."""
        return unit(self.outcome)

    @property
    def places(self) -> int:
        """Decimals worth writing: as many as of the change, and one more for its parts."""
        whole = self.parts[CHANGE]
        if whole.mean == 0:
            return decimals(math.nan, self.parts[FREE].mean, self.unit)
        known = decimals((whole.high - whole.low) / 2, whole.mean, self.unit)
        return known if is_money(self.unit) else known + 1

    @property
    def value_places(self) -> int:
        """Decimals of the values themselves: three digits, and one more to see the change."""
        return min(self.places, decimals(math.nan, self.parts[FREE].mean, self.unit) + 1)


def explained(explanation: Explanation) -> list[Explained]:
    """Put an explanation in order, outcome by outcome."""
    found: dict[str, dict[str, Interval]] = {}
    for row in explanation.parts().to_dict("records"):
        interval = Interval(float(row["mean"]), float(row["low"]), float(row["high"]))
        found.setdefault(str(row["outcome"]), {})[str(row["part"])] = interval
    scenario = explanation.study.scenario
    return [Explained(outcome_of(key, scenario), parts) for key, parts in found.items()]


def sentence(each: Explained) -> str:
    """Say in plain words what an outcome's change is made of."""
    label, whole, loop = each.outcome.label, each.parts[CHANGE], each.parts[LOOP]
    if whole.mean == 0:
        return f"{label}: the policy changes nothing."
    if may_be_chance(whole):
        return f"{label}: the change{_range(each, CHANGE)} cannot be told from chance."
    before, after = (
        amount(each.parts[run].mean, each.unit, each.value_places) for run in (BASELINE, FREE)
    )
    said = f"{label}: {_up_or_down(each, CHANGE)}, from {before} to {after}. "
    own = each.parts[DIRECT].mean / whole.mean
    if loop.mean == 0:
        return said + "All of it is the policy's own effect: nothing in the loop responds."
    if may_be_chance(loop):
        mostly = "It is the policy's own effect: w" if own >= OWN else "W"
        return said + (
            f"{mostly}hat the loop does to it{_range(each, LOOP)} cannot be told from chance."
        )
    largest = max(ARROWS, key=lambda arrow: abs(each.parts[arrow].mean))
    mainly = f", mostly by {LABELS[largest]}" if not may_be_chance(each.parts[largest]) else ""
    if each.parts[DIRECT].mean == 0:
        return said + f"All of it comes about by the loop{mainly}."
    share = f" ({loop.mean / whole.mean:.0%} of the change)" if 0 < own < 1 else ""
    takes = "adds" if loop.mean * whole.mean > 0 else "takes back"
    return said + (
        f"If nothing responded, it would be {_up_or_down(each, DIRECT)}; the loop {takes} "
        f"{_size(each, LOOP)}{share.replace('%', ' %')}{mainly}."
    )


def overview(explanation: Explanation) -> RenderableType:
    """Compose a table of all outcomes: a row each, a column for each part."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", width=21)
    for heading in COLUMNS.values():
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for each in explained(explanation):
        counted = "points" if is_fraction(each.unit) else "pounds" if is_money(each.unit) else ""
        label = ", ".join(part for part in (each.outcome.label, counted) if part)
        table.add_row(Text(label), *(Text(_cell(each, part)) for part in COLUMNS))
    return Group(Text(heading_of(explanation)), Text(""), table, Text("\n" + LEGEND, style="dim"))


def explanation_table(explanation: Explanation) -> pd.DataFrame:
    """The same as a data frame of text: a row an outcome, a column a part, in the outcome's unit.

    A dot is what cannot be told from chance.
    """
    rows = {
        f"{each.outcome.label}, {'points' if is_fraction(each.unit) else each.outcome.unit}": {
            heading: _cell(each, part) for part, heading in COLUMNS.items()
        }
        for each in explained(explanation)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("change of")


def arrows_table(explanation: Explanation) -> pd.DataFrame:
    """Show every part with its 95 % range: a row a part, a column an outcome, as text.

    Nothing is left out here as too small: a range that holds 0 says so itself. A plain 0 is a part
    that cannot touch that outcome.
    """
    columns = {
        f"{each.outcome.label}, {'points' if is_fraction(each.unit) else each.outcome.unit}": {
            LABELS[part]: _cell_with_range(each, part) for part in (CHANGE, *PARTS)
        }
        for each in explained(explanation)
    }
    return pd.DataFrame(columns).rename_axis("part of the change")


def explanation_in_words(explanation: Explanation) -> str:
    """Say what each outcome's change is made of, a line each."""
    return "\n".join(sentence(each) for each in explained(explanation))


def details(explanation: Explanation) -> RenderableType:
    """Compose a sentence and a table for each outcome."""
    parts: list[RenderableType] = [Text(heading_of(explanation))]
    for each in explained(explanation):
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
        table.add_column("", width=40)
        table.add_column(Text("change"), justify="right", no_wrap=True)
        table.add_column(Text("95 % range"), justify="right", no_wrap=True)
        for part in (*PARTS, CHANGE, THROUGH_EXHAUSTION):
            found = each.parts[part]
            ends = bounds(found.low, found.high, each.unit, each.places) if found.mean else ""
            said = signed(found.mean, each.unit, each.places)
            table.add_row(Text(LABELS[part], "bold" if part == CHANGE else ""), said, ends)
        parts += [Text("\n" + sentence(each), style="bold"), table]
    return Group(*parts)


def heading_of(explanation: Explanation) -> str:
    """Say what was looked at."""
    runs = explanation.replications
    times = "one pair of runs" if runs == 1 else f"{runs} pairs of runs"
    policy, baseline = explanation.labels
    return (
        f"What '{policy}' changes against '{baseline}', and by which way "
        f"({times} under the same chances)"
    )


def may_be_chance(interval: Interval) -> bool:
    """Whether an interval holds 0; that of a single run does."""
    return math.isnan(interval.low) or interval.low <= 0 <= interval.high


def signed(value: float, kind: str, places: int) -> str:
    """Write a change with its sign; one that is nothing, or rounds to nothing, without."""
    if value == 0:
        return "none"
    text = change(value, kind, places)
    return text if any(digit in text for digit in "123456789") else text.lstrip("+−")


def _cell(each: Explained, part: str) -> str:
    found = each.parts[part]
    if found.mean == 0:
        return "0"
    if may_be_chance(found):
        return CHANCE
    return signed(found.mean, each.unit, each.places).removesuffix(" points").replace("£", "")


def _cell_with_range(each: Explained, part: str) -> str:
    found = each.parts[part]
    if found.mean == found.low == found.high == 0:
        return "0"
    places = decimals_of_range(found.low, found.high, found.mean, each.unit)
    ends = bounds(found.low, found.high, each.unit, places)
    said = change(found.mean, each.unit, places).removesuffix(" points").replace("£", "")
    return f"{said} ({ends})" if ends else said


def _size(each: Explained, part: str) -> str:
    """Write how large a change is, without its sign."""
    return change(abs(each.parts[part].mean), each.unit, each.places).removeprefix("+")


def _up_or_down(each: Explained, part: str) -> str:
    return f"{'up' if each.parts[part].mean > 0 else 'down'} by {_size(each, part)}"


def _range(each: Explained, part: str) -> str:
    """Write a change and the ends of its interval, in brackets."""
    found = each.parts[part]
    ends = bounds(found.low, found.high, each.unit, each.places)
    between = f", 95 % range {ends}" if ends else ""
    return f" ({signed(found.mean, each.unit, each.places)}{between})"
