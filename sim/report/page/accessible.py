"""Charts as part of a page: with a name and a description, and nothing that clashes.

Altair draws a chart twice, wide and narrow; the page shows the one that fits. What Vega writes for
interactive charts (roles and labels of single marks) goes: the picture is one image, whose name,
description and table say what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode
from markupsafe import Markup

from sim.drawing import DARK
from sim.report.page.blocks import Picture, Table

WIDE, NARROW = 720, 320
SVG = "http://www.w3.org/2000/svg"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
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

ElementTree.register_namespace("", SVG)


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
    with debug_mode(False):  # Altair would check every part against its schema, again and again
        wide, narrow = (
            accessible_svg(draw(width), f"{name}-{size}", title, description)
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        )
    return Picture(name, title, description, wide, narrow, table)


def accessible_svg(chart: Any, name: str, title: str, description: str) -> Markup:
    """Draw a chart as SVG that says what it is; `name` begins all its identifiers."""
    with alt.data_transformers.enable("default", max_rows=None):
        specification = chart.to_dict(validate=False) | {"config": STYLE}
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(specification))
    for element in root.iter():
        for attribute in [a for a in element.attrib if a == "role" or a.startswith("aria-")]:
            del element.attrib[attribute]
        for attribute, text in element.attrib.items():
            element.attrib[attribute] = REFERENCE.sub(rf"url(#{name}-\1)", text)
        if "id" in element.attrib:
            element.attrib["id"] = f"{name}-{element.attrib['id']}"
        element.attrib.pop("class", None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    root.set("focusable", "false")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        said = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{_ID[tag]}"})
        said.text = text
        root.insert(place, said)
    return Markup(ElementTree.tostring(root, encoding="unicode"))


_ID = {"title": "title", "desc": "description"}
