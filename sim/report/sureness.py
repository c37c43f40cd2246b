"""How far the changes can be trusted: all policies at once, the precision reached, the pairing."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence

from sim.report.changes import Change, unit
from sim.report.numbers import amount, decimals
from sim.study.precision import Reached
from sim.study.registry import outcome_of


def not_among_all(changes: Sequence[Change], policies: int) -> str:
    """Name the changes of a policy that are clear by themselves, but not among all policies."""
    unclear = [each.outcome.label for each in changes if each.is_clear and not each.holds_up]
    if not unclear or policies < 2:
        return ""
    return f"Not clear any more when all {policies} policies are compared: {_listed(unclear)}."


def all_at_once(changes: Mapping[str, Sequence[Change]]) -> str:
    """Say how many changes hold up when all policies are compared."""
    every = [each for of_policy in changes.values() for each in of_policy]
    if len(changes) < 2 or all(math.isnan(each.together_low) for each in every):
        return ""
    clear = [each for each in every if each.is_clear]
    return (
        f"Among all {len(every)} changes, {len(clear)} are clear by themselves (their 95 % range "
        f"leaves out 0), and {sum(each.holds_up for each in clear)} hold up when all "
        f"{len(changes)} policies are compared: wider ranges, which for each outcome are right for "
        "all policies at once with a probability of 95 in 100."
    )


def what_pairing_buys(changes: Mapping[str, Sequence[Change]]) -> str:
    """Say what it buys that every policy meets the same chances, as a median and at the least."""
    known = [
        (each.variance_reduction, each.outcome.label, policy)
        for policy, of_policy in changes.items()
        for each in of_policy
        if not math.isnan(each.variance_reduction)
    ]
    if not known:
        return ""
    median = statistics.median(times for times, _, _ in known)
    least, label, policy = min(known)
    return (
        f"Since every policy meets the same chances, the changes are known as precisely as from "
        f"{_times(median)} as many runs with chances of their own (median of {len(known)} changes; "
        f"at the least {_times(least)}: {label} under {policy})."
    )


def precision_lines(found: Sequence[Reached]) -> Iterator[str]:
    """Say of each outcome how precisely it was to be known, and how precisely it is."""
    for each in found:
        outcome = outcome_of(each.outcome)
        kind = unit(outcome)
        asked, is_now = (_half_width(width, kind) for width in (each.asked, each.half_width))
        start = f"{outcome.label}: to be known within {asked}; with {each.replications} runs"
        if each.is_reached:
            yield f"{start} it is within {is_now}, under every policy."
        elif math.isfinite(each.half_width):
            yield f"{start} not reached: within {is_now} under {each.policy}{_needed(each)}."
        else:
            yield f"{start} it cannot be told: too few of them have this outcome."


def _needed(each: Reached) -> str:
    if not math.isfinite(each.needed):
        return ""
    digits = max(0, math.floor(math.log10(each.needed)) - 1)
    about = math.ceil(each.needed / 10**digits) * 10**digits
    return f", and about {about:,} runs would be needed"


def _half_width(width: float, kind: str) -> str:
    if not math.isfinite(width):
        return "any range"
    text = amount(width, kind, decimals(math.nan, width, kind))
    return f"±{text.replace(' %', ' points')}"


def _times(times: float) -> str:
    return f"{times:,.0f} times" if times >= 10 else f"{times:.1f} times"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
