"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StudyName = Annotated[str, typer.Argument(help="A study file, or the name of a shipped study.")]
ResultsPath = Annotated[Path, typer.Argument(help="A folder of results.")]
Years = Annotated[float | None, typer.Option(help="Years that count, after the warm-up.")]
Jobs = Annotated[
    int | None, typer.Option(help="Processes; as many as there are processors by default.")
]
Full = Annotated[
    bool, typer.Option("--full", help="Show all tables of the findings, not the short form.")
]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", help="Show all of this policy; may be given several times."),
]
Seed = Annotated[int | None, typer.Option(help="Which chances; 0 or more.")]
