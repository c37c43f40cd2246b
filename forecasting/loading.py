"""Load forecasts from YAML files, by path or by the name of a shipped one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forecasting.config import ForecastFile
from sim.resources import configs_dir
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.text_files import is_there
from sim.scenario.wording import problems_of
from sim.scenario.yaml_lines import Document, read_yaml


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
    path = _find(asked)
    document = read_yaml(path)
    try:
        return ForecastFile.model_validate(document.data), path.parent
    except ValidationError as error:
        raise InputError(problems_of(error, document, ForecastFile)) from None


def adjusted(file: ForecastFile, **instead: Any) -> ForecastFile:
    """Return a forecast with some of its values changed.

    Raises
    ------
    InputError
        If a value is not accepted.
    """
    fields = {name: getattr(file, name) for name in ForecastFile.model_fields}
    fields |= {name: value for name, value in instead.items() if value is not None}
    try:
        return ForecastFile.model_validate(fields)
    except ValidationError as error:
        raise InputError(problems_of(error, Document(fields), ForecastFile)) from None


def resolve(path: str, beside: Path | None) -> Path:
    """A path that a file gives: relative to the folder of that file."""
    return (beside or Path()) / Path(path).expanduser()


def _find(asked: str | Path) -> Path:
    text = str(asked)
    path = Path(text).expanduser()
    known = shipped_forecasts()
    if isinstance(asked, Path) or path.suffix in (".yaml", ".yml") or "/" in text or "\\" in text:
        return path
    if text in known:
        return known[text]
    if is_there(path):
        return path
    raise InputError(
        Problem(
            f"there is no forecast called '{text}'",
            accepted=f"a path that ends in .yaml, or one of {', '.join(known)}",
            remedy=did_you_mean(text, known),
        )
    )
