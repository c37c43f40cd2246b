"""What a study found, as tables that a director can read in a terminal of 100 columns.

First the service as it is, beside the thresholds of safe practice; then all policies at a
glance; then each policy: what changes, by how much, how sure that is, and what it costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.model.outcome import Outcome
from sim.report.changes import Change, changes_of, unit
from sim.report.numbers import amount, bounds, change, decimals
from sim.report.safe_line import (
    has_safe_line,
    keeping,
    places_beside_line,
    safe_line,
    value_places,
)
from sim.report.sureness import all_at_once, not_among_all, precision_lines, what_pairing_buys
from sim.report.words import LEGEND, UNSEEN, spoken
from sim.scenario.policy import Policy
from sim.scenario.study_file import StudyFile
from sim.study.comparing import mean_interval
from sim.study.registry import outcome_of
from sim.study.results import Results
from sim.study.sureness.precision import reached

COST = "total_cost"
POUNDS = "pounds"
WIDTH = 100
ONCE = "A service simulated once cannot tell how sure a change is."
GLANCE = (
    "Better and worse: the 95 % range of the change leaves out 0; not clear: it does not; none: "
    f"no or {UNSEEN}."
)


def findings(results: Results) -> RenderableType:
    """Compose all tables of a study's results for `rich`."""
    study = results.study
    baseline, *others = study.policies
    changes = {policy.name: list(changes_of(results.comparisons, policy.name)) for policy in others}
    parts: list[RenderableType] = [*title(study), heading(baseline), baseline_table(results)]
    if others:
        parts += [
            Text("\nAll policies at a glance", style="bold"),
            _glance(others, changes, _headlines(study)),
        ]
    for policy in others:
        parts += _of_policy(results, policy)
    if others:
        parts += [*how_sure_lines(results), Text("\n" + LEGEND, style="dim")]
    return Group(*parts)


def findings_of(results: Results, policies: Collection[str]) -> RenderableType:
    """Compose the tables of some policies for `rich`; the first policy is the baseline."""
    baseline, *others = results.study.policies
    parts: list[RenderableType] = [*title(results.study)]
    if baseline.name in policies:
        parts += [heading(baseline), baseline_table(results)]
    named = [policy for policy in others if policy.name in policies]
    for policy in named:
        parts += _of_policy(results, policy)
    if named:
        parts.append(Text("\n" + LEGEND, style="dim"))
    return Group(*parts)


def _of_policy(results: Results, policy: Policy) -> list[RenderableType]:
    changes = list(changes_of(results.comparisons, policy.name))
    asked = [each for each in changes if each.outcome.key in results.study.outcomes]
    others = len(results.study.policies) - 1
    return [
        heading(policy),
        *_cost_lines(changes),
        _policy(changes, _headlines(results.study)),
        *_lines(not_among_all(asked, others)),
    ]


def headline_changes(results: Results) -> dict[str, list[Change]]:
    """Read the changes of the outcomes that the study names, under each policy."""
    _, *others = results.study.policies
    return {
        policy.name: [
            each
            for each in changes_of(results.comparisons, policy.name)
            if each.outcome.key in results.study.outcomes
        ]
        for policy in others
    }


def how_sure_lines(results: Results) -> list[RenderableType]:
    """Say what holds for all policies at once, what pairing buys, and how precise it all is."""
    study, changes = results.study, headline_changes(results)
    lines = _lines(
        all_at_once(changes),
        what_pairing_buys(changes),
        *precision_lines(reached(study, results.outcomes)),
        ONCE if study.replications == 1 else "",
        space=True,
    )
    return list(lines)


def _headlines(study: StudyFile) -> list[Outcome]:
    return [outcome_of(key, study.scenario) for key in study.outcomes if key != COST]


def title(study: StudyFile) -> list[RenderableType]:
    """Write what was asked, and what was run."""
    return [Text(study.title, style="bold"), Text(study.question), Text(_what_was_run(study))]


def _what_was_run(study: StudyFile) -> str:
    years = "1 year" if study.years == 1 else f"{study.years:g} years"
    times = f"{study.replications} times" if study.replications > 1 else "once"
    if len(study.policies) == 1:
        return f"{study.scenario.title}: {years}, simulated {times}."
    return (
        f"{study.scenario.title}: {years} under each of {len(study.policies)} policies, simulated "
        f"{times}; every policy meets the same cases and the same people."
    )


def print_page(page: RenderableType, console: Console) -> None:
    """Print, 100 columns wide at most."""
    console.print(page, width=min(console.width, WIDTH))


def _lines(*texts: str, space: bool = False) -> Iterator[RenderableType]:
    """Write what there is to say, each in a paragraph of its own."""
    for text in texts:
        if text:
            yield Text(f"\n{text}" if space else text)


def heading(policy: Policy) -> RenderableType:
    """Write a policy's name and what it is."""
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


def baseline_table(results: Results, sources: bool = True) -> RenderableType:
    """Set the service as it is beside the thresholds of safe practice, with or without sources."""
    study, outcomes = results.study, results.outcomes
    of_baseline = outcomes[outcomes["policy"] == study.policies[0].name]
    table = make_table(("", 34), ("now", None), ("safe line", 38), ("", 8))
    for outcome in [*_headlines(study), outcome_of(COST, study.scenario)]:
        values = of_baseline.loc[of_baseline["outcome"] == outcome.key, "value"]
        if values.empty:
            continue
        interval = mean_interval(values.to_numpy())
        places = decimals((interval.high - interval.low) / 2, interval.mean, unit(outcome))
        places = places_beside_line(outcome, interval.mean, places)
        table.add_row(
            Text(outcome.label),
            Text(amount(interval.mean, unit(outcome), places)),
            *_safe_line(outcome, interval.mean, sources),
        )
    return table


def _safe_line(outcome: Outcome, value: float, sources: bool) -> tuple[Text, Text]:
    """Write a threshold, with its source if asked for, and whether the value keeps it."""
    if not has_safe_line(outcome):
        return Text(""), Text("")
    source = f" ({outcome.threshold_source})" if sources and outcome.threshold_source else ""
    found = keeping(outcome, value)
    style = "" if found == "kept" else "bold"
    return Text(safe_line(outcome) + source), Text(found, style)


def _glance(
    policies: list[Policy], changes: dict[str, list[Change]], headlines: list[Outcome]
) -> RenderableType:
    keys = {outcome.key for outcome in headlines}
    table = make_table(
        ("", 44),
        ("cost a year", None),
        ("better", None),
        ("worse", None),
        ("not clear", None),
        ("none", None),
    )
    for policy in policies:
        of_policy = changes[policy.name]
        sides = [
            each.side
            for each in of_policy
            if each.outcome.key in keys and each.outcome.direction != "neither"
        ]
        cost = [each for each in of_policy if each.outcome.key == COST]
        table.add_row(
            Text(policy.label),
            Text(change(cost[0].difference, POUNDS, cost[0].places_alone) if cost else ""),
            *(Text(str(sides.count(side))) for side in ("better", "worse", "open", "unseen")),
        )
    return Group(table, Text("\n" + GLANCE, style="dim"))


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
    return f"Costs {cost_change(cost)}: {now} instead of {before}."


def cost_change(cost: Change) -> str:
    """Say how much more or less a policy costs a year, with its range."""
    if cost.difference == 0:
        return "the same"
    size = _more_or_less(cost.difference, cost.places)
    ends = [_more_or_less(end, cost.places) for end in (cost.low, cost.high)]
    if not bounds(cost.low, cost.high, POUNDS, cost.places):
        between = ""
    elif all(ends):
        between = f", between {' and '.join(ends)}"
    else:  # one end is nothing, as it is written
        between = f", up to {''.join(ends)}"
    return f"{f'{size} a year' if size else 'about the same'}{between}"


def _more_or_less(difference: float, places: int) -> str:
    """Write an amount without its sign; nothing if it is nothing with these digits."""
    size = amount(abs(difference), POUNDS, places)
    if not size.strip("£0.,"):
        return ""
    return f"{size} {'more' if difference > 0 else 'less'}"


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
        kind, places = unit(outcome), value_places(each)
        table.add_row(
            Text(outcome.label),
            Text(amount(each.baseline, kind, places)),
            Text(amount(each.value, kind, places)),
            Text(change(each.difference, kind, each.places)),
            Text(bounds(each.low, each.high, kind, each.places)),
            Text(each.sure),
        )
    return table
