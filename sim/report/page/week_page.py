"""A team's week as a file: a page to read and print, or the drawing alone."""

from __future__ import annotations

from pathlib import Path

from sim.report.page.a_week import blocks_of
from sim.report.page.accessible import Drawing
from sim.report.page.blocks import Section, Text
from sim.report.page.writing import laid_out, refuse_another_file
from sim.report.week import draw_week
from sim.report.week_words import long_date, sentences, team_title
from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.study.files import write_text
from sim.study.one_week import Week
from sim.study.storing.folder import cannot_write

PAGE, DRAWING = ".html", ".svg"
NAME = "week-drawn"


def refuse_other_than_week(file: Path) -> None:
    """Refuse to write a week where there is something else, or none can be.

    Raises
    ------
    InputError
        If it is not a name for a page or a drawing, or another file would be lost.
    """
    if file.suffix.lower() not in (PAGE, DRAWING):
        raise InputError(
            Problem(
                "a week is written as a page or as a drawing", path="out", given=shown(file),
                accepted=f"a name that ends in {PAGE} or {DRAWING}",
            )
        )  # fmt: skip
    if file.suffix.lower() == PAGE:
        refuse_another_file(file)
    else:
        refuse_another_file(file, mark=f'id="{NAME}-title"')


def write_week(week: Week, file: Path) -> Path:
    """Write a week, as a page (.html) or its drawing alone (.svg), whole or not at all.

    Raises
    ------
    InputError
        As of `refuse_other_than_week`.
    """
    refuse_other_than_week(file)
    title = f"{team_title(week)}, the week of {long_date(min(week.days['date']))}"
    if file.suffix.lower() == PAGE:
        text = laid_out(title, f"{week.scenario.title}: {week.policy.label}", [_section(week)])
    else:
        text = f"{Drawing(draw_week(week), NAME, title, ' '.join(sentences(week)))}\n"
    try:
        write_text(file, text)
    except OSError as error:
        raise cannot_write(file.parent, error) from None
    return file


def _section(week: Week) -> Section:
    said = Text("One week of one simulated future. Nobody in it is a real person.")
    return Section("week", "The week", (said, *blocks_of(week)))
