"""Truths that hold between tables: what must be so, and where a second source says the same."""

import re
from pathlib import Path

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


def test_every_paragraph_of_the_article_has_a_claim() -> None:
    assert set(load("claims")["paragraph"]) == set(range(1, 25))


def test_every_claim_is_linked_from_its_chapter_s_text(root: Path) -> None:
    unlinked = []
    for _, claim in load("claims").iterrows():
        text = (root / "book" / "chapters" / f"{claim['chapter']}.ipynb").read_text(encoding="utf-8")
        unlinked += [] if re.search(rf"\(#claim-{claim['claim_id']}\)", text) else [claim["claim_id"]]
    assert unlinked == []


def test_a_claim_without_news_has_no_status_source_and_every_other_has_one() -> None:
    claims = load("claims")
    assert claims.loc[claims["status_now"] != "no-news", ["status_source_id", "status_date"]].notna().all().all()


def test_the_counts_that_claims_print_of_the_list_are_those_of_the_list() -> None:
    """The notes of c03 and c07 sum up the table of deliverables."""
    status = load("deliverables")["status_now"].value_counts()
    note = load("claims").set_index("claim_id").loc["c07", "status_note"]
    assert {int(number) for number in re.findall(r"\b\d+\b(?! (?:April|May|June|July))", note) if int(number) < 1000} >= {
        status["done"],
        status["no-news"],
    }
