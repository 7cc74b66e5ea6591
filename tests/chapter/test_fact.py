"""A fact is worked out from the rows that it names and prints what they give, or it is refused."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.chapter import fact, output
from helpers.chapter.data import load
from helpers.chapter.numbers import numbers
from helpers.chapter.schema import DataError


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the calls under test display."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(output, "show", bundles.append)
    return bundles


def one_row(value: Any) -> pd.DataFrame:
    """A selection of a loaded table whose first row holds a value under ``x``."""
    rows = load("sources").head(1)
    return rows.assign(x=pd.Series([value], index=rows.index, dtype=object))


def first(rows: pd.DataFrame) -> Any:
    return rows["x"].iloc[0]


def test_a_fact_records_value_rows_and_sources(shown: list[dict[str, Any]]) -> None:
    presence = load("senkaku_presence")
    rows = presence[(presence["zone"] == "contiguous zone") & (presence["month"].dt.year == 2025)]
    fact.fact("days", "{} days", lambda r: r["days"].sum(), rows, definition="days in 2025")
    record = shown[0][output.FACT]
    assert record["value"] == rows["days"].sum()
    assert record["text"] == f"{rows['days'].sum()} days"
    assert record["sources"] == list(rows["source_id"].unique())
    assert record["rows"] == [{"table": "senkaku_presence", "lines": "lines 150–161"}]
    assert "computed" not in record


@pytest.mark.parametrize(
    ("value", "worked_out"),
    [
        ("sum(days)", lambda r: r["days"].sum()),
        ("mean(days)", lambda r: r["days"].mean()),
        ("max(month)", lambda r: r["month"].max()),
        (["min(days)", "max(days)"], lambda r: (r["days"].min(), r["days"].max())),
    ],
)
def test_a_column_stands_for_what_it_comes_to(
    value: str | list[str], worked_out: Callable[..., Any], shown: list[dict[str, Any]]
) -> None:
    text = "{}" if isinstance(value, str) else "{} to {}"
    for each in (value, worked_out):
        fact.fact("x", text, each, load("senkaku_presence"), definition="a test")
    assert shown[0] == shown[1]


def test_a_column_alone_has_one_value_in_each_selection(shown: list[dict[str, Any]]) -> None:
    fleets = load("coast_guard_fleets")
    each = [fleets[fleets["country"] == country] for country in ("China", "Japan")]
    fact.fact("x", "{} and {}", "vessels", *each, definition="a test")
    assert shown[0][output.FACT]["value"] == fleets["vessels"].tolist()
    with pytest.raises(ValueError, match="fact x: expected a finite number"):
        fact.fact("x", "{}", "vessels", fleets, definition="a test")


@pytest.mark.parametrize("value", ["vesels", "sum(vesels)", "a sum of vessels"])
def test_a_column_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(DataError, match="fact x: coast_guard_fleets: no column named"):
        fact.fact("x", "{}", value, load("coast_guard_fleets"), definition="a test")


def test_two_selections_of_one_table_are_one_entry(shown: list[dict[str, Any]]) -> None:
    sources = load("sources")
    rows = (sources.loc[[2, 3]], load("events").loc[[2]], sources.loc[[5]])
    fact.fact("x", "{} rows", lambda *parts: sum(map(len, parts)), *rows, definition="a test")
    assert shown[0][output.FACT]["rows"] == [
        {"table": "sources", "lines": "lines 2–3, 5"},
        {"table": "events", "lines": "line 2"},
    ]


@pytest.mark.parametrize(
    ("value", "text", "printed"),
    [
        (357, "{} days", "357 days"),
        ((357, 365), "{} of {} days", "357 of 365 days"),
        (95.65, "{:.1f} per cent", "95.7 per cent"),
        (8.946e12, "¥{:.1f} trillion", "¥8.9 trillion"),
        ((3.5e9, 2), "{:.1f} billion dollars for {} ships", "3.5 billion dollars for 2 ships"),
        (-3.2, "a change of {:+.1f} points", "a change of −3.2 points"),
        (-3.2, "{:-.1f} points", "−3.2 points"),
        (1168, "{:,} in FY2016", "1,168 in FY2016"),
        ("March 2025", "in {}", "in March 2025"),
        (pd.Timestamp("2025-03-24"), "on {:%d %B %Y}", "on 24 March 2025"),
    ],
)
def test_the_text_is_made_from_the_value(
    value: Any, text: str, printed: str, shown: list[dict[str, Any]]
) -> None:
    fact.fact("x", text, first, one_row(value), definition="a test")
    assert shown[0][output.FACT]["text"] == printed


@pytest.mark.parametrize(
    ("value", "text", "message"),
    [
        (math.nan, "{} days", "expected a finite number"),
        (math.inf, "{} days", "expected a finite number"),
        (-math.inf, "{:-} days", "expected a finite number"),
        ((1, math.nan), "{} of {} days", "expected a finite number"),
        (True, "{} days", "expected a finite number"),
        (pd.NA, "{} days", "expected a finite number"),
        (None, "{} days", "expected a finite number"),
        ("", "{} days", "expected a finite number, a name or a day"),
        (pd.NaT, "on {:%d %B}", "expected a finite number"),
        ([1, 2], "{} days", "expected a finite number"),
        (-5, "rose by {} per cent", "expected no negative number"),
        (-5e9, "rose by {:.0f} billion yen", "expected no negative number"),
        (358, "{} of 365 days", "expected no typed number in the text, found '365'"),
        (5, "several days", r"expected 1 field\(s\) in the text, found 0"),
        ((357, 365), "{} days", r"expected 2 field\(s\) in the text, found 1"),
        (-0.01, "{:-.1f} points", "expected more digits"),
    ],
)
def test_a_value_or_a_text_that_is_none_is_refused(
    value: Any, text: str, message: str, shown: list[dict[str, Any]]
) -> None:
    with pytest.raises(ValueError, match=f"fact x: {message}"):
        fact.fact("x", text, first, one_row(value), definition="a test")
    assert shown == []


def test_a_moment_of_numpy_s_is_a_day(shown: list[dict[str, Any]]) -> None:
    day = np.array(["2024-04-10"], "datetime64[ns]")
    for moment in (day, day[0], pd.Series(day), pd.Timestamp(day[0])):
        fact.fact("x", "on {:%d %B %Y}", first, one_row(moment), definition="a day")
    assert [bundle[output.FACT]["value"] for bundle in shown] == ["2024-04-10"] * 4


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (pd.DataFrame({"a": [1]}), "found DataFrame"),
        (load("sources").head(0), "at least one row of sources, found none"),
        (load("sources").groupby("grade", as_index=False).first(), "found DataFrame"),
        ([load("sources")], "found list"),
        (load("sources")["grade"], "found Series"),
    ],
)
def test_rows_must_be_a_selection_of_a_table(rows: Any, found: str, shown: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=f"fact x: expected .*{found}"):
        fact.fact("x", "{} days", len, rows, definition="a test")


def test_rows_must_be_given_and_a_name_must_be_one() -> None:
    with pytest.raises(ValueError, match="expected the rows"):
        fact.fact("x", "{} days", lambda: 3, definition="a test")
    for name in ("", "Two words", "x'y", "../x", "-x"):
        with pytest.raises(ValueError, match="expected a name in lower case"):
            fact.fact(name, "{} sources", len, load("sources"), definition="a test")


@pytest.mark.parametrize(
    "value",
    [
        lambda r, s: 42,
        lambda r, s: len(r),
        lambda r, s: len(s),
        lambda r, s: (len(r), 42),
        lambda r, s: "Japan",
    ],
)
def test_a_value_passed_beside_its_rows_is_refused(
    value: Callable[..., Any], shown: list[dict[str, Any]]
) -> None:
    """Each selection has to matter: a number worked out before and caught in the function hangs on none."""
    text = "{} of {}" if isinstance(value(load("sources"), load("events")), tuple) else "{} days"
    with pytest.raises(ValueError, match="expected a value that hangs on each selection"):
        fact.fact("x", text, value, load("sources"), load("events"), definition="a test")
    assert shown == []


def test_what_a_model_gives_says_so(shown: list[dict[str, Any]]) -> None:
    rows = load("sources").head(3)
    fact.fact("x", "{:.1f} km", lambda r: len(r) ** 0.5, rows, definition="a test", computed="a square root")
    assert shown[0][output.FACT]["computed"] == "a square root"
    assert "computed: a square root" in shown[0]["text/plain"]


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["{:,.2f}", "{:-,.2f}", "{}"]))
def test_any_number_is_printed_as_it_is_or_refused(value: float, field: str) -> None:
    """What is printed reads back as the value, sign and size, to its digits; all else is refused."""
    bundles: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "show", bundles.append)
        try:
            fact.fact("x", f"{field} points", first, one_row(value), definition="a test")
        except ValueError:
            lost = value < 0 and ("-" not in field or abs(value) <= 0.005)
            assert lost or not math.isfinite(value)
            return
    record = bundles[0][output.FACT]
    printed = record["text"].removesuffix(" points").replace(",", "").replace("−", "-")
    assert math.isfinite(value)
    assert float(printed) == pytest.approx(value, abs=0.00500001)


def test_lines_are_named_as_ranges(shown: list[dict[str, Any]]) -> None:
    fact.fact("x", "{} sources", len, load("sources").iloc[[0, 1, 2, 6]], definition="a test")
    assert shown[0][output.FACT]["rows"][0]["lines"] == "lines 2–4, 8"
    assert numbers(shown[0][output.FACT]["text"]) == ["4"]


def test_claims_of_a_chapter_come_in_the_article_s_order(shown: list[dict[str, Any]]) -> None:
    fact.claims("04-senkaku-article-v")
    records = shown[0][output.CLAIMS]["claims"]
    assert [int(record["paragraph"]) for record in records] == sorted(
        int(record["paragraph"]) for record in records
    )
    assert {record["chapter"] for record in records} == {"04-senkaku-article-v"}
    with pytest.raises(ValueError, match="found none"):
        fact.claims("11-nothing")


@pytest.mark.parametrize(
    ("text", "definition", "message"),
    [
        ("{}\nsources", "Sources.", "a text on one line"),
        ("{}\tsources", "Sources.", "a text on one line"),
        (" {} sources", "Sources.", "a text on one line"),
        (None, "Sources.", "a text on one line, found None"),
        ("{} sources", "", "a definition on one line, found ''"),
    ],
)
def test_what_no_link_could_print_is_refused(
    text: Any, definition: str, message: str, shown: list[dict[str, Any]]
) -> None:
    with pytest.raises(ValueError, match=f"fact x: expected {message}"):
        fact.fact("x", text, len, load("sources").head(3), definition=definition)
    assert shown == []
