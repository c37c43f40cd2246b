"""The waterfall of a policy's difference: from the baseline's value to the policy's, part by part.

Nothing is told by colour alone: every bar has its number. The chart's text says the same.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pandas as pd

from sim.drawing import BLUE, DARK, GREY, ORANGE, svg_and_png
from sim.report.charts import alt
from sim.report.explanation import LABELS, Explained, explained, sentence, signed
from sim.report.numbers import amount, is_fraction
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.study.explaining.difference import BASELINE, FREE, PARTS, Explanation
from sim.study.files import write_text, written_whole

WIDTH, HEIGHT = 760, 320
KINDS = {"value": GREY, "up": ORANGE, "down": BLUE}
ROOM = 0.25  # above and below the bars, as a share of what they span
LINES = "split(datum.label, '|')"  # a Vega expression: where labels of the axis are broken


def waterfall(each: Explained, policy: str, baseline: str) -> alt.LayerChart:
    """Draw how an outcome gets from the baseline to a policy, by what they are called.

    Thin lines are the 95 % ranges of the parts.
    """
    rows = steps(each, policy, baseline)
    scale = 100.0 if is_fraction(each.unit) else 1.0
    lows, highs = rows[["begin", "end", "low"]].min(), rows[["begin", "end", "high"]].max()
    low, high = float(lows.min()), float(highs.max())
    room = ROOM * ((high - low) or abs(high) or 1.0)
    floor = low - room
    rows["begin"] = rows["begin"].fillna(floor)
    rows["above"] = rows[["begin", "end", "high"]].max(axis=1)
    axis = alt.Scale(domain=[floor, high + room], nice=False, zero=False)
    order = list(rows["step"])
    x = alt.X(
        "step:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelExpr=LINES),
    )  # fmt: skip
    title = "per cent" if scale == 100.0 else each.outcome.unit
    y = alt.Y("begin:Q", title=f"{title} (the axis does not begin at 0)", scale=axis)
    colour = alt.Color(
        "kind:N", legend=None, scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values()))
    )
    bars = alt.Chart(rows).mark_bar(size=56).encode(x=x, y=y, y2="end:Q", color=colour)
    ranges = (
        alt.Chart(rows.dropna(subset=["low"]))
        .mark_rule(color=DARK, strokeWidth=1.5)
        .encode(x=x, y=alt.Y("low:Q", scale=axis), y2="high:Q")
    )
    said = (
        alt.Chart(rows)
        .mark_text(dy=-9, fontSize=13, fontWeight="bold", color=DARK)
        .encode(x=x, y=alt.Y("above:Q", scale=axis), text="said:N")
    )
    text = sentence(each)
    heading = alt.TitleParams(
        f"{each.outcome.label}: what '{policy}' changes, and by which way",
        subtitle=[*textwrap.wrap(text, 100), "Thin lines: 95 % ranges of the parts."],
        anchor="start", fontSize=16, subtitleFontSize=12, subtitleColor=DARK, offset=12,
    )  # fmt: skip
    drawn: alt.LayerChart = (
        alt.layer(bars, ranges, said)
        .properties(title=heading, width=WIDTH, height=HEIGHT, description=text)
        .configure(background="white", font="sans-serif")
        .configure_view(stroke=None)
    )
    return drawn


def draw_explanation(explanation: Explanation, outcome: str) -> alt.LayerChart:
    """Draw the waterfall of one of the outcomes of an explanation, by its key.

    Raises
    ------
    InputError
        If it is none of them.
    """
    known = {each.outcome.key: each for each in explained(explanation)}
    if outcome not in known:
        raise InputError(
            Problem(
                "the explanation is not about this outcome",
                path="outcome",
                given=repr(outcome),
                accepted=f"one of {', '.join(known)}",
                remedy=did_you_mean(outcome, known),
            )
        )
    return waterfall(known[outcome], *explanation.labels)


def write_waterfall(each: Explained, explanation: Explanation, folder: Path) -> tuple[Path, Path]:
    """Write the chart of one of its outcomes as SVG and as PNG; give both files."""
    text, picture = svg_and_png(waterfall(each, *explanation.labels))
    svg, png = (folder / f"{each.outcome.key}.{ending}" for ending in ("svg", "png"))
    write_text(svg, text)
    with written_whole(png) as temporary:
        temporary.write_bytes(picture)
    return svg, png


def steps(each: Explained, policy: str, baseline: str) -> pd.DataFrame:
    """Give a row for each bar: where it begins and ends, its range, and what is written over it.

    The two values have no beginning: they stand on the floor of the chart. Names are broken into
    lines by ``|``.
    """
    scale = 100.0 if is_fraction(each.unit) else 1.0
    now = each.parts[BASELINE].mean
    rows = [_value(baseline, now, each)]
    for part in PARTS:
        found = each.parts[part]
        if found.mean == 0:
            continue
        rows.append(
            {
                "step": LABELS[part].replace(" → ", " →|").replace(", ", ",|"),
                "begin": now * scale,
                "end": (now + found.mean) * scale,
                "low": (now + found.low) * scale,
                "high": (now + found.high) * scale,
                "kind": "up" if found.mean > 0 else "down",
                "said": signed(found.mean, each.unit, each.places).removesuffix(" points"),
            }
        )
        now += found.mean
    rows.append(_value(policy, each.parts[FREE].mean, each))
    return pd.DataFrame(rows).astype(dict.fromkeys(("begin", "end", "low", "high"), float))


def _value(name: str, value: float, each: Explained) -> dict[str, object]:
    scale = 100.0 if is_fraction(each.unit) else 1.0
    return {
        "step": "|".join(textwrap.wrap(name, 13)), "begin": None, "end": value * scale, "low": None,
        "high": None, "kind": "value", "said": amount(value, each.unit, each.value_places),
    }  # fmt: skip
