"""A mark speaks the book's words: titles of the schema, days as in the text, nothing empty, on the screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from conftest import ROOT, needs_chromium
from helpers.pages import tips

STATIC = ROOT / "src" / "helpers" / "pages" / "static"
FIELDS: dict[str, dict[str, Any]] = {
    "ships": {"title": "Ships", "type": "integer", "unit": "ships"},
    "km": {"title": "Distance", "type": "number", "unit": "km"},
    "date": {"title": "Day", "type": "date"},
    "month": {"title": "Report", "type": "yearmonth"},
    "state": {"title": "State", "type": "string", "constraints": {"enum": ["under-way", "done"]}},
}


def told(*tooltip: dict[str, Any]) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return title and type of each part of a note, and the forms."""
    spec = {"layer": [{"mark": "bar", "encoding": {"tooltip": list(tooltip)}}]}
    spec, forms = tips.spoken(spec, FIELDS)
    return [(part["title"], part["type"]) for part in spec["layer"][0]["encoding"]["tooltip"]], forms


def test_a_note_has_the_titles_and_units_of_the_schema() -> None:
    parts = [{"field": name, "type": "quantitative"} for name in ("ships", "km", "jpy_bn")]
    titles = [("Ships", "nominal"), ("Distance (km)", "nominal"), ("Jpy bn", "nominal")]
    assert told(*parts) == (titles, {})


def test_each_kind_of_value_has_its_form_and_an_author_s_own_comes_first() -> None:
    _, forms = told(
        {"field": "date", "type": "temporal"},
        {"field": "month", "type": "temporal"},
        {"field": "state", "type": "nominal"},
        {"field": "target_year", "type": "quantitative"},
        {"field": "km", "type": "quantitative", "format": ".1f", "title": "far"},
        {"field": "signed", "type": "temporal", "format": "%B %Y"},
    )
    assert forms == {
        "Day": "day",
        "Report": "month",
        "State": "word",
        "Target year": "year",
        "far": 1,
        "Signed": "month",
    }


def test_what_a_chart_works_out_itself_keeps_its_kind() -> None:
    mean = {"aggregate": "mean", "field": "ships", "type": "quantitative"}
    month = {"timeUnit": "yearmonth", "field": "date", "type": "temporal"}
    assert told(mean, month) == ([("Ships", "quantitative"), ("Day", "temporal")], {"Day": "day"})


def test_two_fields_of_one_title_are_told_apart() -> None:
    fields = {name: {"title": "Amount", "type": "number"} for name in ("paid", "owed")}
    parts = [{"field": name, "type": "quantitative"} for name in fields]
    spec, _ = tips.spoken({"mark": "bar", "encoding": {"tooltip": parts}}, fields)
    assert [part["title"] for part in spec["encoding"]["tooltip"]] == ["Amount", "Owed"]


@pytest.fixture
def note(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that points at a mark on a screen of a width, in a time zone."""
    pages: list[Page] = []

    def pointer(
        value: str, forms: dict[str, Any], *, width: int = 390, x: int = 100, zone: str = "UTC"
    ) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 600}, timezone_id=zone)
        pages.append(page)
        page.set_content("<body></body>")
        page.evaluate("window.reportBook = {}")
        page.add_style_tag(path=STATIC / "book.css")
        page.add_script_tag(path=STATIC / "tips.js")
        page.evaluate(
            f"([forms, x]) => reportBook.tip(forms)(null, {{ clientX: x, clientY: 300 }}, null, {value})",
            [forms, x],
        )
        return page

    yield pointer
    for page in pages:
        page.close()


@needs_chromium
def test_what_is_empty_is_left_out_and_numbers_are_written_as_in_the_text(note: Callable[..., Page]) -> None:
    value = (
        "{ Ships: 1400, Note: null, Word: 'null', Far: 2.25, State: 'under-way', Year: 2026, ' ': 'Whole' }"
    )
    box = note(value, {"Far": 1, "State": "word", "Year": "year"}).locator("#vg-tooltip-element.visible")
    assert box.locator("tr").all_inner_texts() == [
        "Ships\t1,400",
        "Far\t2.3",
        "State\tunder way",
        "Year\t2026",
        "Whole",
    ]


@needs_chromium
@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Tokyo", "Europe/Berlin", "Pacific/Honolulu", "Pacific/Auckland"]
)
def test_a_day_is_the_same_in_every_time_zone(note: Callable[..., Page], zone: str) -> None:
    days = ["'2024-04-10T00:00:00'", "'2024-04-10'", "new Date(2024, 3, 10)", "Date.UTC(2024, 3, 10)"]
    values = ", ".join(f"Day{i}: {day}" for i, day in enumerate(days))
    formats = {f"Day{i}": "day" for i in range(len(days))}
    box = note(f"{{ {values} }}", formats, zone=zone).locator("#vg-tooltip-element")
    assert box.inner_text().splitlines() == [f"{name}\t10 April 2024" for name in formats]


@needs_chromium
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_note_lies_wholly_on_the_screen(note: Callable[..., Page], width: int) -> None:
    words = "a longer remark on how this number was counted " * 4
    for x in (2, width // 2, width - 2):
        box = (
            note(f"{{ Note: '{words}' }}", {}, width=width, x=x).locator("#vg-tooltip-element").bounding_box()
        )
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
