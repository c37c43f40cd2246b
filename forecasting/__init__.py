"""Forecast demand: the people of an area, what they need, what they ask for.

>>> from forecasting import Forecast
>>> found = Forecast.from_yaml("england_children").run()  # doctest: +SKIP
>>> found.intervals  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecasting.forecast import Forecast

__all__ = ["Forecast"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: a part of the package does without the rest."""
    if name == "Forecast":
        from forecasting.forecast import Forecast

        return Forecast
    raise AttributeError(f"module 'forecasting' has no attribute {name!r}")
