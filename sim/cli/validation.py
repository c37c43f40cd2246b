"""How far the simulated service can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Jobs, Seed

FIRST_YEAR = 2018


@app.command()
def validate(
    backtest: Annotated[
        bool,
        typer.Option("--backtest", help="Foretell each authority's next year from the one before."),
    ] = False,
    first: Annotated[
        int, typer.Option("--from", help="The first year to foretell, with --backtest.")
    ] = FIRST_YEAR,
    authorities: Annotated[
        int | None, typer.Option(help="How many, spread over regions and sizes; all by default.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(help="A census file in the published layout, instead of the shipped table."),
    ] = None,
    years: Annotated[
        int | None, typer.Option(help="Years of each authority; 6 by default. For patterns.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/validation/... by default.")
    ] = None,
    jobs: Jobs = None,
    seed: Seed = None,
) -> None:
    """Say how far the simulated service can be trusted: patterns of England's authorities.

    Simulates a panel of authorities, and prints what goes with what among them beside what is
    published. With --backtest, how well it foretells each authority's next year.
    """
    if not backtest:
        from sim.cli.patterns import YEARS, find_patterns_of_panel

        find_patterns_of_panel(
            authorities=authorities, years=YEARS if years is None else years, out=out, jobs=jobs,
            seed=seed or 0,
        )  # fmt: skip
        return
    from sim.cli.backtest import do_backtest

    do_backtest(
        first=first, authorities=authorities, table=table, out=out, jobs=jobs, seed=seed or 0
    )
