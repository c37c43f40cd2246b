"""The folder that a study writes its results into: checked before, complete after, or untouched."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile, Table
from sim.scenario.text_files import shown
from sim.study.demand_paths import DEMAND, DemandPaths
from sim.study.files import write_text
from sim.study.kept_position import POSITION
from sim.study.manifest import FORMAT, NAME, content_hash, study_content
from sim.study.results import COMPARISONS

PARTS = "parts"
STUDY = "study.json"
EVENTS = "events.csv"
RERUN = "rerun-"
OURS = {
    NAME,
    COMPARISONS,
    DEMAND,
    PARTS,
    POSITION,
    *(f"{table}.parquet" for table in ("outcomes", *get_args(Table))),
}


class ResultsFolder:
    """A folder of results in the making.

    Parts of tables gather in a folder of their own inside it. The manifest comes last: a
    folder that has one is complete.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / PARTS
        self.made = _make(path)
        _refuse_foreign(path)

    def begin(self, study: StudyFile) -> str:
        """Make the folder of parts, with the study in it for the processes that run it.

        Returns
        -------
        str
            The hash of the study, by which a process knows that it read the right one.
        """
        content = study_content(study)
        shutil.rmtree(self.parts, ignore_errors=True)  # left by a run that was killed
        try:
            self.parts.mkdir()
            write_text(self.parts / STUDY, json.dumps(content))
        except OSError as error:
            raise cannot_write(self.path, error) from None
        return content_hash(content)

    def keep_demand(self, demand: DemandPaths | None, replications: int) -> str:
        """Put the forecast's paths among the parts; return their hash, empty without a forecast."""
        return "" if demand is None else demand.write(self.parts / DEMAND, replications)

    def finish(self, finished: Iterable[Path], manifest: dict[str, Any]) -> None:
        """Put the finished tables in the place of older ones, and the manifest last."""
        tables = list(finished)
        (self.path / NAME).unlink(missing_ok=True)
        for old in OURS - {PARTS, NAME} - {table.name for table in tables}:
            (self.path / old).unlink(missing_ok=True)
        for events in self.path.glob(f"{RERUN}*/{EVENTS}"):  # of runs that are replaced
            events.unlink()
            with suppress(OSError):
                events.parent.rmdir()
        for table in tables:
            table.replace(self.path / table.name)
        write_text(self.path / NAME, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        shutil.rmtree(self.parts, ignore_errors=True)

    def abandon(self) -> None:
        """Take back everything that this study has put here."""
        shutil.rmtree(self.parts, ignore_errors=True)
        for folder in self.made:
            with suppress(OSError):  # somebody else has put something into it
                folder.rmdir()


def default_folder(study: StudyFile) -> Path:
    """Name the folder for a study's results: results/<study>/<time>-<hash>."""
    time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return Path("results") / study.name / f"{time}-{content_hash(study_content(study))[:8]}"


def cannot_write(path: Path, error: Exception) -> InputError:
    """Say that nothing can be written to a folder, and why."""
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(
        Problem(
            f"cannot write here: {reason}",
            file=shown(path),
            remedy="choose another folder with --out, or free some space",
        )
    )


def _make(path: Path) -> list[Path]:
    """Make a folder and those above it; return those that were made, the deepest first."""
    missing: list[Path] = []
    try:
        missing += [each for each in (path, *path.parents) if not each.exists()]
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".{os.getpid()}.tmp"
        probe.touch()
        probe.unlink()
    except FileExistsError:
        raise InputError(
            Problem("this is a file, not a folder", file=shown(path), remedy="choose another --out")
        ) from None
    except (OSError, ValueError) as error:
        for folder in missing:
            with suppress(OSError, ValueError):
                folder.rmdir()
        raise cannot_write(path, error) from None
    return missing


def _refuse_foreign(path: Path) -> None:
    """Refuse a folder that holds anything but results: they would be mixed up with it."""
    found = sorted(each.name for each in path.iterdir())
    if not found or _is_ours(path):
        return
    foreign = [name for name in found if name not in OURS]
    raise InputError(
        Problem(
            f"the folder holds something other than results ('{(foreign or found)[0]}')",
            file=shown(path),
            accepted="a new folder, an empty one, or one with earlier results, which are replaced",
            remedy="choose another folder with --out",
        )
    )


def _is_ours(path: Path) -> bool:
    if (path / PARTS / STUDY).is_file():  # a study was stopped here
        return True
    try:
        content = json.loads((path / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("format") == FORMAT
