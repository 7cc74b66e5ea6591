"""US personnel in Japan and South Korea, from troopdata's file of the Pentagon's quarterly reports."""

from pathlib import Path

import pandas as pd

from helpers.new import published

SOURCE = "troopdata-dmdc-2026"
FILE = "https://raw.githubusercontent.com/meflynn/troopdata/HEAD/data-raw/troopdata-rebuild-reports.csv"
REPORTS = (
    "ccode,countryname,region,year,month,quarter,source,Location,iso3c,Total,Total Ashore,"
    "Total Afloat,Army Total,Navy Ashore,Navy Temporary Ashore,Navy Other,Marine Corps Ashore,"
    "Marine Corps Afloat,Air Force Total,Navy Afloat,Navy Total,Marine Corps Total,troops_ad,army_ad,"
    "navy_ad,marine_corps_ad,air_force_ad,Macro Location,Army Active Duty,Navy Active Duty,"
    "Marine Corps Active Duty,Air Force Active Duty,Coast Guard Active Duty,Total Active Duty,"
    "Army National Guard,Army Reserve,Navy Reserve,Marine Corps Reserve,Air National Guard,"
    "Air Force Reserve,Coast Guard Reserve,Total Selected Reserve,Army Civilian,Navy Civilian,"
    "Marine Corps Civilian,Air Force Civilian,DOD Civilian,Total Civilian,Grand Total,"
    "Space Force Active Duty,coast_guard_ad,space_force_ad"
)
SERVICES = ["Army", "Navy", "Marine Corps", "Air Force", "Space Force", "Coast Guard"]
#: The Navy line of this report is twice that of its neighbours.
WRONG = ("Japan", "2015-12")
#: From this September the services are given; of the one before only the Navy, for the break between them.
SPLIT = "2008-09"
KEY = ["country", "month", "service"]


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return the totals; in Japan also the services, for Septembers and the newest report."""
    raw = published.rows(file, REPORTS)
    raw = raw[raw["iso3c"].isin(["JPN", "KOR"])].replace("NA", "")  # so the compiler marks what is missing
    country = raw["iso3c"].map({"JPN": "Japan", "KOR": "South Korea"}).rename("country")
    day = pd.to_datetime(raw["month"] + " " + raw["year"], format="%B %Y", errors="coerce")
    published.hold(file, raw["month"], day.notna(), "the name of a month")
    month = day.dt.strftime("%Y-%m").rename("month")
    again = pd.concat([country, month], axis=1).duplicated()
    published.hold(file, raw["month"], ~again, "one report of a country and month")
    wide = pd.DataFrame({"Total": published.numbers(file, raw["troops_ad"])})
    for service in SERVICES:
        ours = published.numbers(file, raw[f"{service.lower().replace(' ', '_')}_ad"])
        # The compiler's own column lacks the Navy where the report's has it.
        wide[service] = published.numbers(file, raw[f"{service} Active Duty"]).fillna(ours).fillna(0)
    since = (country == "Japan") & (month >= SPLIT)
    september, newest = month.str.endswith("-09"), month == month.max()
    split = since & (september | newest)
    whole = wide[SERVICES].sum(axis=1) == wide["Total"]
    published.hold(file, raw["troops_ad"], ~split | whole, "the sum of the services")
    wide.loc[~split, SERVICES] = 0
    last = (country == "Japan") & (month == "2007-09")
    wide.loc[last, "Navy"] = published.numbers(file, raw.loc[last, "navy_ad"])
    listed = (country == "Japan") | (month >= SPLIT) & (september | newest)
    listed &= (country != WRONG[0]) | (month != WRONG[1])
    long = pd.concat([country, month, wide], axis=1)[listed].melt(KEY[:2], var_name="service")
    long = long[long["value"] > 0]
    order = long["service"].map({name: i for i, name in enumerate(["Total", *SERVICES])})
    long = long.assign(order=order).sort_values(["country", "month", "order"], ignore_index=True)
    made = long[KEY].assign(
        personnel=long["value"].astype(int).astype(str),
        coverage=[_coverage(*key) for key in zip(long["country"], long["month"], strict=True)],
        status="final",
        source_id=SOURCE,
    )
    kept = published.keep(made, today, KEY, ["status", "note", "second_source_id"])
    return published.Built(SOURCE, kept)


def _coverage(country: str, month: str) -> str:
    """Say what a report counts: Okinawa was listed apart until 1973, sailors in another way until 2007."""
    if country != "Japan":
        return "whole country"
    return "Okinawa apart" if month < "1974" else "Okinawa included" if month < "2008" else "new count"
