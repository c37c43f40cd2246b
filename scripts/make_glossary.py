"""Write docs/glossary.md from the definitions in the code. `--check` says whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from sim.model.outcomes import OUTCOMES
from sim.report.markdown import markdown_table
from sim.scenario import policy
from sim.scenario.glossary import WORDS

PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"
BETTER = {"higher": "higher", "lower": "lower", "neither": "–"}


def glossary() -> str:
    """The page: words, levers, outcomes."""
    lines = ["# Glossary", "", "Made from the code by `scripts/make_glossary.py`.", "", "## Words"]
    lines += ["", *markdown_table(["word", "meaning"], WORDS.items(), words=2)]
    lines += ["", "## Levers of a policy", ""]
    lines += markdown_table(["lever", "what it does"], _levers(), words=2)
    lines += ["", "## Outcomes", "", "Rates and shares are fractions in files.", ""]
    rows = [
        (f"`{o.key}`", o.label, o.unit, BETTER[o.direction], o.definition)
        for o in OUTCOMES.values()
    ]
    heading = ["key", "outcome", "unit", "better", "definition"]
    lines += markdown_table(heading, rows, words=len(heading))
    return "\n".join(lines) + "\n"


def _levers() -> Iterator[tuple[str, str]]:
    """The key of each lever with what it does."""
    for name in dir(policy):
        model = getattr(policy, name)
        if isinstance(model, type) and issubclass(model, policy._Lever) and name[0] != "_":
            (key,) = model.model_fields["lever"].annotation.__args__
            yield f"`{key}`", " ".join((model.__doc__ or "").split())


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != glossary())
    PAGE.write_text(glossary())
