"""Where an authority stands at a census, with what is not published of it made good."""

from __future__ import annotations

import math

from sim.study.validation.history import History
from sim.study.validation.outlook import KINDS, Outlook, from_scale
from sim.study.validation.scaling import Start

LEAST = 0.1  # FTE, and cases: of nothing at all no service is made


def position_of(history: History, expected: Outlook, row: int) -> Start:
    """The position of an authority in the last year of a history.

    Vacancies, agency and cases that are not published are those of its underlying rates; people
    who hold cases, of the share that do so in the median authority.
    """
    last = history.in_year(history.years[-1])
    figures = last.drop(columns="region")
    values = figures.to_numpy()[figures.index.get_loc(expected.authorities[row])]
    own = dict(zip(figures.columns, map(float, values), strict=True))
    in_post = own["in_post_fte"]

    def underlying(kind: str) -> float:
        return float(from_scale(kind, expected.now[row, KINDS.index(kind)]))

    def beside(kind: str) -> float:
        return in_post * underlying(kind) / (1.0 - underlying(kind))

    vacant = _given(own["vacancy_fte"], beside("vacancy"))
    agency = _given(own["agency_fte"], beside("agency"))
    share = float((last["case_holder_fte"] / (last["in_post_fte"] + last["agency_fte"])).median())
    holders = _given(own["case_holder_fte"], share * (in_post + agency))
    cases = _given(own["cases"], underlying("caseload") * holders)
    return Start(in_post, vacant, agency, max(holders, LEAST), max(cases, LEAST))


def _given(published: float, otherwise: float) -> float:
    return otherwise if math.isnan(published) else published
