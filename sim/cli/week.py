"""Show a team's week in one simulated future."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app, console, progress


@app.command()
def week(
    study: Annotated[
        str, typer.Argument(help="A study or scenario file, or the name of a shipped one.")
    ],
    team: Annotated[
        str | None, typer.Option(help="The team's name; the first that holds cases by default.")
    ] = None,
    week: Annotated[int, typer.Option(help="The number of the week, from 1.")] = 3,
    policy: Annotated[
        str | None, typer.Option(help="One of the study's; the first by default.")
    ] = None,
    replication: Annotated[int, typer.Option(help="Which possible future, from 0.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Draw it, too: a page (.html), or a drawing (.svg).")
    ] = None,
) -> None:
    """Show a team's week: who was in, what was given to whom and why, what was late."""
    from sim.report.page.week_page import refuse_other_than_week, write_week
    from sim.report.table import print_page
    from sim.report.week_timeline import timeline
    from sim.scenario.text_files import shown
    from sim.study.asked_week import week_asked

    if out is not None:
        refuse_other_than_week(out)  # before the work, not after it
    watcher = progress()
    with watcher:
        watcher.say("simulating up to that week ...")
        found = week_asked(study, team=team, week=week, policy=policy, replication=replication)
    print_page(timeline(found), console())
    if out is not None:
        typer.echo(f"\nDrawn: {shown(write_week(found, out))}")
