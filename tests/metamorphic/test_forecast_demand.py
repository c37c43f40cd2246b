"""Forecast demand: a certain forecast is the same as the same numbers in the scenario, to the byte;
replication r takes path r under every policy; and what cannot drive a study is refused.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasting.config import ForecastFile
from forecasting.forecast import Forecast
from forecasting.output import write_forecast
from sim.model.intensity import daily_intensity
from sim.model.world import simulate
from sim.scenario.calendar import Calendar
from sim.scenario.policy import Policy
from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import read_demand
from sim.study.errors import Interrupted
from sim.study.repeating import rerun
from sim.study.results import Results
from sim.study.running import run_study
from tests.forecasts import plan
from tests.services import STREAM, tiny_service
from tests.small_services import lively_service

pytestmark = pytest.mark.metamorphic

YEARS = 0.4
START = date(2026, 4, 1)
BASELINE = Policy(name="baseline", label="Baseline")
HALF = Policy.model_validate(
    {"name": "half", "label": "Half", "levers": [{"lever": "early_help", "share": 0.5}]}
)


def months(first: str, number: int) -> list[str]:
    return [str(month) for month in np.datetime64(first) + np.arange(number)]


def table(first="2026-04", number=12, paths=2, requests=20.0, stream="new") -> pd.DataFrame:
    """Paths of a stream; `requests` a number, or one for each path."""
    level = np.broadcast_to(requests, (paths,))
    rows = [
        {"stream": stream, "month": month, "path": path, "requests": level[path]}
        for month in months(first, number)
        for path in range(paths)
    ]
    return pd.DataFrame(rows)


def service(**stream):
    name = next(iter(lively_service().demand))
    return lively_service(start_date=START, demand={name: stream}), name


def study(scenario, name, forecast=None, policies=(BASELINE,), **changes) -> StudyFile:
    asked = None if forecast is None else {"paths": str(forecast), "streams": {name: "new"}}
    fields = {
        "name": "joined", "title": "Joined", "question": "?", "scenario": scenario,
        "policies": policies, "years": YEARS, "replications": 2,
        "outcomes": ("caseload_per_fte",), "forecast": asked,
    }  # fmt: skip
    return StudyFile.model_validate(fields | changes)


def tables_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def arrivals(results: Results) -> pd.DataFrame:
    found = results.outcomes
    found = found[found["outcome"] == "arrivals_per_year"]
    return found.pivot(index="replication", columns="policy", values="value")


@pytest.fixture
def paths(tmp_path):
    """Write paths, and give the file."""

    def write(frame: pd.DataFrame, name="paths.parquet") -> Path:
        file = tmp_path / name
        if name.endswith(".csv"):
            frame.to_csv(file, index=False)
        else:
            frame.to_parquet(file, index=False)
        return file

    return write


def test_a_certain_forecast_gives_the_bytes_of_the_same_constant_intensity(tmp_path, paths):
    constant, name = service(per_month=(20.0,), per_week=None)
    other, _ = service(per_month=(3.0,), per_week=None)
    run_study(study(constant, name), jobs=1, out=tmp_path / "constant")
    forecast = paths(table(number=12, requests=20.0))
    run_study(study(other, name, forecast), jobs=1, out=tmp_path / "forecast")
    expected, found = tables_of(tmp_path / "constant"), tables_of(tmp_path / "forecast")
    assert found["outcomes.parquet"] == expected["outcomes.parquet"]
    assert found["team_weeks.parquet"] == expected["team_weeks.parquet"]


def test_a_forecast_without_uncertainty_gives_the_bytes_of_its_own_monthly_numbers(tmp_path):
    file = ForecastFile.model_validate(
        plan(uncertainty="none", share=0.0003, months=24, paths=3, start="2025-10-01")
    )
    forecasted = Forecast(file).run()
    folder = write_forecast(forecasted, tmp_path / "certain")
    numbers = tuple(forecasted.intervals["median"])
    scenario, name = service(per_month=numbers, per_month_from=date(2025, 10, 1), per_week=None)
    run_study(study(scenario, name), jobs=1, out=tmp_path / "numbers")
    plain, _ = service()
    asked = {"paths": "certain", "streams": {name: "requests"}}
    joined = study(plain, name).model_copy(update={"forecast": None})
    joined = StudyFile.model_validate({**dict(joined), "forecast": asked})
    run_study(joined, jobs=1, out=tmp_path / "joined", beside=tmp_path)
    expected, found = tables_of(tmp_path / "numbers"), tables_of(tmp_path / "joined")
    assert found["outcomes.parquet"] == expected["outcomes.parquet"]
    source = Results(tmp_path / "joined").manifest["forecast_source"]
    written = json.loads((folder / "manifest.json").read_text())["files"]["paths.parquet"]
    assert source["sha256"] == written["sha256"]
    assert source["forecast"] == "small"


def test_each_replication_takes_its_path_under_every_policy_and_levers_still_count(tmp_path, paths):
    scenario, name = service()
    forecast = paths(table(paths=2, requests=[0.0, 80.0]))
    asked = study(scenario, name, forecast, policies=(BASELINE, HALF), replications=4)
    results = run_study(asked, jobs=1, out=tmp_path / "out")
    found = arrivals(results)
    # Replications 0 and 2 have path 0, without these cases; 1 and 3 path 1 with 80 a month.
    assert found["baseline"][[1, 3]].min() > 3 * found["baseline"][[0, 2]].max()
    assert (found["half"][[1, 3]] < 0.75 * found["baseline"][[1, 3]]).all()
    kept = pd.read_parquet(tmp_path / "out" / "demand.parquet")
    assert kept.groupby("path")["requests"].first().tolist() == [0.0, 80.0]
    assert set(kept["stream"]) == {name}


def test_one_or_two_processes_give_the_same_bytes(tmp_path, paths):
    scenario, name = service()
    asked = study(scenario, name, paths(table(paths=2, requests=[10.0, 30.0])))
    for jobs in (1, 2):
        run_study(asked, jobs=jobs, out=tmp_path / str(jobs))
    assert tables_of(tmp_path / "1") == tables_of(tmp_path / "2")


def test_another_forecast_in_the_same_folder_is_read_anew(tmp_path, paths):
    scenario, name = service()
    for level in (5.0, 60.0):
        asked = study(scenario, name, paths(table(requests=level)))
        results = run_study(asked, jobs=1, out=tmp_path / "out")
        if level == 5.0:
            few = arrivals(results)
    assert (arrivals(results) > 2 * few).all().all()


def test_a_study_that_was_stopped_goes_on_with_the_same_forecast_only(tmp_path, paths):
    def stopped(scenario, policy, **given):
        if given["replication"] == 1:
            raise KeyboardInterrupt
        return simulate(scenario, policy, **given)

    scenario, name = service()
    asked = study(scenario, name, paths(table(paths=2, requests=[10.0, 30.0])))
    run_study(asked, jobs=1, out=tmp_path / "whole")
    with pytest.raises(Interrupted):
        run_study(asked, jobs=1, out=tmp_path / "out", simulate=stopped)
    paths(table(paths=2, requests=[10.0, 31.0]))
    with pytest.raises(InputError, match=r"forecast_source.sha256: the unfinished study"):
        run_study(asked, jobs=1, out=tmp_path / "out", resume=True)
    paths(table(paths=2, requests=[10.0, 30.0]))
    run_study(asked, jobs=1, out=tmp_path / "out", resume=True)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "whole")


def test_a_run_can_be_done_again_when_the_forecast_is_gone(tmp_path, paths):
    scenario, name = service()
    forecast = paths(table(paths=2, requests=[10.0, 30.0]))
    run_study(study(scenario, name, forecast), jobs=1, out=tmp_path / "out")
    forecast.unlink()
    assert rerun(tmp_path / "out", "baseline", 1).differing.empty
    # It can fail: with the other replication's path it comes out otherwise.
    kept = pd.read_parquet(tmp_path / "out" / "demand.parquet")
    kept["path"] = 1 - kept["path"]
    kept.to_parquet(tmp_path / "out" / "demand.parquet", index=False)
    assert not rerun(tmp_path / "out", "baseline", 1).differing.empty


def test_before_the_first_month_demand_is_the_mean_of_the_first_twelve():
    scenario = tiny_service(
        demand={"per_month": tuple(float(n) for n in range(1, 25)),
                "per_month_from": date(2026, 4, 20)},
    )  # fmt: skip
    first = date(2026, 2, 1)
    found = daily_intensity(scenario, first, 120, Calendar(first, 120, "England"))[:, 0]
    totals = [found[:28].sum(), found[28:59].sum(), found[59:89].sum(), found[89:120].sum()]
    assert totals == pytest.approx([6.5, 6.5, 1.0, 2.0])
    assert STREAM in scenario.demand


def written_folder(tmp_path) -> Path:
    file = ForecastFile.model_validate(plan(months=12, paths=2))
    return write_forecast(Forecast(file).run(), tmp_path / "folder")


def changed_paths(tmp_path) -> Path:
    folder = written_folder(tmp_path)
    table().to_parquet(folder / "paths.parquet")
    return folder


def without_manifest(tmp_path) -> Path:
    folder = written_folder(tmp_path)
    (folder / "manifest.json").write_text("{}")
    return folder


def text_file(tmp_path) -> Path:
    (tmp_path / "text.parquet").write_text("no table")
    return tmp_path / "text.parquet"


REFUSED_FILES = {
    "missing": (lambda f: f / "gone", "there is no forecast here.*plimsoll forecast gone"),
    "no table": (text_file, "text.parquet: this cannot be read as a table"),
    "changed": (changed_paths, "the paths were changed after the forecast was written"),
    "no manifest": (without_manifest, "manifest.json cannot be read"),
    "other streams": (
        written_folder,
        "forecast.streams.*no such stream.*one of requests",
    ),
}


@pytest.mark.parametrize(("make", "said"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_a_forecast_that_is_not_there_or_not_whole_is_refused(tmp_path, make, said):
    scenario, name = service()
    with pytest.raises(InputError, match=f"(?s){said}"):
        read_demand(study(scenario, name, make(tmp_path)))


def test_a_negative_or_missing_number_names_its_line(paths):
    scenario, name = service()
    for change, said in (
        ({"requests": [20.0, -1.0]}, "line 3: not a number of requests.*given: +-1.0"),
        ({"requests": [20.0, np.nan]}, "line 3: not a number of requests"),
    ):
        file = paths(table(**change), "paths.csv")
        with pytest.raises(InputError, match=f"(?s)paths.csv, {said}"):
            read_demand(study(scenario, name, file))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (table().drop(columns="path"), "there is no column path"),
        (table().rename(columns={"requests": "request"}), "did you mean 'request'"),
        (table().assign(month="April"), "not a month .stream new.*'?April"),
        (pd.concat([table(), table()]), "each path needs each month once"),
        (table()[lambda rows: rows["month"] != "2026-06"], "no month may be left out"),
        (table(first="2026-05"), "starts in 2026-05, after the study does.*2026-04 or earlier"),
        (table(number=4), "ends in 2026-07, before the study does.*forecast 1 months more"),
    ],
)
def test_paths_that_do_not_fit_are_refused(paths, frame, said):
    scenario, name = service()
    with pytest.raises(InputError, match=f"(?s){said}"):
        read_demand(study(scenario, name, paths(frame)))


def test_a_stream_that_the_scenario_lacks_is_refused():
    scenario, _ = service()
    with pytest.raises(ValueError, match=r"forecast.streams: there is no stream 'none'"):
        study(scenario, "none", "anywhere")


def test_nothing_is_written_when_the_forecast_is_refused(tmp_path):
    scenario, name = service()
    with pytest.raises(InputError):
        run_study(study(scenario, name, tmp_path / "gone"), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
