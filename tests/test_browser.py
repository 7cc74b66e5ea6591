"""The book in a real browser with the network cut: readable without scripts, alive with them, accessible, on any width."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"]), "search", "genindex"]
CHAPTER = next(name for name in PAGES if "04-" in name)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.xdist_group("browser"),
    # .ci/run installs Chromium and sets CI, so that there the absence is a failure.
    pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="no Chromium on this machine: `apt-get install chromium`"),
]

#: Faults of the theme that cannot be mended from here, by axe rule: none is known.
EXCEPTIONS: dict[str, str] = {}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium that resolves no name but this machine's."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield launched
        launched.close()


Opener = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: Path, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Return a function that opens a page and notes errors and requests that leave this machine."""
    contexts: list[BrowserContext] = []

    def opener(address: str, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
        page = context.new_page()
        page.errors = []  # type: ignore[attr-defined]
        page.on("console", lambda message: page.errors.append(message.text) if message.type in ("error", "warning") else None)  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
        page.on(
            "request", lambda r: None if r.url.startswith(("file:", "data:", "blob:", "http://127.0.0.1")) else page.errors.append(r.url)
        )  # type: ignore[attr-defined]
        page.goto(address if "://" in address else (site / f"{address}.html").as_uri())
        return page

    yield opener
    failed = getattr(request.node, "failed", False)
    for context in contexts:
        if failed:
            folder = ROOT / "_build" / "failures"
            folder.mkdir(parents=True, exist_ok=True)
            for i, page in enumerate(context.pages):
                page.screenshot(path=folder / f"{request.node.name.replace('/', '-')}-{i}.png", full_page=True)
        context.close()


def read_through(page: Page) -> None:
    """Scroll down the page as a reader does, so that every chart comes near, and wait for the charts."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for y in range(0, height, 700):
        page.evaluate(f"window.scrollTo(0, {y})")
        page.wait_for_timeout(50)
    page.wait_for_function("document.querySelectorAll('.chart-picture:not([data-live])').length === 0", timeout=20_000)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["file", "http"])
def test_every_page_opens_without_error_and_alone(name: str, scheme: str, visit: Opener, address: str) -> None:
    page = visit(f"{address}{name}.html" if scheme == "http" else name)
    read_through(page)
    assert page.errors == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_is_visible_without_scripts(name: str, visit: Opener) -> None:
    page = visit(name, scripts=False)
    drawn = page.locator(".chart-picture").count()
    visible = sum(svg.is_visible() and (svg.bounding_box() or {})["height"] > 50 for svg in page.locator(".chart-picture svg").all())
    assert visible == drawn


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(name: str, visit: Opener) -> None:
    page = visit(name, width=360)
    read_through(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = page.evaluate(
        """[...document.querySelectorAll('article *')].filter(e => e.getBoundingClientRect().right > 361 && e.getClientRects().length
            && !e.closest('.scrolls, .chart-data, .pst-scrollable-table-container, pre, .math')).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert wide == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)])
def test_axe_finds_no_violation(name: str, theme: str, width: int, visit: Opener) -> None:
    page = visit(name, theme=theme, width=width)
    read_through(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    summary = {rule["id"]: [node["html"][:120] for node in rule["nodes"]] for rule in found if rule["id"] not in EXCEPTIONS}
    assert summary == {}


def test_a_chart_comes_alive_when_scrolled_to_and_nothing_moves(visit: Opener) -> None:
    page = visit(CHAPTER)
    last = page.locator(".chart-picture").last
    assert last.get_attribute("data-live") is None
    assert page.evaluate("typeof vegaEmbed") == "undefined" or page.locator(".chart-picture").first.bounding_box()["y"] < 1100  # type: ignore[index]
    page.evaluate(
        """window.shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))
            .observe({type: "layout-shift", buffered: true})"""
    )
    read_through(page)
    assert last.get_attribute("data-live") == "wide"
    assert last.locator(".chart-live svg").is_visible()
    assert page.evaluate("window.shift") <= 0.02


def test_charts_follow_the_theme_switch(visit: Opener) -> None:
    page = visit(CHAPTER)
    read_through(page)
    for kind in (".chart-live", ".wide"):
        text = page.locator(f".chart-picture {kind} svg text").first
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        light = text.evaluate("e => getComputedStyle(e).fill")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert text.evaluate("e => getComputedStyle(e).fill") != light


def test_a_fact_link_explains_itself_and_lands(visit: Opener) -> None:
    page = visit(CHAPTER)
    link = page.locator("article a[href*='#fact-']").first
    link.scroll_into_view_if_needed()
    link.hover()
    note = page.locator("#book-note")
    assert note.is_visible()
    assert link.inner_text() in note.inner_text()
    assert "Source:" in note.inner_text()
    page.keyboard.press("Escape")
    assert note.is_hidden()
    page.mouse.move(0, 0)
    page.keyboard.press("Tab")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#fact-*")
    row = page.locator(":target")
    assert row.evaluate("e => e.tagName") == "TR"
    assert link.inner_text() in row.inner_text()


def test_a_fact_note_opens_on_focus(visit: Opener) -> None:
    page = visit(CHAPTER)
    link = page.locator("article a[href*='#fact-']").first
    before = page.locator("article a[href]").first
    before.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("e => e === document.activeElement"):
            break
    assert page.locator("#book-note").is_visible()


def test_without_scripts_a_fact_link_lands_on_its_row(visit: Opener) -> None:
    page = visit(CHAPTER, scripts=False)
    link = page.locator("article a[href*='#fact-']").first
    assert "Source:" in (link.get_attribute("title") or "")
    link.click()
    assert "#fact-" in page.url
    assert page.locator(f"tr[id='{page.url.split('#')[1]}']").is_visible()


def test_a_tap_shows_the_note_and_a_second_tap_follows(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((site / f"{CHAPTER}.html").as_uri())
    link = page.locator("article a[href*='#fact-']").first
    link.scroll_into_view_if_needed()
    link.tap()
    assert page.locator("#book-note").is_visible()
    assert "#fact-" not in page.url
    link.tap()
    page.wait_for_url("**#fact-*")
    context.close()


def test_search_works_from_disk(visit: Opener) -> None:
    page = visit((SITE / "search.html").as_uri() + "?q=Senkaku")
    page.wait_for_selector("#search-results li", timeout=10_000)
    assert page.locator("#search-results li").count() >= 1
