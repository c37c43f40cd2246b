"""The position that a study started from, kept with its results so that a run can be done again.

It is the only file of results with rows about people and cases of a real service, and it is not
needed to read the results: whoever passes them on leaves it out.
"""

from __future__ import annotations

from pathlib import Path

from sim.scenario.position.content import Position, PositionFiles
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.text_files import is_there, shown
from sim.study.files import write_text

POSITION = "position.json"


def keep_position(position: Position, folder: Path) -> Path:
    """Write a position into a folder; give the file."""
    file = folder / POSITION
    write_text(file, position.model_dump_json(exclude_defaults=True) + "\n")
    return file


def with_kept_position(scenario: Scenario, folder: Path) -> Scenario:
    """The scenario of a folder of results with the position that it started from, if it had one.

    Raises
    ------
    InputError
        If the position has been taken out of the folder, or can't be read.
    """
    if not isinstance(scenario.start, PositionFiles):
        return scenario
    file = folder / POSITION
    try:
        position = Position.model_validate_json(file.read_bytes())
    except (OSError, ValueError):
        message = "cannot be read" if is_there(file) else "is not with these results"
        raise InputError(
            Problem(
                f"the position that the study started from {message}",
                file=shown(file),
                remedy="put the file back, or run the study again from its lists",
            )
        ) from None
    return scenario.model_copy(update={"position": position})
