"""The printed findings: plain numbers, plain words, no wider than a page."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.console import Console

from sim.model.outcomes import OUTCOMES
from sim.report.brief import brief
from sim.report.changes import Change, unit
from sim.report.numbers import amount, bounds, change, decimals, decimals_of_range
from sim.report.registry_table import registry_table
from sim.report.safe_line import keeping, miss_in_words, places_beside_line, safe_line
from sim.report.table import cost_sentence, findings, findings_of, print_page
from sim.report.words import how_sure, which_way
from sim.scenario.loading import load_study
from sim.study.running import run_study
from tests import stand_ins

pytestmark = pytest.mark.unit

NAN = math.nan


def printed(renderable_or_results, width=100) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    if hasattr(renderable_or_results, "comparisons"):
        print_page(findings(renderable_or_results), console)
    else:
        print_page(renderable_or_results, console)
    return console.export_text()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    study = load_study(stand_ins.write_small_study(folder))
    return run_study(study, jobs=1, simulate=stand_ins.simulate, out=folder / "found")


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("value", "unit", "places", "text"),
    [
        (0.8541, "share", 1, "85.4 %"),
        (1.0, "share of posts", 0, "100 %"),
        (24_153_000, "pounds a year", -4, "£24,150,000"),
        (15.234, "cases per FTE", 1, "15.2"),
        (2_143, "cases", -1, "2,140"),
        (-0.0001, "cases", 1, "0.0"),
        (-250, "pounds", 0, "−£250"),
        (NAN, "cases", 1, "not known"),
    ],
)
def test_amounts(value, unit, places, text):
    assert amount(value, unit, places) == text


@pytest.mark.parametrize(
    ("value", "unit", "places", "text"),
    [
        (0.0271, "share", 1, "+2.7 points"),
        (-0.0271, "share", 1, "−2.7 points"),
        (512_345, "pounds", -3, "+£512,000"),
        (-2.06, "cases", 1, "−2.1"),
        (0.0, "cases", 1, "0.0"),
        (-0.04, "cases", 1, "0.0"),
        (0.0004, "share", 1, "0.0 points"),
        (-320, "pounds", -3, "£0"),
        (NAN, "cases", 1, "not known"),
    ],
)
def test_changes(value, unit, places, text):
    assert change(value, unit, places) == text


def test_bounds_have_the_same_digits_and_signs_but_no_units():
    assert bounds(-0.021, 0.033, "share", 1) == "−2.1 to +3.3"
    assert bounds(0, 0.033, "share", 1) == "0.0 to +3.3"
    assert bounds(0, 0, "cases", 1) == bounds(2.0, 2.0 + 1e-12, "cases", 1) == ""
    assert bounds(NAN, NAN, "cases", 1) == ""


@pytest.mark.parametrize(
    ("uncertainty", "value", "unit", "places"),
    [
        (0.34, 15.2, "cases", 1),  # the first uncertain digit is the last one written
        (0.021, 15.2, "cases", 2),
        (3.0, 15.2, "cases", 0),
        (13_000, 24_153_000, "pounds", -4),
        (23, 2_143, "cases", -1),
        (0.004, 0.854, "share", 1),  # 0.4 of a percentage point
        (0.0, 15.234, "cases", 1),  # nothing is uncertain: three digits
        (NAN, 0.1234, "share", 1),
        (0.0, 0.0, "cases", 2),
        (1e-9, 15.234, "cases", 2),  # never more than four digits
        (0.0001, 0.0234, "0 to 1", 3),
    ],
)
def test_rounding_goes_as_far_as_the_uncertainty_allows(uncertainty, value, unit, places):
    assert decimals(uncertainty, value, unit) == places


@pytest.mark.parametrize(
    ("low", "high", "value", "unit", "written"),
    [
        (-0.1540, -0.1462, -0.1501, "a year", "−0.1501 (−0.1540 to −0.1462)"),
        (-0.0598, -0.0519, -0.0559, "share", "−5.59 points (−5.98 to −5.19)"),
        (-4_600, -530, -2_540, "pounds", "−£2,500 (−4,600 to −500)"),
        (412_700, 416_800, 414_700, "pounds", "+£414,700 (+412,700 to +416,800)"),
        (0.2, 34.0, 17.0, "cases", "+17 (0 to +34)"),
    ],
)
def test_a_range_is_written_with_two_digits_of_its_width(low, high, value, unit, written):
    places = decimals_of_range(low, high, value, unit)
    assert f"{change(value, unit, places)} ({bounds(low, high, unit, places)})" == written


def test_what_has_no_range_is_written_as_before():
    for low, high in ((NAN, NAN), (15.0, 15.0), (15.0, 15.0 + 1e-12)):
        assert decimals_of_range(low, high, 15.0, "cases") == decimals(NAN, 15.0, "cases")


@given(st.floats(-1e6, 1e6), st.floats(1e-5, 1e6), st.sampled_from(["cases", "share", "pounds"]))
def test_no_range_collapses_and_what_is_clear_is_not_written_as_nothing(value, half, unit):
    assume(half > 1e-6 * abs(value))
    found = Change(OUTCOMES["caseload_per_fte"], 15.0, 15.0, value, value - half, value + half, 0.5)
    places = decimals_of_range(found.low, found.high, value, unit)
    ends = bounds(found.low, found.high, unit, places).split(" to ")
    assert ends[0] != ends[1]
    if found.is_clear:
        assert any(digit in change(value, unit, places) for digit in "123456789")


# ---------------------------------------------------------------- lines of safe practice


@pytest.mark.parametrize(
    ("key", "line", "written"),
    [
        ("overloaded_worker_weeks", 0.07, "7 % or less"),  # 100 times 0.07 is not quite 7
        ("overloaded_worker_weeks", 0.125, "12.5 % or less"),
        ("overloaded_worker_weeks", 0.1225, "12.25 % or less"),
        ("overloaded_worker_weeks", 1 / 3, "33.33 % or less"),
        ("caseload_per_fte", 15.0, "15 or less"),
        ("caseload_per_fte", 15.5, "15.5 or less"),
        ("supervision_held", 0.9, "90 % or more"),
    ],
)
def test_a_line_is_written_as_it_was_set(key, line, written):
    assert safe_line(replace(OUTCOMES[key], threshold=line)) == written


@pytest.mark.parametrize(
    ("key", "value", "found", "miss", "written"),
    [
        ("high_risk_allocated_in_1_day", 0.9997, "nearly", "0.03 points short", "99.97 %"),
        ("high_risk_allocated_in_1_day", 0.9912, "nearly", "0.9 points short", "99.1 %"),
        ("high_risk_allocated_in_1_day", 0.84, "not kept", "16.0 points short", "84.0 %"),
        ("high_risk_allocated_in_1_day", 1.0, "kept", "", "100.0 %"),
        ("caseload_per_fte", 15.04, "nearly", "0.04 over", "15.04"),
        ("caseload_per_fte", 15.2, "not kept", "0.2 over", "15.2"),
        ("caseload_per_fte", 14.96, "kept", "", "15.0"),
        ("unallocated_high_risk_mean", 0.3, "not kept", "0.3 over", "0.3"),
    ],
)
def test_a_line_is_kept_nearly_kept_or_not_and_no_miss_is_written_as_the_line(
    key, value, found, miss, written
):
    outcome = OUTCOMES[key]
    assert keeping(outcome, value) == found
    places = places_beside_line(outcome, value, 1)
    assert amount(value, unit(outcome), places) == written
    if miss:
        assert miss_in_words(outcome, value, places) == miss


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "almost certainly better"),
        (0.99, "almost certainly better"),
        (0.9899, "very likely better"),
        (0.95, "very likely better"),
        (0.9499, "likely better"),
        (0.80, "likely better"),
        (0.7999, "too close to call"),
        (0.5, "too close to call"),
        (0.21, "too close to call"),
        (0.2, "likely worse"),
        (0.04, "very likely worse"),
        (0.0, "almost certainly worse"),
        (NAN, "cannot be told"),
    ],
)
def test_how_sure(probability, words):
    assert how_sure(probability, 0.1) == words


def test_no_change_is_said_as_such():
    assert how_sure(0.5, 0.0) == "no change"
    assert how_sure(0.001, 5, "cheaper", "dearer") == "almost certainly dearer"


def test_what_is_neither_better_nor_worse_goes_up_or_down():
    found = [which_way(*ends) for ends in ((1, 2), (-2, -1), (-1, 1), (0, 0), (NAN, NAN))]
    assert found == ["higher", "lower", "too close to call", "no change", "cannot be told"]


@pytest.mark.parametrize(
    ("key", "difference", "low", "high", "side"),
    [
        ("caseload_per_fte", -1.0, -1.2, -0.8, "better"),
        ("caseload_per_fte", 1.0, 0.8, 1.2, "worse"),
        ("caseload_per_fte", -1.0, -2.1, 0.1, "open"),  # 'very likely better', but not clear
        ("caseload_per_fte", -1e-4, -2e-4, -5e-5, "unseen"),  # clear, and written as 0.00
        ("caseload_per_fte", 0.0, 0.0, 0.0, "unseen"),
        ("caseload_per_fte", -1.0, NAN, NAN, "open"),
        ("supervision_held", 0.03, 0.01, 0.05, "better"),
        ("supervision_held", -0.03, -0.05, -0.01, "worse"),
        ("supervision_held", 2e-6, 1e-6, 3e-6, "unseen"),
        ("arrivals_per_year", 5.0, 4.0, 6.0, "open"),  # neither better nor worse
    ],
)
def test_a_side_is_clear_and_there_to_be_seen(key, difference, low, high, side):
    found = Change(OUTCOMES[key], 15.0, 15.0 + difference, difference, low, high, 0.97)
    assert found.side == side
    assert (found.sure == "hardly any change") == (side == "unseen" and difference != 0)


def cost(difference, low, high):
    return Change(OUTCOMES["total_cost"], 24_000_000, 24_000_000 + difference, difference, low,
                  high, 0.0)  # fmt: skip


def test_the_cost_of_a_policy_is_a_sentence():
    assert cost_sentence(cost(512_345, 498_000, 526_000)) == (
        "Costs £512,000 more a year, between £498,000 more and £526,000 more: "
        "£24,510,000 instead of £24,000,000."
    )
    assert cost_sentence(cost(-12_000, -42_000, 18_000)) == (
        "Costs £12,000 less a year, between £42,000 less and £18,000 more: "
        "£23,990,000 instead of £24,000,000."
    )
    assert cost_sentence(cost(-2_500, -4_980, -20)).startswith(
        "Costs £2,500 less a year, up to £5,000 less: "
    )
    assert cost_sentence(cost(20, -9_000, 9_000)).startswith(
        "Costs about the same, between £9,000 less and £9,000 more: "
    )
    assert cost_sentence(cost(0.0, 0.0, 0.0)) == "Costs the same: £24,000,000 a year."
    assert cost_sentence(cost(500_000, NAN, NAN)).startswith("Costs £500,000 more a year: ")


# ---------------------------------------------------------------- the whole


def test_findings_say_what_changes_by_how_much_how_sure_and_at_what_cost(results):
    text = printed(results)
    assert "A small study" in text
    assert "What would help?" in text
    assert "Baseline: the service as it is" in text
    assert "More posts: two more social workers" in text
    assert "Costs £110,000 more a year" in text
    assert re.search(
        r"Caseload +14\.7 +12\.7 +−2\.06 +−2\.25 to −1\.87 +almost certainly better", text
    )
    assert re.search(r"two more social workers +\+£110,000 +2 +0 +0 +1", text)
    assert re.search(r"Turnover +11\.4 % +11\.4 % +0\.0 points +no change", text)


def test_the_short_form_names_the_largest_changes_with_their_sizes(results):
    text = printed(brief(results))
    assert re.search(r"cost +£110,000 more a year", text)
    assert re.search(r"better +Caseload −2\.1; \S.*", text)
    assert "worse  nothing clearly" in text
    assert "else   1 outcome: no or hardly any change" in text
    assert "95 % range" in text
    assert "almost certainly" not in text  # one-sided words have no place beside 'clear'
    assert "--full" in text
    assert len(text.splitlines()) < len(printed(results).splitlines())


def test_the_short_form_says_how_many_more_there_are_than_it_names(results, monkeypatch):
    monkeypatch.setattr("sim.report.brief.MOST_NAMED", 1)
    assert "better Caseload −2.1; and 1 more" in printed(brief(results))


def test_policies_can_be_shown_one_by_one(results):
    policy = results.study.policies[1].name
    text = printed(findings_of(results, [policy]))
    assert "almost certainly better" in text
    assert "safe line" not in text
    assert "Baseline" not in text
    baseline = printed(findings_of(results, [results.study.policies[0].name]))
    assert "safe line" in baseline
    assert "almost certainly" not in baseline


def test_findings_set_the_baseline_beside_the_thresholds(results):
    threshold = OUTCOMES["caseload_per_fte"].threshold
    assert re.search(rf"Caseload +1\d(\.\d)? +{threshold:g} or less", printed(results))


def test_a_service_s_own_safe_line_takes_the_place_of_the_registry_s(tmp_path):
    """The small service's scenario draws one for caseloads, and one where there was none."""
    study = stand_ins.write_small_study(tmp_path)
    with (tmp_path / "small.yaml").open("a", encoding="utf-8") as scenario:
        scenario.write(
            "safe_lines:\n  caseload_per_fte: {value: 25, source: Our standard}\n"
            "  turnover_rate: {value: 0.1, source: Our plan}\n"
        )
    found = run_study(load_study(study), jobs=1, simulate=stand_ins.simulate, out=tmp_path / "out")
    text = printed(found)
    assert re.search(r"Caseload +1\d(\.\d)? +25 or less \(Our standard\) +kept", text)
    assert re.search(r"Turnover +11(\.\d)? % +10 % or less \(Our plan\) +not kept", text)


def test_findings_are_no_wider_than_a_page_and_free_of_jargon(results):
    text = printed(results, width=140)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    for word in ("replication", "confidence", "seed", "CI", "p-value", "nan", "_"):
        assert word not in text, word


def test_a_single_run_does_not_pretend_to_know(results, tmp_path):
    once = run_study(results.study, replications=1, jobs=1, simulate=stand_ins.simulate,
                     out=tmp_path / "once")  # fmt: skip
    text = printed(once)
    assert "cannot be told" in text
    assert "nan" not in text
    assert "simulated once" in text


def test_labels_are_text_never_markup(results, tmp_path):
    policies = list(results.study.policies)
    policies[1] = policies[1].model_copy(update={"label": "[red]more[/red] [/] posts"})
    study = results.study.model_copy(update={"policies": tuple(policies)})
    found = run_study(study, jobs=1, simulate=stand_ins.simulate, out=tmp_path / "found")
    assert "[red]more[/red] [/] posts" in printed(found)


def test_every_outcome_is_listed_in_the_registry_table():
    text = printed(registry_table())
    assert all(key in text for key in OUTCOMES)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
