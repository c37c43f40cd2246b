"""How far the simulated service can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
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
    theory: Annotated[
        bool, typer.Option("--theory", help="Only the cases whose answer theory knows exactly.")
    ] = False,
    first: Annotated[
        int | None,
        typer.Option("--from", help=f"With --backtest: the first year; {FIRST_YEAR} by default."),
    ] = None,
    authorities: Annotated[
        int | None, typer.Option(help="How many, spread over regions and sizes; all by default.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(help="With --backtest: a census file in the published layout of your own."),
    ] = None,
    years: Annotated[
        int | None, typer.Option(help="For patterns: years of each authority; 6 by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/validation/... by default.")
    ] = None,
    jobs: Jobs = None,
    seed: Seed = None,
) -> None:
    """Say how far the simulated service can be trusted: patterns of England's authorities.

    Simulates a panel of authorities, and prints what goes with what among them beside what is
    published; before that, cases whose answer theory knows exactly, which are all of it with
    --theory. With --backtest, how well it foretells each authority's next year.
    """
    given = {
        "theory": theory or None, "from": first, "authorities": authorities, "table": table,
        "years": years, "jobs": jobs, "seed": seed,
    }  # fmt: skip
    if backtest:
        _refuse(given, "theory", "years", because="says nothing to --backtest",
                remedy="leave it out; --from says which years are foretold")  # fmt: skip
        from sim.cli.backtest import do_backtest

        do_backtest(
            first=FIRST_YEAR if first is None else first, authorities=authorities, table=table,
            out=out, jobs=jobs, seed=seed or 0,
        )  # fmt: skip
    elif theory:
        _refuse(given, *set(given) - {"theory"}, because="says nothing to --theory",
                remedy="leave it out")  # fmt: skip
        from sim.cli.theory import look_at_theory

        look_at_theory(out)
    else:
        _refuse(given, "from", "table", because="is for --backtest alone",
                remedy="add --backtest, or leave it out")  # fmt: skip
        from sim.cli.patterns import find_patterns_of_panel

        find_patterns_of_panel(
            authorities=authorities, years=years, out=out, jobs=jobs, seed=seed or 0
        )


def _refuse(given: Mapping[str, object], *options: str, because: str, remedy: str) -> None:
    """Refuse options that would be passed over in silence."""
    problems = [
        Problem(f"this option {because}", path=option, given=str(value), remedy=remedy)
        for option, value in given.items()
        if option in options and value is not None
    ]
    if problems:
        raise InputError(problems)
