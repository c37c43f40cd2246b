"""Parts of the report: cells, periods, bands, teams, colours, names in pictures."""

import math
import re
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest

from sim.drawing import BLUE, DARK, GREY, ORANGE
from sim.report.page.accessible import Drawing
from sim.report.page.cells import chance, count, difference, in_a_hundred, level
from sim.report.page.load_line import EDGE
from sim.report.page.material import Material
from sim.report.page.periods import band_in_words, dates, over_time, quarters, step_of
from sim.report.page.rows import foot, places, shortened
from sim.report.page.teams import shown_teams, sums_of
from tests.reports import hostile_study

pytestmark = pytest.mark.unit

NAN = math.nan


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("cell", "text", "value", "form"),
    [
        (level(0.8541, "share", 1), "85.4 %", 0.8541, "#,##0.0%"),
        (level(24_153_000, "pounds", -4), "£24,150,000", 24_153_000, '"£"#,##0'),
        (level(15.234, "cases", 2), "15.23", 15.234, "#,##0.00"),
        (difference(-0.0271, "share", 1), "−2.7 points", -2.71,
         '+#,##0.0" points";-#,##0.0" points";#,##0.0" points"'),
        (difference(512, "pounds", -1), "+£510", 512, '+"£"#,##0;-"£"#,##0;"£"#,##0'),
        (count(1764, "rows"), "1,764", 1764, "#,##0"),
        (chance(0.974), "97 in 100", 0.974, "#,##0.0%"),
    ],
)  # fmt: skip
def test_a_cell_is_rounded_on_the_page_and_whole_in_excel(cell, text, value, form):
    assert cell.lines == (text,)
    assert cell.value == pytest.approx(value)
    assert cell.form == form
    assert cell.is_number


def test_what_is_not_known_is_an_empty_cell():
    for cell in (level(NAN, "share", 1), difference(NAN, "cases", 1), chance(NAN)):
        assert cell.lines == ("",)
        assert cell.value is None


@pytest.mark.parametrize(
    ("probability", "said"),
    [(1.0, "over 99 in 100"), (0.9901, "over 99 in 100"), (0.99, "99 in 100"), (0.5, "50 in 100"),
     (0.01, "1 in 100"), (0.0099, "under 1 in 100"), (0.0, "under 1 in 100")],
)  # fmt: skip
def test_probabilities_are_said_as_chances(probability, said):
    assert in_a_hundred(probability) == said


# ---------------------------------------------------------------- time


def weeks_from(first: str, number: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"week": range(number), "ending": pd.date_range(first, periods=number, freq="7D")}
    )


def test_weeks_lie_in_the_quarter_that_they_end_in():
    found = quarters(weeks_from("2026-03-27", 3))
    assert found.tolist() == ["Jan–Mar 2026", "Apr–Jun 2026", "Apr–Jun 2026"]
    assert quarters(weeks_from("2026-01-02", 160)).unique().tolist() == [
        "2026", "2027", "2028", "2029",
    ]  # fmt: skip


def test_pictures_of_long_studies_take_weeks_together():
    assert [step_of(weeks) for weeks in (12, 40, 41, 208, 209)] == [1, 1, 4, 4, 13]


def test_a_step_adds_up_before_it_divides_and_a_last_one_that_is_not_whole_is_left_out():
    sums = pd.DataFrame(
        {
            "policy": "now", "replication": [0] * 5 + [1] * 5, "week": [*range(5)] * 2,
            "above": [1, 1, 4, 4, 99, 3, 3, 8, 8, 99], "below": [1, 3, 1, 1, 1] * 2,
        }
    )  # fmt: skip
    found = over_time(sums, "above", "below", 2).loc["now"]
    assert found["mean"].tolist() == [(2 / 4 + 6 / 4) / 2, (4 + 8) / 2]
    assert found["low"].tolist() == [2 / 4, 4]
    assert found["high"].tolist() == [6 / 4, 8]


def test_of_many_futures_the_band_leaves_out_the_outer_tenths():
    values = np.arange(21.0)
    sums = pd.DataFrame({"policy": "now", "replication": range(21), "week": 0, "above": values,
                         "below": 1.0})  # fmt: skip
    found = over_time(sums, "above", "below", 1).loc["now"].loc[0]
    assert (found["low"], found["mean"], found["high"]) == (2, 10, 18)
    assert band_in_words(21) == "the band in which four in five of 21 simulated futures lie"
    assert "lowest to the highest of 4" in band_in_words(4)


def test_a_step_lies_at_its_middle():
    weeks = weeks_from("2026-04-03", 8)
    assert dates(weeks, [0, 1], 4) == ["2026-04-17", "2026-05-15"]
    assert dates(weeks, [0], 1) == ["2026-04-03"]


# ---------------------------------------------------------------- teams


class WithTeams(Material):
    """Material of which only the teams are known."""

    def __init__(self, workers: dict[str, float], small_counts: bool = False) -> None:
        self.study, self.small_counts = hostile_study(), small_counts
        self.baseline = self.study.policies[0]
        self.by_team = pd.DataFrame(
            [
                {"policy": policy.name, "kind": team.rstrip("_12"), "team": team, "week": week,
                 "workers": number, "overloaded": week}
                for policy in self.study.policies
                for team, number in workers.items()
                for week in (0, 1)
            ]
        )  # fmt: skip


def labels(**asked) -> list[str]:
    return [row.label.removeprefix('Intake <b>&amp;</b> "first"') for row in
            shown_teams(WithTeams(**asked))[0]]  # fmt: skip


def test_teams_of_fewer_than_five_are_shown_together_or_not_at_all():
    large = {"intake_1": 5.0, "intake_2": 6.0, "long_term": 5.0}
    assert labels(workers=large) == [" 1", " 2", "=1+1"]
    assert labels(workers=large | {"long_term": 4.9}) == [" 1", " 2"]
    assert labels(workers={"intake_1": 4.0, "intake_2": 4.0}) == [", small teams together"]
    assert labels(workers={"intake_1": 2.0, "intake_2": 2.9}) == []
    assert labels(workers={"intake_1": 2.0, "intake_2": 2.9}, small_counts=True) == [" 1", " 2"]
    assert labels(workers=large | {"long_term": 0.0}) == [" 1", " 2"]  # it holds no cases
    (note,) = shown_teams(WithTeams(large | {"long_term": 4.9}))[1]
    assert note.text.startswith("One team has fewer than 5 workers")


def test_small_teams_together_are_added_up():
    material = WithTeams({"intake_1": 4.0, "intake_2": 3.0})
    rows, _ = shown_teams(material)
    (sums,) = sums_of(rows, material.by_team).values()
    assert sums["baseline"]["workers"].tolist() == [7, 7]
    assert sums["baseline"]["overloaded"].tolist() == [0, 2]


# ---------------------------------------------------------------- pictures


def test_long_names_keep_their_ends():
    assert shortened("Family safeguarding team 3", 30) == "Family safeguarding team 3"
    assert shortened("Children with disabilities team 12", 30) == "Children with disab…es team 12"
    assert len(shortened("x" * 50, 30)) == 30


def test_between_groups_of_rows_there_is_some_room():
    at = places(["a", "a", "b"])
    assert at[:2] == [0, 1]
    assert at[2] > 2
    assert 0 < at[2] < foot(at[2], 720) < at[2] + 1


def test_a_chart_is_one_image_whose_identifiers_are_its_own():
    points = alt.Chart(pd.DataFrame({"x": [1, 2], "said": ["<b>", "&"]}))
    chart = points.mark_line(clip=True).encode(x="x:Q", y="x:Q", color="said:N")
    drawn = str(Drawing(chart, "mine", "A <title>", "All & everything"))
    root = ElementTree.fromstring(drawn)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "mine-title mine-description")
    title, description = root[:2]
    assert (title.text, description.text) == ("A <title>", "All & everything")
    identifiers = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(identifiers) > 2  # of the title, the description, and what cuts the lines off
    assert all(each.startswith("mine-") for each in identifiers)
    used = re.findall(r"url\(#([^)]+)\)", drawn)
    assert used
    assert set(used) <= set(identifiers)
    inside = {name for each in root.iter() if each is not root for name in each.attrib}
    assert not [name for name in inside if name == "role" or name.startswith("aria-")]


def contrast(colour: str, other: str = "#ffffff") -> float:
    """The contrast of two colours, by the definition of WCAG 2.2."""
    found = []
    for each in (colour, other):
        parts = [int(each[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        found.append(float(np.dot([0.2126, 0.7152, 0.0722], linear)))
    return (max(found) + 0.05) / (min(found) + 0.05)


def test_marks_and_words_stand_out_from_the_page():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast(DARK) > 4.5
    assert all(contrast(colour) > 3 for colour in (BLUE, ORANGE, GREY, EDGE["color"]))
