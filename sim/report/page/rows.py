"""Pictures with a row for each team or policy: where the rows lie, and what they are called.

On a wide page names stand to the left of their rows, on a narrow one above them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.drawing import DARK
from sim.report.charts import alt
from sim.report.page.accessible import WIDE

LEFT, RIGHT = 190, 44  # pixels beside the plot of a wide picture: for names, for numbers
ROW = {True: 27, False: 50}  # pixels from row to row, wide and narrow
BETWEEN = 0.45  # of a row, between groups of rows
LONGEST = {True: 30, False: 42}  # letters of a name
ABOVE = 18  # of a narrow row's pixels, for the name


def is_wide(width: int) -> bool:
    """Whether a picture is the one for a wide page."""
    return width >= WIDE


def plot_width(width: int) -> int:
    """Pixels left for the plot itself."""
    return width - LEFT - RIGHT if is_wide(width) else width - 12


def places(groups: Sequence[str]) -> list[float]:
    """Place rows one below the other, with some room where a group of rows ends.

    Parameters
    ----------
    groups
        The group of each row.
    """
    found, place = [], 0.0
    for row, group in enumerate(groups):
        place += BETWEEN if row and group != groups[row - 1] else 0.0
        found.append(place)
        place += 1
    return found


def height(at: Sequence[float], width: int) -> float:
    """Pixels of a plot with rows at these places."""
    return (at[-1] + 1) * ROW[is_wide(width)]


def y(field: str, at: Sequence[float]) -> alt.Y:
    """Place something by its row: 0 to 1 is the first, from its top to its foot."""
    scale = alt.Scale(domain=[at[-1] + 1, 0], nice=False, zero=False)
    return alt.Y(f"{field}:Q", axis=None, scale=scale)


def foot(place: float, width: int) -> float:
    """The line on which a row stands."""
    return place + 1 - 4 / ROW[is_wide(width)]


def middle(place: float, width: int) -> float:
    """The middle of what a row has room for."""
    return foot(place, width) - (0.28 if is_wide(width) else 0.2)


def tallest(width: int) -> float:
    """How high what stands on a row's line can be."""
    pixels = ROW[is_wide(width)]
    return (pixels - 8 if is_wide(width) else pixels - ABOVE - 6) / pixels


def shortened(name: str, longest: int) -> str:
    """Take letters out of the middle of a long name: its end may be what tells it from others."""
    if len(name) <= longest:
        return name
    end = longest // 3
    return f"{name[: longest - end - 1].rstrip()}…{name[-end:].lstrip()}"


def names(
    labels: Sequence[str], numbers: Sequence[str], at: Sequence[float], width: int
) -> list[alt.Chart]:
    """Write each row's name, and its number at the right."""
    wide = is_wide(width)
    size = ROW[wide]
    table = pd.DataFrame(
        {
            "said": [shortened(label, LONGEST[wide]) for label in labels],
            "number": list(numbers),
            "at": [foot(place, width) - (9 if wide else size - 12) / size for place in at],
        }
    )
    base = alt.Chart(table)
    beside = y("at", at)
    name = base.mark_text(
        align="right" if wide else "left", dx=-8 if wide else 0, fontSize=12, color=DARK,
        limit=LEFT - 8 if wide else width - 60,
    ).encode(x=alt.XValue(0), y=beside, text=alt.Text("said:N"))  # fmt: skip
    number = base.mark_text(
        align="left" if wide else "right", dx=8 if wide else 0, fontSize=12, fontWeight="bold",
        color=DARK,
    ).encode(x=alt.XValue(plot_width(width)), y=beside, text=alt.Text("number:N"))  # fmt: skip
    return [name, number]
