"""Why an outcome jumped in a month of one run, in words and tables."""

from __future__ import annotations

import math
from datetime import date

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.changes import unit
from sim.report.explanation import signed
from sim.report.numbers import amount, decimals
from sim.study.explaining.months import MonthExplained

MOST_EVENTS = 12
MOST_TEAMS = 3
UNUSUAL = 0.9  # a change is named as unusual when as many of the other runs lie to one side
LEGEND = (
    "Among the others: the share of the other runs of this policy (other futures) in which the "
    "figure changed by less, or fell by more, in that month; 50 % is ordinary. A month is the "
    "weeks that end in it."
)


def month_in_words(found: MonthExplained) -> RenderableType:
    """Compose the explanation of a month."""
    parts: list[RenderableType] = [Text(each) for each in sentences(found)]
    parts += [Text("\nWhat lies behind, the most unusual first", style="bold"), _drivers(found)]
    parts += [Text("\nWhat happened", style="bold"), _happened(found), *_events(found)]
    return Group(*parts, Text("\n" + LEGEND, style="dim"))


def sentences(found: MonthExplained) -> list[str]:
    """Say what changed, how unusual that is, what it is made of, and where."""
    kind, difference = unit(found.outcome), found.now - found.before
    places = decimals(math.nan, max(abs(found.before), abs(found.now)), kind) + 1
    first = (
        f"{found.outcome.label} in {_name(found.month)}: {amount(found.now, kind, places)}, after "
        f"{amount(found.before, kind, places)} in {_name(found.month_before)} "
        f"({signed(difference, kind, places)}), in run {found.replication} of policy "
        f"'{found.policy}'. {_how_unusual(found)}"
    )
    said = [first]
    if found.quotient.below:
        said.append(
            f"Of this, {signed(found.split.above, kind, places)} because of "
            f"{found.quotient.above_is} ({_from_to(found.above)}) and "
            f"{signed(found.split.below, kind, places)} because of {found.quotient.below_is} "
            f"({_from_to(found.below)})."
        )
    teams = sorted(found.split.by_team.items(), key=lambda team: -abs(team[1]))[:MOST_TEAMS]
    named = [f"{team} ({signed(value, kind, places)})" for team, value in teams if value]
    if named:
        said.append(f"By team, most of it in {', '.join(named)}.")
    return said


def _how_unusual(found: MonthExplained) -> str:
    if math.isnan(found.smaller):
        return "There is no other run to hold it against."
    kind = unit(found.outcome)
    places = decimals(math.nan, max(abs(found.before), abs(found.now)), kind) + 1
    number = round(found.smaller * found.others)
    said = (
        f"In the {found.others} other runs of this policy the change that month was "
        f"{signed(found.usual, kind, places)} on average, and smaller than here in {number}"
    )
    if found.smaller >= UNUSUAL:
        return f"{said}: unusually high."
    return f"{said}: {'unusually low' if found.smaller <= 1 - UNUSUAL else 'nothing unusual'}."


def _drivers(found: MonthExplained) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", width=28)
    for heading in ("before", "now", "change", "among the others"):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for row in found.drivers.to_dict("records"):
        before, now, smaller = (float(row[name]) for name in ("before", "now", "smaller"))
        places = min(1, decimals(math.nan, max(abs(before), abs(now)), ""))
        share = "" if math.isnan(smaller) else f"{100 * smaller:.0f} %"
        unusual = not math.isnan(smaller) and not 1 - UNUSUAL < smaller < UNUSUAL
        table.add_row(
            Text(str(row["driver"])), amount(before, "", places), amount(now, "", places),
            signed(now - before, "", places), Text(share, "bold" if unusual else ""),
        )  # fmt: skip
    return table


def _happened(found: MonthExplained) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", width=28)
    for name, weeks in zip(("before", "now"), found.weeks, strict=True):
        heading = f"{name} ({weeks} {'week' if weeks == 1 else 'weeks'})"
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for row in found.happened.to_dict("records"):
        table.add_row(Text(str(row["event"])), str(row["before"]), str(row["now"]))
    return table


def _events(found: MonthExplained) -> list[RenderableType]:
    """What happened to people in the teams that count most, by date."""
    teams = sorted(found.split.by_team, key=lambda team: -abs(found.split.by_team[team]))
    of_teams = found.events[found.events["team"].isin(teams[:MOST_TEAMS])]
    lines: list[RenderableType] = [
        Text(f"  {row.date:%d %b}  {row.team}: {row.event} ({str(row.role).replace('_', ' ')})")
        for row in of_teams.head(MOST_EVENTS).itertuples()
    ]
    left = len(of_teams) - len(lines)
    if lines:
        lines.insert(0, Text(f"\nPeople, in {', '.join(teams[:MOST_TEAMS])}:"))
    if left > 0:
        lines.append(Text(f"  and {left} more."))
    return lines


def _from_to(side: tuple[float, float]) -> str:
    places = min(1, decimals(math.nan, max(abs(value) for value in side), ""))
    return " to ".join(amount(value, "", places) for value in side)


def _name(month: str) -> str:
    year, number = month.split("-")
    return f"{date(int(year), int(number), 1):%B %Y}"
