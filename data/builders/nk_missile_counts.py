"""North Korean tests a year: of CNS from nk-missile-tests, of CSIS from its list of provocations.

Each file gives its own series; the other's and Japan's counts, which are printed, stay as they are.
"""

from pathlib import Path

import pandas as pd

from helpers.new import published

CNS, CSIS = "nagix-nk-missile-tests-2026", "csis-provocations-2026"
FLIGHTS = (
    "date_utc,time_utc,series_no,missile,missile_name,missile_class,landing,apogee_km,distance_km,"
    "outcome,preliminary"
)
FILE = (
    "https://raw.githubusercontent.com/stiles/north-korea-provocations/HEAD/"
    "data/processed/north_korea_provocations_1958_present.csv"
)
#: The copy of the list has more columns, which are read over; the file of 2026 was kept without them.
EVENTS = "date,type,event,year,resources"
WHOLE = "date,type,event,description,resources,year,week_number,month_year,weekday,mentions_kim"
KINDS = {"Missile Provocation", "Nuclear Provocation", "Other Provocation"}
OWN_ADDITIONS = "The compiler's own additions, not yet in the CNS table."
#: The first year of the table, with which the list of CNS begins.
FIRST = 1984
KEY = ["year", "series"]
ORDER = ["CNS: missiles", "CNS: failed missiles", "CSIS: missile events"]


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return the series of one publisher, whom the columns tell, with the others as they are."""
    source, made = (CSIS, _events(file)) if "event" in published.header(file) else (CNS, _flights(file))
    made = made.assign(source_id=source, **dict.fromkeys(["second_source_id"], ""))
    made = published.keep(made.astype(str), today, KEY, ["second_source_id"])
    mine = today["series"].isin(made["series"])
    other = today["series"].isin(ORDER) & ~mine
    yearly = pd.concat([made, today[other]], ignore_index=True)
    order = yearly["series"].map(ORDER.index).sort_values(kind="stable").index
    yearly = yearly.loc[order].sort_values("year", kind="stable")
    table = pd.concat([yearly, today[~mine & ~other]], ignore_index=True)
    return published.Built(source, table)


def _flights(file: Path) -> pd.DataFrame:
    raw = published.rows(file, FLIGHTS)
    outcomes, yes = ["success", "failure", "unknown"], ["yes", "no"]
    published.hold(file, raw["outcome"], raw["outcome"].isin(outcomes), f"one of {', '.join(outcomes)}")
    published.hold(file, raw["preliminary"], raw["preliminary"].isin(yes), "yes or no")
    day = raw["date_utc"]
    published.hold(file, day, day.str.fullmatch(r"\d{4}-\d{2}(-\d{2})?"), "a day or a month")
    years = range(FIRST, int(day.max()[:4]) + 1)
    year = day.str[:4].astype(int)
    failed = raw["outcome"] == "failure"
    counts: dict[str, pd.Series] = {
        "CNS: missiles": raw.groupby(year).size(),
        "CNS: failed missiles": failed.groupby(year).sum(),
    }
    own = (raw["preliminary"] == "yes").groupby(year).any().reindex(years, fill_value=False)
    return pd.concat(
        _yearly(series, "missiles", each.reindex(years, fill_value=0), own, OWN_ADDITIONS, day.max())
        for series, each in counts.items()
    )


def _events(file: Path) -> pd.DataFrame:
    raw = published.rows(file, WHOLE if "description" in published.header(file) else EVENTS)
    published.hold(file, raw["type"], raw["type"].isin(KINDS), f"one of {', '.join(sorted(KINDS))}")
    published.months(file, raw["date"])
    published.hold(file, raw["year"], raw["year"] == raw["date"].str[:4], "the year of the date")
    years = range(FIRST, int(raw["year"].max()) + 1)
    missiles = raw[raw["type"] == "Missile Provocation"]
    counts = missiles["year"].astype(int).value_counts().reindex(years, fill_value=0)
    return _yearly(ORDER[2], "events", counts, counts.map(lambda _: False), "", raw["date"].max())


def _yearly(
    series: str, unit: str, counts: pd.Series, provisional: pd.Series, reason: str, last: str
) -> pd.DataFrame:
    """Return the rows of a series; the year that the file breaks off in says up to which day it counts."""
    notes = provisional.map({True: reason, False: ""})
    if not last.endswith("-12-31"):
        until = f"Counts to {pd.Timestamp(last):%-d %B}."
        notes[int(last[:4])] = f"{notes[int(last[:4])]} {until}".strip()
    status = notes.map(lambda note: "provisional" if note else "final")
    return pd.DataFrame(
        {
            "year": counts.index,
            "series": series,
            "unit": unit,
            "value": counts,
            "status": status,
            "note": notes,
        }
    )
