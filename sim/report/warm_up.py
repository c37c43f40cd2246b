"""How a scenario settles: a table, and a chart as SVG and PNG, with the same in words."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pandas as pd
from rich.console import RenderableType
from rich.table import Table

from sim.drawing import BLUE, DARK, ORANGE, svg_and_png
from sim.report.charts import alt
from sim.study.files import write_text, written_whole
from sim.study.sureness.warm_up import Settling, verdict

WIDTH, HEIGHT, COLUMNS = 320, 130, 2
NAME = "warm_up"
LEGEND = "Dashed line: the warm-up ends. Solid line: settled, by MSER-5."


def settling_table(found: list[Settling]) -> RenderableType:
    """Compose a table: what MSER-5 cuts off each series, and what the study counts instead."""
    table = Table(show_edge=False, pad_edge=False)
    for column in ("", "settled after", "its level", "as counted", "difference", ""):
        table.add_column(column, justify="left" if column == "" else "right")
    for each in found:
        table.add_row(
            each.name,
            "cannot be told" if each.cut is None else f"{each.cut} weeks",
            f"{each.settled:.4g}",
            f"{each.counted:.4g}",
            _per_cent(each.off_by),
            _remark(each),
        )
    return table


def _per_cent(share: float) -> str:
    written = f"{100 * share:+.1f} %"
    return written.replace("-", "−") if any(each in written for each in "123456789") else "0.0 %"


def _remark(each: Settling) -> str:
    if each.is_too_short:
        return "warm-up too short"
    if each.never_settles:
        return "goes on changing"
    return "" if each.differs else "no clear difference"


def conclusion(found: list[Settling], weeks: int) -> str:
    """Say in plain sentences whether the warm-up is long enough."""
    moving = ", ".join(each.name for each in found if each.never_settles)
    short = verdict(found)
    sentences = [short[0].upper() + short[1:]] if short else []
    if moving:
        sentences.append(
            f"In {weeks} weeks at level demand there is no steady level of: {moving}. No warm-up "
            "makes it steady: more comes than is done. Start from the service as it is today, or "
            "read results as those of a service on the move."
        )
    if not sentences:
        sentences.append(
            f"Nothing shows that the warm-up of {found[0].warm_up} weeks is too short: what is "
            "counted differs from the settled level by less than 1 %, or by no more than chance."
        )
    untold = ", ".join(each.name for each in found if each.cut is None and not each.never_settles)
    if untold:
        sentences.append(
            f"In {weeks} weeks it cannot be told when these settle: {untold}. Watch longer "
            "(--weeks) or more often (--replications)."
        )
    return " ".join(sentences)


def write_chart(found: list[Settling], title: str, folder: Path) -> list[Path]:
    """Write the chart as SVG and PNG, and its numbers as CSV; give the three files."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = pd.DataFrame({each.name: each.values for each in found}).rename_axis("week")
    svg, png, table = (folder / f"{NAME}.{ending}" for ending in ("svg", "png", "csv"))
    text, picture = svg_and_png(_chart(found, title))
    write_text(svg, text)
    with written_whole(png) as temporary:
        temporary.write_bytes(picture)
    with written_whole(table) as temporary:
        numbers.to_csv(temporary, lineterminator="\n")
    return [svg, png, table]


def _chart(found: list[Settling], title: str) -> alt.ConcatChart:
    panels = [_panel(each) for each in found]
    words = conclusion(found, len(found[0].values))
    chart = alt.concat(*panels, columns=COLUMNS).properties(
        title=alt.TitleParams(
            title,
            subtitle=[*textwrap.wrap(words, 110), LEGEND],
            anchor="start",
            fontSize=16,
            subtitleColor=DARK,
            offset=12,
        ),
        description=f"{title}. {words}",
    )
    finished: alt.ConcatChart = chart.configure(background="white", font="sans-serif")
    return finished


def _panel(each: Settling) -> alt.LayerChart | alt.FacetChart:
    """One series, the season taken out, with where MSER-5 cuts and where the warm-up ends."""
    rows = pd.DataFrame({"week": range(len(each.values)), "value": each.values})
    x = alt.X("week:Q", title="weeks from the first morning", axis=alt.Axis(grid=False))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False))
    line = alt.Chart(rows).mark_line(color=BLUE, strokeWidth=1.2).encode(x=x, y=y)
    layers = [line, _mark(each.warm_up, [4, 3], DARK)]
    if each.cut is not None:
        layers.append(_mark(each.cut, [1, 0], ORANGE))
    when = (
        "cannot be told when it settles" if each.cut is None else f"settled after {each.cut} weeks"
    )
    said = f"{each.name}: {when}"
    return alt.layer(*layers).properties(
        title=alt.TitleParams(said, anchor="start", fontSize=12), width=WIDTH, height=HEIGHT
    )


def _mark(week: int, dash: list[int], colour: str) -> alt.Chart:
    at: alt.Chart = alt.Chart(pd.DataFrame({"week": [week]})).mark_rule(
        color=colour, strokeDash=dash, strokeWidth=1.5
    )
    return at.encode(x="week:Q")
