"""What all charts share: their colours, and how they become SVG and PNG."""

from __future__ import annotations

import io
from typing import Any

import vl_convert

PNG_SCALE = 2.0
BLUE, ORANGE, GREY, DARK = "#1f5a99", "#c25a00", "#6b7280", "#1f2937"
PALE, FAINT = "#9db8d6", "#c7ccd4"  # for areas and lines in the background, never for text


def svg_and_png(chart: Any) -> tuple[str, bytes]:
    """Draw an Altair chart as SVG text and as the bytes of a PNG.

    The PNG is made from the SVG: laying the chart out a second time would take as long again.
    """
    text = io.StringIO()
    chart.save(text, format="svg")
    return text.getvalue(), vl_convert.svg_to_png(text.getvalue(), scale=PNG_SCALE)
