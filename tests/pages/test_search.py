"""The search forgives how a word is typed, offers what is near, and Back brings back what was asked."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sphinx.search.en import SearchEnglish

from conftest import ROOT, needs_chromium

pytestmark = needs_chromium

STATIC = ROOT / "src" / "helpers" / "pages" / "static"
TEXTS = [
    ("The Senkaku Islands", "Ships near the islands, 1,168 of them, on Japan’s side."),
    ("Spending", "Two per cent of the US–Japan total; a missile, and scrambles by Jiyū."),
    ("尖閣諸島", "The islands in Ｊａｐａｎｅｓｅ."),
    ("Scrambling", ""),
]


@pytest.fixture
def search(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens the search page of a small book and types."""
    shutil.copytree(STATIC, tmp_path / "_static")
    (tmp_path / "lib").mkdir()
    index = {
        "pages": ["a.html"],
        "entries": [["Text", title, 0, f"s{i}"] for i, (title, _) in enumerate(TEXTS)],
    }
    for name, kept, content in (("entries", "index", index), ("texts", "texts", [text for _, text in TEXTS])):
        (tmp_path / "lib" / f"{name}.js").write_text(
            f"reportBook.{kept}={json.dumps(content)};", encoding="utf-8"
        )
    (tmp_path / "lib" / "stems.js").write_text(SearchEnglish.js_stemmer_code)
    form = (
        '<form id="book-search"><input id="book-search-field"><output id="book-search-count"></output></form>'
        '<ol id="search-results"></ol>'
    )
    script = '<script src="_static/book.js"></script>'
    for name, body in (("search", form), ("a", "<p id='s0'>There.</p>")):
        (tmp_path / f"{name}.html").write_text(
            f"<!DOCTYPE html><meta charset=utf-8>{script}{body}", encoding="utf-8"
        )
    page = browser.new_page()

    def opener(typed: str) -> Page:
        page.goto((tmp_path / "search.html").as_uri())
        page.wait_for_selector("#search-near", state="attached")
        page.locator("#book-search-field").fill(typed)
        page.wait_for_function("() => document.getElementById('book-search-count').textContent")
        return page

    yield opener
    page.close()


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("1168", "The Senkaku Islands"),
        ("1,168", "The Senkaku Islands"),
        ("japan's", "The Senkaku Islands"),
        ("japan’s", "The Senkaku Islands"),
        ("US-Japan", "Spending"),
        ("US–Japan", "Spending"),
        ("two percent", "Spending"),
        ("Two per cent", "Spending"),
        ("jiyu", "Spending"),
        ("missiles", "Spending"),
        ("尖閣", "尖閣諸島"),
        ("japanese", "尖閣諸島"),
        ("ＪＡＰＡＮＥＳＥ", "尖閣諸島"),
    ],
)
def test_a_word_is_found_however_it_is_typed(typed: str, title: str, search: Callable[[str], Page]) -> None:
    assert search(typed).locator("#search-results a").all_inner_texts() == [title]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Senkakku", "senkaku"),
        ("sengaku", "senkaku"),
        ("missle", "missile"),
        ("sneakku islands", "senkaku islands"),
    ],
)
def test_a_near_spelling_is_offered_and_taken(typed: str, meant: str, search: Callable[[str], Page]) -> None:
    page = search(typed)
    assert page.locator("#search-results li").count() == 0
    page.get_by_role("button", name=meant, exact=True).click()
    page.locator("#search-results a").first.wait_for()
    assert page.locator("#search-near").inner_text() == ""


def test_what_is_like_nothing_gets_no_offer(search: Callable[[str], Page]) -> None:
    page = search("zxqvwyy")
    assert page.locator("#book-search-count").inner_text() == "0 found"
    assert page.locator("#search-near").inner_text() == ""


def test_the_form_that_was_typed_comes_first(search: Callable[[str], Page]) -> None:
    found = search("scrambling").locator("#search-results a").all_inner_texts()
    assert found == ["Scrambling", "Spending"], "the other has `scrambles`"


def test_back_comes_back_to_what_was_found(search: Callable[[str], Page]) -> None:
    page = search("missile")
    page.locator("#search-results a").first.click()
    page.wait_for_url("**/a.html#s1")
    page.go_back()
    page.locator("#search-results a").first.wait_for()
    assert page.locator("#book-search-field").input_value() == "missile"


def test_back_brings_a_filter_and_its_rows(browser: Browser, tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td>{word}<td>{kind}</tr>" for word, kind in (("ship", "a"), ("plane", "b"), ("port", "a"))
    )
    table = f'<table class="filterable"><thead><tr><th>What<th>Kind</tr></thead><tbody>{rows}</tbody></table>'
    shutil.copytree(STATIC, tmp_path / "_static")
    script = '<script src="_static/book.js"></script>'
    (tmp_path / "a.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8>{script}{table}<a href='b.html'>on</a>"
    )
    (tmp_path / "b.html").write_text("<p>There.</p>")
    page = browser.new_page()
    page.goto((tmp_path / "a.html").as_uri())
    page.get_by_label("Kind").select_option("a")
    page.locator("input[type=search]").fill("po")
    page.get_by_text("on", exact=True).click()
    page.wait_for_url("**/b.html")
    page.go_back()
    page.locator("output").wait_for()
    assert page.locator("output").inner_text() == "1 of 3"
    assert page.locator("tbody tr:visible").all_inner_texts() == ["port\ta"]
    assert page.locator("input[type=search]").input_value() == "po"
    assert page.get_by_label("Kind").input_value() == "a"
    page.goto((tmp_path / "b.html").as_uri())
    page.goto((tmp_path / "a.html").as_uri())
    assert page.locator("tbody tr:visible").count() == 3, "a new visit begins anew"
    page.close()
