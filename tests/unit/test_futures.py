"""Futures and events: what they mean, which go together, and what is said of those that don't."""

import numpy as np
import pytest

from forecasting.config import FUTURES, Event, ForecastFile, StreamPlan
from forecasting.events import event_effects, event_factors
from forecasting.futures import early_help_factor, future_of, mental_health_factor, ramp
from sim.scenario.problems import InputError
from tests.forecasts import OLD, REQUESTS, forecast, plan

pytestmark = pytest.mark.unit

MENTAL_HEALTH = {"share": 0.5, "percent_a_year": 2.0}
STREAM = {
    **REQUESTS,
    "mental_health": MENTAL_HEALTH,
    "early_help": {"prevented": 0.1, "ramp_months": 24},
}
EVENT = {
    "name": "ruling", "label": "A ruling", "streams": ["requests"], "date": "2027-04-01",
    "probability": 0.25, "factor": 0.5,
}  # fmt: skip


def file(*futures: str, **changes) -> ForecastFile:
    return ForecastFile.model_validate(
        plan(futures=futures, **({"streams": {"requests": STREAM}} | changes))
    )


def test_every_future_has_its_meaning_in_plain_words():
    assert set(FUTURES) >= {"principal", "faster_ageing", "early_help"}
    streams = {"requests": REQUESTS, "old": OLD}
    found = future_of(file("faster_ageing", "ruling", events=[EVENT], streams=streams))
    assert found.meaning()[0].startswith("faster_ageing: people of 65 and over")
    assert found.meaning()[1] == "ruling: A ruling"


@pytest.mark.parametrize(
    ("futures", "said"),
    [
        (["rising"], "no future called 'rising'.*accepted:.*mental_health_rising"),
        (["fast_ageing"], "did you mean 'faster_ageing'"),
        (["principal", "early_help"], "principal means that nothing else changes"),
        (["early_help", "early_help"], "named twice"),
        (["mental_health_rising", "mental_health_falling_back"], "contradict each other.*keep one"),
    ],
)
def test_futures_that_do_not_exist_or_agree_are_refused(futures, said):
    with pytest.raises(InputError, match=f"(?s){said}"):
        future_of(file(*futures))


@pytest.mark.parametrize("future", ["early_help", "mental_health_rising"])
def test_a_future_that_would_change_nothing_is_refused(future):
    with pytest.raises(InputError, match="no stream here says"):
        future_of(file(future, streams={"requests": REQUESTS}))


def test_a_short_forecast_may_end_before_an_event_that_it_does_not_name():
    assert future_of(file(events=[EVENT], months=6)).events == ()


def test_faster_ageing_is_refused_where_nobody_old_asks():
    young = {"requests": REQUESTS | {"rates": "children", "history": "cin_referrals"}}
    with pytest.raises(InputError, match="no stream here is about people of 65 and over"):
        future_of(file("faster_ageing", streams=young))
    assert future_of(file("faster_ageing", streams={"old": OLD})).faster_ageing


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"date": "2026-03-01"},
            r"events\[0\].date: the event is not within.*accepted: +a date from",
        ),
        ({"date": "2029-04-01"}, "not within the forecast"),
        ({"streams": ["request"]}, "no stream 'request'.*did you mean 'requests'"),
        ({"name": "principal"}, "this name is taken"),
        ({"name": "other", "excludes": ["ruling"]}, "other cannot happen beside ruling"),
    ],
)
def test_events_that_cannot_be_are_refused(change, said):
    events = [EVENT | change] if "excludes" not in change else [EVENT, EVENT | change]
    asked = [each["name"] for each in events] if {"date", "excludes"} & set(change) else []
    with pytest.raises(InputError, match=f"(?s){said}"):
        future_of(file(*asked, events=events))


def test_mental_health_futures_are_in_order_and_start_together():
    years = np.array([-0.5, 0.0, 1.0, 5.0])
    rising, levelling, falling = (
        mental_health_factor(future_of(file(f"mental_health_{name}")), StreamPlan(**STREAM), years)
        for name in ("rising", "levelling_off", "falling_back")
    )
    assert np.all([rising[:2], levelling[:2], falling[:2]] == np.ones(2))
    assert (rising[2:] > 1).all()
    assert (levelling[2:] < 1).all()
    assert (falling[2:] < levelling[2:]).all()
    # Rising for five years instead of damped by 0.9 a year, half of the stream:
    # 1.02 ** (0.5 x (5 - 3.887)), as 0.9's five years are worth (1 - 0.9 ** 5) / -ln 0.9.
    assert rising[3] == pytest.approx(1.02 ** (0.5 * (5 - (1 - 0.9**5) / -np.log(0.9))))


def test_early_help_builds_up_over_its_months():
    years = np.array([-1.0, 0.0, 1.0, 2.0, 3.0])
    found = early_help_factor(future_of(file("early_help")), StreamPlan(**STREAM), years)
    assert found == pytest.approx([1, 1, 0.95, 0.9, 0.9])
    assert ramp(np.array([-1.0, 0.0]), 0).tolist() == [0, 1]


def test_an_event_happens_as_often_as_it_is_probable_and_then_stays():
    event = Event.model_validate(EVENT)
    effects = event_effects(event, 10_000, np.random.default_rng(1), certain=False)
    assert set(np.round(np.exp(effects), 6)) == {0.5, 1.0}
    assert (effects < 0).mean() == pytest.approx(0.25, abs=0.02)
    months = np.datetime64("2027-02") + np.arange(4)
    factors = event_factors(event, np.log([0.5]), months)
    assert factors[0] == pytest.approx([1, 1, 0.5, 0.5])
    slow = event.model_copy(update={"ramp_months": 2})
    assert event_factors(slow, np.log([0.5]), months)[0] == pytest.approx([1, 1, 0.5**0.5, 0.5])


def test_an_event_of_uncertain_size_lies_within_its_range_four_times_in_five():
    event = Event.model_validate(EVENT | {"probability": 1, "factor_80": [0.4, 0.625]})
    drawn = np.exp(event_effects(event, 20_000, np.random.default_rng(1), certain=False))
    assert ((drawn > 0.4) & (drawn < 0.625)).mean() == pytest.approx(0.8, abs=0.01)


def test_a_certain_forecast_has_the_expected_effect():
    event = Event.model_validate(EVENT)
    found = event_effects(event, 3, np.random.default_rng(1), certain=True)
    assert np.exp(found) == pytest.approx([0.875] * 3)


def test_an_event_changes_its_streams_on_the_same_paths_and_no_others():
    streams = {"requests": REQUESTS, "old": OLD, "both": OLD}
    event = EVENT | {"streams": ["requests", "both"], "probability": 0.5}
    found = forecast(streams=streams, events=[event], futures=["ruling"])
    plain = forecast(streams=streams, events=[event])
    ratio = {
        name: found.assembled.demand[name].requests[:, -1]
        / plain.assembled.demand[name].requests[:, -1]
        for name in streams
    }
    assert set(np.round(ratio["requests"], 6)) == {0.5, 1.0}
    assert np.round(ratio["both"], 6).tolist() == np.round(ratio["requests"], 6).tolist()
    assert ratio["old"] == pytest.approx(1.0)


def test_futures_combine():
    streams = {"requests": STREAM}
    one = forecast(streams=streams, futures=["early_help"])
    other = forecast(streams=streams, futures=["mental_health_rising"])
    both = forecast(streams=streams, futures=["early_help", "mental_health_rising"])
    none = forecast(streams=streams)
    of = {k: v.assembled.demand["requests"].requests for k, v in
          {"one": one, "other": other, "both": both, "none": none}.items()}  # fmt: skip
    assert of["both"] == pytest.approx(of["one"] * of["other"] / of["none"])
    assert (of["one"][:, -1] < of["none"][:, -1]).all()
