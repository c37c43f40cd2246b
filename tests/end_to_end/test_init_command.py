"""`plimsoll init` as a planner uses it: a scenario to read, to check and to run."""

import contextlib
import io
import re
import sys
from unittest import mock

import pytest

from sim.cli import main
from sim.scenario.authority.areas import area_called, authorities
from sim.scenario.authority.own_scenario import own_scenario
from sim.scenario.authority.table import published_figures
from sim.scenario.authority.written import scenario_text, study_text
from sim.scenario.loading import load_scenario, load_study
from sim.study.results import Results

pytestmark = pytest.mark.end_to_end


def plimsoll(*words):
    """Run a command as the command line does: its exit code, and what it printed."""
    out = io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        mock.patch.object(sys, "argv", ["plimsoll", *map(str, words)]),
    ):
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
    return code, out.getvalue()


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_authoritys_file_is_read_back_as_its_scenario(tmp_path):
    """What is written is what is meant, comments, names and all; and its study holds together."""
    table, commented = published_figures(), []
    for area in authorities():
        own = own_scenario(table, area)
        text = scenario_text(own, "plimsoll init")
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        assert load_scenario(path) == own.scenario(), area.name
        commented.append(text.count("# own") + text.count("# from"))
        assert all(len(line) <= 125 for line in text.splitlines()), area.name
    assert min(commented) >= 20
    (tmp_path / "study.yaml").write_text(study_text(own, "own.yaml"), encoding="utf-8")
    assert load_study(tmp_path / "study.yaml").scenario == own.scenario()


def test_from_a_name_to_results(here):
    code, said = plimsoll(
        "init", "--authority", "blackpool council", "ours/blackpool.yaml", "--study", "first.yaml"
    )
    assert code == 0, said
    assert "plimsoll run first.yaml" in said
    code, said = plimsoll("check", "first.yaml")
    assert code == 0, said
    assert "Children's social work in Blackpool under 4 policies" in said
    code, said = plimsoll(
        "run", "first.yaml", "--replications", 1, "--years", 0.1, "--jobs", 1, "--out", "results"
    )
    assert code == 0, said
    assert len(Results(here / "results").outcomes) > 0


def test_comments_say_what_is_own_and_what_is_borrowed(here):
    assert plimsoll("init", "--authority", "Rutland", "r.yaml")[0] == 0
    text = (here / "r.yaml").read_text(encoding="utf-8")
    own = own_scenario(published_figures(), area_called("Rutland")).figures.rates["turnover"]
    weight = f"own {100 * own.own_weight:.0f} % (to 2024), rest from the East Midlands"
    assert re.search(re.escape(weight) + r".*\n  leaving_per_year", text)
    assert re.search(re.escape(weight) + r": keeps vacancies.*\n  success_per_round", text)
    assert "39.6 % (2024)" in text  # the last published figure, beside what was made of it
    assert "swing by chance" in text
    assert 'plimsoll init --authority "Rutland" r.yaml' in text


def test_an_earlier_year_knows_nothing_later(here):
    assert plimsoll("init", "--authority", "Bury", "--year", 2019, "b.yaml")[0] == 0
    text = (here / "b.yaml").read_text(encoding="utf-8")
    assert max(int(year) for year in re.findall(r"\b20[12]\d\b", text)) == 2019
    assert "--year 2019" in text


def test_joint_and_reorganised_authorities_say_so(here):
    assert plimsoll("init", "--authority", "Richmond", "r.yaml")[0] == 0
    assert "make one return together" in (here / "r.yaml").read_text(encoding="utf-8")
    assert plimsoll("init", "--authority", "Cumberland", "c.yaml")[0] == 0
    assert "those of Cumbria" in " ".join((here / "c.yaml").read_text(encoding="utf-8").split())


def test_nothing_is_written_over_unless_told_to(here):
    (here / "mine.yaml").write_text("mine", encoding="utf-8")
    code, said = plimsoll("init", "--authority", "Leeds", "mine.yaml")
    assert code == 2
    assert "--force" in said
    assert (here / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert plimsoll("init", "--authority", "Leeds", "mine.yaml", "--force")[0] == 0
    assert load_scenario(here / "mine.yaml").name == "leeds"


def test_all_that_is_wrong_is_said_at_once_and_nothing_written(here):
    code, said = plimsoll(
        "init", "--authority", "Ledes", "--service", "adults", "x.txt", "--study", "s.json"
    )
    assert code == 2
    for told in (
        "did you mean 'Leeds'?",
        "published for children's services only",
        "adults_average_england",
        "x.txt: not the name of a YAML file",
        "s.json: not the name of a YAML file",
    ):
        assert told in said
    assert list(here.iterdir()) == []


def test_what_is_missing_is_asked_for(here):
    code, said = plimsoll("init")
    assert code == 2
    assert "--authority: say which authority" in said
    assert "plimsoll init --list" in said
    assert "name the file to write" in said
    code, said = plimsoll("init", "--authority", "Leeds", "a.yaml", "--study", "./a.yaml")
    assert code == 2
    assert "a file each" in said
    code, said = plimsoll("init", "--authority", "Leeds", "--year", 1999, "a.yaml")
    assert code == 2
    assert "2017 to 2025" in said


def test_the_list_has_every_name_under_its_region(here):
    code, said = plimsoll("init", "--list")
    assert code == 0
    assert "South West\n    Bath and North East Somerset\n" in said
    assert "(also: Kingston upon Thames, Kingston, Richmond upon Thames, Richmond)" in said
    assert sum(line.startswith("    ") for line in said.splitlines()) == 151
    assert "Cumbria\n" in plimsoll("init", "--list", "--year", 2020)[1]


def test_a_folder_that_cannot_be_written_to_is_a_problem_not_a_crash(here):
    (here / "file").write_text("", encoding="utf-8")
    code, said = plimsoll("init", "--authority", "Leeds", "file/leeds.yaml")
    assert code == 2
    assert "Traceback" not in said
