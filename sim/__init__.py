"""Simulate a social work service: its people, its cases and its working days.

>>> from sim import Study
>>> results = Study.from_yaml("demo").run(replications=5)  # doctest: +SKIP
>>> results.comparisons  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.results import Results
    from sim.study.study import Study

__all__ = ["Results", "Study"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: the floors below do without the study's libraries."""
    if name == "Study":
        from sim.study.study import Study

        return Study
    if name == "Results":
        from sim.study.results import Results

        return Results
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
