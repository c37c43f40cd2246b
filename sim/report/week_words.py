"""A team's week in words: what stands in a day of the diary, and what the week was like."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pandas as pd

from sim.scenario.service import teams_by_name
from sim.study.one_week import Week
from sim.study.one_week.origins import HANDED_OVER, HAS_LEFT, IS_LEAVING

ABSENCES = {
    "annual leave": "Annual leave",
    "training": "Training day",
    "short sickness": "Ill",
    "long sickness": "Ill, for weeks",
    "parental leave": "Parental leave",
    "not in post": "Not in post",
    "vacant": "Vacant",
}
SUPERVISION = {
    "held": ("Supervision", False),
    "put off for late work": ("Supervision put off: late", True),
    "put off for want of a manager": ("Supervision: no manager", True),
    "missed": ("Supervision missed", True),
}
BECAME = {
    HAS_LEFT: "has left",
    IS_LEAVING: "is leaving",
    "short sickness": "is ill",
    "long sickness": "is ill, for weeks",
    "parental leave": "is on parental leave",
}
"""What became of somebody whose case was handed over."""
WORTH_SAYING = 0.25  # hours of overtime


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each as a mapping from its columns."""
    return cast(list[dict[str, Any]], table.to_dict("records"))


def day_name(day: date) -> str:
    """Write a day as "Monday 9 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def long_date(day: date) -> str:
    """Write a date as "9 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def team_title(week: Week) -> str:
    """The team as people call it, with its number where there are several of a kind."""
    kind = teams_by_name(week.scenario)[week.team]
    number = week.team.removeprefix(kind).replace("_", " ")
    return week.scenario.teams[kind].label + number


def on_the_list(days: list[dict[str, Any]]) -> list[str]:
    """What stands below a person's name: their hours, and what they hold on their last day."""
    in_post = [day for day in days if day["fte"] == day["fte"]]
    last = in_post[-1]
    said = [] if last["fte"] == 1 else [f"{last['fte']:g} full-time equivalent"]
    if last["caseload"] and last["caseload"] > 0:
        said.append(f"{counted(int(last['caseload']), 'case')}, {last['load']:.0%} of capacity")
    if last["on_notice"]:
        said.append("on notice")
    return said


def in_cell(week: Week, day: dict[str, Any], most: int | None = None) -> list[tuple[str, bool]]:
    """The lines of somebody's day at work, and whether each is a warning.

    Parameters
    ----------
    week, day
        The day is a row of the week's `days`.
    most
        As many cases as are named in a line; all of them when left out.
    """
    if not day["holds_cases"]:
        return [("At work", False)]
    work = week.work[(week.work["date"] == day["date"]) & (week.work["worker"] == day["worker"])]
    lines = [_done(work)]
    if day["overtime"] >= WORTH_SAYING:
        lines.append((f"{day['overtime']:.1f} h overtime", False))
    new = week.allocations[
        (week.allocations["date"] == day["date"]) & (week.allocations["worker"] == day["worker"])
    ]
    for taken_over, what in ((False, "New case"), (True, "Taken over: case")):
        cases = new.loc[(new["came"] == HANDED_OVER) == taken_over, "case"].tolist()
        if cases:
            lines.append((f"{what}{'s' * (len(cases) > 1)} {_numbers(cases, most)}", False))
    if day["covers"]:
        lines.append(("On duty for those away", False))
    if day["supervision"]:
        lines.append(SUPERVISION[day["supervision"]])
    late = late_words(day)
    if late:
        lines.append((f"Still late: {late}", True))
    return lines


def _numbers(cases: list[int], most: int | None) -> str:
    """Write the numbers of cases: "1, 2, 3", or "1, 2 and 6 more"."""
    named = cases if most is None or len(cases) <= most else cases[: most - 1]
    said = ", ".join(map(str, named))
    return said if len(named) == len(cases) else f"{said} and {len(cases) - len(named)} more"


def _done(work: pd.DataFrame) -> tuple[str, bool]:
    visits = int(work["visit"].sum())
    late = int((work["days_late"] > 0).sum())
    done = pieces_words(visits, len(work) - visits)
    if not done:
        return "Nothing finished", False
    return f"{done}{f' ({late} late)' if late else ''}", False


def late_words(day: dict[str, Any]) -> str:
    """Say what is overdue at the end of somebody's day; nothing if nothing is."""
    return pieces_words(int(day["late_visits"]), int(day["late_other"]))


def given_words(row: dict[str, Any]) -> str:
    """Say which case was given to whom, how long it had waited, and where it came from."""
    waited = row["waited_days"]
    after = "on the day" if waited == 0 else f"after {counted(waited, 'day')}"
    what = f"{row['stage']}, {row['tier'].lower()} risk, to {row['worker']} {after}"
    return f"{what}; {came_from(row)}"


def came_from(row: dict[str, Any]) -> str:
    """Say where a case came from: "handed over from Social worker 6, who has left"."""
    if not row["former"]:
        return str(row["came"])
    said = "next stage" if row["came"] != HANDED_OVER else "handed over"
    became = BECAME.get(row["former_is"], "")
    return f"{said}, from {row['former']}{f', who {became}' if became else ''}"


def given_sentences(week: Week) -> str:
    """Say how many cases were given out, how many of them were new, and who handed over most."""
    given = week.allocations
    over = given[given["came"] == HANDED_OVER]
    said = f"{counted(len(given), 'case')} {_was(len(given))} given out"
    if over.empty:
        return said
    new = len(given) - len(over)
    parts = []
    for (former, former_is), cases in over.groupby(["former", "former_is"], sort=False):
        became = BECAME.get(str(former_is), "")
        who = f"{former}{f', who {became}' if became else ''}"
        parts.append(f"{len(cases)} handed over from {who}")
    parts.insert(0, f"{new or 'none'} of them new")
    return f"{said}: {'; '.join(parts)}"


def waiting_words(row: dict[str, Any]) -> str:
    """Say how many wait for a worker in the evening."""
    high = row["waiting_high_risk"]
    said = f"{row['waiting']} in the evening" if row["waiting"] else "nobody in the evening"
    return said + (f", {high} high risk" if high else "")


def pieces_words(visits: int, others: int) -> str:
    """Say how many visits and other pieces of work there are; nothing if there are none."""
    said = [counted(visits, "visit")] if visits else []
    if others:
        said.append(f"{others} other" if visits else counted(others, "other piece"))
    return ", ".join(said)


def counted(number: int, what: str) -> str:
    """Write "1 case" or "2 cases"."""
    return f"{number} {what}{'s' * (number != 1)}"


def said_of(week: Week, day: dict[str, Any]) -> str:
    """Somebody's day in words, for a table."""
    if day["presence"] != "at work":
        return ABSENCES[day["presence"]]
    return "; ".join(said for said, _ in in_cell(week, day))


def sentences(week: Week) -> list[str]:
    """Say what the week was like."""
    holders = week.days[week.days["holds_cases"]]
    last = holders[holders["date"] == holders["date"].max()]
    visits = int(week.work["visit"].sum())
    others = counted(len(week.work) - visits, "other piece")
    late = int((week.work["days_late"] > 0).sum())
    overtime = counted(round(holders["overtime"].sum()), "hour")
    still = int(last["late_visits"].sum() + last["late_other"].sum())
    waiting = int(week.waiting["waiting"].iloc[-1])
    return [
        _who_was_in(week),
        f"They made {counted(visits, 'visit')} and finished {others} of work, {late or 'none'} of "
        f"it late, with {overtime} of overtime. At the end "
        f"{counted(still, 'piece')} of work {_was(still)} late.",
        f"{given_sentences(week)}; at the end {waiting or 'nobody'} "
        f"{_was(waiting or 1)} waiting. {_supervision(holders)}",
    ]


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _who_was_in(week: Week) -> str:
    holders = week.days[week.days["holds_cases"]]
    if holders.empty:
        return "Nobody who holds cases was in post."
    is_in = holders["presence"] == "at work"
    a_day = is_in.groupby(holders["date"]).sum()
    least, most = int(a_day.min()), int(a_day.max())
    numbers = f"{least}" if least == most else f"{least} to {most}"
    vacant = week.days[week.days["presence"] == "vacant"]["worker"].nunique()
    posts = f"; {counted(vacant, 'post')} stood vacant" if vacant else ""
    return (
        f"Of {holders['worker'].nunique()} people who hold cases {numbers} {_was(most)} at "
        f"work each day{posts}."
    )


def _supervision(holders: pd.DataFrame) -> str:
    of_worker = holders.groupby("worker")["supervision"].agg(set)
    held = sum("held" in said for said in of_worker)
    due = sum(bool(said - {""}) for said in of_worker)
    if not due:
        return "Nobody was due for supervision."
    return f"Supervision: {due} due, {held} held."
