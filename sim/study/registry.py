"""What is known about an outcome, whether the model names it or the scenario itself does."""

from dataclasses import replace

from sim.model.outcome import Outcome
from sim.model.outcomes import OUTCOMES
from sim.model.own_outcomes import own_outcome
from sim.scenario.service import Scenario


def outcome_of(key: str, scenario: Scenario | None = None) -> Outcome:
    """Find an outcome by its key; one that is not in the registry is the scenario's own.

    With a scenario, its threshold is the safe line that the scenario draws, if it draws one.
    """
    outcome = OUTCOMES[key] if key in OUTCOMES else own_outcome(key)
    line = scenario.safe_lines.get(key) if scenario is not None else None
    if line is None:
        return outcome
    return replace(outcome, threshold=line.value, threshold_source=line.source)
