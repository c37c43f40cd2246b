"""Load scenarios, policies and studies from YAML files, by path or by the name of a shipped one.

A study names its scenario as a path relative to the study's own file, as the name of a shipped
one, or has it inline; so it does with each policy. A scenario may begin with ``based_on:`` and
another scenario: what it says itself is laid over that one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from sim.resources import configs_dir
from sim.scenario.demand import WAIT_QUANTILES
from sim.scenario.locating import discriminators
from sim.scenario.merging import laid_over, part_of, put_into
from sim.scenario.policy import Policy
from sim.scenario.position.content import PositionFiles
from sim.scenario.problems import InputError, KeyPath, Problem, did_you_mean, spell
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import is_there, shown
from sim.scenario.wording import problems_of
from sim.scenario.yaml_lines import Document, read_yaml

Kind = Literal["study", "scenario", "policy"]
FOLDERS: dict[Kind, str] = {"study": "studies", "scenario": "scenarios", "policy": "policies"}
MODELS: dict[Kind, type[BaseModel]] = {"study": StudyFile, "scenario": Scenario, "policy": Policy}
MAX_BASES = 10

OWN_KEYS: dict[Kind, set[str]] = {
    "study": {"policies", "scenario", "question", "replications"},
    "policy": {"levers"},
    "scenario": {"teams", "pathways", "roles", "risk_tiers", "based_on"},
}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Loaded(Generic[Model]):
    """A model, and the document that it was made from (for the places of its values)."""

    value: Model
    document: Document


def load_study(study: str | Path, known_outcomes: Collection[str] | None = None) -> StudyFile:
    """Load a study file by its path, or a shipped study by its name.

    Parameters
    ----------
    study
        ``"my_study.yaml"``, or ``"demo"``.
    known_outcomes
        The outcomes that there are; a headline outcome that is not among them is a problem.
        (They are known to the model, a floor above this one.)

    Raises
    ------
    InputError
        With every problem of the study, its scenario and its policies.
    """
    return study_with_places(find(study, "study"), known_outcomes).value


def load_scenario(scenario: str | Path, known_outcomes: Collection[str] | None = None) -> Scenario:
    """Load a scenario file by its path, or a shipped scenario by its name; as `load_study`."""
    loaded = validated(with_bases(find(scenario, "scenario")), Scenario)
    problems = unknown_outcomes(loaded.document, known_outcomes)
    if problems:
        raise InputError(problems)
    return in_position(loaded.value, loaded.document, ())


def scenario_from(values: Mapping[str, Any]) -> Scenario:
    """Build a scenario from what a file would say; `based_on` names a shipped one."""
    return validated(_based(Document(dict(values)), Path(), ()), Scenario).value


def load_policy(policy: str | Path) -> Policy:
    """Load a policy file by its path, or a shipped policy by its name."""
    return validated(_read(find(policy, "policy"), "policy"), Policy).value


def kind_of(document: Document) -> Kind:
    """Tell from its keys whether a document is a study, a scenario or a policy."""
    keys = set(document.data)
    for kind, own in OWN_KEYS.items():
        if keys & own:
            return kind
    return "policy" if keys <= {"name", "label"} else "scenario"


def _read(path: Path, kind: Kind) -> Document:
    """Read a file of a kind; one that is clearly of another kind is refused as such."""
    document = read_yaml(path)
    found = kind_of(document)
    if found != kind and set(document.data) & OWN_KEYS[found]:
        raise InputError(Problem(f"this is a {found}, not a {kind}", file=shown(path)))
    return document


def shipped(kind: Kind) -> dict[str, Path]:
    """List the shipped files of a kind, by name."""
    folder = configs_dir() / FOLDERS[kind]
    return {path.stem: path for path in sorted(folder.rglob("*.yaml"))}


def find(asked: str | Path, kind: Kind, beside: Path | None = None) -> Path:
    """Find the file that a path or a shipped name means.

    A path is relative to the folder `beside` (the current one when left out). What ends in
    .yaml or .yml, or has a slash in it, is a path; anything else is the name of a shipped
    file, or of one beside.

    Raises
    ------
    InputError
        If there is no such file; with the nearest names.
    """
    return find_file(asked, kind, shipped(kind), beside)


def find_file(
    asked: str | Path, kind: str, known: Mapping[str, Path], beside: Path | None = None
) -> Path:
    """Find the file of any kind that a path or one of some known names means; as `find`."""
    text = str(asked)
    path = (beside or Path()) / Path(text).expanduser()
    if isinstance(asked, Path) or path.suffix in (".yaml", ".yml") or "/" in text or "\\" in text:
        return path
    if text in known:
        return known[text]
    if text in ("", ".", "..") or is_there(path, folder=True):
        raise InputError(
            Problem(
                "this is a folder, not a file",
                file=text or ".",
                accepted=f"a YAML file, or the name of a shipped {kind}: {', '.join(known)}",
            )
        )
    for candidate in (
        path,
        path.with_name(f"{path.name}.yaml"),
        path.with_name(f"{path.name}.yml"),
    ):
        if is_there(candidate):
            return candidate
    raise InputError(
        Problem(
            f"there is no {kind} called '{text}'",
            accepted=f"a path that ends in .yaml, or one of {', '.join(known) or '(none shipped)'}",
            remedy=did_you_mean(text, known),
        )
    )


def validated(document: Document, model: type[Model]) -> Loaded[Model]:
    """Build a model from a document; every problem in one InputError."""
    try:
        return Loaded(model.model_validate(document.data), document)
    except ValidationError as error:
        raise InputError(problems_of(error, document, model)) from None


def changed(file: Model, instead: Mapping[str, Any]) -> Model:
    """Return a file's content with some values in place of its own; None leaves one as it is."""
    fields = {name: getattr(file, name) for name in type(file).model_fields}
    fields |= {name: value for name, value in instead.items() if value is not None}
    return validated(Document(fields), type(file)).value


def with_bases(path: Path) -> Document:
    """Read a scenario file and whatever it is based on, laid under it."""
    return _based(_read(path, "scenario"), path, (path.resolve(),))


def study_with_places(
    path: Path, known_outcomes: Collection[str] | None = None
) -> Loaded[StudyFile]:
    """Read a study file, put its scenario and policies into it, and check the whole."""
    document = _read(path, "study")
    problems: list[Problem] = []
    unresolved: list[KeyPath] = []
    for at, kind in _references(document.data):
        try:
            document = put_into(document, at, _resolved(document, at, kind, path))
        except InputError as error:
            problems += error.problems
            unresolved.append(at)
    problems += unknown_outcomes(document, known_outcomes) + _two_numbers_of_runs(document)
    try:
        loaded = validated(document, StudyFile)
    except InputError as error:
        hidden = tuple(spell(at) for at in unresolved)
        problems += [each for each in error.problems if not _under(each.path, hidden)]
        problems.sort(key=lambda problem: problem.file != shown(path))
        raise InputError(problems) from None
    if problems:
        raise InputError(problems)
    scenario = in_position(loaded.value.scenario, loaded.document, ("scenario",))
    return Loaded(loaded.value.model_copy(update={"scenario": scenario}), loaded.document)


def in_position(scenario: Scenario, document: Document, at: KeyPath) -> Scenario:
    """Give a scenario the position that its files hold, and no warm-up; one without, as it is.

    The files' paths are relative to the file that names them.
    """
    if not isinstance(scenario.start, PositionFiles):
        return scenario
    from sim.scenario.position.reading import read_position  # its libraries take a second to load

    place = document.place((*at, "start"))
    folder = Path(place.file).parent if place else Path()
    position = read_position(scenario, folder)
    return scenario.model_copy(update={"position": position, "warm_up_weeks": 0})


def _under(path: str, above: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in above)


def _references(study: dict[str, Any]) -> list[tuple[KeyPath, Kind]]:
    """List the places of a study where a scenario or a policy stands, or is referred to."""
    places: list[tuple[KeyPath, Kind]] = []
    if isinstance(study.get("scenario"), str | dict):
        places.append((("scenario",), "scenario"))
    policies = study.get("policies")
    for number, policy in enumerate(policies if isinstance(policies, list) else ()):
        if isinstance(policy, str):
            places.append((("policies", number), "policy"))
    return places


def _resolved(document: Document, at: KeyPath, kind: Kind, path: Path) -> Document:
    """Read what stands at `at`: a name, a path or (a scenario only) the thing itself."""
    there = part_of(document, at)
    if not isinstance(there.data, str):
        return _based(there, path, ())
    file = _referred(document, at, there.data, kind, path)
    return with_bases(file) if kind == "scenario" else _read(file, kind)


def _referred(document: Document, at: KeyPath, name: str, kind: Kind, path: Path) -> Path:
    """Find a file that another one refers to; a problem names the line that does so."""
    place = document.place(at)
    file, line = (place.file, place.line) if place else (shown(path), None)
    try:
        found = find(name, kind, path.parent)
    except InputError as error:
        (problem,) = error.problems
        message, accepts, remedy = problem.message, problem.accepted, problem.remedy
        raise InputError(
            Problem(message, file, line, spell(at), repr(name), accepts, remedy)
        ) from None
    if not is_there(found):
        message = f"there is no file {shown(found)}"
        remedy = f"paths are relative to the folder of {file}"
        raise InputError(Problem(message, file, line, spell(at), repr(name), remedy=remedy))
    return found


def _based(document: Document, path: Path, above: tuple[Path, ...]) -> Document:
    """Lay a scenario over the one that it is based on, and that over its own base."""
    if not isinstance(document.data, dict) or "based_on" not in document.data:
        return document
    place = document.place(("based_on",))
    file, line = (place.file, place.line) if place else (shown(path), None)
    name = document.data["based_on"]
    own = {key: value for key, value in document.data.items() if key != "based_on"}
    changes = Document(own, document.places)
    if not isinstance(name, str):
        message = "not the path or name of a scenario"
        raise InputError(Problem(message, file, line, "based_on", str(name)))
    base_path = _referred(document, ("based_on",), name, "scenario", path)
    if base_path.resolve() in above or len(above) >= MAX_BASES:
        message = "the scenario is based on itself, by way of others or not"
        raise InputError(Problem(message, file, line, "based_on", repr(name)))
    base = _based(_read(base_path, "scenario"), base_path, (*above, base_path.resolve()))
    return laid_over(base, changes, discriminators(Scenario))


def _two_numbers_of_runs(document: Document) -> list[Problem]:
    """Find out whether a study asks both for so many runs and for as many as it takes."""
    if not {"replications", "precision"} <= set(document.data):
        return []
    place = document.place(("replications",))
    return [
        Problem(
            "the study also asks for a precision, which says how many runs there are",
            file=place.file if place else "",
            line=place.line if place else None,
            path="replications",
            given=str(document.data["replications"]),
            remedy="leave it out, and write `at_least` and `at_most` under `precision`",
        )
    ]


def unknown_outcomes(document: Document, known: Collection[str] | None) -> list[Problem]:
    """List the outcomes that a study or scenario speaks of, and neither `known` nor it names."""
    if known is None:
        return []
    known = [*known, *_own_outcomes(document.data)]
    problems = []
    for at, key in _outcomes_spoken_of(document.data):
        if key not in known:
            place = document.place(at)
            problems.append(
                Problem(
                    "there is no such outcome",
                    file=place.file if place else "",
                    line=place.line if place else None,
                    path=spell(at),
                    given=repr(key),
                    accepted="the keys that `plimsoll outcomes` lists",
                    remedy=did_you_mean(key, known),
                )
            )
    return problems


def _outcomes_spoken_of(data: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Find a study's headline outcomes, those it wants to know precisely, and safe lines."""
    headlines = data.get("outcomes")
    for number, key in enumerate(headlines if isinstance(headlines, list) else ()):
        if isinstance(key, str):
            yield ("outcomes", number), key
    precision = data.get("precision")
    narrow = precision.get("outcomes") if isinstance(precision, dict) else None
    for key in narrow if isinstance(narrow, dict) else ():
        yield ("precision", "outcomes", key), key
    for where, scenario in (((), data), (("scenario",), data.get("scenario"))):
        lines = scenario.get("safe_lines") if isinstance(scenario, dict) else None
        for key in lines if isinstance(lines, dict) else ():
            yield (*where, "safe_lines", key), key


def _own_outcomes(data: Any) -> Iterator[str]:
    """Find the outcomes that a scenario itself names, whatever else is wrong with it."""
    if isinstance(data, dict):
        timescale = data.get("timescale")
        if isinstance(timescale, dict) and isinstance(timescale.get("outcome"), str):
            yield timescale["outcome"]
        if isinstance(data.get("first_contact_outcome"), str):
            yield from (f"{data['first_contact_outcome']}_{end}" for end in WAIT_QUANTILES)
        for inside in data.values():
            yield from _own_outcomes(inside)
