"""The Senkaku and scramble series against what others have published; a difference is marked in the table, with its reason."""

import pandas as pd
import pytest

from helpers.data import load

#: What can be held against the monthly tables; incidents cannot.
CHECKS = load("senkaku_second_source").query("measure in ('days', 'vessels')")


def month_sum(check: pd.Series) -> int:
    presence = load("senkaku_presence").query("zone == @check.zone")
    return int(presence.loc[presence["month"].between(check["first_month"], check["last_month"]), check["measure"]].sum())


@pytest.mark.parametrize("line", CHECKS.index)
def test_month_sums_equal_what_others_published_or_the_row_says_why_not(line: int) -> None:
    check = CHECKS.loc[line]
    differs = month_sum(check) != check["value"]
    assert differs == (check["status"] == "disputed")
    assert not differs or pd.notna(check["note"])


def test_every_full_year_of_days_but_2018_has_a_second_source_that_agrees() -> None:
    years = CHECKS.query("zone == 'contiguous zone' and measure == 'days' and status != 'disputed'")["first_month"].dt.year
    assert set(years) >= set(range(2013, 2026)) - {2018}


def test_incidents_are_never_more_than_ship_days() -> None:
    for _, row in load("senkaku_second_source").query("measure == 'incidents'").iterrows():
        assert row["value"] <= month_sum(row.replace("incidents", "vessels"))


def test_streaks_are_as_long_as_their_dates_say() -> None:
    streaks = load("senkaku_streaks")
    assert ((streaks["end"] - streaks["start"]).dt.days + 1 == streaks["days"]).all()


def test_months_of_fiscal_year_2025_add_up_to_the_year() -> None:
    months, years = load("scrambles_month"), load("scrambles").query("fiscal_year == 2025").set_index("counterpart")["scrambles"]
    sums = months[months["month"].between("2025-04-01", "2026-03-01")].groupby("counterpart")["scrambles"].sum()
    assert sums.to_dict() == {name: years[name] for name in ("total", "China", "Russia")}


@pytest.mark.parametrize(("name", "key"), [("scrambles", "fiscal_year"), ("scrambles_month", "month")])
def test_parts_of_scrambles_are_never_more_than_the_total(name: str, key: str) -> None:
    wide = load(name).pivot(index=key, columns="counterpart", values="scrambles")
    assert (wide.drop(columns="total").sum(axis=1) <= wide["total"]).all()


def test_airspace_cases_are_those_of_the_joint_staff_in_order_of_date() -> None:
    cases = load("airspace_violations")
    assert cases["case"].tolist() == list(range(1, 50))
    assert cases["date"].is_monotonic_increasing
    assert cases["country"].value_counts().to_dict() == {"Russia": 44, "China": 4, "Taiwan": 1}


def test_islets_add_up_to_the_published_area() -> None:
    assert load("senkaku_islets")["area_km2"].sum() == pytest.approx(5.53, abs=0.005)


def test_taiwan_months_are_marked_where_days_are_missing() -> None:
    months = load("taiwan_activity")
    assert (months["days_in_month"] == months["month"].dt.days_in_month).all()
    assert (months["days_reported"] <= months["days_in_month"]).all()
    assert (months["status"].isna() == (months["days_reported"] == months["days_in_month"])).all()
