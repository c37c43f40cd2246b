"""A folder of results that is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import is_there, shown

MANIFEST = "manifest.json"


@contextmanager
def written_whole(folder: Path, kind: str) -> Iterator[Path]:
    """Give a temporary folder to write to, which takes the place of `folder` in the end.

    Parameters
    ----------
    folder
        Where results go. A new folder, an empty one, or one whose manifest has the same
        "format", which is replaced.
    kind
        The "format" that the manifest states.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written; it is then as it was.
    """
    refuse_foreign(folder, kind)
    making = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    old = making.with_suffix(".old")
    try:
        making.mkdir(parents=True)
        yield making
        if folder.exists():
            folder.rename(old)
        making.rename(folder)
    except (OSError, ValueError) as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise InputError(
            Problem(
                f"cannot write here: {getattr(error, 'strerror', None) or error}",
                file=shown(folder),
                remedy="choose another folder with --out, or free some space",
            )
        ) from None
    finally:
        for left in (making, old):
            with suppress(OSError, ValueError):
                shutil.rmtree(left)


def refuse_foreign(folder: Path, kind: str) -> None:
    """Refuse a place that `written_whole` would refuse; worth asking before long work.

    Raises
    ------
    InputError
        If the folder is a file, or holds something else, or cannot be looked into.
    """
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            message, remedy = "this is a file, not a folder", "choose another --out"
            raise InputError(Problem(message, file=shown(folder), remedy=remedy))
        found = sorted(path.name for path in folder.iterdir())
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(
                f"this folder cannot be used: {getattr(error, 'strerror', None) or error}",
                file=str(folder),
                remedy="choose another folder with --out",
            )
        ) from None
    if found and _format_of(folder) != kind:
        raise InputError(
            Problem(
                f"the folder holds something other than {kind.rstrip(' 0123456789')} "
                f"('{found[0]}')",
                file=shown(folder),
                accepted="a new folder, an empty one, or one with earlier results of the same "
                "kind, which are replaced",
                remedy="choose another folder with --out",
            )
        )


def _format_of(folder: Path) -> object:
    if not is_there(folder / MANIFEST):
        return None
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content.get("format") if isinstance(content, dict) else None
