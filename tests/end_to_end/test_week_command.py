"""`plimsoll week`, as a person uses it."""

import re

import pytest

from sim import Study
from sim.report.week_words import sentences, team_title
from tests import stand_ins

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("week")
    stand_ins.write_small_study(folder)
    return folder


def words(text):
    return " ".join(text.split())


def test_the_week_of_a_study_is_told_and_drawn(plimsoll, folder):
    study = Study.from_yaml(folder / "study.yaml")
    (team,) = study.file.scenario.teams
    third = study.file.scenario.start_date.replace(day=15)
    found = study.week(team, third)
    code, said, _ = plimsoll("week", "study.yaml", "--out", "week.html")
    assert code == 0
    for sentence in sentences(found):
        assert sentence in words(said)
    assert words(said).startswith(f"{team_title(found)}: the week of 13 April 2026")
    days = re.findall(r"^(\w+day) \d", said, re.MULTILINE)
    assert days == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    page = (folder / "week.html").read_text(encoding="utf-8")
    assert page.count("<h1") == page.count('role="img"') == 1
    assert "<nav" not in page
    assert all(reason in page for reason in found.allocations["why"])

    assert plimsoll("week", "study.yaml", "--out", "week.html")[0] == 0  # ours is replaced
    for _ in range(2):
        code, _, _ = plimsoll("week", "study.yaml", "--out", "week.svg")
        assert code == 0
    drawing = (folder / "week.svg").read_text(encoding="utf-8")
    assert drawing.startswith("<svg")
    assert "the week of 13 April 2026" in drawing


def test_another_policy_week_and_future_and_a_scenario(plimsoll):
    told = {
        options: plimsoll("week", *options.split())[1]
        for options in (
            "study.yaml --week 20",
            "study.yaml --week 20 --policy more_posts",
            "study.yaml --week 20 --replication 1",
            "study.yaml --week 21",
            "small.yaml --week 20",
        )
    }
    assert len(set(told.values())) == len(told)
    assert all("Monday" in said for said in told.values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("studdy.yaml", ["studdy.yaml"]),
        ("demmo", ["did you mean 'demo'?"]),
        (
            "study.yaml --team nobody --week 0 --policy most --replication -1",
            ["--team: there is", "--week: the run", "--policy: there is", "--replication: not"],
        ),
        ("study.yaml --week 9999", ["--week: the run has no such week", "1 to "]),
        ("small.yaml --policy more_posts", ["--policy: there is no such policy"]),
        ("study.yaml --out week.png", ["--out: a week is written", ".svg"]),
        ("study.yaml --out nowhere/week.svg", ["nowhere"]),
        ("study.yaml --out letter.html", ["letter.html: this file is not one of ours"]),
        ("study.yaml --out letter.svg", ["letter.svg: this file is not one of ours"]),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(plimsoll, folder, arguments, said):
    for name in ("letter.html", "letter.svg"):
        (folder / name).write_text("dear", encoding="utf-8")
    before = {file: file.read_bytes() for file in folder.iterdir()}
    code, printed, complaint = plimsoll("week", *arguments.split())
    assert (code, printed) == (2, "")
    assert "Traceback" not in complaint
    for part in said:
        assert part in complaint
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_a_team_without_cases_has_no_such_week(plimsoll):
    code, _, complaint = plimsoll("week", "demo", "--team", "wider_service")
    assert (code, "no such team with cases" in complaint) == (2, True)
    assert "wider_service" not in complaint.partition("accepted")[2].partition("remedy")[0]
