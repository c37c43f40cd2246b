"""Say whether a forecast file is in order, without drawing its paths."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from forecasting.config import ForecastFile
from forecasting.forecast import Forecast
from forecasting.loading import load_forecast, shipped_forecasts
from sim.scenario.checked import Checked
from sim.scenario.loading import MODELS, find_file
from sim.scenario.problems import InputError, Problem, spell
from sim.scenario.text_files import shown
from sim.scenario.yaml_lines import read_yaml

OWN_KEYS = set(ForecastFile.model_fields).difference(
    *(each.model_fields for each in MODELS.values())
)
"""Keys that of all kinds of file only a forecast has at its top."""


def is_forecast(asked: str) -> bool:
    """Tell whether a path or a shipped name means a forecast, however wrong the forecast is."""
    try:
        document = read_yaml(find_file(asked, "forecast", shipped_forecasts()))
    except InputError:
        return False
    return bool(set(document.data) & OWN_KEYS)


def check_forecast(asked: str) -> Checked:
    """Check a forecast, by path or as a shipped one by name: its file, and all that it names.

    Raises
    ------
    InputError
        With every problem that can be found at once.
    """
    path = find_file(asked, "forecast", shipped_forecasts())
    file, folder = load_forecast(path)
    try:
        start = Forecast(file, folder).check()
    except InputError as error:
        raise InputError(_located(each, path) for each in error.problems) from None
    number = "1 stream" if len(file.streams) == 1 else f"{len(file.streams)} streams"
    sentence = (
        f"'{file.title}': {start.area.name}, {file.months} months from {file.start:%B %Y}, "
        f"{number} ({', '.join(file.streams)}), {file.paths:,} paths"
    )
    return Checked(shown(path), "forecast", sentence, start.notes)


def _located(problem: Problem, path: Path) -> Problem:
    """Add file and line to a problem of the forecast's content; one of another file has its own."""
    if problem.file:
        return problem
    lines = {spell(at): place.line for at, place in read_yaml(path).places.items()}
    return replace(problem, file=shown(path), line=lines.get(problem.path))
