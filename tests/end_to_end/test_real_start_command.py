"""From today's lists to results at the command line: and nobody's name in any of it."""

import contextlib
import io
import shutil
import sys
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

from sim.cli import main
from sim.study.results import Results

pytestmark = pytest.mark.end_to_end

NAMES = ("Zebedee", "Quixote", "Ogilvy")
STAFF = """worker;team;role;fte;agency
Zebedee Quixote;team;social_worker;1;no
Ogilvy-Ann;team;social_worker;0,6;no
;team;social_worker;1;
"""
CASES = """case;stage;stage_since;worker;last_visit
Quixote family;care;{since};ogilvy-ann;
Ogilvy, B.;care;{since};Zebedee Quixote;{since}
Zebedee child;care;{since};;
"""
STUDY = """
name: from_today
title: From today
question: What now?
scenario:
  based_on: service.yaml
  start: {staff: lists/staff.csv, cases: lists/cases.csv}
years: 0.5
replications: 2
outcomes: [caseload_per_fte, vacancy_rate]
policies:
  - {name: baseline, label: As it is}
  - {name: more, label: One more, levers: [{lever: posts, team: team, role: social_worker, fte: 1}]}
"""


def plimsoll(folder: Path, *arguments) -> tuple[int, str]:
    """What the command ends with, and all that it says."""
    said = io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        mock.patch.object(sys, "argv", ["plimsoll", *map(str, arguments)]),
    ):
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[Path, str]:
    """A folder with lists, a study of them that has been run, and what was said."""
    from tests.services import tiny_service

    folder = tmp_path_factory.mktemp("ran")
    service = tiny_service(workers=3, teams=1, duration=40, demand={"per_week": 3})
    (folder / "service.yaml").write_text(service.model_dump_json(exclude={"position"}))
    (folder / "study.yaml").write_text(STUDY)
    (folder / "lists").mkdir()
    (folder / "lists" / "staff.csv").write_text(STAFF, encoding="cp1252")
    since = f"{service.start_date.replace(day=1, month=3):%d/%m/%Y}"
    (folder / "lists" / "cases.csv").write_text(CASES.format(since=since))
    code, said = plimsoll(folder, "run", "study.yaml", "--jobs", "1", "--out", "found")
    assert code == 0, said
    return folder, said


def test_no_file_of_results_and_no_message_holds_a_name(ran):
    folder, said = ran
    files = sorted(path for path in (folder / "found").rglob("*") if path.is_file())
    assert {"position.json", "manifest.json", "team_weeks.parquet"} <= {f.name for f in files}
    for name in NAMES:
        assert name.lower() not in said.lower()
        for file in files:
            assert name.lower().encode() not in file.read_bytes().lower(), file


def test_rows_about_people_and_cases_are_in_one_file_only(ran):
    manifest = Results(ran[0] / "found").manifest
    assert manifest["scenario"]["position"] is None
    assert manifest["files"]["position.json"]["rows"] == 3


def test_check_says_what_was_read(ran):
    code, said = plimsoll(ran[0], "check", "study.yaml")
    assert code == 0
    assert "2 people, 1 vacant posts listed, 3 open cases, 1 of them without a worker" in said


def test_there_is_no_warm_up_and_the_first_week_is_that_of_the_lists(ran):
    weeks = Results(ran[0] / "found").team_weeks
    assert weeks["week"].min() == 0
    first = weeks[(weeks["week"] == 0) & (weeks["policy"] == "baseline")]
    days = first["post_fte_days"] / 3  # FTE of posts: 1, 0.6, 1, and 0.4 that nobody listed
    assert (first["in_post_fte_days"] / days).round(6).eq(1.6).all()
    assert (first["open_case_days"] / days >= 3 - 1e-9).all()


def test_a_run_can_be_done_again_and_not_without_the_position(ran, tmp_path):
    copy = shutil.copytree(ran[0] / "found", tmp_path / "found")
    again = ("rerun", copy, "--policy", "more", "--replication", "1")
    code, said = plimsoll(tmp_path, *again)
    assert (code, "all outcomes are as stored" in said) == (0, True)
    (copy / "position.json").unlink()
    code, said = plimsoll(tmp_path, *again)
    assert code == 2
    assert "the position that the study started from is not with these results" in said
    assert len(Results(copy).comparisons) > 0  # all else is there


@pytest.mark.parametrize("taken_out", [False, True])
def test_results_are_asked_and_listed_with_and_without_the_position(ran, tmp_path, taken_out):
    copy = shutil.copytree(ran[0] / "found", tmp_path / "found")
    if taken_out:
        (copy / "position.json").unlink()
    code, said = plimsoll(tmp_path, "sql", copy, "show tables")
    assert code == 0, said
    assert "position" not in said
    code, said = plimsoll(tmp_path, "results", copy, "--excel", "found.xlsx")
    assert code == 0, said
    assert "position" not in openpyxl.load_workbook(tmp_path / "found.xlsx").sheetnames
    code, said = plimsoll(tmp_path, "results", tmp_path)
    assert code == 0, said
    assert "damaged" not in said


def test_two_processes_and_another_order_of_the_lists_give_the_same_bytes(ran, tmp_path):
    folder = shutil.copytree(ran[0], tmp_path / "other")
    for name in ("staff.csv", "cases.csv"):
        file = folder / "lists" / name
        heading, *rows = file.read_text(encoding="cp1252").splitlines()
        text = "\n".join([heading, *reversed(rows)]).replace("gilvy-", "gilby-")
        file.write_text(text.replace("Zebedee Quixote", "A. N. Other"))
    code, said = plimsoll(folder, "run", "study.yaml", "--jobs", "2", "--out", "again")
    assert code == 0, said
    for name in ("outcomes.parquet", "team_weeks.parquet", "comparisons.csv", "position.json"):
        assert (folder / "again" / name).read_bytes() == (ran[0] / "found" / name).read_bytes()


def test_tables_of_single_people_are_refused(ran):
    study = STUDY + "tables: [team_weeks, worker_weeks]\n"
    (ran[0] / "single.yaml").write_text(study)
    code, said = plimsoll(ran[0], "check", "single.yaml")
    assert code == 2
    assert "worker_weeks shows single people or cases" in said


def test_a_real_start_has_no_warm_up_to_judge(ran):
    code, said = plimsoll(ran[0], "warmup", "study.yaml")
    assert code == 2
    assert "has no warm-up" in said


def test_templates_are_written_once_and_can_be_read(ran, tmp_path):
    code, said = plimsoll(tmp_path, "template", ran[0] / "service.yaml", "--excel", "--out", "new")
    assert code == 0, said
    assert "start: {workbook: new/position.xlsx}" in said
    before = (tmp_path / "new" / "position.xlsx").read_bytes()
    code, said = plimsoll(tmp_path, "template", ran[0] / "service.yaml", "--excel", "--out", "new")
    assert code == 2
    assert "this file is there already" in said
    assert (tmp_path / "new" / "position.xlsx").read_bytes() == before


@pytest.mark.parametrize("how", [(), ("--excel",)])
def test_an_example_is_a_position_that_can_be_run(ran, tmp_path, how):
    code, said = plimsoll(
        tmp_path, "template", ran[0] / "service.yaml", "--example", *how, "--out", "lists"
    )
    assert code == 0, said
    files = "{workbook: lists/position.xlsx}" if how else "{staff: lists/staff.csv, " \
        "cases: lists/cases.csv}"  # fmt: skip
    shutil.copy(ran[0] / "service.yaml", tmp_path)
    start = STUDY.split("start: ")[1].splitlines()[0]
    (tmp_path / "study.yaml").write_text(STUDY.replace(start, files))
    code, said = plimsoll(tmp_path, "check", "study.yaml")
    assert code == 0, said
    assert "3 people" in said
