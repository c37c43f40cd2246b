"""`plimsoll validate --backtest`, as a person uses it."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.study.errors import StudyError
from sim.study.validation import backtest, finding_workings
from tests.census_tables import HEADINGS, row, varied, write_census

pytestmark = pytest.mark.end_to_end

simulated = backtest._simulated
CODES = ("301", "302", "303", "314 / 318")
COLUMNS = ["authority", "year", "measure", "predicted", "low80", "high80", "actual",
           "persistence", "mean3", "shrinkage", "expected"]  # fmt: skip
MEASURES = {"turnover", "vacancy", "agency", "caseload", "absence", "in_post_fte"}


@pytest.fixture(autouse=True)
def few_runs(monkeypatch):
    """Everything found less exactly, in a fraction of the time."""
    monkeypatch.setattr(finding_workings, "RUNS", 2)
    monkeypatch.setattr(backtest, "MOST", backtest.FEWEST)


def validate(folder: Path, *arguments) -> tuple[object, str, str]:
    """Run the command in this process: its exit code, what it printed and what it complained of."""
    printed, said = io.StringIO(), io.StringIO()
    argv = ["plimsoll", "validate", "--backtest", *map(str, arguments)]
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(said),
        mock.patch.object(sys, "argv", argv),
        mock.patch.dict(os.environ, {"COLUMNS": "100"}),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return ended.value.code, printed.getvalue(), said.getvalue()


def foretold(folder: Path, *arguments) -> tuple[str, bytes]:
    code, printed, said = validate(folder, "--out", "found", *arguments)
    assert code == 0, said
    return printed, (folder / "found" / "backtest.csv").read_bytes()


def _fails_from_2020(base, workings, task):
    if task.year >= 2020:
        raise StudyError("stopped")
    return simulated(base, workings, task)


def _departs(base, workings, task):
    """Simulated years that end above what went into them in half of the authorities."""
    return np.array(task.draws) + (0.2 if task.authority in CODES[:2] else -0.2)


def _fails_before_2020(base, workings, task):
    if task.year < 2020:
        raise StudyError("this was done already")
    return simulated(base, workings, task)


def test_a_table_is_foretold_scored_and_kept_and_nobody_looks_ahead(tmp_path):
    rows = varied(CODES, range(2017, 2021))
    write_census(tmp_path / "census.csv", rows)
    asked = ("--table", "census.csv", "--from", 2019, "--authorities", 2, "--jobs")
    printed, content = foretold(tmp_path, *asked, 2)
    words = " ".join(printed.split())
    assert "Errors are" in words
    assert "2 authorities, 2019 to 2020" in words
    assert "Sickness absence" in words
    table = pd.read_csv(tmp_path / "found" / "backtest.csv")
    assert list(table.columns) == COLUMNS
    assert len(table) == 2 * 2 * len(MEASURES)
    assert set(table["measure"]) == MEASURES
    assert (table["low80"] <= table["predicted"]).all()
    assert (table["predicted"] <= table["high80"]).all()
    assert table["predicted"].notna().all()
    scores = pd.read_csv(tmp_path / "found" / "scores.csv")
    assert set(scores["year"]) == {"all", "2019", "2020"}
    manifest = json.loads((tmp_path / "found" / "manifest.json").read_text())
    assert manifest["format"] == "plimsoll backtest 1"
    assert manifest["asked"]["table"] == "census.csv"

    # Whatever the last year says: in one process, too, all that is foretold of it and of the
    # years before is the same to the last bit.
    changed = [
        row(each["old_la_code"], 2020, 30.0, turnover_rate_fte=50.0, caseload_fte=30.0)
        if each["time_period"] == 2020
        else each
        for each in rows
    ]
    write_census(tmp_path / "census.csv", changed)
    with mock.patch.object(backtest, "_simulated", _fails_from_2020):
        assert validate(tmp_path, "--out", "found", *asked, 1)[0] == 1
    assert len((tmp_path / ".found.unfinished").read_text().splitlines()) == 2  # of 2019
    assert (tmp_path / "found" / "backtest.csv").read_bytes() == content  # the earlier answer
    with mock.patch.object(backtest, "_simulated", _fails_before_2020):  # not simulated again
        now = foretold(tmp_path, *asked, 1)[1]
    assert not (tmp_path / ".found.unfinished").exists()
    other = pd.read_csv(tmp_path / "found" / "backtest.csv")
    known = [column for column in COLUMNS if column != "actual"]
    pd.testing.assert_frame_equal(other[known], table[known], check_exact=True)
    assert content.splitlines()[:13] == now.splitlines()[:13]  # the heading, and 2019
    pd.testing.assert_frame_equal(other[other["year"] == 2019], table[table["year"] == 2019])
    assert (other["actual"] != table["actual"])[table["year"] == 2020].any()


def test_departures_are_believed_as_far_as_they_came_true_in_the_years_before_alone(tmp_path):
    rows = varied(CODES, range(2017, 2021))
    asked = ("--table", "census.csv", "--from", 2019, "--jobs", 1)

    def believed(rows, *, at_last=0.0) -> pd.DataFrame:
        """The share of the departure of 0.2 that is in each prediction of caseload, by year."""
        for each in rows:
            if each["time_period"] == 2020:
                each["caseload_fte"] = 15 + at_last * (each["old_la_code"] in CODES[:2])
        write_census(tmp_path / "census.csv", rows)
        with mock.patch.object(backtest, "_simulated", _departs):
            foretold(tmp_path, *asked)
        found = pd.read_csv(tmp_path / "found" / "backtest.csv")
        found = found[found["measure"] == "caseload"]
        found["share"] = np.log(found["predicted"] / found["expected"]).abs() / 0.2
        return found.set_index(["year", "authority"])["share"]

    shares = believed(rows)
    assert shares.loc[2019].to_numpy() == pytest.approx(0.5, abs=0.01)
    assert not shares.loc[2020].between(0.45, 0.55).any()
    assert believed(rows, at_last=20.0).equals(shares)  # what came after is not known


def refused(folder: Path, *arguments) -> str:
    before = sorted(folder.rglob("*"))
    code, printed, said = validate(folder, *arguments)
    assert (code, printed) == (2, ""), said
    assert "Traceback" not in said
    assert sorted(folder.rglob("*")) == before  # nothing half-written
    return said


def test_what_cannot_be_used_is_said_before_any_work(tmp_path):
    rows = varied(CODES, range(2017, 2019))
    write_census(tmp_path / "census.csv", rows)
    table = ("--table", "census.csv")
    assert "--from" in refused(tmp_path, *table, "--from", 2031)
    assert "2018 to 2018" in refused(tmp_path, *table, "--from", 2031)
    assert "1 to 4" in refused(tmp_path, *table, "--authorities", 5)
    assert "no such file" in refused(tmp_path, "--table", "missing.csv")
    assert "jobs" in refused(tmp_path, *table, "--jobs", 0)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    assert "something other than" in refused(tmp_path, *table, "--out", "mine")
    write_census(tmp_path / "twice.csv", [*rows, rows[0]])
    assert "2 rows for 2017" in refused(tmp_path, "--table", "twice.csv")
    write_census(tmp_path / "words.csv", [*rows[1:], rows[0] | {"vacancy_fte": "few"}])
    assert "not a figure" in refused(tmp_path, "--table", "words.csv")
    text = (tmp_path / "census.csv").read_text()
    (tmp_path / "less.csv").write_text(text.replace("cases", "case_count", 1))
    said = refused(tmp_path, "--table", "less.csv")
    assert "columns are missing" in said
    assert HEADINGS[0] in text
