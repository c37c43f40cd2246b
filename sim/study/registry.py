"""What is known about an outcome, whether the model names it or a scenario's own timescale."""

from sim.model.outcomes import OUTCOMES, Outcome, timescale_outcome


def outcome_of(key: str) -> Outcome:
    """Find an outcome by its key; one that is not in the registry is a scenario's timescale."""
    return OUTCOMES[key] if key in OUTCOMES else timescale_outcome(key)
