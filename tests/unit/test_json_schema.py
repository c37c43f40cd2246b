"""The JSON schemas that editors use accept what the loader accepts, and are up to date."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from sim.resources import configs_dir
from sim.scenario.json_schema import json_schema, schema_text, write_schemas
from sim.scenario.loading import MODELS, shipped
from tests.stand_ins import SMALL_SERVICE, SMALL_STUDY

pytestmark = pytest.mark.unit

KINDS = list(MODELS)


def errors(kind: str, text: str) -> list[str]:
    """Check YAML as an editor does, in which a date is text."""
    data = yaml.load(text, Loader=yaml.BaseLoader)
    data = numbers(data)
    return [error.message for error in Draft202012Validator(json_schema(kind)).iter_errors(data)]


def numbers(data):
    """Read numbers and truth, and leave dates as they are written."""
    if isinstance(data, dict):
        return {key: numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [numbers(value) for value in data]
    found = yaml.safe_load(data) if data else None
    return found if isinstance(found, int | float | bool) or found is None else data


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_schemas(kind):
    Draft202012Validator.check_schema(json_schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_written_schemas_are_up_to_date(kind):
    path = configs_dir() / "schema" / f"{kind}.json"
    is_new = path.is_file() and path.read_text(encoding="utf-8") == schema_text(kind)
    assert is_new, "the models have changed: run .venv/bin/plimsoll schema --write configs/schema"


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_files_agree_with_their_schema(kind):
    for path in shipped(kind).values():
        assert errors(kind, path.read_text(encoding="utf-8")) == [], path


def test_what_the_loader_accepts_the_schema_accepts():
    assert errors("scenario", SMALL_SERVICE) == []
    assert errors("study", SMALL_STUDY) == []
    inline = yaml.safe_dump(yaml.safe_load(SMALL_STUDY) | {"scenario": {"based_on": "x.yaml"}})
    assert errors("study", inline) == []
    by_file = SMALL_STUDY.replace("outcomes:", "  - policy.yaml\noutcomes:")
    assert errors("study", by_file) == []


def test_what_the_loader_refuses_the_schema_refuses():
    assert errors("scenario", SMALL_SERVICE + "colour: red\n")
    assert errors("scenario", "based_on: x.yaml\ncolour: red\n")
    assert errors("scenario", SMALL_SERVICE.replace("warm_up_weeks: 4", "warm_up_weeks: -4"))
    assert errors("scenario", SMALL_SERVICE.replace("title: A small service\n", ""))
    assert errors("study", SMALL_STUDY.replace("lever: posts", "lever: post"))
    assert errors("policy", "name: x\nlabel: y\nlevers:\n  - {lever: caseload_cap, cases: -1}\n")


def test_schemas_are_written_into_a_folder(tmp_path):
    written = write_schemas(tmp_path / "new")
    assert [path.name for path in written] == ["study.json", "scenario.json", "policy.json"]
    assert json.loads(written[0].read_text(encoding="utf-8"))["title"] == "Plimsoll study"
