"""Ages as official files write them: 0, 85+, 5-9, Aged 0 to 4, Age 90 and over, All ages."""

from __future__ import annotations

import re

ALL_AGES = re.compile(r"(all\s+(ages|persons)|total)", re.IGNORECASE)
BEFORE = re.compile(r"^(aged?|ages)\s*:?\s*", re.IGNORECASE)
SINGLE = re.compile(r"^(\d{1,3})$")
RANGE = re.compile(r"^(\d{1,3})\s*(?:-|–|to|_)\s*(\d{1,3})$", re.IGNORECASE)
OPEN = re.compile(r"^(\d{1,3})\s*(?:\+|plus|and\s+(?:over|older|above))$", re.IGNORECASE)
UNDER = re.compile(r"^under\s+(\d{1,3})$", re.IGNORECASE)

Ages = tuple[int, int | None]
"""The youngest and the oldest age of a band; None for no upper end."""


def is_all_ages(text: str) -> bool:
    """Whether a text means everybody."""
    return ALL_AGES.fullmatch(BEFORE.sub("", text.strip())) is not None or (
        ALL_AGES.fullmatch(text.strip()) is not None
    )


def read_ages(text: str) -> Ages | None:
    """Read a band of age; None for what is no band."""
    plain = BEFORE.sub("", text.strip())
    if found := SINGLE.match(plain):
        return int(found[1]), int(found[1])
    if found := RANGE.match(plain):
        low, high = int(found[1]), int(found[2])
        return (low, high) if low <= high else None
    if found := OPEN.match(plain):
        return int(found[1]), None
    if found := UNDER.match(plain):
        return 0, int(found[1]) - 1
    return None


def read_sex(text: str) -> str | None:
    """Read a sex: F, M, or P for both together; None for what is none."""
    known = {
        "f": "F", "female": "F", "females": "F", "women": "F", "2": "F",
        "m": "M", "male": "M", "males": "M", "men": "M", "1": "M",
        "p": "P", "person": "P", "persons": "P", "people": "P", "total": "P", "all": "P",
        "all persons": "P", "0": "P",
    }  # fmt: skip
    return known.get(text.strip().lower())
