"""The load line: in each team and week, the share of workers who carry more than they can.

The line of each team is the level of overload, as the Plimsoll mark is on a ship's side. What
stands above it is the share of the team's worker-weeks over the level: dark where they have been
over it for as many weeks running as count as overload, pale where for less.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import cast

import pandas as pd

from sim.drawing import DARK, ORANGE
from sim.model.outcome import Outcome
from sim.report.charts import alt
from sim.report.numbers import amount, decimals_as_set
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Column, Folded, Section, Table, Text
from sim.report.page.cells import level, words
from sim.report.page.material import Material, short_name
from sim.report.page.missing import no_team_weeks
from sim.report.page.periods import quarters
from sim.report.page.rows import foot, height, is_wide, names, places, plot_width, tallest, y
from sim.report.page.teams import Shown, shown_teams, sums_of
from sim.study.registry import outcome_of

OUTCOME = "overloaded_worker_weeks"
PALE = "#f0c48f"
EDGE = {"color": ORANGE, "strokeWidth": 0.8}  # pale alone would be too near to white
Sums = dict[str, dict[str, pd.DataFrame]]
DASH = [4, 3]
MOST_WEEKS = 260  # of one picture: of more, several weeks are one step


def load_line(material: Material) -> Section:
    """Compose the section."""
    return Section("load-line", "The load line", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    if not material.has("team_weeks"):
        return [no_team_weeks()]
    rows, notes = shown_teams(material)
    outcome = outcome_of(OUTCOME, material.study.scenario)
    overload, safe = material.study.scenario.wellbeing.overload, outcome.threshold
    level_said, weeks = f"{overload.level:.0%}".replace("%", " %"), overload.weeks
    text = Text(
        f"The dark line of each team is its load line: work for {level_said} of the hours that a "
        "worker has for cases. What rises above it is the share of the team's workers who carry "
        f"more than that: dark for {weeks} weeks running or longer, which is overload; pale for "
        "less long. Somebody who is away and still has cases is over the line."
        f"{_whose_line(outcome)}"
    )
    if not rows:
        return [text, *notes]
    sums = sums_of(rows, material.by_team)
    by_week = {label: _shares(table[material.baseline.name]) for label, table in sums.items()}
    drawn = picture(
        "load-line-by-team",
        "Workers over the load line in each team, week by week, as the service is now; a row is as "
        f"high as {_percent(full_row(by_week))} of the team",
        _description(by_week, material, safe),
        lambda width: _chart(by_week, places([row.kind for row in rows]), material, safe, width),
        _by_quarter(sums, material),
    )
    return [text, drawn, _by_policy(rows, sums, material), *notes]


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    """The shares of a row of teams in each week."""
    workers = table["workers"].where(table["workers"] > 0)
    return pd.DataFrame(
        {"overloaded": table["overloaded"] / workers, "over": table["over_line"] / workers}
    )


def _share(table: pd.DataFrame) -> float:
    """The overloaded share over all weeks."""
    workers = float(table["workers"].sum())
    return float(table["overloaded"].sum()) / workers if workers else math.nan


def full_row(by_week: dict[str, pd.DataFrame]) -> float:
    """The share of workers that is as high as a row: that of the worst week, in whole tenths."""
    worst = max(float(shares["over"].max()) for shares in by_week.values())
    return 1.0 if math.isnan(worst) else min(max(math.ceil(10 * worst - 1e-9) / 10, 0.2), 1.0)


def _chart(
    by_week: dict[str, pd.DataFrame],
    at: Sequence[float],
    material: Material,
    safe: float | None,
    width: int,
) -> alt.LayerChart:
    endings = material.weeks.set_index("week")["ending"]
    step = math.ceil(len(endings) / MOST_WEEKS)
    a_share = tallest(width) / full_row(by_week)  # how high all workers would be
    frames = []
    for place, (label, shares) in zip(at, by_week.items(), strict=True):
        means = shares.groupby(shares.index // step).mean()
        line = foot(place, width)
        tops = {
            f"{name}_at": (line - means[name].fillna(0) * a_share).round(4)
            for name in ("overloaded", "over")
        }
        ending = [f"{endings[week * step]:%Y-%m-%d}" for week in means.index]
        frames.append(pd.DataFrame({"ending": ending, "line": line, **tops, "team": label}))
    table = pd.concat(frames)
    x = alt.X(
        "ending:T", title=None, scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(
            grid=False, labelFlush=True, labelOverlap=True,
            tickCount=12 if is_wide(width) else 4, format=_dates(len(endings)),
        ),
    )  # fmt: skip
    base = alt.Chart(table)
    to_line = base.encode(x=x, y2="line:Q", detail="team:N")
    feet = pd.DataFrame({"line": [foot(place, width) for place in at]})
    steps = partial(to_line.mark_area, interpolate="step-after")
    layers: list[alt.Chart] = [
        steps(color=PALE, line=EDGE).encode(y=y("over_at", at)),
        steps(color=ORANGE).encode(y=y("overloaded_at", at)),
        alt.Chart(feet).mark_rule(color=DARK, strokeWidth=2).encode(y=y("line", at)),
        *names(list(by_week), [_said(shares) for shares in by_week.values()], at, width),
        *_key(width),
    ]
    if safe is not None:
        feet["safe"] = feet["line"] - safe * a_share
        broken = alt.Chart(feet).mark_rule(color=DARK, strokeDash=DASH)
        layers += [broken.encode(y=y("safe", at)), *_key_of_safe(safe, width)]
    drawn = alt.layer(*layers).properties(width=plot_width(width), height=height(at, width))
    return cast(alt.LayerChart, drawn)


def _key(width: int) -> list[alt.Chart]:
    """Say above the picture what is dark, what is pale, and what the numbers are."""
    layers = []
    for left, colour, said in ((6, ORANGE, "overloaded"), (98, PALE, "over the line, less long")):
        base = alt.Chart(pd.DataFrame({"said": [said]})).encode(y=alt.YValue(-16))
        square = base.mark_square(color=colour, size=110, opacity=1, stroke=ORANGE, strokeWidth=1)
        text = base.mark_text(align="left", dx=12, fontSize=12, color=DARK)
        layers += [
            square.encode(x=alt.XValue(left)),
            text.encode(x=alt.XValue(left), text="said:N"),
        ]
    mean = alt.Chart(pd.DataFrame({"said": ["mean"]})).encode(
        x=alt.XValue(plot_width(width)), y=alt.YValue(-16), text="said:N"
    )
    if is_wide(width):
        layers.append(mean.mark_text(align="left", dx=8, fontSize=12, color=DARK))
    else:
        layers.append(mean.mark_text(align="right", fontSize=12, color=DARK))
    return layers


def _key_of_safe(safe: float, width: int) -> list[alt.Chart]:
    """Say above the picture what the broken line is: beside the rest, or over it."""
    left, top = (272, -16) if is_wide(width) else (2, -34)
    base = alt.Chart(pd.DataFrame({"said": [f"safe share, {_percent(safe)}"]}))
    line = base.mark_rule(color=DARK, strokeDash=DASH)
    text = base.mark_text(align="left", fontSize=12, color=DARK)
    return [
        line.encode(x=alt.XValue(left), x2=alt.X2Value(left + 22), y=alt.YValue(top)),
        text.encode(x=alt.XValue(left + 28), y=alt.YValue(top), text="said:N"),
    ]


def _dates(weeks: int) -> str:
    return "%b %Y" if weeks <= 160 else "%Y"


def _said(shares: pd.DataFrame) -> str:
    mean = float(shares["overloaded"].mean())
    return "" if math.isnan(mean) else amount(mean, "share", 0)


def _description(by_week: dict[str, pd.DataFrame], material: Material, safe: float | None) -> str:
    means = {label: float(shares["overloaded"].mean()) for label, shares in by_week.items()}
    most, least = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    whole = material.level(material.baseline.name, OUTCOME).mean
    said = f"Over all teams {amount(whole, 'share', 0)} of worker-weeks are overloaded."
    if len(means) < 2:
        return said + _beside_safe(means, safe)
    return (
        f"{said} The most loaded is {most} with {amount(means[most], 'share', 0)}, the least "
        f"{least} with {amount(means[least], 'share', 0)}.{_beside_safe(means, safe)}"
    )


def _by_quarter(sums: Sums, material: Material) -> Table:
    """The picture in numbers: the overloaded share of each team in each quarter."""
    quarter = quarters(material.weeks)
    labels = list(dict.fromkeys(quarter))
    rows = []
    for label, of_team in sums.items():
        table = of_team[material.baseline.name]
        cells = [
            level(_share(table[quarter.reindex(table.index) == each]), "share", 0)
            for each in labels
        ]
        rows.append((words(label), *cells, level(_share(table), "share", 0)))
    meaning = "overloaded share of worker-weeks"
    return Table(
        "load line by team",
        "Overloaded share of worker-weeks, as the service is now",
        (Column("Team"), *(Column(each, meaning) for each in labels), Column("All", meaning)),
        tuple(rows),
    )


def _by_policy(teams: Sequence[Shown], sums: Sums, material: Material) -> Folded | Text:
    """What each policy makes of the load of each team."""
    if not material.others:
        return Text("There is no other policy to compare with.")
    policies = material.study.policies
    rows = tuple(
        (
            words(team.label),
            *(level(_share(sums[team.label][each.name]), "share", 0) for each in policies),
        )
        for team in teams
    )
    headings = [Column("now"), *(Column(short_name(each)) for each in material.others)]
    table = Table(
        "load line by policy",
        "Overloaded share of worker-weeks under each policy",
        (Column("Team"), *headings),
        rows,
    )
    return Folded("The same under each policy, team by team", table)


def _whose_line(safe: Outcome) -> str:
    """Say what the broken line is, and whose."""
    if safe.threshold is None:
        return ""
    return (
        f" The broken line is the safe share, {_percent(safe.threshold)} of workers overloaded: "
        f"{safe.threshold_source.rstrip('.')}."
    )


def _beside_safe(means: dict[str, float], safe: float | None) -> str:
    """Say how many teams have more of their workers overloaded than is safe."""
    if safe is None:
        return ""
    over = sum(mean > safe for mean in means.values())
    return f" Above the safe share of {_percent(safe)}: {over or 'none'} of {len(means)} teams."


def _percent(share: float) -> str:
    return amount(share, "share", decimals_as_set(share, "share"))
