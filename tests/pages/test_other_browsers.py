"""The book in Firefox and WebKit: a dozen things that readers do, from disk and from a server.

Chromium has the whole of the browser tests. What an engine cannot do here stands in ``engines.CANNOT``.
"""

import base64
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engines import CANNOT, NEEDS, lacking, started, wait_for
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from conftest import Quiet, serve, texts

CHAPTER = "chapters/04-senkaku-article-v"
#: A phone's width in pixels.
PHONE = 390


@pytest.fixture(scope="module", params=NEEDS)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine's name. .ci/run installs both and sets CI: there the absence is a failure."""
    if missing := lacking(request.param):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"not on this machine: {', '.join(missing)}")
    return request.param


@pytest.fixture(scope="module")
def driver(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    """An engine that runs for all the tests of this file."""
    with started(engine, tmp_path_factory.mktemp(engine)) as browser:
        yield browser


def able(engine: str, what: str) -> None:
    """Leave out what the engine cannot do."""
    if reason := CANNOT.get(engine, {}).get(what):
        pytest.skip(f"{engine}, {what}: {reason}")


def script(driver: WebDriver, code: str) -> Any:
    """Return what an expression is in the page."""
    return driver.execute_script(f"return ({code})")


def until(driver: WebDriver, code: str, seconds: float = 20) -> Any:
    """Return what an expression is in the page as soon as it is true."""
    return wait_for(lambda: script(driver, code), code, seconds)


def pointed(driver: WebDriver, x: float, y: float) -> None:
    """Bring the pointer to a place of the window."""
    chain = ActionBuilder(driver, duration=50)
    chain.pointer_action.move_to_location(round(x), round(y))
    chain.perform()


def tapped(driver: WebDriver, x: float, y: float) -> None:
    """Tap with a finger on a place of the window."""
    chain = ActionBuilder(driver, mouse=PointerInput("touch", "finger"), duration=50)
    chain.pointer_action.move_to_location(round(x), round(y)).pointer_down().pointer_up()
    chain.perform()


def press(driver: WebDriver, *keys: str) -> None:
    """Press keys one after another."""
    ActionChains(driver).send_keys(*keys).perform()


def tab_to(driver: WebDriver, element: str) -> None:
    """Reach an element with the key, from what comes before it."""
    stops = "[...document.querySelectorAll('a[href], button, summary')].filter(e => e.checkVisibility())"
    script(driver, f"(stops => stops[stops.indexOf({element}) - 1].focus())({stops})")
    press(driver, Keys.TAB)


def middles(driver: WebDriver, figure: str) -> list[list[float]]:
    """Bring a figure alive and return where the middles of those marks are that have a note."""
    picture = f"document.querySelector('[data-chart={figure}]')"
    script(driver, f"{picture}.scrollIntoView({{ block: 'center', behavior: 'instant' }})")
    until(driver, f"{picture}.dataset.live")
    places = f"""[...{picture}.querySelectorAll('.chart-live g[class*="mark-"] > *')]
        .filter(mark => mark.__data__?.tooltip).map(mark => mark.getBoundingClientRect())
        .filter(box => box.width > 4 && box.y > 80 && box.bottom < innerHeight - 20)
        .map(box => [box.x + box.width / 2, box.y + box.height / 2])"""
    found = until(driver, f"(places => places.length > 4 && places)({places})")
    return found[:: max(1, len(found) // 5)]


def framed(driver: WebDriver, page: Path, width: int, folder: Path) -> None:
    """Open a page on a narrow screen: in a frame, since neither engine's window can be so narrow."""
    # At the corner: where a mark lies is told from the window in one engine and from the frame in the other.
    place = f"position: fixed; inset: 0 auto auto 0; border: 0; width: {width}px; height: 800px"
    outside = folder / "outside.html"
    outside.write_text(f"<iframe style='{place}' src='{page.as_uri()}'></iframe>", encoding="utf-8")
    driver.get(outside.as_uri())
    driver.switch_to.frame(driver.find_element("css selector", "iframe"))
    until(driver, "document.readyState === 'complete' && window.reportBook")


def note_of(driver: WebDriver) -> tuple[str, float, float, float]:
    """Return the text of a mark's note, its sides and the width of the window."""
    box = "document.querySelector('#vg-tooltip-element.visible')"
    sides = f"(b => [{box}.innerText, b.left, b.right, document.documentElement.clientWidth])"
    told = until(driver, f"{box} && {sides}({box}.getBoundingClientRect())")
    return tuple(told)


@pytest.mark.parametrize("name", [CHAPTER, "chapters/08-spending"])
def test_every_figure_is_seen_and_comes_alive(driver: WebDriver, site: Path, name: str) -> None:
    driver.get((site / f"{name}.html").as_uri())
    count = script(driver, "document.querySelectorAll('.chart-picture').length")
    assert count
    for i in range(count):
        picture = f"document.querySelectorAll('.chart-picture')[{i}]"
        height = script(driver, f"{picture}.querySelector('svg').getBoundingClientRect().height")
        assert height > 50, i
        script(driver, f"{picture}.scrollIntoView({{ block: 'center', behavior: 'instant' }})")
        until(driver, f"{picture}.dataset.live")
        until(driver, f"{picture}.querySelector('.chart-live svg').getBoundingClientRect().height > 50")
        assert script(
            driver, f"{picture}.querySelectorAll('.chart-live svg g[class*=role-mark] > *').length"
        ), i
    assert script(driver, "document.documentElement.scrollWidth <= innerWidth")


def test_a_fact_explains_itself_to_pointer_and_keyboard_and_leads_to_its_row(
    driver: WebDriver, site: Path
) -> None:
    driver.get((site / f"{CHAPTER}.html").as_uri())
    link = "document.querySelector('article a[href*=\"#fact-\"]')"
    script(driver, f"{link}.scrollIntoView({{ block: 'center', behavior: 'instant' }})")
    words = script(driver, f"{link}.innerText")
    x, y = script(driver, f"(b => [b.x + b.width / 2, b.y + b.height / 2])({link}.getClientRects()[0])")
    pointed(driver, x, y)
    shown = "(note => !note.hidden && note.innerText)(document.getElementById('book-note'))"
    said = until(driver, shown)
    assert words in said
    assert "Source:" in said
    press(driver, Keys.ESCAPE)
    assert not script(driver, shown)
    pointed(driver, 2, 200)
    tab_to(driver, link)
    assert script(driver, f"document.activeElement === {link}")
    assert words in until(driver, shown)
    press(driver, Keys.ENTER)
    until(driver, "location.hash.startsWith('#fact-')")
    assert words in script(driver, "document.querySelector('tr:target').innerText")


@pytest.mark.parametrize(
    ("name", "link"),
    [
        (CHAPTER, "a[href*='#fact-']"),
        ("index", "a[href*='#fact-'], .unfolding a[href*='#claim-']"),
        (CHAPTER, "p a[href*='#term-']"),
        (CHAPTER, "p a[href*='#claim-']"),
    ],
)
def test_links_to_facts_terms_and_claims_are_told_from_the_text(
    driver: WebDriver, site: Path, name: str, link: str
) -> None:
    driver.get((site / f"{name}.html").as_uri())
    lines = script(
        driver,
        f"""[...document.querySelectorAll(`article :is({link})`)].filter(e => e.checkVisibility())
            .filter(e => !e.closest('td, th, [class*=badge-]')).map(e => [e.outerHTML.slice(0, 80),
                getComputedStyle(e).textDecorationLine, getComputedStyle(e).borderBottomStyle])""",
    )
    assert lines
    assert [html for html, line, border in lines if line != "underline" and border == "none"] == []


@pytest.mark.parametrize("figure", ["fig-presence", "fig-presence-entries"])
def test_a_mark_s_note_speaks_the_book_s_words_on_the_screen(
    driver: WebDriver, site: Path, figure: str
) -> None:
    driver.get((site / f"{CHAPTER}.html").as_uri())
    for x, y in middles(driver, figure):
        pointed(driver, x, y)
        text, left, right, width = note_of(driver)
        assert not re.search(r"\bnull\b|_|undefined|NaN", text)
        assert 0 <= left <= right <= width
        pointed(driver, 2, y)


def test_each_mark_tapped_shows_its_note(driver: WebDriver, engine: str, site: Path) -> None:
    able(engine, "touch")
    driver.get((site / f"{CHAPTER}.html").as_uri())
    for x, y in middles(driver, "fig-presence-entries"):
        tapped(driver, x, y)
        note_of(driver)
        tapped(driver, 2, y)
        until(driver, "!document.querySelector('#vg-tooltip-element.visible')")


def test_a_phone_has_its_own_drawings_and_nothing_leaves_its_screen(
    driver: WebDriver, site: Path, tmp_path: Path
) -> None:
    framed(driver, site / f"{CHAPTER}.html", PHONE, tmp_path)
    assert script(driver, "innerWidth") == PHONE
    for x, y in middles(driver, "fig-presence-entries"):
        pointed(driver, x, y)
        _, left, right, width = note_of(driver)
        assert 0 <= left <= right <= width <= PHONE
        pointed(driver, 2, y)
    drawn = "document.querySelector('[data-chart=fig-presence-entries]').dataset.live"
    assert script(driver, drawn) == "narrow"
    assert script(driver, "document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ["api", "methods", "data", "claims"])
def test_nothing_leaves_the_narrowest_screen(
    driver: WebDriver, site: Path, tmp_path: Path, name: str
) -> None:
    framed(driver, site / "reference" / f"{name}.html", 320, tmp_path)
    assert script(driver, "[innerWidth, document.documentElement.scrollWidth <= innerWidth]") == [320, True]


@pytest.mark.parametrize("words", ["Senkaku", "接続水域"])
def test_search_leads_to_the_very_place_from_disk(driver: WebDriver, site: Path, words: str) -> None:
    driver.get((site / "search.html").as_uri())
    until(driver, "window.reportBook && document.activeElement")
    script(driver, "document.getElementById('book-search-field').focus()")
    press(driver, words)
    place = until(driver, "document.querySelector('#search-results a')?.hash")
    script(driver, "document.querySelector('#search-results a').click()")
    until(driver, f"location.hash === {place!r} && document.getElementById({place[1:]!r})")


def test_pages_and_charts_follow_the_theme(driver: WebDriver, site: Path) -> None:
    driver.get((site / f"{CHAPTER}.html").as_uri())
    middles(driver, "fig-presence-entries")
    colours = "['body', '.chart-live svg text'].map(e => getComputedStyle(document.querySelector(e)))"
    colours = f"(([page, text]) => [page.backgroundColor, text.fill])({colours})"
    script(driver, "document.documentElement.dataset.theme = 'light'")
    light = script(driver, colours)
    switch = "document.querySelector('.theme-switch-button')"
    for _ in range(3):
        if script(driver, "document.documentElement.dataset.mode") != "dark":
            script(driver, f"{switch}.click()")
    assert script(driver, "document.documentElement.dataset.theme") == "dark"
    assert all(a != b for a, b in zip(light, script(driver, colours), strict=True))
    driver.get((site / "index.html").as_uri())
    assert script(driver, "document.documentElement.dataset.theme") == "dark", "it is remembered"
    script(driver, "localStorage.clear()")


def test_a_long_table_is_filtered_from_disk(driver: WebDriver, site: Path) -> None:
    driver.get((site / "reference" / "claims.html").as_uri())
    rows = "[...document.querySelectorAll('table.filterable tbody tr')]"
    rows = f"{rows}.filter(row => row.checkVisibility()).length"
    field = "document.querySelector('.table-filter input')"
    every = until(driver, f"{field} && {rows}")
    script(driver, f"{field}.focus()")
    press(driver, "senkaku")
    assert until(driver, f"(found => found < {every} && found)({rows})") > 0


def test_the_sidebar_s_button_shows_that_it_has_the_focus(driver: WebDriver, site: Path) -> None:
    driver.get((site / f"{CHAPTER}.html").as_uri())
    button = "document.querySelector('.bd-header-article .primary-toggle')"
    tab_to(driver, button)
    assert script(driver, f"document.activeElement === {button}")
    line = f"(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle({button}))"
    style, width = script(driver, line)
    assert style != "none"
    assert width >= 2


@pytest.fixture
def python_address(site: Path, runtime: Path) -> Iterator[str]:
    """The address of the book on this machine, with the Python of its pages beside it."""

    class WithPython(Quiet):
        def translate_path(self, path: str) -> str:
            return str(runtime / Path(path).name) if "/pyodide/" in path else super().translate_path(path)

    with serve(partial(WithPython, directory=str(site))) as address:
        yield address


def test_a_chapter_s_first_figure_is_run_in_the_page(driver: WebDriver, python_address: str) -> None:
    driver.get(f"{python_address}{CHAPTER}.html")
    script(driver, "document.querySelector('.live-box').dataset.base = 'live/pyodide/'")
    script(driver, "document.querySelector('.live summary').click()")
    start = "[...document.querySelectorAll('.live button')].find(e => e.innerText.includes('Start Python'))"
    until(driver, start)
    script(driver, f"{start}.click()")
    said = "document.querySelector('.live output')?.innerText.includes('Python is ready')"
    until(driver, said, seconds=120)
    cell = "[...document.querySelectorAll('article div.cell')].find(e => e.querySelector('figure.chart'))"
    script(driver, f"{cell}.querySelector('.live-cell').open = true")
    script(driver, f"{cell}.querySelector('textarea').focus()")
    ActionChains(driver).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()
    until(driver, f"/Done|error/.test({cell}.querySelector('output').innerText)", seconds=60)
    title = script(driver, f"{cell}.querySelector('.cell_output .chart-title').textContent")
    assert script(driver, f"{cell}.querySelector('.live-output .chart-title').textContent") == title
    assert until(driver, f"{cell}.querySelector('.live-output .chart-live svg')?.clientWidth")


def test_a_handout_is_one_sheet_printed_dark_on_white(driver: WebDriver, engine: str, site: Path) -> None:
    able(engine, "print")
    driver.get((site / "seminar" / "handouts" / "04-senkaku-article-v.html").as_uri())
    script(driver, "document.documentElement.dataset.theme = 'dark'")
    front, back = texts(base64.b64decode(driver.print_page()))
    assert "Three questions" in front
    assert "Back: the chapter in short" in back
