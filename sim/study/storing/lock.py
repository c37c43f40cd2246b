"""One study at a time in a folder."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown

LOCK = ".lock"
WITHOUT_LOCKS = {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK}

_held: set[int] = set()


@contextmanager
def only_study_in(folder: Path) -> Iterator[None]:
    """Keep other studies out of a folder for as long as the block lasts.

    The lock belongs to this process and ends with it, however it ends: what a killed study
    leaves is an unlocked file, which the next one takes over. A file system that knows no
    locks (some clusters have one) is used without.

    Raises
    ------
    InputError
        If another study runs in the folder now.
    OSError
        If nothing can be written there.
    """
    path = folder / LOCK
    file = _locked(path)
    while not _is_still(path, file):  # the study before us took it away meanwhile
        os.close(file)
        file = _locked(path)
    _held.add(file)
    try:
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        if file in _held:  # and not let go, in a copy of this process
            _held.discard(file)
            with suppress(OSError):  # the folder has gone, or cannot be written any more
                path.unlink()
            os.close(file)


def _locked(path: Path) -> int:
    """Open the lock file and lock it; return the open file."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        process = os.read(file, 20).decode()
        os.close(file)
        raise InputError(
            Problem(
                f"another study is running in this folder (process {process or 'unknown'})",
                file=shown(path.parent),
                remedy="wait until it is done, or choose another folder with --out",
            )
        ) from None
    except OSError as error:
        if error.errno not in WITHOUT_LOCKS:
            os.close(file)
            raise
    return file


def _is_still(path: Path, file: int) -> bool:
    """Say whether the open file is still the one that has this name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _let_go() -> None:
    """Close what a copy of this process has inherited: the lock is not the copy's to hold."""
    for file in _held:
        os.close(file)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)
