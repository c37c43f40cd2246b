"""Replications grow until the changes are known as precisely as a study asks, or can't be."""

import gc
import math
import re

import numpy as np
import pandas as pd
import pytest

from sim.model.outcomes import OUTCOMES
from sim.report.changes import Change
from sim.report.sureness import all_at_once, not_among_all, precision_lines, what_pairing_buys
from sim.scenario.loading import load_study
from sim.scenario.precision import Narrowness, Precision
from sim.scenario.problems import InputError
from sim.study.checking import check
from sim.study.comparing import mean_interval
from sim.study.errors import Interrupted
from sim.study.running import run_study
from sim.study.sureness.precision import (
    Reached,
    allowed,
    half_widths,
    holds,
    more_replications,
    reached,
)
from tests import stand_ins

pytestmark = pytest.mark.unit

TABLES = ("outcomes.parquet", "comparisons.csv", "team_weeks.parquet", "worker_loads.parquet")
PRECISION = """\
precision:
  at_least: 2
  at_most: {at_most}
  outcomes:
    caseload_per_fte: {{within: {within}}}
"""


@pytest.fixture(autouse=True)
def _only_what_is_new_is_looked_through():
    """A run ends with the collection of garbage, which takes long among all that tests load."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def study_of(tmp_path):
    """Write the small study with a precision in place of its replications."""

    def study_of(text=None, **changed):
        path = stand_ins.write_small_study(tmp_path)
        wanted = PRECISION.format(**{"at_most": 60, "within": 0.05} | changed)
        content = path.read_text().replace("replications: 4\n", text or wanted)
        content = re.sub(r"  - name: nothing\n(    .*\n)+", "", content)
        path.write_text(content)
        return path

    return study_of


def run(study, folder, **asked):
    return run_study(study, out=folder, **({"jobs": 1, "simulate": stand_ins.simulate} | asked))


# ---------------------------------------------------------------- half-widths


def test_half_widths_after_each_run_are_those_of_student_s_range():
    values = np.random.default_rng(1).normal(100, 3, size=(12, 2))
    values[4, 0] = math.nan
    widths = half_widths(values)
    assert np.isinf(widths[0]).all()
    for done in range(2, 13):
        for column in range(2):
            known = mean_interval(values[:done, column])
            assert widths[done - 1, column] == pytest.approx((known.high - known.low) / 2)


def test_equal_values_and_none_at_all():
    assert half_widths(np.full((3, 1), 0.1))[:, 0].tolist() == [math.inf, 0, 0]
    assert np.isinf(half_widths(np.full((3, 1), math.nan))).all()
    late = np.array([[math.nan], [5.0], [5.0], [5.0]])
    assert half_widths(late)[:, 0].tolist() == [math.inf, math.inf, 0, 0]


def test_a_share_is_of_the_baseline_so_far():
    limits = allowed(Narrowness(within_share=0.05), np.array([-10.0, math.nan, -30]))
    assert limits.tolist() == [0.5, 0.5, 1]
    assert allowed(Narrowness(within=2), np.zeros(2)).tolist() == [2, 2]


# ---------------------------------------------------------------- when to stop


def narrow_since(first: int, done: int) -> tuple[np.ndarray, np.ndarray]:
    """Half-widths that are as narrow as asked from one number of replications on."""
    numbers = np.arange(1, done + 1)
    return np.where(numbers >= first, 0.9, 1.1)[:, None], np.ones(done)


def test_a_range_must_stay_narrow_enough_for_as_long_as_the_look_ahead():
    assert holds(*narrow_since(20, 30), at_least=5)
    assert not holds(*narrow_since(21, 30), at_least=5)
    # After more than a hundred it looks ahead as many for each hundred.
    assert holds(*narrow_since(270, 300), at_least=5)
    assert not holds(*narrow_since(271, 300), at_least=5)


def test_the_floor_counts_before_the_look_ahead():
    assert holds(*narrow_since(1, 30), at_least=20)
    assert not holds(*narrow_since(1, 29), at_least=20)


def test_every_policy_counts():
    widths, limits = narrow_since(1, 30)
    both = np.hstack([widths, widths])
    assert holds(both, limits, 5)
    both[-1, 1] = 1.1
    assert not holds(both, limits, 5)


def test_batches():
    assert more_replications([], 20, 200) == 30  # the floor, and the look ahead
    assert more_replications([], 20, 25) == 25
    assert more_replications([narrow_since(1, 30)], 20, 200) == 30
    # 1.1 is 10 % too wide: some 37 would be needed, but ten more are the least.
    assert more_replications([narrow_since(99, 30)], 20, 200) == 40
    # Three times too wide: 270, to which it is 120 half of the way.
    wide = np.full((30, 1), 3.0), np.ones(30)
    assert more_replications([wide], 20, 1_000) == 150
    assert more_replications([narrow_since(1, 30), wide], 20, 100) == 100
    never = np.full((30, 1), math.inf), np.ones(30)
    assert more_replications([never], 20, 50) == 50
    assert more_replications([never], 5, 30) == 30
    nothing = np.zeros((30, 1)), np.zeros(30)  # no width is asked for, and there is none
    assert more_replications([nothing], 5, 90) == 30


# ---------------------------------------------------------------- studies


def test_a_study_runs_until_it_is_as_precise_as_asked(study_of, tmp_path):
    results = run(load_study(study_of()), tmp_path / "found")
    study = results.study
    assert study.replications == results.outcomes["replication"].nunique()
    assert 12 <= study.replications < 60
    (found,) = reached(study, results.outcomes)
    assert found.is_reached
    assert (found.outcome, found.asked, found.replications) == (
        "caseload_per_fte", 0.05, study.replications,
    )  # fmt: skip
    # Finished results are known again, whatever number of runs they took.
    again = run(load_study(study_of()), tmp_path / "found", resume=True)
    assert again.manifest == results.manifest
    row = results.comparisons.query("policy == 'more_posts' and outcome == 'caseload_per_fte'")
    assert found.half_width == pytest.approx(float((row["high"] - row["low"]).iloc[0]) / 2)


def test_a_ceiling_ends_it_and_says_what_would_be_needed(study_of, tmp_path):
    results = run(load_study(study_of(at_most=12, within=0.001)), tmp_path / "found")
    (found,) = reached(results.study, results.outcomes)
    assert results.study.replications == found.replications == 12
    assert not found.is_reached
    assert found.needed == pytest.approx(12 * (found.half_width / 0.001) ** 2)


def test_the_number_of_runs_and_all_bytes_are_the_same_in_two_processes(study_of, tmp_path):
    study = load_study(study_of(at_most=13))
    run(study, tmp_path / "one")
    run(study, tmp_path / "two", jobs=2)
    for name in TABLES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_study_that_was_stopped_goes_on_to_the_same_bytes(study_of, tmp_path):
    study = load_study(study_of(at_most=14))
    run(study, tmp_path / "unbroken")
    with pytest.raises(Interrupted):
        run(study, tmp_path / "stopped", simulate=stand_ins.simulate_and_be_stopped)
    run(study, tmp_path / "stopped", resume=True)
    for name in TABLES:
        unbroken = (tmp_path / "unbroken" / name).read_bytes()
        assert (tmp_path / "stopped" / name).read_bytes() == unbroken


def test_checking_a_study_says_how_many_runs_there_may_be(study_of):
    sentence = check(str(study_of())).sentence
    assert "2 to 60 replications, as many as it takes to know caseload_per_fte" in sentence


def test_a_number_of_replications_is_meant_exactly(study_of, tmp_path):
    results = run(load_study(study_of()), tmp_path / "found", replications=7)
    assert results.study.replications == 7
    (found,) = reached(results.study, results.outcomes)
    assert found.replications == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("precision: {outcomes: {caseload_per_ft: {within: 1}}}\n",
         ("precision.outcomes.caseload_per_ft", "did you mean 'caseload_per_fte'?")),
        ("precision: {outcomes: {}}\n", ("precision.outcomes",)),
        ("precision: {outcomes: {turnover_rate: {within: 0}}}\n", ("within", "over 0")),
        ("precision: {outcomes: {turnover_rate: {}}}\n", ("within_share",)),
        ("precision: {outcomes: {turnover_rate: {within: 1, within_share: 1}}}\n",
         ("within_share",)),
        ("precision: {at_least: 9, at_most: 5, outcomes: {turnover_rate: {within: 1}}}\n",
         ("at_most (5) is less than at_least (9)",)),
        ("precision: {at_least: 0, outcomes: {turnover_rate: {within: 1}}}\n",
         ("precision.at_least", "1")),
        ("replications: 4\nprecision: {outcomes: {turnover_rate: {within: 1}}}\n",
         ("replications", "line 6", "leave it out")),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for(study_of, text, words):
    path = study_of(text)
    with pytest.raises(InputError) as caught:
        load_study(path, OUTCOMES)
    for word in words:
        assert word in str(caught.value)


def test_a_baseline_alone_has_no_change_to_be_precise_about(study_of):
    study = load_study(study_of())
    with pytest.raises(ValueError, match="no policy to compare"):
        type(study).model_validate(study.model_dump() | {"policies": study.policies[:1]})


# ---------------------------------------------------------------- words


def of(**changed) -> Reached:
    usual = {"outcome": "caseload_per_fte", "policy": "more_posts", "asked": 0.2,
             "half_width": 0.1534, "replications": 35, "needed": 21.0}  # fmt: skip
    return Reached(**usual | changed)


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (of(), "Caseload: asked for ±0.2; with 35 runs ±0.16 or less under every policy."),
        (of(outcome="agency_rate", asked=0.0067, half_width=0.0091, needed=1234.5),
         "Agency: asked for ±0.67 points; not reached with 35 runs: ±0.91 points under "
         "more posts. About 1,300 runs would be needed."),
        (of(half_width=math.inf, needed=math.inf),
         "Caseload: asked for ±0.2; cannot be told: too few of 35 runs have this outcome under "
         "more posts."),
        (of(asked=0.0, half_width=0.1, needed=math.inf),
         "Caseload: asked for ±0; not reached with 35 runs: ±0.1 under more posts."),
        (of(outcome="total_cost", asked=20_000, half_width=15_345.6),
         "Total cost: asked for ±£20,000; with 35 runs ±£16,000 or less under every policy."),
    ],
)  # fmt: skip
def test_what_was_reached_is_said_plainly(found, line):
    assert list(precision_lines([found])) == [line]


def change(low=1.0, high=3.0, together=(0.5, 3.5), variance_reduction=10.0, outcome="exhaustion"):
    return Change(
        OUTCOMES[outcome], 10, 12, 2, low, high, 0.01, *together, variance_reduction
    )  # fmt: skip


def test_changes_that_do_not_hold_up_among_all_policies_are_named():
    changes = [
        change(),
        change(together=(-0.1, 4), outcome="turnover_rate"),
        change(low=-1, together=(-2, 6), outcome="agency_rate"),
    ]
    assert not_among_all(changes, 6) == (
        "Not clear any more when all 6 policies are compared: Turnover."
    )
    assert not_among_all(changes[:1], 6) == ""
    assert not_among_all(changes, 1) == ""
    everything = {"one": changes, "two": changes[:1]}
    assert "Of 4 changes 3 are clear" in all_at_once(everything)
    assert "Of these 2 hold up when both policies" in all_at_once(everything)
    assert all_at_once({"one": changes}) == ""
    one_left = {"one": changes[:2], "two": changes[1:]}
    assert "Of these 1 holds up when both policies" in all_at_once(one_left)


def test_of_too_few_runs_nothing_is_said_about_all_policies_at_once():
    unknown = change(together=(math.nan, math.nan))
    same_in_every_pair = change(low=2, high=2, together=(2, 2), outcome="total_cost")
    of_few = [unknown, same_in_every_pair]
    assert not_among_all(of_few, 6) == ""
    assert all_at_once({"one": of_few, "two": of_few}) == ""
    never = change(low=0, high=0, together=(0, 0))  # a policy that changes nothing
    assert all_at_once({"one": [unknown], "two": [never]}) == ""
    known = [change(), change()]
    told = all_at_once({"one": [*known, unknown], "two": known})
    assert "Of 4 changes 4 are clear" in told
    assert all_at_once({"one": [unknown], "two": [unknown]}) == ""


def test_what_pairing_buys_is_said_with_its_least():
    changes = {
        "one": [change(variance_reduction=60), change(variance_reduction=1.24)],
        "two": [change(variance_reduction=math.nan), change(variance_reduction=20)],
    }
    text = what_pairing_buys(changes)
    assert "20 times as many runs" in text
    assert "median of 3 changes; least: 1.2 times, Exhaustion under one" in text
    assert what_pairing_buys({"one": [change(variance_reduction=math.nan)]}) == ""
    alike = what_pairing_buys({"one": [change(variance_reduction=286_629_392.0)]})
    assert "over 1,000 times as many runs" in alike
    assert "286" not in alike


def test_outcomes_are_looked_up_in_the_baseline_of_the_study(study_of, tmp_path):
    study = load_study(study_of())
    assert isinstance(study.precision, Precision)
    none = study.model_copy(update={"precision": None})
    assert reached(none, pd.DataFrame()) == []
