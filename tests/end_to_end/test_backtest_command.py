"""`plimsoll backtest`: what it writes and says, and what it says of a file it cannot use."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from forecasting.backtest_command import backtest_file
from sim.cli import main
from sim.scenario.problems import InputError
from tests.series_examples import series, wandering

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path) -> Path:
    rows = []
    for each in (series(wandering(50)), series(wandering(47, seed=2), area="Southtown")):
        for month, value in zip(each.months, each.values, strict=True):
            rows.append((each.key, each.area, f"{month}-01", value))
    table = pd.DataFrame(rows, columns=["series_key", "area_name", "period_start", "value"])
    table.to_csv(tmp_path / "mine.csv", index=False)
    return tmp_path / "mine.csv"


def plimsoll(folder, *arguments, **settings):
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    return subprocess.run(
        (sys.executable, "-m", "sim.cli", *map(str, arguments)),
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def refused(*arguments, **settings) -> str:
    with pytest.raises(InputError) as caught:
        backtest_file(*arguments, **settings)
    return str(caught.value)


def test_it_writes_scores_and_says_what_they_mean_the_same_with_another_hash_seed(file):
    for seed in ("1", "2"):
        done = plimsoll(
            file.parent,
            *("backtest", file.name, "--horizon", 6, "--origins", 3, "--out", f"scores-{seed}"),
            PYTHONHASHSEED=seed,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert "referrals, Northtown: best was" in done.stdout
        assert "Over 2 series, error relative to seasonal naive:" in done.stdout
        assert "80 % intervals held" in done.stdout
        assert f"Scores: scores-{seed}/scores.csv" in done.stdout
    one, two = ((file.parent / f"scores-{seed}/scores.csv").read_bytes() for seed in (1, 2))
    assert one == two
    scores = pd.read_csv(file.parent / "scores-1/scores.csv")
    assert ",".join(scores.columns) == (
        "series_key,area_name,model,horizon,mase,crps,crps_relative_to_seasonal_naive,"
        "coverage80,coverage95,coverage50"
    )
    assert len(scores) == 2 * 5 * 7
    manifest = json.loads((file.parent / "scores-1/manifest.json").read_text())
    assert manifest["files"]["scores.csv"]["sha256"] == hashlib.sha256(one).hexdigest()
    assert manifest["series_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_bad_input_ends_in_a_message_and_exit_code_2(file):
    file.write_text(file.read_text().replace("2016-01-01", "2016-01-17"))
    done = plimsoll(file.parent, "backtest", file.name)
    assert done.returncode == 2
    assert "mine.csv, line 10: period_start: not the first day of a month" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in file.parent.iterdir()] == ["mine.csv"]


@pytest.mark.parametrize("option", [{"horizon": 0}, {"horizon": 25}, {"origins": 0}])
def test_an_option_out_of_range_is_refused(file, option):
    said = refused(file, out=file.parent / "out", **option)
    assert next(iter(option)) in said
    assert "a whole number from 1 to" in said


def test_an_option_is_named_as_it_is_typed(file, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["plimsoll", "backtest", str(file), "--origins", "0"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "--origins: out of range" in capsys.readouterr().err


def test_series_that_are_all_too_short_are_refused_and_nothing_is_written(file):
    said = refused(file, 12, 40, file.parent / "out")
    assert "no series is long enough" in said
    assert "50 months, the last on line 51;" in said
    assert "25 at least" in said
    assert [path.name for path in file.parent.iterdir()] == ["mine.csv"]


def test_a_folder_with_something_else_in_it_is_left_alone(file):
    folder = file.parent / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear")
    assert "something other than" in refused(file, 3, 2, folder)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]
    assert "not a folder" in refused(file, 3, 2, folder / "letter.txt")


def test_earlier_scores_are_replaced(file):
    folder = file.parent / "scores"
    backtest_file(file, 3, 2, folder)
    found = backtest_file(file, 4, 2, folder)
    assert found.scores["horizon"].nunique() == 5
    assert len(pd.read_csv(folder / "scores.csv")) == len(found.scores)
    assert sorted(path.name for path in file.parent.iterdir()) == ["mine.csv", "scores"]


def test_the_example_in_the_docs_runs(file, monkeypatch):
    page = (ROOT / "docs" / "forecasting_series.md").read_text(encoding="utf-8")
    example = page.split("```python\n")[1].split("```")[0]
    file.rename(file.with_name("my_series.csv"))
    monkeypatch.chdir(file.parent)
    names: dict = {}
    exec(example, names)
    assert names["found"].paths["referrals", "Northtown"].shape == (1_000, 24)
