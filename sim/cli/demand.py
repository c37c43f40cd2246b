"""Forecast demand, and say how well it can be forecast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Seed


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
    seed: Seed = None,
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
