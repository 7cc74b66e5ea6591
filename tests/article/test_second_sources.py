"""Tables against what others have published, where the other figure is no table of the package."""

import pytest

from helpers.chapter.data import load


def test_every_full_year_of_days_but_2018_has_a_second_source_that_agrees() -> None:
    checks = load("senkaku_second_source").query(
        "zone == 'contiguous zone' and measure == 'days' and status != 'disputed'"
    )
    assert set(checks["first_month"].dt.year) >= set(range(2013, 2026)) - {2018}


def test_a_disputed_figure_says_why() -> None:
    disputed = load("senkaku_second_source").query("status == 'disputed'")
    assert disputed["note"].notna().all()


def test_the_figures_that_copies_of_the_table_have_otherwise_are_those_that_are_known() -> None:
    disputed = load("senkaku_second_source").query("status == 'disputed'")
    assert set(zip(disputed["first_month"].dt.year, disputed["zone"], disputed["measure"], strict=True)) == {
        (2012, "territorial sea", "vessels"),
        (2013, "territorial sea", "days"),
        (2018, "contiguous zone", "days"),
        (2018, "contiguous zone", "vessels"),
        (2020, "territorial sea", "vessels"),
        (2022, "contiguous zone", "vessels"),
    }


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
