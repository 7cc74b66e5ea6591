"""Yen to one dollar, from the monthly file of the Federal Reserve's rates."""

from pathlib import Path

import pandas as pd

from helpers.new import published

SOURCE = "fed-usdjpy-2026"
FILE = "https://raw.githubusercontent.com/datasets/exchange-rates/main/data/monthly.csv"
FIRST = "2022-01"
#: A number outside is one of dollars to a yen, or of another country.
PLAUSIBLE = (50, 400)


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return the months since 2022, to the sen."""
    raw = published.rows(file, "Date,Country,Exchange rate")
    raw = raw[raw["Country"] == "Japan"]
    rate = published.numbers(file, raw["Exchange rate"])
    published.hold(file, raw["Exchange rate"], rate.between(*PLAUSIBLE), "yen to one dollar")
    published.hold(file, raw["Date"], raw["Date"].str.endswith("-01"), "the first day of a month")
    month = published.months(file, raw["Date"])
    published.unbroken(file, month)
    table = pd.DataFrame({"month": month, "rate": rate.map("{:.2f}".format), "source_id": SOURCE})
    return published.Built(SOURCE, table[month >= FIRST])
