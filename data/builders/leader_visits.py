"""Visits of leaders, from the registers of the State Department's Office of the Historian, as CSV.

One file has the visits of foreign leaders, the other the travels of presidents and secretaries of state; each
gives its own rows. Meetings that the registers do not have yet are the book's own rows.
"""

from pathlib import Path

import pandas as pd

from helpers.new import published

VISITS, TRAVELS = "state-visits-japan", "state-travels-japan"
VISITED = "id,start_date,end_date,visitor,from,description"
TRAVELLED = "id,role,name,start_date,end_date,country,locale,remarks"
OFFICES = {"Prime Minister": "prime minister", "Emperor": "Emperor", "Empress": "Empress"}
#: As the register words them at the head of its remark; what has none of them is another meeting.
RANKS = ["State visit", "Official working visit", "Official visit", "Working visit"]
SPELT = {"Kakui Tanaka": "Kakuei Tanaka"}
KEY = ["visit_id"]


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return the visits of one register, which its columns tell, among the others, by their day."""
    source, made = (TRAVELS, _travels(file)) if "role" in published.header(file) else (VISITS, _visits(file))
    first, last = made["start"].rename("start_date"), made["end"].rename("end_date")
    published.months(file, first)
    published.months(file, last)
    published.hold(file, last, last >= first, "a day not before the first")
    made["source_id"] = source
    made = published.keep(made.assign(status="", note=""), today, KEY, ["status", "note"])
    table = pd.concat([made, today[today["source_id"] != source]])
    return published.Built(source, table.sort_values("start", kind="stable"))


def _visits(file: Path) -> pd.DataFrame:
    raw = published.rows(file, VISITED)
    raw = raw[raw["from"] == "Japan"]
    office = raw["visitor"].str.extract(rf"^({'|'.join(OFFICES)}) ")[0]
    published.hold(
        file, raw["visitor"], office.notna(), f"a visitor with one of the offices {', '.join(OFFICES)}"
    )
    visitor = raw["visitor"].str.replace(rf"^({'|'.join(OFFICES)}) ", "", regex=True)
    return pd.DataFrame(
        {
            "visit_id": "v" + raw["id"],
            "direction": "Japan to the US",
            "start": raw["start_date"],
            "end": raw["end_date"],
            "visitor": visitor.replace(SPELT),
            "office": office.map(OFFICES),
            "rank": raw["description"].map(_rank),
        }
    )


def _travels(file: Path) -> pd.DataFrame:
    raw = published.rows(file, TRAVELLED)
    published.hold(file, raw["role"], raw["role"].isin(["president", "secretary"]), "president or secretary")
    raw = raw[(raw["role"] == "president") & (raw["country"] == "Japan")]
    return pd.DataFrame(
        {
            "visit_id": "t" + raw["id"],
            "direction": "US to Japan",
            "start": raw["start_date"],
            "end": raw["end_date"],
            "visitor": raw["name"],
            "office": "president",
            "rank": raw["remarks"].map(_rank),
        }
    )


def _rank(remark: str) -> str:
    return next((rank for rank in RANKS if remark.casefold().startswith(rank.casefold())), "Other meeting")
