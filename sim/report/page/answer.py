"""The answer in three sentences: how the service is, what helps most, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.model.outcome import Outcome
from sim.report.changes import Change, unit
from sim.report.numbers import amount, change, decimals
from sim.report.page.blocks import Lead, Section, Text
from sim.report.page.material import Material, ahead, short_name
from sim.report.page.safe_lines import lines_in_words
from sim.report.safe_line import places_beside_line
from sim.scenario.policy import Policy
from sim.study.registry import outcome_of

JUDGED = ("Safety", "Wellbeing")
SHOWN = ("overloaded_worker_weeks", "caseload_per_fte")


@dataclass(frozen=True)
class Best:
    """The policy that does most for an outcome, and the next."""

    outcome: Outcome
    policy: Policy
    change: Change
    next: Policy | None


def answer(material: Material) -> Section:
    """Compose the section."""
    found = [each for theme in JUDGED if (each := _best(material, theme)) is not None]
    sentences = [_as_it_is(material)]
    if material.others:
        sentences += [_what_helps(material, found), _how_sure(material, found)]
    caveat = Text(
        "A simulation shows what follows from its assumptions. Differences between policies can "
        "be trusted more than the levels themselves, and neither more than the assumptions, which "
        "are listed below."
    )
    return Section("answer", "The answer", (Lead(tuple(sentences)), caveat))


def _as_it_is(material: Material) -> str:
    said = []
    for key in SHOWN:
        outcome = outcome_of(key, material.study.scenario)
        found = material.level(material.baseline.name, key)
        if material.is_hidden(outcome) or math.isnan(found.mean):
            continue
        places = decimals((found.high - found.low) / 2, found.mean, unit(outcome))
        places = places_beside_line(outcome, found.mean, places)
        value = amount(found.mean, unit(outcome), places)
        said.append(
            f"a full-time worker holds {value} cases"
            if key == "caseload_per_fte"
            else f"workers are overloaded in {value} of their weeks"
        )
    if lines := lines_in_words(material):
        said.append(lines)
    if not said:
        return "The service was simulated as it is now."
    return f"As the service is now, {_listed(said)}."


def _best(material: Material, theme: str) -> Best | None:
    """The policy with the largest mean change for the better, if any has one."""
    outcome = material.speaks_for(theme)
    if outcome is None or outcome.direction == "neither":
        return None
    sign = 1 if outcome.direction == "higher" else -1
    ranked = sorted(
        (policy for policy in material.others if outcome.key in material.changes[policy.name]),
        key=lambda policy: -sign * material.changes[policy.name][outcome.key].difference,
    )
    if not ranked:
        return None
    first, *rest = ranked
    found = material.changes[first.name][outcome.key]
    if found.side != "better":
        return None
    return Best(outcome, first, found, rest[0] if rest else None)


def _what_helps(material: Material, found: list[Best]) -> str:
    if not found:
        if len(material.others) == 1:
            return "The policy makes neither the service clearly safer nor its workers better off."
        return (
            f"None of the {len(material.others)} policies makes the service clearly safer or its "
            "workers clearly better off."
        )
    together: dict[str, list[Best]] = {}
    for each in found:
        together.setdefault(each.policy.name, []).append(each)
    said = []
    for bests in together.values():
        gains = "; ".join(
            f"{_lower(each.outcome.label)} "
            f"{change(each.change.difference, unit(each.outcome), each.change.places_alone)}, "
            f"{each.change.sure}"
            for each in bests
        )
        said.append(
            f"“{short_name(bests[0].policy)}” does most for {_themes(material, bests)} ({gains}) "
            f"and costs {_how_much(material, bests[0].policy)}"
        )
    without = [
        theme.lower()
        for theme in JUDGED
        if (outcome := material.speaks_for(theme)) is not None
        and all(each.outcome != outcome for each in found)
    ]
    if without:
        said.append(f"none is clearly better for {' or '.join(without)}")
    return f"{', while '.join(said)}."


def _themes(material: Material, bests: list[Best]) -> str:
    names = [
        theme.lower()
        for theme in JUDGED
        if any(each.outcome == material.speaks_for(theme) for each in bests)
    ]
    return " and ".join(names)


def _how_much(material: Material, policy: Policy) -> str:
    cost = material.changes[policy.name]["total_cost"]
    size = amount(abs(cost.difference), unit(cost.outcome), cost.places_alone)
    if cost.side in ("open", "unseen"):
        return "about the same"
    return f"{size} {'more' if cost.difference > 0 else 'less'} a year"


def _how_sure(material: Material, found: list[Best]) -> str:
    if material.study.replications == 1:
        return "Simulated in one future only, the study cannot tell how sure that is."
    if not found:
        return "More simulated futures would tell smaller differences apart."
    themes: dict[tuple[str, str, bool], list[Best]] = {}
    for each in found:
        if each.next is not None:
            lead = ahead(material, each.policy.name, each.next.name, each.outcome.key)
            clear = lead.low > 0 or lead.high < 0
            names = short_name(each.policy), short_name(each.next)
            themes.setdefault((*names, clear), []).append(each)
    if not themes:
        return "There is no other policy to compare it with."
    said = [
        f"for {_themes(material, bests)} "
        + (f"“{first}” is clearly ahead of the next, “{second}”" if clear
           else f"“{second}” may do as much as “{first}”")
        for (first, second, clear), bests in themes.items()
    ]  # fmt: skip
    which = [clear for _, _, clear in themes]
    how = "clear" if all(which) else "partly clear" if any(which) else "less sure"
    return f"Which does most is {how}: {_listed(said)}."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _listed(said: list[str]) -> str:
    return " and ".join(part for part in (", ".join(said[:-1]), said[-1]) if part)
