"""What was counted so far, at the size of the area, in the table and in the chart."""

import numpy as np
import pandas as pd
import pytest

from forecasting.charts import range_chart
from forecasting.forecast import Forecast
from forecasting.history import shipped_history
from forecasting.words import describe_range
from tests.forecasts import OLD, REQUESTS, forecast, written

pytestmark = pytest.mark.unit


def of(found, stream="requests"):
    rows = found.counted[found.counted["stream"] == stream]
    return rows.set_index("month")["requests"]


def test_england_has_its_published_counts_a_month():
    history = shipped_history("asc_requests_18_64")
    rows = of(forecast())
    assert list(rows.index) == [f"{year}-04" for year in history.years]
    assert rows.to_numpy() == pytest.approx(history.values / 12)


def test_a_part_of_an_area_has_its_part_and_another_area_its_people():
    whole, part = forecast(), forecast(share=0.01)
    assert of(part).to_numpy() == pytest.approx(0.01 * of(whole).to_numpy())
    kent = of(forecast(area="Kent")) / of(whole)
    assert kent.between(0.025, 0.03).all()  # Kent has 2.8 % of England's people


def test_what_a_forecast_starts_from_goes_on_from_the_last_count():
    """Nothing moves but people: need per head stays at the last count's, so it does in the area."""
    still = OLD | {"growth": {"percent_a_year": 0, "sd": 0.0001}, "damping": 0.01}
    found = forecast(area="Kent", streams={"old": still}, uncertainty="none", start="2024-04-01")
    last = of(found, "old")["2023-04"]
    assert found.assembled.demand["old"].base.mean() == pytest.approx(last, rel=0.01)


def test_a_share_of_another_stream_and_breaks():
    share = shipped_history("safeguarding_share_enquired")
    streams = {
        "old": OLD | {"history": "safeguarding_concerns", "rates": "safeguarding",
                      "breaks": [{"left_out": [2020], "why": "Covid-19"}]},
        "part": {"label": "P", "of": "old", "history": "safeguarding_share_enquired"},
    }  # fmt: skip
    found = forecast(streams=streams)
    assert "2020-04" not in of(found, "old").index
    parts = of(found, "part") / of(found, "old")
    shares = dict(zip((f"{year}-04" for year in share.years), share.values, strict=True))
    assert parts.dropna().to_dict() == pytest.approx(
        {month: shares[month] for month in parts.dropna().index}
    )


def test_counts_of_another_kind_are_at_the_streams_own_level():
    detentions = {"label": "D", "rates": "mental_health_act", "history": "mha_detentions"}
    level = {"count": 148_000, "year": 2016, "source": "published"}
    streams = {"detentions": detentions, "assessments": {**detentions, "level": level}}
    found = forecast(streams=streams)
    ratio = of(found, "assessments") / of(found, "detentions")
    assert ratio.to_numpy() == pytest.approx(np.full(len(ratio), ratio.iloc[0]))
    now = {name: each.base.mean() for name, each in found.assembled.demand.items()}
    assert ratio.iloc[0] == pytest.approx(now["assessments"] / now["detentions"], rel=0.02)


def test_an_areas_own_counts_are_shown_as_they_are(tmp_path):
    (tmp_path / "own.csv").write_text("period_start,value\n2021-04-01,1200\n2022-04-01,1320\n")
    written(tmp_path, area="Kent", streams={"requests": REQUESTS | {"local": "own.csv"}})
    found = Forecast.from_yaml(tmp_path / "small.yaml").run()
    assert of(found).to_dict() == {"2021-04": 100.0, "2022-04": 110.0}


def test_months_are_shown_one_by_one_without_those_missing(tmp_path):
    months = pd.period_range("2021-04", "2025-09", freq="M")
    rows = [f"{month}-01,{100 + place}" for place, month in enumerate(months) if place != 7]
    (tmp_path / "own.csv").write_text("\n".join(["period_start,value", *rows]))
    written(tmp_path, streams={"requests": REQUESTS | {"history": "own.csv"}})
    found = Forecast.from_yaml(tmp_path / "small.yaml").run()
    shown = of(found)
    assert len(shown) == len(months) - 1
    assert shown["2025-09"] == pytest.approx(153)
    assert set(found.counted["months"]) == {1}


def test_the_range_chart_begins_with_what_was_counted_and_says_the_last():
    found = forecast()
    drawn = range_chart("requests", "Requests", "requests a month", found.intervals, found.counted)
    last = of(found).iloc[-1]
    assert drawn.text.startswith(
        f"Last counted, in 2023-24: {round(last, -1):,.0f} requests a month"
    )
    content = drawn.chart.to_json()
    assert "counted (mean month of each year)" in content
    assert f"{last}" in content


def test_only_ten_years_are_shown_and_nothing_counted_says_nothing():
    found = forecast(start="2030-04-01")
    drawn = range_chart("requests", "Requests", "requests a month", found.intervals, found.counted)
    assert "2019-04-01" not in drawn.chart.to_json()  # ended ten years before
    assert "2021-04-01" in drawn.chart.to_json()
    none = found.counted.iloc[:0]
    assert describe_range("requests a month", found.intervals, none).startswith("In March 2033: ")
    assert range_chart("requests", "Requests", "a month", found.intervals, none).chart.to_json()
