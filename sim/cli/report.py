"""Write the report of a study: a page to read and print, and its tables for Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import ResultsPath


@app.command()
def report(
    folder: ResultsPath,
    out: Annotated[
        Path | None, typer.Option(help="The page (.html); report.html in the folder if not.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option(help="Write its tables for Excel, too (.xlsx).")
    ] = None,
    small_counts: Annotated[
        bool,
        typer.Option("--small-counts", help="Show what concerns fewer than five workers, too."),
    ] = False,
) -> None:
    """Write a study's report: one page that works offline, prints on A4, and is for everybody."""
    from sim.report.page import write_report
    from sim.scenario.text_files import shown
    from sim.study.results import Results

    page = write_report(Results(folder), out, excel=xlsx, small_counts=small_counts)
    typer.echo(f"Report: {shown(page)}")
    if xlsx is not None:
        typer.echo(f"Tables: {shown(xlsx)}")
