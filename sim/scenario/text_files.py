"""Read text files that people wrote, and say plainly what stops it."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.problems import InputError, Problem

MAX_BYTES = 5_000_000  # a whole authority takes some 50,000


def shown(path: Path) -> str:
    """Write the name of a file as short as can be: from the current folder if it is below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def is_there(path: Path, folder: bool = False) -> bool:
    """Say whether a file (or a folder) exists; an impossible name is one that does not."""
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):
        return False


def read_text(path: Path) -> str:
    """Read a file of UTF-8 text.

    Raises
    ------
    InputError
        If it isn't there, isn't a file, can't be read, isn't UTF-8, or is enormous.
    """
    name = shown(path)

    def refuse(message: str, remedy: str = "", line: int | None = None) -> InputError:
        return InputError(Problem(message, file=name, line=line, remedy=remedy))

    try:
        if path.is_dir():
            raise refuse("this is a folder, not a file", "name a file in it")
        if not path.exists():
            raise refuse("there is no such file", "check the name and the folder")
        if not path.is_file():
            raise refuse("this is not a regular file")
        if path.stat().st_size > MAX_BYTES:
            raise refuse(f"the file is larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(f"the file cannot be read: {error.strerror or error}") from None
    except ValueError:  # a null character in the name
        raise refuse("this cannot be the name of a file") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(
            "the file is not in UTF-8", "save it again with the encoding UTF-8", line
        ) from None
