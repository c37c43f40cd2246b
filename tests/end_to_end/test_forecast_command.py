"""`plimsoll forecast`: what it writes, what it says, and what it leaves alone when it can't."""

import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from forecasting.config import FUTURES
from forecasting.json_schema import forecast_schema_text
from forecasting.loading import load_forecast, shipped_forecasts
from sim.cli import main
from sim.resources import configs_dir
from tests.forecasts import written

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]


def run(folder: Path, *arguments) -> tuple[int, str, str]:
    """Run a command in this process: its exit code, what it printed, and what it complained of."""
    said, complained = io.StringIO(), io.StringIO()
    code = 0
    with (
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", ["plimsoll", *map(str, arguments)]),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return code, said.getvalue(), complained.getvalue()


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A small forecast by the command line: its folder, and what was printed."""
    folder = tmp_path_factory.mktemp("forecast")
    written(folder, paths=1_000)
    code, said, _ = run(folder, "forecast", "small.yaml", "--out", "out")
    assert code == 0
    return folder / "out", said


def test_all_files_are_there_and_as_the_manifest_says(done):
    folder, _ = done
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert names == set(manifest["files"])
    assert names >= {
        "paths.parquet",
        "intervals.csv",
        "decomposition.csv",
        "backtest.csv",
        "counted.csv",
    }
    assert names >= {f"requests_{chart}.{kind}" for chart in ("range", "change")
                     for kind in ("svg", "png")}  # fmt: skip
    for name, about in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == about["sha256"]
    assert manifest["format"] == "plimsoll forecast 1"
    assert manifest["paths"] == 1_000
    assert not list(folder.parent.glob(".*"))  # no temporary folder is left


def test_the_tables_have_their_columns_and_agree(done):
    folder, _ = done
    paths = pd.read_parquet(folder / "paths.parquet")
    assert list(paths.columns) == ["stream", "month", "path", "requests"]
    assert len(paths) == 36 * 1_000
    assert paths["month"].iloc[[0, -1]].tolist() == ["2026-04", "2029-03"]
    intervals = pd.read_csv(folder / "intervals.csv")
    assert list(intervals.columns) == [
        "stream", "month", "median", "low50", "high50", "low80", "high80", "low95", "high95",
    ]  # fmt: skip
    of_month = paths[paths["month"] == "2027-01"]["requests"]
    row = intervals[intervals["month"] == "2027-01"].iloc[0]
    assert row["low80"] == pytest.approx(np.quantile(of_month, 0.1))
    assert row["median"] == pytest.approx(of_month.median())
    decomposition = pd.read_csv(folder / "decomposition.csv")
    assert decomposition["year"].tolist() == [1, 2, 3]
    backtest = pd.read_csv(folder / "backtest.csv")
    assert set(backtest["model"]) == {"plimsoll", "last_value", "drift"}
    assert backtest["crps"].gt(0).all()


def test_charts_say_in_words_what_they_show(done):
    folder, _ = done
    manifest = json.loads((folder / "manifest.json").read_text())
    text = manifest["files"]["requests_change.svg"]["text"]
    assert text.startswith("From ")
    assert "Mostly more need or access per head" in text
    svg = (folder / "requests_change.svg").read_text()
    assert "Number of people" in svg
    assert "aria-label" in svg
    assert (folder / "requests_change.png").read_bytes()[:4] == b"\x89PNG"


def test_the_summary_says_now_then_range_why_and_how_good(done):
    _, said = done
    assert "A small forecast" in said
    assert "Future: principal: people as officially projected" in said
    assert "in 2025-26 to" in said
    assert "Eight times in ten between" in said
    assert "Tested on its own past: " in said
    assert "Forecast: out" in said


TABLES = """
import sys
from forecasting import Forecast

found = Forecast.from_yaml(sys.argv[1]).run()
found.paths.to_parquet("paths.parquet", index=False)
for name in ("intervals", "decomposition", "backtest"):
    getattr(found, name).to_csv(f"{name}.csv", index=False, lineterminator="\\n")
"""


def test_another_process_with_another_hash_seed_gives_the_same_tables(done, tmp_path):
    folder, _ = done
    subprocess.run(
        (sys.executable, "-c", TABLES, folder.parent / "small.yaml"),
        cwd=tmp_path, check=True, capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "4242"},
    )  # fmt: skip
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "paths.parquet"), pd.read_parquet(folder / "paths.parquet"),
        check_exact=True,
    )  # fmt: skip
    for name in ("intervals.csv", "decomposition.csv", "backtest.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_an_earlier_forecast_is_replaced_and_anything_else_is_not(tmp_path):
    written(tmp_path, paths=2, months=12)
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    code, _, complained = run(tmp_path, "forecast", "small.yaml", "--out", "out")
    assert code == 2
    assert "holds something other than plimsoll forecast ('letter.txt')" in complained
    assert (out / "letter.txt").read_text() == "mine"
    (out / "letter.txt").unlink()
    for months in (12, 24):
        code, _, _ = run(
            tmp_path, "forecast", "small.yaml", "--out", "out", "--months", months, "--paths", 3
        )
        assert code == 0
        assert len(pd.read_parquet(out / "paths.parquet")) == 3 * months


def test_a_forecast_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    written(tmp_path, paths=2, months=12)

    def full(*_args, **_settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forecasting.output.pq.write_table", full)
    code, _, complained = run(tmp_path, "forecast", "small.yaml", "--out", "out")
    assert code == 2
    assert "cannot write here: No space left on device" in complained
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


REFUSED = {
    "unknown name": (("england_kids",), "there is no forecast called 'england_kids'"),
    "no such file": (("none.yaml",), "none.yaml: there is no such file"),
    "unknown future": (("small.yaml", "--future", "fast_ageing"), "did you mean 'faster_ageing'?"),
    "contradictory": (
        ("small.yaml", "--future", "principal", "--future", "faster_ageing"),
        "principal means that nothing else changes",
    ),
    "too many months": (("small.yaml", "--months", "241"), "--months: the number is too large"),
    "no paths": (("small.yaml", "--paths", "0"), "--paths"),
    "a misspelt key": (("wrong.yaml",), "wrong.yaml, line 3: strat"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_forecast_is_refused_without_a_traceback(tmp_path, arguments, said):
    path = written(tmp_path)
    (tmp_path / "wrong.yaml").write_text(path.read_text().replace("start:", "strat:"))
    code, printed, complained = run(tmp_path, "forecast", *arguments, "--out", "out")
    assert code == 2
    assert said in complained
    assert "Traceback" not in complained
    assert printed == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", shipped_forecasts())
def test_each_shipped_forecast_loads_has_a_thousand_paths_and_says_its_sources(name):
    file, _ = load_forecast(name)
    assert file.name == name
    assert file.paths >= 1_000
    for stream in file.streams.values():
        for said in (stream.growth, stream.level, stream.mental_health, stream.early_help):
            assert said is None or said.source


def test_the_written_schema_is_up_to_date():
    path = configs_dir() / "schema" / "forecast.json"
    is_new = path.is_file() and path.read_text(encoding="utf-8") == forecast_schema_text()
    assert is_new, "the models have changed: run .venv/bin/plimsoll schema --write configs/schema"


PAGE = (ROOT / "docs" / "forecasting.md").read_text(encoding="utf-8")
EXAMPLES = [
    text for text in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S) if "area" in text
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_pages_examples_are_in_order(tmp_path, text):
    (tmp_path / "mine.yaml").write_text(text)
    file, _ = load_forecast(tmp_path / "mine.yaml")
    assert file.area == "Kent"


def test_the_page_names_every_future_and_links_to_what_is_there():
    for future in FUTURES:
        assert f"`{future}`" in PAGE
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


# ---------------------------------------------------------------- plimsoll check


@pytest.mark.parametrize("name", shipped_forecasts())
def test_check_knows_the_shipped_forecasts(tmp_path, name):
    code, said, _ = run(tmp_path, "check", name)
    assert code == 0
    assert f"{name}.yaml is a forecast, " in said
    assert "No problems." in said


def test_check_says_what_a_forecast_is_and_what_to_look_at(tmp_path):
    stream = {"label": "R", "rates": "adl_65_plus", "history": "own.csv"}
    written(tmp_path, area="Kent", streams={"requests": stream})
    (tmp_path / "own.csv").write_text("period_start,value\n2021-04-01,100\n2022-04-01,110\n")
    code, said, complained = run(tmp_path, "check", "small.yaml")
    assert code == 0
    assert re.search(r"small.yaml is a forecast, .*Kent, .*1 stream \(requests\)", said)
    assert "own.csv is taken to count all of England" in complained
    assert not list(tmp_path.glob("results"))


def test_check_says_all_that_is_wrong_with_a_forecast_and_where(tmp_path):
    streams = {
        "one": {"label": "R", "rates": "adl_65_pluss", "history": "asc_requests_65plus"},
        "two": {"label": "R", "rates": "adl_65_plus", "history": "asc_requests_65pls"},
    }
    written(tmp_path, streams=streams, months=240)
    code, _, complained = run(tmp_path, "check", "small.yaml")
    assert code == 2
    for path in ("months", "streams.one.rates", "streams.two.history"):
        assert re.search(rf"small.yaml, line \d+: {path}: ", complained)
    assert complained.rstrip().endswith("3 problems.")
    (tmp_path / "misspelt.yaml").write_text("name: x\narea: Kent\nstream: {}\n")
    assert "did you mean 'streams'?" in run(tmp_path, "check", "misspelt.yaml")[2]
    assert "did you mean 'england_children'?" in run(tmp_path, "check", "england_childrn")[2]


def test_a_study_without_its_forecast_names_the_command_that_writes_it(tmp_path):
    """What it says is run, with fewer paths; then the study is in order."""
    code, _, complained = run(tmp_path, "check", "forecast_children")
    assert code == 2
    (command,) = re.findall(r"plimsoll (forecast .*)", complained)
    assert run(tmp_path, *command.split(), "--paths", "20")[0] == 0
    assert run(tmp_path, "check", "forecast_children")[0] == 0


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ("own", r"forecast own.yaml --out own \(with your own forecast file\)"),
        ("two words", r"forecast 'two words.yaml' --out 'two words' \("),
        ("out/england_adults/paths.parquet", r"forecast england_adults --out out.england_adults\n"),
    ],
)
def test_a_forecast_of_ones_own_that_is_not_there_is_asked_for(tmp_path, given, remedy):
    assert re.search(f"remedy:   write it first: plimsoll {remedy}", _missing(tmp_path, given))


def test_a_table_of_ones_own_that_is_not_there_is_no_forecast_to_write(tmp_path):
    assert "remedy" not in _missing(tmp_path, "own.csv")


def _missing(folder: Path, given: str) -> str:
    """What is said of a study whose forecast isn't there."""
    shipped = configs_dir() / "studies" / "forecast_children.yaml"
    text = shipped.read_text().replace("results/forecasts/england_children", given)
    study = folder / "study.yaml"
    study.write_text(text)
    code, _, complained = run(folder, "check", study)
    assert code == 2
    return complained.rstrip()
