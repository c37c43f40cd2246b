"""Outcomes that a scenario names itself: of its timescales, waits and changes of worker."""

from __future__ import annotations

import re

from sim.model.outcome import SAFETY, Outcome
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.scenario.demand import WAIT_QUANTILES
from sim.scenario.pathway import WITH_THREE_WORKERS

_SHARE_IN_WORDS = {
    "median": "median",
    "lower_quartile": "quickest quarter",
    "upper_quartile": "slowest quarter",
    "p95": "slowest twentieth",
}
BAND = re.compile(r"(?P<outcome>.+)_(in_(?P<first>\d+)_to_(?P<last>\d+)|after_(?P<on>\d+))")
WELL_KNOWN_TIMESCALES = {
    "assessments_within_45_days": (
        "Assessments within 45 working days",
        "Assessments that ended within 45 working days of the referral, of those that ended.",
        "Working Together to Safeguard Children: 45 working days",
    ),
    "conferences_within_15_days": (
        "Conferences within 15 working days",
        "Initial child protection conferences held within 15 working days of the strategy "
        "discussion, of those held.",
        "Working Together to Safeguard Children: 15 working days",
    ),
}


def timescale_outcome(key: str) -> Outcome:
    """The outcome of a timescale: the share of the stages that ended in time."""
    label, definition, source = WELL_KNOWN_TIMESCALES.get(
        key,
        (key.replace("_", " ").capitalize(), "Stages that ended in time, of those that ended.", ""),
    )
    return Outcome(
        key, label, "share", "higher", SAFETY, definition, "ended in time / ended",
        1.0 if source else None, source,
    )  # fmt: skip


def worker_changes_outcome(key: str) -> Outcome | None:
    """The outcome of stages that count who had three or more workers within a year."""
    if not key.endswith(WITH_THREE_WORKERS):
        return None
    name = key.removesuffix(WITH_THREE_WORKERS).replace("_", " ").capitalize()
    return Outcome(
        key, f"{name} with three or more workers in a year", "share", "lower", SAFETY,
        f"{name} who had three or more workers within the last year, of all on the day; mean over "
        "week ends from the second year of the run (its warm-up included) on.",
        f"with three workers in {WORKING_DAYS_A_YEAR} working days / in the stage, at week ends",
    )  # fmt: skip


def wait_outcome(key: str) -> Outcome | None:
    """The outcome of a stream's waits to first contact, if the key ends like one."""
    for end, share in WAIT_QUANTILES.items():
        if key.endswith(f"_{end}"):
            name = key.removesuffix(f"_{end}").replace("_", " ").capitalize()
            return Outcome(
                key, f"{name}, {_SHARE_IN_WORDS[end]}", "working days", "lower", SAFETY,
                f"Working days from arriving by which {share:.0%} of those first seen were seen.",
                f"{share:g} quantile of first contact - arrival",
            )  # fmt: skip
    return None


def band_outcome(key: str) -> Outcome | None:
    """The outcome of a band of days of a timescale, if the key ends like one."""
    found = BAND.fullmatch(key)
    if found is None:
        return None
    of = timescale_outcome(found["outcome"])
    days = (
        f"days {found['first']} to {found['last']}" if found["last"] else f"after day {found['on']}"
    )
    return Outcome(
        key, f"{of.label}: {days}", "share", "neither", SAFETY,
        f"{of.definition.split(',')[0].removesuffix('.')}: those that took that long.",
        "ended in the band / ended",
    )  # fmt: skip


def own_outcome(key: str) -> Outcome:
    """The outcome that a scenario itself names, by what its key ends with; else a timescale's."""
    return (
        wait_outcome(key)
        or worker_changes_outcome(key)
        or band_outcome(key)
        or timescale_outcome(key)
    )
