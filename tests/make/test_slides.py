"""The slides in a real browser, from disk with the network cut: nothing missing, nothing that a room cannot see, notes, print."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from conftest import ROOT, needs_chromium, settle
from helpers.chapter import output
from helpers.files import BookError
from helpers.make import slides
from helpers.run import notebooks

CHAPTERS = {
    path.stem: output.stored(path, output.FIGURE)
    for path in notebooks.find(ROOT / "book")
    if path.parent.name == "chapters"
}
SESSIONS = [path.stem for path in sorted((ROOT / "book" / "seminar").glob("session-*.md"))]


#: Goes through a deck and says of each slide: its name, its notes, the height of its drawing, and what does not fit.
GO_THROUGH = """async () => {
  await document.fonts.ready;
  const found = [], box = (element) => element.getBoundingClientRect();
  const meet = (a, b) => box(a).right > box(b).left && box(b).right > box(a).left && box(a).bottom > box(b).top + 1
    && box(b).bottom > box(a).top + 1;
  for (let i = 0; i < Reveal.getTotalSlides(); i++) {
    Reveal.slide(i);
    const slide = Reveal.getCurrentSlide(), seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility === "visible";
    const drawn = [...slide.querySelectorAll(".chart-picture svg")].find(seen); // the static one, or already the living one
    const shown = [...slide.querySelectorAll(".sheet :is(h1, h2, p, li, td, th)"), ...(drawn ? [drawn] : [])].filter(seen);
    const outside = shown.filter((e) => box(e).left < 20 || box(e).right > 1270 || box(e).top < 0 || box(e).bottom > 712);
    const parts = [...slide.querySelectorAll(".words, .source"), ...(drawn ? [drawn] : [])];
    const clash = parts.some((a, k) => parts.slice(k + 1).some((b) => meet(a, b)));
    found.push({
      name: slide.id || slide.querySelector("h1, h2").textContent,
      notes: slide.querySelector("aside.notes").textContent.trim().length,
      drawn: drawn ? box(drawn).height : 0,
      faults: [...outside.map((e) => e.outerHTML.slice(0, 80)), ...(clash ? ["words, drawing and source meet"] : [])],
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def decks(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Slides made from the built book, in a folder of their own."""
    place = tmp_path_factory.mktemp("slides")
    (place / "_build").mkdir()
    (place / "_build" / "html").symlink_to(site)
    (place / "book.toml").symlink_to(ROOT / "book.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        slides.make()
    return place / "_build" / "slides"


def opened(
    browser: Browser, deck: Path, address: str = "", size: tuple[int, int] = (1280, 720)
) -> tuple[Page, list[str]]:
    """Return a deck in a browser, and a list of its errors and of its requests elsewhere."""
    page, noted = browser.new_page(viewport={"width": size[0], "height": size[1]}), []
    page.on(
        "console",
        lambda message: noted.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.on(
        "request", lambda sent: None if sent.url.startswith(("file:", "data:")) else noted.append(sent.url)
    )
    page.on("requestfailed", lambda sent: noted.append(f"{sent.url} does not load"))
    page.goto(deck.as_uri() + address)
    page.wait_for_function("Reveal.isReady()")
    return page, noted


@needs_chromium
@pytest.mark.parametrize("name", [*CHAPTERS, *SESSIONS])
def test_a_deck_is_complete_and_fits_its_slides(name: str, decks: Path, browser: Browser) -> None:
    page, noted = opened(browser, decks / f"{name}.html")
    found = page.evaluate(GO_THROUGH)
    assert {slide["name"]: slide["faults"] for slide in found if slide["faults"]} == {}
    assert [slide["name"] for slide in found if not slide["notes"]] == []
    figures = [slide["name"] for slide in found if slide["name"].startswith("fig-")]
    assert name in SESSIONS or figures == [spec["usermeta"]["name"] for spec in CHAPTERS[name]]
    assert [slide["name"] for slide in found if slide["name"] in figures and slide["drawn"] < 200] == []
    for figure in figures[:2]:
        page.evaluate(
            "name => Reveal.slide(Reveal.getSlides().findIndex(slide => slide.id === name))", figure
        )
        page.wait_for_selector(f"#{figure}.present .chart-picture[data-live] .chart-live svg", timeout=10_000)
        for control in page.locator(f"#{figure} .vega-bind").all():
            assert control.evaluate("control => getComputedStyle(control).fontSize") == "14px", (
                "in the chart's own size"
            )
    assert noted == []
    page.close()


@needs_chromium
def test_dragging_selects_what_the_pointer_covers_on_a_projector(decks: Path, browser: Browser) -> None:
    page, _ = opened(browser, decks / "04-senkaku-article-v.html", "#/fig-presence", (1920, 1080))
    page.wait_for_selector("section.present .chart-picture[data-live]")
    box = "mark => [mark.getBoundingClientRect()].flatMap(box => [box.left, box.top, box.right, box.bottom])"
    left, top, right, bottom = page.locator("section.present .chart-live svg").evaluate(box)
    wanted = [
        left + (right - left) * 0.3,
        top + (bottom - top) * 0.2,
        left + (right - left) * 0.6,
        top + (bottom - top) * 0.4,
    ]
    page.mouse.move(*wanted[:2])
    page.mouse.down()
    page.mouse.move(*wanted[2:], steps=5)
    page.mouse.up()
    assert page.locator("section.present .chart-live .brush_brush path").evaluate(box) == pytest.approx(
        wanted, abs=2
    )
    page.close()


@needs_chromium
def test_the_speaker_has_the_notes_in_a_second_window(decks: Path, browser: Browser) -> None:
    page, noted = opened(browser, decks / "session-1.html", "#/2")
    with page.expect_popup() as window:
        page.keyboard.press("s")
    window.value.wait_for_selector("text=There is none without a unit", timeout=15_000)
    assert noted == []


@needs_chromium
def test_a_deck_reaches_no_other_host(decks: Path, browser: Browser) -> None:
    page, noted = opened(browser, decks / "session-1.html")
    assert (
        page.evaluate("() => fetch('https://example.org/').then(() => 'sent', () => 'refused')") == "refused"
    )
    assert any("Content Security Policy" in text for text in noted)
    page.close()


@needs_chromium
def test_a_deck_prints_one_page_a_slide(decks: Path, browser: Browser, tmp_path: Path) -> None:
    page, noted = opened(browser, decks / "06-missile-defence.html", "?print-pdf")
    slides, findings = page.locator(".pdf-page").count(), page.locator(".figure h2").all_text_contents()
    page.pdf(path=tmp_path / "deck.pdf", prefer_css_page_size=True, print_background=True)
    printed = [set(sheet.extract_text().split()) for sheet in PdfReader(tmp_path / "deck.pdf").pages]
    assert len(printed) == slides > len(findings) == len(CHAPTERS["06-missile-defence"])
    assert [
        finding
        for finding in findings
        if not any({*finding.split(), "Source:"} <= words for words in printed)
    ] == []
    assert noted == []
    page.close()


def test_the_index_lists_every_deck_and_the_same_book_makes_the_same_slides(
    decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = (decks / "index.html").read_text()
    assert [name for name in [*CHAPTERS, *SESSIONS] if f'href="{name}.html"' not in index] == []
    before = {path.relative_to(decks): path.read_bytes() for path in decks.rglob("*") if path.is_file()}
    monkeypatch.chdir(decks.parents[1])
    slides.make()
    assert {
        path.relative_to(decks): path.read_bytes() for path in decks.rglob("*") if path.is_file()
    } == before


def test_a_fault_is_one_line_and_leaves_the_last_good_slides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match="run `make book` first"):
        slides.make()
    chapter, good = (
        tmp_path / "_build" / "html" / "chapters" / "01-x.html",
        tmp_path / "_build" / "slides" / "index.html",
    )
    for path, text in (
        (chapter, "<article><section><h1>Title</h1><h2>No answer</h2></section></article>"),
        (good, "good"),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    with pytest.raises(BookError, match=r"01-x\.html: expected a title and below it the answer, found none"):
        slides.make()
    assert sorted(path.name for path in (tmp_path / "_build").iterdir()) == ["html", "slides"]
    assert good.read_text() == "good"
