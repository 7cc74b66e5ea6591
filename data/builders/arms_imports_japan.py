"""Japan's arms imports: yearly sums of SIPRI's rows, one edition of its database a file."""

from pathlib import Path

import pandas as pd

from helpers.new import published

SIPRI, COPY = "sipri-arms-transfers", "360info-sipri-2022"
#: The edition of July 2022 as a copy gives it: sums by supplier and year.
SUMS = "supplier,recipient,year,value"
#: The trade register of the edition of January 2025, one row a delivery.
REGISTER = (
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,"
    "Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,TIV delivery values,"
    "Local production"
)
LICENSED = "made in Japan under licence"


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return the edition that the file is, which its columns tell, and the other as it stands."""
    if "Supplier" in published.header(file):
        source, edition, second = SIPRI, "2025", ""
        wide = _register(file)
    else:
        source, edition, second = COPY, "2022", COPY
        wide = _sums(file)
    made = wide.round(2).map("{:.10g}".format).stack().reset_index()
    made.columns = ["year", "component", "tiv"]
    made = made.astype(str).assign(edition=edition, source_id=SIPRI, second_source_id=second)
    table = pd.concat([made, today[today["edition"] != edition]])
    return published.Built(source, table.sort_values("edition", kind="stable"))


def _sums(file: Path) -> pd.DataFrame:
    raw = published.rows(file, SUMS)
    raw = raw[raw["recipient"] == "Japan"]
    published.hold(file, raw["supplier"], ~raw[["supplier", "year"]].duplicated(), "one sum a year")
    return _by_supplier(file, raw["year"], raw["supplier"], published.numbers(file, raw["value"]))


def _register(file: Path) -> pd.DataFrame:
    raw = published.rows(file, REGISTER)
    raw = raw[raw["Recipient"] == "Japan"]
    volume = published.numbers(file, raw["TIV delivery values"])
    local = raw["Local production"]
    published.hold(file, local, local.isin(["Yes", "No"]), "Yes or No")
    wide = _by_supplier(file, raw["Delivery year"], raw["Supplier"], volume)
    made_there = volume.where(local == "Yes", 0).groupby(raw["Delivery year"].astype(int)).sum()
    return wide.assign(**{LICENSED: made_there.reindex(wide.index, fill_value=0)})


def _by_supplier(file: Path, years: pd.Series, suppliers: pd.Series, volume: pd.Series) -> pd.DataFrame:
    """Return yearly volumes in total, from the United States and from all others."""
    published.hold(file, years, years.str.fullmatch(r"\d{4}"), "a year")
    year = years.astype(int)
    every = range(year.min(), year.max() + 1)
    ours = volume.where(suppliers == "United States", 0)
    parts = {"total": volume, "United States": ours, "Other": volume - ours}
    return pd.DataFrame({name: each.groupby(year).sum() for name, each in parts.items()}).reindex(
        every, fill_value=0
    )
