"""How far the simulated service can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Jobs, Seed
from sim.scenario.problems import InputError, Problem

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
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/validation/backtest by default.")
    ] = None,
    jobs: Jobs = None,
    seed: Seed = None,
) -> None:
    """Say how far the simulated service can be trusted."""
    from sim.cli.backtest import do_backtest

    if not backtest:
        raise InputError(Problem("say what to validate", accepted="--backtest"))
    do_backtest(
        first=first, authorities=authorities, table=table, out=out, jobs=jobs, seed=seed or 0
    )
