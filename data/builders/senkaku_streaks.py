"""Unbroken runs of days with Chinese government vessels in the contiguous zone, from those tables."""

from pathlib import Path

import pandas as pd
from senkaku_presence import SOURCE, daily

from helpers.new import published

#: A run shorter than two months is none of the long ones.
LEAST = 60


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return the runs of sixty days and more; that in which the tables end is provisional."""
    zone = daily(file)["contiguous zone"]
    days = zone.index[zone > 0]
    run = (days.to_series().diff().dt.days != 1).cumsum()
    spans = days.to_series().groupby(run.to_numpy()).agg(["min", "max", "size"])
    spans = spans[spans["size"] >= LEAST]
    last = spans["max"] == zone.index.max()
    made = pd.DataFrame(
        {
            "start": spans["min"].dt.strftime("%Y-%m-%d"),
            "end": spans["max"].dt.strftime("%Y-%m-%d"),
            "days": spans["size"].astype(str),
            "source_id": SOURCE,
            "status": last.map({True: "provisional", False: ""}),
            "note": last.map({True: "Unbroken when the tables end.", False: ""}),
            "second_source_id": "",
        }
    )
    return published.Built(SOURCE, published.keep(made, today, ["start"], ["second_source_id"]))
