"""What a place in a file accepts, in words: "a number from 0 to 1", "one of wait, duty"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from sim.scenario.locating import Spot, is_model, keys_of, members, tags, unwrap


def accepted(spot: Spot | None) -> str:
    """Say in words what is accepted somewhere; empty when that can't be told."""
    if spot is None:
        return ""
    kind, origin = spot.kind, get_origin(spot.kind)
    if members(kind):
        return _any_of(spot)
    if origin is Literal:
        return "one of " + ", ".join(str(each) for each in get_args(kind))
    if is_model(kind):
        return "a mapping with the keys " + ", ".join(keys_of(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "one of " + ", ".join(str(each.value) for each in kind)
    if origin in (list, tuple, Sequence) or kind in (list, tuple):
        return "a list" + _lengths(spot)
    if origin in (dict, Mapping) or kind is dict:
        return "a mapping: lines of the form `key: value`" + _lengths(spot)
    if kind in (int, float):
        return ("a whole number" if kind is int else "a number") + _bounds(spot)
    if kind is str:
        return f"text: {spot.description}" if _has_pattern(spot) else "text"
    return {bool: "true or false", date: "a date, written as 2026-04-01"}.get(kind, "")


def _any_of(spot: Spot) -> str:
    if not spot.discriminator:
        each = (accepted(unwrap(member)) for member in members(spot.kind))
        return ", or ".join(dict.fromkeys(words for words in each if words))
    words = f"a mapping with `{spot.discriminator}:` one of {', '.join(tags(spot))}"
    if any(_takes_number(limit) for limit in spot.limits):
        return f"a number; or {words}"
    return words


def _takes_number(limit: Any) -> bool:
    """Say whether a validator also takes a bare number (it says so for the JSON schema)."""
    kinds = members(getattr(limit, "json_schema_input_type", None))
    return any(unwrap(kind).kind in (int, float) for kind in kinds)


def _bound(spot: Spot, name: str) -> Any:
    found = [getattr(limit, name, None) for limit in spot.limits]
    return next((bound for bound in found if bound is not None), None)


def _bounds(spot: Spot) -> str:
    least, over = _bound(spot, "ge"), _bound(spot, "gt")
    most, under = _bound(spot, "le"), _bound(spot, "lt")
    if least is not None and most is not None:
        return f" from {least:,} to {most:,}"
    upper = ""
    if most is not None:
        upper = f"at most {most:,}"
    elif under is not None:
        upper = f"under {under:,}"
    if over is not None:
        return f" over {over:,}" + (upper and f" and {upper}")
    if least is not None:
        return f", {least:,} or more" + (upper and f" and {upper}")
    return upper and f", {upper}"


def _lengths(spot: Spot) -> str:
    least, most = _bound(spot, "min_length"), _bound(spot, "max_length")
    if least and most:
        return f", {least} to {most} long"
    if least:
        return f", {least} or more long"
    return f", at most {most} long" if most else ""


def _has_pattern(spot: Spot) -> bool:
    return bool(spot.description) and _bound(spot, "pattern") is not None
