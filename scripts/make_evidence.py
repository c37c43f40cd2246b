"""Make the evidence table: configs/evidence/parameters.csv and targets.csv, and the page's counts.

    python scripts/make_evidence.py            write them
    python scripts/make_evidence.py --check    only say whether they are up to date (exit 1 if not)

What a row says is typed in scripts/evidence/*.yaml; the published figures behind it are in
configs/evidence/facts.csv. Published and derived values are typed and a test holds the scenario to
them; the value of an assumption is read from the scenario, so after a recalibration run this again.
"""

from __future__ import annotations

import csv
import importlib
import io
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from sim.report.markdown import markdown_table
from sim.scenario.evidence import (
    CODE,
    TOTAL,
    EvidenceRow,
    Target,
    as_text,
    facts,
    totals,
    weightiest,
)
from sim.scenario.leaves import leaves, policy_leaves
from sim.scenario.loading import load_policy, load_scenario, load_study
from sim.scenario.uncertain import load_uncertain
from sim.scenario.values import pattern
from sim.study.plausible_sets import OWN, SET, shipped_sets

AVERAGE = "_average_england"
ROOT = Path(__file__).resolve().parents[1]
SPECS = Path(__file__).resolve().parent / "evidence"
EVIDENCE = ROOT / "configs" / "evidence"
PAGE = ROOT / "docs" / "evidence.md"
WEIGHTIEST = re.compile(r"(<!-- weightiest (\w+) -->\n).*?(<!-- /weightiest -->)", re.DOTALL)
COUNTS = re.compile(r"(<!-- counts -->\n).*?(<!-- /counts -->)", re.DOTALL)


def subjects() -> dict[str, dict[str, Any]]:
    """All shipped leaves, by the name of the scenario, study or policy that they stand in."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "configs" / "scenarios").glob("*.yaml")):
        scenario = load_scenario(path)
        found[scenario.name] = {**leaves(scenario), **totals(scenario)}
    for path in sorted((ROOT / "configs" / "studies").glob("*.yaml")):
        study = load_study(path)
        found[study.name] = policy_leaves(study.policies)
    for path in sorted((ROOT / "configs" / "policies").glob("*.yaml")):
        policy = load_policy(path)
        found[policy.name] = policy_leaves([policy])
    return found


def constant(path: str) -> Any:
    """The value of a constant of the model, as in code:sim.model.absence.MIDDLE."""
    module, name = path.removeprefix(CODE).rsplit(".", 1)
    return getattr(importlib.import_module(module), name)


def rows_of(
    spec: dict[str, Any], places: dict[str, Any], known: dict[str, EvidenceRow]
) -> list[EvidenceRow]:
    """The rows that one entry of a specification makes: one for each path that it fits."""
    fits = [(path, match) for path in places if (match := pattern(spec["path"]).match(path))]
    made = []
    for path, match in fits:
        value = spec["value"] if "value" in spec else places[path]
        steps = [step.strip("_") for step in match.groups() if step]
        fields = {k: v for k, v in spec.items() if k not in ("facts", "value")}
        fields |= {
            "key": "_".join([spec["key"], *steps]) if len(fits) > 1 else spec["key"],
            "path": path,
            "value": as_text(value),
            "quality": spec.get("quality", "assumption"),
        }
        made.append(EvidenceRow(**(sources(spec, known) | fields)))
    return made


def sources(spec: dict[str, Any], known: dict[str, EvidenceRow]) -> dict[str, str]:
    """Where the facts behind an entry were published, each source named once."""
    behind = [known[key] for key in spec.get("facts", ())]
    return {
        column: "; ".join(dict.fromkeys(getattr(fact, column) for fact in behind))
        for column in ("geography", "period", "source", "url")
    }


def parameters(known: dict[str, EvidenceRow]) -> list[EvidenceRow]:
    """The whole table, in the order of the scenario's own lines."""
    shipped = subjects()
    shipped["code"] = {}
    rows: dict[tuple[str, str], EvidenceRow] = {}
    for file in sorted(SPECS.glob("[0-9]*.yaml")):
        spec = yaml.safe_load(file.read_text(encoding="utf-8"))
        shared = isinstance(spec["of"], list)  # then each scenario has rows with keys of its own
        for entry in spec["rows"]:
            if entry["path"].startswith(CODE):
                shipped["code"][entry["path"]] = constant(entry["path"])
            before = len(rows)
            for of in spec["of"] if shared else [spec["of"]]:
                prefix = f"{of.removesuffix(AVERAGE)}_" if shared else ""
                free = {p: v for p, v in shipped[of].items() if (of, p) not in rows}
                said = {"of": of, **entry, "key": prefix + entry["key"]}
                for row in rows_of(said, free, known):
                    rows[of, row.path] = row
            if len(rows) == before:
                raise SystemExit(
                    f"{entry['key']}: nothing is at {entry['path']}, or an entry above has it"
                )
    for name, file in shipped_sets().items():
        of = load_uncertain(name).value.of
        for path, note in fitted_notes(file).items():
            row = rows[of, path]
            rows[of, path] = row.model_copy(update={"note": f"{row.note} {note}".strip()})
    order = {(of, p): n for n, (of, p) in enumerate((of, p) for of in shipped for p in shipped[of])}
    return sorted(rows.values(), key=lambda row: order[row.of, row.path])


def fitted_notes(file: Path) -> dict[str, str]:
    """Say of each value that was fitted, by its path, between what the plausible ones lie."""
    sets = pd.read_csv(file).set_index(SET).drop(index=OWN).astype(float)
    ends = sets.quantile([0.1, 0.9])
    return {
        path: "Fitted to the targets; 80 % of the plausible values lie between "
        f"{ends[path].iloc[0]:.3g} and {ends[path].iloc[1]:.3g}."
        for path in sets.columns
    }


def calibration_targets(known: dict[str, EvidenceRow]) -> list[Target]:
    spec = yaml.safe_load((SPECS / "targets.yaml").read_text(encoding="utf-8"))
    made = []
    for entry in spec["targets"]:
        fields = {"quality": "published figure", "of": "children_average_england"}
        fields |= sources(entry, known) | entry
        made.append(Target(**{k: v for k, v in fields.items() if k != "facts"}))
    return made


def table(rows: list[EvidenceRow] | list[Target]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = list(type(rows[0]).model_fields)
    writer.writerow(columns)
    for row in rows:
        cells = (getattr(row, column) for column in columns)
        writer.writerow(["" if c is None else as_text(c) for c in cells])
    return text.getvalue()


def page(rows: list[EvidenceRow]) -> str:
    """The page for planners, with today's counts and the weightiest assumptions in it."""
    count = Counter(row.quality for row in rows)
    of_each = [(quality, str(count[quality])) for quality in sorted(count)]
    counts = _lines(markdown_table(["quality", "rows"], [*of_each, ("all", str(len(rows)))]))
    text = COUNTS.sub(lambda m: m[1] + counts + m[2], PAGE.read_text(encoding="utf-8"))
    return WEIGHTIEST.sub(lambda m: m[1] + weightiest_table(m[2]) + m[3], text)


def weightiest_table(scenario: str) -> str:
    """The assumptions of a scenario that matter most, as the page shows them."""
    heading = ["Assumption", "From low to high", "Why it matters"]
    rows = [(row.assumption, row.low_to_high, row.why) for row in weightiest(scenario)]
    return _lines(markdown_table(heading, rows, words=len(heading)))


def _lines(table: list[str]) -> str:
    return "\n".join(table) + "\n"


def main() -> None:
    known = {fact.key: fact for fact in facts()}
    rows = parameters(known)
    files = {
        EVIDENCE / "parameters.csv": table(rows),
        EVIDENCE / "targets.csv": table(calibration_targets(known)),
        PAGE: page(rows),
    }
    stale = [p for p, text in files.items() if not p.exists() or p.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run python scripts/make_evidence.py")
        raise SystemExit(bool(stale))
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    print(dict(Counter(row.quality for row in rows)))
    for of, places in subjects().items():
        left = set(places) - {row.path for row in rows if row.of == of}
        for path in sorted(p for p in left if not p.startswith(TOTAL)):
            print(f"no row: {of} {path} = {as_text(places[path])}")


if __name__ == "__main__":
    main()
