"""The curve of each outcome against staffing, as SVG and PNG, readable without colour."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pandas as pd

from sim.drawing import BLUE, DARK, GREY, svg_and_png
from sim.report.changes import unit
from sim.report.charts import alt
from sim.report.numbers import is_fraction
from sim.report.staffing_words import level_number, sentences, target_value
from sim.study.registry import outcome_of
from sim.study.staffing import COST, Staffing

WIDTH, HEIGHT = 640, 170


def write_staffing_chart(found: Staffing, folder: Path, name: str = "staffing") -> dict[str, str]:
    """Write the curves as SVG and PNG; give the file names, each with the same said in words."""
    said = " ".join(sentences(found))
    text, picture = svg_and_png(staffing_chart(found, said))
    (folder / f"{name}.svg").write_text(text, encoding="utf-8")
    (folder / f"{name}.png").write_bytes(picture)
    return dict.fromkeys((f"{name}.svg", f"{name}.png"), said)


def staffing_chart(found: Staffing, said: str) -> alt.VConcatChart:
    """Draw an outcome a row: its curve with the range, the target, today and the answer."""
    curve = found.curve()
    keys = dict.fromkeys([*(target.outcome.key for target in found.targets), COST])
    rows = [_row(found, curve[curve["outcome"] == key], key) for key in keys]
    chart = alt.vconcat(*rows, spacing=28).properties(
        title=alt.TitleParams(
            f"{found.study.scenario.title}: {found.lever.what}", anchor="start", fontSize=16
        ),
        description=said,
    )
    finished: alt.VConcatChart = chart.configure(background="white", font="sans-serif")
    without_frame: alt.VConcatChart = finished.configure_view(stroke=None)
    return without_frame


def _row(found: Staffing, curve: pd.DataFrame, key: str) -> alt.LayerChart:
    outcome = outcome_of(key, found.study.scenario)
    fraction = is_fraction(unit(outcome))
    lever = found.lever
    x = alt.X(
        "level:Q",
        title=f"{lever.what[0].upper()}{lever.what[1:]}, {lever.unit}",
        scale=alt.Scale(zero=False, nice=False, domain=[lever.levels[0], lever.levels[-1]]),
        axis=alt.Axis(grid=False, format=".0%" if lever.name == "time_to_hire" else ",.4~g"),
    )
    y = alt.Y(
        "mean:Q",
        title=None,
        scale=alt.Scale(zero=False),
        axis=_axis(key, fraction),
    )
    base = alt.Chart(curve)
    layers = [
        *_answer_layers(found),
        base.mark_area(opacity=0.25, color=BLUE).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_line(color=DARK, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=DARK, filled=True, size=28).encode(x=x, y=y),
    ]
    for target in found.targets:
        if target.outcome.key == key:
            words = f"target: {target_value(target)} or {'more' if target.at_least else 'less'}"
            line = pd.DataFrame(
                {"level": [lever.levels[-1]], "mean": [target.value], "said": [words]}
            )
            layers += [
                alt.Chart(line).mark_rule(color=DARK, strokeDash=[6, 4]).encode(y="mean:Q"),
                alt.Chart(line)
                .mark_text(align="right", dy=14 if target.at_least else -8, color=DARK, fontSize=12)
                .encode(x="level:Q", y="mean:Q", text="said:N"),
            ]
    title = alt.TitleParams(outcome.label, anchor="start", frame="group", fontSize=13)
    layered = alt.layer(*layers).properties(title=title, width=WIDTH, height=HEIGHT)
    return cast(alt.LayerChart, layered)


def _axis(key: str, fraction: bool) -> alt.Axis:
    if key == COST:
        return alt.Axis(labelExpr="'£' + format(datum.value / 1e6, ',.1f') + ' million'")
    return alt.Axis(format=".0%" if fraction else ",.4~g")


def _answer_layers(found: Staffing) -> list[alt.Chart]:
    """Today's level and the answer with its interval, each with its name above the row."""
    answer, levels, today = found.answer, found.lever.levels, found.lever.today
    name = "nearest" if answer.verdict == "nowhere" else "answer"
    level = levels[answer.level]
    marks = [(level, f"{name} {level_number(found.lever, level)}", [1, 0])]
    if today is not None and today != answer.level:
        now = level_number(found.lever, levels[today])
        marks.append((levels[today], f"today {now}", [2, 3]))
    layers: list[alt.Chart] = []
    if answer.high is not None and answer.verdict == "found":
        ends = sorted((levels[answer.low], levels[answer.high]))
        band = pd.DataFrame({"level": [ends[0]], "to": [ends[1]]})
        layers.append(
            alt.Chart(band).mark_rect(color=GREY, opacity=0.25).encode(x="level:Q", x2="to:Q")
        )
    rightmost = max(level for level, _, _ in marks)
    for level, said, dash in marks:
        right = level == rightmost
        mark = pd.DataFrame({"level": [level], "said": [said]})
        layers += [
            alt.Chart(mark).mark_rule(color=DARK, strokeDash=dash).encode(x="level:Q"),
            alt.Chart(mark)
            .mark_text(
                align="left" if right else "right", dx=4 if right else -4, color=DARK, fontSize=12
            )
            .encode(x="level:Q", y=alt.YValue(8), text="said:N"),
        ]
    return layers
