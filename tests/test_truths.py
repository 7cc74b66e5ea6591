"""Truths that hold between tables: what must be so, and where a second source says the same."""

import pandas as pd
import pytest

from helpers.data import load


def by_zone(column: str) -> pd.DataFrame:
    return load("senkaku_presence").pivot(index="month", columns="zone", values=column)


@pytest.mark.parametrize("column", ["days", "vessels"])
def test_territorial_sea_is_part_of_the_contiguous_zone_count(column: str) -> None:
    wide = by_zone(column)
    assert (wide["territorial sea"] <= wide["contiguous zone"]).all()


def test_a_month_has_no_more_days_than_the_calendar() -> None:
    presence = load("senkaku_presence")
    assert (presence["days"] <= presence["month"].dt.days_in_month).all()
    assert (presence["vessels"] >= presence["days"]).all(), "a day counts only if there is a vessel"


def test_no_month_is_missing() -> None:
    months = by_zone("days").index
    assert months.tolist() == pd.date_range("2012-09-01", months.max(), freq="MS").tolist()
    assert by_zone("days").notna().all().all()


def test_scrambles_are_complete_from_fiscal_year_1958() -> None:
    table = load("scrambles")
    years = table.loc[table["counterpart"] == "total", "fiscal_year"]
    assert sorted(years) == list(range(1958, years.max() + 1))
