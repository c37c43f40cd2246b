"""Small forecasts for tests: one stream of working age unless told otherwise."""

from pathlib import Path
from typing import Any

import yaml

from forecasting.config import ForecastFile
from forecasting.forecast import Forecast, Forecasted

REQUESTS = {"label": "Requests", "rates": "working_age", "history": "asc_requests_18_64"}
OLD = {"label": "Requests 65+", "rates": "adl_65_plus", "history": "asc_requests_65plus"}


def plan(**changes: Any) -> dict[str, Any]:
    """What a small forecast's file says; changes by key."""
    return {
        "name": "small",
        "title": "A small forecast",
        "start": "2026-04-01",
        "months": 36,
        "paths": 200,
        "streams": {"requests": REQUESTS},
    } | changes


def forecast(**changes: Any) -> Forecasted:
    """Run a small forecast."""
    return Forecast(ForecastFile.model_validate(plan(**changes))).run()


def written(folder: Path, **changes: Any) -> Path:
    """Write a small forecast's file."""
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(plan(**changes), sort_keys=False), encoding="utf-8")
    return path
