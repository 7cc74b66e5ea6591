"""North Korean missile flights, one by one, from the list of nk-missile-tests."""

from pathlib import Path

import pandas as pd

from helpers.new import published

SOURCE = "nagix-nk-missile-tests-2026"
FLIGHTS = (
    "date_utc,time_utc,series_no,missile,missile_name,missile_class,landing,apogee_km,distance_km,"
    "outcome,preliminary"
)
CLASSES = ["SRBM", "MRBM", "IRBM", "ICBM", "SLBM", "HGV", "SLV", "Unknown"]
OUTCOMES = ["success", "failure", "unknown"]
#: A flight is known by its day, its missile and its place among those: numbers move when one is added.
KEY = ["date_utc", "missile", "of_the_day"]


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return every flight in the order of the list; height and distance as the list has them."""
    raw = published.rows(file, FLIGHTS)
    day, kind, outcome = raw["date_utc"], raw["missile_class"], raw["outcome"]
    published.hold(file, day, day.str.fullmatch(r"\d{4}-\d{2}(-\d{2})?"), "a day or a month")
    published.hold(file, kind, kind.isin(CLASSES), f"one of {', '.join(CLASSES)}")
    published.hold(file, outcome, outcome.isin(OUTCOMES), f"one of {', '.join(OUTCOMES)}")
    published.hold(file, raw["preliminary"], raw["preliminary"].isin(["yes", "no"]), "yes or no")
    made = pd.DataFrame(
        {
            "date_utc": day,
            "year": day.str[:4],
            "missile": raw["missile_name"].replace("Unknown", "not identified"),
            "missile_class": kind.replace("Unknown", "unknown"),
            "apogee_km": _kilometres(file, raw["apogee_km"]),
            "distance_km": _kilometres(file, raw["distance_km"]),
            "outcome": outcome,
            "status": raw["preliminary"].map({"yes": "provisional", "no": "final"}),
            "source_id": SOURCE,
        }
    )
    made["of_the_day"] = made.groupby(KEY[:2]).cumcount()
    known = today.assign(of_the_day=today.groupby(KEY[:2]).cumcount())
    # The list tags a path for each type of missile, not for each flight.
    paths = today.drop_duplicates("missile").set_index("missile")["path"]
    made = made.assign(
        path=made["missile"].map(paths), **dict.fromkeys(["label", "note", "second_source_id"], "")
    )
    made = made.fillna("")
    made = published.keep(made, known, KEY, ["label", "note", "second_source_id"])
    # What the book takes from an older copy stays, and so does what it calls disputed.
    stands = published.keep(made, known, KEY, [str(name) for name in made if name not in KEY])
    made = made.mask(stands["source_id"] != SOURCE, stands)
    made["status"] = made["status"].mask(stands["status"] == "disputed", "disputed")
    made.insert(0, "flight", [str(number) for number in range(1, len(made) + 1)])
    return published.Built(SOURCE, made.drop(columns="of_the_day"))


def _kilometres(file: Path, cells: pd.Series) -> pd.Series:
    return published.numbers(file, cells).map("{:.10g}".format, na_action="ignore").fillna("")
