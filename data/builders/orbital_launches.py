"""Launches that reached orbit, by country of the launching agency, from the launch log of GCAT.

Attempts, which come from printed tables, are the book's own rows.
"""

from pathlib import Path

import pandas as pd

from helpers.files import BookError
from helpers.new import published

SOURCE = "gcat-launch-log-2024"
LOG = (
    "#Launch_Tag,Launch_JD,Launch_Date,LV_Type,Variant,Flight_ID,Flight,Mission,FlightCode,Platform,"
    "Launch_Site,Launch_Pad,Ascent_Site,Ascent_Pad,Apogee,Apoflag,Range,RangeFlag,Dest,OrbPay,Agency,"
    "Launch_Code,Group,Category,orbit,LTCite,Cite,Notes"
)
#: The log's codes of agencies by country, in the order of the table. Sea Launch belongs to no one country;
#: Rocket Lab's flights from New Zealand (RLABN) are no American ones, those from Virginia (RLABU) are.
AGENCIES = {
    "United States": (
        "10ADS 2SLS/AFSMC 3SLS/AFSMC 4SLS/AFSMC ABMA AFBMD AFBSD AFSC AFSD AFSMC AFSPC AFSSD AFSSD/MSC "
        "AFSSD/STG AFSSD/STGL AFSSD2 ASTRV BLS ELUS FFLY GDCLS GSFC ILSL JSC/MSFC LARCN LERC LERC/AFSMC "
        "LERC/AFSSD LERC/SAMSO LMA MDSSC MICOM/WRE MMA MMCLS MSC/AFSSD MSFC MSFC/AFSSD NGIS NGISC NRL OATK "
        "OSC OSC/RSLP RLABU RSLP S4300 SAMSO SEALP SPX ULAB ULAD ULAL VORB"
    ),
    "Russia": (
        "EUROK FKA GKLS ILSK KHRU KTRAS/RVSNR KVR KVR? MVS PU RAKA RKA RVSN RVSNR SIS SIS/ELUS UNKS UNKSR "
        "VKSR VMFR VVKO"
    ),
    "China": "CALT CASIC4A CZHJ EXPACE LANDSP PLA2AC SAST TIANB XIDO XJRY ZKYT",
    "Europe": "AE CNES CRA DFK ESA ESA/AE RAE STSM",
    "Japan": "ISAS JAXA MHI NASDA RSC",
    "India": "ISRO NSIL",
    "Other": "ADD IRGC IRSA ISA KARI KCST NADA RLABN SEALC UNK",
}
COUNTRY = {agency: country for country, agencies in AGENCIES.items() for agency in agencies.split()}
KEY = ["year", "country", "measure"]


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return launches a year and country, of years that the log has whole, beside the rows of attempts."""
    raw = published.rows(file, LOG)
    updated = raw["#Launch_Tag"].str.extract(r"^# Updated (\d{4}) ")[0].dropna()
    if updated.empty:
        raise BookError(
            f"{file.name}: row 2: expected the day of the log, '# Updated 2024 Sep 17', found none"
        )
    raw = raw.drop(updated.index[0])
    raw = raw[raw["Launch_Code"] != "-"]  # without a launch: kept free for one to come
    published.hold(file, raw["Agency"], raw["Agency"].isin(COUNTRY), "an agency whose country is known")
    published.hold(file, raw["#Launch_Tag"], ~raw["#Launch_Tag"].duplicated(), "a launch of its own")
    year = raw["Launch_Date"].str[:4].rename("year")
    published.hold(file, raw["Launch_Date"], year.str.fullmatch(r"\d{4}"), "a date that begins with the year")
    year = year[year < updated.iloc[0]]
    country = raw["Agency"].map(COUNTRY).loc[year.index]
    counts = pd.crosstab(year, country).reindex(columns=list(AGENCIES), fill_value=0)
    made = counts.melt(ignore_index=False, var_name="country", value_name="launches").reset_index()
    made = made.astype(str).assign(measure="reached orbit", status="final", source_id=SOURCE)
    made = published.keep(made, today, KEY, ["status", "note", "second_source_id"])
    table = pd.concat([made, today[today["measure"] == "attempts"]])
    return published.Built(SOURCE, table)
