"""What all charts share: their colours, and how they become SVG and PNG.

It loads nothing that makes charts: a process that only draws them is soon there, and small.
"""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import vl_convert

PNG_SCALE = 2.0
BLUE, ORANGE, GREY, DARK = "#1f5a99", "#c25a00", "#6b7280", "#1f2937"
PALE, FAINT = "#9db8d6", "#c7ccd4"  # for areas and lines in the background, never for text
SVG = "http://www.w3.org/2000/svg"
REFERENCE = re.compile(r"url\(#([^)]+)\)")

ElementTree.register_namespace("", SVG)


def svg_and_png(chart: Any) -> tuple[str, bytes]:
    """Draw an Altair chart as SVG text and as the bytes of a PNG.

    The PNG is made from the SVG: laying the chart out a second time would take as long again.
    """
    text = io.StringIO()
    chart.save(text, format="svg")
    return text.getvalue(), vl_convert.svg_to_png(text.getvalue(), scale=PNG_SCALE)


def accessible_svg(specification: dict[str, Any], name: str, title: str, description: str) -> str:
    """Draw a chart as SVG that says what it is, to stand in a page with others.

    What Vega writes for interactive charts (roles and labels of single marks) goes: the picture is
    one image.

    Parameters
    ----------
    specification
        Of the chart, in Vega-Lite; as text of JSON, the last digits of its numbers would be lost.
    name
        Begins all identifiers in it.
    title, description
        What it shows, and what is to be seen in it.
    """
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
    return ElementTree.tostring(root, encoding="unicode")


_ID = {"title": "title", "desc": "description"}
