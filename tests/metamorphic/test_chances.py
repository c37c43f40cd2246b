"""One source of chance meets other luck, and what does not depend on it stays bit by bit."""

import numpy as np
import pytest

from sim.model.chances import SOURCES, chances_of
from sim.model.world import simulate
from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study.sureness.sources_of_chance import FORECAST, TOGETHER, chance, sources_of
from tests import stand_ins
from tests.services import BASELINE
from tests.small_services import EVERYTHING, lively_service

pytestmark = pytest.mark.metamorphic


def run(replication=3, apart=None, **changed):
    return simulate(
        lively_service(**changed), BASELINE, seed=1, replication=replication, years=0.5,
        tables=EVERYTHING, apart=apart,
    )  # fmt: skip


def test_all_sources_apart_are_another_replication():
    moved = run(replication=3, apart=dict.fromkeys(SOURCES, 8))
    other = run(replication=8)
    np.testing.assert_equal(moved.outcomes, other.outcomes)
    for name in EVERYTHING:
        assert moved.tables[name].equals(other.tables[name])


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_matters_to_something(source):
    assert run(apart={source: 8}).outcomes != run().outcomes
    np.testing.assert_equal(run(apart={source: 3}).outcomes, run().outcomes)


def test_who_comes_depends_on_arrivals():
    before = run().outcomes["arrivals_per_year"]
    assert run(apart={"arrivals": 8}).outcomes["arrivals_per_year"] != before


def test_an_unknown_source_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'absence'"):
        chances_of(0, {"absense": 1, "arrivals": 2})


@pytest.fixture(scope="module")
def shares(tmp_path_factory):
    """Shares in a service where exhaustion does nothing and nobody comes back."""
    study = load_study(stand_ins.write_small_study(tmp_path_factory.mktemp("study")))
    found = chance(study, pairs=6, years=1.5, jobs=1)
    return study, found.set_index(["outcome", "source"])


def test_what_has_one_source_has_all_of_its_variance_from_it(shares):
    """Arrivals depend on how many come; vacancies and turnover on who leaves and is found."""
    _, table = shares
    for outcome, only in (
        ("arrivals_per_year", "arrivals"),
        ("vacancy_rate", "turnover"),
        ("turnover_rate", "turnover"),
        ("in_post_fte", "turnover"),
    ):
        for source in SOURCES:
            row = table.loc[(outcome, source)]
            assert row.tolist() == pytest.approx([float(source == only)] * 6), (outcome, source)
        assert table.loc[(outcome, TOGETHER), "share"] == pytest.approx(1)


def test_what_has_several_sources_has_a_share_from_each(shares):
    _, table = shares
    for source in ("arrivals", "families", "turnover"):
        assert table.loc[("caseload_per_fte", source), "share"] > 0


def test_shares_do_not_depend_on_the_number_of_processes(shares):
    study, table = shares
    again = chance(study, pairs=6, years=1.5, jobs=2).set_index(["outcome", "source"])
    assert again.equals(table)


def test_sources_of_a_study_without_a_forecast(shares):
    study, table = shares
    assert list(sources_of(study)) == list(SOURCES)
    assert set(table.index.get_level_values("source")) == {*SOURCES, TOGETHER}
    assert FORECAST not in SOURCES


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"pairs": 1}, "too few"),
        ({"policy": "more_post"}, "did you mean 'more_posts'"),
        ({"jobs": 0}, "not a number of processes"),
        ({"years": -1}, "too small"),
    ],
)
def test_what_cannot_be_asked_for(shares, asked, word):
    with pytest.raises(InputError, match=word):
        chance(shares[0], **{"simulate": stand_ins.simulate} | asked)


def test_a_forecast_is_a_source_of_its_own(tmp_path):
    """What depends on demand alone has all of its variance from which path demand takes."""
    months = [f"{year}-{month:02}" for year in (2026, 2027) for month in range(1, 13)]
    rows = [
        f"children,{month},{path},{20 + path}\n" for path in range(12) for month in months
    ]  # fmt: skip
    (tmp_path / "paths.csv").write_text("stream,month,path,requests\n" + "".join(rows))
    file = stand_ins.write_small_study(tmp_path)
    with file.open("a") as more:
        more.write("forecast: {paths: paths.csv, streams: {referrals: children}}\n")

    def simulate(scenario, policy, **asked):
        return stand_ins.Result({"arrivals_per_year": scenario.demand["referrals"].per_month[0]})

    study = load_study(file)
    found = chance(study, pairs=4, years=0.5, jobs=1, simulate=simulate, beside=tmp_path)
    shares = found.set_index("source")["share"]
    assert list(sources_of(study)) == [*SOURCES, FORECAST]
    assert shares[[*SOURCES, FORECAST, TOGETHER]].tolist() == [0] * len(SOURCES) + [1, 1]
