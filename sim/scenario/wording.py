"""Turn what pydantic found into problems that a planner can put right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.accepting import accepted
from sim.scenario.locating import NOT_THERE, Location, Spot, is_model, keys_of, locate, tags
from sim.scenario.merging import part_of
from sim.scenario.problems import KeyPath, Problem, did_you_mean, nearest, spell
from sim.scenario.yaml_lines import Document

Found = tuple[ErrorDetails, Location]


def problems_of(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> list[Problem]:
    """Say each thing that pydantic found, once, in plain words and with its place.

    What is wrong in the file itself comes before what is wrong in files that it refers to.

    Parameters
    ----------
    error
        What pydantic raised.
    document
        What was validated, with its places.
    model
        The model that it was validated as.
    """
    found = [(each, locate(each["loc"], document.data, model)) for each in error.errors()]
    found = _one_for_each_choice(found)
    misspelt = {_meant(at) for details, at in found if details["type"] == "extra_forbidden"}
    problems: list[Problem] = []
    for details, at in found:
        if details["type"] != "missing" or at.path not in misspelt:
            problems += _problems(details, at, document)
    own_file = document.places[()].file if () in document.places else ""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.file != own_file)


def _meant(at: Location) -> KeyPath:
    """Find the path that an unknown key is likely to stand for."""
    near = nearest(at.path[-1], keys_of(at.owner)) if at.path and at.owner else None
    return (*at.path[:-1], near) if near else ()


def _one_for_each_choice(found: Iterable[Found]) -> list[Found]:
    """Where any of several kinds would do, pydantic complains for each: keep the likeliest."""
    kept: list[Found] = []
    choices: dict[KeyPath, list[Found]] = {}
    for each in found:
        if each[1].choice is None:
            kept.append(each)
        else:
            choices.setdefault(each[1].choice[0], []).append(each)
    for path, group in choices.items():
        by_member: dict[str, list[Found]] = {}
        for each in group:
            by_member.setdefault(each[1].choice[1] if each[1].choice else "", []).append(each)
        # Errors within a member mean that its kind was meant; the fewest, that it was nearest. So
        # does a broken rule of its own: those are looked at once all else is in order.
        deeper = [
            errors
            for errors in by_member.values()
            if len(errors[0][1].path) > len(path) or errors[0][0]["type"] == "value_error"
        ]
        if deeper:
            likeliest: list[Found] = min(deeper, key=len)
            kept += likeliest
        else:
            details, location = group[0]
            # At the union itself, so that all that it accepts is named.
            kept.append((details, replace(location, spot=location.union)))
    return kept


def _problems(details: ErrorDetails, at: Location, document: Document) -> list[Problem]:
    kind = details["type"]
    if kind in ("value_error", "assertion_error"):
        return [_rule(text, at, document) for text in _rules(details)]
    if kind == "extra_forbidden":
        return [_unknown_key(at, document)]
    if kind == "missing":
        key = str(details["loc"][-1])
        named = at.path[:-1] if at.path and at.path[-1] == key else at.path
        meant = _meant_of_base(named, document)
        return [meant or _missing(key, accepted(at.spot), at.path, document)]
    if kind in ("union_tag_not_found", "union_tag_invalid") and at.spot and at.spot.discriminator:
        return [_tag(at.spot, at.spot.discriminator, at, document)]
    if kind == "too_short" and len(at.value) != details["ctx"]["actual_length"]:
        return []  # there are enough, but some are wrong: that has been said of each
    if details["loc"] and details["loc"][-1] == "[key]":
        return [_name(at, document)]
    message, remedy = _plainly(details, at)
    return [_placed(document, at.path, message, at.value, accepted(at.spot), remedy)]


def _placed(
    document: Document,
    path: KeyPath,
    message: str,
    value: Any = NOT_THERE,
    accepts: str = "",
    remedy: str = "",
) -> Problem:
    place = document.place(path)
    return Problem(
        message,
        file=place.file if place else "",
        line=place.line if place else None,
        path=spell(path),
        given=_short(value),
        accepted=accepts,
        remedy=remedy,
    )


def _short(value: Any) -> str:
    """Write a value as YAML would, if it is short enough to be of use."""
    if value is NOT_THERE or isinstance(value, Mapping | list | tuple):
        return ""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    return str(value)


def _unknown_key(at: Location, document: Document) -> Problem:
    known = keys_of(at.owner) if at.owner else []
    key = str(at.path[-1]) if at.path else ""
    return _placed(
        document,
        at.path,
        f"unknown key '{key}'",
        accepts=", ".join(known) or "no keys",
        remedy=did_you_mean(key, known) or "remove it, or check where it belongs",
    )


def _meant_of_base(path: KeyPath, document: Document) -> Problem | None:
    """Tell a name that lacks what a new one needs, and is nearly one of the file it is laid over.

    ``referals: {per_week: 90}`` means the `referrals` of the base, not a stream without a pathway.
    """
    if not path:
        return None
    beside = part_of(document, path[:-1]).data
    place = document.places.get(path)
    if place is None or not isinstance(beside, Mapping):
        return None
    places = {name: document.places.get((*path[:-1], name)) for name in beside}
    of_base = [name for name, other in places.items() if other and other.file != place.file]
    near = nearest(path[-1], of_base)
    if near is None:
        return None
    message = f"there is no '{path[-1]}' to change, and too little is said of it to be new"
    remedy = f"did you mean '{near}'?"
    return _placed(document, path, message, accepts=", ".join(of_base), remedy=remedy)


def _name(at: Location, document: Document) -> Problem:
    message = f"the name '{at.path[-1]}' is not of the right form"
    remedy = "use lower-case letters, digits and underscores, beginning with a letter"
    return _placed(document, at.path, message, remedy=remedy)


def _missing(key: str, accepts: str, path: KeyPath, document: Document) -> Problem:
    return _placed(
        document,
        path if path and path[-1] == key else (*path, key),
        f"the key '{key}' is missing",
        accepts=accepts,
        remedy=f"add a line `{key}: ...`",
    )


def _tag(spot: Spot, key: str, at: Location, document: Document) -> Problem:
    known = tags(spot)
    if not isinstance(at.value, Mapping):
        return _placed(document, at.path, "a value of another kind", at.value, accepted(spot))
    accepts = f"one of {', '.join(known)}"
    if key not in at.value:
        return _missing(key, accepts, (*at.path, key), document)
    value = at.value[key]
    message = f"there is no {key} {_short(value) or 'of this kind'}"
    return _placed(document, (*at.path, key), message, value, accepts, did_you_mean(value, known))


_MESSAGES = {
    "greater_than": "the number is too small",
    "greater_than_equal": "the number is too small",
    "less_than": "the number is too large",
    "less_than_equal": "the number is too large",
    "finite_number": "the number is infinite or not a number",
    "int_from_float": "not a whole number",
    "too_short": "too few entries",
    "too_long": "too many entries",
    "string_too_long": "the text is too long",
    "string_too_short": "the text is too short",
    "string_pattern_mismatch": "the text is not of the right form",
    "literal_error": "not one of the accepted values",
    "enum": "not one of the accepted values",
    "date_from_datetime_parsing": "not a date",
    "date_parsing": "not a date",
    "date_type": "not a date",
    "bool_parsing": "neither true nor false",
    "bool_type": "neither true nor false",
    "string_type": "not text",
    "int_parsing": "not a whole number",
    "int_type": "not a whole number",
    "int_parsing_size": "the number is too large",
    "float_parsing": "not a number",
    "float_type": "not a number",
    "model_type": "not a mapping of keys to values",
    "model_attributes_type": "not a mapping of keys to values",
    "dict_type": "not a mapping of keys to values",
    "mapping_type": "not a mapping of keys to values",
    "list_type": "not a list",
    "tuple_type": "not a list",
}


def _plainly(details: ErrorDetails, at: Location) -> tuple[str, str]:
    """Say what is wrong with a single value, and what may help."""
    value = at.value
    message = _MESSAGES.get(details["type"], details["msg"])
    if value is None:
        return "there is no value", "give one, or remove the key to take what holds without it"
    remedy = ""
    if details["type"] in ("literal_error", "enum"):
        choices = accepted(at.spot).removeprefix("one of ").split(", ")
        remedy = did_you_mean(value, choices)
    elif details["type"] in ("float_parsing", "int_parsing") and isinstance(value, str):
        remedy = _as_number(value)
    elif details["type"] == "string_type":
        remedy = "put it in quotes" if isinstance(value, int | float | date) else ""
    elif details["type"] in ("model_type", "dict_type", "list_type", "tuple_type") and isinstance(
        value, list | Mapping | str
    ):
        wanted_list = details["type"] in ("list_type", "tuple_type")
        remedy = (
            "begin each entry with `- `"
            if wanted_list
            else "write `key: value` lines, without `- ` before them"
            if isinstance(value, list)
            else ""
        )
    return message, remedy


def _as_number(text: str) -> str:
    """Suggest a number for text that nearly is one: 15%, £1,200, 3 weeks."""
    found = re.search(r"[-+]?\d[\d,]*\.?\d*", text)
    if not found:
        return ""
    plain = found.group().replace(",", "")
    if "%" in text:
        plain = f"{float(plain) / 100:g}"
    return f"write {plain}, a number without commas, signs or units"


def _rules(details: ErrorDetails) -> list[str]:
    """Take apart what a model's own checks say; several may come in one message."""
    text = details["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return re.split(r"; (?!known: )(?=[\w.\[\]]+: |policy ')", text)


def _rule(text: str, at: Location, document: Document) -> Problem:
    """Place a broken rule: where its message says (`teams.duty.posts: ...`), or at its model.

    A message may go on with `; known: one, two` (what is accepted) or `; do this` (the remedy).
    """
    path, accepts = at.path, ""
    start, _, rest = text.partition(": ")
    inside = _follow(start, at.value) if rest else None
    if inside is not None:
        path, text = (*path, *inside), rest
    text, _, remedy = text.partition("; ")
    if remedy.startswith("known: "):
        accepts = "one of " + remedy.removeprefix("known: ")
        quoted = re.search(r"'([^']*)'", text)
        known = remedy.removeprefix("known: ").split(", ")
        remedy = did_you_mean(quoted.group(1), known) if quoted else ""
    value = NOT_THERE if is_model(at.spot.kind if at.spot else None) else at.value
    return _placed(document, path, text, value, accepts, remedy)


def _follow(words: str, data: Any) -> KeyPath | None:
    """Read `teams.duty.posts[2]` as a path into `data`; None if it does not lead anywhere."""
    lever = re.match(r"policy '(\w+)', lever (\d+)", words)
    if lever and isinstance(data, Mapping):
        names = [policy.get("name") for policy in data.get("policies", ())]
        if lever.group(1) in names:
            return ("policies", names.index(lever.group(1)), "levers", int(lever.group(2)) - 1)
    if not re.fullmatch(r"\w+(\.\w+|\[\d+\])*", words):
        return None
    path: list[str | int] = []
    for part in re.findall(r"\w+", words):
        if isinstance(data, list) and part.isdigit() and int(part) < len(data):
            path.append(int(part))
            data = data[int(part)]
        elif isinstance(data, Mapping) and part in data:
            path.append(part)
            data = data[part]
        elif isinstance(data, Mapping) and path:
            path.append(part)  # a key that is missing: its place is that of what is around it
            return tuple(path)
        else:
            return None
    return tuple(path)
