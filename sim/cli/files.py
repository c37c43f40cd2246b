"""Check files, and print what helps to write them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer

from sim.cli.app import BAD_INPUT, app, complain, console, warn
from sim.scenario.problems import InputError


class SchemaKind(StrEnum):
    """A kind of file that has a schema."""

    study = "study"
    scenario = "scenario"
    policy = "policy"
    forecast = "forecast"


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(help="A study, scenario, policy or forecast file, or a name.")
    ],
) -> None:
    """Say what a file is, and everything that is wrong with it."""
    from forecasting.checking import check_forecast, is_forecast
    from forecasting.loading import shipped_forecasts
    from sim.study.checking import check as look

    try:
        checked = check_forecast(file) if is_forecast(file) else look(file, shipped_forecasts())
    except InputError as error:
        complain(error.problems)
        number = len(error.problems)
        typer.echo(f"\n{number} {'problem' if number == 1 else 'problems'}.", err=True)
        raise typer.Exit(BAD_INPUT) from None
    typer.echo(f"{checked.file} is a {checked.kind}, {checked.sentence}.")
    warn(checked.warnings)
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
    from sim.study.storing.folder import cannot_write

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
    from sim.study.made_up import made_up_position, scenario_of
    from sim.study.storing.folder import cannot_write

    service = scenario_of(scenario)
    rows = rows_of(made_up_position(service), service) if example else example_rows(service)
    try:
        out.mkdir(parents=True, exist_ok=True)
        files = [write_workbook(rows, service, out)] if excel else write_csv_lists(rows, out)
    except OSError as error:
        raise cannot_write(out, error) from None
    for file in files:
        typer.echo(f"Written: {shown(file)}")
    names = [f"{'workbook' if excel else file.stem}: {file.as_posix()}" for file in files]
    typer.echo(
        "\nFill them in, and name them in your scenario or study's scenario, as seen from where "
        "that is:\n"
        f"    start_date: {service.start_date}    # the day on which the lists were made\n"
        f"    start: {{{', '.join(names)}}}"
    )


@app.command()
def outcomes() -> None:
    """List all outcomes, what they are, and which way is better."""
    from sim.report.registry_table import registry_table

    console().print(registry_table())
