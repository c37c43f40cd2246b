"""What a calibration is given: a list of what is fitted, and targets; all problems at once."""

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.evidence import evidence_for
from sim.scenario.loading import load_scenario
from sim.scenario.problems import InputError
from sim.scenario.uncertain import load_uncertain, shipped_lists
from sim.scenario.values import numbers_in, with_values
from sim.study.calibration.parameters import parameter_space
from sim.study.calibration.targets import goals_of, read_fit_targets, shipped_targets

pytestmark = pytest.mark.unit

CHILDREN = "children_average_england"
HEAD = "key,outcome,target,tolerance,low,high\n"
LIST = "name: ours\ntitle: Ours\nof: children_average_england\nparameters:\n"
LEAVING = "  leaving: {label: Leaving, paths: [turnover.leaving_per_year]}\n"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(CHILDREN)


@pytest.fixture
def listed(tmp_path):
    def make(text: str):
        file = tmp_path / "list.yaml"
        file.write_text(LIST + text, encoding="utf-8")
        return load_uncertain(file)

    return make


@pytest.fixture
def targets(tmp_path, scenario):
    def read(rows: str, head: str = HEAD, leave_out=()):
        file: Path = tmp_path / "targets.csv"
        file.write_text(head + rows, encoding="utf-8")
        return read_fit_targets(file, scenario, CHILDREN, dict.fromkeys(leave_out, ""))

    return read


def refused(function, *given) -> str:
    with pytest.raises(InputError) as caught:
        function(*given)
    return str(caught.value)


# ------------------------------------------------------------------ values of a scenario


def test_values_take_the_place_of_the_scenarios_own_and_whole_numbers_stay_whole(scenario):
    changed = with_values(
        scenario,
        {"turnover.by_tenure[1].factor": 1.4, "wellbeing.overload.weeks": 5.6,
         "pathways.child.stages.care.duration.mean": 600},
    )  # fmt: skip
    assert changed.turnover.by_tenure[1].factor == 1.4
    assert changed.wellbeing.overload.weeks == 6
    assert numbers_in(changed)["pathways.child.stages.care.duration.mean"] == 600
    assert scenario == load_scenario(CHILDREN)


def test_a_path_where_there_is_no_number_is_refused_with_the_nearest(scenario):
    told = refused(with_values, scenario, {"turnover.leaving_a_year": 0.1, "start": 3})
    assert "turnover.leaving_a_year" in told
    assert "did you mean 'turnover.leaving_per_year'?" in told
    assert "start: " in told
    assert "turnover.leaving_per_year" in refused(
        with_values, scenario, {"turnover.leaving_per_year": -1}
    )


# ------------------------------------------------------------------ the list


@pytest.mark.parametrize("name", shipped_lists())
def test_a_shipped_list_fits_its_scenario_and_its_targets(name):
    listed = load_uncertain(name)
    scenario = load_scenario(listed.value.of)
    space = parameter_space(scenario, listed)
    left_out = listed.value.leave_out
    found = read_fit_targets(shipped_targets(), scenario, scenario.name, left_out)
    everything = read_fit_targets(shipped_targets(), scenario, scenario.name, {})
    assert {target.key for target in everything} - {target.key for target in found} == set(left_out)
    assert len(space) < 2 * len(found)
    for dice in range(20):
        values = space.values(np.random.default_rng(dice).random(len(space)))
        with_values(scenario, values)
        for path, value in values.items():
            row = evidence_for(path, scenario.name)
            assert row.low * (1 - 1e-6) <= value <= row.high * (1 + 1e-6), path


def test_at_its_own_place_a_space_gives_the_scenario_itself(scenario):
    space = parameter_space(scenario, load_uncertain("children"))
    own = np.array([each.place_of(each.own) for each in space.parameters])
    assert space.values(own) == pytest.approx(space.own_values)
    for each, share in zip(space.parameters, own, strict=True):
        assert 0 <= share <= 1, each.name
        assert each.at(share) == pytest.approx(each.own)


def test_factors_on_one_value_multiply_and_what_a_share_takes_its_neighbour_gives(scenario, listed):
    visit = "pathways.child.stages.care.work.visit"
    assessment = "pathways.child.stages.{assessment,assessment_after_section_47}.next.closed"
    space = parameter_space(
        scenario,
        listed(
            f"  a: {{label: A, paths: [{visit}.direct_hours, {visit}.admin_hours],"
            " low: 0.8, high: 1.2}\n"
            f"  b: {{label: B, paths: [{visit}.admin_hours,"
            " pathways.child.stages.care.work.review.admin_hours], low: 0.9, high: 1.1}\n"
            f'  c: {{label: C, paths: ["{assessment}"], rest: need_plan, low: 0.9, high: 1.05}}\n'
        ),
    )
    found = space.values(np.ones(3))
    own = numbers_in(scenario)
    at = "pathways.child.stages.assessment.next"
    assert found[f"{visit}.admin_hours"] == pytest.approx(1.2 * 1.1 * own[f"{visit}.admin_hours"])
    assert found[f"{at}.closed"] == pytest.approx(1.05 * own[f"{at}.closed"])
    assert found[f"{at}.need_plan"] == pytest.approx(
        own[f"{at}.need_plan"] - 0.05 * own[f"{at}.closed"]
    )


def test_factors_take_no_value_beyond_its_range(scenario, listed):
    """A tenth of the hours, and ten times as many, are less and more than any assumption allows."""
    at = "pathways.child.stages.care.work"
    text = (
        f"  a: {{label: A, paths: [{at}.visit.admin_hours, {at}.review.admin_hours],"
        " low: 0.1, high: 10}\n"
    )
    space = parameter_space(scenario, listed(text))
    rows = [evidence_for(f"{at}.{item}.admin_hours", CHILDREN) for item in ("visit", "review")]
    assert [*space.values(np.zeros(1)).values()] == [row.low for row in rows]
    assert [*space.values(np.ones(1)).values()] == [row.high for row in rows]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  a: {label: A, paths: [turnover.leaving_per_yeer]}\n",
         ["line 5", "no number here", "did you mean 'turnover.leaving_per_year'?"]),
        ("  a: {label: A, paths: [absence.annual_leave.days]}\n",
         ["line 5", "no assumption with a range"]),
        ("  a: {label: A, paths: [turnover.leaving_per_year], low: 0.01}\n",
         ["line 5", "wider than its range", "0.01 to 0.15", "accepted: 0.06 to 0.15"]),
        ("  a: {label: A, paths: [turnover.leaving_per_year], low: 0.2, high: 0.1}\n",
         ["line 5", "low: must be below high"]),
        ("  a: {label: A, paths: [turnover.leaving_per_year], lowest: 0.2}\n", ["lowest"]),
        ("  a: {label: A, paths: [wellbeing.exhaustion.on_leaving], spread: log}\n",
         ["line 5", "no range: 0 to 4"]),
        ("  a: {label: A, paths: [turnover.leaving_per_year], rest: other}\n",
         ["no share beside it", "turnover.other"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_list_is_said_with_its_line(scenario, listed, text, said):
    told = refused(lambda: parameter_space(scenario, listed(text)))
    for each in said:
        assert each in told


# ------------------------------------------------------------------ the targets


def test_a_target_has_its_tolerance_or_half_its_range(targets):
    found = targets("a,turnover_rate,0.12,0.02,0,1\nb,hours_per_week,41,,40,42\nc,,7,,,\n")
    assert [(each.key, each.value, each.tolerance) for each in found] == [
        ("a", 0.12, 0.02), ("b", 41.0, 1.0)
    ]  # fmt: skip
    assert goals_of(found).allowed == pytest.approx([0.01, 0.5])


def test_rows_left_out_or_of_another_scenario_are_passed_over(targets):
    head = "of," + HEAD
    rows = (
        "adults,a,turnover_rate,0.1,0.1,,\n,b,vacancy_rate,0.1,0.1,,\n"
        "children_average_england,c,agency_rate,0.1,0.1,,\n"
    )
    assert [each.key for each in targets(rows, head, ["c"])] == ["b"]


def test_everything_that_is_wrong_with_targets_is_said_at_once(targets):
    told = refused(
        targets,
        "a,turnover_ratte,0.12,0.02,,\nb,vacancy_rate,14,0.02,,\nc,agency_rate,-0.1,0.02,,\n"
        "d,absence_rate,0.03,-0.01,,\ne,hours_per_week,41,,,\nf,caseload_per_fte,many,1,,\n"
        "g,held_cases_mean,2000,,9,8\nh,turnover_rate,0.1,0.1,,\ni,turnover_rate,0.1,0.1,,\n",
    )
    for each in (
        "line 2: outcome: there is no such outcome", "did you mean 'turnover_rate'?",
        "line 3: target: no service can reach this", "write 0.14",
        "line 4: target: no service", "line 5: tolerance: not a distance",
        "line 6: tolerance: nothing says how near", "line 7: target: not a number",
        "line 8: low: low is not below high", "line 10: outcome: another target ('h')",
    ):  # fmt: skip
        assert each in told, told


SLOPES = "key,outcome,for_each_more,target,tolerance\n"


def test_a_target_for_each_more_of_another_outcome_is_a_slope_of_any_sign(targets):
    found = targets(
        "a,turnover_rate,,0.12,0.02\nb,turnover_rate,caseload_per_fte,-0.01,0.02\n"
        "c,turnover_rate,overtime_hours_per_week,7,0.02\n",
        SLOPES,
    )
    assert [each.for_each_more for each in found] == [
        "", "caseload_per_fte", "overtime_hours_per_week"
    ]  # fmt: skip
    assert [each.value for each in found] == [0.12, -0.01, 7]
    assert found[1].label == "Caseload up by 1: Turnover"


def test_what_is_wrong_with_a_slope_is_said_with_its_line(targets):
    told = refused(
        targets,
        "a,turnover_rate,caseload_per_ft,0.1,0.1\nb,turnover_rate,turnover_rate,1,0.1\n"
        "c,absence_rate,caseload_per_fte,steep,0.1\nd,absence_rate,caseload_per_fte,0.1,\n"
        "e,agency_rate,caseload_per_fte,0.1,1\nf,agency_rate,caseload_per_fte,0.1,1\n",
        SLOPES,
    )
    for each in (
        "line 2: for_each_more: there is no such outcome", "did you mean 'caseload_per_fte'?",
        "line 3: for_each_more: an outcome changes by one for each one more of itself",
        "line 4: target: not a number", "line 5: tolerance: nothing says how near",
        "line 7: outcome: another target ('e')",
    ):  # fmt: skip
        assert each in told, told


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("key,outcome,goal,tolerance\n", "there is no column target"),
        ("key,outcome,target,unit\n", "there is no column tolerance"),
        ("outcome,target,tolerance\n", "there is no column key"),
    ],
)
def test_a_missing_column_is_named(targets, head, said):
    assert said in refused(targets, "", head)


def test_a_table_without_a_target_for_the_scenario_is_refused(targets):
    assert "there is no target for the scenario" in refused(targets, "a,,1,1,,\n")
