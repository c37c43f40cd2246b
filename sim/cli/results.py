"""Ask stored results: list them, show them, compare them, query them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app, console, warn
from sim.cli.findings import refuse_unknown, show_findings
from sim.cli.options import Full, Policies, ResultsPath
from sim.scenario.problems import InputError, Problem


@app.command()
def results(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            help="A folder with studies (results/ by default), a study's own folder, or two of "
            "these to hold against each other."
        ),
    ] = None,
    excel: Annotated[
        Path | None, typer.Option(help="Write a study's results here (.xlsx).")
    ] = None,
    full: Full = False,
    policy: Policies = None,
) -> None:
    """List the studies of a folder; show a stored study again; hold two against each other."""
    from sim.report.stored import list_of_studies, two_studies
    from sim.report.workbook import write_workbook
    from sim.scenario.text_files import shown
    from sim.study.asking.side_by_side import differences_in_making, side_by_side
    from sim.study.results import Results
    from sim.study.storing.listing import studies_in
    from sim.study.storing.manifest import NAME

    given = folders or [Path("results")]
    if len(given) > (1 if excel else 2):
        message = "one folder is listed, shown or put into Excel, two are held against each other"
        raise InputError(Problem(message, path="folders", given=str(len(given)), accepted="1 or 2"))
    if (excel or len(given) == 2) and (full or policy):
        raise InputError(
            Problem(
                "these show more of one study's findings, not of a workbook or of two studies",
                path="full" if full else "policy",
                remedy="leave --full and --policy out, or name one folder and no --excel",
            )
        )
    if len(given) == 2:
        first, second = (Results(folder) for folder in given)
        warn(differences_in_making(first, second))
        console().print(two_studies(first, second, side_by_side(first, second)))
        return
    (folder,) = given
    if excel is not None:
        warn(write_workbook(Results(folder), excel))
        typer.echo(f"Written: {shown(excel)}")
    elif (folder / NAME).is_file():
        found = Results(folder)
        refuse_unknown(found.study, policy)
        show_findings(found, full, policy)
    else:
        console().print(list_of_studies(studies_in(folder)))


@app.command()
def sql(
    folder: ResultsPath,
    question: Annotated[str, typer.Argument(help="One SELECT, in DuckDB's SQL.")],
    csv: Annotated[bool, typer.Option("--csv", help="Give all rows, as CSV.")] = False,
) -> None:
    """Ask the tables of a study in SQL; "show tables" and "describe outcomes" say what there is."""
    from sim.report.stored import answer
    from sim.study.asking import ask

    table = ask(folder, question)
    if csv:
        typer.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    page = console()
    page.print(answer(table, page.width))
