"""From where pydantic says an error is to the path in the file, and what is accepted there.

Pydantic puts the names of union members between the keys of a file: ``levers, 0, posts, fte``.
This walks the types beside the data, and so knows which of these a person wrote.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.problems import KeyPath

NOT_THERE = object()


@dataclass(frozen=True)
class Spot:
    """A type, and what its annotations add to it."""

    kind: Any
    limits: tuple[Any, ...] = ()
    description: str = ""
    discriminator: str | None = None


@dataclass
class Location:
    """Where an error is.

    Attributes
    ----------
    path
        The keys and list positions that lead there, in the file.
    value
        What the file has there, or `NOT_THERE`.
    spot
        What is accepted there, or None if that can't be told.
    owner
        The model that the last key belongs to.
    choice
        The path of the undiscriminated union that the error is under, and the name of the
        member that was tried; None when there is none.
    union
        What that union accepts.
    """

    path: KeyPath
    value: Any
    spot: Spot | None
    owner: type[BaseModel] | None = None
    choice: tuple[KeyPath, str] | None = None
    union: Spot | None = None


def locate(where: Sequence[str | int], data: Any, model: type[BaseModel]) -> Location:
    """Find out where in `data` an error of `model` is."""
    found = Location((), data, Spot(model))
    for part in where:
        _step(found, part)
    return found


def _step(found: Location, part: str | int) -> None:
    spot = found.spot
    if part == "[key]":  # the error is about the key itself, which the path ends with already
        found.spot = None
        return
    if spot is not None:
        kind = spot.kind
        if members(kind):
            if not spot.discriminator and found.choice is None:
                found.choice, found.union = (found.path, str(part)), spot
            found.spot = _member(spot, part)
            if found.spot is None and not isinstance(found.value, Mapping):
                found.spot = spot  # a bare number, read as a member of the union
            return
        if is_model(kind):
            found.owner = kind
            info = _field(kind, part)
            found.spot = unwrap_field(info) if info else None
        elif get_origin(kind) in (dict, Mapping) or kind is dict:
            found.spot = unwrap((*get_args(kind), Any, Any)[1])
        else:
            found.spot = _item(kind, part)
    _enter(found, part)


def _enter(found: Location, part: str | int) -> None:
    value = found.value
    if isinstance(value, Mapping):
        found.value = value.get(part, NOT_THERE)
    elif isinstance(value, list | tuple) and isinstance(part, int) and part < len(value):
        found.value = value[part]
    else:
        # A plain value that was read as something larger (90 as a fixed duration): the file
        # has no such key, and the path stays where the value is.
        return
    found.path = (*found.path, part)


def unwrap_field(info: FieldInfo) -> Spot:
    """Describe the field of a model."""
    inner = unwrap(info.annotation)
    tag = info.discriminator if isinstance(info.discriminator, str) else inner.discriminator
    return Spot(
        inner.kind,
        (*info.metadata, *inner.limits),
        inner.description or info.description or "",
        tag,
    )


def unwrap(annotation: Any) -> Spot:
    """Take the wrapping off a type: ``Annotated``, a named alias, ``| None``."""
    limits: list[Any] = []
    description, discriminator = "", None
    while True:
        if hasattr(annotation, "__value__"):  # type Name = ...
            annotation = annotation.__value__
        elif get_origin(annotation) is Annotated:
            annotation, *extras = get_args(annotation)
            for extra in extras:
                if isinstance(extra, FieldInfo):
                    limits += extra.metadata
                    description = description or extra.description or ""
                    if isinstance(extra.discriminator, str):
                        discriminator = extra.discriminator
                else:
                    limits.append(extra)
        elif _is_union(annotation):
            some = [each for each in get_args(annotation) if each is not type(None)]
            if len(some) != 1:
                break
            annotation = some[0]
        else:
            break
    return Spot(annotation, tuple(limits), description, discriminator)


def members(kind: Any) -> list[Any]:
    """List the members of a union other than None; nothing for any other type."""
    if not _is_union(kind):
        return []
    return [each for each in get_args(kind) if each is not type(None)]


def is_model(kind: Any) -> bool:
    """Say whether a type is one of our models."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def tags(spot: Spot) -> dict[str, Any]:
    """Map the tags of a discriminated union to its members."""
    found: dict[str, Any] = {}
    for member in members(spot.kind):
        kind = unwrap(member).kind
        if spot.discriminator and is_model(kind):
            info = kind.model_fields.get(spot.discriminator)
            for tag in get_args(info.annotation) if info else ():
                found[str(tag)] = kind
    return found


def keys_of(model: type[BaseModel]) -> list[str]:
    """List the keys that a model accepts, as they are written in a file."""
    return [info.alias or name for name, info in model.model_fields.items()]


def discriminators(model: type[BaseModel]) -> set[str]:
    """List the keys (`lever`, `distribution`) that say of which kind a mapping is."""
    seen: set[Any] = set()
    found: set[str] = set()

    def visit(spot: Spot) -> None:
        if spot.discriminator:
            found.add(spot.discriminator)
        if is_model(spot.kind):
            if spot.kind in seen:
                return
            seen.add(spot.kind)
            for info in spot.kind.model_fields.values():
                visit(unwrap_field(info))
        else:
            for inner in get_args(spot.kind):
                visit(unwrap(inner))

    visit(Spot(model))
    return found


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _field(model: type[BaseModel], part: str | int) -> FieldInfo | None:
    for name, info in model.model_fields.items():
        if part in (name, info.alias):
            return info
    return None


def _item(kind: Any, part: str | int) -> Spot | None:
    inside = get_args(kind)
    if not inside or not isinstance(part, int):
        return None
    if get_origin(kind) is tuple and inside[-1] is not Ellipsis:
        return unwrap(inside[part]) if part < len(inside) else None
    return unwrap(inside[0])


def _member(spot: Spot, part: str | int) -> Spot | None:
    if str(part) in tags(spot):
        return Spot(tags(spot)[str(part)])
    for member in members(spot.kind):
        inner = unwrap(member)
        name = getattr(inner.kind, "__name__", str(inner.kind))
        # A model with checks of its own is called `function-after[_check(), Name]`.
        if part == name or str(part).startswith(f"{name}[") or str(part).endswith(f", {name}]"):
            return inner
    return None
