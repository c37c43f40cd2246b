"""The top of an authority's scenario file: what it is, how it compares, and what to check first."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from sim.scenario.authority.areas import areas
from sim.scenario.authority.average import NAME
from sim.scenario.authority.figures import AuthorityFigures, Figure
from sim.scenario.authority.origins import in_words, percent
from sim.scenario.authority.own_scenario import OwnScenario
from sim.scenario.authority.table import PublishedFigures, published_figures

WIDTH = 96
FEW_PEOPLE = 30  # FTE in post below which the statistics themselves advise caution
# The rates that matter most, with the number of decimals and whether they are percentages.
SHOWN = {
    "turnover": "Leavers a year, of workers in post",
    "vacancy": "Vacancies, of posts",
    "agency": "Agency, of all workers",
    "absence": "Days lost to sickness",
    "caseload": "Cases for each FTE with any",
    "case_holding": "Workers with cases, of all",
    "rereferral": "Re-referrals, of referrals",
    "section_47": "Section 47 enquiries, of referrals",
}


def header(own: OwnScenario, command: str) -> Iterator[str]:
    """The lines, without comment signs.

    Parameters
    ----------
    own
        The scenario.
    command
        How to make it again.
    """
    figures = own.figures
    name = figures.area.name
    yield from _paragraph(
        f"Children's social work in {name}: a scenario from what is published up to {figures.year}."
    )
    yield f"Made by: {command}"
    yield ""
    region, year = in_words(figures.region), figures.year
    yield from _paragraph(
        f"Whatever is not below is as in England's average authority ({NAME}): hours of work, time "
        "to hire, what exhaustion does. Each number says what it rests on. "
        f"'own {year}': a figure of its own. 'own 40 % (to {year}), rest from {region}': its own "
        "figures up to then, drawn towards the region's as far as they swing by chance. "
        f"'from {region}': the region's alone."
    )
    yield ""
    yield from _comparison(own, published_figures())
    yield ""
    yield "Check first, against your own returns:"
    for number, line in enumerate(_to_check(own), 1):
        first, *more = wrap(line, WIDTH - 3)
        yield f"{number}. {first}"
        yield from (f"   {each}" for each in more)
    yield "DfE figures: Crown copyright, Open Government Licence v3.0."


def _paragraph(text: str) -> Iterator[str]:
    yield from wrap(text, WIDTH)


def _comparison(own: OwnScenario, table: PublishedFigures) -> Iterator[str]:
    figures = own.figures
    region = figures.region.name
    yield f"{'':36}{'here':>9}   {'last published':>16}   {region}"
    for label, here, measure in (
        ("Workers in post, FTE", own.workforce.in_post, "in_post_fte"),
        ("Workers with cases, FTE", own.workforce.case_holding, "case_holder_fte"),
        ("Cases held", own.cases, "cases"),
        ("Referrals a year", own.pathway.flows["referral_decision"], "referrals"),
    ):
        last = _last(table, figures, measure)
        yield f"{label:36}{here:>9,.0f}   {last:>16}"
    for key, label in SHOWN.items():
        figure = figures.rates[key]
        yield (
            f"{label:36}{_amount(key, figure.value):>9}   {_published(key, figure):>16}   "
            f"{_amount(key, figure.region)}"
        )


def _last(table: PublishedFigures, figures: AuthorityFigures, measure: str) -> str:
    code = figures.area.code
    year = table.last_year(code, measure, figures.year)
    return "none" if year is None else f"{table.value(code, year, measure):,.0f} ({year})"


def _amount(key: str, value: float) -> str:
    return f"{value:.1f}" if key == "caseload" else percent(value)


def _published(key: str, figure: Figure) -> str:
    if figure.own is None:
        return "none"
    return f"{_amount(key, figure.own)} ({figure.own_year})"


def _to_check(own: OwnScenario) -> Iterator[str]:
    area, pathway = own.figures.area, own.pathway
    yield "posts by team: the total follows from the published figures, the split from the work."
    yield "vacancies, leavers and agency: recruitment is set so that these stay as they are."
    yield "cases held: need plans are as long as makes them right. Change both together."
    if "/" in area.code:
        yield f"{area.name} make one return together: this is the service of both."
    if area.predecessors:
        before = " and ".join(areas()[code].name for code in area.predecessors)
        yield f"years before {area.first_year} are those of {before}, counted as its own."
    if published_figures().last_year(area.code, "children", own.figures.year) is None:
        yield (
            "referrals: how many children it has is not published yet. Here it has as many for "
            "each worker as its region."
        )
    if own.workforce.in_post < FEW_PEOPLE:
        yield (
            f"with {own.workforce.in_post:.1f} FTE in post its own figures swing by chance: most "
            "of what is below is the region's, and single years will differ widely."
        )
    if pathway.assessed < 1:
        yield (
            "its cases are few for its referrals. Here its social workers assess "
            f"{percent(pathway.assessed, 0)} of the referrals that others would assess. Who does "
            "the rest?"
        )
    if pathway.held < 1:
        yield (
            "it says that it holds fewer cases than it has children on plans and in care: here its "
            f"social workers hold {percent(pathway.held, 0)} of these."
        )
