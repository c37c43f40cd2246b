"""The JSON schema of a forecast's file, for editors that complete and check as one types."""

from __future__ import annotations

import json
from pathlib import Path

from forecasting.config import ForecastFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def forecast_schema_text() -> str:
    """Write the schema as the text of a file."""
    schema = ForecastFile.model_json_schema(mode="validation")
    definitions = schema.pop("$defs")
    whole = {"$schema": DIALECT, **schema, "title": "Plimsoll forecast", "$defs": definitions}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def write_forecast_schema(folder: Path) -> Path:
    """Write the schema into a folder that is there."""
    path = folder / "forecast.json"
    path.write_text(forecast_schema_text(), encoding="utf-8")
    return path
