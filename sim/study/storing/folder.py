"""The folder that a study writes its results into: checked before, complete after, or untouched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile, Table
from sim.scenario.text_files import shown
from sim.study.demand_paths import DEMAND
from sim.study.files import is_temporary, write_text
from sim.study.plausible_sets import KEPT
from sim.study.results import COMPARISONS, Results
from sim.study.storing.kept_position import POSITION, with_kept_position
from sim.study.storing.lock import LOCK, only_study_in
from sim.study.storing.manifest import FORMAT, NAME, content_hash, study_content
from sim.study.storing.parts import NAME_OF_PART, runs_in
from sim.study.storing.unfinished import Beginning, read_beginning, refuse_another

PARTS = "parts"
STUDY = "study.json"
EVENTS = "events.csv"
RERUN = "rerun-"
WHY = "why-"  # and the policy that is explained
REPORT = "report.html"
OURS = {
    NAME,
    COMPARISONS,
    DEMAND,
    KEPT,
    PARTS,
    POSITION,
    REPORT,
    *(f"{table}.parquet" for table in ("outcomes", *get_args(Table))),
}


class ResultsFolder:
    """A folder of results in the making, which no other study can use meanwhile.

    Finished runs gather in a folder of parts inside it, with a note of what study they belong
    to. The manifest comes last: a folder that has one is complete, whatever else is in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / PARTS

    def is_finished(self, study: dict[str, Any]) -> bool:
        """Say whether the folder holds complete results and no study that was stopped.

        Raises
        ------
        InputError
            If these are the results of another study than the one given as plain content.
        """
        if (self.parts / STUDY).exists() or not (self.path / NAME).exists():
            return False
        found = Results(self.path)
        scenario = with_kept_position(found.study.scenario, self.path)
        then = study_content(found.study.model_copy(update={"scenario": scenario}))
        if study.get("precision"):  # then the number of replications is found by running
            study = {**study, "replications": then["replications"]}
        refuse_another(then, study, self.path, "the finished study here")
        found.refuse_changed_files()
        return True

    def begin(self, asked: Beginning, resume: bool) -> Beginning:
        """Begin a study anew, or find how the one here was begun, to go on with it.

        Raises
        ------
        InputError
            If there is an unfinished study here, which is not to be gone on with or is another.
        """
        note = self.parts / STUDY
        left = read_beginning(note) if note.exists() else None
        if left is not None and resume:
            left.refuse_another(asked, self.path)
            return left
        kept = self._finished_runs()
        if left is not None and kept:
            raise InputError(
                Problem(
                    f"an unfinished study is here, with {kept} finished runs",
                    file=shown(self.path),
                    remedy="go on with it (--resume), choose another folder (--out), or remove "
                    f"{shown(self.parts)} to begin anew",
                )
            )
        self.clear_parts()
        self.parts.mkdir(exist_ok=True)
        asked.write(note)
        return asked

    def finish(self, finished: Iterable[Path], manifest: dict[str, Any]) -> None:
        """Put the finished tables in the place of older ones, the manifest last; then tidy up.

        Until the manifest is there, the parts are, from which all of it can be made again.
        """
        tables = list(finished)
        (self.path / NAME).unlink(missing_ok=True)
        for old in OURS - {PARTS, NAME} - {table.name for table in tables}:
            (self.path / old).unlink(missing_ok=True)
        for events in self.path.glob(f"{RERUN}*/{EVENTS}"):  # of runs that are replaced
            events.unlink()
            with suppress(OSError):
                events.parent.rmdir()
        for why in self.path.glob(f"{WHY}*/"):
            shutil.rmtree(why, ignore_errors=True)
        for table in tables:
            table.replace(self.path / table.name)
        write_text(self.path / NAME, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        self.clear_parts()

    def stop(self) -> int:
        """Keep the finished runs, or nothing at all if there are none; return how many."""
        with suppress(OSError):  # the folder has gone, or cannot be written any more
            if not self._finished_runs():
                self.clear_parts()
        return self._finished_runs()

    def _finished_runs(self) -> int:
        return sum(1 for _ in runs_in(self.parts)) if self.parts.is_dir() else 0

    def clear_parts(self) -> None:
        """Take away all that a study put among the parts, the note of what it was first."""
        if not self.parts.is_dir():
            return
        (self.parts / STUDY).unlink(missing_ok=True)
        for path in list(self.parts.iterdir()):
            if _may_be_among_parts(path.name):
                path.unlink()
        with suppress(OSError):  # there is something in it that is not ours
            self.parts.rmdir()


@contextmanager
def results_folder(path: Path) -> Iterator[ResultsFolder]:
    """Have a folder for a study's results, locked against others, for as long as the block lasts.

    Folders that had to be made and in which nothing is at the end are taken away again.

    Raises
    ------
    InputError
        If it cannot be written, belongs to somebody else, or another study runs in it.
    """
    made = _make(path)
    try:
        try:
            with only_study_in(path):
                _refuse_foreign(path)
                _clear_leftovers(path)
                yield ResultsFolder(path)
        except OSError as error:
            raise cannot_write(path, error) from None
    finally:
        for folder in made:
            with suppress(OSError):  # there is something in it
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
    found = sorted(each.name for each in path.iterdir() if not _is_leftover(each.name))
    if found and not _is_ours(path):
        foreign = [name for name in found if name not in OURS]
        raise InputError(
            Problem(
                f"the folder holds something other than results ('{(foreign or found)[0]}')",
                file=shown(path),
                accepted="a new folder, an empty one, or one with earlier results, which are "
                "replaced",
                remedy="choose another folder with --out",
            )
        )
    parts = path / PARTS
    strangers = parts.iterdir() if parts.is_dir() else ()
    for name in sorted(each.name for each in strangers):
        # Names that begin with a dot are put there by file managers and file systems.
        if not (name.startswith(".") or _may_be_among_parts(name)):
            raise InputError(
                Problem(
                    f"among the finished runs is something that no study wrote ('{name}')",
                    file=shown(parts),
                    remedy="put it elsewhere",
                )
            )


def _is_ours(path: Path) -> bool:
    if (path / PARTS).is_dir():  # a study was stopped here; what else is in it is looked at next
        return True
    try:
        content = json.loads((path / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("format") == FORMAT


def _may_be_among_parts(name: str) -> bool:
    return name in OURS | {STUDY} or is_temporary(name) or bool(NAME_OF_PART.fullmatch(name))


def _is_leftover(name: str) -> bool:
    """Say whether a killed study may have left this beside the results."""
    return name == LOCK or is_temporary(name)


def _clear_leftovers(path: Path) -> None:
    for each in path.iterdir():
        if is_temporary(each.name):
            each.unlink()
