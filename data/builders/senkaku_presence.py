"""Chinese government vessels around the Senkaku Islands by month, from a copy of the daily tables."""

from pathlib import Path

import pandas as pd

from helpers.files import BookError
from helpers.new import published

SOURCE = "jcg-senkaku-2026"
ZONES = {"contiguous zone": "contiguous_zone_vessels", "territorial sea": "territorial_sea_vessels"}
#: Months whose daily lists the transcription lacks, by the totals printed on them: days and vessels.
PRINTED = {
    ("2012-09", "contiguous zone"): (9, 81),
    ("2012-09", "territorial sea"): (3, 13),
    ("2016-08", "contiguous zone"): (25, 147),
    ("2016-08", "territorial sea"): (6, 23),
}
NOTES = {
    "2012-09": "Part of a month: the table starts on 14 September 2012.",
    "2016-08": "Printed monthly total; the daily list of this month could not be read.",
}
KEY = ["month", "zone"]


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return days with vessels and ship-days a month and zone."""
    counts = daily(file)
    month = pd.DatetimeIndex(counts.index).strftime("%Y-%m")
    there = (counts > 0).groupby(month).sum().stack()
    months = pd.DataFrame({"days": there, "vessels": counts.groupby(month).sum().stack()}).rename_axis(KEY)
    for key, totals in PRINTED.items():
        if key not in months.index:
            months.loc[key, ["days", "vessels"]] = totals
    made = months.astype(int).astype(str).sort_index(level=["zone", "month"]).reset_index()
    last = counts.index.max()
    notes = NOTES if last.is_month_end else NOTES | {f"{last:%Y-%m}": _until(last)}
    note = made["month"].map(notes).fillna("")
    status = note.str.startswith("Part of").map({True: "provisional", False: ""})
    made = published.keep(made.assign(source_id=SOURCE), today, KEY, ["second_source_id"])
    return published.Built(SOURCE, made.assign(status=status, note=note))


def _until(day: pd.Timestamp) -> str:
    return f"Part of a month: the table ends on {day.day} {day:%B %Y}."


def daily(file: Path) -> pd.DataFrame:
    """Return vessels a day and zone, of all days but those of months whose totals are printed."""
    raw = published.rows(file, ",".join(["date", *ZONES.values()]))
    published.hold(file, raw["date"], ~raw["date"].duplicated(), "a day of its own")
    published.months(file, raw["date"])
    days = pd.DatetimeIndex(raw["date"])
    lacking = pd.date_range(days.min(), days.max()).difference(days).strftime("%Y-%m-%d")
    unknown = [day for day in lacking if (day[:7], "contiguous zone") not in PRINTED]
    if unknown:
        raise BookError(f"{file.name}: column date: expected every day, found none of {unknown[0]}")
    counts = pd.DataFrame({zone: published.numbers(file, raw[name]) for zone, name in ZONES.items()})
    return counts.set_index(days)
