"""An authority's scenario as a file to read and go on with: each number with what it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.authority.draft import Draft
from sim.scenario.authority.header import header
from sim.scenario.authority.own_scenario import OwnScenario

WIDTH = 100
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
SECTIONS = {
    "teams": "Posts of each team, FTE. Put your own establishment here.",
    "demand": "What arrives.",
    "pathways": "Where cases go from each stage (shares), and how long they stay (working days).",
    "recruitment": "Vacancies, and recruitment that keeps them where they are.",
    "turnover": "Leaving of someone without exhaustion, which adds to it.",
    "absence": "Spells of sickness a year of someone without exhaustion, which adds to them.",
    "agency": "Agency: the share of vacancies it is sought for, and FTE beyond the posts.",
    "allocation": "No more cases are given to someone who has so many for each FTE.",
}


def scenario_text(own: OwnScenario, command: str) -> str:
    """The scenario as YAML, with a comment on each number.

    Parameters
    ----------
    own
        What is to be written.
    command
        How to make it again, for the header.
    """
    head = "\n".join(f"# {line}".rstrip() for line in header(own, command))
    return f"{head}\n" + "\n".join(_body(own.draft)) + "\n"


def _body(draft: Draft) -> Iterator[str]:
    notes = {line.path: line.note for line in draft.lines}
    for key, value in draft.values().items():
        if key in SECTIONS:
            yield ""
            yield f"# {SECTIONS[key]}"
        yield from _lines(key, value, (key,), notes)


def _lines(
    key: str, value: Any, path: tuple[str, ...], notes: Mapping[tuple[str, ...], str]
) -> Iterator[str]:
    indent = "  " * (len(path) - 1)
    if path not in notes:
        yield f"{indent}{key}:"
        for inner, each in value.items():
            yield from _lines(inner, each, (*path, inner), notes)
        return
    text, note = f"{indent}{key}: {_scalar(value)}", notes[path]
    if note and len(text) + len(note) + 4 > WIDTH:
        yield f"{indent}# {note}"
        yield text
    else:
        yield f"{text}  # {note}" if note else text


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {each:.10g}" for key, each in value.items()) + "}"
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return f"{value:.10g}"


HEADLINES = (
    "caseload_per_fte",
    "overloaded_worker_weeks",
    "hours_per_week",
    "exhaustion",
    "absence_rate",
    "turnover_rate",
    "vacancy_rate",
    "agency_rate",
    "supervision_held",
    "assessments_within_45_days",
    "conferences_within_15_days",
    "high_risk_allocated_in_1_day",
    "unallocated_cases_mean",
    "workers_per_case",
    "total_cost",
)


def study_text(own: OwnScenario, scenario_file: str) -> str:
    """A study of the scenario to begin with: three policies of a size that fits the authority."""
    values = own.draft.values()
    area = own.figures.area
    by_team = {
        kind: 0.05 * team.get("number", 1) * team["posts"]["social_worker"]
        for kind, team in values["teams"].items()
        if team["posts"].get("social_worker")
    }
    more = "\n".join(
        f"      - {{lever: posts, role: social_worker, team: {kind}, fte: {max(fte, 0.1):.1f}}}"
        for kind, fte in by_team.items()
    )
    support = "\n".join(
        f"      - {{lever: business_support, team: {kind}, fte: {max(fte, 0.1):.1f}}}"
        for kind, fte in by_team.items()
    )
    headlines = "\n".join(f"  - {key}" for key in HEADLINES)
    return f"""\
# A study to begin with: three policies for {area.name}. Change them, add your own.
# Run it:  plimsoll run THIS_FILE --out results/{values["name"]}
name: {values["name"][:50]}_study
title: {json.dumps(f"Three ways to safer social work in {area.name}", ensure_ascii=False)}
question: Which of three policies does most for safe work and well workers, and at what cost?
scenario: {json.dumps(scenario_file)}
years: 2
replications: 20
seed: 2026
outcomes:
{headlines}
policies:
  - name: baseline
    label: The service as it is
  - name: more_social_workers
    label: One social worker post more for every twenty that hold cases
    levers:
{more}
  - name: business_support
    label: As many posts of business support instead
    levers:
{support}
  - name: retention_payment
    label: A retention payment of 4,000 pounds a year for everyone who holds cases
    levers:
      - {{lever: pay_supplement, per_year: 4000}}
"""
