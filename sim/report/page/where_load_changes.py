"""Where the load changes under each policy: cases, people, and their hours; it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from sim.report.changes import Change, unit
from sim.report.explanation import may_be_chance, signed
from sim.report.numbers import amount, bounds, decimals_of_range
from sim.report.page.accessible import picture
from sim.report.page.blocks import Block, Cell, Column, Heading, Note, Table, Text
from sim.report.page.cells import difference, level, words
from sim.report.page.material import Material, short_name
from sim.report.page.why_chart import waterfall_rows
from sim.study.comparing import Interval
from sim.study.explaining.accounting import AFTER, BEFORE, CHANGE, FACTORS, account

LABELS = {
    "cases": "Cases held",
    "hours_per_case": "Hours that a case asks for",
    "people": "People, agency included",
    "at_work": "How many are away",
    "hours_each": "Hours for cases of each",
}
SHARE = "share"  # a load is read as per cent
Parts = dict[str, Interval]


def where_load_changes(material: Material) -> list[Block]:
    """Compose the blocks: none without another policy, a note without what they are made from."""
    if not material.others:
        return []
    if not material.has("worker_loads"):
        return [Note("What the change of the load is made of was not kept with these results.")]
    by_policy = {
        str(policy): {
            str(row["part"]): Interval(float(row["mean"]), float(row["low"]), float(row["high"]))
            for row in rows.to_dict("records")
        }
        for policy, rows in account(material.results).groupby("policy", sort=False)
    }
    if not by_policy:
        return [Note("Nobody held cases in some of the simulated futures.")]
    most = min(by_policy, key=lambda name: by_policy[name][CHANGE].mean)
    label = next(short_name(each) for each in material.others if each.name == most)
    bars = _steps(by_policy[most], label)
    return [
        Heading("What the load changes by"),
        Text(
            "The load of the service is the work that its cases ask for, over the hours that those "
            "at work have for cases. Its change is split by what it is made of: how many cases "
            "people hold, how many hours each asks for, how many people there are, how many of "
            "them are away, and how many hours for cases each has. The parts add up exactly. It is "
            "book-keeping: it says where the load changed, and not what caused it. More people, "
            "for one, close cases sooner; what that does stands among the cases."
        ),
        picture(
            "why-load",
            f"Load: from the service as it is now to “{label}”, which lowers it most",
            _sentence(by_policy[most], label) + _overload(material.changes[most]),
            lambda width: waterfall_rows(bars, "load, per cent", width),
            _table(by_policy, material),
        ),
    ]


def _places(parts: Parts) -> int:
    whole = parts[CHANGE]
    return decimals_of_range(whole.low, whole.high, whole.mean, SHARE)


def _steps(parts: Parts, label: str) -> pd.DataFrame:
    """A row for each bar of the picture, as `waterfall_rows` wants them."""
    places = _places(parts) - 1
    now, then = (100 * parts[end].mean for end in (BEFORE, AFTER))

    def value(name: str, end: float) -> dict[str, object]:
        return {"step": name, "begin": None, "end": end, "low": None, "high": None,
                "kind": "value", "said": amount(end / 100, SHARE, max(places, 1))}  # fmt: skip

    rows = [value("As it is now", now)]
    for part, name in LABELS.items():
        found = parts[part]
        rows.append(
            {
                "step": name, "begin": now, "end": now + 100 * found.mean,
                "low": now + 100 * found.low, "high": now + 100 * found.high,
                "kind": "up" if found.mean > 0 else "down",
                "said": signed(found.mean, SHARE, places).removesuffix(" points"),
            }
        )  # fmt: skip
        now += 100 * found.mean
    rows.append(value(label, then))
    return pd.DataFrame(rows).astype(dict.fromkeys(("begin", "end", "low", "high"), float))


def _sentence(parts: Parts, label: str) -> str:
    """Say what the change is made of, the largest part first."""
    places, whole = _places(parts) - 1, parts[CHANGE]
    before, after = (amount(parts[end].mean, SHARE, max(places, 1)) for end in (BEFORE, AFTER))
    if may_be_chance(whole):
        return f"The change of the load under “{label}” cannot be told from chance."
    clear = [part for part in LABELS if not may_be_chance(parts[part])]
    clear.sort(key=lambda part: -abs(parts[part].mean))
    named = "; ".join(
        f"{LABELS[part][0].lower()}{LABELS[part][1:]} {signed(parts[part].mean, SHARE, places)}"
        for part in clear
    )
    rest = "" if len(clear) == len(LABELS) else "; the rest cannot be told from chance"
    way = "falls" if whole.mean < 0 else "rises"
    return f"Under “{label}” the load {way} from {before} to {after}: {named}{rest}."


def _overload(changes: Mapping[str, Change]) -> str:
    """Say what becomes of overload beside the load."""
    found = changes.get("overloaded_worker_weeks")
    if found is None or found.side not in ("better", "worse"):
        return ""
    kind = unit(found.outcome)
    before, after = (amount(end, kind, found.value_places) for end in (found.baseline, found.value))
    return f" With it, overloaded worker-weeks go from {before} to {after}."


def _table(by_policy: dict[str, Parts], material: Material) -> Table:
    columns = (
        Column("Policy"),
        Column("load then", "work of the cases held over hours for cases of those at work"),
        Column("change", "against the service as it is now, with its 95 % range"),
        *(Column(label, "part of the change, with its 95 % range") for label in LABELS.values()),
    )
    labels = {policy.name: short_name(policy) for policy in material.others}
    rows = tuple(
        (
            words(labels[policy]),
            level(parts[AFTER].mean, SHARE, 1),
            *(_with_range(parts[part], _places(parts)) for part in (CHANGE, *FACTORS)),
        )
        for policy, parts in by_policy.items()
    )
    caption = "Where the load changes: parts that add up, with their 95 % ranges"
    return Table("where the load changes", caption, columns, rows)


def _with_range(found: Interval, places: int) -> Cell:
    cell = difference(found.mean, SHARE, places)
    ends = bounds(found.low, found.high, SHARE, places)
    return replace(cell, lines=(signed(found.mean, SHARE, places), *([ends] if ends else [])))
