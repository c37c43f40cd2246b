"""The command line: plimsoll run, forecast, backtest, rerun, check, schema, outcomes.

What a command needs is imported when it runs: `plimsoll --help` does not wait for the numerical
libraries.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, NoReturn, cast

import typer
from rich.console import Console

from sim.scenario.problems import InputError, Problem
from sim.study.errors import Interrupted, RunError, StudyError

FAILED = 1
BAD_INPUT = 2
STOPPED = 130
WIDTH = 100

app = typer.Typer(
    name="plimsoll",
    help="How many people, with which policies, keep the work safe and the workers well: a "
    "simulated social work service. It plans teams; it never scores a named person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class SchemaKind(StrEnum):
    """A kind of file that has a schema."""

    study = "study"
    scenario = "scenario"
    policy = "policy"
    forecast = "forecast"


def main() -> None:
    """Run the command line; what goes wrong ends in a message and an exit code, as said below.

    2 for bad input, 1 for a study that failed, 130 for one that was stopped with Ctrl-C.
    """
    try:
        app()
    except InputError as error:
        _complain(error.problems)
        raise SystemExit(BAD_INPUT) from None
    except StudyError as error:
        _fail(error)
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        sys.stderr.close()
        raise SystemExit(FAILED) from None


def _complain(problems: Iterable[Problem]) -> None:
    """Write problems to stderr; those of an option by the option's name."""
    options = {"replications", "years", "seed", "jobs", "policy", "replication", "paths", "months"}
    options |= {"horizon", "origins"}
    for problem in problems:
        if problem.path in options and problem.line is None:
            problem = replace(problem, path=f"--{problem.path}")
        typer.echo(str(problem), err=True)


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        typer.echo(f"Warning: {warning}", err=True)


def _fail(error: StudyError) -> NoReturn:
    if isinstance(error, RunError) and error.details:
        typer.echo(error.details, err=True)
    typer.echo(f"{error}", err=True)
    raise SystemExit(STOPPED if isinstance(error, Interrupted) else FAILED)


def _console(stderr: bool = False) -> Console:
    """Make a console; what is not a terminal is as wide as a page."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=WIDTH)


def _version(asked: bool) -> None:
    if asked:
        try:
            number = version("plimsoll-workforce")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"plimsoll {number}")
        raise typer.Exit


@app.callback()
def _options(
    _version_asked: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@app.command()
def run(
    study: Annotated[str, typer.Argument(help="A study file, or the name of a shipped study.")],
    replications: Annotated[
        int | None, typer.Option(help="How often each policy is simulated.")
    ] = None,
    years: Annotated[
        float | None, typer.Option(help="Years that count, after the warm-up.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(help="Processes; as many as there are processors by default.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    seed: Annotated[int | None, typer.Option(help="Which chances; 0 or more.")] = None,
) -> None:
    """Run a study, store its results, and print what it found."""
    from sim.report.progress import Bar, Lines
    from sim.report.table import print_findings
    from sim.scenario.offered_work import warnings
    from sim.scenario.text_files import shown
    from sim.study.study import Study
    from sim.study.warm_up import judged

    loaded = Study.from_yaml(study)
    _warn(warnings(loaded.file.scenario))
    console = _console(stderr=True)
    watcher = Bar(console) if console.is_terminal else Lines(console)
    with watcher:
        results = loaded.run(
            replications=replications, years=years, seed=seed, jobs=jobs, out=out, progress=watcher
        )
    print_findings(results, _console())
    too_short = judged(results)
    if too_short:
        _warn([too_short])
    typer.echo(f"\nResults: {shown(results.folder)}")


@app.command()
def forecast(
    config: Annotated[str, typer.Argument(help="A forecast file, or the name of a shipped one.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/forecasts/<name> by default.")
    ] = None,
    future: Annotated[
        list[str] | None,
        typer.Option(help="A future, instead of the file's; may be given several times."),
    ] = None,
    paths: Annotated[int | None, typer.Option(help="How many paths to draw.")] = None,
    months: Annotated[int | None, typer.Option(help="How many months ahead.")] = None,
    seed: Annotated[int | None, typer.Option(help="Which chances; 0 or more.")] = None,
) -> None:
    """Forecast demand from people, need and futures; write its paths, and print what it found."""
    from forecasting.forecast import Forecast
    from forecasting.output import default_folder, write_forecast
    from forecasting.summary import summary
    from sim.scenario.text_files import shown

    loaded = Forecast.from_yaml(config)
    found = loaded.run(futures=future, paths=paths, months=months, seed=seed)
    folder = write_forecast(found, out if out is not None else default_folder(loaded.file.name))
    typer.echo(summary(found))
    typer.echo(f"\nForecast: {shown(folder)}")


@app.command()
def backtest(
    series: Annotated[
        Path,
        typer.Argument(
            help="A CSV file with series_key, area_name, period_start and value, monthly."
        ),
    ],
    horizon: Annotated[int, typer.Option(help="Months ahead, up to 24.")] = 12,
    origins: Annotated[int, typer.Option(help="From how many of the last months.")] = 8,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/backtests/<name> by default.")
    ] = None,
) -> None:
    """Say how well monthly series can be forecast: ours against naive methods and ETS."""
    from forecasting.backtest_command import SCORES, backtest_file

    found = backtest_file(series, horizon, origins, out)
    for note in found.notes:
        typer.echo(f"Note: {note}", err=True)
    typer.echo(found.verdict)
    typer.echo(f"\nScores: {found.folder / SCORES}")


@app.command()
def rerun(
    folder: Annotated[Path, typer.Argument(help="A folder of results.")],
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


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A study, scenario or policy file, or a name.")],
) -> None:
    """Say what a file is, and everything that is wrong with it."""
    from sim.study.checking import check as look

    try:
        checked = look(file)
    except InputError as error:
        _complain(error.problems)
        number = len(error.problems)
        typer.echo(f"\n{number} {'problem' if number == 1 else 'problems'}.", err=True)
        raise typer.Exit(BAD_INPUT) from None
    typer.echo(f"{checked.file} is a {checked.kind}, {checked.sentence}.")
    _warn(checked.warnings)
    typer.echo("No problems.")


@app.command()
def schema(
    kind: Annotated[SchemaKind, typer.Argument(help="Which kind of file.")] = SchemaKind.scenario,
    write: Annotated[
        Path | None, typer.Option(help="Write the schemas of all kinds into this folder.")
    ] = None,
) -> None:
    """Print the JSON schema of a kind of file, for editors."""
    from forecasting.json_schema import forecast_schema_text, write_forecast_schema
    from sim.scenario.json_schema import schema_text, write_schemas
    from sim.scenario.loading import Kind
    from sim.study.folder import cannot_write

    if write is None:
        if kind is SchemaKind.forecast:
            typer.echo(forecast_schema_text(), nl=False)
        else:
            typer.echo(schema_text(cast(Kind, kind.value)), nl=False)
        return
    try:
        for path in (*write_schemas(write), write_forecast_schema(write)):
            typer.echo(f"Written: {path}")
    except OSError as error:
        raise cannot_write(write, error) from None


@app.command()
def outcomes() -> None:
    """List all outcomes, what they are, and which way is better."""
    from sim.report.registry_table import registry_table

    _console().print(registry_table())


@app.command()
def warmup(
    study: Annotated[str, typer.Argument(help="A study file, or the name of a shipped study.")],
    weeks: Annotated[int, typer.Option(min=104, max=1040, help="How long it is watched.")] = 520,
    replications: Annotated[int, typer.Option(min=2, help="How often.")] = 10,
    jobs: Annotated[
        int | None, typer.Option(help="Processes; as many as there are processors by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; results/warm_up/<name> by default.")
    ] = None,
) -> None:
    """Say whether a study's warm-up is long enough (MSER-5), with a chart."""
    from sim.report.progress import Bar, Lines
    from sim.report.warm_up import conclusion, settling_table, write_chart
    from sim.scenario.text_files import shown
    from sim.study.folder import cannot_write
    from sim.study.study import Study
    from sim.study.warm_up import long_run

    loaded = Study.from_yaml(study)
    folder = out if out is not None else Path("results") / "warm_up" / loaded.file.name
    console = _console(stderr=True)
    watcher = Bar(console) if console.is_terminal else Lines(console)
    with watcher:
        found = long_run(
            loaded.file, weeks, replications, jobs=jobs, beside=loaded.folder, progress=watcher
        )
    _console().print(settling_table(found))
    typer.echo("\n" + conclusion(found, weeks))
    try:
        chart, *_ = write_chart(found, f"Warm-up: {loaded.file.scenario.title}", folder)
    except OSError as error:
        raise cannot_write(folder, error) from None
    typer.echo(f"\nChart: {shown(chart)}")


@app.command()
def template(
    scenario: Annotated[
        str, typer.Argument(help="A scenario or study file, or the name of a shipped one.")
    ] = "children_average_england",
    excel: Annotated[bool, typer.Option("--excel", help="One workbook, with drop-downs.")] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Fill the lists with a made-up service.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for the lists.")] = Path(),
) -> None:
    """Write a staff list and a list of open cases to fill in, to start from a real position."""
    from sim.report.position_template import (
        example_rows,
        rows_of,
        write_csv_lists,
        write_workbook,
    )
    from sim.scenario.text_files import shown
    from sim.study.folder import cannot_write
    from sim.study.made_up import made_up_position, scenario_of

    service = scenario_of(scenario)
    rows = rows_of(made_up_position(service), service) if example else example_rows(service)
    try:
        out.mkdir(parents=True, exist_ok=True)
        files = [write_workbook(rows, service, out)] if excel else write_csv_lists(rows, out)
    except OSError as error:
        raise cannot_write(out, error) from None
    for file in files:
        typer.echo(f"Written: {shown(file)}")
    names = [f"workbook: {files[0].name}"] if excel else [f"{f.stem}: {f.name}" for f in files]
    typer.echo(
        "\nFill them in, and name them in your scenario or study's scenario:\n"
        f"    start_date: {service.start_date}    # the day on which the lists were made\n"
        f"    start: {{{', '.join(names)}}}"
    )


if __name__ == "__main__":
    main()
