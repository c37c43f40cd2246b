"""Tables in Markdown, for the pages of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

RIGHT, LEFT = "---:", "---"


def markdown_table(
    heading: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1
) -> list[str]:
    """Write the lines of a table: the first `words` columns hold words, the others numbers."""
    sides = [LEFT] * words + [RIGHT] * (len(heading) - words)
    return [f"| {' | '.join(cells)} |" for cells in (heading, sides, *rows)]
