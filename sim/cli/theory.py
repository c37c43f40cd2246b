"""What `plimsoll validate --theory` does."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.app import console, progress


def look_at_theory(out: Path | None) -> None:
    """Hold the simulation against answers that theory knows exactly."""
    from sim.report.theory_files import FORMAT, default_folder, write_theory
    from sim.report.theory_table import print_theory
    from sim.scenario.text_files import shown
    from sim.scenario.whole_folder import refuse_foreign
    from sim.study.validation.theory import check_theory

    folder = out if out is not None else default_folder()
    refuse_foreign(folder, FORMAT)  # before the work, not after it
    watcher = progress()
    with watcher:
        found = check_theory(watcher.say)
    print_theory(found, console())
    write_theory(found, folder)
    typer.echo(f"\nEvery case: {shown(folder)}")
