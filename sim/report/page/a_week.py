"""A week, drawn: a team's days in one simulated future, for those who know what weeks are like."""

from __future__ import annotations

from sim.report.page.accessible import Drawing
from sim.report.page.blocks import Block, Column, Folded, Note, Picture, Section, Table, Text
from sim.report.page.cells import words
from sim.report.page.material import Material
from sim.report.page.missing import no_team_weeks
from sim.report.page.teams import shown_teams, sums_of
from sim.report.week import draw_diary, week_table
from sim.report.week_words import (
    counted,
    given_words,
    long_date,
    records,
    sentences,
    team_title,
)
from sim.scenario.position.content import PositionFiles
from sim.scenario.problems import InputError
from sim.study.one_week import Week, week_of_run

FIRST = 2  # not the first weeks: of a real spring, as of any, they are not the usual ones
WHOLE = 5  # working days


def a_week(material: Material) -> Section:
    """Compose the section."""
    return Section("week", "A week, drawn", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    if isinstance(material.study.scenario.start, PositionFiles):
        return [Note("This study begins with real people: their week is not shown.")]
    if not material.has("team_weeks"):
        return [no_team_weeks()]
    team = _usual_team(material)
    if team is None:
        return [Note("No team has enough workers to be shown by itself.")]
    try:
        week = _usual_week(material, team)
    except InputError as error:  # as of results of another version
        return [Note(f"The week cannot be simulated again: {error.problems[0].message}.")]
    return [
        Text(
            "One week of one simulated future, in the team whose load is nearest to that of the "
            "whole service. Nobody in it is a real person."
        ),
        *blocks_of(week),
    ]


def blocks_of(week: Week) -> list[Block]:
    """Compose a week: its diary, drawn and in words, and what was given to whom and why."""
    return [_picture(week), _given(week)]


def _usual_team(material: Material) -> str | None:
    """The team whose overloaded share is nearest to that of all."""
    rows, _ = shown_teams(material)
    single = [row for row in rows if len(row.names) == 1]
    if not single:
        return None
    sums = {
        row.names[0]: table[material.baseline.name].sum()
        for row, table in zip(single, sums_of(single, material.of_baseline).values(), strict=True)
    }
    shares = {name: sum_["overloaded"] / sum_["workers"] for name, sum_ in sums.items()}
    whole = sum(s["overloaded"] for s in sums.values()) / sum(s["workers"] for s in sums.values())
    return min(shares, key=lambda name: abs(shares[name] - whole))


def _usual_week(material: Material, team: str) -> Week:
    weeks = material.weeks
    whole = weeks[(weeks["days"] == WHOLE) & (weeks["week"] >= FIRST)]
    chosen = (whole if len(whole) else weeks)["ending"].iloc[0]
    return week_of_run(
        material.results.folder, material.baseline.name, 0, team=team, week_of=chosen.date()
    )


def _picture(week: Week) -> Picture:
    title = f"{team_title(week)}, the week of {long_date(min(week.days['date']))}"
    table = week_table(week)
    numbers = Table(
        "a week",
        "The same week in words",
        (Column("Person"), *(Column(str(day)) for day in table.columns)),
        tuple(
            (words(str(person)), *(words(str(text)) for text in row))
            for person, row in zip(table.index, table.itertuples(index=False), strict=True)
        ),
    )
    description = " ".join(sentences(week))
    drawn = Drawing(draw_diary(week), "week-drawn", title, description)
    return Picture("week-drawn", title, description, drawn, None, numbers)


def _given(week: Week) -> Folded | Note:
    rows = tuple(
        (
            words(f"{row['case']}, {row['date']:%A}"),
            words(given_words(row)),
            words(str(row["why"])),
        )
        for row in records(week.allocations)
    )
    if not rows:
        return Note("No case was given out in that week.")
    columns = (Column("Case"), Column("What, and to whom"), Column("Why to this worker"))
    table = Table("cases given out in a week", "What was given out, and why to whom", columns, rows)
    return Folded(f"{counted(len(rows), 'case')} given out, and why to whom", table)
