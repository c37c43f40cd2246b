"""Stored results can be asked in SQL, and nothing else can be done to them, or with them."""

import pytest
from rich.console import Console

from sim.report.stored import answer
from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study.asking import ask, sql
from sim.study.running import run_study
from tests import stand_ins

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a study's folder")  # a quotation mark in its name
    study = load_study(stand_ins.write_small_study(folder))
    return run_study(study, jobs=1, simulate=stand_ins.simulate, out=folder / "found")


def test_every_table_is_there_with_policies_and_definitions(results):
    tables = set(ask(results.folder, "show tables")["name"])
    files = {name.split(".")[0] for name in results.manifest["files"]}
    assert tables == files | {"policies", "outcome_definitions"}


def test_an_answer_is_what_pandas_finds(results):
    found = ask(
        results.folder,
        "select policy, avg(value) as mean from outcomes where outcome = 'caseload_per_fte' "
        "group by policy order by policy",
    )
    of_one = results.outcomes.query("outcome == 'caseload_per_fte'")
    expected = of_one.groupby("policy")["value"].mean()
    assert found["policy"].tolist() == expected.index.tolist()
    assert found["mean"].to_numpy() == pytest.approx(expected.to_numpy())


def test_comparisons_are_numbers_and_outcomes_are_explained(results):
    found = ask(
        results.folder,
        "select label, unit, better, difference, probability_better from comparisons "
        "join outcome_definitions using (outcome) join policies using (policy, label) ",
    )
    assert found.empty  # the labels of outcomes are not those of policies
    found = ask(
        results.folder,
        "select o.label, c.difference, o.safe_line from comparisons c "
        "join outcome_definitions o using (outcome) where policy = 'nothing'",
    )
    assert found["difference"].tolist() == [0.0] * 4
    assert found.set_index("label")["safe_line"]["Caseload"] == 15


@pytest.mark.parametrize(
    "sql",
    [
        "drop view outcomes",
        "create table mine as select * from outcomes",
        "insert into policies values (9, 'x', 'y')",
        "copy outcomes to '{folder}/stolen.csv'",
        "copy (select 1) to '{folder}/outcomes.parquet'",
        "attach '{folder}/new.db'",
        "set enable_external_access = true",
        "install httpfs",
        "select 1; select 2",
        "select * from read_text('{folder}/manifest.json')",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('{folder}/*')",
        "select * from results",
        "",
    ],
)
def test_nothing_else_can_be_read_and_nothing_written(results, sql):
    before = {file.name: file.read_bytes() for file in results.folder.iterdir()}
    with pytest.raises(InputError):
        ask(results.folder, sql.replace("{folder}", str(results.folder).replace("'", "''")))
    assert {file.name: file.read_bytes() for file in results.folder.iterdir()} == before


def test_a_mistake_is_answered_with_the_tables_and_columns_there_are(results):
    with pytest.raises(InputError) as error:
        ask(results.folder, "select vale from outcomes")
    said = str(error.value)
    assert '"vale"' in said
    assert "columns of outcomes: policy, replication, outcome, value" in said
    with pytest.raises(InputError) as error:
        ask(results.folder, "select * from outcome")
    assert "comparisons, outcome_definitions, outcomes, policies, team_weeks" in str(error.value)
    with pytest.raises(InputError, match="syntax error"):
        ask(results.folder, "selec 1")


def test_damaged_results_are_named(results, tmp_path):
    for file in results.folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "team_weeks.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"team_weeks\.parquet: these results are damaged"):
        ask(tmp_path, "select 1")
    (tmp_path / "team_weeks.parquet").unlink()
    with pytest.raises(InputError, match="the file is gone"):
        ask(tmp_path, "select 1")


def test_an_answer_that_would_fill_the_memory_is_refused(results, monkeypatch):
    monkeypatch.setattr(sql, "MOST_VALUES", 20_000)
    assert len(ask(results.folder, "select range as n, 1 as m from range(10000)")) == 10_000
    with pytest.raises(InputError, match="too large") as error:
        ask(results.folder, "select range as n, 1 as m from range(10000000)")
    assert "limit" in str(error.value)
    nothing = ask(results.folder, "select policy, value from outcomes where value is null")
    assert nothing.empty
    assert list(nothing) == ["policy", "value"]


def printed(table, width=100) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(answer(table, width))
    return console.export_text()


def test_a_long_answer_says_how_much_more_there_is(results):
    text = printed(ask(results.folder, "select * from outcomes"))
    assert text.count("baseline") == 16
    assert "8 more rows; --csv gives all." in text


def test_an_answer_too_wide_for_the_page_stands_upright(results):
    text = printed(ask(results.folder, "select * from outcome_definitions"))
    rows = [line.split()[0] for line in text.splitlines() if line[:1].isalpha()]
    assert rows == [
        "column", "outcome", "label", "unit", "better", "definition", "formula", "safe_line",
    ]  # fmt: skip
    assert max(len(line) for line in text.splitlines()) <= 100


def test_days_have_no_time_and_nothing_is_empty(results):
    text = printed(ask(results.folder, "select min(week_ending), null from team_weeks"))
    assert "2026-04-03 " in text
    assert ":" not in text
    assert "nan" not in text.lower().replace("null", "")
