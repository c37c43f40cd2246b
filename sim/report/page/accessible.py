"""Charts as part of a page: with a name and a description, and nothing that clashes.

A chart is drawn twice, wide and narrow; the page shows the one that fits. The picture's name,
description and table say what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import cached_property
from typing import Any

from sim.drawing import DARK, accessible_svg
from sim.report.charts import alt
from sim.report.page.blocks import Picture, Table
from sim.study.processes import without_main_script

WIDE, NARROW = 720, 320
STYLE = {
    "font": "Helvetica, Arial, sans-serif",  # the drawing program knows how wide its letters are
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelColor": DARK, "titleColor": DARK, "titleFontWeight": "normal", "labelFontSize": 11,
        "titleFontSize": 11, "gridColor": "#e5e7eb", "domainColor": "#9ca3af",
        "tickColor": "#9ca3af",
    },
}  # fmt: skip


class Drawing:
    """A chart on its way to SVG: drawn when it is asked for, or by another process before.

    Whatever puts it into a page, as text or as HTML, has the finished SVG.
    """

    def __init__(self, chart: Any, name: str, title: str, description: str) -> None:
        """Take an Altair chart; the rest is as `sim.drawing.accessible_svg` wants it."""
        with alt.data_transformers.enable("default", max_rows=None):
            specification = chart.to_dict(validate=False) | {"config": STYLE}
        self._order = specification, name, title, description
        self._begun: Future[str] | None = None

    def begin(self, elsewhere: Executor) -> None:
        """Have another process draw it, and go on meanwhile."""
        with without_main_script():
            self._begun = elsewhere.submit(accessible_svg, *self._order)

    @cached_property
    def _svg(self) -> str:
        if self._begun is not None:
            try:
                return self._begun.result()
            except BrokenExecutor:
                pass  # that process was lost
        return accessible_svg(*self._order)

    def __str__(self) -> str:
        return self._svg

    __html__ = __str__  # templates take it as it is


def picture(
    name: str, title: str, description: str, draw: Callable[[int], Any], table: Table
) -> Picture:
    """Draw a chart for a wide page and for a narrow one.

    Parameters
    ----------
    name
        Of the picture, as part of identifiers: letters, digits and hyphens.
    title, description
        What it shows, and what is to be seen in it, for those who cannot see it.
    draw
        Makes an Altair chart of a width in pixels, with all that stands beside the axes.
    table
        The same in numbers.
    """
    # Altair would check every part against its schema, again and again.
    with alt.utils.schemapi.debug_mode(False):
        wide, narrow = (
            Drawing(draw(width), f"{name}-{size}", title, description)
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        )
    return Picture(name, title, description, wide, narrow, table)
