"""Which assumptions matter most: ranked by clear changes on their scales, and said in words."""

import pytest
import yaml

from sim.scenario.evidence import Weighty, targets
from sim.scenario.loading import load_scenario
from sim.study.calibration.parameters import parameter_space
from sim.study.comparing import Interval
from tests.scripts import load_script

pytestmark = pytest.mark.unit

CHILDREN = "children_average_england"
SCALES = {"turnover_rate": 0.02, "hours_per_week": 1.0, "caseload_per_fte": 1.0}
NONE = Interval(0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def script():
    return load_script("measure_assumptions")


@pytest.fixture(scope="module")
def ranges(script):
    listed = script.all_listed("children")
    space = parameter_space(load_scenario(CHILDREN), listed)
    both = zip(space.parameters, script.ends(space), strict=True)
    return space, {parameter.name: end for parameter, end in both}


def moved(script, name, **changes):
    everything = {key: changes.get(key, NONE) for key in SCALES}
    return script.Moved(name, f"{name} (1 to 2)", everything)


def test_the_furthest_on_its_scale_comes_first_and_only_clear_changes_count(script):
    hours = moved(script, "hours", hours_per_week=Interval(4.9, 4.5, 5.3))  # 4.9 scales
    leaving = moved(script, "leaving", turnover_rate=Interval(-0.11, -0.13, -0.09))  # 5.5
    unclear = moved(script, "unclear", caseload_per_fte=Interval(30.0, -1.0, 61.0))
    nothing = moved(script, "nothing")
    order = script.ranked([hours, unclear, nothing, leaving], SCALES)
    assert [each.name for each in order] == ["leaving", "hours"]
    assert leaving.weights(SCALES) == {"turnover_rate": pytest.approx(5.5)}


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Interval(4.87, 4.5, 5.24), "Turnover −11 points; Hours worked a week +4.9"),
        (Interval(0.87, 0.5, 1.24), "Turnover −11 points"),  # less than its scale
        (Interval(4.87, -0.5, 10.24), "Turnover −11 points"),  # not clear
    ],
)
def test_the_largest_change_is_told_and_a_second_that_is_more_than_its_scale(script, hours, words):
    both = moved(
        script, "both", hours_per_week=hours, turnover_rate=Interval(-0.1123, -0.13, -0.0946)
    )
    assert script.in_words(both, SCALES) == words


def test_a_parameter_moves_alone_over_its_range_in_its_own_terms(ranges):
    space, found = ranges
    label, low, high = found["overtime"]
    path = "working_time.overtime_hours_per_week.mean"
    assert label == "Overtime that workers give, hours a week (4 to 12)"
    assert (low[path], high[path]) == (4.0, 12.0)
    own = space.own_values
    assert {p: v for p, v in low.items() if p != path} == pytest.approx(
        {p: v for p, v in own.items() if p != path}, rel=1e-6
    )
    # factors: on values that differ, and on two that are the same
    assert found["weights"][0] == "Workload weights alone (all by −20 to +25 %)"
    assert found["closed_after_assessment"][0].endswith("closure (0.4 to 0.75)")


def test_rows_of_other_scenarios_stay_as_they_are(script, tmp_path, monkeypatch):
    before = script.FILE.read_text(encoding="utf-8").splitlines()
    monkeypatch.setattr(script, "FILE", tmp_path / "weightiest.csv")
    script.FILE.write_text("\n".join(before) + "\n", encoding="utf-8")
    one = Weighty(of=CHILDREN, assumption="a, b", low_to_high="c", why="d")
    others = [line for line in before[1:] if not line.startswith(CHILDREN)]
    assert len(others) == 6
    after = script.written([one], CHILDREN).splitlines()
    assert after == [before[0], *others, f'{CHILDREN},"a, b",c,d']


def test_all_that_is_moved_has_a_reason_and_all_scales_a_source(script, ranges):
    _, found = ranges
    why = yaml.safe_load((script.SPECS / "why_they_matter.yaml").read_text(encoding="utf-8"))
    assert set(why[CHILDREN]) == set(found)
    tolerances = {t.outcome: t.tolerance for t in targets() if t.of == CHILDREN}
    assert all(tolerances[key] for key in script.HELD_TO_TARGETS)
    assert not set(script.HELD_TO_TARGETS) & set(script.SCALES)
