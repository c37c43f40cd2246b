"""Write what was measured into the README, between its two marks."""

from __future__ import annotations

import platform
from datetime import date
from pathlib import Path

import numba
import numpy
import simpy

README = Path(__file__).parent / "README.md"
BEGINS, ENDS = "<!-- measured: begins -->", "<!-- measured: ends -->"


def write_into_readme(found: dict[str, object], parts: dict[str, float]) -> None:
    """Replace the section 'last measured' of the README."""
    text = README.read_text()
    before, rest = text.split(BEGINS)
    _, after = rest.split(ENDS)
    README.write_text(f"{before}{BEGINS}\n{section(found, parts)}\n{ENDS}{after}")


def section(found: dict[str, object], parts: dict[str, float]) -> str:
    """The section in Markdown."""
    lines = [
        f"{date.today():%-d %B %Y}, one core of {processor()}; Python "
        f"{platform.python_version()}, numba {numba.__version__}, numpy {numpy.__version__}, "
        f"simpy {simpy.__version__}.",
        "",
        "| what | value |",
        "| --- | ---: |",
    ]
    for name, value in found.items():
        if isinstance(value, dict):
            lines += [f"| {name}, {size} workers | {each:,.0f} |" for size, each in value.items()]
        else:
            lines.append(f"| {name} | {value if value is not None else 'not measured'} |")
    total = sum(parts.values())
    lines += ["", "| part of a year | ms | share |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {ms:.1f} | {ms / total:.0%} |" for name, ms in parts.items()]
    return "\n".join(lines)


def processor() -> str:
    """The processor's name, where it can be found."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
