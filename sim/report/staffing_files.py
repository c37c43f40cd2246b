"""The folder that a staffing search writes: the curve, a chart, and a manifest with the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.report.staffing_chart import write_staffing_chart
from sim.report.staffing_words import sentences
from sim.scenario.whole_folder import MANIFEST, written_whole
from sim.study.files import sha256
from sim.study.staffing import COST, Staffing
from sim.study.storing.manifest import content_hash, made_here, now, study_content

FORMAT = "plimsoll staffing 1"
CURVE = "staffing.csv"


def default_folder(found: Staffing) -> Path:
    """Name the folder of a search when nobody says: results/staffing/<study>-<what>."""
    lever = found.lever
    parts = [found.study.name, lever.role or lever.name, *([lever.team] if lever.team else [])]
    return Path("results") / "staffing" / "-".join(parts)


def write_staffing(found: Staffing, folder: Path) -> Path:
    """Write the folder of a search, whole or not at all; an earlier search there is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    with written_whole(folder, FORMAT) as making:
        curve = found.curve()
        curve.to_csv(making / CURVE, index=False, lineterminator="\n")
        texts = write_staffing_chart(found, making)
        files: dict[str, Any] = {
            path.name: {
                "sha256": sha256(path),
                **({"text": texts[path.name]} if path.name in texts else {"rows": len(curve)}),
            }
            for path in sorted(making.iterdir())
        }
        text = json.dumps(_manifest(found, files), indent=2, ensure_ascii=False) + "\n"
        (making / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _manifest(found: Staffing, files: dict[str, Any]) -> dict[str, Any]:
    lever, answer = found.lever, found.answer
    content = study_content(found.study)
    return {
        "format": FORMAT,
        "study": found.study.name,
        "asked": {
            "lever": lever.name,
            "role": lever.role,
            "team": lever.team,
            "from": lever.levels[0],
            "to": lever.levels[-1],
            "targets": [str(target) for target in found.targets],
            "confidence": found.confidence,
            "replications": found.study.replications,
            "years": found.study.years,
            "seed": found.study.seed,
        },
        "answer": {
            "verdict": answer.verdict,
            "level": lever.levels[answer.level],
            "unit": lever.unit,
            "low": _level(found, answer.low),
            "high": _level(found, answer.high),
            "today": _level(found, lever.today),
            "one_less": _level(found, answer.one_less),
            "binding": [str(target) for target in answer.binding],
            "unmoved": [str(target) for target in answer.unmoved],
            "turning": [str(target) for target in answer.turning],
            "share_of_runs_all_met": found.share_met(answer.level),
            "cost_a_year": found.estimate(answer.level, COST).mean,
            "sentences": list(sentences(found)),
        },
        "written": now(),
        "files": files,
        "study_sha256": content_hash(content),
        **made_here(),
        "scenario": content["scenario"],
        "policy": content["policies"][0],
        "forecast": content["forecast"],
    }


def _level(found: Staffing, place: int | None) -> float | None:
    return None if place is None else found.lever.levels[place]
