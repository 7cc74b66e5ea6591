"""Long tables are searched and sorted by the page's script as readers read them: letters, signs, numbers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from conftest import ROOT, needs_chromium

pytestmark = needs_chromium

SCRIPT = ROOT / "src" / "helpers" / "pages" / "static" / "book.js"


@pytest.fixture
def listing(browser: Browser) -> Iterator[Callable[[list[str]], Page]]:
    """Return a function that opens a page with a table of one column, as the page's script makes it."""
    page = browser.new_page()

    def opener(cells: list[str]) -> Page:
        rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
        page.set_content(
            f'<table class="filterable"><thead><tr><th>What</th></tr></thead><tbody>{rows}</tbody></table>'
        )
        page.add_script_tag(path=SCRIPT)
        page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
        return page

    yield opener
    page.close()


def shown(page: Page) -> list[str]:
    return page.locator("tbody tr:visible").all_inner_texts()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("joyaku", ["Jōyaku"]),
        ("JŌYAKU", ["Jōyaku"]),
        ("kyodo", ["kyōdō"]),
        ("us-japan", ["US\u2013Japan"]),
        ("US\u2013Japan", ["US\u2013Japan"]),
        ("-5", ["\u22125 points"]),
        ("japan's", ["Japan\u2019s \u201cnew era\u201d"]),
        ('"new', ["Japan\u2019s \u201cnew era\u201d"]),
        ("1168", ["1,168 scrambles"]),
        ("1,168", ["1,168 scrambles"]),
        ("接続", ["接続水域"]),
        ("nothing of the kind", []),
    ],
)
def test_a_search_finds_what_is_typed_without_accents_and_signs(
    words: str, found: list[str], listing: Callable[[list[str]], Page]
) -> None:
    page = listing(
        [
            "Jōyaku",
            "kyōdō",
            "US\u2013Japan",
            "\u22125 points",
            "Japan\u2019s \u201cnew era\u201d",
            "1,168 scrambles",
            "接続水域",
        ]
    )
    page.get_by_label("Search").fill(words)
    assert shown(page) == found


@pytest.mark.parametrize(
    "ordered",
    [
        ["704", "1,168", "12,345"],
        ["0.25", "0.5", "0.75", "3"],
        ["-5", "\u22123", "-0.5", "0", "+2", "10"],
        ["2,000.5", "2,001"],
        ["2016-12-31", "2024-04-09", "2024-04-10", "2024-10-01"],
        ["12%", "100%"],
        ["5", "16DDH", "Aegis", "Élan", "Zama"],
        ["c9", "c10", "c36"],
    ],
)
def test_a_column_is_sorted_by_its_numbers_and_then_its_words(
    ordered: list[str], listing: Callable[[list[str]], Page]
) -> None:
    page = listing([*ordered[1::2], "", *ordered[::2], "\u2013"])
    sort = page.get_by_role("button", name="What")
    sort.click()
    assert shown(page) == [*ordered, "", "\u2013"]
    sort.click()
    assert shown(page)[: len(ordered)] == ordered[::-1]
    assert set(shown(page)[len(ordered) :]) == {"", "\u2013"}, "blanks come last both ways"
