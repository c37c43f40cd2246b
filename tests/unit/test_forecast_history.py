"""Histories: shipped and brought, what is left out of them, and how need per head is drawn."""

import numpy as np
import pytest

from forecasting.config import StreamPlan
from forecasting.forecast import Forecast
from forecasting.history import (
    AnnualHistory,
    authority_referrals,
    read_history,
    series_table,
    shipped_history,
)
from forecasting.monthly_trends import yearly_means
from forecasting.need import ages_of, expected, rate_keys, rates_by_band
from forecasting.population.england import england
from forecasting.series import MonthlySeries
from forecasting.summary import summary
from forecasting.trends import comparable, in_step, people_who_ask, share_trend
from forecasting.words import whole
from sim.scenario.problems import InputError
from tests.forecasts import REQUESTS, forecast, written

pytestmark = pytest.mark.unit


def test_each_shipped_series_has_its_source_and_figures():
    for key, about in series_table().iterrows():
        history = shipped_history(str(key))
        assert len(history.values) >= 4
        assert about["source"]
        assert about["url"].startswith("http")
        assert about["quality"] in ("published figure", "derived")


def test_shipped_figures_are_the_published_ones():
    dols = shipped_history("dols_applications")
    assert dict(zip(dols.years, dols.values, strict=True))[2014] == 137_540
    assert authority_referrals("Kent").values[-1] == 24_035
    assert isinstance(shipped_history("mh_people_in_contact"), MonthlySeries)


def test_rates_give_back_the_counts_that_they_were_made_from():
    # Detentions under the Mental Health Act 2023-24 of known age: 9,036 at 65 and over,
    # 17,121 at 18 to 34 (NHS England).
    asked = expected(england(), rates_by_band("mental_health_act"), np.array([2023.75]))[0] / 1e5
    assert asked[13:].sum() == pytest.approx(9_036, rel=0.02)
    young = asked[4:7].sum()  # 20 to 34: 15 of the 17 years of age
    assert young == pytest.approx(17_121 * 15 / 17, rel=0.05)


def test_rates_are_of_the_ages_that_they_name():
    assert rates_by_band("children")[:, 4:].sum() == 0
    assert ages_of("adl_65_plus").tolist() == [0] * 13 + [1] * 6
    women, men = rates_by_band("adl_65_plus")
    assert (women[13:] > men[13:]).all()
    for key in rate_keys():
        assert (rates_by_band(key) >= 0).all()
        assert ages_of(key).sum() > 1


HISTORY = 'period_start,value\n2020-04-01,100\n2021-04-01,110\n2022-04-01,"1,210"\n'


def test_a_history_of_ones_own_is_read(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(HISTORY)
    found = read_history(path)
    assert isinstance(found, AnnualHistory)
    assert found.years.tolist() == [2020, 2021, 2022]
    assert found.values.tolist() == [100, 110, 1210]
    path.write_text("period_start,value\n2020-01-01,1\n2020-02-01,2\n2020-04-01,4\n")
    monthly = read_history(path)
    assert isinstance(monthly, MonthlySeries)
    assert np.isnan(monthly.values[2])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("value", "values"), "line 1: there is no column value.*did you mean 'values'"),
        (("2021-04-01", "2021/22"), "line 3: period_start: not a date.*'2021/22'"),
        (("2021-04-01", "2021-04-02"), "line 3: period_start: not the first day of a month"),
        (("2021-04-01", "2020-04-01"), "line 3: period_start: this period has a row already"),
        ((",110", ",many"), "line 3: value: not a number.*'many'"),
        ((",110", ",-1"), "line 3: value: not a count"),
        ((",110", ",1e300"), "line 3: value: not a count"),
        ((",110", ",0"), "(?s)a year of none.*2021-04-01.*leave the year's row out"),
        ((HISTORY, "period_start,value\n"), "the file has no rows"),
        ((HISTORY, ""), "own.csv: the file is empty"),
        ((HISTORY, HISTORY.replace(",", ";")), "line 1: .*separate the columns with commas"),
    ],
)
def test_a_history_that_cannot_be_used_is_refused_with_its_line(tmp_path, change, said):
    path = tmp_path / "own.csv"
    path.write_text(HISTORY.replace(*change))
    with pytest.raises(InputError, match=f"(?s)own.csv, {said}" if "line" in said else said):
        read_history(path)


def test_breaks_leave_out_what_they_name():
    history = shipped_history("dols_applications")
    plan = {**REQUESTS, "breaks": [
        {"new_level_from": 2016, "why": "a ruling"}, {"left_out": [2020], "why": "Covid-19"},
    ]}  # fmt: skip
    kept = comparable(history, StreamPlan(**plan), "dols")
    assert kept.years.tolist() == [2016, 2017, 2018, 2019, 2021, 2022, 2023]
    monthly = shipped_history("mh_people_in_contact")
    found = comparable(monthly, StreamPlan(**plan), "contact")
    assert str(found.start) == "2016-04"
    covid = (found.months >= np.datetime64("2020-04")) & (found.months < np.datetime64("2021-04"))
    assert np.isnan(found.values[covid]).all()
    assert np.isfinite(found.values[~covid]).all()


def test_breaks_that_leave_nothing_are_refused():
    plan = StreamPlan(**REQUESTS, breaks=[{"new_level_from": 2090, "why": "x"}])
    with pytest.raises(InputError, match=r"streams.requests.breaks: .*no year"):
        comparable(shipped_history("cin_referrals"), plan, "requests")


def test_the_trend_starts_where_the_counts_end():
    found = forecast(uncertainty="none", months=12)
    # 2023-24: 658,000 requests, the last count. Its rate on the people of 2025-26 is the least
    # that a rising rate can give.
    history = shipped_history("asc_requests_18_64")
    rates = rates_by_band("working_age")
    at_old_rate = history.values[-1] * (
        people_who_ask(england(), rates, np.array([2025]))
        / people_who_ask(england(), rates, np.array([2023]))
    )
    base = found.assembled.demand["requests"].base.sum(axis=1)
    assert (base > at_old_rate).all()
    assert base[0] == pytest.approx(at_old_rate[0], rel=0.06)


def test_a_share_stays_a_share():
    high = AnnualHistory("share", np.arange(2015, 2023), np.linspace(0.8, 0.97, 8))
    plan = StreamPlan(label="x", of="y", history="share")
    paths = share_trend(high, np.array([2024.0, 2030.0]), 500, np.random.default_rng(1), plan)
    assert paths.max() < 1
    assert paths.min() > 0


def test_trends_in_step_keep_their_own_paths_and_go_together():
    rng = np.random.default_rng(1)
    trends = [np.exp(rng.standard_normal((4_000, 3)).cumsum(axis=1)) for _ in range(2)]
    found = in_step(trends, (), 0.6, rng)
    for before, after in zip(trends, found, strict=True):
        assert sorted(map(tuple, before)) == sorted(map(tuple, after))
    ends = np.log([found[0][:, -1], found[1][:, -1]])
    assert np.corrcoef(ends)[0, 1] == pytest.approx(0.6, abs=0.05)
    assert abs(np.corrcoef(np.log([trends[0][:, -1], trends[1][:, -1]]))[0, 1]) < 0.05


def test_trends_go_with_every_leader_not_with_the_first_alone():
    rng = np.random.default_rng(1)
    leaders = [np.exp(rng.standard_normal((4_000, 2))) for _ in range(2)]
    (found,) = in_step([np.exp(rng.standard_normal((4_000, 2)))], leaders, 0.5, rng)
    with_each = [np.corrcoef(np.log([found[:, -1], each[:, -1]]))[0, 1] for each in leaders]
    # Half of the variance is the common factor's, and half of that each leader's.
    assert with_each == pytest.approx([0.5, 0.5], abs=0.05)


BAD_FILES = {
    "no such rates": ({"rates": "working"}, "streams.requests.rates.*did you mean 'working_age'"),
    "no such series": (
        {"history": "asc_requests"}, "streams.requests.history: there is no shipped series",
    ),
    "no such file": ({"history": "none.csv"}, "none.csv: there is no such file"),
    "annual season": (
        {"season_from": "cin_referrals"}, "streams.requests.season_from: not a monthly series",
    ),
    "season of 11": ({"season": [1.0] * 11}, "season needs twelve numbers"),
    "level and local": (
        {"level": {"count": 1, "year": 2016}, "local": "x.csv"}, "level goes neither with local",
    ),
    "too early": (
        {"history": "early.csv"},
        "streams.requests.history: the history begins in 2005.*new_level_from: 2012",
    ),
    "too early by month": (
        {"history": "early_months.csv"}, "the history begins in 2010.*April 2012 on",
    ),
    "both kinds": ({"of": "other"}, "give either rates .* or of"),
    "misspelt": ({"histroy": "x"}, "did you mean 'history'"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_stream_that_cannot_be_forecast_is_refused_with_its_place(tmp_path, change, said):
    (tmp_path / "early.csv").write_text("period_start,value\n2005-04-01,3\n2020-04-01,4\n")
    months = [f"{2011 + n // 12}-{n % 12 + 1:02}-01,{n}" for n in range(150)]
    (tmp_path / "early_months.csv").write_text("\n".join(["period_start,value", *months]))
    path = written(tmp_path, streams={"requests": REQUESTS | change})
    with pytest.raises(InputError, match=f"(?s){said}"):
        Forecast.from_yaml(path).run()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "2026-04-02"}, "start must be the first day of a month"),
        ({"start": "2011-04-01"}, "start: the forecast starts before a year of figures for people"),
        ({"months": 240, "start": "2027-04-01"}, "end in 2045, the forecast in 2047-03.*at most"),
        ({"months": 0}, "months.*accepted: +a whole number from 1 to 240"),
        (
            {"start": "2024-03-01"},
            "start: the forecast starts before the history of requests ends.*2024-04-01 or later",
        ),
        ({"area": "Atlantis"}, "there is no authority called 'Atlantis'"),
        ({"share": 0}, "share"),
        ({"streams": {}}, "streams"),
        ({"population": {"files": ["none.csv"]}}, "none.csv: there is no such file"),
        (
            {"streams": {"part": {"label": "x", "of": "whole", "history": "cin_referrals"}}},
            "no stream 'whole' above this one",
        ),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_forecast_that_cannot_be_is_refused(tmp_path, change, said):
    path = written(tmp_path, **change)
    with pytest.raises(InputError, match=f"(?s){said}"):
        Forecast.from_yaml(path).run()


def test_an_unknown_forecast_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'england_adults'"):
        Forecast.from_yaml("england_adult")


def test_an_authoritys_own_counts_set_its_level(tmp_path):
    stream = {"label": "Referrals", "rates": "children", "history": "cin_referrals"}
    shared = forecast(area="Kent", uncertainty="none", streams={"requests": stream})
    own = forecast(
        area="Kent", uncertainty="none",
        streams={"requests": stream | {"local": "shipped_referrals"}},
    )  # fmt: skip
    by_share, by_own = (
        each.assembled.demand["requests"].base.sum(axis=1)[0] for each in (shared, own)
    )
    # Kent had 24,035 referrals in 2024-25; its share of England's children would make 18,000.
    assert by_own == pytest.approx(24_035, rel=0.03)
    assert by_share < 20_000


def test_figures_of_ones_own_for_people_are_used(tmp_path):
    lines = ["area,year,sex,age_band,population"]
    for year in range(2022, 2032):
        for age in range(0, 90, 5):
            lines.append(f"Place,{year},persons,{age}-{age + 4},{1000 * (year - 2020)}")
        lines.append(f"Place,{year},persons,90+,1000")
    (tmp_path / "people.csv").write_text("\n".join(lines))
    path = written(
        tmp_path, area="Place", uncertainty="none", population={"files": ["people.csv"]}, months=24
    )
    found = Forecast.from_yaml(path).run()
    people = found.assembled.demand["requests"].people[0]
    assert people[[11, 23]] == pytest.approx([46_925 * 5.7083 / 5, 46_925 * 6.7083 / 5], rel=0.01)
    assert any("tidy CSV" in note for note in found.notes)


CONTACT = {
    "label": "People in contact", "rates": "mental_health_contact",
    "history": "mh_people_in_contact", "stock": True,
}  # fmt: skip


def test_months_that_were_counted_are_as_counted():
    # The base year of a forecast from May 2024 is the last that was counted: to April 2024.
    found = forecast(start="2024-05-01", months=12, paths=50, streams={"contact": CONTACT})
    counted = shipped_history("mh_people_in_contact").values[-12:]
    base = found.assembled.demand["contact"].base
    middle = np.median(base, axis=0)
    assert middle == pytest.approx(counted, rel=0.004)
    # People were estimated to mid-2023 only; at the last count their error is none.
    assert base[:, -1] == pytest.approx(np.full(50, counted[-1]), rel=1e-9)


def test_what_was_asked_at_the_last_count_is_known_however_many_there_were_to_ask():
    """With need unchanged, the spread comes from people since the last count alone."""
    found = forecast(months=12, paths=500, area="Kent")
    demand = found.assembled.demand["requests"]
    asked = demand.people * demand.ageing
    spread = np.log(asked).std(axis=0)
    # Counted to 1 October 2023, people to mid-2023. The middle of March 2027 is 3.46 years on;
    # working-age people miss by 0.2 to 0.6 % a year, one authority by half as much again.
    assert 3.46 * 0.002 * 1.5 < spread[-1] < 3.46 * 0.006 * 1.5
    heads = np.log(demand.people).std(axis=0)
    assert spread[-1] == pytest.approx(heads[-1] * 3.46 / 3.71, rel=0.01)


def test_a_level_of_another_year_is_carried_by_people_to_the_last_count():
    detentions = {"label": "D", "rates": "mental_health_act", "history": "mha_detentions"}
    level = {"count": 148_000, "year": 2016, "source": "published"}
    streams = {"detentions": detentions, "assessments": {**detentions, "level": level}}
    found = forecast(streams=streams, paths=400, trend_correlation=0)
    base = {name: found.assembled.demand[name].base.sum(axis=1) for name in streams}
    rates = rates_by_band("mental_health_act")
    people = people_who_ask(england(), rates, np.array([2016, 2023]))
    expected_ratio = 148_000 * people[1] / people[0] / 52_458
    ratio = np.median(base["assessments"]) / np.median(base["detentions"])
    assert ratio == pytest.approx(expected_ratio, rel=0.02)
    vague = forecast(
        streams={"a": {**detentions, "level": level | {"uncertainty": 0.3}}}, paths=400
    ).assembled.demand["a"].base.sum(axis=1)  # fmt: skip
    assert np.log(vague).std() > 0.25 > 2 * np.log(base["assessments"]).std()


def test_a_season_is_the_files_own_or_lent_by_a_monthly_series():
    ownership = [1.5, 0.5] * 6
    own = forecast(uncertainty="none", streams={"r": REQUESTS | {"season": ownership}})
    requests = own.assembled.demand["r"].requests[0]
    assert requests[0] / requests[1] == pytest.approx(0.5 / 1.5, rel=0.02)  # April, May
    by_days = forecast(uncertainty="none").assembled.demand["requests"].season
    assert by_days[9] / by_days[10] == pytest.approx(31 / 28.25)  # January and February
    assert by_days[:12].sum() == pytest.approx(1)
    lent = forecast(
        uncertainty="none", streams={"r": REQUESTS | {"season_from": "mh_new_referrals"}}
    )
    season = lent.assembled.demand["r"].season
    assert season[:12].sum() == pytest.approx(1)
    assert season[:12].std() > 0.002
    assert np.array_equal(season[:12], season[12:24])


def test_an_areas_own_people_need_not_go_back_to_its_first_counts(tmp_path):
    lines = ["area,year,sex,age_band,population"]
    for year in range(2021, 2032):
        for age in range(0, 90, 5):
            lines.append(f"Place,{year},persons,{age}-{age + 4},1000")
        lines.append(f"Place,{year},persons,90+,1000")
    (tmp_path / "people.csv").write_text("\n".join(lines))
    counts = [f"{year}-04-01,{500 if year < 2022 else 900}" for year in range(2015, 2024)]
    (tmp_path / "own.csv").write_text("\n".join(["period_start,value", *counts]))
    path = written(
        tmp_path, area="Place", uncertainty="none", months=12, population={"files": ["people.csv"]},
        streams={"requests": REQUESTS | {"local": "own.csv"}},
    )  # fmt: skip
    base = Forecast.from_yaml(path).run().assembled.demand["requests"].base.sum(axis=1)
    assert base == pytest.approx(np.full(200, 900), rel=0.08)
    (tmp_path / "own.csv").write_text("period_start,value\n2016-04-01,500\n")
    with pytest.raises(InputError, match=r"(?s)no year that can be compared.*here from 2022"):
        Forecast.from_yaml(path).run()


def test_beyond_two_years_a_monthly_stream_follows_its_yearly_trend(tmp_path):
    """Monthly models fade a trend within months; need that rose for eight years goes on rising."""
    months = np.datetime64("2016-04") + np.arange(96)
    season = np.tile([1.0, 1.0, 1.2, 0.8, 1.0, 1.0], 16)
    counts = 1_000 * 1.06 ** (np.arange(96) / 12) * season
    rows = [f"{month}-01,{count:.1f}" for month, count in zip(months, counts, strict=True)]
    (tmp_path / "own.csv").write_text("\n".join(["period_start,value", *rows]))
    stream = {"label": "x", "rates": "working_age", "history": "own.csv"}
    path = written(tmp_path, start="2025-04-01", months=84, streams={"x": stream})
    need = np.median(Forecast.from_yaml(path).run().assembled.demand["x"].need, axis=0)
    a_year = need.reshape(-1, 12).mean(axis=1)
    growth = a_year[1:] / a_year[:-1] - 1
    # Need per head rose some 5 % a year to 2023-24; each further year has nine tenths of that
    # growth, in 2031-32 it is 0.9 ** 8 x 5 % = 2.2 %, less what the first guess (none) takes off.
    assert (growth[2:] > 0.015).all()
    assert (growth[3:] < growth[2:-1]).all()
    later = need[60:72]
    assert later[2] / later[3] == pytest.approx(1.5, rel=0.05)  # June and July
    # Growth is spread over the year: none falls on April, the month after the last one drawn.
    assert need[24::12] / need[23:-1:12] == pytest.approx(1.006, abs=0.006)


def own_months(first, values):
    months = np.datetime64(first) + np.arange(len(values))
    rows = [f"{month}-01,{value}" for month, value in zip(months, values, strict=True)]
    return "\n".join(["period_start,value", *rows])


def of_own_months(folder, first, values):
    """A forecast of one stream from months of its own: what becomes of them."""
    (folder / "own.csv").write_text(own_months(first, values))
    stream = {"label": "x", "rates": "working_age", "history": "own.csv"}
    path = written(folder, share=0.5, paths=1_000, streams={"x": stream})
    return Forecast.from_yaml(path).run()


def test_a_monthly_history_that_begins_within_the_base_year_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"(?s)streams.x.history: the history begins within.*"
                       "from 2025-08 on.*2025-04 or earlier.*start in 2026-08"):  # fmt: skip
        of_own_months(tmp_path, "2025-08", [5] * 6)


def test_an_areas_own_months_are_forecast_as_they_are_without_area_and_share(tmp_path):
    (tmp_path / "own.csv").write_text(own_months("2020-04", [100] * 72))
    stream = {"label": "x", "rates": "working_age", "history": "own.csv"}
    found = Forecast.from_yaml(written(tmp_path, streams={"x": stream})).run()
    assert found.decomposition.loc[0, "base"] == pytest.approx(1_200, rel=1e-3)
    assert "is taken to count" not in summary(found)


def test_a_range_that_was_too_narrow_on_the_past_is_said_to_be_so(tmp_path):
    steady = np.tile([100.0, 101.0], 24)
    late = 100 * 1.08 ** np.arange(20)  # a rise as there never was one
    said = summary(of_own_months(tmp_path, "2020-04", [*steady, *late.round(1)]))
    assert "which was too narrow: allow for more" in said


def test_a_summary_says_what_it_rests_on_and_that_nothing_changed(tmp_path):
    said = summary(of_own_months(tmp_path, "2020-06", [0] * 60))
    assert "Last counted in May 2025." in said
    assert "96 of 96" in said
    assert "nothing ever changed" in said
    assert "nan" not in said
    assert "own.csv is taken to count all of England" in said
    assert ".." not in said


def test_yearly_means_are_of_whole_years():
    months = np.where(np.arange(40) == 20, np.nan, 1.0 + np.arange(40) // 12)
    series = MonthlySeries("x", "England", np.datetime64("2018-04"), months)
    years, means = yearly_means(series)
    assert years.tolist() == [2018, 2020]
    assert means.tolist() == [1.0, 3.0]
    short = MonthlySeries("x", "England", np.datetime64("2018-10"), np.arange(14.0))
    assert yearly_means(short)[0].tolist() == [2019]
    assert yearly_means(short)[1] == pytest.approx([7.5])


def test_a_backtest_does_not_know_what_was_thought_of_growth_after_seeing_all_years():
    thought = {"growth": {"percent_a_year": 40, "sd": 0.1}}
    plain, biased = (
        forecast(streams={"requests": REQUESTS | change}, paths=5).backtest
        for change in ({}, thought)
    )
    assert plain.equals(biased)
    assert (plain[plain["model"] == "plimsoll"]["forecasts"] >= 1).all()


def test_the_summary_gives_the_eight_in_ten_range_of_the_third_year():
    found = forecast(paths=1_000)
    of_year = found.assembled.demand["requests"].requests[:, 24:36].sum(axis=1)
    low, high = np.quantile(of_year, (0.1, 0.9))
    said = f"Eight times in ten between {whole(low)} and {whole(high)} in 2028-29."
    assert said in summary(found)
