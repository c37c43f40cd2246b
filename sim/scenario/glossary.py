"""The words that code, tables and documents share, each defined once."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "nominal capacity": "The posts of the establishment, in full-time equivalents, filled or not.",
    "contracted capacity": "The people in post, and agency workers, with the hours they are "
    "contracted for.",
    "available capacity": "Contracted capacity less leave, sickness and training.",
    "deployable capacity": "Available capacity less protected time (team time, supervision, "
    "development) and reduced caseloads: the hours a week that there are for cases. Workload is "
    "measured against it.",
    "workload": "The hours a week that a worker's cases ask for: each case's stage weight times "
    "its complexity.",
    "overload": "Workload above a level of deployable capacity for a number of weeks running (by "
    "default over 110 % for four weeks). Someone who is away with cases is above the level.",
    "caseload": "The number of cases that a worker holds.",
    "stage": "A part of a pathway, with its own duration, timescale, weight and work.",
    "allocation": "Giving an unallocated case to a worker, at the morning's meeting or by duty.",
    "duty": "Who acts at once: takes the highest risk tier whatever the caps, and does what is "
    "urgent on the cases of colleagues who are away.",
    "emergency": "The opening work of a case of the highest risk tier (one that duty takes), once "
    "it is due: it comes before older work that is late.",
    "urgent work": "What the law asks for, and any work on a high-risk case, once it is due or "
    "nearly so.",
    "exhaustion": "An index from 0 to 1 for each case-holding worker, worn by strain and restored "
    "by rest; not a diagnosis.",
    "newly qualified": "In the first year of practice (ASYE), with a protected caseload and time.",
    "replication": "One possible future: the same one has the same families and the same people "
    "under every policy.",
    "warm-up": "The time before the start date, simulated but not counted, in which waiting, "
    "lateness and exhaustion find their level.",
}
