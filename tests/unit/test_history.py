"""Tables of published figures: what is read of them, and what is refused."""

import numpy as np
import pytest

from sim.scenario.problems import InputError
from sim.study.validation.choosing import chosen, years_to_foretell
from sim.study.validation.history import History, read_history, shipped_history
from sim.study.validation.outlook import outlook
from sim.study.validation.positions import position_of
from tests.census_tables import row, varied, write_census

pytestmark = pytest.mark.unit


def history_of(rows) -> History:
    """The history that rows of a census file make."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        return read_history(write_census(Path(folder) / "census.csv", rows))


def test_rates_are_shares_and_symbols_are_missing():
    found = history_of(
        [
            row("301", 2020, agency_rate_fte="c", agency_fte="c", turnover_rate_fte="u"),
            row("301", 2021, agency_rate_fte="low", absence_rate_fte="x", caseload_fte="z"),
        ]
    ).frame
    assert found.loc[("301", 2020), "vacancy_rate"] == pytest.approx(0.167)
    assert np.isnan(found.loc[("301", 2020), ["agency_rate", "turnover_rate"]].astype(float)).all()
    assert found.loc[("301", 2021), "agency_rate"] == 0.0
    assert np.isnan(found.loc[("301", 2021), ["absence_rate", "caseload"]].astype(float)).all()


def test_nobody_in_post_is_no_return_and_regions_are_no_authorities():
    found = history_of(
        [
            row("301", 2020),
            row("301", 2021, in_post=0.0),
            row("302", 2021),
            row("", 2021, geographic_level="Regional", in_post=900.0),
            row("", 2021, geographic_level="National", in_post=9000.0),
        ]
    )
    assert list(found.frame.index) == [("301", 2020), ("302", 2021)]


def test_a_joint_return_is_one_authority():
    assert list(history_of([row("314 / 318", 2020)]).frame.index) == [("314/318", 2020)]


def test_up_to_a_year_nothing_later_is_there():
    history = history_of(varied(["301", "302"], range(2017, 2022)))
    assert history.up_to(2019).years == [2017, 2018, 2019]
    assert history.years == list(range(2017, 2022))


def test_the_shipped_history_has_all_authorities():
    history = shipped_history()
    assert history.years == list(range(2017, 2025))
    assert len(history.up_to(2017).frame) == 151
    assert history.names["380"] == "Bradford"


def refused(rows) -> str:
    with pytest.raises(InputError) as error:
        history_of(rows)
    return str(error.value)


def test_two_rows_for_one_year_and_years_that_are_none_are_all_said_at_once():
    rows = [row("301", 2020), row("301", 2020), row("302", "soon"), row("303", 20201)]
    said = refused(rows)
    assert "authority 301 has 2 rows for 2020" in said
    assert "'soon'" in said
    assert "'20201'" in said
    assert "census.csv" in said


def test_a_table_without_authorities_or_without_anyone_is_refused():
    assert "no local authority" in refused([row("", 2020, geographic_level="Regional")])
    assert "anyone in post" in refused([row("301", 2020, in_post=0.0), row("302", 2020, 0.0)])


def test_a_year_to_start_from_must_be_there():
    history = history_of(varied(["301", "302"], [2017, 2018, 2020, 2021]))
    assert years_to_foretell(history, 2018) == [2018, 2021]
    with pytest.raises(InputError, match="2018 to 2021"):
        years_to_foretell(history, 2022)
    with pytest.raises(InputError, match="two years running"):
        years_to_foretell(history.up_to(2017), 2017)


def test_authorities_are_chosen_over_regions_and_sizes():
    history = shipped_history().up_to(2019)
    some = chosen(history, 20)
    assert some is not None
    frame = history.in_year(2019)
    assert len(some) == 20
    share = frame["region"].value_counts() * 20 / len(frame)
    of_some = frame.loc[sorted(some), "region"].value_counts().reindex(share.index, fill_value=0)
    assert (of_some - share).abs().max() <= 1
    sizes, all_sizes = frame.loc[sorted(some), "in_post_fte"], frame["in_post_fte"]
    assert sizes.min() < all_sizes.quantile(0.15)
    assert sizes.max() > all_sizes.quantile(0.85)
    assert chosen(history, None) is None
    with pytest.raises(InputError, match="1 to 150"):
        chosen(history, 151)


def test_what_is_not_published_of_a_position_is_made_good():
    rows = varied(["301", "302", "303", "304"], range(2017, 2020))
    full = history_of(rows)
    last = next(r for r in rows if (r["old_la_code"], r["time_period"]) == ("302", 2019))
    published = position_of(full, outlook(full), 1)
    assert published.in_post == last["inpost_fte"]
    assert published.vacant == last["vacancy_fte"]
    assert published.cases == last["cases"]
    last |= dict.fromkeys(
        ("vacancy_fte", "vacancy_rate_fte", "agency_fte", "agency_rate_fte", "case_holders_fte",
         "cases", "caseload_fte"),
        "c",
    )  # fmt: skip
    gaps = history_of(rows)
    made_good = position_of(gaps, outlook(gaps), 1)
    assert made_good.in_post == published.in_post
    assert made_good.vacant == pytest.approx(published.vacant, rel=0.5)
    assert made_good.agency == pytest.approx(published.agency, rel=0.5)
    assert made_good.case_holders == pytest.approx(0.6 * published.in_post, rel=0.2)
    assert made_good.cases / made_good.case_holders == pytest.approx(15.0, rel=0.5)


def test_text_where_a_figure_should_be_is_refused():
    assert "not a figure" in refused([row("301", 2020, cases="many")])
