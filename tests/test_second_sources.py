"""The Senkaku and scramble series against what others have published, with every exception named."""

import pandas as pd
import pytest

from helpers.data import load

#: Published figures that differ from the sums of the monthly tables, and why: (first month, zone, measure) → reason.
EXCEPTIONS = {
    (
        "2012-09",
        "territorial sea",
        "vessels",
    ): "the Coast Guard's report of 2014 counts a ship once an incident, not once a day",
    ("2013-01", "territorial sea", "days"): "a private copy prints the number of incidents",
    ("2018-01", "contiguous zone", "days"): "a private copy is one day lower; no reason known",
    ("2018-01", "contiguous zone", "vessels"): "a private copy is lower; no reason known",
    ("2020-01", "territorial sea", "vessels"): "NHK counts a ship once an incident",
    ("2022-01", "contiguous zone", "vessels"): "a private copy is lower; no reason known",
}

#: What can be held against the monthly tables; incidents cannot.
CHECKS = load("senkaku_second_source").query("measure in ('days', 'vessels')")


@pytest.mark.parametrize("line", CHECKS.index)
def test_month_sums_equal_what_others_published(line: int) -> None:
    check = CHECKS.loc[line]
    presence = load("senkaku_presence")
    months = presence[(presence["zone"] == check["zone"]) & presence["month"].between(check["first_month"], check["last_month"])]
    ours = int(months[check["measure"]].sum())
    if check["status"] == "disputed":
        assert (f"{check['first_month']:%Y-%m}", check["zone"], check["measure"]) in EXCEPTIONS
        assert ours != check["value"], "no longer an exception: take the mark away"
        assert pd.notna(check["note"])
    else:
        assert ours == check["value"]


def test_every_exception_is_still_needed() -> None:
    disputed = CHECKS[CHECKS["status"] == "disputed"]
    assert {(f"{row.first_month:%Y-%m}", row.zone, row.measure) for row in disputed.itertuples()} == set(EXCEPTIONS)


def test_every_full_year_of_days_has_a_second_source() -> None:
    years = CHECKS[(CHECKS["zone"] == "contiguous zone") & (CHECKS["measure"] == "days") & (CHECKS["status"] != "disputed")]
    assert set(years["first_month"].dt.year) >= set(range(2013, 2026)) - {2018}


def test_incidents_are_never_more_than_ship_days() -> None:
    incidents = load("senkaku_second_source").query("measure == 'incidents'")
    presence = load("senkaku_presence").query("zone == 'territorial sea'")
    for row in incidents.itertuples():
        assert row.value <= presence.loc[presence["month"].between(row.first_month, row.last_month), "vessels"].sum()


def test_streaks_are_as_long_as_their_dates_say() -> None:
    streaks = load("senkaku_streaks")
    assert ((streaks["end"] - streaks["start"]).dt.days + 1 == streaks["days"]).all()


def test_months_of_fiscal_year_2025_add_up_to_the_year() -> None:
    months, years = load("scrambles_month"), load("scrambles").query("fiscal_year == 2025").set_index("counterpart")["scrambles"]
    sums = months[months["month"].between("2025-04-01", "2026-03-01")].groupby("counterpart")["scrambles"].sum()
    assert sums.to_dict() == {name: years[name] for name in ("total", "China", "Russia")}


def test_parts_of_scrambles_are_never_more_than_the_total() -> None:
    for name, key in (("scrambles", "fiscal_year"), ("scrambles_month", "month")):
        wide = load(name).pivot(index=key, columns="counterpart", values="scrambles")
        assert (wide.drop(columns="total").sum(axis=1) <= wide["total"]).all()


def test_airspace_cases_are_numbered_in_order_of_date() -> None:
    """The Joint Staff's own total up to June 2026: 49, of which 44 Russian or Soviet, four Chinese, one Taiwanese."""
    cases = load("airspace_violations")
    assert cases["case"].tolist() == list(range(1, 50))
    assert cases["date"].is_monotonic_increasing
    assert cases["country"].value_counts().to_dict() == {"Russia": 44, "China": 4, "Taiwan": 1}


def test_islets_add_up_to_the_published_area() -> None:
    assert load("senkaku_islets")["area_km2"].sum() == pytest.approx(5.53, abs=0.005)


def test_taiwan_months_have_no_more_reports_than_days() -> None:
    months = load("taiwan_activity")
    assert (months["days_in_month"] == months["month"].dt.days_in_month).all()
    complete = months["days_reported"] == months["days_in_month"]
    assert (months["days_reported"] <= months["days_in_month"]).all()
    assert (months["status"].isna() == complete).all()
