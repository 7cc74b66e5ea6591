"""A fact says what its rows say, or it is refused."""

from typing import Any

import pandas as pd
import pytest

from helpers.chapter import fact, output
from helpers.chapter.data import load


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the calls under test display."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(output, "show", bundles.append)
    return bundles


def test_a_fact_records_value_rows_and_sources(shown: list[dict[str, Any]]) -> None:
    presence = load("senkaku_presence")
    rows = presence[(presence["zone"] == "contiguous zone") & (presence["month"].dt.year == 2025)]
    fact.fact("days", rows["days"].sum(), f"{rows['days'].sum()} days", rows=rows, definition="days in 2025")
    record = shown[0][output.FACT]
    assert record["value"] == rows["days"].sum()
    assert record["sources"] == list(rows["source_id"].unique())
    assert record["rows"] == [{"table": "senkaku_presence", "lines": "lines 150–161"}]


def test_two_selections_of_one_table_are_one_entry(shown: list[dict[str, Any]]) -> None:
    sources = load("sources")
    fact.fact(
        "x",
        3,
        "3 sources",
        rows=[sources.loc[[2, 3]], load("events").loc[[2]], sources.loc[[5]]],
        definition="a test",
    )
    assert shown[0][output.FACT]["rows"] == [
        {"table": "sources", "lines": "lines 2–3, 5"},
        {"table": "events", "lines": "line 2"},
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (357, "357 days"),
        ((357, 365), "357 of 365 days"),
        (0.957, "1.0"),
        (95.65, "95.7 per cent"),
        (95.65, "95.6 per cent"),
        (8.9e12, "¥8.9 trillion"),
        (8_946_000_000_000, "¥8.9 trillion"),
        (-3.2, "a fall of 3.2 points"),
        (1168, "1,168 in FY2016"),
        ("March 2025", "in March 2025"),
    ],
)
def test_a_text_that_says_the_value_is_accepted(value: Any, text: str, shown: list[dict[str, Any]]) -> None:
    fact.fact("x", value, text, rows=load("sources").head(1), definition="a test")
    assert shown[0][output.FACT]["text"] == text


@pytest.mark.parametrize(
    ("value", "text", "message"),
    [
        (358, "357 days", "expected 358 in the text"),
        ((357, 366), "357 of 365 days", "expected 366 in the text"),
        (357, "357 of 365 days", "expected 1 number"),
        (8.9e9, "¥8.9 trillion", "expected 0.0 in the text"),
        (95.65, "95.8 per cent", "expected 95.7 in the text"),
        (5, "several days", "expected 1 number"),
        ("March 2025", "in May 2025", "expected a text with 'March 2025'"),
    ],
)
def test_a_text_that_says_something_else_is_refused(
    value: Any, text: str, message: str, shown: list[dict[str, Any]]
) -> None:
    with pytest.raises(ValueError, match=f"fact x: {message}"):
        fact.fact("x", value, text, rows=load("sources").head(1), definition="a test")
    assert shown == []


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame({"a": [1]}),
        load("sources").head(0),
        load("sources").groupby("grade", as_index=False).first(),
    ],
)
def test_rows_must_be_a_selection_of_a_table(rows: pd.DataFrame, shown: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="fact x: expected"):
        fact.fact("x", 1, "1 day", rows=rows, definition="a test")


def test_lines_are_named_as_ranges(shown: list[dict[str, Any]]) -> None:
    fact.fact("x", 4, "4 sources", rows=load("sources").iloc[[0, 1, 2, 6]], definition="a test")
    assert shown[0][output.FACT]["rows"][0]["lines"] == "lines 2–4, 8"


def test_claims_of_a_chapter_come_in_the_article_s_order(shown: list[dict[str, Any]]) -> None:
    fact.claims("04-senkaku-article-v")
    records = shown[0][output.CLAIMS]["claims"]
    assert [int(record["paragraph"]) for record in records] == sorted(
        int(record["paragraph"]) for record in records
    )
    assert {record["chapter"] for record in records} == {"04-senkaku-article-v"}
    with pytest.raises(ValueError, match="found none"):
        fact.claims("11-nothing")
