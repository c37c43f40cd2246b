"""What a person asks of stored results at the command line, and what they are told."""

from unittest import mock

import pandas as pd
import pytest

from sim.scenario.study_file import StudyFile
from sim.study.running import run_study
from tests.services import BASELINE
from tests.small_services import lively_service, policy

pytestmark = pytest.mark.end_to_end

MORE = policy({"lever": "business_support", "fte": 2})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with two studies under results/."""
    top = tmp_path_factory.mktemp("asked")
    for name, replications in (("first", 3), ("second", 2)):
        study = StudyFile(
            name=name, title=f"The {name} study", question="Why?", scenario=lively_service(),
            policies=(BASELINE, MORE), years=0.3, replications=replications, seed=1,
            outcomes=("caseload_per_fte", "hours_per_week", "total_cost"),
        )  # fmt: skip
        run_study(study, jobs=1, out=top / "results" / name)
    return top


def test_results_lists_shows_and_compares(plimsoll):
    code, out, _ = plimsoll("results")
    assert code == 0
    assert "results/first" in out
    assert "The second study" in out
    code, out, _ = plimsoll("results", "results/first")
    assert code == 0
    assert "All policies at a glance" not in out
    code, full, _ = plimsoll("results", "results/first", "--full")
    assert code == 0
    assert "All policies at a glance" in full
    assert len(full.splitlines()) > len(out.splitlines())
    code, out, err = plimsoll("results", "results/first", "results/second")
    assert (code, err) == (0, "")  # the same scenario, seed and versions: nothing to warn of
    assert out.count("Hours worked a week") == 2
    assert plimsoll("results", "results", "results", "results")[0] == 2
    code, _, err = plimsoll("results", "nowhere")
    assert code == 2
    assert "there is no such folder" in err


def test_results_go_into_excel(plimsoll, folder):
    code, out, _ = plimsoll("results", "results/first", "--excel", "first.xlsx")
    assert (code, out) == (0, "Written: first.xlsx\n")
    assert "comparisons" in pd.ExcelFile(folder / "first.xlsx").sheet_names
    code, _, err = plimsoll("results", "results/first", "--excel", "first.csv")
    assert code == 2
    assert "--excel" in err
    code, _, err = plimsoll("results", "results/first", "--excel", "nowhere/first.xlsx")
    assert code == 2
    assert err.startswith("--excel: there is no such folder")


@pytest.mark.parametrize("option", [("--full",), ("--policy", "more_posts")])
@pytest.mark.parametrize("other", [("results/second",), ("--excel", "refused.xlsx")])
def test_what_only_one_studys_findings_can_show_is_not_ignored(plimsoll, folder, option, other):
    code, out, err = plimsoll("results", "results/first", *other, *option)
    assert (code, out) == (2, "")
    assert err.startswith(f"{option[0]}: these show more of one study's findings")
    assert not (folder / "refused.xlsx").exists()


def test_sql_answers_as_a_table_or_as_csv(plimsoll):
    question = "select policy, count(*) as runs from outcomes group by policy order by policy"
    code, out, _ = plimsoll("sql", "results/first", question)
    assert code == 0
    assert "policy" in out
    code, out, _ = plimsoll("sql", "results/first", question, "--csv")
    assert code == 0
    assert out.splitlines()[0] == "policy,runs"
    code, out, err = plimsoll("sql", "results/first", "select x from outcomes")
    assert (code, out) == (2, "")
    assert "columns of outcomes: policy, replication, outcome, value" in err


def test_explain_says_why_and_leaves_table_and_charts(plimsoll, folder):
    code, out, _ = plimsoll(
        "explain", "results/first", "--policy", "policy", "--outcome", "hours_per_week",
        "--replications", "2", "--jobs", "1",
    )  # fmt: skip
    assert code == 0
    assert "Hours worked a week: " in out
    assert "(2 pairs of runs" in " ".join(out.split())
    why = folder / "results" / "first" / "why-policy"
    assert sorted(file.name for file in why.iterdir()) == [
        "hours_per_week.png", "hours_per_week.svg", "parts.csv",
    ]  # fmt: skip
    (folder / "taken").write_text("keep")
    asked = ("explain", "results/first", "--policy", "policy", "--out", "taken")
    with mock.patch("sim.study.explaining.explain") as look:
        code, _, err = plimsoll(*asked)
    look.assert_not_called()  # said before the work, not after it
    assert (code, (folder / "taken").read_text()) == (2, "keep")
    assert "this is a file, not a folder" in err
    code, _, err = plimsoll("explain", "results/first", "--policy", "baseline")
    assert code == 2
    assert "--policy: the baseline is what policies are held against" in err


def test_explain_says_why_in_a_month(plimsoll):
    asked = ("explain", "results/first", "--policy", "policy", "--outcome", "caseload_per_fte")
    code, out, _ = plimsoll(*asked, "--replication", "1")
    assert code == 0
    assert "in run 1 of policy 'policy'" in out
    assert "What lies behind" in out
    code, _, err = plimsoll(*asked, "--month", "2002-06")
    assert code == 2
    assert "--replication: a month is one of a run" in err
    code, _, err = plimsoll(*asked, "--replication", "1", "--month", "1999-01")
    assert code == 2
    assert "a month from" in err
