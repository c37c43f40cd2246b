"""The page that explains a folder of results to somebody who finds it without this software."""

from __future__ import annotations

from sim.study.column_meanings import (
    COUNTED,
    MANIFEST,
    TABLES,
    TEAM_WEEKS,
    THREE_WORKERS,
    TIMESCALE,
)

NAME = "README.md"

ABOUT = """\
# Results of Plimsoll

Plimsoll simulates social work services: the people, the cases and the working days of a team or an
authority, under different policies. This page says what lies in a folder of results and how to read
it with common tools, without Plimsoll.

    results/
      <study>/                        the name in the study file
        <UTC time>-<hash>/            one run of it; the hash is of all that was asked
          manifest.json               what was run, in full, and how to know that all is here
          outcomes.parquet            every outcome of every run
          comparisons.csv             each policy against the baseline
          team_weeks.parquet          each team in each week
          ...                         other tables that the study asked for
          why-<policy>/               what `plimsoll explain` found and drew
          rerun-<policy>-<number>/    the log of events of one run, from `plimsoll rerun`

Git ignores all of this folder but this page: a result can be made again from its manifest.

## How to think of it

- A **policy** is one way to run the service: ten posts more, a retention payment. The first of a
  study is the **baseline**, which the others are held against.
- A **replication** is one possible future. The same replication has the same families arriving on
  the same days, and the same people, under every policy. So policies are compared future by future:
  a difference is the mean of paired differences, and its interval is for that mean.
- An **outcome** is one number for one run: mean caseload, turnover, cost. Each has a key, such as
  `caseload_per_fte`. Most are quotients of sums over the weeks that count, as named in the columns
  of `team_weeks.parquet`: caseload is `held_case_days / case_holder_fte_days`, turnover
  `leavers_fte / in_post_fte_days x 253`, since a year has 253 working days here.
- Rates and shares are fractions: 0.118 is 11.8 %. Money is in pounds. Days are working days.
- FTE are full-time equivalents. An FTE-day is one full-time worker on one working day.
- Nobody is a real person. Workers and cases are numbers, the same ones under every policy. Where
  a study began from the lists of a real service, `position.json` holds these, without names: it
  is needed to run again, not to read the results, and is left out when they are passed on.
- Empty cells (null, NaN) are values that there are not: an outcome that does not apply to a run has
  no row at all.

## Is it complete, and as it was written?

`manifest.json` is written last: a folder without it was not finished (its `parts/` hold the runs
that were). `files` in it has the rows and the SHA-256 of each table; compare with

    sha256sum outcomes.parquet comparisons.csv team_weeks.parquet

While a study runs, and after it was stopped, `parts/study.json` says what was begun, with which
versions; each finished run is a file of its own beside it (a zip of Arrow streams, known by a hash
of the study). `plimsoll run STUDY --out DIR --resume` goes on from there and ends with the same
bytes as a study that was not stopped; then `parts/` goes. `.lock` keeps a second study out while
one runs, and means nothing once that process has ended.

## How to read it

Parquet is a common format for tables; CSV is text in UTF-8 with commas.

pandas (Python):

    import pandas
    outcomes = pandas.read_parquet("outcomes.parquet")
    outcomes.pivot_table(index="outcome", columns="policy", values="value")

DuckDB, at its own command line or from any language:

    select policy, avg(value) from 'outcomes.parquet'
    where outcome = 'turnover_rate' group by policy;

R:

    outcomes <- arrow::read_parquet("outcomes.parquet")
    aggregate(value ~ policy + outcome, outcomes, mean)

Excel opens `comparisons.csv` (Data, From Text/CSV) and reads Parquet files with Power Query (Data,
Get Data). `plimsoll results DIR --excel FILE.xlsx` makes a workbook of everything that fits.

With Plimsoll: `plimsoll results` lists the studies of a folder, `plimsoll results DIR` prints what
one found, `plimsoll results DIR DIR` holds two against each other, `plimsoll sql DIR "select ..."`
asks its tables, `plimsoll explain DIR --policy P` says what drives a difference.

## How to run it again

The manifest holds everything: scenario, policies, seed, number of runs, versions. With Plimsoll in
the version under `packages`,

    plimsoll rerun DIR --policy baseline --replication 0 --trace

does one run again, says whether it comes out the same, and writes the log of its events. Another
version may give other numbers.
"""


def readme() -> str:
    """Compose the page: what is above, every column of every table, every field of the manifest."""
    lines = [ABOUT, "## The tables"]
    for name, (row, columns) in TABLES.items():
        lines += ["", f"### {name}", "", f"A row is: {row}."]
        if columns is TEAM_WEEKS:
            columns = {key: said for key, said in columns.items() if key not in COUNTED}
            lines += ["", *_table(columns), "", *_counted()]
        else:
            lines += ["", *_table(columns)]
    lines += ["", "## The fields of manifest.json", "", "| field | meaning |", "| --- | --- |"]
    lines += [f"| `{field}` | {meaning} |" for field, meaning in MANIFEST.items()]
    return "\n".join(lines) + "\n"


def _counted() -> list[str]:
    own = {f"<timescale>{end}": said for end, said in TIMESCALE.items()}
    own |= {f"<outcome>{end}": said for end, said in THREE_WORKERS.items()}
    return [
        "Then what was counted, of that team in that week (numbers to seven digits; to be added up "
        "before they are divided):",
        "",
        *_table({**COUNTED, **own}),
        "",
        "Each timescale of the scenario, such as `assessments_within_45_days`, has the two before "
        "the last, and each outcome of changes of worker, such as "
        "`children_in_care_with_three_workers`, the last two.",
    ]


def _table(columns: dict[str, tuple[str, str]]) -> list[str]:
    rows = [f"| `{name}` | {unit} | {meaning} |" for name, (unit, meaning) in columns.items()]
    return ["| column | unit | meaning |", "| --- | --- | --- |", *rows]
