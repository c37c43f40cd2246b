"""The answer: three sentences that say what was found, no more, and how sure it is."""

from functools import partial

import numpy as np
import pytest

from sim.model.outcomes import OUTCOMES
from sim.report.changes import Change
from sim.report.page.answer import answer
from sim.report.page.blocks import Text
from sim.report.page.material import Material
from sim.report.page.side_by_side import side_by_side, told
from sim.report.sureness import all_at_once
from sim.report.table import headline_changes
from sim.scenario.loading import load_study
from sim.scenario.service import SafeLine
from sim.study.comparing import Interval
from sim.study.running import run_study
from tests import stand_ins

pytestmark = pytest.mark.unit

NOISE = 0.01


def made_up(
    scenario, policy, *, seed, replication, years, tables=(), trace=False, effects, strain=-0.01
):
    """A run whose outcomes differ between policies by `effects`, and by a little chance."""
    noise = NOISE * np.random.default_rng([seed, replication, len(policy.name)]).normal()
    safer, cheaper = effects.get(policy.name, (0.0, 0.0))
    common = float(np.random.default_rng([seed, replication]).normal())
    return stand_ins.Result(
        {
            "expected_incidents": 10 + common - safer + noise,
            "overloaded_worker_weeks": 0.2 + 0.001 * common + strain * (safer + noise),
            "caseload_per_fte": 16.0,
            "total_cost": 500_000 + 1_000 * common - cheaper + 100 * noise,
        }
    )


@pytest.fixture
def material(tmp_path):
    """The made-up results of a study, by what its policies do: incidents less, pounds less."""

    def material(effects, replications=6, policies=3, outcomes=(), **more) -> Material:
        text = stand_ins.SMALL_STUDY.replace(
            "outcomes: [caseload_per_fte, turnover_rate, assessments_within_45_days, total_cost]",
            "outcomes: [caseload_per_fte, expected_incidents, overloaded_worker_weeks]\ntables: []",
        )
        folder = tmp_path / "study"
        folder.mkdir()
        (folder / "small.yaml").write_text(stand_ins.SMALL_SERVICE)
        (folder / "study.yaml").write_text(text)
        study = load_study(folder / "study.yaml")
        asked = {"policies": study.policies[:policies], "outcomes": (*study.outcomes, *outcomes)}
        study = study.model_copy(update=asked)
        simulate = partial(made_up, effects=effects, **more)
        found = run_study(study, jobs=1, replications=replications, simulate=simulate,
                          out=tmp_path / "found")  # fmt: skip
        return Material(found)

    return material


def sentences(material: Material) -> tuple[str, ...]:
    return answer(material).blocks[0].sentences


def test_the_best_policy_is_named_with_its_gain_its_cost_and_the_next(material):
    found = material({"more_posts": (2.0, -110_000), "nothing": (0.5, 0.0)})
    now, helps, sure = sentences(found)
    assert now == (
        "As the service is now, workers are overloaded in 20.0 % of their weeks, a full-time "
        "worker holds 16.0 cases and its one safe line is not kept (“Caseload”, 1.0 over)."
    )
    assert helps == (
        "“More posts” does most for safety and wellbeing (expected serious incidents −2.00, almost "
        "certainly better; overloaded worker-weeks −2.00 points, almost certainly better) and "
        "costs £110,000 more a year."
    )
    assert sure == (
        "Which does most is clear: for safety and wellbeing “More posts” is clearly ahead of the "
        "next, “Nothing”."
    )


def test_two_policies_that_do_as_much_are_not_ranked(material):
    found = material({"more_posts": (2.0, 0.0), "nothing": (2.0, 5_000)})
    sure = sentences(found)[2]
    assert sure.startswith("Which does most is less sure: for safety ")
    assert "may do as much as" in sure
    assert "clearly ahead" not in sure


def test_policies_that_do_harm_or_nothing_are_not_praised(material):
    found = material({"more_posts": (-2.0, 0.0), "nothing": (-1.0, 0.0)})
    _, helps, sure = sentences(found)
    assert helps == (
        "None of the 2 policies makes the service clearly safer or its workers clearly better off."
    )
    assert sure == "More simulated futures would tell smaller differences apart."


def test_a_policy_that_is_cheaper_says_so(material):
    found = material({"more_posts": (2.0, 40_000), "nothing": (0.0, 0.0)})
    assert "and costs £40,000 less a year." in sentences(found)[1]


def test_what_helps_with_one_thing_and_not_with_the_other_is_said_so(material):
    found = material({"more_posts": (2.0, 0.0), "nothing": (1.0, 0.0)}, strain=0.01)
    helps = sentences(found)[1]
    assert helps.startswith("“More posts” does most for safety (expected serious incidents −2.00,")
    assert helps.endswith(", while none is clearly better for wellbeing.")


def test_one_future_tells_nothing_of_sureness(material):
    found = material({"more_posts": (2.0, 0.0)}, replications=1)
    assert sentences(found)[2].endswith("the study cannot tell how sure that is.")


def test_with_one_other_policy_there_is_no_next(material):
    found = material({"more_posts": (2.0, 0.0)}, policies=2)
    assert sentences(found)[2] == "There is no other policy to compare it with."


def test_the_service_alone_has_its_outcomes_with_their_ranges(material):
    found = material({}, policies=1)
    assert len(sentences(found)) == 1
    tables = [block.table for block in side_by_side(found).blocks if hasattr(block, "table")]
    safety = tables[0].rows[0]
    values = found.values("baseline", "expected_incidents")
    assert safety[1].value == pytest.approx(values.mean())
    assert safety[2].value < values.mean() < safety[3].value


def test_report_and_terminal_count_the_same_changes_the_cost_among_them(material):
    found = material({"more_posts": (2.0, 0.0)}, replications=12, outcomes=("total_cost",))
    said = [block.text for block in side_by_side(found).blocks if isinstance(block, Text)]
    (counted,) = [text for text in said if text.startswith("Of ")]
    assert counted.startswith("Of 8 changes ")  # four outcomes under two policies
    assert counted == all_at_once(headline_changes(found.results))


def test_what_hardly_changes_has_no_chance_beside_it():
    """However sure: a chance of over 99 in 100 beside "hardly any change" says two things."""
    small = Change(OUTCOMES["caseload_per_fte"], 15.0, 14.9999, -1e-4, -2e-4, -5e-5, 0.999)
    assert told(small).lines == ("−0.00010", "−0.00020\u00a0to\u00a0−0.00005", "hardly any change")


def test_lines_are_counted_by_how_well_they_are_kept(material):
    found = material({}, policies=1)
    lines = {"caseload_per_fte": 16.0, "expected_incidents": 10.05, "overloaded_worker_weeks": 0.1}
    scenario = found.study.scenario.model_copy(
        update={"safe_lines": {key: SafeLine(value=v, source="x") for key, v in lines.items()}}
    )
    found.study = found.study.model_copy(update={"scenario": scenario})
    values = {"caseload_per_fte": 16.0, "expected_incidents": 10.1, "overloaded_worker_weeks": 0.2}
    found.level = lambda _, key: Interval(values[key], values[key] - 0.01, values[key] + 0.01)
    assert sentences(found)[0].endswith(
        "of its 3 safe lines 1 is kept, 1 nearly and 1 not (farthest from it: “Overloaded "
        "worker-weeks”, 10 points over)."
    )
    values["overloaded_worker_weeks"] = 0.05
    values["expected_incidents"] = 10.0
    assert sentences(found)[0].endswith("all 3 safe lines are kept.")
