"""Put the sections together and write the page."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jinja2
from markupsafe import Markup

from sim.report.page.a_week import a_week
from sim.report.page.answer import answer
from sim.report.page.assumptions import assumptions
from sim.report.page.blocks import Section, drawings_of
from sim.report.page.caseload_and_waiting import caseload_and_waiting
from sim.report.page.cost_and_safety import cost_and_safety
from sim.report.page.demand import demand
from sim.report.page.details import details
from sim.report.page.fairness import fairness
from sim.report.page.load_line import load_line
from sim.report.page.material import Material
from sim.report.page.method import method
from sim.report.page.question import question
from sim.report.page.side_by_side import side_by_side
from sim.report.page.why import why
from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.study.files import write_text
from sim.study.processes import other_processes
from sim.study.results import Results
from sim.study.storing.folder import REPORT, cannot_write

HERE = Path(__file__).parent
SECTIONS = (
    question, answer, side_by_side, load_line, demand, caseload_and_waiting, cost_and_safety,
    fairness, why, a_week, method, assumptions, details,
)  # fmt: skip
"""In the order in which they are read. What comes before the method is for everybody."""
GENERATOR = "Plimsoll"
MARK = f'<meta name="generator" content="{GENERATOR}'


def compose(results: Results, small_counts: bool = False) -> list[Section]:
    """Make all sections of a study's report.

    Parameters
    ----------
    results
        Of a finished study.
    small_counts
        Whether what concerns fewer than five workers is shown, too.
    """
    results.refuse_changed_files()
    material = Material(results, small_counts)
    sections = []
    with other_processes(1) as elsewhere:  # what draws takes 150 MB, which go with its process
        for composed in SECTIONS:
            section = composed(material)
            for drawing in drawings_of(section):
                drawing.begin(elsewhere)
            sections.append(section)
    return sections


def page(results: Results, sections: list[Section]) -> str:
    """Lay the sections out as one HTML page, with all that it needs inside it."""
    return laid_out(results.study.title, results.study.scenario.title, sections)


def laid_out(title: str, about: str, sections: list[Section]) -> str:
    """Lay any sections out under a title, and a line on what they are about."""
    return _template().render(
        title=title,
        about=about,
        sections=sections,
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        generator=f"{GENERATOR} {_version()}".strip(),
    )


def write_report(
    results: Results,
    file: Path | None = None,
    *,
    excel: Path | None = None,
    small_counts: bool = False,
) -> Path:
    """Write a study's report, whole or not at all; give the page's file.

    Parameters
    ----------
    results
        Of a finished study.
    file
        Where to; ``report.html`` in the folder of the results if not said. An older report there
        is replaced, any other file is not.
    excel
        Where to write the report's tables as an Excel file, if anywhere.
    small_counts
        Whether what concerns fewer than five workers is shown, too.

    Raises
    ------
    InputError
        If nothing can be written there, or something else is there.
    """
    path = results.folder / REPORT if file is None else file
    refuse_another_file(path)
    if excel is not None:
        from sim.report.page.tables import write_tables
        from sim.report.sheets import refuse_other_than_excel

        refuse_other_than_excel(excel, "xlsx")
    sections = compose(results, small_counts)
    if excel is not None:
        write_tables(results, sections, excel, small_counts)
    try:
        write_text(path, page(results, sections))
    except OSError as error:
        raise cannot_write(path.parent, error) from None
    return path


def refuse_another_file(path: Path, mark: str = MARK) -> None:
    """Refuse to write where there is something that is not ours, or where nothing can be.

    Parameters
    ----------
    path
        Of the file.
    mark
        What stands at the beginning of a file of ours; of a page when left out.

    Raises
    ------
    InputError
        If a file would be lost, or the folder is not there.
    """
    try:
        if not path.parent.is_dir():
            raise NotADirectoryError(None, "there is no such folder")
        begins = path.read_bytes()[:2000] if path.exists() else None
    except (OSError, ValueError) as error:
        raise cannot_write(path.parent, error) from None
    if begins is not None and mark.encode() not in begins:
        raise InputError(
            Problem(
                "this file is not one of ours, and would be lost",
                file=shown(path),
                accepted="a new name, or that of an earlier one",
                remedy="choose another file with --out",
            )
        )


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("page.html")


def _version() -> str:
    try:
        return version("plimsoll-workforce")
    except PackageNotFoundError:  # run from its source, not installed
        return ""
