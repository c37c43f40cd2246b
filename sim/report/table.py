"""What a study found, as tables that a director can read in a terminal of 100 columns.

First the service as it is, beside the thresholds of safe practice; then all policies at a
glance; then each policy: what changes, by how much, how sure that is, and what it costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.model.outcomes import Outcome
from sim.report.numbers import amount, bounds, change, decimals, is_fraction, is_money
from sim.report.words import LEGEND, how_sure, verdict, which_way
from sim.scenario.policy import Policy
from sim.study.comparing import mean_interval
from sim.study.registry import outcome_of
from sim.study.results import Results

COST = "total_cost"
WIDTH = 100


@dataclass(frozen=True)
class Change:
    """One outcome under a policy, against the baseline."""

    outcome: Outcome
    baseline: float
    value: float
    difference: float
    low: float
    high: float
    probability_better: float

    @property
    def places(self) -> int:
        """Decimals worth writing."""
        return decimals(
            (self.high - self.low) / 2, max(abs(self.baseline), abs(self.value)), unit(self.outcome)
        )

    @property
    def sure(self) -> str:
        """How sure the change is, in words."""
        if self.outcome.direction == "neither":
            return which_way(self.low, self.high)
        words = ("cheaper", "dearer") if is_money(unit(self.outcome)) else ("better", "worse")
        return how_sure(self.probability_better, self.difference, *words)


def unit(outcome: Outcome) -> str:
    """Name the unit that an outcome is written in: rates a year are shares of the people."""
    return "share" if outcome.key.endswith("_rate") else outcome.unit


def findings(results: Results) -> RenderableType:
    """Compose the tables of a study's results for `rich`."""
    study = results.study
    baseline, *others = study.policies
    headlines = [outcome_of(key) for key in study.outcomes if key != COST]
    changes = {policy.name: list(_changes(results.comparisons, policy.name)) for policy in others}
    times = f"{study.replications} times" if study.replications > 1 else "once"
    same = ", each time with the same cases and the same people" if others else ""
    parts: list[RenderableType] = [
        Text(study.title, style="bold"),
        Text(study.question),
        Text(
            f"{study.scenario.title}: {study.years:g} {'year' if study.years == 1 else 'years'} "
            f"under each of {len(study.policies)} policies, simulated {times}{same}."
        ),
        _heading("The service as it is", baseline),
        _baseline(results, baseline, headlines),
    ]
    if others:
        parts += [
            Text("\nThe policies at a glance", style="bold"),
            _glance(others, changes, headlines),
        ]
    for policy in others:
        parts += [
            _heading(f"What changes with {policy.name.replace('_', ' ')}", policy),
            *_cost_lines(changes[policy.name]),
            _policy(changes[policy.name], headlines),
        ]
    if others:
        parts.append(Text(LEGEND, style="dim"))
        if study.replications == 1:
            parts.append(Text("A single simulation cannot tell how sure a change is: run more."))
    return Group(*parts)


def print_findings(results: Results, console: Console) -> None:
    """Print the tables, 100 columns wide at most."""
    console.print(findings(results), width=min(console.width, WIDTH))


def _changes(comparisons: pd.DataFrame, policy: str) -> Iterator[Change]:
    rows = comparisons[comparisons["policy"] == policy]
    for row in rows.to_dict("records"):
        numbers = ("baseline", "value", "difference", "low", "high", "probability_better")
        yield Change(outcome_of(str(row["outcome"])), *(float(row[name]) for name in numbers))


def _heading(text: str, policy: Policy) -> RenderableType:
    return Text.assemble("\n", (text, "bold"), f": {policy.label}")


def _table(*columns: tuple[str, int], numbers: tuple[int, ...] = ()) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for number, (heading, least) in enumerate(columns):
        side = "right" if number in numbers else "left"
        table.add_column(Text(heading), min_width=least, justify=side)  # type: ignore[arg-type]
    return table


def _baseline(results: Results, policy: Policy, headlines: list[Outcome]) -> RenderableType:
    outcomes = results.outcomes
    of_baseline = outcomes[outcomes["policy"] == policy.name]
    table = _table(("", 34), ("now", 12), ("safe line", 20), ("", 10), numbers=(1,))
    for outcome in [*headlines, outcome_of(COST)]:
        values = of_baseline.loc[of_baseline["outcome"] == outcome.key, "value"]
        if values.empty:
            continue
        interval = mean_interval(values.to_numpy())
        places = decimals((interval.high - interval.low) / 2, interval.mean, unit(outcome))
        table.add_row(
            Text(outcome.label),
            Text(amount(interval.mean, unit(outcome), places)),
            *_safe_line(outcome, interval.mean),
        )
    return Padding(table, (0, 0, 0, 2))


def _safe_line(outcome: Outcome, value: float) -> tuple[Text, Text]:
    """Write a threshold with its source, and whether the value keeps it."""
    line = outcome.threshold
    if line is None or outcome.direction == "neither":
        return Text(""), Text("")
    higher = outcome.direction == "higher"
    if higher and line == 1 and is_fraction(unit(outcome)):
        text = "all"
    elif not higher and line == 0:
        text = "none"
    else:
        text = f"{amount(line, unit(outcome), decimals(math.nan, line, unit(outcome)))} or "
        text += "more" if higher else "less"
    source = f" ({outcome.threshold_source})" if outcome.threshold_source else ""
    kept = value >= line if higher else value <= line
    return Text(text + source), Text("kept" if kept else "not kept", "" if kept else "bold")


def _glance(
    policies: list[Policy], changes: dict[str, list[Change]], headlines: list[Outcome]
) -> RenderableType:
    keys = {outcome.key for outcome in headlines}
    table = _table(
        ("", 40),
        ("cost a year", 12),
        ("better", 6),
        ("worse", 6),
        ("open", 6),
        numbers=(1, 2, 3, 4),
    )
    for policy in policies:
        of_policy = changes[policy.name]
        sides = [
            verdict(each.probability_better, each.difference)
            for each in of_policy
            if each.outcome.key in keys and each.outcome.direction != "neither"
        ]
        cost = [each for each in of_policy if each.outcome.key == COST]
        table.add_row(
            Text(policy.label),
            Text(change(cost[0].difference, "£", cost[0].places) if cost else ""),
            *(Text(str(sides.count(side))) for side in ("better", "worse", "open")),
        )
    return Padding(table, (0, 0, 0, 2))


def _cost_lines(changes: list[Change]) -> Iterator[RenderableType]:
    for each in changes:
        if each.outcome.key == COST:
            yield Padding(Text(cost_sentence(each)), (0, 0, 0, 2))


def cost_sentence(cost: Change) -> str:
    """Say in a sentence what a policy costs a year, against the baseline."""
    if cost.difference == 0:
        return f"Costs the same: {amount(cost.value, '£', cost.places)} a year."

    def more_or_less(value: float) -> str:
        side = "more" if value > 0 else "less"
        return f"{amount(abs(value), '£', cost.places)} {side}"

    known = not math.isnan(cost.low)
    between = f", between {more_or_less(cost.low)} and {more_or_less(cost.high)}" if known else ""
    return (
        f"Costs {more_or_less(cost.difference)} a year{between}: "
        f"{amount(cost.value, '£', cost.places)} instead of "
        f"{amount(cost.baseline, '£', cost.places)}."
    )


def _policy(changes: list[Change], headlines: list[Outcome]) -> RenderableType:
    by_key = {each.outcome.key: each for each in changes}
    table = _table(
        ("", 30),
        ("now", 7),
        ("then", 7),
        ("change", 11),
        ("95 % range", 14),
        ("how sure", 18),
        numbers=(1, 2, 3, 4),
    )
    for outcome in headlines:
        if outcome.key not in by_key:
            continue
        each = by_key[outcome.key]
        table.add_row(
            Text(outcome.label),
            Text(amount(each.baseline, unit(outcome), each.places)),
            Text(amount(each.value, unit(outcome), each.places)),
            Text(change(each.difference, unit(outcome), each.places)),
            Text(bounds(each.low, each.high, unit(outcome), each.places)),
            Text(each.sure),
        )
    return Padding(table, (0, 0, 0, 2))
