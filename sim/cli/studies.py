"""Run a study, and do one of its runs again."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import FAILED, app, progress, warn
from sim.cli.findings import refuse_unknown, show_findings
from sim.cli.options import Full, Jobs, Policies, ResultsPath, Seed, StudyName, Years
from sim.scenario.problems import InputError


@app.command()
def run(
    study: StudyName,
    replications: Annotated[
        int | None, typer.Option(help="How often each policy is simulated.")
    ] = None,
    years: Years = None,
    jobs: Jobs = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    seed: Seed = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with a study that was stopped, in --out or the newest folder of it.",
        ),
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(help="Run on a Dask cluster, by its scheduler's address: tcp://host:port."),
    ] = None,
    full: Full = False,
    policy: Policies = None,
) -> None:
    """Run a study, store its results, and print what it found."""
    from sim.scenario.offered_work import warnings
    from sim.scenario.text_files import shown
    from sim.study.processes.cluster import dask_cluster
    from sim.study.study import Study
    from sim.study.sureness.warm_up import judged

    loaded = Study.from_yaml(study)
    refuse_unknown(loaded.file, policy)
    warn(warnings(loaded.file.scenario))
    watcher = progress()
    with watcher, dask_cluster(cluster) if cluster is not None else nullcontext() as executor:
        results = loaded.run(
            replications=replications,
            years=years,
            seed=seed,
            jobs=jobs,
            out=out,
            resume=resume,
            executor=executor,
            progress=watcher,
        )
    # Not before: what draws charts takes 70 MB, which the processes of the runs have gone from now.
    from sim.report.page import write_report

    show_findings(results, full, policy)
    too_short = judged(results)
    if too_short:
        warn([too_short])
    typer.echo(f"\nResults: {shown(results.folder)}")
    try:
        typer.echo(f"Report: {shown(write_report(results))}")
    except InputError as error:  # the results are whole without it
        warn(f"no report: {problem}" for problem in error.problems)


@app.command()
def rerun(
    folder: ResultsPath,
    policy: Annotated[str, typer.Option(help="The policy of the run.")],
    replication: Annotated[int, typer.Option(help="The number of the run, from 0.")],
    trace: Annotated[bool, typer.Option("--trace", help="Write the run's event log.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for events.csv; implies --trace.")
    ] = None,
) -> None:
    """Do one run of a stored study again; it must come out the same."""
    from sim.scenario.text_files import shown
    from sim.study.repeating import rerun as repeat

    repeated = repeat(folder, policy, replication, trace=trace or out is not None, out=out)
    if repeated.file is not None:
        typer.echo(f"Event log: {shown(repeated.file)}")
    for row in repeated.other_versions.itertuples():
        typer.echo(f"Note: {row.package} was {row.then} then and is {row.now} now.", err=True)
    if repeated.differing.empty:
        typer.echo(f"Policy '{policy}', replication {replication}: all outcomes are as stored.")
        return
    typer.echo(f"Policy '{policy}', replication {replication}: not as stored.", err=True)
    for row in repeated.differing.itertuples():
        typer.echo(f"    {row.outcome}: stored {row.stored}, now {row.now}", err=True)
    raise typer.Exit(FAILED)
