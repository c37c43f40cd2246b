"""The policies side by side: safety, wellbeing, fairness and cost, and how sure each change is."""

from __future__ import annotations

import math

from sim.report.changes import Change, unit
from sim.report.numbers import amount, bounds, change, decimals, is_money
from sim.report.page.blocks import Block, Cell, Column, Folded, Heading, Section, Table, Text
from sim.report.page.cells import chance, difference, in_a_hundred, level, words
from sim.report.page.material import FEWEST, THEMES, Material, short_name
from sim.report.page.safe_lines import safe_lines
from sim.report.safe_line import value_places
from sim.report.sureness import all_at_once
from sim.scenario.policy import Policy
from sim.study.registry import outcome_of

UNIT, UNIT_OF_CHANGE = "unit", "unit of change"
NO_BREAK = "\u00a0"  # a space at which no line ends


def side_by_side(material: Material) -> Section:
    """Compose the section."""
    lines = safe_lines(material)
    blocks: list[Block] = [Heading("The service as it is now"), lines] if lines.rows else []
    if material.others:
        blocks.append(Heading("What each policy changes"))
        blocks += [
            Text(
                "One outcome speaks for each of safety, wellbeing, fairness and cost. For each "
                "policy: the change against the service as it is now, the range in which the true "
                "change lies with a chance of 95 in 100, and the chance that it is for the better."
            ),
            _overview(material),
            *(Text(text) for text in _not_to_be_trusted(material)),
        ]
    blocks.append(Heading("All outcomes"))
    for theme in THEMES:
        table = _outcomes(material, theme)
        if table.rows:
            blocks.append(Folded(f"{theme}: every outcome", table))
    return Section("policies", "The policies side by side", tuple(blocks))


def _overview(material: Material) -> Table:
    """A row for each policy, a column for each theme."""
    outcomes = {theme: material.speaks_for(theme) for theme in THEMES}
    shown = {theme: outcome for theme, outcome in outcomes.items() if outcome is not None}
    rows = [
        (
            words("Now"),
            *(words(_now(material, outcome.key)) for outcome in shown.values()),
        )
    ]
    for policy in material.others:
        cells = [
            told(material.changes[policy.name][outcome.key])
            if outcome.key in material.changes[policy.name]
            else words("")
            for outcome in shown.values()
        ]
        rows.append((words(short_name(policy)), *cells))
    columns = [Column(f"{theme}: {_lower(each.label)}") for theme, each in shown.items()]
    return Table("", "Changes under each policy", (Column("Policy"), *columns), tuple(rows))


def _now(material: Material, key: str) -> str:
    found = material.level(material.baseline.name, key)
    kind = next(
        unit(outcome)
        for theme in THEMES
        for outcome in material.outcomes_of(theme)
        if outcome.key == key
    )
    places = decimals((found.high - found.low) / 2, found.mean, kind)
    return amount(found.mean, kind, places)


def told(each: Change) -> Cell:
    """Write a change in a cell: its size, its range, how sure it is, and the chance of that."""
    kind = unit(each.outcome)
    lines = [change(each.difference, kind, each.places)]
    ends = bounds(each.low, each.high, kind, each.places)
    if ends:
        lines.append(ends.replace(" ", NO_BREAK))
    lines.append(each.sure)
    if not math.isnan(each.probability_better) and each.side != "unseen":
        word = "cheaper" if is_money(kind) else "better"
        chances = in_a_hundred(each.probability_better).replace(" ", NO_BREAK)
        lines.append(f"{word}: {chances}")
    return words(*lines)


def _not_to_be_trusted(material: Material) -> list[str]:
    """Say what the ranges do not hold for: the best of several."""
    shown = {
        policy.name: [
            material.changes[policy.name][key]
            for key in material.study.outcomes
            if key in material.changes[policy.name]
        ]
        for policy in material.others
    }
    text = all_at_once(shown)
    if not text:
        return []
    hidden = any(material.is_hidden(outcome_of(key)) for key in material.study.outcomes)
    return [f"{text} What is about fewer than {FEWEST} workers is left out." if hidden else text]


def _outcomes(material: Material, theme: str) -> Table:
    """Every outcome of a theme, by policy, in numbers."""
    rows = []
    for outcome in material.outcomes_of(theme):
        for policy in material.others:
            each = material.changes[policy.name].get(outcome.key)
            if each is not None:
                rows.append(_row(each, policy))
        if not material.others:
            found = material.level(material.baseline.name, outcome.key)
            places = decimals((found.high - found.low) / 2, found.mean, unit(outcome))
            ends = (found.mean, found.low, found.high)
            rows.append(
                (
                    words(outcome.label, outcome.unit),
                    *(level(v, unit(outcome), places) for v in ends),
                )
            )
    if not material.others:
        headings = (
            Column("Outcome"),
            Column("now", "mean of the simulated futures", UNIT),
            Column("from", "lower end of its 95 % range", UNIT),
            Column("to", "upper end of it", UNIT),
        )
        return Table(theme.lower(), f"{theme}, with 95 % ranges", headings, tuple(rows))
    columns = (
        Column("Outcome"),
        Column("Policy"),
        Column("now", "mean of the simulated futures, the service as it is", UNIT),
        Column("then", "mean of the simulated futures under the policy", UNIT),
        Column("change", "mean of the differences, future by future", UNIT_OF_CHANGE),
        Column("from", "lower end of the change's 95 % range", UNIT_OF_CHANGE),
        Column("to", "upper end of it", UNIT_OF_CHANGE),
        Column("for the better", "probability that the true change is for the better"),
        Column("how sure", "the same in words"),
    )
    return Table(theme.lower(), f"{theme}: what each policy changes", columns, tuple(rows))


def _row(each: Change, policy: Policy) -> tuple[Cell, ...]:
    kind, places = unit(each.outcome), value_places(each)
    return (
        words(each.outcome.label, each.outcome.unit),
        words(short_name(policy)),
        level(each.baseline, kind, places),
        level(each.value, kind, places),
        difference(each.difference, kind, each.places),
        difference(each.low, kind, each.places),
        difference(each.high, kind, each.places),
        chance(each.probability_better),
        words(each.sure),
    )


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
