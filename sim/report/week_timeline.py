"""A team's week as text, day by day: who was in, what was given to whom and why, what was late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.week_words import (
    ABSENCES,
    WORTH_SAYING,
    day_name,
    given_words,
    late_words,
    long_date,
    pieces_words,
    records,
    sentences,
    team_title,
    waiting_words,
)
from sim.study.one_week import Week

LABELS = 13  # characters
WARNING = "bold yellow"


def timeline(week: Week) -> RenderableType:
    """Compose the week for `rich`."""
    parts: list[RenderableType] = [
        Text(f"{team_title(week)}: the week of {long_date(min(week.days['date']))}", style="bold"),
        Text(f"{week.scenario.title}. {week.policy.label}. One simulated future: nobody is real."),
        Text(),
        *(Text(said) for said in sentences(week)),
    ]
    for day in week.waiting["date"]:
        of_day = week.days[week.days["date"] == day]
        parts += [Text(), Text(day_name(day), style="bold"), _day(week, day, of_day)]
    return Group(*parts)


def _day(week: Week, day: date, of_day: pd.DataFrame) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=LABELS)
    grid.add_column()
    people = records(of_day)
    rows = [
        ("in", "; ".join(_in(each) for each in people if each["presence"] == "at work"), ""),
        ("away", "; ".join(_away(each) for each in people if each["presence"] in AWAY), ""),
        *(("new case", said, "") for said in _given(week, day)),
        ("done", _done(week, day), ""),
        ("late", "; ".join(_late(people)), WARNING),
        ("supervision", "; ".join(_supervision(people)), ""),
        ("waiting", _waiting(week, day), ""),
    ]
    for label, said, style in rows:
        if said:
            grid.add_row(Text(f"  {label}"), Text(said, style=style))
    return grid


AWAY = set(ABSENCES) - {"not in post"}


def _in(person: dict[str, Any]) -> str:
    notes = ["on duty for those away"] if person["covers"] else []
    if person["holds_cases"] and person["overtime"] >= WORTH_SAYING:
        notes.append(f"{person['overtime']:.1f} h overtime")
    return str(person["worker"]) + (f" ({', '.join(notes)})" if notes else "")


def _away(person: dict[str, Any]) -> str:
    if person["presence"] == "vacant":
        return str(person["worker"])
    return f"{person['worker']} ({ABSENCES[person['presence']].lower()})"


def _given(week: Week, day: date) -> list[str]:
    of_day = week.allocations[week.allocations["date"] == day]
    return [f"{row['case']}: {given_words(row)}; {row['why']}" for row in records(of_day)]


def _done(week: Week, day: date) -> str:
    work = week.work[week.work["date"] == day]
    visits, late = int(work["visit"].sum()), int((work["days_late"] > 0).sum())
    done = pieces_words(visits, len(work) - visits)
    return f"{done or 'nothing finished'}{f', {late} of them late' if late else ''}"


def _late(people: list[dict[str, Any]]) -> list[str]:
    said = ((each["worker"], late_words(each)) for each in people if each["presence"] == "at work")
    return [f"{worker}: {late}" for worker, late in said if late]


def _supervision(people: list[dict[str, Any]]) -> list[str]:
    return [f"{each['worker']}: {each['supervision']}" for each in people if each["supervision"]]


def _waiting(week: Week, day: date) -> str:
    (row,) = records(week.waiting[week.waiting["date"] == day])
    return waiting_words(row)
