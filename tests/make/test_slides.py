"""The slides: what a room sees and a speaker reads; in a real browser, from disk with the network cut."""

from itertools import chain
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page

from conftest import ROOT, faults, needs_chromium, settle, texts
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


#: Says of the slide that is shown: its name, the height of its drawing, and what does not fit.
SEEN = """() => {
  const box = (element) => element.getBoundingClientRect();
  const meet = (a, b) => Math.max(a.left, b.left) < Math.min(a.right, b.right)
    && Math.max(a.top, b.top) + 1 < Math.min(a.bottom, b.bottom);
  const seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility === "visible";
  const slide = [...document.querySelectorAll("main > section")].find(seen);
  const drawn = [...slide.querySelectorAll(".chart-picture svg")].find(seen); // static, or alive already
  const said = [...slide.querySelectorAll(".view :is(h1, h2, p, li, td, th, caption)")].filter(seen);
  const shown = [...said, ...(drawn ? [drawn] : [])];
  const out = ({ left, right, top, bottom }) => left < 20 || right > 1270 || top < 0 || bottom > 712;
  const outside = shown.filter((e) => out(box(e)));
  const clash = drawn && said.some((e) => meet(box(e), box(drawn)));
  const large = said.filter((e) => !e.matches(".source"));
  return {
    name: slide.id,
    title: slide.querySelector("h1, h2, p").textContent,
    drawn: drawn ? box(drawn).height : 0,
    faults: [...outside.map((e) => e.outerHTML.slice(0, 80)), ...(clash ? ["words and drawing meet"] : [])],
    small: Math.min(...large.map((e) => parseFloat(getComputedStyle(e).fontSize))),
  };
}"""


def tag(html: str) -> Tag:
    found = BeautifulSoup(html, "html.parser").find()
    assert isinstance(found, Tag)
    return found


def plain(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


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
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    noted = faults(page)
    page.on(
        "request", lambda sent: None if sent.url.startswith(("file:", "data:")) else noted.append(sent.url)
    )
    page.on("requestfailed", lambda sent: noted.append(f"{sent.url} does not load"))
    page.goto(deck.as_uri() + address)
    page.wait_for_selector("html.ready", state="attached")
    return page, noted


@needs_chromium
@pytest.mark.parametrize("name", [*CHAPTERS, *SESSIONS])
def test_a_deck_is_complete_and_fits_its_slides(name: str, decks: Path, browser: Browser) -> None:
    page, noted = opened(browser, decks / f"{name}.html")
    found = []
    for _ in range(page.locator("main > section").count()):
        found.append(page.evaluate(SEEN))
        page.keyboard.press("ArrowRight")
    assert len({slide["name"] for slide in found}) == len(found), "each key turned one slide"
    assert {slide["name"]: slide["faults"] for slide in found if slide["faults"]} == {}
    assert [slide["name"] for slide in found if slide["small"] < 13] == []
    figures = [slide["name"] for slide in found if slide["name"].startswith("fig-")]
    assert name in SESSIONS or figures == [spec["usermeta"]["name"] for spec in CHAPTERS[name]]
    assert [slide["name"] for slide in found if slide["name"] in figures and slide["drawn"] < 200] == []
    for figure in figures[:2]:
        page.evaluate("name => { location.hash = name; }", figure)
        page.wait_for_selector(f"#{figure} .chart-picture[data-live] .chart-live svg", timeout=10_000)
        for control in page.locator(f"#{figure} .vega-bind").all():
            assert control.evaluate("control => getComputedStyle(control).fontSize") == "14px", (
                "in the chart's own size"
            )
    assert noted == []
    page.close()


@needs_chromium
def test_keys_turn_the_slides_and_a_chart_keeps_its_own(decks: Path, browser: Browser) -> None:
    page, _ = opened(browser, decks / "06-missile-defence.html")
    shown = "document.querySelector('section:target')?.id"
    slides = page.evaluate("[...document.querySelectorAll('main > section')].map((slide) => slide.id)")
    for key, there in (("PageDown", 1), (" ", 2), ("PageUp", 1), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        assert page.evaluate(shown) == slides[there]
    page.keyboard.press("End")
    last = page.evaluate(shown)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(shown) == last
    page.evaluate("location.hash = 'fig-horizon'")
    slider = page.locator("#fig-horizon input[type=range]").first
    slider.wait_for()
    before = slider.input_value()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.input_value() != before
    assert page.evaluate(shown) == "fig-horizon"
    slider.blur()
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement")
    page.close()


@needs_chromium
def test_dragging_selects_what_the_pointer_covers_on_a_projector(decks: Path, browser: Browser) -> None:
    page, _ = opened(browser, decks / "04-senkaku-article-v.html", "#fig-presence", (1920, 1080))
    page.mouse.move(1, 1)
    page.wait_for_selector("#fig-presence .chart-picture[data-live]")
    box = "mark => [mark.getBoundingClientRect()].flatMap(box => [box.left, box.top, box.right, box.bottom])"
    left, top, right, bottom = page.locator("#fig-presence .chart-live svg").evaluate(box)
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
    drawn = page.locator("#fig-presence .chart-live .brush_brush path").evaluate(box)
    assert drawn == pytest.approx(wanted, abs=2)
    page.close()


@needs_chromium
def test_the_speaker_has_the_notes_in_a_second_window(decks: Path, browser: Browser) -> None:
    page, noted = opened(browser, decks / "session-1.html", "#slide-3")
    with page.expect_popup() as window:
        page.keyboard.press("s")
    notes = window.value
    said = page.locator("main > section aside").all_text_contents()
    third, fourth = (" ".join(text.split())[:40] for text in said[2:4])
    assert third
    assert fourth
    notes.wait_for_selector(f"text={third}", timeout=15_000)
    notes.keyboard.press("ArrowRight")
    notes.wait_for_selector(f"text={fourth}", timeout=15_000)
    assert page.url.endswith("#slide-4"), "the keys of that window turn the slides, too"
    assert noted == []
    page.close()


@needs_chromium
def test_a_deck_reaches_no_other_host(decks: Path, browser: Browser) -> None:
    page, noted = opened(browser, decks / "session-1.html")
    assert (
        page.evaluate("() => fetch('https://example.org/').then(() => 'sent', () => 'refused')") == "refused"
    )
    assert any("Content Security Policy" in text for text in noted)
    page.close()


@needs_chromium
@pytest.mark.parametrize("notes", [False, True])
def test_a_deck_prints_a_page_a_slide_and_its_notes_if_wanted(
    notes: bool, decks: Path, browser: Browser, tmp_path: Path
) -> None:
    page, noted = opened(browser, decks / "06-missile-defence.html", "?notes" if notes else "")
    slides, findings = page.locator("main > section").count(), page.locator(".figure h2").all_text_contents()
    page.pdf(path=tmp_path / "deck.pdf", prefer_css_page_size=True, print_background=True)
    # Without white space: between letters of a slide that is made to fit PDFium sees the ends of lines.
    printed = [plain(sheet) for sheet in texts(tmp_path / "deck.pdf")]
    assert len(findings) == len(CHAPTERS["06-missile-defence"])
    shown = [[each for each in findings if plain(each) in sheet and "Source:" in sheet] for sheet in printed]
    assert sorted(chain.from_iterable(shown)) == sorted(findings)
    assert (len(printed) > slides) if notes else (len(printed) == slides)
    assert any("Span:" in sheet for sheet in printed) == notes, "the whole source is in the notes"
    assert noted == []
    page.close()


def test_the_room_sees_figures_lists_and_short_tables_and_the_speaker_the_rest() -> None:
    def page(rows: int) -> Tag:
        body = "".join(f"<tr><td>{i}</td><td>row {i}</td></tr>" for i in range(rows))
        table = f'<table class="table"><tr><th>No</th><th>What</th></tr>{body}</table>'
        return tag(
            "<article><section><h1>Title</h1><p><strong>In short.</strong> The answer.</p>"
            '<div class="admonition"><p>At a glance</p><ul><li>Ninety minutes</li></ul></div>'
            '<ul class="pack"><li>To print</li></ul>'
            f"<section><h2>Part</h2><p>Before it.</p>{table}<p>After it.</p><ul><li>A point</li></ul>"
            '<p class="slide">A question?</p><p>What to expect.</p></section>'
            '<section class="teacher"><h2>Plan</h2><ul><li>First</li></ul></section>'
            "<section><h2>End</h2><p>Last words.</p></section></section></article>"
        )

    opening, table, points, question = slides.slides(page(slides.ROWS - 1), {})
    assert "<h1>Title</h1>\n<p>The answer.</p>" in opening.body
    told = ["PlanFirst", "At a glance", "Ninety minutes", "To print"]
    assert [note.get_text() for note in opening.notes] == told
    assert f"<td>row {slides.ROWS - 2}</td>" in table.body
    assert [note.get_text() for note in table.notes] == ["Part", "Before it.", "After it."]
    assert "<h2>Part</h2>\n<ul><li>A point</li></ul>" in points.body
    assert "A question?" in question.body
    assert [note.get_text() for note in question.notes] == ["What to expect.", "End", "Last words."]
    _, points, _ = slides.slides(page(slides.ROWS), {})
    assert [note.name for note in points.notes] == ["h2", "p", "table", "p"], "a long table is told"


def test_a_page_without_figures_shows_those_that_it_names_to_the_room_and_each_once() -> None:
    figure = (
        '<section><h2>Elsewhere</h2><figure class="chart" id="fig-x"><p>Finding</p>'
        '<div class="chart-picture"></div><p>Caption</p>'
        '<p><span class="sources">A; B; C; D; E.</span> Unit: one</p></figure></section>'
    )
    link = '<a href="../x.html#fig-x">Fig. 1</a>'
    named = {"fig-x": tag(figure).find_all("figure")[0]}
    page = tag(
        "<article><section><h1>Title</h1><p>The answer.</p><section><h2>Part</h2>"
        f'<p class="teacher">See {link}.</p><p class="slide">Look?</p><p>In {link}.</p><p>Again {link}.</p>'
        "</section></section></article>"
    )
    _, question, shown = slides.slides(page, named)
    assert [note.get_text() for note in question.notes] == ["Part", "See Fig. 1.", "In Fig. 1."]
    assert shown.name == "fig-x"
    assert '<p class="kicker">Elsewhere</p>\n<h2>Finding</h2>' in shown.body
    assert "A; B; C; 2 more in the book" in shown.body
    assert [note.get_text() for note in shown.notes] == [
        "Caption",
        "A; B; C; D; E. Unit: one",
        "Again Fig. 1.",
    ]


def test_a_long_table_is_spread_evenly_and_a_claim_is_shown_by_its_word() -> None:
    reason = '<span class="badge-verdict is-done">done</span> ' + "for a reason " * 9
    rows = "".join(f"<tr><td>{'word ' * 50}{i}</td><td>{reason}</td></tr>" for i in range(7))
    table = tag(f'<div><h2>Part</h2><table class="claims"><tr><th>A</th><th>B</th></tr>{rows}</table></div>')
    first, second = slides._shown(table.find_all("table")[0])
    assert [slide.body.count("<tr>") for slide in (first, second)] == [4, 5], "heads included"
    assert '<td><span class="badge-verdict is-done">done</span></td>' in first.body
    assert "for a reason" not in first.body
    assert [("for a reason" in str(slide.notes)) for slide in (first, second)] == [True, False]


def test_numbers_on_data_are_marked_and_other_links_and_names_are_gone() -> None:
    said = tag(
        '<p id="here">In <a href="x.html#fact-days">357 days</a> <a href="y.html"><em id="a">ships</em></a> '
        '<span class="badge-verdict">confirmed</span> came.</p>'
    )
    assert str(slides._plain(said)) == (
        '<p>In <b>357 days</b> <em>ships</em> <span class="badge-verdict">confirmed</span> came.</p>'
    )
    assert said.a, "the page's own text is left alone"


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
