"""What a staffing search found, as tables for a terminal of 100 columns."""

from __future__ import annotations

from textwrap import fill

from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.numbers import amount, decimals
from sim.report.staffing_words import estimate_in_words, level_number, sentences, target_value
from sim.report.table import POUNDS, WIDTH, make_table
from sim.study.staffing import COST, Staffing
from sim.study.staffing.targets import Target


def print_staffing(found: Staffing, console: Console) -> None:
    """Print the answer and its tables, 100 columns wide at most."""
    console.print(staffing(found), width=min(console.width, WIDTH))


def staffing(found: Staffing) -> RenderableType:
    """Compose the answer of a staffing search for `rich`."""
    study = found.study
    first, *others = sentences(found)
    years = "1 year" if study.years == 1 else f"{study.years:g} years"
    run = (
        f"{study.scenario.title}: {years} under '{study.policies[0].label}', up to "
        f"{study.replications} times at each level, each as if it had long been so."
    )
    parts: list[RenderableType] = [
        Text(first, style="bold"),
        *(Text(other) for other in others),
        Text(),
        _targets(found),
    ]
    if found.lever.role is not None and len(_kinds(found)) > 1:
        parts += [Text(), _where(found)]
    parts += [Text("\nThe curve", style="bold"), _curve(found), Text(), Text(run, style="dim")]
    return Group(*parts)


def _targets(found: Staffing) -> RenderableType:
    levels = _levels(found)
    table = make_table(
        ("", 36),
        ("target", None),
        *(
            (f"{name} {level_number(found.lever, found.lever.levels[n])}", None)
            for name, n in levels
        ),
    )
    for target in found.targets:
        table.add_row(
            Text(target.outcome.label),
            Text(f"{'≥' if target.at_least else '≤'} {target_value(target)}"),
            *(Text(_cell(found, level, target)) for _, level in levels),
        )
    if all(target.outcome.key != COST for target in found.targets):
        costs = (_cost(found, level) for _, level in levels)
        table.add_row(Text("Total cost a year"), Text(""), *(Text(cost) for cost in costs))
    return table


def _levels(found: Staffing) -> list[tuple[str, int]]:
    """The levels that matter, each with its heading, in the order of effort."""
    answer, today = found.answer, found.lever.today
    levels = [] if today in (None, answer.level) else [("today", int(today or 0))]
    if answer.one_less is not None and answer.one_less != today:
        levels.append(("not quite", answer.one_less))
    return [*levels, (_name(found), answer.level)]


def _name(found: Staffing) -> str:
    """What the level found is called: it is no answer where nothing meets all targets."""
    return "nearest" if found.answer.verdict == "nowhere" else "answer"


def _cell(found: Staffing, level: int, target: Target) -> str:
    return estimate_in_words(found.estimate(level, target.outcome.key), target, found.confidence)


def _cost(found: Staffing, level: int) -> str:
    cost = found.estimate(level, COST)
    low, high = cost.bounds(found.confidence)
    return amount(cost.mean, POUNDS, decimals((high - low) / 2, cost.mean, POUNDS))


def _kinds(found: Staffing) -> list[str]:
    role, team = str(found.lever.role), found.lever.team
    teams = found.study.scenario.teams.items()
    return [name for name, each in teams if each.posts.get(role, 0) > 0 and team in (None, name)]


def _where(found: Staffing) -> RenderableType:
    """Where the posts would be: in proportion to those of today."""
    role = str(found.lever.role)
    now = found.study.scenario
    then = found.lever.put(now, found.lever.levels[found.answer.level])
    name = _name(found)
    table = make_table(("Where the posts are", 36), ("today", None), (name, None), ("a team", None))
    for name in _kinds(found):
        before, after = now.teams[name], then.teams[name]
        table.add_row(
            Text(f"{before.number} x {before.label}"),
            Text(f"{before.number * before.posts[role]:.1f}"),
            Text(f"{after.number * after.posts[role]:.1f}"),
            Text(f"{after.posts[role]:.2f}"),
        )
    return table


def _curve(found: Staffing) -> RenderableType:
    what = found.lever.what[0].upper() + found.lever.what[1:]
    columns = [(fill(target.outcome.label, 16), None) for target in found.targets]
    table = make_table(
        (f"{what}, {found.lever.unit}", 22), *columns, ("runs that\nmeet all", None), ("runs", None)
    )
    for level in found.runs.looked_at():
        chosen = level == found.answer.level
        table.add_row(
            Text(level_number(found.lever, found.lever.levels[level]) + _mark(found, level)),
            *(Text(_cell(found, level, target)) for target in found.targets),
            Text(amount(found.share_met(level), "share", 0)),
            Text(str(found.runs.number(level))),
            style="bold" if chosen else None,
        )
    return table


def _mark(found: Staffing, level: int) -> str:
    if level == found.answer.level:
        return f"  {_name(found)}"
    return "  today" if level == found.lever.today else ""
