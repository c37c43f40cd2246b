"""Which studies there are in a folder of results, whatever else lies about in it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import is_there, shown
from sim.study.storing.folder import PARTS, STUDY
from sim.study.storing.kept_position import POSITION
from sim.study.storing.manifest import FORMAT, NAME

State = Literal["finished", "unfinished", "damaged", "not a study"]
PART = re.compile(r"\d{4,}-\d{6,}\.")  # how the file of a finished run begins
PROJECT = "plimsoll-workforce"


@dataclass(frozen=True)
class Found:
    """A folder that has, or once had, a study in it.

    Attributes
    ----------
    folder
        Where.
    state
        Whether it is finished.
    note
        What is wrong with it, or how far it is.
    study, title, when, policies, replications, years, version
        What its manifest says; empty or 0 where it cannot be read.
    size
        Bytes of all files in the folder.
    """

    folder: Path
    state: State
    note: str = ""
    study: str = ""
    title: str = ""
    when: str = ""
    policies: int = 0
    replications: int = 0
    years: float = 0.0
    version: str = ""
    size: int = 0


def studies_in(folder: str | Path) -> list[Found]:
    """Find all studies in a folder and those below it, the newest first.

    Nothing that lies there makes it fail: what cannot be read is listed, with the reason.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    top = Path(folder)
    if not is_there(top, folder=True):
        raise InputError(
            Problem(
                "there is no such folder",
                file=shown(top),
                remedy="name a folder of results; `plimsoll run` makes results/<study>/<time>",
            )
        )
    found = [_look(place) for place in _places(top)]
    found.sort(key=lambda each: str(each.folder))
    return sorted(found, key=lambda each: each.when, reverse=True)


def _places(top: Path) -> Iterator[Path]:
    """Folders with a manifest, or with the parts of a study that was not finished."""
    for here, folders, files in os.walk(top):
        folders.sort()
        if NAME in files or (PARTS in folders and is_there(Path(here) / PARTS / STUDY)):
            yield Path(here)


def _look(place: Path) -> Found:
    size = sum(_size(file) for file in place.rglob("*"))
    if not (place / NAME).exists():
        return replace(_unfinished(place), size=size)
    try:
        manifest = json.loads((place / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Found(place, "damaged", f"{NAME} cannot be read", size=size)
    form = str(manifest.get("format", "")) if isinstance(manifest, dict) else ""
    if form != FORMAT:
        what = f"'{form}'" if form else f"its {NAME} is of something else"
        return Found(place, "not a study", what, size=size)
    try:
        found = replace(_described(place, manifest), size=size)
        wrong = _wrong(place, manifest["files"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Found(place, "damaged", f"{NAME} is not complete", size=size)
    return replace(found, state="damaged", note=wrong) if wrong else found


def _described(place: Path, manifest: dict[str, Any]) -> Found:
    return Found(
        place,
        "finished",
        study=str(manifest["study"]),
        title=str(manifest["title"]),
        when=str(manifest["finished"]),
        policies=len(manifest["policies"]),
        replications=int(manifest["replications"]),
        years=float(manifest["years"]),
        version=str(manifest["packages"].get(PROJECT, "")),
    )


def _wrong(place: Path, files: dict[str, Any]) -> str:
    """Say what is wrong with a study's tables, as far as can be seen without reading them all."""
    for name, file in files.items():
        path = place / name
        if not is_there(path):
            if name == POSITION:  # results are whole without it: only `rerun` needs it
                continue
            return f"{name} is gone"
        if path.suffix != ".parquet":
            continue
        try:
            rows = pq.read_metadata(path).num_rows
        except (OSError, pa.ArrowException):
            return f"{name} is cut short or changed"
        if rows != file["rows"]:
            return f"{name} has {rows} rows, not {file['rows']}"
    return ""


def _unfinished(place: Path) -> Found:
    """Describe a study that was stopped, from what it left."""
    parts = place / PARTS
    runs = {match[0] for file in _files(parts) if (match := PART.match(file.name))}
    note = f"{len(runs)} runs finished"
    try:
        content = json.loads((parts / STUDY).read_text(encoding="utf-8"))
        study = content.get("study", content)
        about = study if isinstance(study, dict) else content
        total = len(about["policies"]) * int(about["replications"])
        return Found(
            place,
            "unfinished",
            f"{len(runs)} of {total} runs finished",
            study=str(about["name"]),
            title=str(about["title"]),
            when=str(content.get("started", "")),
            policies=len(about["policies"]),
            replications=int(about["replications"]),
            years=float(about["years"]),
        )
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return Found(place, "unfinished", note)


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
