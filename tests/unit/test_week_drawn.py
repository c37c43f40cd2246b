"""A week is drawn as it was: everybody's days, the reasons, and the same in words."""

import io
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from rich.console import Console

from sim.drawing import svg_and_png
from sim.report.week import (
    CELL,
    GAP,
    NAMES,
    WIDE_LETTER,
    draw_diary,
    draw_week,
    week_table,
)
from sim.report.week_timeline import timeline
from sim.report.week_words import came_from, in_cell, sentences, team_title
from sim.study.one_week import Week
from tests.services import BASELINE
from tests.small_services import lively_service

pytestmark = pytest.mark.unit

MONDAY, TUESDAY = date(2002, 5, 13), date(2002, 5, 14)
WHY = "lowest weighted workload against capacity: 1 eligible of 1 present in a team of 2"


def day(worker, on, presence="at work", **rest):
    hours = dict.fromkeys(("contracted", "overtime", "protected", "direct", "admin", "idle"), 0.0)
    plain = {
        "holds_cases": True, "fte": 1.0, "on_notice": False, "covers": False, "supervision": "",
        "caseload": 3, "load": 0.9, "late_visits": 0, "late_other": 0,
    }  # fmt: skip
    return {"worker": worker, "date": on, "presence": presence, **hours, **plain, **rest}


def a_week():
    first = {"contracted": 7.2, "protected": 1.2, "direct": 4.0, "admin": 3.0, "overtime": 1.0}
    return Week(
        lively_service(), BASELINE, 0, "intake_2",
        pd.DataFrame([
            day("Social worker 1", MONDAY, **first, supervision="put off for late work",
                late_visits=1, late_other=2),
            day("Social worker 1", TUESDAY, contracted=7.2, covers=True, late_other=1),
            day("Social worker 2, agency", MONDAY, "annual leave", fte=0.6),
            day("Social worker 2, agency", TUESDAY, "annual leave", fte=0.6),
            day("Team manager 1", MONDAY, holds_cases=False, caseload=0),
            day("Team manager 1", TUESDAY, holds_cases=False, caseload=0),
        ]),
        pd.DataFrame([
            [MONDAY, "Social worker 1", "Social worker 1", 2, "Care", "Visit", True, 0],
            [MONDAY, "Social worker 1", "Social worker 1", 1, "Care", "Visit", True, 3],
            [MONDAY, "Social worker 1", "Social worker 1", 1, "Care", "Report", False, 0],
        ], columns=["date", "worker", "holder", "case", "stage", "work", "visit", "days_late"]),
        pd.DataFrame(
            [[MONDAY, 1, "Care", "High", 2, "Social worker 1", WHY, "new referral", "", ""]],
            columns=["date", "case", "stage", "tier", "waited_days", "worker", "why", "came",
                     "former", "former_is"],
        ),
        pd.DataFrame({"date": [MONDAY, TUESDAY], "waiting": [0, 2], "waiting_high_risk": [0, 1]}),
    )  # fmt: skip


def test_a_day_in_words():
    week = a_week()
    monday, tuesday = (week.days.iloc[row].to_dict() for row in (0, 1))
    assert in_cell(week, monday) == [
        ("2 visits, 1 other (1 late)", False),
        ("1.0 h overtime", False),
        ("New case 1", False),
        ("Supervision put off: late", True),
        ("Still late: 1 visit, 2 other", True),
    ]
    assert in_cell(week, tuesday) == [
        ("Nothing finished", False),
        ("On duty for those away", False),
        ("Still late: 1 other piece", True),
    ]


def test_a_week_in_sentences():
    who, work, cases = sentences(a_week())
    assert who == "Of 2 people who hold cases 1 was at work each day."
    assert work == (
        "They made 2 visits and finished 1 other piece of work, 1 of it late, with 1 hour of "
        "overtime. At the end 1 piece of work was late."
    )
    assert cases == ("1 case was given out; at the end 2 were waiting. Supervision: 1 due, 0 held.")
    assert team_title(a_week()) == "Intake 2"


def test_the_table_has_a_row_a_person_and_a_column_a_day():
    table = week_table(a_week())
    assert list(table.index) == ["Social worker 1", "Social worker 2, agency", "Team manager 1"]
    assert list(table.columns) == ["Monday 13 May", "Tuesday 14 May"]
    assert table.loc["Social worker 2, agency", "Monday 13 May"] == "Annual leave"
    assert table.loc["Social worker 1", "Tuesday 14 May"].startswith("Nothing finished; On duty")


def said_of_timeline(week):
    console = Console(file=io.StringIO(), width=100, highlight=False)
    console.print(timeline(week))
    return " ".join(console.file.getvalue().split())


def test_the_week_as_text_day_by_day():
    said = said_of_timeline(a_week())
    monday, tuesday = said[said.index("Monday 13 May") :].split("Tuesday 14 May")
    assert monday == (
        "Monday 13 May in Social worker 1 (1.0 h overtime); Team manager 1 "
        "away Social worker 2, agency (annual leave) "
        f"new case 1: Care, high risk, to Social worker 1 after 2 days; new referral; {WHY} "
        "done 2 visits, 1 other, 1 of them late late Social worker 1: 1 visit, 2 other "
        "supervision Social worker 1: put off for late work waiting nobody in the evening "
    )
    assert tuesday == (
        " in Social worker 1 (on duty for those away); Team manager 1 "
        "away Social worker 2, agency (annual leave) done nothing finished "
        "late Social worker 1: 1 other piece waiting 2 in the evening, 1 high risk"
    )
    for sentence in sentences(a_week()):
        assert sentence in said


def test_what_looks_like_markup_is_only_text():
    week = a_week()
    hostile = week.days.assign(worker="[red]Ann[/red] [link=x]")
    assert "[red]Ann[/red] [link=x] (1.0 h" in said_of_timeline(replace(week, days=hostile))


def test_a_week_without_anybody_who_holds_cases():
    week = a_week()
    managers = replace(week, days=week.days[~week.days["holds_cases"]])
    assert sentences(managers)[0] == "Nobody who holds cases was in post."


def test_the_diary_alone_leaves_out_what_a_page_says_by_itself():
    week = a_week()
    svg = svg_and_png(draw_diary(week))[0]
    drawn = re.findall(r">([^<>]+)</(?:text|tspan)>", svg)
    assert {"Monday 13", "Social worker 2", "2 in the evening, 1", "high risk"} <= set(drawn)
    assert not {WHY, "Intake 2: the week of 13 May 2002"} & set(drawn)
    assert " ".join(sentences(week)) == draw_diary(week).description


def test_everything_stands_in_the_drawing():
    week = a_week()
    svg, png = svg_and_png(draw_week(week))
    assert png[:4] == b"\x89PNG"
    drawn = re.findall(r">([^<>]+)</(?:text|tspan)>", svg)
    for said in (
        "Intake 2: the week of 13 May 2002", "Monday 13", "Tuesday 14", "Social worker 2", "agency",
        "0.6 full-time", "3 cases, 90% of", "2 visits, 1 other", "(1 late)", "Still late: 1",
        "2 in the evening, 1", "high risk", "visit, 2 other",
        "Care, high risk, to Social worker 1 after 2 days; new referral", WHY, *sentences(week),
    ):  # fmt: skip
        assert said in drawn, said
    assert drawn.count("Annual leave") == 1  # both days as one
    assert "Subtitle text '" + " ".join(sentences(week)) in svg  # to those who do not see it


def test_bars_are_as_long_as_the_hours():
    chart = draw_week(a_week())
    boxes = chart.layer[0].data
    bar = boxes[(boxes["y2"] - boxes["y"]).round(6) == 9].iloc[3:6]  # after the legend's three
    lengths = (bar["x2"] - bar["x"]).to_numpy()
    assert lengths / lengths.sum() == pytest.approx([1.2 / 8.2, 4.0 / 8.2, 3.0 / 8.2])
    end = boxes[(boxes["y2"] - boxes["y"]).round(6) == 13].iloc[1]  # the line after the legend's
    contracted = end["x"] - bar["x"].iloc[0]
    assert contracted / lengths.sum() == pytest.approx(7.2 / 8.2)


def test_no_word_of_a_day_runs_into_the_next():
    """Letters take 0.54 of their size on average, at the most, and a day is 140 pixels wide."""
    week = a_week()
    many = pd.concat([week.allocations] * 9, ignore_index=True)
    many = many.assign(case=range(101, 110), came=["new referral"] * 5 + ["handed over"] * 4)
    texts = draw_diary(replace(week, allocations=many)).layer[1].data
    in_days = texts[(texts["x"] > NAMES) & (texts["y"] > 60)]
    assert len(in_days) > 10
    for text in in_days.to_dict("records"):
        place = (text["x"] - NAMES) // (CELL + GAP)
        end = text["x"] + WIDE_LETTER * text["size"] * len(text["said"])
        assert end <= NAMES + place * (CELL + GAP) + CELL, text["said"]


def test_new_cases_and_those_taken_over_are_told_apart_and_all_named_in_the_table():
    week = a_week()
    nine = pd.concat([week.allocations] * 9, ignore_index=True).assign(
        case=range(1, 10), came=["new referral"] * 5 + ["handed over"] * 4,
        former=[""] * 5 + ["Social worker 6"] * 4, former_is=[""] * 5 + ["has left"] * 4,
    )  # fmt: skip
    week = replace(week, allocations=nine)
    monday = week.days.iloc[0].to_dict()
    assert [said for said, _ in in_cell(week, monday)][2:4] == [
        "New cases 1, 2, 3, 4, 5", "Taken over: cases 6, 7, 8, 9"
    ]  # fmt: skip
    assert [said for said, _ in in_cell(week, monday, 3)][2:4] == [
        "New cases 1, 2 and 3 more", "Taken over: cases 6, 7 and 2 more"
    ]  # fmt: skip
    assert "Taken over: cases 6, 7, 8, 9" in week_table(week).loc["Social worker 1"].iloc[0]
    assert sentences(week)[2].startswith(
        "9 cases were given out: 5 of them new; 4 handed over from Social worker 6, who has left; "
    )
    first, *_, last = nine.to_dict("records")
    assert came_from(first) == "new referral"
    assert came_from(last) == "handed over, from Social worker 6, who has left"
    assert came_from({**last, "came": "next stage"}).startswith("next stage, from Social worker 6")


def test_on_a4_no_letter_of_the_diary_is_smaller_than_seven_points():
    """Printed it is as wide as the sheet less its margins, 178 mm."""
    chart = draw_diary(a_week())
    whole_week = NAMES + 5 * (CELL + GAP)
    smallest = chart.layer[1].data["size"].min()
    millimetres = smallest * 178 / whole_week
    assert millimetres * 72 / 25.4 >= 7
