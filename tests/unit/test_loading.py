"""What people write is read as they meant it, or answered with the place and the remedy."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.resources import configs_dir
from sim.scenario import text_files
from sim.scenario.loading import (
    MODELS,
    find,
    kind_of,
    load_policy,
    load_scenario,
    load_study,
    shipped,
    validated,
)
from sim.scenario.problems import InputError, Problem, nearest, spell
from sim.scenario.yaml_lines import MAX_DEPTH, Document, read_yaml
from sim.study.checking import check
from tests.stand_ins import SMALL_SERVICE, SMALL_STUDY, write_small_study

pytestmark = pytest.mark.unit


def written(folder: Path, text: str | bytes, name: str = "file.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(call, *arguments) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        call(*arguments)
    return list(caught.value.problems)


def only(call, *arguments) -> Problem:
    (problem,) = problems(call, *arguments)
    return problem


# ---------------------------------------------------------------- YAML, with its lines


def test_each_key_and_list_item_has_its_line(tmp_path):
    text = "a: 1\nb:\n  c: x\n  d:\n    - 1\n    - {e: 2,\n       f: 3}\n"
    document = read_yaml(written(tmp_path, text))
    assert document.data == {"a": 1, "b": {"c": "x", "d": [1, {"e": 2, "f": 3}]}}
    lines = {spell(path): place.line for path, place in document.places.items()}
    assert lines == {
        "": 1, "a": 1, "b": 2, "b.c": 3, "b.d": 4, "b.d[0]": 5, "b.d[1]": 6, "b.d[1].e": 6,
        "b.d[1].f": 7,
    }  # fmt: skip


def test_what_is_missing_has_the_place_of_what_is_around_it(tmp_path):
    document = read_yaml(written(tmp_path, "a:\n  b:\n    c: 1\n"))
    assert document.place(("a", "b", "nothing", 3)).line == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True), ("Off", False), ("true", True), ("~", None), ("", None), ("null", None),
        ("12", 12), ("-3", -3), ("1_000", 1000), ("010", 10), ("1.5", 1.5), (".5", 0.5),
        ("1e3", 1000.0), ("1.5e-3", 0.0015), (".inf", float("inf")), ("-.inf", -float("inf")),
        ("1:30", "1:30"), ("0x10", "0x10"), ("'12'", "12"), ("15%", "15%"), ("2026-02-30",
        "2026-02-30"), ("y", "y"), ("2026-04-01 10:00", "2026-04-01 10:00"),
    ],
)  # fmt: skip
def test_plain_text_means_what_people_expect(tmp_path, text, value):
    found = read_yaml(written(tmp_path, f"key: {text}\n")).data["key"]
    assert found == value
    assert type(found) is type(value)


def test_a_date_is_a_date(tmp_path):
    found = read_yaml(written(tmp_path, "day: 2026-04-01\n")).data["day"]
    assert found.isoformat() == "2026-04-01"


def test_keys_are_text_as_written(tmp_path):
    assert read_yaml(written(tmp_path, "no: 1\n16: 2\n")).data == {"no": 1, "16": 2}


def test_aliases_and_merged_mappings_are_followed(tmp_path):
    text = "a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  y: 3\n"
    data = read_yaml(written(tmp_path, text)).data
    assert data == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}}


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert read_yaml(written(tmp_path, "﻿a: ü\n")).data == {"a": "ü"}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "the file is empty", None),
        ("# only a comment\n", "the file is empty", None),
        ("- 1\n- 2\n", "the file holds a list", 1),
        ("\njust words\n", "the file holds a single value", 2),
        ("a: 1\nb: 2\na: 3\n", "the key 'a' is given twice (first in line 1)", 3),
        ("a:\n\tb: 1\n", "the line is indented with a tab", 2),
        ("a: [1, 2\nb: 3\n", "this is not YAML", 2),
        ("a: 'open\n", "this is not YAML", None),
        ("a: *nobody\n", "nothing is named", 1),
        ("a: 1\n---\nb: 2\n", "more than one document", 2),
        ("a: !!python/object/apply:os.system ['true']\n", "the tag", 1),
        ("a: !secret x\n", "the tag !secret is not accepted", 1),
        ("a: .nan\n", "'.nan' is not a number", 1),
        ("[1, 2]: 3\n", "a key must be text", 1),
        ("a: 1\n<<: 5\n", "takes over the keys of a mapping", 2),
        ("a: &a [*a]\n", "refer to themselves", 1),
        (BOMB, "multiply its content", None),
        ("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested too deeply", 1),
        ("a: " + "[" * 100_000, "nested too deeply", 1),
        ("a: \x07\n", "a character that text never has", 1),
        (b"a: 1\nb: caf\xe9\n", "the file is not in UTF-8", 2),
        ("a: 1\nb: 2\n".encode("utf-16"), "the file is not in UTF-8", 1),
    ],
)
def test_a_file_that_is_not_a_mapping_in_yaml_is_refused(tmp_path, text, message, line):
    problem = only(read_yaml, written(tmp_path, text))
    assert message in problem.message
    assert problem.file.endswith("file.yaml")
    if line is not None:
        assert problem.line == line


def test_every_key_given_twice_is_named(tmp_path):
    found = problems(read_yaml, written(tmp_path, "a: 1\nb: {c: 1, c: 2}\na: 2\n"))
    assert [(problem.line, problem.path) for problem in found] == [(2, "b.c"), (3, "a")]


def test_what_is_no_file_is_refused(tmp_path, monkeypatch):
    assert "no such file" in only(read_yaml, tmp_path / "none.yaml").message
    assert "a folder" in only(read_yaml, tmp_path).message
    assert "no such file" in only(read_yaml, tmp_path / "with\0null.yaml").message
    assert "cannot be read" in only(read_yaml, tmp_path / ("long" * 200)).message
    monkeypatch.setattr(text_files, "MAX_BYTES", 3)
    assert "larger" in only(read_yaml, written(tmp_path, "a: 1\n")).message


# ---------------------------------------------------------------- pydantic's errors in words


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Round(Shape):
    """A circle."""

    shape: Literal["round"]
    radius: float = Field(gt=0, le=10)


class Square(Shape):
    """A square. One of its keys is called like the kind itself."""

    shape: Literal["square"]
    side: int = Field(ge=1)
    square: float = 0


class Board(Shape):
    """All there is."""

    title: str
    shapes: tuple[Annotated[Round | Square, Field(discriminator="shape")], ...] = Field(
        min_length=1
    )
    colour: Literal["red", "green"] = "red"
    weight: float | Round | None = None
    sizes: dict[Annotated[str, Field(pattern="^[a-z]+$")], Annotated[float, Field(ge=0, le=1)]] = {}

    @field_validator("title")
    @classmethod
    def _not_shouted(cls, title: str) -> str:
        if title.isupper():
            raise ValueError("do not shout; use small letters")
        return title


GOOD = "title: A board\nshapes:\n  - {shape: round, radius: 2}\n"


def board(folder: Path, text: str) -> Board:
    return validated(read_yaml(written(folder, text)), Board).value


def test_what_is_right_is_read(tmp_path):
    assert board(tmp_path, GOOD).shapes[0].radius == 2


@pytest.mark.parametrize(
    ("text", "line", "path", "message", "given", "accepted", "remedy"),
    [
        (GOOD + "color: red\n", 4, "color", "unknown key 'color'", "",
         "title, shapes, colour, weight, sizes", "did you mean 'colour'?"),
        (GOOD + "zzz: red\n", 4, "zzz", "unknown key 'zzz'", "", "title", "remove it"),
        ("titel: x\nshapes:\n  - {shape: round, radius: 2}\n", 1, "titel", "unknown key 'titel'",
         "", "title", "did you mean 'title'?"),
        ("title: x\n", 1, "shapes", "the key 'shapes' is missing", "", "a list, 1 or more long",
         "add a line `shapes: ...`"),
        ("title: x\nshapes: []\n", 2, "shapes", "too few", "", "1 or more long", ""),
        (GOOD + "colour: gren\n", 4, "colour", "not one of", "'gren'", "one of red, green",
         "did you mean 'green'?"),
        ("title:\nshapes:\n  - {shape: round, radius: 2}\n", 1, "title", "there is no value",
         "nothing", "text", "give one"),
        (GOOD + "  - {shape: round, radius: 11}\n", 4, "shapes[1].radius", "too large", "11",
         "a number over 0 and at most 10", ""),
        (GOOD + "  - {shape: round, radius: .inf}\n", 4, "shapes[1].radius", "infinite", "inf",
         "a number over 0", ""),
        (GOOD + "  - {shape: square, side: 0}\n", 4, "shapes[1].side", "too small", "0",
         "a whole number, 1 or more", ""),
        (GOOD + "  - {shape: square, side: 1.5}\n", 4, "shapes[1].side", "not a whole number",
         "1.5", "a whole number", ""),
        (GOOD + "  - {shape: square, side: 1, square: big}\n", 4, "shapes[1].square",
         "not a number", "'big'", "a number", ""),
        (GOOD + "  - {shape: round, radius: '7%'}\n", 4, "shapes[1].radius", "not a number",
         "'7%'", "a number", "write 0.07"),
        (GOOD + "  - {shape: round, radius: '£1,200'}\n", 4, "shapes[1].radius", "not a number",
         "'£1,200'", "a number", "write 1200"),
        (GOOD + "  - {shape: squre, side: 1}\n", 4, "shapes[1].shape", "there is no shape 'squre'",
         "'squre'", "one of round, square", "did you mean 'square'?"),
        (GOOD + "  - {side: 1}\n", 4, "shapes[1].shape", "the key 'shape' is missing", "",
         "one of round, square", "add a line"),
        (GOOD + "  - 5\n", 4, "shapes[1]", "not a mapping", "5", "one of round, square", ""),
        ("title: x\nshapes: {shape: round}\n", 2, "shapes", "not a list", "", "a list",
         "begin each entry with `- `"),
        (GOOD + "sizes: [1]\n", 4, "sizes", "not a mapping", "", "a mapping", "without `- `"),
        (GOOD + "sizes:\n  a: 2\n", 5, "sizes.a", "too large", "2", "a number from 0 to 1", ""),
        (GOOD + "sizes:\n  A: 1\n", 5, "sizes.A", "the name 'A'", "", "", "lower-case"),
        (GOOD + "weight: heavy\n", 4, "weight", "not a number", "'heavy'",
         "a number, or a mapping with the keys shape, radius", ""),
        (GOOD + "weight: {shape: round, radius: -1}\n", 4, "weight.radius", "too small", "-1",
         "a number over 0", ""),
        (GOOD.replace("A board", "A BOARD"), 1, "title", "do not shout", "'A BOARD'", "",
         "use small letters"),
        (GOOD.replace("A board", "12"), 1, "title", "not text", "12", "text", "quotes"),
    ],
)  # fmt: skip
def test_a_problem_says_where_what_and_what_to_do(
    tmp_path, text, line, path, message, given, accepted, remedy
):
    problem = only(board, tmp_path, text)
    assert (problem.line, problem.path, problem.given) == (line, path, given)
    assert message in problem.message
    assert accepted in problem.accepted
    assert remedy in problem.remedy


def test_all_problems_come_at_once_in_the_order_of_the_file(tmp_path):
    text = "title: 1\nshapes:\n  - {shape: round, radius: -1}\n  - {shape: cube}\ncolour: blu\n"
    assert [problem.line for problem in problems(board, tmp_path, text)] == [1, 3, 4, 5]


def test_a_problem_reads_well():
    problem = Problem("too small", "a.yaml", 3, "teams.duty.number", "0", "1 or more", "more")
    assert str(problem) == (
        "a.yaml, line 3: teams.duty.number: too small\n"
        "    given:    0\n    accepted: 1 or more\n    remedy:   more"
    )


def test_nearest_takes_what_people_mix_up_as_near():
    assert nearest("Social-Worker", ["team_manager", "social_worker"]) == "social_worker"
    assert nearest("xyz", ["team_manager", "social_worker"]) is None
    assert nearest(5, ["team_manager"]) is None


# ---------------------------------------------------------------- scenarios, policies, studies


@pytest.fixture
def study(tmp_path) -> Path:
    return write_small_study(tmp_path)


def test_a_study_finds_its_scenario_beside_it(study):
    loaded = load_study(study)
    assert loaded.scenario == load_scenario(study.with_name("small.yaml"))
    assert [policy.name for policy in loaded.policies] == ["baseline", "more_posts", "nothing"]


def test_a_scenario_may_be_inline_or_shipped(study, tmp_path):
    inline = "scenario:\n" + "".join(f"  {line}\n" for line in SMALL_SERVICE.splitlines())
    text = SMALL_STUDY.replace("scenario: small.yaml\n", inline)
    assert load_study(written(tmp_path, text)).scenario == load_study(study).scenario
    for name in shipped("scenario"):
        assert load_scenario(name).name == name


def test_a_problem_in_the_scenario_is_placed_in_its_own_file(study):
    scenario = study.with_name("small.yaml")
    scenario.write_text(SMALL_SERVICE.replace("success_per_round: 0.7", "success_per_round: 7"))
    problem = only(load_study, study)
    assert (Path(problem.file).name, problem.path) == (
        "small.yaml",
        "scenario.recruitment.success_per_round",
    )
    assert problem.line == 1 + SMALL_SERVICE[: SMALL_SERVICE.index("success_per")].count("\n")


def test_a_name_that_leads_nowhere_is_placed_where_it_is_written(study):
    scenario = study.with_name("small.yaml")
    scenario.write_text(
        SMALL_SERVICE.replace("posts: {social_worker: 6", "posts: {soical_worker: 6")
    )
    first = problems(load_study, study)[0]
    assert first.path == "scenario.teams.duty.posts"
    assert first.remedy == "did you mean 'social_worker'?"
    study.write_text(SMALL_STUDY.replace("role: social_worker", "role: socialworker"))
    scenario.write_text(SMALL_SERVICE)
    problem = only(load_study, study)
    assert problem.line == 13
    assert problem.path.startswith("policies[1].levers[0]")
    assert problem.remedy == "did you mean 'social_worker'?"


def test_policies_may_be_files_and_their_problems_are_theirs(study, tmp_path):
    written(tmp_path, "name: fewer\nlabel: fewer cases\nlevers:\n"
            "  - {lever: caseload_cap, cases: 12}\n", "fewer.yaml")  # fmt: skip
    written(tmp_path, "name: wrong\nlabel: wrong\nlevers:\n"
            "  - {lever: caseload_cap, cases: -1}\n", "wrong.yaml")  # fmt: skip
    with_file = SMALL_STUDY.replace("outcomes:", "  - fewer.yaml\noutcomes:")
    assert load_study(written(tmp_path, with_file)).policies[3].levers[0].cases == 12
    assert load_policy(tmp_path / "fewer.yaml").name == "fewer"
    text = with_file.replace("fewer.yaml", "wrong.yaml").replace("years: 1", "years: 0")
    at_years, in_policy = problems(load_study, written(tmp_path, text))
    assert (at_years.line, at_years.path) == (5, "years")
    assert (Path(in_policy.file).name, in_policy.line) == ("wrong.yaml", 4)


def test_every_reference_that_leads_nowhere_is_named_with_all_else(study, tmp_path):
    text = SMALL_STUDY.replace("small.yaml", "no_such_service").replace("replications: 4",
        "replications: 0").replace("outcomes:", "  - absent.yaml\noutcomes:")  # fmt: skip
    found = problems(load_study, written(tmp_path, text))
    assert [(problem.line, problem.path) for problem in found] == [
        (4, "scenario"), (6, "replications"), (18, "policies[3]"),
    ]  # fmt: skip
    assert "no_such_service" in found[0].message
    assert "absent.yaml" in found[2].message


def test_a_scenario_based_on_another_changes_only_what_it_says(study, tmp_path):
    path = written(
        tmp_path,
        "based_on: small.yaml\ntitle: Changed\n"
        "teams: {duty: {posts: {social_worker: 8}}}\n"
        "recruitment: {round_days: {mean: 30}}\n"
        "pathways: {children: {stages: {assessment: {duration:\n"
        "  {distribution: fixed, value: 9}}}}}\n",
    )
    changed, base = load_scenario(path), load_scenario(study.with_name("small.yaml"))
    assert changed.title == "Changed"
    assert changed.teams["duty"].posts == {"social_worker": 8, "team_manager": 1}
    assert changed.recruitment.round_days.mean == 30
    # Another kind of distribution takes the other's place: a fixed one has no spread.
    assert changed.pathways["children"].stages["assessment"].duration.value == 9
    same = ("demand", "absence", "turnover", "roles", "risk_tiers")
    assert all(getattr(changed, part) == getattr(base, part) for part in same)


def test_a_list_replaces_a_list(study, tmp_path):
    seasonal = "[" + ", ".join(["1"] * 12) + "]"
    written(tmp_path, f"based_on: small.yaml\ndemand: {{referrals: {{seasonal: {seasonal}}}}}\n",
            "one.yaml")  # fmt: skip
    short = written(tmp_path, "based_on: one.yaml\ndemand: {referrals: {seasonal: [12]}}\n")
    assert "twelve" in only(load_scenario, short).message


def test_problems_of_a_based_scenario_are_placed_in_the_file_that_has_them(study, tmp_path):
    study.with_name("small.yaml").write_text(
        SMALL_SERVICE.replace("notice_days: 40", "notice_days: x")
    )
    path = written(tmp_path, "based_on: small.yaml\ntitle: 5\n\nagency: {lead_days: -1}\n")
    found = {(Path(each.file).name, each.line, each.path) for each in problems(load_scenario, path)}
    line = 1 + SMALL_SERVICE[: SMALL_SERVICE.index("turnover:")].count("\n")
    assert found == {
        ("file.yaml", 2, "title"),
        ("file.yaml", 4, "agency.lead_days"),
        ("small.yaml", line, "turnover.notice_days"),
    }


def test_a_misspelt_name_of_the_base_is_asked_for_and_a_whole_new_one_is_taken(study, tmp_path):
    path = written(tmp_path, "based_on: small.yaml\ndemand:\n  referals: {per_week: 9}\n", "n.yaml")
    problem = only(load_scenario, path)
    assert (problem.path, problem.line) == ("demand.referals", 3)
    assert "no 'referals' to change" in problem.message
    assert problem.accepted == "referrals"
    assert problem.remedy == "did you mean 'referrals'?"
    far = "based_on: small.yaml\ndemand:\n  enquiries: {per_week: 9}\n"
    with pytest.raises(InputError, match="the key 'label' is missing"):
        load_scenario(written(tmp_path, far, "far.yaml"))
    stream = load_scenario(tmp_path / "small.yaml").demand["referrals"].model_dump(mode="json")
    text = yaml.safe_dump({"based_on": "small.yaml", "demand": {"referals": stream}})
    assert set(load_scenario(written(tmp_path, text, "new.yaml")).demand) == {
        "referrals",
        "referals",
    }


def test_a_scenario_cannot_be_based_on_itself(tmp_path):
    written(tmp_path, "based_on: b.yaml\n", "a.yaml")
    written(tmp_path, "based_on: a.yaml\n", "b.yaml")
    assert "based on itself" in only(load_scenario, tmp_path / "a.yaml").message
    written(tmp_path, "based_on: 5\n", "c.yaml")
    assert only(load_scenario, tmp_path / "c.yaml").path == "based_on"


def test_unknown_outcomes_are_named_with_the_nearest(study):
    study.write_text(SMALL_STUDY.replace("turnover_rate", "turnover_rat"))
    problem = only(load_study, study, ["caseload_per_fte", "turnover_rate", "total_cost"])
    assert (problem.line, problem.path) == (18, "outcomes[1]")
    assert problem.remedy == "did you mean 'turnover_rate'?"
    # assessments_within_45_days is a timescale of the scenario itself, and so is known.


def test_a_name_finds_what_is_shipped_and_is_answered_with_the_nearest():
    for kind in MODELS:
        for name, path in shipped(kind).items():
            assert find(name, kind) == path
            assert path.is_relative_to(configs_dir())
    (name, *_) = shipped("scenario")
    problem = only(find, name[:-2], "scenario")
    assert problem.remedy == f"did you mean '{name}'?"
    assert name in problem.accepted


def test_find_takes_files_beside_and_refuses_folders(study, tmp_path):
    assert find("small", "scenario", tmp_path) == tmp_path / "small.yaml"
    assert "a folder" in only(find, "", "study").message
    assert "a folder" in only(find, tmp_path.name, "study", tmp_path.parent).message


def test_a_file_of_another_kind_is_refused_as_what_it_is(study):
    assert only(load_study, study.with_name("small.yaml")).message == (
        "this is a scenario, not a study"
    )
    assert only(load_scenario, study).message == "this is a study, not a scenario"
    assert only(load_policy, study).message == "this is a study, not a policy"
    assert kind_of(Document({"name": "x", "label": "y"})) == "policy"


def test_shipped_files_are_in_order():
    for name in shipped("scenario"):
        load_scenario(name)
    for name in shipped("policy"):
        load_policy(name)
    for name in shipped("study"):
        load_study(name)


# ---------------------------------------------------------------- safe lines


SAFE_LINES = """\
safe_lines:
  caseload_per_fte: {value: 20, source: our council's standard}
  assessments_within_45_days: {value: 0.9, source: our council's standard}
  turnover: {value: 0.1, source: our plan}
"""


@pytest.mark.parametrize("in_a_study", [False, True])
def test_a_safe_line_is_of_an_outcome_that_there_is(tmp_path, in_a_study):
    known = ["caseload_per_fte", "turnover_rate", "total_cost"]
    study = write_small_study(tmp_path)
    path = written(tmp_path, SMALL_SERVICE + SAFE_LINES, "small.yaml")
    problem = only(load_study, study, known) if in_a_study else only(load_scenario, path, known)
    assert problem.message == "there is no such outcome"
    assert problem.path == f"{'scenario.' * in_a_study}safe_lines.turnover"
    assert problem.line == SMALL_SERVICE.count("\n") + 4
    assert problem.remedy == "did you mean 'turnover_rate'?"
    assert load_scenario(path).safe_lines["caseload_per_fte"].value == 20


def test_a_safe_line_has_a_source(tmp_path):
    lines = SAFE_LINES.replace("our council's standard", "''")
    first, *_ = problems(load_scenario, written(tmp_path, SMALL_SERVICE + lines))
    assert first.path == "safe_lines.caseload_per_fte.source"


def test_what_is_one_is_said_as_one(tmp_path):
    (tmp_path / "one.yaml").write_text(
        "name: one\ntitle: One\nquestion: How many?\nscenario: children_average_england\n"
        "years: 1\nreplications: 1\noutcomes: [caseload_per_fte]\n"
        "policies:\n  - {name: baseline, label: As it is}\n"
    )
    said = check(str(tmp_path / "one.yaml")).sentence
    assert said.endswith("under 1 policy (baseline), 1 year, 1 replication")
