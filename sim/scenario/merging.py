"""Lay one document over another, or into another, keeping track of where each value is written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sim.scenario.problems import KeyPath
from sim.scenario.yaml_lines import Document, Place


def laid_over(base: Document, changes: Document, kinds: Collection[str] = ()) -> Document:
    """Lay `changes` over `base`: mappings merge key by key, anything else is replaced whole.

    Parameters
    ----------
    base, changes
        What is changed, and the changes.
    kinds
        Keys that say of which kind a mapping is (`distribution`, `lever`). A mapping of another
        kind replaces the one below it: an exponential has no use for a lognormal's spread.
    """
    places = dict(base.places)
    return Document(_merge(base.data, changes, (), places, kinds), places)


def put_into(document: Document, path: KeyPath, part: Document) -> Document:
    """Put `part` in place of what `document` has at `path` (which exists)."""
    places = {at: place for at, place in document.places.items() if at[: len(path)] != path}
    places |= {(*path, *at): place for at, place in part.places.items()}
    return Document(_replaced(document.data, path, part.data), places)


def part_of(document: Document, path: KeyPath) -> Document:
    """Take what `document` has at `path` as a document of its own."""
    data = document.data
    for step in path:
        data = data[step]
    inside = {at: place for at, place in document.places.items() if at[: len(path)] == path}
    return Document(data, {at[len(path) :]: place for at, place in inside.items()})


def _replaced(data: Any, path: KeyPath, value: Any) -> Any:
    if not path:
        return value
    copy = data.copy()
    copy[path[0]] = _replaced(data[path[0]], path[1:], value)
    return copy


def _merge(
    below: Any,
    changes: Document,
    path: KeyPath,
    places: dict[KeyPath, Place],
    kinds: Collection[str],
) -> Any:
    above = changes.data
    for step in path:
        above = above[step]
    if not isinstance(below, dict) or not isinstance(above, dict) or _differ(below, above, kinds):
        for at in [at for at in places if at[: len(path)] == path]:
            del places[at]
        places |= {at: place for at, place in changes.places.items() if at[: len(path)] == path}
        return above
    if path in changes.places:
        places[path] = changes.places[path]
    merged = {key: _merge(below.get(key), changes, (*path, key), places, kinds) for key in above}
    return below | merged


def _differ(below: dict[str, Any], above: dict[str, Any], kinds: Collection[str]) -> bool:
    return any(kind in above and above[kind] != below.get(kind) for kind in kinds)
