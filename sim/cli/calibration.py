"""Fit what nobody publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app, console, progress
from sim.cli.options import Jobs, Years


@app.command()
def calibrate(
    scenario: Annotated[
        str, typer.Argument(help="A scenario or study file, or the name of a shipped one.")
    ] = "children_average_england",
    targets: Annotated[
        Path | None,
        typer.Option(help="A table in the layout of configs/evidence/targets.csv; that if not."),
    ] = None,
    parameters: Annotated[
        str, typer.Option(help="The list of what is fitted: a file, or a shipped one's name.")
    ] = "children",
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/calibration/<scenario> by default.")
    ] = None,
    waves: Annotated[int | None, typer.Option(help="Waves of points, at the most.")] = None,
    points: Annotated[int | None, typer.Option(help="Points of a wave.")] = None,
    runs: Annotated[int | None, typer.Option(help="How often each point is simulated.")] = None,
    years: Years = None,
    sets: Annotated[int | None, typer.Option(help="Plausible sets to find.")] = None,
    jobs: Jobs = None,
    seed: Annotated[int, typer.Option(help="Which chances; 0 or more.")] = 1,
) -> None:
    """Fit what nobody publishes to what is published: plausible sets of values, and what is missed.

    A fit that is stopped goes on when the same command is given again.
    """
    from sim.report.calibration_table import print_calibration
    from sim.scenario.text_files import shown
    from sim.study.calibration.fitting import calibrate as fit
    from sim.study.made_up import scenario_of

    loaded = scenario_of(scenario)
    folder = out if out is not None else Path("results") / "calibration" / loaded.name
    watcher = progress()
    with watcher:
        fit(
            loaded, folder, parameters=parameters, targets=targets, waves=waves, points=points,
            runs=runs, years=years, sets=sets, seed=seed, jobs=jobs, progress=watcher,
        )  # fmt: skip
    agrees = print_calibration(folder, console())
    typer.echo(f"\nAll of it: {shown(folder)}")
    if not agrees:
        raise typer.Exit(1)
