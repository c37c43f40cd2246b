"""The JSON schema of a forecast's file, for editors that complete and check as one types."""

from __future__ import annotations

from pathlib import Path

from forecasting.config import ForecastFile
from sim.scenario.json_schema import as_text, headed


def forecast_schema_text() -> str:
    """Write the schema as the text of a file."""
    schema = ForecastFile.model_json_schema(mode="validation")
    definitions = schema.pop("$defs")
    return as_text(headed("forecast", schema, definitions))


def write_forecast_schema(folder: Path) -> Path:
    """Write the schema into a folder that is there."""
    path = folder / "forecast.json"
    path.write_text(forecast_schema_text(), encoding="utf-8")
    return path
