"""What `plimsoll validate --backtest` does."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.app import console, progress


def do_backtest(
    *, first: int, authorities: int | None, table: Path | None, out: Path | None,
    jobs: int | None, seed: int,
) -> None:  # fmt: skip
    """Foretell each authority's next census from the one before, and say how well that went."""
    from sim.report.backtest_files import FORMAT, default_folder, write_backtest
    from sim.report.backtest_table import print_backtest
    from sim.scenario.authority.average import NAME
    from sim.scenario.loading import load_scenario
    from sim.scenario.text_files import shown
    from sim.scenario.whole_folder import refuse_foreign
    from sim.study.validation.backtest import run_backtest
    from sim.study.validation.history import read_history, shipped_history

    folder = out if out is not None else default_folder()
    refuse_foreign(folder, FORMAT)  # before minutes of work, not after them
    history = shipped_history() if table is None else read_history(table)
    watcher = progress()
    with watcher:
        found = run_backtest(
            history, load_scenario(NAME), watcher, first=first, authorities=authorities, jobs=jobs,
            seed=seed, kept=folder.with_name(f".{folder.name}.unfinished"),
        )  # fmt: skip
    print_backtest(found, console())
    asked = {
        "from": first, "authorities": authorities, "seed": seed,
        "table": "shipped" if table is None else table.name,
    }  # fmt: skip
    write_backtest(found, asked, folder)
    typer.echo(f"\nEvery prediction, and the scores: {shown(folder)}")
