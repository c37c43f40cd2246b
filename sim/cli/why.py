"""Say what drives a difference, where chance comes from, and when a study has settled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app, console, progress, warn
from sim.cli.options import Jobs, ResultsPath, Seed, StudyName, Years


@app.command()
def explain(
    folder: ResultsPath,
    policy: Annotated[str, typer.Option(help="The policy to explain.")],
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="Its key; may be given several times. The study's headline ones if not."),
    ] = None,
    replications: Annotated[int, typer.Option(help="How many pairs of runs to look at.")] = 10,
    replication: Annotated[
        int | None, typer.Option(help="Explain one run instead: its number, from 0.")
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(help="Of one run, as 2027-03; that of the largest change if left out."),
    ] = None,
    jobs: Jobs = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for table and charts; why-<policy> there if not."),
    ] = None,
) -> None:
    """Say what drives a policy's difference; or, in one run, why an outcome jumped in a month."""
    if replication is not None or month is not None:
        _explain_month(folder, policy, outcome, replication, month)
        return
    from sim.report.explanation import details, overview
    from sim.report.explanation_files import write_explanation
    from sim.scenario.text_files import shown
    from sim.study.explaining import explain as look
    from sim.study.storing.folder import WHY, cannot_write

    if out is not None and out.is_file():  # said before the work, not after it
        raise cannot_write(out, ValueError("this is a file, not a folder"))
    watcher = progress()
    with watcher:
        found = look(
            folder, policy, outcome, replications=replications, jobs=jobs, progress=watcher
        )
    if not found.as_stored:
        warn(["the runs did not come out as stored: another version made these results"])
    written = write_explanation(found, out if out is not None else folder / f"{WHY}{policy}")
    console().print(details(found) if outcome else overview(found))
    typer.echo(f"\nTable and charts: {shown(written)}")


def _explain_month(
    folder: Path,
    policy: str,
    outcomes: list[str] | None,
    replication: int | None,
    month: str | None,
) -> None:
    from sim.report.month import month_in_words
    from sim.study.explaining.months import explain_month

    found = explain_month(folder, policy, outcomes or [], replication, month)
    console().print(month_in_words(found))


@app.command()
def chance(
    study: StudyName,
    policy: Annotated[
        str | None, typer.Option(help="Under which policy; the first by default.")
    ] = None,
    pairs: Annotated[int, typer.Option(help="Pairs of futures between which luck changes.")] = 50,
    years: Years = None,
    jobs: Jobs = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="A CSV file for the shares of all outcomes.")
    ] = None,
) -> None:
    """Say where chance comes from: vary one source of it at a time, and hold the others."""
    from sim.report.chance_table import chance_table
    from sim.scenario.text_files import shown
    from sim.study.files import written_whole
    from sim.study.storing.folder import cannot_write
    from sim.study.study import Study
    from sim.study.sureness.sources_of_chance import chance as find_sources
    from sim.study.sureness.sources_of_chance import sources_of

    loaded = Study.from_yaml(study)
    watcher = progress()
    if out is not None and out.is_dir():  # what is clear beforehand is said before the work
        raise cannot_write(out, ValueError("this is a folder, not a file"))
    if out is not None and not out.parent.is_dir():
        raise cannot_write(out.parent, ValueError("there is no such folder"))
    with watcher:
        found = find_sources(
            loaded.file, policy=policy, pairs=pairs, years=years, seed=seed, jobs=jobs,
            progress=watcher, beside=loaded.folder,
        )  # fmt: skip
    if out is not None:
        try:
            with written_whole(out) as temporary:
                found.to_csv(temporary, index=False, lineterminator="\n")
        except OSError as error:
            raise cannot_write(out, error) from None
    console().print(chance_table(found, sources_of(loaded.file), loaded.file.outcomes))
    if out is not None:
        typer.echo(f"\nAll outcomes: {shown(out)}")


@app.command()
def warmup(
    study: StudyName,
    weeks: Annotated[int, typer.Option(min=104, max=1040, help="How long it is watched.")] = 520,
    replications: Annotated[int, typer.Option(min=2, help="How often.")] = 10,
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/warm_up/<name> by default.")
    ] = None,
) -> None:
    """Say whether a study's warm-up is long enough (MSER-5), with a chart."""
    from sim.report.warm_up import conclusion, settling_table, write_chart
    from sim.scenario.text_files import shown
    from sim.study.storing.folder import cannot_write
    from sim.study.study import Study
    from sim.study.sureness.warm_up import long_run

    loaded = Study.from_yaml(study)
    folder = out if out is not None else Path("results") / "warm_up" / loaded.file.name
    watcher = progress()
    with watcher:
        found = long_run(
            loaded.file, weeks, replications, jobs=jobs, beside=loaded.folder, progress=watcher
        )
    console().print(settling_table(found))
    console().print("\n" + conclusion(found, weeks))
    try:
        chart, *_ = write_chart(found, f"Warm-up: {loaded.file.scenario.title}", folder)
    except OSError as error:
        raise cannot_write(folder, error) from None
    typer.echo(f"\nChart: {shown(chart)}")
