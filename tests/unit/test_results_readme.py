"""The page in results/ says what every file and column is, and is what the code makes."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.model.tallies import NAMES
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import COLUMNS as DEMAND_COLUMNS
from sim.study.demand_paths import DEMAND
from sim.study.explaining import explain
from sim.study.repeating import rerun
from sim.study.running import run_study
from sim.study.storing.column_meanings import COUNTED, MANIFEST, TABLES, TIMESCALE
from sim.study.storing.readme import readme
from tests.services import BASELINE
from tests.small_services import EVERYTHING, lively_service, policy

pytestmark = pytest.mark.unit

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_results_readme.py"
HELP = policy({"lever": "business_support", "fte": 1})


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    study = StudyFile(
        name="all_tables", title="All tables", question="What is in them?", years=0.2, seed=1,
        scenario=lively_service(), policies=(BASELINE, HELP), replications=1, tables=EVERYTHING,
        outcomes=("caseload_per_fte",),
    )  # fmt: skip
    return run_study(study, jobs=1, out=tmp_path_factory.mktemp("all") / "found")


def columns_of(file: Path) -> list[str]:
    if file.suffix == ".csv":
        return list(pd.read_csv(file).columns)
    return list(pq.read_schema(file).names)


def test_the_page_is_what_the_script_makes():
    done = subprocess.run([sys.executable, str(SCRIPT), "--check"])
    assert done.returncode == 0, "run: python scripts/make_results_readme.py"


def test_every_column_of_every_table_is_explained_in_its_order_and_no_other(results):
    assert {f"{name}.parquet" for name in (*EVERYTHING, "outcomes")} < set(
        results.manifest["files"]
    )
    for name in results.manifest["files"]:
        found = columns_of(results.folder / name)
        explained = list(TABLES[name][1])
        timescales = [
            key + end
            for key in ("assessments_in_time", "reviews_in_time")
            for end in TIMESCALE
            if name.startswith("team_weeks")
        ]
        assert found == explained + timescales, name


def test_what_is_written_beside_the_results_is_explained_too(results):
    log = rerun(results.folder, "policy", 0, trace=True).file
    assert log is not None
    assert columns_of(log) == list(TABLES["rerun-<policy>-<replication>/events.csv"][1])
    parts = explain(results.folder, "policy", replications=1, jobs=1).parts()
    assert list(parts.columns) == list(TABLES["why-<policy>/parts.csv"][1])
    assert list(DEMAND_COLUMNS) == list(TABLES[DEMAND][1])


def test_everything_counted_has_a_meaning():
    assert list(COUNTED) == list(NAMES)


def test_every_field_of_the_manifest_is_explained_and_no_other(results):
    assert list(results.manifest) == list(MANIFEST)


def test_every_column_is_on_the_page():
    page = readme()
    for name, (_, columns) in TABLES.items():
        assert f"### {name}" in page
        for column, (unit, meaning) in columns.items():
            assert f"| `{column}` | {unit} | {meaning} |" in page


def test_the_quotients_that_the_page_names_are_the_outcomes(results):
    sums = results.team_weeks.query("policy == 'baseline' and week >= 0")[list(COUNTED)].sum()
    known = results.outcomes.query("policy == 'baseline'").set_index("outcome")["value"]
    caseload = sums["held_case_days"] / sums["case_holder_fte_days"]
    assert caseload == pytest.approx(known["caseload_per_fte"], rel=1e-5)
    assert "`held_case_days / case_holder_fte_days`" in readme()
    turnover = sums["leavers_fte"] / sums["in_post_fte_days"] * 253
    assert turnover == pytest.approx(known["turnover_rate"], rel=1e-5)


def test_the_pages_own_examples_work(results, monkeypatch):
    monkeypatch.chdir(results.folder)
    page = readme()
    indented = [line.removeprefix("    ") for line in page.splitlines() if line.startswith("    ")]
    python = [line for line in indented if line.startswith(("import", "outcomes =", "outcomes.p"))]
    sql = " ".join(line for line in indented if line.startswith(("select", "where")))
    exec("\n".join(python), {})
    assert duckdb.sql(sql.rstrip(";")).fetchall()
