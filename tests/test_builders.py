"""Each builder reads its publisher's layout, and refuses what such files have when they change.

The files here are small ones of our own: a few invented rows in the publisher's layout.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.styles import Font

from conftest import ROOT
from helpers.files import BookError
from helpers.new import published, refresh

DATA = ROOT / "data"
BUILDERS = sorted(path.stem for path in (DATA / "builders").glob("*.py"))


def built(table: str, file: Path, own: Iterable[str] = ()) -> published.Built:
    """Return what a builder makes of a file, when ``own`` are the lines that the table has."""
    header = (DATA / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    today = pd.DataFrame([line.split(",") for line in own], columns=header, dtype="str")
    found = refresh.builder(table, DATA)(file, today)
    assert set(found.table.columns) == set(header)
    return published.Built(found.source_id, found.table[header])


def lines(table: pd.DataFrame) -> list[str]:
    return table.to_csv(index=False, header=False, lineterminator="\n").splitlines()


def row(header: str, **cells: str) -> str:
    """Return a line of a CSV with these cells, by their columns with _ for what no name can have."""
    named = {re.sub(r"\W", "_", name): "" for name in header.split(",")}
    assert cells.keys() <= named.keys()
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in (named | cells).values())


def constant(table: str, name: str) -> str:
    """Return a header that a builder expects."""
    place: Callable[..., object] = refresh.builder(table, DATA)
    return str(place.__globals__[name])


def troops(month: str, year: int, total: int, **services: int) -> str:
    parts = {f"{name}_Active_Duty": str(count) for name, count in services.items()}
    header = constant("us_troops", "REPORTS")
    return row(header, iso3c="JPN", month=month, year=str(year), troops_ad=str(total), **parts)


def flight(day: str, missile: str, outcome: str = "success", preliminary: str = "no", **cells: str) -> str:
    header = constant("missile_flights", "FLIGHTS")
    named = {"missile_name": missile, "missile_class": "SRBM", "outcome": outcome, "preliminary": preliminary}
    return row(header, date_utc=day, **named, **cells)


def launch(tag: str, day: str, agency: str, code: str = "OS") -> str:
    header = constant("orbital_launches", "LOG")
    return row(header, _Launch_Tag=tag, Launch_Date=day, Agency=agency, Launch_Code=code)


def delivery(year: int, supplier: str, volume: str, local: str = "No") -> str:
    header = constant("arms_imports_japan", "REGISTER")
    named = {"Supplier": supplier, "Recipient": "Japan", "Delivery_year": str(year)}
    return row(header, **named, TIV_delivery_values=volume, Local_production=local)


def activity(day: str, aircraft: str, ships: str) -> str:
    header = constant("taiwan_activity", "REPORTS")
    return row(header, date=day, pla_aircraft_sorties=aircraft, plan_vessel_sorties=ships)


def days(first: str, last: str, count: int) -> list[str]:
    return [f"{day:%Y-%m-%d},{count},0" for day in pd.date_range(first, last)]


DAILY = "date,contiguous_zone_vessels,territorial_sea_vessels"
VISITS = "id,start_date,end_date,visitor,from,description"
TRAVELS = "id,role,name,start_date,end_date,country,locale,remarks"
EVENTS = "date,type,event,year,resources"
#: By table: its rows today, the publisher's rows, and the rows that come of both.
LAYOUTS: dict[str, list[tuple[list[str], Callable[[], list[str]], list[str]]]] = {
    "yen_per_dollar": [
        (
            [],
            lambda: [
                "Date,Country,Exchange rate",
                "2021-12-01,Japan,113.8",
                "2022-01-01,India,74.4",
                "2022-01-01,Japan,114.8255",
                "2022-02-01,Japan,115.2763",
            ],
            ["2022-01,114.83,fed-usdjpy-2026", "2022-02,115.28,fed-usdjpy-2026"],
        )
    ],
    "us_troops": [
        (
            ["Japan,2016-03,Total,9,new count,disputed,Doubted.,troopdata-dmdc-2026,second"],
            lambda: [
                constant("us_troops", "REPORTS"),
                troops("September", 1973, 28865).replace(",,", ",NA,"),
                troops("September", 2008, 30, Army=10, Navy=20),
                troops("March", 2016, 9, Army=8),
                troops("December", 2016, 70, Army=70),
            ],
            [
                "Japan,1973-09,Total,28865,Okinawa apart,final,,troopdata-dmdc-2026,",
                "Japan,2008-09,Total,30,new count,final,,troopdata-dmdc-2026,",
                "Japan,2008-09,Army,10,new count,final,,troopdata-dmdc-2026,",
                "Japan,2008-09,Navy,20,new count,final,,troopdata-dmdc-2026,",
                "Japan,2016-03,Total,9,new count,disputed,Doubted.,troopdata-dmdc-2026,second",
                "Japan,2016-12,Total,70,new count,final,,troopdata-dmdc-2026,",
                "Japan,2016-12,Army,70,new count,final,,troopdata-dmdc-2026,",
            ],
        )
    ],
    "orbital_launches": [
        (
            [
                "1957,Russia,reached orbit,1,disputed,Doubted.,gcat-launch-log-2024,",
                "2025,World,attempts,329,final,,printed,",
            ],
            lambda: [
                constant("orbital_launches", "LOG"),
                row(constant("orbital_launches", "LOG"), _Launch_Tag="# Updated 1958 Sep 17 21:43:39"),
                launch("1957 ALP", "1957 Oct  4 1928:34", "MVS"),
                launch("1957 BET", "1957 Nov  3 0230:42", "MVS"),
                launch("1957 GAM", "1957 Dec  3", "-", "-"),
                launch("1958 ALP", "1958 Feb  1 0347:56", "ABMA"),
            ],
            [
                "1957,United States,reached orbit,0,final,,gcat-launch-log-2024,",
                "1957,Russia,reached orbit,2,disputed,Doubted.,gcat-launch-log-2024,",
                "1957,China,reached orbit,0,final,,gcat-launch-log-2024,",
                "1957,Europe,reached orbit,0,final,,gcat-launch-log-2024,",
                "1957,Japan,reached orbit,0,final,,gcat-launch-log-2024,",
                "1957,India,reached orbit,0,final,,gcat-launch-log-2024,",
                "1957,Other,reached orbit,0,final,,gcat-launch-log-2024,",
                "2025,World,attempts,329,final,,printed,",
            ],
        )
    ],
    "nk_missile_counts": [
        (
            [
                "1984,CNS: missiles,missiles,1,nagix-nk-missile-tests-2026,second,final,",
                "1984,CSIS: missile events,events,7,csis-provocations-2026,,final,",
                "2022,Japan: missiles,missiles,59,nhk,,final,",
            ],
            lambda: [
                constant("nk_missile_counts", "FLIGHTS"),
                flight("1984-04-09", "Scud-B"),
                flight("1984-09", "Scud-B", "failure"),
                flight("1986-04-18", "Scud-B", "unknown", "yes"),
            ],
            [
                "1984,CNS: missiles,missiles,2,nagix-nk-missile-tests-2026,second,final,",
                "1984,CNS: failed missiles,missiles,1,nagix-nk-missile-tests-2026,,final,",
                "1984,CSIS: missile events,events,7,csis-provocations-2026,,final,",
                "1985,CNS: missiles,missiles,0,nagix-nk-missile-tests-2026,,final,",
                "1985,CNS: failed missiles,missiles,0,nagix-nk-missile-tests-2026,,final,",
                "1986,CNS: missiles,missiles,1,nagix-nk-missile-tests-2026,,provisional,"
                '"The compiler\'s own additions, not yet in the CNS table. Counts to 18 April."',
                "1986,CNS: failed missiles,missiles,0,nagix-nk-missile-tests-2026,,provisional,"
                '"The compiler\'s own additions, not yet in the CNS table. Counts to 18 April."',
                "2022,Japan: missiles,missiles,59,nhk,,final,",
            ],
        ),
        (
            ["1984,CNS: missiles,missiles,1,nagix-nk-missile-tests-2026,second,final,"],
            lambda: [
                EVENTS,
                "1984-04-09,Missile Provocation,Test,1984,x",
                "1984-05-09,Other Provocation,Balloon,1984,x",
                "1985-12-31,Missile Provocation,Test,1985,x",
            ],
            [
                "1984,CNS: missiles,missiles,1,nagix-nk-missile-tests-2026,second,final,",
                "1984,CSIS: missile events,events,1,csis-provocations-2026,,final,",
                "1985,CSIS: missile events,events,1,csis-provocations-2026,,final,",
            ],
        ),
        (  # the same as it is fetched, with more columns
            [],
            lambda: [
                constant("nk_missile_counts", "WHOLE"),
                "1984-12-31,Missile Provocation,Test,Said,x,1984,53,12-1984,Monday,False",
            ],
            ["1984,CSIS: missile events,events,1,csis-provocations-2026,,final,"],
        ),
    ],
    "missile_flights": [
        (
            [
                "1,1984-04-09,1984,Scud-B,SRBM,ballistic,,,success,First,disputed,Doubted.,"
                "nagix-nk-missile-tests-2026,two",
                "2,1984-09,1984,Scud-B,SRBM,ballistic,1,2,success,,final,,older-copy,",
            ],
            lambda: [
                constant("missile_flights", "FLIGHTS"),
                flight("1984-04-08", "Scud-B"),
                flight("1984-04-09", "Scud-B", apogee_km="2,111.5"),
                flight("1984-09", "Scud-B", apogee_km="2", distance_km="1"),
                flight("2026-04-18", "Unknown", "unknown", "yes", distance_km="140"),
            ],
            [
                "1,1984-04-08,1984,Scud-B,SRBM,ballistic,,,success,,final,,nagix-nk-missile-tests-2026,",
                "2,1984-04-09,1984,Scud-B,SRBM,ballistic,2111.5,,success,First,disputed,Doubted.,"
                "nagix-nk-missile-tests-2026,two",
                "3,1984-09,1984,Scud-B,SRBM,ballistic,1,2,success,,final,,older-copy,",
                "4,2026-04-18,2026,not identified,SRBM,,,140,unknown,,provisional,,"
                "nagix-nk-missile-tests-2026,",
            ],
        )
    ],
    "arms_imports_japan": [
        (
            ["1952,2022,total,8,sipri-arms-transfers,360info-sipri-2022"],
            lambda: [
                constant("arms_imports_japan", "REGISTER"),
                delivery(2000, "United States", "407.65", "Yes"),
                delivery(2000, "United States", "40.5"),
                delivery(2002, "France", "0.3"),
            ],
            [
                "1952,2022,total,8,sipri-arms-transfers,360info-sipri-2022",
                "2000,2025,total,448.15,sipri-arms-transfers,",
                "2000,2025,United States,448.15,sipri-arms-transfers,",
                "2000,2025,Other,0,sipri-arms-transfers,",
                "2000,2025,made in Japan under licence,407.65,sipri-arms-transfers,",
                "2001,2025,total,0,sipri-arms-transfers,",
                "2001,2025,United States,0,sipri-arms-transfers,",
                "2001,2025,Other,0,sipri-arms-transfers,",
                "2001,2025,made in Japan under licence,0,sipri-arms-transfers,",
                "2002,2025,total,0.3,sipri-arms-transfers,",
                "2002,2025,United States,0,sipri-arms-transfers,",
                "2002,2025,Other,0.3,sipri-arms-transfers,",
                "2002,2025,made in Japan under licence,0,sipri-arms-transfers,",
            ],
        ),
        (
            ["2000,2025,total,1,sipri-arms-transfers,"],
            lambda: ["supplier,recipient,year,value", "United States,Japan,1952,8", "France,Japan,1952,1"],
            [
                "1952,2022,total,9,sipri-arms-transfers,360info-sipri-2022",
                "1952,2022,United States,8,sipri-arms-transfers,360info-sipri-2022",
                "1952,2022,Other,1,sipri-arms-transfers,360info-sipri-2022",
                "2000,2025,total,1,sipri-arms-transfers,",
            ],
        ),
    ],
    "leader_visits": [
        (
            [
                "v188,Japan to the US,1972-08-30,1972-09-01,Kakuei Tanaka,prime minister,Official visit,"
                "state-visits-japan,,Spelt otherwise.",
                "t9,US to Japan,1974-11-18,1974-11-22,Gerald R. Ford,president,State visit,"
                "state-travels-japan,,",
                "w20260319,Japan to the US,2026-03-19,2026-03-19,Takaichi,prime minister,Rank not found,wh,,",
            ],
            lambda: [
                VISITS,
                "188,1972-08-30,1972-09-01,Prime Minister Kakui Tanaka,Japan,Official visit in Hawaii.",
                "253,1975-10-02,1975-10-04,Emperor Hirohito,Japan,State visit; first.",
                "254,1975-10-02,1975-10-04,King Baudouin,Belgium,State visit.",
            ],
            [
                "v188,Japan to the US,1972-08-30,1972-09-01,Kakuei Tanaka,prime minister,Official visit,"
                "state-visits-japan,,Spelt otherwise.",
                "t9,US to Japan,1974-11-18,1974-11-22,Gerald R. Ford,president,State visit,"
                "state-travels-japan,,",
                "v253,Japan to the US,1975-10-02,1975-10-04,Hirohito,Emperor,State visit,"
                "state-visits-japan,,",
                "w20260319,Japan to the US,2026-03-19,2026-03-19,Takaichi,prime minister,Rank not found,wh,,",
            ],
        ),
        (
            [],
            lambda: [
                TRAVELS,
                "1,secretary,Philander Chase Knox,1912-09-09,1912-09-22,Japan,Tokyo,Funeral.",
                "2,president,Gerald R. Ford,1974-11-18,1974-11-22,Japan,Tokyo,State visit; met with others.",
                "3,president,Gerald R. Ford,1974-11-22,1974-11-23,South Korea,Seoul,Met with others.",
            ],
            [
                "t2,US to Japan,1974-11-18,1974-11-22,Gerald R. Ford,president,State visit,"
                "state-travels-japan,,",
            ],
        ),
    ],
    "senkaku_presence": [
        (
            ["2012-10,contiguous zone,9,9,jcg-senkaku-2026,second,,"],
            lambda: [DAILY, *days("2012-10-01", "2012-10-30", 4), "2012-10-31,0,0", "2012-11-01,2,1"],
            [
                "2012-09,contiguous zone,9,81,jcg-senkaku-2026,,provisional,"
                "Part of a month: the table starts on 14 September 2012.",
                "2012-10,contiguous zone,30,120,jcg-senkaku-2026,second,,",
                "2012-11,contiguous zone,1,2,jcg-senkaku-2026,,provisional,"
                "Part of a month: the table ends on 1 November 2012.",
                "2016-08,contiguous zone,25,147,jcg-senkaku-2026,,,"
                "Printed monthly total; the daily list of this month could not be read.",
                "2012-09,territorial sea,3,13,jcg-senkaku-2026,,provisional,"
                "Part of a month: the table starts on 14 September 2012.",
                "2012-10,territorial sea,0,0,jcg-senkaku-2026,,,",
                "2012-11,territorial sea,1,1,jcg-senkaku-2026,,provisional,"
                "Part of a month: the table ends on 1 November 2012.",
                "2016-08,territorial sea,6,23,jcg-senkaku-2026,,,"
                "Printed monthly total; the daily list of this month could not be read.",
            ],
        )
    ],
    "senkaku_streaks": [
        (
            ["2020-01-02,2020-03-01,60,jcg-senkaku-2026,second,,"],
            lambda: [
                DAILY,
                "2020-01-01,0,0",
                *days("2020-01-02", "2020-03-01", 2),
                "2020-03-02,0,0",
                *days("2020-03-03", "2020-04-30", 2),
                "2020-05-01,0,0",
                *days("2020-05-02", "2020-07-02", 2),
            ],
            [
                "2020-01-02,2020-03-01,60,jcg-senkaku-2026,second,,",
                "2020-05-02,2020-07-02,62,jcg-senkaku-2026,,provisional,Unbroken when the tables end.",
            ],
        )
    ],
    "taiwan_activity": [
        (
            [],
            lambda: [
                constant("taiwan_activity", "REPORTS"),
                activity("2022/07/30", "9.0", "9.0"),
                *[activity(f"2022/08/{day:02}", "2.0", "" if day == 3 else "1.0") for day in range(1, 32)],
                activity("2022/09/01", "5.0", "1.0"),
                activity("2022/09/02", "", "1.0"),
            ],
            [
                "2022-08,aircraft detected,62,31,31,pla-data-dashboard-2026,,",
                "2022-08,navy ships detected,30,30,31,pla-data-dashboard-2026,provisional,"
                "1 of 31 days missing.",
                "2022-09,aircraft detected,5,1,30,pla-data-dashboard-2026,provisional,To 2 September 2022.",
                "2022-09,navy ships detected,2,2,30,pla-data-dashboard-2026,provisional,To 2 September 2022.",
            ],
        )
    ],
}
CASES = [(table, *case) for table, cases in LAYOUTS.items() for case in cases]


@pytest.mark.parametrize(("table", "own", "raw", "expected"), CASES)
def test_a_builder_reads_its_layout(
    table: str, own: list[str], raw: Callable[[], list[str]], expected: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "raw.csv"
    file.write_text("\ufeff" + "\r\n".join(raw()) + "\r\n", encoding="utf-8")
    assert lines(built(table, file, own).table) == expected


@pytest.mark.parametrize(
    ("table", "case", "old", "new", "message"),
    [
        (
            "yen_per_dollar",
            0,
            "Exchange rate",
            "Rate",
            "row 1: expected a column 'Exchange rate', found none",
        ),
        (
            "yen_per_dollar",
            0,
            "115.2763",
            "0.0087",
            "row 5, column Exchange rate: expected yen to one dollar",
        ),
        (
            "yen_per_dollar",
            0,
            "2022-02-01",
            "2022-03-01",
            "column Date: expected every month, found none of 2022-02",
        ),
        ("us_troops", 0, "28865", "28865*", "row 2, column troops_ad: expected a number, found '28865*'"),
        (
            "us_troops",
            0,
            ",30,",
            ",31,",
            "row 3, column troops_ad: expected the sum of the services, found '31'",
        ),
        ("us_troops", 0, "December", "Dec", "row 5, column month: expected the name of a month, found 'Dec'"),
        (
            "us_troops",
            0,
            "March,",
            "December,",
            "row 5, column month: expected one report of a country and month",
        ),
        (
            "orbital_launches",
            0,
            "ABMA",
            "NEWCO",
            "row 6, column Agency: expected an agency whose country is known",
        ),
        ("orbital_launches", 0, "# Updated", "# Made", "row 2: expected the day of the log"),
        (
            "orbital_launches",
            0,
            "1957 BET",
            "1957 ALP",
            "row 4, column #Launch_Tag: expected a launch of its own",
        ),
        (
            "nk_missile_counts",
            0,
            "failure",
            "partial",
            "row 3, column outcome: expected one of success, failure",
        ),
        ("nk_missile_counts", 1, "Other Provocation", "Cyber", "row 3, column type: expected one of"),
        (
            "nk_missile_counts",
            1,
            "Balloon,1984",
            "Balloon,1985",
            "row 3, column year: expected the year of the date",
        ),
        ("missile_flights", 0, "SRBM", "CRBM", "row 2, column missile_class: expected one of SRBM"),
        (
            "missile_flights",
            0,
            "140",
            "about 140",
            "row 5, column distance_km: expected a number, found 'about 140'",
        ),
        ("arms_imports_japan", 0, "Yes", "Partly", "row 2, column Local production: expected Yes or No"),
        (
            "arms_imports_japan",
            0,
            "2002",
            "2002-03",
            "row 4, column Delivery year: expected a year, found '2002-03'",
        ),
        (
            "arms_imports_japan",
            1,
            "France",
            "United States",
            "row 3, column supplier: expected one sum a year",
        ),
        (
            "leader_visits",
            0,
            "Emperor",
            "Crown Prince",
            "row 3, column visitor: expected a visitor with one of",
        ),
        (
            "leader_visits",
            0,
            "1972-09-01",
            "1972-08-01",
            "row 2, column end_date: expected a day not before the first",
        ),
        (
            "leader_visits",
            1,
            "secretary",
            "aide",
            "row 2, column role: expected president or secretary, found 'aide'",
        ),
        (
            "senkaku_presence",
            0,
            "2012-10-15,4,0\r\n",
            "",
            "column date: expected every day, found none of 2012-10-15",
        ),
        ("senkaku_presence", 0, "2012-10-31", "2012-10-30", "row 32, column date: expected a day of its own"),
        ("taiwan_activity", 0, "2022/08/31", "2022/08/30", "row 33, column date: expected a day of its own"),
        (
            "taiwan_activity",
            0,
            "5.0",
            "5 (3)",
            "row 34, column pla_aircraft_sorties: expected a number, found '5 (3)'",
        ),
        ("taiwan_activity", 0, "remark", "remarks", "row 1: expected a column 'remark', found none"),
    ],
)
def test_a_builder_refuses_what_has_changed(
    table: str, case: int, old: str, new: str, message: str, tmp_path: Path
) -> None:
    own, raw, _ = LAYOUTS[table][case]
    text = "\r\n".join([*raw(), ""])
    assert old in text
    file = tmp_path / "raw.csv"
    file.write_bytes(text.replace(old, new, 1).encode())
    with pytest.raises(BookError) as refusal:
        built(table, file, own)
    assert str(refusal.value).splitlines()[0].startswith(f"raw.csv: {message}")


@pytest.fixture
def workbook() -> openpyxl.Workbook:
    """A workbook in SIPRI's layout: nine countries, five years, blue for what SIPRI estimates."""
    book = openpyxl.Workbook()
    heads = {
        "Constant (2023) US$": "Military expenditure by country, in constant (2023) US$ m., 1949-2024",
        "Current US$": "Military expenditure by country, in millions of US$ at current prices",
        "Share of GDP": "Military expenditure by country as percentage of gross domestic product",
    }
    names = refresh.builder("military_spending", DATA).__globals__["COUNTRIES"]
    for title, head in heads.items():
        sheet = book.create_sheet(title)
        sheet.append([head])
        sheet.append(["Country", "Notes", 1951, 1952, 1953, 1954])
        sheet.append(["East Asia"])
        for number, name in enumerate(names):
            values: list[object] = ["...", 1000.04 + number, 2000 + number, "xxx"]
            sheet.append(
                [name, "†¶104", *([0.01, 0.0125, "...", 0.02] if title == "Share of GDP" else values)]
            )
        for cell in sheet[sheet.max_row]:
            cell.font = Font(color="0000FF")
    book["Current US$"]["D4"] = 0
    return book


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    book.save(folder / "SIPRI.xlsx")
    return folder / "SIPRI.xlsx"


def test_a_workbook_s_units_marks_and_gaps_are_read(workbook: openpyxl.Workbook, tmp_path: Path) -> None:
    found = built("military_spending", saved(workbook, tmp_path))
    rows = lines(found.table)
    assert rows[:3] == [
        "Japan,1952,1.0000,,1.250,final,sipri-milex-1954",
        "Japan,1953,2.0000,2.0000,,final,sipri-milex-1954",
        "United States,1952,1.0010,1.0010,1.250,final,sipri-milex-1954",
    ]
    assert rows[-1] == "United Kingdom,1953,2.0080,2.0080,,estimate,sipri-milex-1954"
    workbook["Constant (2023) US$"]["F4"] = 3000
    edition = built("military_spending", saved(workbook, tmp_path))
    assert edition.source_id == "sipri-milex-1955", "half a year more is another edition, whole"
    assert lines(edition.table)[2] == "Japan,1954,3.0000,,2.000,final,sipri-milex-1955"
    assert len(edition.table) == len(rows) + 1


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("Current US$", "A4", "Japan 1)", "sheet Current US$: column A: expected Japan, found none"),
        ("Current US$", "E5", "1,234*", "sheet Current US$: cell E5: expected a number, found '1,234*'"),
        ("Share of GDP", "E2", 1955, "sheet Share of GDP: row 2: expected every year once, found a gap"),
        ("Current US$", "A1", "in billions", "sheet Current US$: row 1: expected words like in millions of"),
    ],
)
def test_a_workbook_that_has_changed_is_refused(
    workbook: openpyxl.Workbook, tmp_path: Path, sheet: str, cell: str, value: object, message: str
) -> None:
    workbook[sheet][cell] = value
    with pytest.raises(BookError) as refusal:
        built("military_spending", saved(workbook, tmp_path))
    assert str(refusal.value).startswith(f"SIPRI.xlsx: {message}")


def test_a_workbook_on_another_base_is_refused(workbook: openpyxl.Workbook, tmp_path: Path) -> None:
    workbook["Constant (2023) US$"].title = "Constant (2024) US$"
    with pytest.raises(
        BookError, match=r"SIPRI\.xlsx: expected a sheet like Constant .*, found Sheet, Constant"
    ):
        built("military_spending", saved(workbook, tmp_path))


@pytest.mark.parametrize("table", BUILDERS)
def test_the_file_that_a_table_was_made_from_is_known(table: str) -> None:
    descriptor = json.loads((DATA / f"{table}.json").read_text(encoding="utf-8"))
    named = pd.read_csv(DATA / f"{table}.csv", dtype="str").filter(like="source_id").stack().unique()
    assert descriptor["derived"].keys() <= set(named)
    assert all(re.fullmatch("[0-9a-f]{64}", each["sha256"]) for each in descriptor["derived"].values())
    assert {*LAYOUTS, "military_spending"} >= {table}, "its layout is tried above"
