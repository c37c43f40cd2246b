"""Read a YAML file safely, and remember the line of every key.

Only plain data comes out: mappings, lists, text, numbers, yes or no, dates and nothing. What
YAML does with good intentions and people do not expect is left out: a time like ``1:30`` or a
number with a leading zero is no number in base 60 or 8, and keys are always text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.scenario.problems import InputError, KeyPath, Problem, spell
from sim.scenario.text_files import read_text, shown

if TYPE_CHECKING:
    from yaml import SafeLoader
else:  # the same loader, compiled and ten times as fast, wherever it is there
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 40  # the deepest key of a scenario is 8 deep
MAX_VALUES = 200_000  # after aliases are followed; a scenario has some 2,000


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: str
    line: int


@dataclass(frozen=True)
class Document:
    """What a file says, and where it says it.

    Attributes
    ----------
    data
        The content.
    places
        The place of each key and list item, by its path.
    """

    data: Any
    places: dict[KeyPath, Place] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place | None:
        """Find the place of `path`, or of the nearest thing around it that has one."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return None


def read_yaml(path: Path) -> Document:
    """Read a file that holds a mapping.

    Raises
    ------
    InputError
        If it can't be read, isn't UTF-8 or YAML, isn't a mapping, gives a key twice, or is
        larger or deeper than any honest file.
    """
    name, text = shown(path), read_text(path)
    loader = _Loader(text)
    try:
        _check_depth(text, name)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise InputError(_yaml_problem(error, text, name)) from None
    finally:
        loader.dispose()
    if node is None:
        raise InputError(Problem("the file is empty", file=name))
    if not isinstance(node, yaml.MappingNode):
        found = "a list" if isinstance(node, yaml.SequenceNode) else "a single value"
        raise InputError(
            Problem(
                f"the file holds {found}",
                file=name,
                line=_line(node),
                accepted="a mapping: lines of the form `key: value`",
            )
        )
    reading = _Reading(name)
    data = reading.value(node, ())
    if reading.problems:
        raise InputError(reading.problems)
    return Document(data, {(): Place(name, 1), **reading.places})


class _Loader(SafeLoader):
    """PyYAML's safe loader, with rules of our own for what plain text means."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_TAG = "tag:yaml.org,2002:"
for _kind, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"(?i:true|false|yes|no|on|off)", list("tTfFyYnNoO")),
    ("int", r"[-+]?[0-9][0-9_]*", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
        r"|[0-9][0-9_]*[eE][-+]?[0-9]+|\.(?i:inf))|\.(?i:nan)",
        list("-+0123456789."),
    ),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(rf"(?:{_pattern})\Z"), _first)


def _check_depth(text: str, name: str) -> None:
    """Refuse what is nested too deeply, before anything recursive sees it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else None
                raise InputError(Problem("this is nested too deeply", file=name, line=line))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


class _Reading:
    """One pass over the nodes of a file; problems are collected, not raised one by one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def problem(self, message: str, node: yaml.Node, path: KeyPath, remedy: str = "") -> None:
        self.problems.append(Problem(message, self.file, _line(node), spell(path), remedy=remedy))

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            # Only aliases can lead here: depth and size of the text itself have been checked.
            raise InputError(
                Problem(
                    "the aliases (*name) of this file refer to themselves or multiply its content "
                    "beyond all measure",
                    file=self.file,
                    line=_line(node),
                    remedy="write the values out",
                )
            )
        if not isinstance(node, yaml.ScalarNode) and node.tag not in (_TAG + "map", _TAG + "seq"):
            self._refuse_tag(node, path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            items = []
            for number, item in enumerate(node.value):
                self.places[(*path, number)] = Place(self.file, _line(item))
                items.append(self.value(item, (*path, number)))
            return items
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        own: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
        for key_node, value_node in self._pairs(node, path):
            key = str(key_node.value)
            if key in own:
                first = _line(own[key][0])
                self.problem(
                    f"the key '{key}' is given twice (first in line {first})",
                    key_node,
                    (*path, key),
                    "keep one of the two",
                )
            own.setdefault(key, (key_node, value_node))
        for key_node, value_node in self._merged(node, path):
            own.setdefault(key_node.value, (key_node, value_node))
        result = {}
        for key, (key_node, value_node) in own.items():
            self.places[(*path, key)] = Place(self.file, _line(key_node))
            result[key] = self.value(value_node, (*path, key))
        return result

    def _pairs(
        self, node: yaml.MappingNode, path: KeyPath
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """Yield the keys that a mapping writes itself."""
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problem("a key must be text", key_node, path)
            elif key_node.tag != _TAG + "merge":
                yield key_node, value_node

    def _merged(
        self, node: yaml.MappingNode, path: KeyPath, depth: int = 0
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """Yield the keys that a mapping takes over from others with ``<<: *name``."""
        for key_node, value_node in node.value:
            if key_node.tag != _TAG + "merge" or depth > MAX_DEPTH:
                continue
            many = isinstance(value_node, yaml.SequenceNode)
            for source in value_node.value if many else [value_node]:
                if isinstance(source, yaml.MappingNode):
                    yield from self._pairs(source, path)
                    yield from self._merged(source, path, depth + 1)
                else:
                    self.problem("`<<` takes over the keys of a mapping", key_node, path)

    def _scalar(self, node: yaml.Node, path: KeyPath) -> Any:
        text = str(node.value)
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in ("true", "yes", "on", "false", "no", "off"):
            return text.lower() in ("true", "yes", "on")
        if kind in ("int", "float"):
            return self._number(text, node, path)
        if kind == "timestamp":
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text  # the model says that there is no such day
        if kind != "str":
            self._refuse_tag(node, path)
        return text

    def _refuse_tag(self, node: yaml.Node, path: KeyPath) -> None:
        tag = node.tag.replace(_TAG, "!!")
        self.problem(f"the tag {tag} is not accepted", node, path, "remove the ! and its word")

    def _number(self, text: str, node: yaml.Node, path: KeyPath) -> int | float | None:
        plain = text.replace("_", "").lower()
        if plain == ".nan":
            self.problem("'.nan' is not a number", node, path, "write a number")
            return None
        try:
            return int(plain)
        except ValueError:
            pass
        try:
            return float(plain.replace(".inf", "inf"))
        except ValueError:
            self.problem(f"{text!r} is not a number", node, path, "write a number")
            return None


def _yaml_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """Say in plain words what stops a file from being YAML."""
    lines = text.splitlines()
    if isinstance(error, yaml.reader.ReaderError):
        position = error.position if isinstance(error.position, int) else 0
        line = text.count("\n", 0, position) + 1
        return Problem("the file holds a character that text never has", file=name, line=line)
    found = Problem("the file is not YAML", file=name)
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        if error.problem and "expected a single document" in (error.context or "") + error.problem:
            message = "the file holds more than one document (a line `---` begins another)"
        elif error.problem and "undefined alias" in error.problem:
            message = error.problem.replace("found undefined alias", "nothing is named") or message
        if mark is not None:
            line_text = lines[mark.line] if mark.line < len(lines) else ""
            if "\t" in line_text[: len(line_text) - len(line_text.lstrip())]:
                found = Problem(
                    "the line is indented with a tab", file=name, remedy="indent with spaces"
                )
            elif message:
                remedy = "check the indentation, colons, quotes and brackets here and just above"
                found = Problem(f"this is not YAML: {message}", file=name, remedy=remedy)
            found = replace(found, line=min(mark.line + 1, max(len(lines), 1)))
    return found
