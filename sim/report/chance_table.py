"""Where chance comes from, as a table: each outcome's variance, source by source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.study.registry import outcome_of
from sim.study.sureness.sources_of_chance import TOGETHER

UNKNOWN = 0.5  # half a range as wide as this says nothing of a share
EXPLANATION = (
    "How much of the differences between one simulated future and another comes from each source "
    "of chance: what is left of their variance when it alone differs and all others are held, in "
    "per cent, with half the width of its 95 % range. Together they come to more than 100 where "
    "what one source brings depends on another: that part counts for both. A question mark: not "
    "known to within 50; more --pairs would tell."
)


def chance_table(
    found: pd.DataFrame, sources: Mapping[str, str], outcomes: Sequence[str]
) -> RenderableType:
    """Compose the table for `rich`, 100 columns wide.

    Parameters
    ----------
    found
        From `sim.study.sureness.sources_of_chance.chance`.
    sources
        The sources, each with what it is.
    outcomes
        The outcomes to show.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", width=28)
    for source in [*sources, TOGETHER]:
        table.add_column(Text(source), justify="right", no_wrap=True)
    columns = [*sources, TOGETHER]
    half = (found["high"] - found["low"]) / 2
    texts = [_share(*each) for each in zip(found["share"], half, strict=True)]
    shares = found.assign(text=texts).pivot(index="outcome", columns="source", values="text")
    for key in outcomes:
        if key in shares.index:
            cells = (Text(str(shares.loc[key, column])) for column in columns)
            table.add_row(Text(outcome_of(key).label), *cells)
    meanings = "\n".join(f"{name}: {meaning}" for name, meaning in sources.items())
    return Group(Text(EXPLANATION + "\n"), table, Text(f"\n{meanings}", style="dim"))


def _share(share: float, half: float) -> str:
    if half > UNKNOWN:
        return "?"
    return f"{100 * share:.0f} ±{100 * half:.0f}"
