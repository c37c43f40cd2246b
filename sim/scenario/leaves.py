"""The leaves of a scenario: every number and every choice in it, each by its path.

A path is written as in the YAML: ``turnover.leaving_per_year``, ``turnover.by_tenure[0].factor``,
``pathways.child.stages.assessment.duration.mean``. A fixed duration is one leaf, and so is a list
of numbers (the twelve months of a seasonal profile).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import BaseModel

from sim.scenario.distributions import Fixed
from sim.scenario.policy import Policy

Leaf = float | str | bool | date | tuple[float, ...]

# Texts that say what something is called, or which other part is meant: no number, no choice.
NAMES = frozenset(
    {
        "name", "title", "description", "label", "outcome", "lever", "source",
        "team", "role", "roles", "beyond_role", "pathway", "stream", "skill", "skills",
        "first_contact_outcome", "also_from",
    }
)  # fmt: skip


def leaves(part: BaseModel) -> dict[str, Leaf]:
    """Every leaf of a scenario (or of a part of one), by path.

    Defaults of the models that a file leaves unset are among them, unless they mean "nothing of
    the kind": no limit, nobody, zero, switched off.
    """
    return dict(_within("", part))


def policy_leaves(policies: Iterable[Policy]) -> dict[str, Leaf]:
    """Every leaf of some policies, as in ``policies.early_help.levers[0].share``."""
    found: dict[str, Leaf] = {}
    for policy in policies:
        found |= dict(_within(f"policies.{policy.name}", policy))
    return found


def _within(path: str, value: object) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, Fixed):
        yield path, value.value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            inner = getattr(value, field)
            unset = field not in value.model_fields_set
            if field == "evidence" or (field in NAMES and isinstance(inner, str | tuple)):
                continue
            if inner is None or (unset and not inner):
                continue
            yield from _within(f"{path}.{field}" if path else field, inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _within(f"{path}.{key}", inner)
    elif isinstance(value, tuple) and not all(isinstance(v, int | float) for v in value):
        for place, inner in enumerate(value):
            yield from _within(f"{path}[{place}]", inner)
    elif isinstance(value, int | float | str | date | tuple):
        yield path, value
    else:
        raise TypeError(f"{path}: a {type(value).__name__} is neither a number nor a choice")
