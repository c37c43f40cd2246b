"""Write docs/glossary.md from the definitions in the code. `--check` says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.model.outcomes import OUTCOMES
from sim.scenario import policy
from sim.scenario.glossary import WORDS

PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"
BETTER = {"higher": "higher", "lower": "lower", "neither": "–"}


def glossary() -> str:
    """The page: words, levers, outcomes."""
    lines = ["# Glossary", "", "Made from the code by `scripts/make_glossary.py`.", "", "## Words"]
    lines += ["", "| word | meaning |", "| --- | --- |"]
    lines += [f"| {word} | {meaning} |" for word, meaning in WORDS.items()]
    lines += ["", "## Levers of a policy", "", "| lever | what it does |", "| --- | --- |"]
    for name in dir(policy):
        model = getattr(policy, name)
        if isinstance(model, type) and issubclass(model, policy._Lever) and name[0] != "_":
            (key,) = model.model_fields["lever"].annotation.__args__
            lines.append(f"| `{key}` | {' '.join((model.__doc__ or '').split())} |")
    lines += ["", "## Outcomes", "", "Rates and shares are fractions in files.", ""]
    lines += ["| key | outcome | unit | better | definition |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{o.key}` | {o.label} | {o.unit} | {BETTER[o.direction]} | {o.definition} |"
        for o in OUTCOMES.values()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != glossary())
    PAGE.write_text(glossary())
