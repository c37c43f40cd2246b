"""The folder of a fit: finished runs while it lasts, the results in the end.

A note of what is fitted comes first, so that a fit that was stopped, however it was, goes on with
what it has done; the results come last, and the note then says when it was finished.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.study.errors import Interrupted
from sim.study.files import is_temporary, sha256, write_text
from sim.study.storing.folder import cannot_write
from sim.study.storing.lock import LOCK, only_study_in
from sim.study.storing.manifest import content_hash, now
from sim.study.storing.parts import Parts, runs_in
from sim.study.storing.unfinished import refuse_another

FORMAT = "plimsoll calibration 1"
NOTE = "manifest.json"
PARTS = "parts"
FINISHED, FILES = "finished", "files"


class FitFolder:
    """The folder of a fit that is going on, which no other can use meanwhile."""

    def __init__(self, path: Path, asked: dict[str, Any]) -> None:
        self.path, self.asked = path, asked
        self.parts = Parts(path / PARTS, content_hash(asked))

    def is_finished(self) -> bool:
        """Say whether the results of what is asked for are here, as they were written."""
        note = _note(self.path)
        if note.get(FINISHED) is None or note.get("asked") != self.asked:
            return False
        files: dict[str, str] = note[FILES]
        return all(
            (self.path / name).is_file() and sha256(self.path / name) == was
            for name, was in files.items()
        )

    def begin(self) -> None:
        """Begin the fit, or go on with it.

        Raises
        ------
        InputError
            If another fit was stopped here.
        """
        note = _note(self.path)
        is_stopped = bool(note) and note.get(FINISHED) is None
        if is_stopped and any(runs_in(self.path / PARTS) if self._has_parts() else ()):
            refuse_another(note["asked"], self.asked, self.path, "the unfinished fit here")
        else:
            self._write({"started": now(), FINISHED: None})
        (self.path / PARTS).mkdir(exist_ok=True)

    def finish(self, files: Mapping[str, str]) -> None:
        """Write the results, by name, and then that it is finished; the runs go."""
        for name, text in files.items():
            write_text(self.path / name, text)
        written = {name: sha256(self.path / name) for name in files}
        for old in set(_note(self.path).get(FILES, ())) - set(files):
            (self.path / old).unlink(missing_ok=True)
        started = _note(self.path)["started"]
        self._write({"started": started, FINISHED: now(), FILES: written})
        shutil.rmtree(self.path / PARTS, ignore_errors=True)

    def kept(self) -> int:
        """Count the finished runs."""
        return sum(1 for _ in runs_in(self.path / PARTS)) if self._has_parts() else 0

    def _has_parts(self) -> bool:
        return (self.path / PARTS).is_dir()

    def _write(self, state: dict[str, Any]) -> None:
        note = {"format": FORMAT, **state, "asked": self.asked}
        write_text(self.path / NOTE, json.dumps(note, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def fit_folder(path: Path, asked: dict[str, Any]) -> Iterator[FitFolder]:
    """Have a folder for a fit, locked against others, for as long as the block lasts.

    Whatever stops the fit, its finished runs are kept, and a note to the error says so.

    Parameters
    ----------
    path
        A new or empty folder, or that of a fit.
    asked
        All that the fit depends on, as plain content.

    Raises
    ------
    InputError
        If it cannot be written, holds something else, or another fit runs in it.
    """
    _refuse_foreign(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with only_study_in(path):
            for each in path.iterdir():
                if is_temporary(each.name):
                    each.unlink()
            folder = FitFolder(path, asked)
            with _saying_what_is_kept(folder):
                yield folder
    except OSError as error:
        raise cannot_write(path, error) from None


@contextmanager
def _saying_what_is_kept(folder: FitFolder) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        told: BaseException = error
        if isinstance(error, KeyboardInterrupt):
            told = Interrupted("stopped before the fit was finished")
        with suppress(OSError):
            if kept := folder.kept():
                told.add_note(
                    f"{kept} finished runs are kept in {shown(folder.path)}: the same command "
                    "goes on from there"
                )
        raise told from (None if told is not error else error.__cause__)


def _note(path: Path) -> dict[str, Any]:
    """Read the note of a fit; nothing where there is none."""
    try:
        content = json.loads((path / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(content, dict) and content.get("format") == FORMAT
    return content if is_ours else {}


def _refuse_foreign(path: Path) -> None:
    """Refuse a place that is a file, or a folder that holds anything but a fit."""
    if path.is_file():
        message, remedy = "this is a file, not a folder", "choose another --out"
        raise InputError(Problem(message, file=shown(path), remedy=remedy))
    there = path.iterdir() if path.is_dir() else ()
    found = sorted(p.name for p in there if p.name != LOCK and not is_temporary(p.name))
    if found and not _note(path):
        raise InputError(
            Problem(
                f"the folder holds something other than a fit ('{found[0]}')",
                file=shown(path),
                accepted="a new folder, an empty one, or one with an earlier fit",
                remedy="choose another folder with --out",
            )
        )
