"""What `plimsoll validate` does without more being asked: theory, and patterns of authorities."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.app import console, progress


def find_patterns_of_panel(
    *, authorities: int | None, years: int | None, out: Path | None, jobs: int | None, seed: int
) -> None:
    """Hold the simulation against theory, and a panel's patterns against the published ones."""
    from sim.report.patterns_files import FORMAT, default_folder, write_patterns
    from sim.report.patterns_table import print_patterns
    from sim.report.theory_table import print_theory
    from sim.scenario.authority.average import NAME
    from sim.scenario.authority.table import published_figures
    from sim.scenario.loading import load_scenario
    from sim.scenario.text_files import shown
    from sim.scenario.whole_folder import refuse_foreign
    from sim.study.validation.panel import PANEL_YEARS, members, simulate_panel
    from sim.study.validation.patterns import find_patterns
    from sim.study.validation.shock import after_table, simulate_shock
    from sim.study.validation.theory import check_theory

    folder = out if out is not None else default_folder()
    refuse_foreign(folder, FORMAT)  # before minutes of work, not after them
    table, watcher = published_figures(), progress()
    years = PANEL_YEARS if years is None else years
    with watcher:
        watcher.say("writing the authorities' scenarios ...")
        chosen = members(table, authorities, years)
        theory = check_theory(lambda case: watcher.say(f"theory: {case} ..."))
        panel = simulate_panel(chosen, years, watcher, jobs=jobs, seed=seed)
        watcher.say("the shock of 2022 ...")
        after = simulate_shock(load_scenario(NAME), table, watcher, jobs=jobs, seed=seed)
    shock = after_table(after)
    found = find_patterns(panel)
    print_theory(theory, console())
    console().print()
    print_patterns(found, panel, shock, console())
    asked = {"authorities": len(chosen), "years": years, "seed": seed}
    write_patterns(found, panel, shock, theory, asked, folder)
    typer.echo(f"\nEvery pattern, and the figures behind it: {shown(folder)}")
