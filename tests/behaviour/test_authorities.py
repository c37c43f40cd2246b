"""Authorities as unlike as England's are: simulated, each stays as it says that it is."""

from statistics import fmean

import pytest

from sim.model.world import simulate
from sim.scenario.authority.areas import area_called
from sim.scenario.authority.own_scenario import own_scenario
from sim.scenario.authority.table import published_figures
from sim.scenario.policy import Policy

pytestmark = pytest.mark.behaviour

RUNS = 4
# What chance leaves of a mean of four runs of a year, in standard errors of two, and a little for
# what the arithmetic leaves out.
WITHIN = {"caseload": 1.3, "turnover": 0.045, "vacancy": 0.035, "agency": 0.035, "absence": 0.009}
OUTCOMES = {
    "caseload": "caseload_per_fte",
    "turnover": "turnover_rate",
    "vacancy": "vacancy_rate",
    "agency": "agency_rate",
    "absence": "absence_rate",
}


@pytest.mark.parametrize("name", ["Trafford", "Hartlepool", "Islington", "North East Lincolnshire"])
def test_an_authority_stays_as_it_is(name):
    """High vacancies and agency; hardly any; inner London's few cases; many cases."""
    own = own_scenario(published_figures(), area_called(name))
    scenario, baseline = own.scenario(), Policy(name="baseline", label="As it is")
    runs = [
        simulate(scenario, baseline, seed=1, replication=n, years=1).outcomes for n in range(RUNS)
    ]
    for rate, key in OUTCOMES.items():
        simulated = fmean(each[key] for each in runs)
        expected = own.figures.rates[rate].value
        assert simulated == pytest.approx(expected, abs=WITHIN[rate]), rate
    in_post = fmean(each["in_post_fte"] for each in runs)
    assert in_post == pytest.approx(own.workforce.in_post, rel=0.06)
