"""What a study found, as tables that a director can read in a terminal of 100 columns.

First the service as it is, beside the thresholds of safe practice; then all policies at a
glance; then each policy: what changes, by how much, how sure that is, and what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.model.outcomes import Outcome
from sim.report.changes import Change, changes_of, unit
from sim.report.numbers import amount, bounds, change, decimals
from sim.report.safe_line import has_safe_line, keeps, safe_line
from sim.report.sureness import all_at_once, not_among_all, precision_lines, what_pairing_buys
from sim.report.words import LEGEND, spoken, verdict
from sim.scenario.policy import Policy
from sim.scenario.study_file import StudyFile
from sim.study.comparing import mean_interval
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.sureness.precision import reached

COST = "total_cost"
POUNDS = "pounds"
WIDTH = 100


def findings(results: Results) -> RenderableType:
    """Compose the tables of a study's results for `rich`."""
    study = results.study
    baseline, *others = study.policies
    headlines = [outcome_of(key, study.scenario) for key in study.outcomes if key != COST]
    changes = {policy.name: list(changes_of(results.comparisons, policy.name)) for policy in others}
    shown = {
        name: [each for each in of_policy if each.outcome.key in study.outcomes]
        for name, of_policy in changes.items()
    }
    parts: list[RenderableType] = [
        Text(study.title, style="bold"),
        Text(study.question),
        Text(_what_was_run(study)),
        _heading(baseline),
        _baseline(results, baseline, headlines),
    ]
    if others:
        parts += [
            Text("\nAll policies at a glance", style="bold"),
            _glance(others, changes, headlines),
        ]
    for policy in others:
        parts += [
            _heading(policy),
            *_cost_lines(changes[policy.name]),
            _policy(changes[policy.name], headlines),
            *_lines(not_among_all(shown[policy.name], len(others))),
        ]
    if others:
        parts += _lines(
            all_at_once(shown),
            what_pairing_buys(shown),
            *precision_lines(reached(study, results.outcomes)),
            space=True,
        )
        parts.append(Text("\n" + LEGEND, style="dim"))
        if study.replications == 1:
            parts.append(Text("A service simulated once cannot tell how sure a change is."))
    return Group(*parts)


def _what_was_run(study: StudyFile) -> str:
    years = "1 year" if study.years == 1 else f"{study.years:g} years"
    times = f"{study.replications} times" if study.replications > 1 else "once"
    if len(study.policies) == 1:
        return f"{study.scenario.title}: {years}, simulated {times}."
    return (
        f"{study.scenario.title}: {years} under each of {len(study.policies)} policies, simulated "
        f"{times}; every policy meets the same cases and the same people."
    )


def print_findings(results: Results, console: Console) -> None:
    """Print the tables, 100 columns wide at most."""
    console.print(findings(results), width=min(console.width, WIDTH))


def _lines(*texts: str, space: bool = False) -> Iterator[RenderableType]:
    """Write what there is to say, each in a paragraph of its own."""
    for text in texts:
        if text:
            yield Text(f"\n{text}" if space else text)


def _heading(policy: Policy) -> RenderableType:
    name = spoken(policy.name).capitalize()
    return Text.assemble("\n", (name, "bold"), f": {policy.label}")


def make_table(*columns: tuple[str, int | None]) -> Table:
    """Make a table from headings and widths; a column without a width holds numbers."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for heading, width in columns:
        if width is None:
            table.add_column(Text(heading), justify="right", no_wrap=True)
        else:
            table.add_column(Text(heading), width=width)
    return table


def _baseline(results: Results, policy: Policy, headlines: list[Outcome]) -> RenderableType:
    outcomes = results.outcomes
    of_baseline = outcomes[outcomes["policy"] == policy.name]
    table = make_table(("", 34), ("now", None), ("safe line", 38), ("", 8))
    for outcome in [*headlines, outcome_of(COST, results.study.scenario)]:
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
    return table


def _safe_line(outcome: Outcome, value: float) -> tuple[Text, Text]:
    """Write a threshold with its source, and whether the value keeps it."""
    if not has_safe_line(outcome):
        return Text(""), Text("")
    source = f" ({outcome.threshold_source})" if outcome.threshold_source else ""
    kept = keeps(outcome, value)
    return Text(safe_line(outcome) + source), Text("kept" if kept else "not kept",
                                                   "" if kept else "bold")  # fmt: skip


def _glance(
    policies: list[Policy], changes: dict[str, list[Change]], headlines: list[Outcome]
) -> RenderableType:
    keys = {outcome.key for outcome in headlines}
    table = make_table(
        ("", 44),
        ("cost a year", None),
        ("better", None),
        ("worse", None),
        ("no clear change", None),
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
            Text(change(cost[0].difference, POUNDS, cost[0].places) if cost else ""),
            *(Text(str(sides.count(side))) for side in ("better", "worse", "open")),
        )
    return table


def _cost_lines(changes: list[Change]) -> Iterator[RenderableType]:
    for each in changes:
        if each.outcome.key == COST:
            yield Text(cost_sentence(each))


def cost_sentence(cost: Change) -> str:
    """Say in a sentence what a policy costs a year, against the baseline."""
    now = amount(cost.value, POUNDS, cost.value_places)
    if cost.difference == 0:
        return f"Costs the same: {now} a year."
    before = amount(cost.baseline, POUNDS, cost.value_places)
    ends = dict.fromkeys(_more_or_less(end, cost.places) for end in (cost.low, cost.high))
    between = f", between {' and '.join(ends)}" if len(ends) > 1 else ""
    change = _more_or_less(cost.difference, cost.places)
    return f"Costs {change} a year{between}: {now} instead of {before}."


def _more_or_less(difference: float, places: int) -> str:
    return f"{amount(abs(difference), POUNDS, places)} {'more' if difference > 0 else 'less'}"


def _policy(changes: list[Change], headlines: list[Outcome]) -> RenderableType:
    by_key = {each.outcome.key: each for each in changes}
    table = make_table(
        ("", 26), ("now", None), ("then", None), ("change", None), ("95 % range", None),
        ("how sure", 23),
    )  # fmt: skip
    for outcome in headlines:
        if outcome.key not in by_key:
            continue
        each = by_key[outcome.key]
        kind = unit(outcome)
        table.add_row(
            Text(outcome.label),
            Text(amount(each.baseline, kind, each.value_places)),
            Text(amount(each.value, kind, each.value_places)),
            Text(change(each.difference, kind, each.places)),
            Text(bounds(each.low, each.high, kind, each.places)),
            Text(each.sure),
        )
    return table
