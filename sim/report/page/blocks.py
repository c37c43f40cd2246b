"""What a section of the report is made of: paragraphs, points, notes, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.report.page.accessible import Drawing


@dataclass(frozen=True)
class Cell:
    """What stands in a table: its text, and the number behind it.

    Attributes
    ----------
    lines
        The text, in one or more lines.
    value
        The number, not rounded, for the workbook; None where the cell is words.
    form
        How the workbook shows the number, as Excel writes such formats: ``0.0%``.
    unit
        What the number counts, for the workbook.
    """

    lines: tuple[str, ...]
    value: float | None = None
    form: str = ""
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right of its column."""
        return bool(self.form)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and what the workbook says of it.

    Where each row has its own unit, `units` heads the workbook's column that has them; columns of
    the same units share it.
    """

    heading: str
    meaning: str = ""
    units: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row says what the row is about.

    Attributes
    ----------
    name
        Of its sheet in the workbook, at most 31 characters; empty for one that has none.
    caption
        What it shows, in the page and in the workbook's contents.
    columns, rows
        As many cells in every row as there are columns.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = "table"


@dataclass(frozen=True)
class Picture:
    """A chart, drawn once for a wide page and once for a narrow one, with the same as a table.

    One that cannot be narrow is drawn once, and scrolls.
    """

    name: str
    title: str
    description: str
    wide: Drawing
    narrow: Drawing | None
    table: Table
    kind: str = "picture"


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Lead:
    """Sentences that stand out: the answer."""

    sentences: tuple[str, ...]
    kind: str = "lead"


@dataclass(frozen=True)
class Points:
    """Things said one below the other: each a name, and what is said of it."""

    items: tuple[tuple[str, str], ...]
    kind: str = "points"


@dataclass(frozen=True)
class Note:
    """What is not shown, or to be kept in mind, and the command that helps, if one does."""

    text: str
    command: str = ""
    kind: str = "note"


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Folded:
    """A table behind a line that opens it."""

    summary: str
    table: Table
    on_paper: bool = True
    kind: str = "folded"


Block = Table | Picture | Text | Lead | Points | Note | Heading | Folded


@dataclass(frozen=True)
class Section:
    """A section of the report."""

    name: str
    title: str
    blocks: tuple[Block, ...]


def drawings_of(section: Section) -> list[Drawing]:
    """All drawings of a section, in order."""
    pictures = [block for block in section.blocks if isinstance(block, Picture)]
    both = [drawing for each in pictures for drawing in (each.wide, each.narrow)]
    return [drawing for drawing in both if drawing is not None]


def tables_of(sections: Iterable[Section]) -> list[Table]:
    """All tables of the report that have a sheet, those of its pictures included, in order."""
    found = []
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                found.append(block)
            elif isinstance(block, Picture | Folded):
                found.append(block.table)
    return [table for table in found if table.name]
