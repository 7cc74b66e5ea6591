"""Aircraft and ships around Taiwan by month, from a private compilation of the ministry's daily reports."""

from pathlib import Path

import pandas as pd

from helpers.new import published

SOURCE = "pla-data-dashboard-2026"
FILE = "https://raw.githubusercontent.com/s0914712/pla-data-dashboard/HEAD/data/JapanandBattleship.csv"
COUNTS = {"aircraft detected": "pla_aircraft_sorties", "navy ships detected": "plan_vessel_sorties"}
REPORTS = (
    "date,空中,聯合演訓,艦通過,航母活動,與那國,宮古,大禹,對馬,進,出,艦型,"
    "備考,pla_aircraft_sorties,plan_vessel_sorties,remark,國家"
)
#: Before, the compilation holds only aircraft that entered the zone.
FIRST = "2022-08"


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return sums a month and measure, with the days that the compilation has."""
    raw = published.rows(file, REPORTS)
    raw["date"] = raw["date"].str.replace("/", "-")
    month = published.months(file, raw["date"])
    published.hold(file, raw["date"], ~raw["date"].duplicated(), "a day of its own")
    since = month >= FIRST
    published.unbroken(file, month[since])
    last = pd.Timestamp(raw["date"].max())
    parts = []
    for measure, name in COUNTS.items():
        counts = published.numbers(file, raw[name])[since]
        sums = counts.groupby(month[since]).agg(["sum", "count"])
        parts.append(sums.set_axis(["count", "days_reported"], axis=1).assign(measure=measure))
    table = pd.concat(parts).astype({"count": int}).rename_axis("month").reset_index()
    table = table.sort_values(["month", "measure"], ignore_index=True)
    table["days_in_month"] = pd.PeriodIndex(table["month"], freq="M").days_in_month
    missing = table["days_in_month"] - table["days_reported"]
    notes = missing.astype(str) + " of " + table["days_in_month"].astype(str) + " days missing."
    notes[(table["month"] == f"{last:%Y-%m}") & (not last.is_month_end)] = f"To {last.day} {last:%B %Y}."
    table["note"] = notes.where(missing > 0, "")
    table["status"] = (missing > 0).map({True: "provisional", False: ""})
    return published.Built(SOURCE, table.assign(source_id=SOURCE).astype(str))
