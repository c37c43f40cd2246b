"""What holds for every forecast: parts add up, scale is kept, ranges widen, chances are named."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasting.decomposition import PARTS
from tests.forecasts import OLD, REQUESTS, forecast

pytestmark = pytest.mark.property

STREAMS = {
    "requests": {
        **REQUESTS,
        "mental_health": {"share": 0.3, "percent_a_year": 2},
        "early_help": {"prevented": 0.1, "ramp_months": 12},
    },
    "old": OLD,
    "part": {"label": "Part", "of": "old", "history": "safeguarding_share_enquired"},
}
EVENT = {
    "name": "ruling", "label": "A ruling", "streams": ["old"], "date": "2027-04-01",
    "probability": 0.3, "factor": 0.6,
}  # fmt: skip
FUTURES = [
    [], ["faster_ageing"], ["early_help", "mental_health_rising"],
    ["mental_health_falling_back", "ruling", "faster_ageing"],
]  # fmt: skip
few = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])


@few
@given(
    seed=st.integers(0, 2**40), futures=st.sampled_from(FUTURES),
    area=st.sampled_from(["England", "Kent", "Camden"]),
    start=st.sampled_from(["2026-04-01", "2025-09-01"]),
)  # fmt: skip
def test_the_parts_of_a_change_add_up(seed, futures, area, start):
    found = forecast(
        seed=seed, futures=futures, area=area, start=start, streams=STREAMS, events=[EVENT],
        paths=50,
    )  # fmt: skip
    table = found.decomposition
    total = table["base"] + table[list(PARTS)].sum(axis=1)
    assert total.to_numpy() == pytest.approx(table["demand"].to_numpy(), rel=1e-10)
    assert (found.paths["requests"] > 0).all()


@few
@given(seed=st.integers(0, 2**40), share=st.floats(0.001, 0.5))
def test_twice_the_people_ask_twice_as_much(seed, share):
    once = forecast(seed=seed, share=share, streams=STREAMS, paths=20)
    twice = forecast(seed=seed, share=2 * share, streams=STREAMS, paths=20)
    assert twice.paths["requests"].to_numpy() == pytest.approx(
        2 * once.paths["requests"].to_numpy()
    )


@few
@given(seed=st.integers(0, 2**40))
def test_ranges_are_nested_and_widen_with_time(seed):
    found = forecast(seed=seed, streams=STREAMS, paths=1_000, months=72).intervals
    ends = ["low95", "low80", "low50", "median", "high50", "high80", "high95"]
    assert (np.diff(found[ends].to_numpy(), axis=1) >= 0).all()
    for name in STREAMS:
        of_stream = found[found["stream"] == name]
        width = np.log(of_stream["high80"] / of_stream["low80"]).to_numpy()
        a_year = width.reshape(-1, 12).mean(axis=1)
        assert (np.diff(a_year) > 0).all()


def test_another_stream_or_more_months_do_not_change_the_people_or_the_trend():
    one = forecast(streams={"requests": REQUESTS}, trend_correlation=0)
    more = forecast(streams=STREAMS, trend_correlation=0)
    of_one, of_more = (each.assembled.demand["requests"] for each in (one, more))
    assert np.array_equal(of_one.people, of_more.people)
    assert np.array_equal(np.sort(of_one.need[:, -1]), np.sort(of_more.need[:, -1]))


def test_the_same_seed_gives_the_same_paths_and_another_seed_others():
    first, again, other = (forecast(seed=seed, streams=STREAMS).paths for seed in (1, 1, 2))
    assert first.equals(again)
    assert np.isclose(first["requests"], other["requests"], rtol=1e-4).mean() < 0.01


def test_streams_go_up_and_down_together_as_asked():
    streams = {"requests": REQUESTS, "old": OLD}
    ends = {}
    for correlation in (0.0, 0.8):
        found = forecast(streams=streams, trend_correlation=correlation, paths=2_000, months=60)
        demand = found.assembled.demand
        ends[correlation] = np.corrcoef(np.log([demand[name].requests[:, -1] for name in streams]))[
            0, 1
        ]
    assert ends[0.8] > 0.6
    # Without any, only what is shared of the population's error is left.
    assert abs(ends[0.0]) < 0.15


def test_months_of_a_path_go_together():
    requests = forecast(paths=1_000).assembled.demand["requests"].requests
    assert np.corrcoef(requests[:, 12], requests[:, 13])[0, 1] > 0.95
    assert 0.3 < np.corrcoef(requests[:, 0], requests[:, -1])[0, 1] < 0.95


def test_without_uncertainty_every_path_is_the_mean_of_those_with_it():
    level = {"count": 1_900_000, "year": 2023, "uncertainty": 0.5, "source": "drawn"}
    streams = STREAMS | {"vague": REQUESTS | {"level": level}}
    certain = forecast(uncertainty="none", streams=streams, paths=3)
    spread = certain.paths.groupby(["stream", "month"])["requests"].agg(["min", "max"])
    assert (spread["min"] == spread["max"]).all()
    full = forecast(paths=4_000, streams=streams).paths
    means = full.groupby(["stream", "month"])["requests"].mean()
    assert spread["min"].to_numpy() == pytest.approx(means.to_numpy(), rel=0.05)
    sure = forecast(
        uncertainty="none", streams={"sure": REQUESTS | {"level": level | {"uncertainty": 0}}}
    )
    exact = sure.paths.groupby("month")["requests"].first().to_numpy()
    assert spread["min"]["vague"].to_numpy() == pytest.approx(exact, rel=0.05)
