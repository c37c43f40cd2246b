"""Which folder to go on in, where somebody goes on with a study and does not say where it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.study.storing.folder import PARTS, RESULTS, STUDY
from sim.study.storing.listing import Found, studies_in
from sim.study.storing.unfinished import Beginning, read_beginning

MOST_SAID = 3


def folder_to_resume(asked: Beginning) -> Path:
    """Find the newest folder below results/<study> in which this study was stopped.

    Raises
    ------
    InputError
        If there is none. Where one was stopped that is not quite the same study, it says in what
        they differ.
    """
    place = RESULTS / asked.study["name"]
    found = studies_in(place) if place.is_dir() else []
    stopped = [each for each in found if each.state == "unfinished"]
    for each in stopped:
        with suppress(InputError):
            _refuse_another(each, asked)
            return each.folder
    if stopped:
        _refuse_another(stopped[0], asked)
    raise InputError(
        Problem(
            "no study was stopped here that could be gone on with",
            file=shown(place),
            path="resume",
            given=_what_is_there(found),
            remedy="leave --resume out to begin, or say where the study is (--out)",
        )
    )


def _refuse_another(found: Found, asked: Beginning) -> None:
    read_beginning(found.folder / PARTS / STUDY).refuse_another(asked, found.folder)


def _what_is_there(found: list[Found]) -> str:
    if not found:
        return "nothing"
    said = [f"{each.folder.name} ({each.state})" for each in found[:MOST_SAID]]
    more = len(found) - len(said)
    return ", ".join([*said, f"and {more} more"] if more else said)
