"""`plimsoll report`, and the report that each run leaves behind."""

from unittest import mock

import openpyxl
import pytest

from sim.scenario.problems import InputError, Problem
from sim.study.results import Results
from tests import reports, stand_ins

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with results of a study under results/first."""
    top = tmp_path_factory.mktemp("reported")
    reports.run(top / "results" / "first", replications=2, tables=())
    return top


def test_the_report_goes_into_the_folder_of_results_or_where_it_is_asked_for(plimsoll, folder):
    code, out, _ = plimsoll("report", "results/first")
    assert (code, out) == (0, "Report: results/first/report.html\n")
    code, out, _ = plimsoll("report", "results/first", "--out", "mine.html", "--xlsx", "mine.xlsx",
                            "--small-counts")  # fmt: skip
    assert (code, out) == (0, "Report: mine.html\nTables: mine.xlsx\n")
    assert "Turnover of newly qualified" in (folder / "mine.html").read_text()
    assert openpyxl.load_workbook(folder / "mine.xlsx").sheetnames[0] == "contents"


def test_what_cannot_be_reported_or_written_is_refused_and_nothing_is_left(plimsoll, folder):
    (folder / "minutes.html").write_text("keep")
    before = sorted(folder.rglob("*"))
    for arguments, said in (
        (("nowhere",), "there is no such folder"),
        (("results",), "holds no finished results"),
        (("results/first", "--out", "minutes.html"), "not one of ours"),
        (("results/first", "--out", "nowhere/report.html"), "cannot write here"),
        (("results/first", "--xlsx", "tables.csv"), "--xlsx: not the name of an Excel file"),
    ):
        code, out, err = plimsoll("report", *arguments)
        assert (code, out) == (2, ""), arguments
        assert said in err
    assert (folder / "minutes.html").read_text() == "keep"
    assert sorted(folder.rglob("*")) == before


def test_a_run_leaves_a_report_and_says_where(plimsoll, folder):
    stand_ins.write_small_study(folder)
    asked = ("run", "study.yaml", "--replications", "2", "--years", "0.1", "--jobs", "1")
    code, out, _ = plimsoll(*asked, "--out", "ran")
    assert code == 0
    assert out.endswith("Results: ran\nReport: ran/report.html\n")
    assert (folder / "ran" / "report.html").stat().st_size > 50_000
    full = InputError(Problem("cannot write here: No space left on device", file="ran"))
    with mock.patch("sim.report.page.write_report", side_effect=full):
        code, out, err = plimsoll(*asked, "--out", "ran")  # the results are whole without it
    assert code == 0
    assert out.endswith("Results: ran\n")
    assert "Warning: no report: ran: cannot write here: No space left on device" in err
    assert not (folder / "ran" / "report.html").exists()  # an older one is not of these results
    assert Results(folder / "ran").outcomes is not None
