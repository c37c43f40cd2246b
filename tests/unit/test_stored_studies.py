"""Stored studies are listed whatever lies beside them, held against each other, put into Excel."""

import json
import math
import shutil
import warnings

import numpy as np
import openpyxl
import pandas as pd
import pytest
from rich.console import Console
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from sim.report import workbook
from sim.report.stored import list_of_studies, two_studies
from sim.report.workbook import write_workbook
from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study.asking.side_by_side import differences_in_making, side_by_side, welch
from sim.study.comparing import mean_interval
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.storing.listing import studies_in
from tests import stand_ins

pytestmark = pytest.mark.unit


RUNS = {
    "one": {},
    "three": {"replications": 3},
    "short": {"replications": 2, "years": 0.5},
    "seed_8": {"seed": 8},
    "once": {"replications": 1},
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    study = load_study(stand_ins.write_small_study(folder))
    for name, asked in RUNS.items():
        run_study(study, out=folder / name, jobs=1, simulate=stand_ins.simulate, **asked)
    return folder


@pytest.fixture
def run(stored, tmp_path, monkeypatch):
    """A copy of one of the studies, under a name of its own."""
    monkeypatch.chdir(tmp_path)  # folders are written from here

    def run(which, name="") -> Results:
        target = tmp_path / "results" / (name or which)
        shutil.copytree(stored / which, target)
        return Results(target)

    return run


def printed(renderable) -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(renderable)
    return console.export_text()


def change_manifest(results: Results, **parts) -> Results:
    file = results.folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | parts))
    return Results(results.folder)


# ---------------------------------------------------------------- listing


def test_studies_are_listed_newest_first_with_what_they_are(run):
    old, new = run("one", "old"), run("short", "new")
    change_manifest(old, finished="2025-01-02T03:04:05Z")
    found = studies_in(old.folder.parent)
    assert [each.folder.name for each in found] == ["new", "old"]
    first = found[0]
    assert (first.study, first.title, first.state) == ("small_study", "A small study", "finished")
    assert (first.policies, first.replications, first.years) == (3, 2, 0.5)
    assert first.size == sum(file.stat().st_size for file in new.folder.iterdir())
    text = printed(list_of_studies(found))
    assert "2025-01-02 03:04" in text
    assert text.index("results/new") < text.index("results/old")
    assert "A small study" in text


def test_whatever_else_lies_there_is_said_and_hides_nothing(run, tmp_path):
    whole = run("one", "whole")
    top = whole.folder.parent
    for name in ("cut", "gone", "fewer", "torn", "empty_manifest"):
        shutil.copytree(whole.folder, top / name)
    (top / "cut" / "outcomes.parquet").write_bytes(b"PAR1 and no more")
    (top / "gone" / "comparisons.csv").unlink()
    table = Results(top / "fewer").outcomes.head(3)
    table.to_parquet(top / "fewer" / "outcomes.parquet", index=False)
    (top / "torn" / "manifest.json").write_text('{"format": ')
    (top / "empty_manifest" / "manifest.json").write_text('{"format": "plimsoll results 1"}')
    (top / "manifest.json").write_text('{"format": "something else"}')
    (top / "list").mkdir()
    (top / "list" / "manifest.json").write_text("[1]")
    (top / "parts").mkdir()  # somebody's own folder of that name
    stopped = top / "stopped" / "parts"
    stopped.mkdir(parents=True)
    content = json.loads((whole.folder / "manifest.json").read_text()) | {"name": "small_study"}
    (stopped / "study.json").write_text(json.dumps(content))
    for part in ("0000-000000.run", "0001-000000.outcomes.arrow", "0001-000000.team_weeks.arrow"):
        (stopped / part).touch()
    (top / "stopped_early" / "parts").mkdir(parents=True)
    (top / "stopped_early" / "parts" / "study.json").write_text("{")

    found = {each.folder.name: each for each in studies_in(top)}
    said = {name: (each.state, each.note) for name, each in found.items()}
    assert said == {
        "whole": ("finished", ""),
        "cut": ("damaged", "outcomes.parquet is cut short or changed"),
        "gone": ("damaged", "comparisons.csv is gone"),
        "fewer": ("damaged", "outcomes.parquet has 3 rows, not 48"),
        "torn": ("damaged", "manifest.json cannot be read"),
        "empty_manifest": ("damaged", "manifest.json is not complete"),
        "results": ("not a study", "'something else'"),
        "list": ("not a study", "its manifest.json is of something else"),
        "stopped": ("unfinished", "2 of 12 runs finished"),
        "stopped_early": ("unfinished", "0 runs finished"),
    }
    text = printed(list_of_studies(list(found.values())))
    assert "stopped: unfinished, 2 of 12 runs finished (small_study)" in text


def test_no_folder_and_no_studies(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        studies_in(tmp_path / "nowhere")
    assert studies_in(tmp_path) == []
    assert "No finished studies." in printed(list_of_studies([]))


# ---------------------------------------------------------------- side by side


def test_welchs_interval_is_that_of_statsmodels():
    one, other = np.array([3.0, 4, 6, 8, 9.5]), np.array([2.0, 2.2, 1.9])
    found = welch(one, other)
    means = CompareMeans(DescrStatsW(other), DescrStatsW(one))
    assert (found.low, found.high) == pytest.approx(means.tconfint_diff(usevar="unequal"))
    assert found.mean == pytest.approx(other.mean() - one.mean())
    assert math.isnan(welch([1.0], [2.0, 3]).low)
    assert welch([1.0, 1], [2.0, 2]).high == 1


def test_with_the_same_seed_runs_are_held_against_each_other_in_pairs(run):
    one, other = run("one"), run("three")
    other.outcomes["value"] += 0.5 * (other.outcomes["outcome"] == "caseload_per_fte")
    table = side_by_side(one, other).set_index(["policy", "outcome"])
    row = table.loc["more_posts", "caseload_per_fte"]
    assert (row["difference"], row["low"], row["high"]) == pytest.approx((0.5, 0.5, 0.5))
    assert (table.drop("caseload_per_fte", level=1)["difference"] == 0).all()
    assert set(table.index.levels[0]) == {"baseline", "more_posts", "nothing"}


def test_with_another_seed_they_are_not_pairs(run):
    one, other = run("one"), run("seed_8")
    row = side_by_side(one, other).set_index(["policy", "outcome"]).loc["baseline", "turnover_rate"]
    values = [
        each.outcomes.query("policy == 'baseline' and outcome == 'turnover_rate'")["value"]
        for each in (one, other)
    ]
    expected = welch(*(each.to_numpy() for each in values))
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high))
    paired = mean_interval(values[1].to_numpy() - values[0].to_numpy())
    assert row["low"] != pytest.approx(paired.low)
    text = printed(two_studies(one, other, side_by_side(one, other)))
    assert text.count("Caseload ") == 3
    assert text.count("Total cost") == 3


def test_studies_without_a_policy_in_common_are_refused(run):
    one, other = run("one"), run("one", "other")
    policies = [each | {"name": f"my_{each['name']}"} for each in other.manifest["policies"]]
    with pytest.raises(InputError, match="no policy of the same name"):
        side_by_side(one, change_manifest(other, policies=policies))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"packages": {"plimsoll-workforce": "0.0.1"}}, "plimsoll-workforce 0.1.0 and 0.0.1"),
        ({"packages": {}}, "numpy"),
        ({"python": "3.99"}, "Python"),
        ({"git_commit": "abc"}, "different states of the source"),
        ({"years": 2}, "1 and 2 years"),
        ({"seed": 8}, "differences are less sure"),
        ({"forecast_source": {"file": "x"}}, "the same forecast"),
        ({"scenario": {"warm_up_weeks": 9}, "scenario_sha256": "0"}, "warm-up is 4 weeks in one"),
        ({"scenario": {"warm_up_weeks": 9}, "scenario_sha256": "0"}, "they differ in name, title"),
        ({"policies": [{"name": "baseline", "levers": [1]}]}, "policy 'baseline' is not the same"),
    ],
)
def test_what_makes_two_studies_hard_to_compare_is_said(run, parts, said):
    one, other = run("one"), run("one", "other")
    assert differences_in_making(one, other) == []
    other.manifest.update(parts)
    assert said in "; ".join(differences_in_making(one, other))


# ---------------------------------------------------------------- Excel


def sheets_of(file) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(file)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_an_excel_file_holds_what_was_run_and_every_table(run, tmp_path):
    results = run("one")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert write_workbook(results, tmp_path / "one.xlsx") == []
    sheets = sheets_of(tmp_path / "one.xlsx")
    tables = ["about", "comparisons", "outcomes", "team_weeks", "worker_loads"]
    assert list(sheets) == ["contents", *tables, "definitions", "columns"]
    assert [row[0] for row in sheets["contents"][1:-2]] == tables
    rows = {name: number for name, _, number in sheets["contents"][1:]}
    assert rows["outcomes"] == len(results.outcomes)
    meanings = {row[:2]: row[2:] for row in sheets["columns"]}
    assert meanings["comparisons", "low"][::2] == ("as the row says", "low")
    assert meanings["team_weeks", "week ending"][::2] == ("date", "week_ending")
    defined = {row[1]: row for row in sheets["definitions"]}
    assert set(results.outcomes["outcome"]) < set(defined)
    assert defined["caseload_per_fte"][::2][:3] == ("Caseload", "cases per FTE", "lower")
    assert defined["turnover_rate"][2:4] == (
        "share a year, shown as per cent", "percentage points",
    )  # fmt: skip
    about = dict(sheets["about"])
    assert about["study"] == "small_study"
    assert about["policy more_posts"] == "two more social workers"
    found = pd.read_excel(tmp_path / "one.xlsx", sheet_name="outcomes")
    keys = {"policy key": "policy", "outcome key": "outcome"}
    stored = results.outcomes
    again = found.drop(columns=["policy", "outcome"]).rename(columns=keys)[stored.columns]
    pd.testing.assert_frame_equal(again, stored, check_dtype=False)
    assert set(found["policy"]) == {"baseline", "more posts", "nothing"}
    found = pd.read_excel(tmp_path / "one.xlsx", sheet_name="comparisons")
    stored = results.comparisons
    first = found.iloc[0]
    assert tuple(first[["outcome", "unit", "better"]]) == ("Caseload", "cases per FTE", "lower")
    is_share = found["unit of change"] == "percentage points"
    assert 0 < is_share.sum() < len(found)
    for column in ("baseline", "value"):
        assert found[column].tolist() == pytest.approx(stored[column].tolist())
    for column in ("difference", "low", "simultaneous_high"):
        scaled = stored[column] * is_share.map({True: 100, False: 1})
        in_excel = found[column.replace("_", " ")].tolist()
        assert in_excel == pytest.approx(scaled.tolist(), nan_ok=True)
    assert len(sheets["team_weeks"]) == 1 + len(results.team_weeks)
    assert sheets["team_weeks"][1][3] == "2026-04-03"


def test_headings_lead_back_to_the_contents_and_long_decimals_are_not_shown(run, tmp_path):
    write_workbook(run("one"), tmp_path / "one.xlsx")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    for row in book["contents"].iter_rows(min_row=2):
        assert row[0].hyperlink.location == f"'{row[0].value}'!A1"
        assert book[row[0].value]["A1"].hyperlink.location == "'contents'!A1"
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, float):
                    assert cell.number_format != "General", (sheet.title, cell.coordinate)


def test_no_cell_is_a_formula_or_a_link(run, tmp_path):
    results = run("once")
    results.manifest["policies"][1]["label"] = "=1+1"
    results.manifest["policies"][2]["label"] = "https://example.org"
    write_workbook(results, tmp_path / "one.xlsx")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    cells = {cell.value: cell for row in book["about"].iter_rows() for cell in row}
    assert cells["=1+1"].data_type == "s"
    assert cells["https://example.org"].hyperlink is None


def test_what_cannot_be_told_is_an_empty_cell(run, tmp_path):
    results = run("once")  # no interval from one pair
    write_workbook(results, tmp_path / "one.xlsx")
    heading, first, *_ = sheets_of(tmp_path / "one.xlsx")["comparisons"]
    assert dict(zip(heading, first, strict=True))["low"] is None


def test_a_table_too_long_for_a_sheet_is_given_as_means_and_said(run, tmp_path, monkeypatch):
    results = run("one")
    monkeypatch.setattr(workbook, "MOST_ROWS", 300)
    (note,) = write_workbook(results, tmp_path / "one.xlsx")
    assert "624 rows" in note
    sheets = sheets_of(tmp_path / "one.xlsx")
    assert note in dict(sheets["about"]).values()
    heading, *rows = sheets["team_weeks_mean"]
    assert len(rows) == 3 * 52
    place = heading.index("cases")
    first = results.team_weeks.query("policy == 'baseline' and week == 0")["cases"].mean()
    assert rows[0][place] == pytest.approx(first, rel=1e-6)


def test_what_is_not_an_excel_file_or_cannot_be_written_is_refused(run, tmp_path):
    results = run("once")
    with pytest.raises(InputError, match=r"ends in \.xlsx"):
        write_workbook(results, tmp_path / "one.xls")
    with pytest.raises(InputError, match="there is no such folder"):
        write_workbook(results, tmp_path / "nowhere" / "one.xlsx")
    assert not list(tmp_path.glob("*.xls*"))
