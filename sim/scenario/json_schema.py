"""JSON schemas of the three kinds of file, for editors that complete and check as one types.

They describe the files, not the models: a study may refer to its scenario and policies by path
or name, and a scenario that is based on another need not say everything.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.scenario.loading import FOLDERS, MODELS, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: Kind) -> dict[str, Any]:
    """Describe a kind of file as a JSON schema."""
    schema = MODELS[kind].model_json_schema(mode="validation")
    definitions = schema.pop("$defs", {})
    if kind == "scenario":
        schema = _scenario(schema)
    if kind == "study":
        folder = FOLDERS["scenario"]
        definitions["Scenario"] = _scenario(definitions["Scenario"])
        schema["properties"]["scenario"] = {
            "description": f"a path, the name of a shipped scenario ({folder}/), or a scenario",
            "anyOf": [{"type": "string"}, {"$ref": "#/$defs/Scenario"}],
        }
        policies = schema["properties"]["policies"]
        policies["items"] = {"anyOf": [{"type": "string"}, policies["items"]]}
    return headed(kind, schema, definitions)


def headed(kind: str, schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Put the dialect and a title before the schema of a file of any kind, its parts after it."""
    return {
        "$schema": DIALECT,
        "title": f"Plimsoll {kind}",
        **{key: value for key, value in schema.items() if key != "title"},
        "$defs": definitions,
    }


def _scenario(whole: dict[str, Any]) -> dict[str, Any]:
    """Allow `based_on`, and ask for less where it is given."""
    based_on = {"type": "string", "description": "the scenario that this one is laid over"}
    return {
        "description": whole.get("description", ""),
        "type": "object",
        "if": {"required": ["based_on"]},
        "then": {
            "properties": {"based_on": based_on, **dict.fromkeys(whole["properties"], True)},
            "additionalProperties": False,
        },
        "else": whole,
    }


def schema_text(kind: Kind) -> str:
    """Write a schema as the text of a file."""
    return as_text(json_schema(kind))


def as_text(schema: dict[str, Any]) -> str:
    """Write any schema as the text of a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas of all kinds of file into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in MODELS:
        path = folder / f"{kind}.json"
        path.write_text(schema_text(kind), encoding="utf-8")
        written.append(path)
    return written
