"""Load forecasts from YAML files, by path or by the name of a shipped one."""

from __future__ import annotations

from pathlib import Path

from forecasting.config import ForecastFile
from sim.resources import configs_dir
from sim.scenario.loading import find_file, validated
from sim.scenario.yaml_lines import read_yaml


def shipped_forecasts() -> dict[str, Path]:
    """List the shipped forecasts, by name."""
    folder = configs_dir() / "forecasts"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_forecast(asked: str | Path) -> tuple[ForecastFile, Path]:
    """Load a forecast file by its path, or a shipped one by its name.

    Returns
    -------
    ForecastFile, Path
        The forecast, and the folder that paths in it are relative to.

    Raises
    ------
    InputError
        With every problem.
    """
    path = find_file(asked, "forecast", shipped_forecasts())
    return validated(read_yaml(path), ForecastFile).value, path.parent


def resolve(path: str, beside: Path | None) -> Path:
    """A path that a file gives: relative to the folder of that file."""
    return (beside or Path()) / Path(path).expanduser()
