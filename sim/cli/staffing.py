"""Find how many people a service needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app, console, progress
from sim.cli.options import Jobs, Seed, StudyName, Years


@app.command()
def staffing(
    study: StudyName,
    target: Annotated[
        list[str],
        typer.Option(help='"OUTCOME >= VALUE" or "OUTCOME <= VALUE"; may be given several times.'),
    ],
    role: Annotated[str | None, typer.Option(help="Search the posts of this role.")] = None,
    lever: Annotated[
        str | None, typer.Option(help="Or: business_support, caseload_cap or time_to_hire.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="Only in this kind of team.")] = None,
    confidence: Annotated[
        float, typer.Option(help="That the targets are met on average; 0.5 to 0.99.")
    ] = 0.9,
    lowest: Annotated[
        float | None, typer.Option("--from", help="The lowest level to look at.")
    ] = None,
    highest: Annotated[
        float | None, typer.Option("--to", help="The highest level to look at.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(help="How often the levels that decide are simulated.")
    ] = None,
    years: Years = None,
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/staffing/<study>-<what> by default.")
    ] = None,
    seed: Seed = None,
) -> None:
    """Find how many people a service needs to meet its targets, what it costs and what binds."""
    from sim.model.outcomes import OUTCOMES
    from sim.report.staffing_files import FORMAT, default_folder, write_staffing
    from sim.report.staffing_table import print_staffing
    from sim.scenario.loading import find, load_study
    from sim.scenario.text_files import shown
    from sim.scenario.whole_folder import refuse_foreign
    from sim.study.staffing import find_staffing

    watcher = progress()
    loaded = load_study(study, OUTCOMES)
    if out is not None:  # before a minute's work, not after it
        refuse_foreign(out, FORMAT)
    with watcher:
        found = find_staffing(
            loaded, target, role=role, lever=lever, team=team, lowest=lowest, highest=highest,
            confidence=confidence, replications=replications, years=years, seed=seed, jobs=jobs,
            progress=watcher, beside=find(study, "study").parent,
        )  # fmt: skip
    print_staffing(found, console())
    folder = write_staffing(found, out if out is not None else default_folder(found))
    typer.echo(f"\nThe curve, a chart and the answer: {shown(folder)}")
