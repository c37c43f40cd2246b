"""The one door to numba, so that compiled functions keep their types and never go stale on disk."""

import ast
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.dispatcher import Dispatcher

from sim.model.from_the_front import FromTheFront

# Numba's settings, from NUMBA_DISABLE_JIT, NUMBA_CACHE_DIR or its own file.
_settings: dict[str, Any] = vars(numba.config)

IS_PLAIN_PYTHON = bool(_settings["DISABLE_JIT"])

_F = TypeVar("_F", bound=Callable[..., Any])
_DECORATORS = ("compiled", "compiled_inside", "compiled_making_tables", "intrinsic")
_COMPILER = ("compiled.py", "from_the_front.py")  # how all is compiled


def _version() -> str:
    """Name what is compiled from the sources of this package as they are now.

    Numba looks for changes only in the file of the function itself. Its callers in other files,
    compiled before, would keep the old version inside them, and give the old numbers. What matters
    to them are the compiled functions and the constants of all files, and how they are compiled; a
    change of the rest (the processes in plain Python) compiles nothing anew in other files.
    """
    here = Path(__file__).parent
    sources = hashlib.blake2b(digest_size=8)
    for file in sorted(here.rglob("*.py")):
        sources.update(str(file.relative_to(here)).encode())
        for part in ast.parse(file.read_bytes()).body:
            if (
                isinstance(part, ast.Assign | ast.AnnAssign | ast.Import)
                or _is_compiled(part)
                or file.name in _COMPILER
            ):
                sources.update(ast.dump(part).encode())
    return f"compiled-{sources.hexdigest()}"


def _is_compiled(part: ast.stmt) -> bool:
    """Whether a statement defines a compiled function."""
    return isinstance(part, ast.FunctionDef) and any(
        isinstance(decorator, ast.Name) and decorator.id in _DECORATORS
        for decorator in part.decorator_list
    )


def _folder() -> Path | None:
    """Return the first folder of this version that can be written to, if there is one."""
    given = _settings["CACHE_DIR"]
    parents = (
        [given] if given else [str(Path(__file__).parent / "__pycache__"), "~/.cache/plimsoll"]
    )
    version = _version()
    for parent in parents:
        try:
            folder = Path(parent).expanduser() / version
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError):  # not allowed, or nobody's home
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


KEPT_IN = None if IS_PLAIN_PYTHON else _folder()
"""The folder of what is compiled; none where nothing is, or none can be written to."""

# Nothing here passes compiled functions to C, so the wrappers for that need not be made.
_OPTIONS: dict[str, Any] = {"no_cfunc_wrapper": True, "pipeline_class": FromTheFront}


def _for_any_number(function: Any) -> Any:
    """Have a function compiled once for all integers, not again for each constant in a call.

    Numba takes a constant, as the purpose of a draw, for a type of its own, and would compile
    `uniform` some twenty times over; and what stands in a column of short integers for another.
    """
    if IS_PLAIN_PYTHON:
        return function
    by_type = function.get_call_template

    def plain(given: Any) -> Any:
        kind: Any = numba.types.unliteral(given)
        return numba.types.intp if kind == numba.types.int32 else kind

    def by_plain_type(args: Any, kws: Any) -> Any:
        return by_type(
            tuple(plain(arg) for arg in args), {name: plain(arg) for name, arg in kws.items()}
        )

    function.get_call_template = by_plain_type
    return function


def compiled(function: _F) -> _F:
    """Compile a function with numba when it is first called, and keep the result on disk.

    A change of any compiled function or constant of the model compiles all of it again, once.
    Where nothing can be written, every process compiles for itself. With ``NUMBA_DISABLE_JIT=1``
    in the environment the function stays plain Python, for a debugger and for coverage, and gives
    the same values.

    The function may read and write the tables that it is given, but make none ("Failed in nopython
    mode" if it does). Then numba need not count who uses which table, which costs several times
    what is done in a small step that is taken for every case and is given many tables.
    """
    return _compile(function, {**_OPTIONS, "_nrt": False})


def compiled_inside(function: _F) -> _F:
    """Compile a function, and put a copy of it into each compiled function that calls it.

    For the smallest steps, taken for every case, where a call costs as much as the step.
    """
    return _compile(function, {**_OPTIONS, "_nrt": False, "forceinline": True})


def compiled_making_tables(function: _F) -> _F:
    """Compile a function that makes tables of its own; otherwise as `compiled`.

    Let it make them, and leave the rounds of all cases or workers to others.
    """
    return _compile(function, _OPTIONS)


def _compile(function: _F, options: dict[str, Any]) -> _F:
    if KEPT_IN is None:
        return cast(_F, _for_any_number(numba.njit(**options)(function)))
    before = _settings["CACHE_DIR"]
    _settings["CACHE_DIR"] = str(KEPT_IN)
    try:
        return cast(_F, _for_any_number(numba.njit(cache=True, **options)(function)))
    finally:
        _settings["CACHE_DIR"] = before


class SameEachDay:
    """The compiled steps of one run, called each day without asking each table for its type.

    At each call numba asks, since a function may be compiled for several types. Of thirty tables
    that takes as long as many a step. The tables of a run keep their types, so it is asked on the
    first day only. What is not compiled is called as it is.
    """

    def __init__(self) -> None:
        self._known: dict[Callable[..., Any], Any] = {}

    def __call__(self, step: _F) -> _F:
        """Give a step to be called with the run's tables."""
        known: _F = self._known.get(step) or self._first(step)
        return known

    def _first(self, step: Any) -> Any:
        if not isinstance(step, Dispatcher):
            return step

        def call(*given: Any) -> Any:
            answer = step(*given)
            version = step.overloads.get(tuple(step.typeof_pyval(each) for each in given))
            self._known[step] = step if version is None else cast(Any, version).entry_point
            return answer

        return call
