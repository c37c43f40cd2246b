"""Say of a number how much of it is the authority's own, and where the rest is from."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.authority.areas import Area
from sim.scenario.authority.figures import AuthorityFigures

WHOLLY, NOT_AT_ALL = 0.95, 0.05  # weights from which on a number is its own, or is not


@dataclass(frozen=True)
class Origins:
    """Where the numbers of an authority's scenario come from."""

    figures: AuthorityFigures

    def of(self, *rates: str, what: str = "") -> str:
        """The origin of what was made from some rates: that of the one that is least its own."""
        least = min((self.figures.rates[key] for key in rates), key=lambda f: f.own_weight)
        region = in_words(self.figures.region)
        if least.own_year is None or least.own_weight < NOT_AT_ALL:
            origin = f"from {region}"
        elif least.own_weight > WHOLLY:
            origin = f"own {least.own_year}"
        else:
            origin = f"own {percent(least.own_weight, 0)} (to {least.own_year}), rest from {region}"
        return f"{origin}: {what}" if what else origin


def in_words(region: Area) -> str:
    """The name of a region as it stands in a sentence."""
    plain = "London" in region.name or region.name.startswith("Yorkshire")
    return region.name if plain else f"the {region.name}"


def percent(share: float, decimals: int = 1) -> str:
    """A share as people read it."""
    return f"{100 * share:.{decimals}f} %"
