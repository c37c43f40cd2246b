"""What is known about an outcome, whether the model names it or the scenario itself does."""

from sim.model.outcomes import OUTCOMES, Outcome, own_outcome


def outcome_of(key: str) -> Outcome:
    """Find an outcome by its key; one that is not in the registry is the scenario's own."""
    return OUTCOMES[key] if key in OUTCOMES else own_outcome(key)
