"""The evidence table: where each number of a shipped scenario comes from, and how sure it is.

Four files in ``configs/evidence``: ``parameters.csv`` has a row for every number and choice in the
shipped scenarios and studies, and for the model's own constants; ``targets.csv`` says what a
simulated average authority should reproduce; ``facts.csv`` has the published figures behind both;
``weightiest.csv`` says which assumptions move results most. The first two are made by
``scripts/make_evidence.py``, ``facts.csv`` is kept by hand; of ``weightiest.csv``, the children's
rows are measured by ``scripts/measure_assumptions.py``, the adults' were measured by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from typing import Literal, TypeVar

from sim.resources import configs_dir
from sim.scenario.base import Part
from sim.scenario.leaves import Leaf, leaves, policy_leaves
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario

Quality = Literal["published figure", "derived", "assumption"]
CODE = "code:"  # begins the path of a constant of the model, as in code:sim.model.absence.MIDDLE
TOTAL = "total:"  # begins the path of a sum over the teams, as in total:posts.social_worker


class EvidenceRow(Part):
    """A row of the table: a value, where it stands, its range and its source.

    `of` names the scenario or study that the value stands in (``code`` for the model's constants)
    and `path` the place there. `low` and `high` are the range within which the value may
    reasonably lie; a list of numbers has the range of each of them.
    """

    key: str
    of: str = ""
    path: str = ""
    value: str
    unit: str
    low: float | None = None
    high: float | None = None
    geography: str = ""
    period: str = ""
    source: str = ""
    url: str = ""
    quality: Quality
    note: str = ""


class Target(Part):
    """What a simulated average authority should reproduce.

    `of` names the scenario; `outcome` is the key of the model's outcome, if it has one, and
    `for_each_more` that of another, where the target is by how much the one changes for each one
    more of the other; `tolerance` how far the baseline's mean may be from the target; `low` and
    `high` the range over authorities or years.
    """

    key: str
    of: str = ""
    outcome: str = ""
    for_each_more: str = ""
    measure: str
    target: float
    tolerance: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    geography: str = ""
    period: str = ""
    source: str = ""
    url: str = ""
    quality: Quality
    note: str = ""


class Weighty(Part):
    """An assumption that moves a scenario's results most when it goes from low to high."""

    of: str
    assumption: str
    low_to_high: str
    why: str


Row = TypeVar("Row", EvidenceRow, Target, Weighty)


def load_evidence() -> list[EvidenceRow]:
    """All rows of the evidence table."""
    return list(_parameters())


def facts() -> list[EvidenceRow]:
    """The published figures that the table's values come from; they stand nowhere themselves."""
    return _read("facts.csv", EvidenceRow)


def targets() -> list[Target]:
    """The calibration targets."""
    return _read("targets.csv", Target)


def weightiest(of: str) -> list[Weighty]:
    """The assumptions of a shipped scenario that matter most, the first one most."""
    return [row for row in _read("weightiest.csv", Weighty) if row.of == of]


def evidence_of(scenario: Scenario) -> list[EvidenceRow]:
    """The rows behind the numbers and choices of a scenario, in its order.

    A value that the scenario shares with a shipped one has that one's row. What the scenario's own
    `evidence` speaks of is left out.
    """
    by_value = {(row.path, row.value): row for row in reversed(_parameters())}
    found = [
        _by_place().get((scenario.name, path)) or by_value.get((path, as_text(value)))
        for path, value in leaves(scenario).items()
        if path not in scenario.evidence
    ]
    return [row for row in found if row is not None]


def evidence_for(path: str, of: str | None = None) -> EvidenceRow | None:
    """The row for a path, if there is one.

    Parameters
    ----------
    path
        As in the YAML: ``turnover.leaving_per_year``.
    of
        The scenario or study; without it, the first row for that path in any.
    """
    if of is not None:
        return _by_place().get((of, path))
    return next((row for row in _parameters() if row.path == path), None)


def missing_evidence(scenario: Scenario) -> list[str]:
    """Paths of the numbers and choices of a scenario that nothing is said about.

    A value is accounted for by a row of its own, by a row for the same value at the same path of
    a shipped scenario (so that a scenario based on one of them answers only for what it changes),
    or by the scenario's own `evidence`.
    """
    own = {path for path, source in scenario.evidence.items() if source.strip()}
    return [
        path
        for path, value in leaves(scenario).items()
        if path not in own
        and (scenario.name, path) not in _by_place()
        and (path, as_text(value)) not in _by_value()
    ]


def missing_policy_evidence(policies: Iterable[Policy], of: str) -> list[str]:
    """Paths of the numbers and choices of policies that the table has no row for.

    Parameters
    ----------
    policies
        The policies of a study, or of one policy file.
    of
        The name of that study or policy.
    """
    return [path for path in policy_leaves(policies) if (of, path) not in _by_place()]


def totals(scenario: Scenario) -> dict[str, float]:
    """Sums over the teams, which published figures speak of: FTE of posts, by role, and agency."""
    found = {f"{TOTAL}posts": 0.0}
    for team in scenario.teams.values():
        for role, fte in team.posts.items():
            path = f"{TOTAL}posts.{role}"
            found[path] = found.get(path, 0.0) + team.number * fte
            found[f"{TOTAL}posts"] += team.number * fte
    found[f"{TOTAL}agency.beyond_establishment"] = sum(
        scenario.agency.beyond_establishment.values()
    )
    return found


def as_text(value: Leaf | tuple[object, ...]) -> str:
    """A value as the table writes it: lists with semicolons, yes and no as true and false."""
    if isinstance(value, tuple) and all(isinstance(v, int | float) for v in value):
        return ";".join(as_text(v) for v in value)  # type: ignore[arg-type]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return str(value)


def numbers(text: str) -> tuple[float, ...]:
    """The numbers in a value of the table; none where it is a choice."""
    try:
        return tuple(float(part) for part in text.split(";"))
    except ValueError:
        return ()


def _read(name: str, model: type[Row]) -> list[Row]:
    path = configs_dir() / "evidence" / name
    with path.open(encoding="utf-8", newline="") as file:
        return [
            model.model_validate({column: text for column, text in row.items() if text != ""})
            for row in csv.DictReader(file)
        ]


@cache
def _parameters() -> tuple[EvidenceRow, ...]:
    return tuple(_read("parameters.csv", EvidenceRow))


@cache
def _by_place() -> dict[tuple[str, str], EvidenceRow]:
    return {(row.of, row.path): row for row in _parameters()}


@cache
def _by_value() -> frozenset[tuple[str, str]]:
    return frozenset((row.path, row.value) for row in _parameters())
