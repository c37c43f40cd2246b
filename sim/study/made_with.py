"""What the results of a run depend on besides the study: the model itself, and its libraries."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sim.study.storing.manifest import package_versions

MODEL = "the simulated service"


@cache
def made_with() -> dict[str, str]:
    """Return the version of Python, of each package, and of the simulated service.

    The service's version is a hash of its sources, so that a change between two releases counts.
    """
    sources = hashlib.sha256()
    root = Path(__file__).parents[1]
    for folder in ("model", "scenario"):
        for file in sorted((root / folder).rglob("*.py")):
            sources.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    service = sources.hexdigest()[:12]
    return {MODEL: service, "python": platform.python_version(), **package_versions()}


def other_versions(theirs: Mapping[str, str], here: Mapping[str, str]) -> str:
    """Say in words what is of another version there than here; nothing if all is the same."""
    return ", ".join(
        f"{name} ({theirs.get(name, 'none')} there, {here.get(name, 'none')} here)"
        for name in dict.fromkeys([*here, *theirs])
        if theirs.get(name) != here.get(name)
    )
