"""Begin with an authority's own published figures."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app, warn
from sim.scenario.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from sim.scenario.authority.areas import Area

AVERAGE = "_average_england"


@app.command()
def init(
    file: Annotated[Path | None, typer.Argument(help="The scenario file to write (.yaml).")] = None,
    authority: Annotated[
        str | None, typer.Option(help="The name or three-digit code of an English authority.")
    ] = None,
    service: Annotated[str, typer.Option(help="Which service.")] = "children",
    year: Annotated[
        int | None, typer.Option(help="With nothing published later than this year.")
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="Also write a study of the scenario here (.yaml).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    list_all: Annotated[bool, typer.Option("--list", help="List the authorities.")] = False,
) -> None:
    """Write a ready scenario for an authority from what is published of it."""
    from sim.scenario.authority.areas import area_called, authorities, last_year
    from sim.scenario.authority.own_scenario import own_scenario
    from sim.scenario.authority.table import published_figures
    from sim.scenario.authority.written import scenario_text, study_text
    from sim.scenario.offered_work import warnings
    from sim.scenario.text_files import shown
    from sim.study.files import write_text
    from sim.study.storing.folder import cannot_write

    if list_all:
        _list(authorities(year))
        return
    problems = _problems(file, authority, service, study, force)
    try:
        found = None if authority is None else area_called(authority, year)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    assert file is not None
    assert found is not None
    own = own_scenario(published_figures(), found, last_year() if year is None else year)
    at = "" if year is None else f" --year {year}"
    texts = {file: scenario_text(own, f'plimsoll init --authority "{found.name}"{at} {file.name}')}
    if study is not None:
        texts[study] = study_text(own, _seen_from(study, file))
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, text)
        except OSError as error:
            raise cannot_write(path.parent, error) from None
        typer.echo(f"Written: {shown(path)}")
    warn(warnings(own.scenario()))
    if study is not None:
        typer.echo(f"\nRun it:\n    plimsoll run {study}")
    else:
        typer.echo(
            "\nName it in a study (`scenario: "
            f"{file.name}`), or have one written: the same with --study FILE."
        )


def _problems(
    file: Path | None, authority: str | None, service: str, study: Path | None, force: bool
) -> list[Problem]:
    from sim.scenario.loading import shipped

    problems = []
    averages = [name for name in shipped("scenario") if name.endswith(AVERAGE)]
    services = [name.removesuffix(AVERAGE) for name in averages]
    if service not in services:
        accepted, remedy = ", ".join(services), did_you_mean(service, services)
        problems.append(Problem("no such service", "", None, "service", service, accepted, remedy))
    elif service != "children":
        message = "figures of every authority are published for children's services only"
        remedy = f"begin with the average authority: `based_on: {service}{AVERAGE}`"
        problems.append(Problem(message, path="service", given=service, remedy=remedy))
    if authority is None:
        remedy = "`plimsoll init --list` prints the names"
        problems.append(Problem("say which authority", path="authority", remedy=remedy))
    if file is None:
        problems.append(Problem("name the file to write", accepted="a path that ends in .yaml"))
    for path in (file, study):
        if path is None:
            continue
        if path.suffix not in (".yaml", ".yml"):
            accepted = "a path that ends in .yaml"
            problems.append(Problem("not the name of a YAML file", str(path), accepted=accepted))
        elif path.exists() and not force:
            remedy = "name another, or write over it with --force"
            problems.append(Problem("this exists already", str(path), remedy=remedy))
    if file is not None and study is not None and file.resolve() == study.resolve():
        problems.append(Problem("the scenario and the study need a file each", str(study)))
    return problems


def _seen_from(study: Path, file: Path) -> str:
    """The path of a file as the study's own folder sees it."""
    import os.path

    return Path(os.path.relpath(file.resolve(), study.resolve().parent)).as_posix()


def _list(areas: list[Area]) -> None:
    by_region = sorted(areas, key=lambda area: (area.region, area.name))
    for region, of_region in groupby(by_region, key=lambda area: area.region):
        typer.echo(region)
        for area in of_region:
            others = f"  (also: {', '.join(area.other_names)})" if area.other_names else ""
            typer.echo(f"    {area.name}{others}")
