"""What a forecast file says: area, months, population, streams, events and futures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.base import Name, Part, Positive, Share

MENTAL_HEALTH_FUTURES = (
    "mental_health_rising",
    "mental_health_levelling_off",
    "mental_health_falling_back",
)
FUTURES: dict[str, str] = {
    "principal": "people as officially projected; need per head goes on as it has, ever slower",
    "faster_ageing": "people of 65 and over live longer: their numbers follow the high projection",
    "mental_health_rising": "need for mental health reasons goes on rising at its recent pace",
    "mental_health_levelling_off": "need for mental health reasons stays as it is at the start",
    "mental_health_falling_back": "need for mental health reasons falls as fast as it had risen",
    "early_help": "help given earlier prevents some requests, building up over some months",
}
MIN_PATHS = 1_000
Year = Annotated[int, Field(ge=1990, le=2100)]


class Break(Part):
    """Years that are not comparable with today's, and why."""

    new_level_from: Year | None = Field(
        None, description="the year from which on counts are comparable; earlier ones are not used"
    )
    left_out: tuple[Year, ...] = Field((), description="single years that are not used")
    why: str

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.new_level_from is None) == (not self.left_out):
            raise ValueError("give either new_level_from or left_out")
        return self


class Growth(Part):
    """What is thought of growth before seeing the series."""

    percent_a_year: float = Field(ge=-50, le=50)
    sd: float = Field(gt=0, le=50, description="standard deviation, in percent a year")
    source: str = ""


class Level(Part):
    """A count of one year that sets the level, where the history is of something else."""

    count: Positive
    year: Year
    uncertainty: float = Field(0.0, ge=0, le=1, description="standard deviation of its logarithm")
    source: str = ""


class MentalHealth(Part):
    """How much of a stream is for mental health reasons, and how that part has been growing."""

    share: Share
    percent_a_year: float = Field(ge=-20, le=50, description="its recent growth per head")
    source: str = ""


class EarlyHelp(Part):
    """What the future `early_help` does to a stream."""

    prevented: float = Field(ge=0, lt=1, description="share of requests that it prevents")
    ramp_months: int = Field(24, ge=0, le=240)
    source: str = ""


class StreamPlan(Part):
    """A kind of demand, and what it is forecast from."""

    label: str
    unit: str = "requests"
    rates: str | None = Field(None, description="gradient of need by age, a key in rates.csv")
    of: Name | None = Field(None, description="the stream of which this one is a share")
    history: str = Field(description="a shipped series by its key, or the path of a CSV file")
    local: str | None = Field(
        None, description="the area's own counts: a CSV file, or shipped_referrals"
    )
    stock: bool = Field(False, description="people at the end of the month, not new requests")
    breaks: tuple[Break, ...] = ()
    growth: Growth | None = None
    damping: float = Field(
        0.9, gt=0, le=1, description="of a year's growth, what is left next year"
    )
    level: Level | None = None
    season: tuple[float, ...] | None = Field(
        None, description="January to December, relative to an average month"
    )
    season_from: str | None = Field(
        None, description="the monthly series whose profile of the year this one takes"
    )
    mental_health: MentalHealth | None = None
    early_help: EarlyHelp | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.rates is None) == (self.of is None):
            raise ValueError("give either rates (of need by age) or of (another stream)")
        if self.level is not None and (self.local is not None or self.of is not None):
            raise ValueError("level goes neither with local nor with of")
        if self.season is not None and self.season_from is not None:
            raise ValueError("give season or season_from, not both")
        if self.season is not None and (
            len(self.season) != 12 or min(self.season) < 0 or abs(sum(self.season) - 12) > 0.01
        ):
            raise ValueError("season needs twelve numbers, January to December, with mean 1")
        return self


class Event(Part):
    """Something that may happen on a date and change some streams from then on."""

    name: Name
    label: str
    streams: tuple[Name, ...] = Field(min_length=1)
    date: date
    probability: Share = 1.0
    factor: float = Field(gt=0, le=10, description="what requests are multiplied by")
    factor_80: tuple[Positive, Positive] | None = Field(
        None, description="the range in which the factor lies four times in five"
    )
    ramp_months: int = Field(0, ge=0, le=240, description="months until its full effect")
    excludes: tuple[Name, ...] = Field((), description="events that can't happen beside it")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.factor_80 and not self.factor_80[0] <= self.factor <= self.factor_80[1]:
            raise ValueError("factor must lie within factor_80")
        return self


class PopulationFiles(Part):
    """The area's own figures, instead of the shipped ones."""

    files: tuple[str, ...] = Field(
        min_length=1, description="official files; of a year that several have, the first counts"
    )
    area: str | None = Field(None, description="name or code in the files, if it differs")


class ForecastFile(Part):
    """What `plimsoll forecast` reads."""

    name: Name
    title: str
    area: str = Field("England", description="England, or an authority by name or code")
    share: float = Field(1.0, gt=0, le=1, description="the part of the area that is forecast")
    start: date = Field(description="the first day of the first month")
    months: int = Field(60, ge=1, le=240)
    paths: int = Field(MIN_PATHS, ge=1, le=100_000)
    seed: int = Field(1, ge=0, lt=2**63)
    uncertainty: Literal["full", "none"] = "full"
    trend_correlation: float = Field(
        0.3, ge=0, lt=1, description="between the trends of need of different streams"
    )
    population: PopulationFiles | None = None
    futures: tuple[str, ...] = ("principal",)
    events: tuple[Event, ...] = ()
    streams: dict[Name, StreamPlan] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.start.day != 1:
            raise ValueError(f"start must be the first day of a month, not {self.start}")
        order = list(self.streams)
        for name, stream in self.streams.items():
            if stream.of is not None and stream.of not in order[: order.index(name)]:
                raise ValueError(
                    f"streams.{name}.of: there is no stream {stream.of!r} above this one"
                )
        return self
