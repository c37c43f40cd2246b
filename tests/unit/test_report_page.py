"""The report: for everybody, escaped, with nobody to be known in it, and the numbers as stored."""

import itertools
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from sim.report.changes import changes_of, unit
from sim.report.explanation_files import write_explanation
from sim.report.numbers import change
from sim.report.page import write_report
from sim.report.page.a_week import a_week
from sim.report.page.blocks import Note, Picture
from sim.report.page.caseload_and_waiting import clearly_other
from sim.report.page.demand import demand
from sim.report.page.load_line import load_line
from sim.report.page.material import Material
from sim.report.page.writing import compose, page
from sim.scenario.position.content import PositionFiles
from sim.scenario.problems import InputError
from sim.study.explaining import explain
from sim.study.results import Results
from tests import reports
from tests.small_services import lively_service

pytestmark = pytest.mark.unit

ORDER = ["question", "answer", "policies", "load-line", "demand", "over-time", "cost-and-safety",
         "fairness", "why", "week", "method", "assumptions", "details"]  # fmt: skip
FOR_EVERYBODY = ORDER[: ORDER.index("method")]
JARGON = re.compile(r"replication|\bseed|\bCIs?\b|p-value|confidence|warm-up", re.IGNORECASE)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    found = reports.run(tmp_path_factory.mktemp("report") / "found")
    explanation = explain(found.folder, "support", ["expected_incidents"], replications=2, jobs=1)
    write_explanation(explanation, found.folder / "why-support")
    return found


@pytest.fixture(scope="module")
def sections(results):
    return compose(results)


@pytest.fixture(scope="module")
def text(results, sections) -> str:
    return page(results, sections)


# ---------------------------------------------------------------- what is in it


def test_the_sections_are_there_in_their_order_and_can_be_reached(text):
    assert re.findall(r'<section id="([^"]+)"', text) == ORDER
    assert re.findall(r'<li><a href="#([^"]+)">', text) == ORDER
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_identifiers_are_used_once_and_references_lead_somewhere(text):
    identifiers = re.findall(r'\bid="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))
    used = re.findall(r'aria-labelledby="([^"]+)"|href="#([^"]+)"|url\(#([^)]+)\)', text)
    assert {name for names in used for name in " ".join(names).split()} <= set(identifiers)


def test_the_answer_has_three_sentences(sections):
    lead = sections[1].blocks[0]
    assert len(lead.sentences) == 3
    assert all(sentence.endswith(".") for sentence in lead.sentences)


def test_what_comes_before_the_method_is_for_everybody(sections, results):
    for name in FOR_EVERYBODY:
        words = reports.text_of(reports.section_of(page(results, sections), name))
        assert not JARGON.search(words), (name, JARGON.search(words))


def test_no_command_and_no_setting_stands_before_the_method(sections, bare):
    for name, of_study in (("kept", sections), ("not kept", compose(bare))):
        before = of_study[: [each.name for each in of_study].index("method")]
        notes = [block for each in before for block in each.blocks if isinstance(block, Note)]
        assert not [note.command for note in notes if note.command], name
        assert notes, name


def test_it_needs_no_network_and_no_script_and_is_small(text):
    assert not re.search(r"<script|<link|@import|\bon\w+=|<iframe|<img", text)
    addresses = re.findall(r'(?:src|href)="([^#"][^"]*)"', text)
    assert addresses == []
    assert len(text.encode()) < 3_000_000


def test_every_picture_says_what_it_shows_and_has_its_numbers(text, sections):
    pictures = [b for section in sections for b in section.blocks if isinstance(b, Picture)]
    assert len(pictures) == 10  # teams, demand, caseload, waiting, cost, three of fairness, two why
    assert text.count('role="img"') == 2 * len(pictures)
    for each in pictures:
        assert len(each.table.rows) > 0
        for svg in map(str, (each.wide, each.narrow)):
            first, second = re.findall(r"<(title|desc) id", svg)[:2]
            assert (first, second) == ("title", "desc")
            said = reports.text_of(svg)
            assert each.description in said
            assert not re.search(r'role="graphics|aria-(?!labelledby)', svg)
    assert text.count("The numbers behind this picture") == len(pictures)


def test_the_same_results_give_the_same_bytes(results, text, tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\nfrom sim.report.page import write_report\n"
        "from sim.study.results import Results\n"
        "write_report(Results(sys.argv[1]), Path(sys.argv[2]))"
    )
    other = shutil.copytree(results.folder, tmp_path / "moved")
    subprocess.run([sys.executable, "-c", code, str(other), str(tmp_path / "two.html")],
                   check=True, env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"})  # fmt: skip
    assert (tmp_path / "two.html").read_text() == text


# ---------------------------------------------------------------- escaping


def test_what_users_write_is_text_and_nothing_else(text):
    assert "alert('x')" not in text  # nowhere as it was written
    assert "<b>&amp;" not in text
    seen = reports.text_of(text)
    assert reports.HOSTILE in seen
    assert f"{reports.TEAM}, small teams together" in seen


# ---------------------------------------------------------------- numbers


def test_the_numbers_are_those_of_the_comparisons(results, text):
    rows = reports.cells_of(reports.section_of(text, "policies"))
    told = {(row[0], row[1]): row for row in rows if len(row) == 9}
    checked = 0
    for policy, name in (("support", "Support"), ("posts", "Posts")):
        for each in changes_of(results.comparisons, policy):
            key = (f"{each.outcome.label} {each.outcome.unit}", name)
            if key not in told:
                continue
            kind = unit(each.outcome)
            written = [change(value, kind, each.places) for value in
                       (each.difference, each.low, each.high)]  # fmt: skip
            assert told[key][4:7] == written
            assert told[key][8] == each.sure
            checked += 1
    assert checked == 2 * 8  # five headline outcomes that may be shown, and three of fairness


def test_the_load_of_teams_adds_up_to_the_outcome(results, text):
    rows = reports.cells_of(reports.section_of(text, "load-line"))
    (now,) = [row[-1] for row in rows if row[0].endswith("small teams together")][:1]
    weeks = results.team_weeks.query("policy == 'baseline' and week >= 0 and kind == 'intake'")
    share = weeks["overloaded_weeks"].sum() / weeks["worker_weeks"].sum()
    assert now == f"{100 * share:.0f} %"


def test_one_range_of_demand_is_drawn_said_and_written(results):
    """The band of the picture: text and table have its ends, and no other."""
    (drawn,) = [b for b in demand(Material(results)).blocks if isinstance(b, Picture)]
    lows, highs = ([row[place].value for row in drawn.table.rows] for place in (2, 3))
    assert f"begins at {min(lows):.0f} a week" in drawn.description
    assert f"ends at {max(highs):.0f}." in drawn.description
    weeks = results.team_weeks.query("policy == 'baseline' and week >= 0")
    by_week = weeks.groupby(["replication", "week"])["arrivals"].sum().unstack("week")
    assert lows == pytest.approx(by_week.min().tolist())
    assert highs == pytest.approx(by_week.max().tolist())
    assert "lowest to the highest of 3" in drawn.table.caption
    assert "lowest to the highest of 3" in drawn.title


def test_the_safe_share_is_drawn_and_its_owner_named(results, tmp_path):
    line = {"overloaded_worker_weeks": {"value": 0.125, "source": "Our board <1>."}}
    with_line = reports.run(tmp_path / "found", safe_lines=line, replications=2)
    for found, drawn in ((with_line, True), (results, False)):
        section = load_line(Material(found))
        said = section.blocks[0].text
        (picture,) = [each for each in section.blocks if isinstance(each, Picture)]
        assert ("12.5 % of workers overloaded: Our board <1>." in said) == drawn
        assert ("safe share, 12.5 %" in reports.text_of(str(picture.wide))) == drawn
        assert ("safe share, 12.5 %" in reports.text_of(str(picture.narrow))) == drawn
        assert ("Above the safe share of 12.5 %: " in picture.description) == drawn


def test_policies_are_named_at_the_end_of_a_picture_only_if_they_clearly_differ():
    ends = pd.DataFrame(
        {"now": [5.0, 6.0, 7.0], "same": [5.1, 5.8, 7.2], "less": [4.0, 5.1, 5.9],
         "least": [3.0, 4.1, 4.9]}
    )  # fmt: skip
    labels = {name: name.capitalize() for name in ends if name != "now"}
    assert clearly_other(ends, labels, "now", "cases") == " Farthest below that: Least, by 2.0."
    assert clearly_other(ends, {"same": "Same"}, "now", "cases") == (
        " No policy ends clearly above or below that."
    )
    assert clearly_other(14 - ends, {"less": "Less"}, "now", "cases") == (
        " Farthest above that: Less, by 1.0."
    )


# ---------------------------------------------------------------- small counts


def test_few_workers_are_not_shown_unless_asked_for(results, sections, text):
    assert "Turnover of newly qualified" not in text
    assert "=1+1" not in reports.text_of(text)  # a team of less than five
    assert "One team has fewer than 5 workers" in text
    everything = page(results, compose(results, small_counts=True))
    assert "Turnover of newly qualified" in everything
    seen = reports.text_of(everything)
    assert "=1+1" in seen
    assert f"{reports.TEAM} 2" in seen
    assert "fewer than 5 workers" not in everything
    assert "No team has enough workers to be shown by itself" in text
    week = reports.section_of(everything, "week")
    assert week.count('role="img"') == 1
    assert "Nobody in it is a real person" in week
    heading, *people = reports.cells_of(week)
    assert heading[1].startswith("Monday ")
    assert people[0][0] == "Social worker 1"
    assert "<script" not in week


class WithRealStart(Material):
    """Material of a study that begins with a real service's lists, of which no more is asked."""

    def __init__(self):
        files = PositionFiles(workbook="lists.xlsx")
        scenario = lively_service().model_copy(update={"start": files})
        self.study = reports.hostile_study().model_copy(update={"scenario": scenario})


def test_the_week_of_real_people_is_not_drawn():
    (note,) = a_week(WithRealStart()).blocks
    assert "real people" in note.text


# ---------------------------------------------------------------- what is not there


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Results:
    return reports.run(tmp_path_factory.mktemp("bare") / "found", replications=1, tables=())


def test_what_is_not_stored_is_said_with_the_remedy(bare):
    text = reports.text_of(page(bare, compose(bare)))
    not_kept = "The weekly numbers of the teams were not kept"
    assert text.count(not_kept) == 5  # of teams, demand, time, fairness, a week
    assert "How the load lies on single workers was not kept" in text
    method = reports.text_of(reports.section_of(page(bare, compose(bare)), "method"))
    assert "tables: [team_weeks, worker_loads]" in method
    assert "plimsoll explain DIR --policy support" in method
    assert "plimsoll report DIR --small-counts" in method
    assert "the study cannot tell how sure that is" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_a_report_replaces_a_report_and_nothing_else(bare, tmp_path):
    mine = tmp_path / "minutes.html"
    mine.write_text("<!DOCTYPE html><title>Minutes</title>")
    with pytest.raises(InputError, match="not one of ours"):
        write_report(bare, mine)
    assert "Minutes" in mine.read_text()
    first = write_report(bare, tmp_path / "mine.html")
    assert write_report(bare, first) == first
    with pytest.raises(InputError, match="cannot write here"):
        write_report(bare, tmp_path / "nowhere" / "report.html")
    with pytest.raises(InputError, match="cannot write here"):
        write_report(bare, tmp_path)
