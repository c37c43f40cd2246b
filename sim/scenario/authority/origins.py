"""Say of a number how much of it is the authority's own, and where the rest is from."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.authority.figures import AuthorityFigures, Figure

WHOLLY, NOT_AT_ALL = 0.95, 0.05  # weights from which on a number is its own, or not


@dataclass(frozen=True)
class Origins:
    """Where the numbers of an authority's scenario come from.

    Attributes
    ----------
    figures
        Its rates.
    size_year
        The last year of its own figure of people in post.
    """

    figures: AuthorityFigures
    size_year: int

    def of(self, *rates: str, what: str = "") -> str:
        """The origin of what was made from some rates: that of the one that is least its own."""
        least = min((self.figures.rates[key] for key in rates), key=lambda f: f.own_weight)
        return _with(self._of(least), what)

    def size(self, what: str = "") -> str:
        """The origin of the number of people in post."""
        grown = "" if self.size_year == self.figures.year else ", grown as the region's since"
        return _with(f"own {self.size_year}{grown}", what)

    def assumed(self, what: str = "") -> str:
        """The origin of what nobody publishes."""
        return _with("as the average authority", what)

    def _of(self, figure: Figure) -> str:
        region = self.figures.region.name
        if figure.own_year is None or figure.own_weight < NOT_AT_ALL:
            return f"from {region}"
        if figure.own_weight > WHOLLY:
            return f"own {figure.own_year}"
        return f"own {figure.own_weight:.0%} (to {figure.own_year}), rest from {region}".replace(
            "%", " %"
        )


def _with(origin: str, what: str) -> str:
    return f"{origin}: {what}" if what else origin
