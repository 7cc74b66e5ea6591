"""Truths that hold between tables: each named check holds, can fail, and names what is wrong.

And what binds claims to the text.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.article import checks
from helpers.chapter import data, numbers
from helpers.chapter.data import load
from helpers.judge import tables, truths
from helpers.judge.places import cells

NAMES = {check.name: check for check in tables.checks()}

OF_UNITS = ("A field has the unit that its name ends in", "A field says its unit in words")
#: For each check a change that breaks it: table, values that select the row, column, new value, the fault's
#: label.
BREAKS: list[tuple[str, str, dict[str, Any], str, Any, str]] = [
    (
        "A second source is another one",
        "nominal_gdp",
        {"fiscal_year": 2022},
        "second_source_id",
        "bloomberg-budget-fy2026",
        "nominal_gdp: 2022",
    ),
    (
        "A source is read after it appeared",
        "sources",
        {"source_id": "jcg-senkaku-2026"},
        "published",
        "2030",
        "sources: jcg-senkaku-2026",
    ),
    (
        "A publisher is a party everywhere or nowhere",
        "sources",
        {"source_id": "tass-takaichi-2025"},
        "party",
        False,
        "sources: TASS",
    ),
    (
        "Sources are of the publishers that a table names",
        "nominal_gdp",
        {"fiscal_year": 2022},
        "source_id",
        "jcg-senkaku-2026",
        "nominal_gdp: 2022",
    ),
    (
        "Sources are of the publishers that a table names",
        "senkaku_presence",
        {},
        "second_source_id",
        None,
        "senkaku_presence: Copy of a table of the Ministry of Foreign Affairs of Japan",
    ),
    (
        "A span ends after it begins",
        "senkaku_streaks",
        {"start": pd.Timestamp("2020-04-14")},
        "end",
        pd.Timestamp("2020-01-01"),
        "senkaku_streaks: 2020-04-14",
    ),
    (
        "A treaty enters into force after its signature",
        "visiting_forces",
        {"label": "JP–UK"},
        "in_force",
        pd.Timestamp("2022-01-01"),
        "visiting_forces: jp-uk-2023",
    ),
    (
        "Nothing is later than the data reach",
        "events",
        {"event_id": "01-treaty-1951"},
        "date",
        pd.Timestamp("2030-01-01"),
        "events: date: line ",
    ),
    (
        "Nothing is later than the data reach",
        "military_spending",
        {"country": "Japan", "year": 2023},
        "year",
        2030,
        "military_spending: year: line ",
    ),
    (
        "A source is no older than what it tells",
        "two_plus_two",
        {"place": "Tokyo"},
        "date",
        pd.Timestamp("2026-05-01"),
        "two_plus_two: 2026-05-01",
    ),
    (
        "A status is no younger than the matters",
        "matters",
        {"matter_id": "gpi"},
        "status_date",
        "2027",
        "matters: gpi",
    ),
    (
        "A status says when and by whom",
        "matters",
        {"matter_id": "gpi"},
        "status_source_id",
        None,
        "matters: gpi",
    ),
    (
        "Silence rests on searches",
        "searches",
        {"subjects": "defence-networks"},
        "subjects",
        "dicas",
        "searches: defence-networks",
    ),
    (
        "Silence rests on searches",  # three in one language are not enough
        "searches",
        {},
        "language",
        "en",
        "searches: absent-01-a",
    ),
    (
        "A status wears out",
        "matters",
        {"matter_id": "gpi"},
        "status_date",
        "2025-11-28",
        "matters: gpi",
    ),
    (
        "A status wears out",  # and what is recent is no old news
        "matters",
        {"matter_id": "engine-repair"},
        "status_date",
        "2025-11",
        "matters: engine-repair",
    ),
    (
        "Only what happens once is done",
        "matters",
        {"matter_id": "two-plus-two"},
        "kind",
        "plan",
        "matters: two-plus-two",
    ),
    (
        "A status has a source of its day",
        "matters",
        {"matter_id": "gpi"},
        "status_date",
        "2026-07",
        "matters: gpi",
    ),
    (
        "A status has a source of its day",  # only a date that has passed is younger than its source
        "matters",
        {"matter_id": "capital-markets"},
        "status_note",
        "It is said to rest.",
        "matters: capital-markets",
    ),
    (
        "No weak source carries a status",
        "sources",
        {"source_id": "wh-japan-fact-sheet-2026-03"},
        "grade",
        "C",
        "matters: ",
    ),
    (
        "No weak source carries a status",  # nor the word final, where no better one stands beside it
        "spending_calls",
        {"source_id": "cdb-ldp-2026"},
        "status",
        "final",
        "spending_calls: ",
    ),
    (
        "A status stands in its history",
        "matters",
        {"matter_id": "gpi"},
        "status_source_id",
        "wh-fact-sheet-2024",
        "matters: gpi",
    ),
    (
        "An event is read of after it happened",
        "matter_events",
        {"matter_id": "dicas"},
        "date",
        pd.Timestamp("2026-12-24"),
        "matter_events: dicas",
    ),
    (
        "A search bears on what the book has",
        "searches",
        {"search_id": "mt-001"},
        "subjects",
        "dicas h99",
        "searches: mt-001",
    ),
    (
        "A date known to the month stands on its first day",
        "events",
        {"event_id": "01-treaty-1951"},
        "precision",
        "month",
        "events: 01-treaty-1951",
    ),
    (
        "What is not final says why",
        "watch_list",
        {"watch_id": "documents"},
        "status",
        "provisional",
        "watch_list: documents",
    ),
    (
        "A year in a name is that of its day",
        "joint_exercises",
        {"exercise_id": "keen-sword-2024"},
        "end",
        pd.Timestamp("2025-11-01"),
        "joint_exercises: keen-sword-2024",
    ),
    (
        "What goes together does so in each row",
        "minilateral_meetings",
        {"grouping_id": "quad", "level": "leaders"},
        "grouping",
        "AUKUS",
        "minilateral_meetings: grouping of grouping_id: quad",
    ),
    (
        "A table that crosses lists is full",
        "keen_sword",
        {"year": 2024, "country": "Japan"},
        "year",
        2026,
        "keen_sword",
    ),
    (
        "The territorial sea is part of the contiguous zone",
        "senkaku_presence",
        {"month": pd.Timestamp("2024-04-01"), "zone": "territorial sea"},
        "days",
        31,
        "senkaku_presence: 2024-04",
    ),
    (
        "A month has no more days than the calendar",
        "senkaku_presence",
        {"month": pd.Timestamp("2024-04-01"), "zone": "contiguous zone"},
        "days",
        31,
        "senkaku_presence: 2024-04-01, contiguous zone",
    ),
    (
        "A streak is as long as its dates say",
        "senkaku_presence",
        {"month": pd.Timestamp("2025-01-01"), "zone": "contiguous zone"},
        "days",
        30,
        "senkaku_streaks: 2024-11-19",
    ),
    (
        "A streak is as long as its dates say",  # the month with whose last day it ends counts too
        "senkaku_presence",
        {"month": pd.Timestamp("2022-08-01"), "zone": "contiguous zone"},
        "days",
        30,
        "senkaku_streaks: 2022-04-16",
    ),
    (
        "Incidents are never more than ship days",
        "senkaku_presence",
        {"zone": "territorial sea"},
        "vessels",
        0,
        "senkaku_second_source: ",
    ),
    (
        "Parts of scrambles are never more than the total",
        "scrambles",
        {"fiscal_year": 2016, "counterpart": "China"},
        "scrambles",
        1168,
        "scrambles: 2016",
    ),
    (
        "Months of scrambles add up to the fiscal year",
        "scrambles_month",
        {"month": pd.Timestamp("2025-04-01"), "counterpart": "total"},
        "scrambles",
        1,
        "scrambles: (2025, 'total')",
    ),
    ("An unbroken series has no hole", "scrambles", {"fiscal_year": 1970}, "fiscal_year", 1971, "scrambles"),
    (
        "Missiles add up to the yearly counts",
        "missile_flights",
        {"year": 1984},
        "outcome",
        "unknown",
        "nk_missile_counts: 1984",
    ),
    (
        "Launches into orbit are never more than attempts",
        "orbital_launches",
        {"year": 2023, "country": "United States", "measure": "attempts"},
        "launches",
        1,
        "orbital_launches: (2023, 'United States')",
    ),
    (
        "Current and constant dollars agree in the base year",
        "military_spending",
        {"country": "Japan", "year": 2023},
        "current",
        1.0,
        "military_spending: Japan, 2023",
    ),
    (
        "Yearly budgets of the plan are the defence budgets",
        "japan_budgets",
        {"fiscal_year": 2024, "scope": "without realignment"},
        "budget",
        7724.8,
        "buildup_progress: 2024",
    ),
    (
        "Fields of security spending make the whole",
        "security_spending",
        {"fiscal_year": 2027, "part": "defence plan"},
        "spending",
        9900.0,
        "security_spending: (2027, 'plan')",
    ),
    (
        "Satellites add up",
        "constellations",
        {"constellation": "Iridium"},
        "satellites",
        65,
        "constellations: Iridium",
    ),
    (
        "Answers to one question are at most a hundred per cent",
        "sdf_size_opinion",
        {"month": pd.Timestamp("2003-01-01"), "answer": "reduce"},
        "share",
        84.0,
        "sdf_size_opinion: 2003-01",
    ),
    (
        "The same thing is called the same in two tables",
        "minilateral_fields",
        {"grouping_id": "quad", "field": "Sea"},
        "label",
        "Quad, 2020",
        "minilateral_fields: quad, Sea",
    ),
    (
        "The list of deliverables has as many as the counts say",
        "deliverables",
        {"deliverable_id": "H01a"},
        "text",
        "joint statement",
        "deliverables: in the fact sheet",
    ),
    (
        "Months add up to what others published",
        "senkaku_presence",
        {"month": pd.Timestamp("2012-09-01"), "zone": "contiguous zone"},
        "days",
        1,
        "senkaku_second_source: 2012-09-01, 2012-12-01, contiguous zone, days, jcg-annual-table-copy-2023",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_named_check_holds(name: str) -> None:
    assert truths.run(NAMES[name]).faults == []


@pytest.mark.parametrize(
    ("name", "table", "where", "column", "value", "label"), BREAKS, ids=[row[0] for row in BREAKS]
)
def test_a_named_check_can_fail(
    name: str,
    table: str,
    where: dict[str, Any],
    column: str,
    value: Any,
    label: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = load(table)
    rows = pd.Series(True, changed.index)
    for key, wanted in where.items():
        rows &= changed[key] == wanted
    assert rows.any(), "the row to change is gone"
    changed.loc[rows, column] = value
    for module in (truths, tables, checks):
        monkeypatch.setattr(module, "load", lambda asked: changed if asked == table else load(asked))
    faults = truths.run(NAMES[name]).faults
    assert faults
    assert faults[0].startswith(label)


def test_every_check_has_a_change_that_breaks_it() -> None:
    elsewhere = {*OF_UNITS, "No row stands twice under another name"}  # see their tests
    assert {row[0] for row in BREAKS} | elsewhere == set(NAMES)


@pytest.mark.parametrize("name", OF_UNITS)
def test_a_field_that_lost_its_unit_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = data.fields("flight_estimates")
    changed = {**fields, "value_km": {**fields["value_km"], "unit": "days"}}
    of = data.fields
    monkeypatch.setattr(data, "fields", lambda name: changed if name == "flight_estimates" else of(name))
    assert truths.run(NAMES[name]).faults == ["flight_estimates: value_km: 'days'"]


def test_a_row_that_stands_there_again_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = load("watch_list")
    again = pd.concat([listed, listed.tail(1).assign(watch_id="again")])
    monkeypatch.setattr(truths, "load", lambda name: again if name == "watch_list" else load(name))
    faults = truths.run(NAMES["No row stands twice under another name"]).faults
    assert faults == ["watch_list: again"]


def test_every_exception_has_a_reason() -> None:
    for check in tables.checks():
        assert all(len(reason) > 8 for reason in check.excepted().values()), check.name


def test_scrambles_begin_with_fiscal_year_1958_and_presence_with_september_2012() -> None:
    assert load("scrambles")["fiscal_year"].min() == 1958
    assert load("senkaku_presence")["month"].min() == pd.Timestamp("2012-09-01")


def test_every_paragraph_of_the_article_has_a_claim() -> None:
    assert set(load("claims")["paragraph"]) == set(range(1, 25))


def test_every_claim_is_linked_from_its_chapter_s_text(root: Path) -> None:
    unlinked = []
    for _, claim in load("claims").iterrows():
        text = (root / "book" / "chapters" / f"{claim['chapter']}.ipynb").read_text(encoding="utf-8")
        unlinked += [] if re.search(rf"\(#claim-{claim['claim_id']}\)", text) else [claim["claim_id"]]
    assert unlinked == []


_FULL_DATE = re.compile(rf"\b\d{{1,2}} {numbers.MONTH} (?:18|19|20)\d\d\b")
#: Dates that no table has, with the reason.
RECKONED = {
    "23 March 2025": "the day before the Joint Operations Command opened",
    "6 May 2026": "in the table of events without its year",
    "23 November 2026": "the end of the search for news, before statuses were reviewed",
    "1 March 2026": "the earlier limit that an exercise sets",
    "8 October 2026": "the day to which the ship counts reach",
}


@cache
def dates_of(table: str) -> set[pd.Timestamp]:
    """Return every day that a table names, in a date or in a text, and the day to which it reaches."""
    found = {pd.Timestamp(data.resource(table)["vintage"])}
    for _, column in load(table).items():
        if str(column.dtype).startswith("datetime"):
            found |= set(column.dropna())
        elif str(column.dtype) == "str":
            texts = " ".join(column.dropna())
            found |= {
                pd.Timestamp(day)
                for day in [*_FULL_DATE.findall(texts), *re.findall(r"\b\d{4}-\d\d-\d\d\b", texts)]
            }
    return found


def test_every_full_date_in_the_prose_is_one_that_the_page_s_tables_have(root: Path) -> None:
    sources = load("sources").dropna(subset="published")
    # The search ended with the table of what became of the list; a page read again later moves no day.
    closing = pd.Timestamp(data.resource("deliverables")["vintage"])
    unknown = set()
    for path in sorted((root / "book").rglob("*")):
        if path.suffix not in (".ipynb", ".md") or any(
            part[0] in "._" for part in path.relative_to(root).parts
        ):
            continue
        raw = path.read_text(encoding="utf-8")
        words = set(re.findall(r"[\w-]+", raw))
        asked = json.loads(raw)["metadata"]["report-book"]["tables"] if path.suffix == ".ipynb" else []
        named = {
            day
            for source, day in zip(sources["source_id"], sources["published"], strict=True)
            if len(day) == 10 and {source, f"source-{source}"} & words
        }
        known = {closing, *map(pd.Timestamp, named)}.union(*map(dates_of, [*asked, "claims", "events"]))
        for cell in cells(path):
            if cell.kind == "markdown":
                unknown |= {
                    (path.name, day)
                    for day in _FULL_DATE.findall(cell.text)
                    if pd.Timestamp(day) not in known
                }
    assert sorted((page, day) for page, day in unknown if day not in RECKONED) == []
    assert set(RECKONED) == {day for _, day in unknown}, "an exception that nothing needs"
