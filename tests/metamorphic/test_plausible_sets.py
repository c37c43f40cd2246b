"""Plausible sets: replication r takes set r under every policy, as if it stood in the scenario."""

from __future__ import annotations

import json
from datetime import timedelta

import pandas as pd
import pytest

from sim.model.world import simulate
from sim.scenario.policy import Policy
from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.scenario.values import with_values
from sim.study.explaining import explain
from sim.study.one_week import week_of_run
from sim.study.plausible_sets import KEPT, read_plausible
from sim.study.repeating import rerun
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.staffing import find_staffing
from sim.study.study import Study
from sim.study.sureness.sources_of_chance import PLAUSIBLE, chance
from tests.small_services import lively_service

pytestmark = pytest.mark.metamorphic

YEARS = 0.3
LEAVING, SPEED = "turnover.leaving_per_year", "wellbeing.exhaustion.on_speed"
BASELINE = Policy(name="baseline", label="Baseline")
NOTHING = Policy(name="nothing", label="Nothing")
SERVICE = lively_service()
OWN = SERVICE.turnover.leaving_per_year, SERVICE.wellbeing.exhaustion.on_speed
SETS = [(0.1, 0.2), (0.9, 0.3)]


@pytest.fixture
def study(tmp_path):
    def make(rows=SETS, own=OWN, head=f"set,{LEAVING},{SPEED}", scenario=SERVICE, **changes):
        lines = [head, ",".join(["own", *map(str, own)])]
        lines += [",".join([str(n), *map(str, row)]) for n, row in enumerate(rows)]
        (tmp_path / "sets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        content = {
            "name": "sets", "title": "Sets", "question": "What holds?", "years": YEARS,
            "replications": 3, "scenario": scenario, "policies": (BASELINE, NOTHING),
            "outcomes": ("turnover_rate",), "tables": (), "plausible": "sets.csv", "seed": 2,
        }  # fmt: skip
        return StudyFile(**content | changes)

    return make


def test_a_replication_is_as_if_its_set_stood_in_the_scenario_and_all_policies_share_it(
    study, tmp_path
):
    found = run_study(study(), jobs=1, out=tmp_path / "found", beside=tmp_path)
    values = found.outcomes.pivot(index=["policy", "replication"], columns="outcome").droplevel(
        0, axis=1
    )
    for replication, chosen in ((0, SETS[0]), (1, SETS[1]), (2, SETS[0])):
        scenario = with_values(SERVICE, dict(zip((LEAVING, SPEED), chosen, strict=True)))
        alone = simulate(scenario, BASELINE, seed=2, replication=replication, years=YEARS).outcomes
        for policy in ("baseline", "nothing"):
            assert values.loc[(policy, replication)].dropna().to_dict() == alone
    kept = pd.read_parquet(found.folder / KEPT)
    assert len(kept) == 6
    assert found.manifest["plausible_source"]["sets"] == 2
    assert found.manifest["plausible_source"]["stay"] == []


def test_a_run_done_again_takes_the_set_that_was_kept(study, tmp_path):
    run_study(study(), jobs=1, out=tmp_path / "found", beside=tmp_path)
    (tmp_path / "sets.csv").unlink()
    assert rerun(tmp_path / "found", "nothing", 1).differing.empty
    assert explain(tmp_path / "found", "nothing", replications=2, jobs=1).as_stored


def test_a_week_is_that_of_the_run_with_its_set(study, tmp_path):
    file = study()
    run_study(file, jobs=1, out=tmp_path / "found", beside=tmp_path)
    asked = {"team": "intake_2", "week_of": file.scenario.start_date + timedelta(days=42)}
    live = Study(file, tmp_path).week(**asked, replication=1)
    assert live.days.equals(week_of_run(tmp_path / "found", "baseline", 1, **asked).days)
    without = Study(study(plausible=None), tmp_path).week(**asked, replication=1)
    assert not live.days.equals(without.days)


def test_sets_equal_to_the_scenario_change_nothing(study, tmp_path):
    with_sets = run_study(study(rows=[OWN]), jobs=1, out=tmp_path / "one", beside=tmp_path)
    without = run_study(study(plausible=None), jobs=1, out=tmp_path / "other", beside=tmp_path)
    pd.testing.assert_frame_equal(with_sets.outcomes, without.outcomes)


def test_a_services_own_figure_stays(study, tmp_path):
    """The sets stand in for a leaving rate of 0.123; this service has another, its own."""
    found = read_plausible(study(own=(0.123, OWN[1])), tmp_path)
    assert found is not None
    assert found.source["stay"] == [LEAVING]
    assert found.values_of(0) == {SPEED: 0.2}
    assert found.values_of(3) == {SPEED: 0.3}


def test_another_order_or_resume_gives_the_same_but_other_sets_are_another_study(study, tmp_path):
    stopped = study()
    run_study(stopped, jobs=1, out=tmp_path / "whole", beside=tmp_path)

    def stop(*given, replication, **asked):
        if replication == 1:
            raise KeyboardInterrupt
        return simulate(*given, replication=replication, **asked)

    asked = {"jobs": 1, "out": tmp_path / "found", "beside": tmp_path}
    with pytest.raises(Exception, match="stopped"):
        run_study(stopped, simulate=stop, **asked)
    study(rows=[*SETS, (0.5, 0.5)])
    with pytest.raises(InputError, match="plausible_source"):
        run_study(stopped, resume=True, **asked)
    study()
    run_study(stopped, resume=True, **asked)
    one, other = (tmp_path / name / "outcomes.parquet" for name in ("whole", "found"))
    assert one.read_bytes() == other.read_bytes()
    assert (tmp_path / "found" / KEPT).read_bytes() == (tmp_path / "whole" / KEPT).read_bytes()


def test_what_sets_bring_is_among_the_sources_of_chance(study, tmp_path):
    """Leaving rates nine times apart bring more of the variance of turnover than illness does."""
    found = chance(study(), pairs=6, jobs=1, beside=tmp_path)
    of_turnover = found[found["outcome"] == "turnover_rate"].set_index("source")["share"]
    assert of_turnover[PLAUSIBLE] > of_turnover["absence"]
    same = chance(study(rows=[SETS[0]] * 2), pairs=3, jobs=1, beside=tmp_path)
    shares = same[same["source"] == PLAUSIBLE]["share"]
    assert (shares == 0).all()


def test_a_search_for_staffing_draws_from_them_too(study, tmp_path):
    met = []

    def note(scenario, *given, **asked):
        met.append((asked["replication"], scenario.turnover.leaving_per_year))
        return simulate(scenario, *given, **asked)

    role = next(iter(SERVICE.teams.values())).posts
    find_staffing(
        study(replications=8, years=0.1), ["turnover_rate <= 0.9"], role=next(iter(role)),
        jobs=1, simulate=note, beside=tmp_path,
    )  # fmt: skip
    assert {value for replication, value in met if replication == 0} == {0.1}
    assert {value for replication, value in met if replication == 1} == {0.9}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"plausible": "set.csv"}, ["there are no plausible sets here", "'set.csv'", "a fit"]),
        ({"head": f"sets,{LEAVING},{SPEED}"}, ["line 1", "the first column is not 'set'"]),
        ({"head": f"set,{LEAVING},turnover.speed"}, ["line 1: turnover.speed", "no number here"]),
        ({"rows": [(0.1, "much"), (0.1,)]}, ["line 3", "line 4", "a number in each of 2 columns"]),
        ({"rows": [(0.1, 0.1), (-0.1, 0.1)]}, ["line 4: turnover.leaving_per_year", "-0.1"]),
        ({"rows": []}, ["one for each set"]),
        ({"own": (0.77, 0.77)}, ["none of these sets' values stands in", "plimsoll calibrate"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_sets_is_said_with_its_place(study, tmp_path, changes, said):
    with pytest.raises(InputError) as caught:
        read_plausible(study(**changes), tmp_path)
    for each in said:
        assert each in str(caught.value)


def test_the_manifest_of_a_study_without_sets_says_so(study, tmp_path):
    run_study(study(plausible=None), jobs=1, out=tmp_path / "found")
    manifest = json.loads((tmp_path / "found" / "manifest.json").read_text())
    assert manifest["plausible"] is None
    assert manifest["plausible_source"] is None
    assert KEPT not in Results(tmp_path / "found").manifest["files"]
