"""A policy's difference is split into its own effect and the loop's, exactly."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.model.holding import Arrow
from sim.report.explanation import (
    LABELS,
    arrows_table,
    details,
    explained,
    explanation_in_words,
    explanation_table,
    overview,
    sentence,
    signed,
)
from sim.report.explanation_files import write_explanation
from sim.report.waterfall import draw_explanation
from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.study.explaining import Explanation, explain
from sim.study.explaining.difference import (
    ALL_HELD,
    ARROWS,
    BASELINE,
    CHANGE,
    DIRECT,
    EXHAUSTION,
    FREE,
    LOOP,
    PARTS,
    THROUGH_EXHAUSTION,
    TOGETHER,
    has_effect,
    split,
)
from sim.study.files import sha256
from sim.study.results import Results
from sim.study.running import run_study
from tests.services import BASELINE as AS_IT_IS
from tests.small_services import lively_service, policy

pytestmark = pytest.mark.unit

STORM = policy({"lever": "demand", "factor": 1.4})
ASKED = ("caseload_per_fte", "absence_rate", "expected_incidents", "total_cost")


def study_of(scenario, replications=3) -> StudyFile:
    return StudyFile(
        name="storm", title="A storm", question="Why?", scenario=scenario, years=0.5,
        policies=(AS_IT_IS, STORM), replications=replications, seed=3, outcomes=ASKED,
    )  # fmt: skip


def stored(folder, scenario, replications=3) -> Results:
    return run_study(study_of(scenario, replications), jobs=1, out=folder)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("storm") / "found", lively_service())


@pytest.fixture(scope="module")
def found(results) -> Explanation:
    return explain(results.folder, "policy", jobs=1)


def by_part(explanation: Explanation) -> pd.DataFrame:
    return explanation.by_run.pivot(
        index=["outcome", "replication"], columns="part", values="value"
    )


def values(**held: float) -> dict[str, float | None]:
    arrows: dict[str, float | None] = dict.fromkeys((*ARROWS, EXHAUSTION), 20.0)
    return {BASELINE: 10.0, FREE: 20.0, ALL_HELD: 14.0, **arrows, **held}


# ---------------------------------------------------------------- the arithmetic


def test_a_change_worked_out_by_hand():
    """10 to 20; 14 if nothing responds. Without sickness 17, without leaving 18.5, without
    vacancies 18: the three are credited with 3 + 1.5 + 2, half a unit more than the loop's 6."""
    found = split(
        values(
            exhaustion_to_sickness=17.0, exhaustion_to_leaving=18.5, vacancies_to_caseload=18.0,
            workload_to_exhaustion=16.0,
        )
    )  # fmt: skip
    expected = {DIRECT: 4, "exhaustion_to_sickness": 3, "exhaustion_to_leaving": 1.5,
                "exhaustion_to_pace": 0, "vacancies_to_caseload": 2, "lateness_to_risk": 0,
                TOGETHER: -0.5}  # fmt: skip
    assert {part: found[part] for part in PARTS} == expected
    assert (found[CHANGE], found[LOOP], found[THROUGH_EXHAUSTION]) == (10, 6, 4)


def test_rounding_is_nothing():
    found = split(values(lateness_to_risk=20.0 + 3e-15))
    assert found["lateness_to_risk"] == 0
    assert found[TOGETHER] == 6


def test_an_outcome_that_does_not_apply_to_a_run_is_left_out_of_it():
    assert split(values() | {FREE: None}) == {}


# ---------------------------------------------------------------- on the simulated service


def test_parts_add_up_to_the_change_in_every_run(found, results):
    parts = by_part(found)
    assert parts[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(
        parts[CHANGE].to_numpy(), rel=1e-9
    )
    assert (parts[FREE] - parts[BASELINE]).to_numpy() == pytest.approx(
        parts[CHANGE].to_numpy(), abs=1e-9
    )
    compared = results.comparisons.set_index("outcome")["difference"]
    means = found.parts().query("part == 'change'").set_index("outcome")["mean"]
    for outcome in ASKED:
        assert means[outcome] == pytest.approx(compared[outcome])
    assert found.as_stored


def test_every_arrow_has_an_effect_in_the_lively_service():
    assert all(has_effect(arrow, lively_service()) for arrow in (*ARROWS, EXHAUSTION))


def test_in_a_storm_the_loop_makes_sickness_worse_and_lateness_makes_risk(found):
    parts = by_part(found)
    sickness = parts.loc["absence_rate"]
    assert sickness["exhaustion_to_sickness"].mean() > 0
    assert parts.loc["expected_incidents"]["lateness_to_risk"].mean() > 0
    assert (parts.loc["caseload_per_fte"]["lateness_to_risk"] == 0).all()


def test_arrows_without_effect_contribute_exactly_nothing(tmp_path):
    scenario = lively_service(
        wellbeing={"exhaustion": {"on_sickness": 0, "on_leaving": 0, "on_speed": 0}},
        safety={"overdue_contact_factor": 0}, absence={"stress_share": 0},
    )  # fmt: skip
    stored(tmp_path / "found", scenario, replications=2)
    parts = by_part(explain(tmp_path / "found", "policy", jobs=1))
    nothing = [arrow for arrow in ARROWS if arrow != "vacancies_to_caseload"]
    assert (parts[[*nothing, THROUGH_EXHAUSTION]] == 0).all(axis=None)


@pytest.mark.parametrize(
    ("arrow", "effect"),
    [("exhaustion_to_sickness", "on_sickness"), ("exhaustion_to_pace", "on_speed")],
)
def test_the_only_arrow_takes_all_but_the_policys_own_effect(tmp_path, arrow: Arrow, effect):
    """Nobody leaves, so there are no vacancies to respond to; the one arrow is the whole loop."""
    off = {"on_sickness": 0, "on_leaving": 0, "on_speed": 0, effect: 0.5}
    scenario = lively_service(
        wellbeing={"exhaustion": off}, safety={"overdue_contact_factor": 0},
        absence={"stress_share": 0}, turnover={"leaving_per_year": 0},
        recruitment={"returners_per_year": 0},
    )  # fmt: skip
    stored(tmp_path / "found", scenario, replications=2)
    parts = by_part(explain(tmp_path / "found", "policy", jobs=1))
    others = [each for each in ARROWS if each != arrow]
    assert (parts[[*others, TOGETHER]] == 0).all(axis=None)
    assert (parts[arrow] != 0).any()
    assert parts[arrow].equals(parts[LOOP].rename(arrow))
    assert parts[arrow].equals(parts[THROUGH_EXHAUSTION].rename(arrow))


def test_it_is_the_same_on_any_executor_and_for_a_part_of_the_runs(found, results):
    with ThreadPoolExecutor(2) as pool:
        again = explain(results.folder, "policy", ASKED[:2], replications=2, executor=pool)
    expected = found.by_run.query("replication < 2 and outcome in @ASKED[:2]")
    pd.testing.assert_frame_equal(again.by_run, expected.reset_index(drop=True))
    assert again.replications == 2


def test_runs_that_are_not_as_stored_are_noticed(results, tmp_path):
    for file in results.folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    table = results.outcomes.copy()
    table.loc[0, "value"] += 1
    table.to_parquet(tmp_path / "outcomes.parquet", index=False)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["files"]["outcomes.parquet"]["sha256"] = sha256(tmp_path / "outcomes.parquet")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert not explain(tmp_path, "policy", ASKED[:1], replications=1, jobs=1).as_stored


def test_everything_that_is_wrong_is_said_at_once(results):
    with pytest.raises(InputError) as error:
        explain(results.folder, "polcy", ["caseload", "turnover_rate"], replications=0)
    said = str(error.value)
    assert "did you mean 'policy'?" in said
    assert "no such outcome" in said
    assert "did you mean 'caseload_p" in said
    assert "not a number of replications" in said
    with pytest.raises(InputError, match="the baseline is what policies are held against"):
        explain(results.folder, "baseline")


def test_with_one_policy_there_is_still_a_month_to_explain(results, tmp_path):
    alone = results.study.model_copy(
        update={"policies": results.study.policies[:1], "replications": 1, "years": 0.1}
    )
    found = run_study(alone, jobs=1, out=tmp_path / "alone")
    with pytest.raises(InputError, match="this study has one policy: explain a month"):
        explain(found.folder, "baseline")


# ---------------------------------------------------------------- in words


def printed(renderable) -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(renderable)
    return console.export_text()


def made_up(**parts: tuple[float, float, float]) -> Explanation:
    """An explanation of caseloads with runs at three values of each part."""
    known = dict.fromkeys((*PARTS, CHANGE, LOOP, THROUGH_EXHAUSTION), (0.0, 0.0, 0.0))
    known |= {BASELINE: (15.0, 15.0, 15.0), FREE: (14.0, 14.0, 14.0)} | parts
    rows = [
        ("caseload_per_fte", number, part, value)
        for part, of_runs in known.items()
        for number, value in enumerate(of_runs)
    ]
    table = pd.DataFrame(rows, columns=["outcome", "replication", "part", "value"])
    study, outcomes = study_of(lively_service()), ("caseload_per_fte",)
    return Explanation(STORM.name, AS_IT_IS.name, study, outcomes, table, True)


SURE, LARGER = (-0.9, -1.0, -1.1), (-1.9, -2.0, -2.1)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "the policy changes nothing"),
        ({CHANGE: (-1, 1, 0.1)}, "cannot be told from chance"),
        ({CHANGE: SURE, DIRECT: SURE}, "All of it is the policy's own effect"),
        ({CHANGE: SURE, DIRECT: SURE, LOOP: (-0.1, 0.1, 0.05)}, "It is the policy's own effect"),
        (
            {CHANGE: LARGER, DIRECT: SURE, LOOP: SURE, "exhaustion_to_pace": SURE},
            "it would be down by 1.00; the loop adds 1.00 (50 % of the change), mostly by "
            "exhaustion → pace of work",
        ),
        ({CHANGE: SURE, DIRECT: LARGER, LOOP: (0.9, 1, 1.1)}, "the loop takes back 1.00."),
        (
            {CHANGE: SURE, LOOP: SURE, "vacancies_to_caseload": SURE},
            "All of it comes about by the loop, mostly by vacancies → caseload",
        ),
    ],
)
def test_the_sentence_says_what_the_numbers_say(parts, said):
    assert said in sentence(explained(made_up(**parts))[0])


def test_the_overview_shows_what_is_sure_and_leaves_chance_out():
    text = printed(overview(made_up(**{CHANGE: SURE, DIRECT: (-1, 1, 0.1)})))
    (row,) = [line.split() for line in text.splitlines() if line.startswith("Caseload")]
    assert row[1:] == ["−1.00", "·", *["0"] * 6]
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_table_shows_the_same_as_the_overview():
    explanation = made_up(**{CHANGE: SURE, DIRECT: (-1, 1, 0.1)})
    table = explanation_table(explanation)
    assert list(table.loc["Caseload, cases per FTE"]) == ["−1.00", "·", *["0"] * 6]
    assert explanation_in_words(explanation) == sentence(explained(explanation)[0])


def test_every_arrow_has_its_range_whether_or_not_it_is_told_from_chance():
    parts = {CHANGE: SURE, DIRECT: (-1, 1, 0.1), ARROWS[0]: (0.010, 0.0157, 0.0215)}
    table = arrows_table(made_up(**parts))
    assert list(table.index) == [LABELS[part] for part in (CHANGE, *PARTS)]
    cells = table["Caseload, cases per FTE"]
    for part in (DIRECT, ARROWS[0]):
        values = made_up(**parts).parts().set_index("part").loc[part]
        said, ends = cells[LABELS[part]].rstrip(")").split(" (")
        written = [float(each.replace("−", "-")) for each in (said, *ends.split(" to "))]
        exact = [values["mean"], values["low"], values["high"]]
        step = (exact[2] - exact[1]) / 2
        assert written == pytest.approx(exact, abs=step / 2)
        assert np.sign(written[1:]).tolist() == np.sign(exact[1:]).tolist()
    assert cells[LABELS[ARROWS[1]]] == "0"


def test_one_outcome_of_an_explanation_is_drawn():
    explanation = made_up(**{CHANGE: SURE, DIRECT: SURE})
    chart = draw_explanation(explanation, "caseload_per_fte").to_dict()
    assert chart["description"] == sentence(explained(explanation)[0])
    with pytest.raises(InputError, match="did you mean 'caseload_per_fte'"):
        draw_explanation(explanation, "caseload")


def test_the_details_hold_every_part_with_its_range(found):
    text = printed(details(found))
    for part in ("directly", "exhaustion → leaving", "arrows together", "in all"):
        assert text.count(part) >= len(ASKED)
    assert " to " in text
    assert signed(0.0004, "hours", 2) == "0.00"


def test_the_files_hold_the_parts_and_a_chart_that_says_the_same(found, tmp_path):
    found = replace(found, outcomes=("absence_rate",))
    folder = write_explanation(found, tmp_path / "why")
    table = pd.read_csv(folder / "parts.csv")
    of_one = table[table["outcome"] == "absence_rate"].set_index("part")["mean"]
    assert of_one[list(PARTS)].sum() == pytest.approx(of_one[CHANGE])
    svg = (folder / "absence_rate.svg").read_text()
    (each,) = [each for each in explained(found) if each.outcome.key == "absence_rate"]
    assert "exhaustion →" in svg
    assert "what 'a policy to be tried' changes" in svg.replace("&#39;", "'")
    assert sentence(each).split(".")[0].replace("'", "&#39;")[:30] in svg.replace("'", "&#39;")
    assert (folder / "absence_rate.png").read_bytes()[:4] == b"\x89PNG"
    assert np.isfinite(table["mean"]).all()
