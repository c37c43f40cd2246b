"""The teams as the report shows them: by name, and none with so few workers that one is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from sim.report.page.blocks import Note
from sim.report.page.material import FEWEST, Material
from sim.scenario.service import Scenario, teams_by_name

MOST = 24  # rows that a picture has room for


@dataclass(frozen=True)
class Shown:
    """A row of a picture of teams: a team, or several together.

    Attributes
    ----------
    label
        What it is called.
    kind
        What kind of team.
    names
        The teams in it, as stored.
    """

    label: str
    kind: str
    names: tuple[str, ...]


def shown_teams(material: Material) -> tuple[list[Shown], list[Note]]:
    """Say which teams that hold cases are shown, and what is not shown of them.

    A team with fewer than five case-holding workers is shown together with the small ones of its
    kind, if they are five then; otherwise not. Of a great many teams the kinds are shown.
    """
    workers = _mean_workers(material)
    labels = team_labels(material.study.scenario)
    kinds = teams_by_name(material.study.scenario)
    all_teams = [name for name in labels if workers.get(name, 0) > 0]
    large = [name for name in all_teams if material.small_counts or workers[name] >= FEWEST]
    rows = [Shown(labels[name], kinds[name], (name,)) for name in large]
    hidden = 0
    for kind in dict.fromkeys(kinds[name] for name in all_teams):
        small = tuple(name for name in all_teams if kinds[name] == kind and name not in large)
        if sum(workers[name] for name in small) >= FEWEST:
            label = material.study.scenario.teams[kind].label
            rows.append(Shown(f"{label}, small teams together", kind, small))
        else:
            hidden += len(small)
    order = list(dict.fromkeys(kinds.values()))
    rows.sort(key=lambda row: order.index(row.kind))
    notes = [_too_small(hidden)] if hidden else []
    if len(rows) > MOST:
        rows = _by_kind(rows, material.study.scenario)
        notes.append(Note(f"More than {MOST} teams: those of a kind are shown together."))
    return rows, notes


def sums_of(rows: Sequence[Shown], by_team: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """Add up what was counted of the teams of each row: by label, policy, and in it by week."""
    numbers = by_team.drop(columns=["kind", "team"])
    return {
        row.label: {
            str(policy): each.drop(columns="policy").groupby("week").sum()
            for policy, each in numbers[by_team["team"].isin(row.names)].groupby("policy")
        }
        for row in rows
    }


@cache
def team_labels(scenario: Scenario) -> dict[str, str]:
    """What each team is called, by its stored name: its kind's label, with its number if any."""
    labels = {}
    for name, kind in teams_by_name(scenario).items():
        number = name.removeprefix(kind).removeprefix("_")
        label = scenario.teams[kind].label
        labels[name] = f"{label} {number}" if number else label
    return labels


def _mean_workers(material: Material) -> dict[str, float]:
    """Case-holding workers of each team, as a mean over the weeks under the baseline."""
    return {
        str(team): float(n)
        for team, n in material.of_baseline.groupby("team")["workers"].mean().items()
    }


def _by_kind(rows: Sequence[Shown], scenario: Scenario) -> list[Shown]:
    together: dict[str, tuple[str, ...]] = {}
    for row in rows:
        together[row.kind] = together.get(row.kind, ()) + row.names
    return [Shown(scenario.teams[kind].label, kind, names) for kind, names in together.items()]


def _too_small(number: int) -> Note:
    teams = "One team has" if number == 1 else f"{number} teams have"
    return Note(
        f"{teams} fewer than {FEWEST} workers who hold cases and cannot be shown without showing "
        "single people."
    )
