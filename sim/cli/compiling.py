"""Compile the model when a person has time for it, which is when they install it."""

from __future__ import annotations

import typer

from sim.cli.app import app


@app.command(name="compile")
def compile_now() -> None:
    """Compile the model now, so that the first run need not wait for it."""
    from sim.model import compiled
    from sim.scenario.text_files import shown
    from sim.study.processes.compiling import compile_model, is_compiled, kept_in

    if compiled.IS_PLAIN_PYTHON:
        typer.echo("There is nothing to compile: NUMBA_DISABLE_JIT is set.")
        return
    kept, first = kept_in(), not is_compiled()
    if first:
        typer.echo("Compiling the model (some 20 seconds, once) ...")
    seconds = compile_model()
    took = f"Compiled in {seconds:.0f} seconds" if first else "The model is compiled"
    typer.echo(f"{took}: {shown(kept)}")
