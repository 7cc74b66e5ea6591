"""The book in a real browser with the network cut.

Readable without scripts, alive with them, accessible, on any width.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import tinycss2
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from conftest import ROOT, faults, needs_chromium, texts

SITE = ROOT / "_build" / "html"
PAGES = [
    "index",
    *re.findall(r"- file: (\S+)", (ROOT / "book" / "_toc.yml").read_text()),
    "search",
    "genindex",
]
CHAPTERS = [name for name in PAGES if name.startswith("chapters/")]
ALONE = ["_figures/fig-presence", "_figures/fig-horizon"]
CHAPTER = next(name for name in PAGES if "04-" in name)

#: What axe asks beside its own choice: who speaks to a page says the word that stands there.
RULES = {"label-content-name-mismatch": {"enabled": True}}
#: What axe sees in colours: whether words stand out from their ground, and links from the words about them.
COLOURS = ["color-contrast", "link-in-text-block"]
#: Hides, and leaves in its place, what is built and stands in what is built as something before it. What has
#: its name from what stands in it is taken as a whole. Rows of tables and groups of marks lose it until
#: `whole` is called.
ALIKE = """() => {
  const seen = new Set(), full = new Map(), gone = [];
  const looks = part => ['class', 'style', 'fill'].map(name => part.getAttribute(name)).join();
  const look = (part, above) => {
    const whole = part.matches('a, button, summary, label, th, h1, h2, h3, h4');
    const built = whole ? [...part.querySelectorAll('*')].map(looks).join(' ') : '';
    const kind = `${above} ${part.tagName},${looks(part)},${part.rowIndex % 2},${built}`;
    const inside = whole ? [] : [...part.children].map(child => look(child, kind));
    const alike = seen.has(kind) && inside.every(Boolean);
    seen.add(kind);
    if (alike && (part.parentNode.matches('tr') || part.ownerSVGElement)) gone.push(part);
    else if (alike) part.style.setProperty('visibility', 'hidden', 'important');
    return alike;
  };
  look(document.body, '');
  gone.forEach(({ parentNode }) => full.set(parentNode, [...parentNode.childNodes]));
  gone.forEach(part => part.remove());
  window.whole = () => full.forEach((parts, parent) => parent.replaceChildren(...parts));
}"""
#: Waits until every font has come and what it moves has been drawn.
SETTLED = """document.fonts.ready.then(() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))))"""
#: How a page is visited: from a server or from disk, at which width, and in which colours.
VISITS = [("http", 1280, "light"), ("file", 360, "dark")]

pytestmark = needs_chromium

Opener = Callable[..., Page]


def watched(context: BrowserContext, address: str) -> Page:
    """Open a tab that notes errors, what it asks for, and requests that leave this machine."""
    page = context.new_page()
    noted, asked = faults(page), list[str]()
    page.noted, page.asked = noted, asked  # type: ignore[attr-defined]
    page.on(
        "request",
        lambda sent: (
            asked.append(sent.url)
            if sent.url.startswith(("file:", "data:", "blob:", address))
            else noted.append(sent.url)
        ),
    )
    return page


def coloured(context: BrowserContext, theme: str) -> None:
    """Let pages open in a theme, without what they have kept of others."""
    context.add_init_script(
        f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
    )


def pictured(page: Page, name: str) -> None:
    """Leave a picture of a page on which a test has failed."""
    folder = ROOT / "_build" / "failures"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name.replace('/', '-')}.png", full_page=True)


@pytest.fixture
def visit(browser: Browser, site: Path, address: str, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Return a function that opens a page in a tab of its own, as a reader does who has never been here."""
    contexts: list[BrowserContext] = []

    def opener(
        name: str,
        *,
        scheme: str = "file",
        theme: str = "light",
        width: int = 1280,
        height: int = 900,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        coloured(context, theme)
        page = watched(context, address)
        page.goto(f"{address}{name}.html" if scheme == "http" else (site / f"{name}.html").as_uri())
        return page

    yield opener
    for context in contexts:
        if getattr(request.node, "failed", False):
            for i, page in enumerate(context.pages):
                pictured(page, f"{request.node.name}-{i}")
        context.close()


def read_through(page: Page) -> None:
    """Come near every chart, as a reader does who scrolls down, and wait until it is alive."""
    page.mouse.move(1, 1)
    for picture in page.locator(".chart-picture").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function(
            "picture => picture.dataset.live", arg=picture.element_handle(), timeout=10_000
        )


@pytest.fixture(scope="module", params=VISITS, ids=lambda visit: "-".join(map(str, visit)))
def tab(
    browser: Browser, site: Path, address: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, int, str]]:
    """A tab in which page after page is opened, its width, and where the pages lie."""
    scheme, width, theme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    coloured(context, theme)
    page = watched(context, address)
    # Letters and styles come anew with each page, as to who has never been here.
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    yield page, width, address if scheme == "http" else f"{site.as_uri()}/"
    context.close()


@pytest.mark.parametrize("name", [*PAGES, *ALONE])
def test_a_page_is_sound(name: str, tab: tuple[Page, int, str], request: pytest.FixtureRequest) -> None:
    """Opened once and looked at in every respect: still, free of errors, fitting, accessible."""
    page, width, place = tab
    page.noted.clear()  # type: ignore[attr-defined]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{place}{name}.html")
    try:
        nothing_moves(page)
        if name in CHAPTERS and width > 360:
            the_story_begins(page, 900)
        read_through(page)
        assert page.noted == []  # type: ignore[attr-defined]
        labels = page.locator(".chart-live text").all_text_contents()
        assert [text for text in labels if re.search(r"NaN|undefined|null|Invalid", text)] == []
        fits(page, width)
        unfold = "open => document.querySelectorAll('details').forEach(fold => fold.open = open)"
        page.evaluate(unfold, True)
        page.wait_for_function("() => !document.querySelector('.chart-data:not(:has(tr))')")
        assert barriers(page, width) == {}
        page.evaluate("whole()")
        page.evaluate(unfold, False)
        page.set_viewport_size({"width": 720, "height": 900})
        page.add_style_tag(content="html { font-size: 200% !important; }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 720, "with text at twice its size"
    except AssertionError:
        pictured(page, request.node.name)
        raise


def barriers(page: Page, width: int) -> dict[str, list[str]]:
    """Return what axe finds, by its rules.

    Colours cost more than all else, so that of parts built alike one is measured. On a phone's page all
    parts are asked for the rest; on a wide one, where other parts are seen, those built otherwise.
    """
    page.evaluate(Axe().axe_script)
    # From disk no script may read a style sheet, so that axe would wait in vain; of a fault its HTML is told.
    judge = """async options => Object.fromEntries(
      (await axe.run({
        ...options, resultTypes: ['violations'], selectors: false, preload: location.protocol != 'file:'
      })).violations
        .map(rule => [rule.id, rule.nodes.slice(0, 5).map(node => node.html.slice(0, 120))]))"""
    if width > 360:
        page.evaluate(ALIKE)
        return page.evaluate(judge, {"rules": RULES})
    found = page.evaluate(judge, {"rules": {**RULES, **{rule: {"enabled": False} for rule in COLOURS}}})
    page.evaluate(ALIKE)
    return found | page.evaluate(judge, {"runOnly": COLOURS})


def fits(page: Page, width: int) -> None:
    """Nothing lies beyond the right edge, but in what scrolls by itself."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        """[...document.querySelectorAll('article *')].filter(e => e.getClientRects().length
            && e.getBoundingClientRect().right > innerWidth + 1
            && !e.closest('.scrolls, .chart-data, .table-filter, .chips, .pst-scrollable-table-container')
            && !e.closest('pre, .math, svg'))
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert wide == []


def nothing_moves(page: Page) -> None:
    """On no page does anything jump."""
    watch = "new PerformanceObserver(list => list.getEntries().forEach(entry => window.moved += entry.value))"
    page.evaluate(f"window.moved = 0; {watch}.observe({{type: 'layout-shift', buffered: true}})")
    page.evaluate(SETTLED)
    assert page.evaluate("window.moved") <= 0.02


def the_story_begins(page: Page, height: int) -> None:
    """On its first screen a chapter tells; its first picture is not far."""
    story = page.locator("article .opening ~ p, article h1 ~ section > p").first.bounding_box()
    assert story
    assert story["y"] + 24 <= height
    picture = page.locator("article .chart-picture").first.bounding_box()
    assert picture
    assert picture["y"] <= 2 * height


@pytest.mark.parametrize("name", ["index", *CHAPTERS])
def test_a_first_visit_gets_what_is_still_and_tells_and_a_chapter_that_is_light(
    name: str, visit: Opener
) -> None:
    """Letters and styles come later from a server than from a disk, and move more where lines are short.

    A quarter of a megabyte shows a chapter with its first chart, on a phone and then on a desk.
    """
    page = visit(name, scheme="http", width=360)
    nothing_moves(page)
    if name not in CHAPTERS:
        return
    page.set_viewport_size({"width": 390, "height": 844})
    the_story_begins(page, 844)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(500)
    # What brings a chart alive comes after its drawing has been seen.
    asked = {url for url in page.asked if not re.search("^(data|blob):|/(lib|_figures)/", url)}  # type: ignore[attr-defined]
    fetched = [SITE / unquote(urlsplit(url).path).lstrip("/") for url in asked]
    assert SITE / f"{name}.html" in fetched
    assert sum(map(sent, fetched)) <= 250_000


def test_every_figure_is_visible_without_scripts(visit: Opener) -> None:
    page = visit("index", scripts=False)
    drawn = [name for name in PAGES if "chart-picture" in (SITE / f"{name}.html").read_text(encoding="utf-8")]
    assert [name for name in CHAPTERS if name not in drawn] == []
    for name in drawn:
        page.goto((SITE / f"{name}.html").as_uri())
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            hidden = page.evaluate(
                """[...document.querySelectorAll('.chart-picture')].filter(picture =>
                    [...picture.querySelectorAll('svg')].filter(svg =>
                        svg.checkVisibility() && svg.getBoundingClientRect().height > 50).length != 1)
                    .map(picture => picture.dataset.chart)"""
            )
            assert hidden == [], f"{name} at {width}"


def sent(path: Path) -> int:
    """Return how many bytes a server sends of a file; what is packed already does not shrink."""
    return len(gzip.compress(path.read_bytes()))


def test_the_theme_s_styles_survive_what_is_cut_from_them(visit: Opener) -> None:
    page = visit(CHAPTER, scheme="http")
    (read,) = page.evaluate(
        "[...document.styleSheets].filter(sheet => sheet.href).map(sheet => sheet.cssRules.length)"
    )
    sheet = (SITE / "_static" / "site.css").read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(sheet, skip_whitespace=True, skip_comments=True)
    # A rule for another engine's parts is passed over; a broken one takes the rest along.
    assert read >= 0.95 * len(rules)
    assert page.locator(".bd-sidebar-primary").evaluate("bar => getComputedStyle(bar).position") == "sticky"
    for asked in re.findall(r"url\(([\w./-]+)\)|url\(\"([\w./-]+)\"\)", sheet):
        assert (SITE / "_static" / "".join(asked)).is_file(), asked


def test_data_and_a_phone_s_drawing_come_when_they_are_asked_for(visit: Opener) -> None:
    page = visit(CHAPTER, width=360)
    figure = page.locator("figure.chart").last
    assert figure.locator(".narrow svg").count() == 0
    figure.scroll_into_view_if_needed()
    figure.locator(".narrow svg").wait_for(state="attached")
    assert figure.locator(".chart-data table").count() == 0
    figure.locator("summary:has-text('Data')").first.click()
    figure.locator(".chart-data table").wait_for()
    assert figure.locator(".chart-data tbody tr").count() > 5


def test_a_chart_comes_alive_when_scrolled_to_and_nothing_moves(visit: Opener) -> None:
    page = visit(CHAPTER, height=300)  # its first chart is near the first screen of a larger one
    page.wait_for_timeout(500)
    pictures = page.locator(".chart-picture")
    assert pictures.last.get_attribute("data-live") is None
    assert page.evaluate("typeof vegaEmbed") == "undefined", "Vega is fetched only when a chart comes near"
    page.set_viewport_size({"width": 1280, "height": 900})
    heights = pictures.evaluate_all(
        "pictures => pictures.map(picture => picture.getBoundingClientRect().height)"
    )
    page.evaluate(
        """window.shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))
          .observe({type: "layout-shift"})"""
    )
    read_through(page)
    assert pictures.last.get_attribute("data-live") == "wide"
    assert pictures.last.locator(".chart-live svg").is_visible()
    alive = pictures.evaluate_all(
        "pictures => pictures.map(picture => picture.getBoundingClientRect().height)"
    )
    assert alive == pytest.approx(heights, abs=2)
    assert page.evaluate("window.shift") <= 0.02


def test_a_chart_on_the_first_screen_waits_until_a_reader_stirs(visit: Opener) -> None:
    page = visit("chapters/10-since-then")
    page.wait_for_timeout(500)
    first = page.locator(".chart-picture").first.bounding_box()
    assert first
    assert first["y"] < 900
    assert page.evaluate("typeof vegaEmbed") == "undefined", "a phone is not held up by what nobody asks for"
    page.keyboard.press("Tab")
    page.locator(".chart-picture[data-live]").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_knows_its_theme_before_it_shows_anything(scheme: str, browser: Browser, site: Path) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()
    page.add_init_script(
        """window.themes = [];
        const note = () => themes.push([document.documentElement.dataset.theme, document.body != null]);
        new MutationObserver(note)
          .observe(document, {attributes: true, subtree: true, attributeFilter: ["data-theme"]});"""
    )
    page.goto((site / "chapters/04-senkaku-article-v.html").as_uri())
    page.wait_for_load_state()
    assert page.evaluate("themes.find(([theme]) => theme != 'auto')") == [scheme, False], (
        "before there is a body"
    )
    assert {theme for theme, body in page.evaluate("themes") if body} <= {scheme}
    page.context.close()


def test_charts_follow_the_theme_switch(visit: Opener) -> None:
    page = visit(CHAPTER)
    read_through(page)
    texts = [page.locator(f".chart-picture {kind} svg text").first for kind in (".chart-live", ".wide")]
    light = [text.evaluate("e => getComputedStyle(e).fill") for text in texts]
    for _ in range(2):  # from light to what the system wants, which is light here, and on to dark
        page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert all(
        text.evaluate("e => getComputedStyle(e).fill") != before
        for text, before in zip(texts, light, strict=True)
    )


def test_a_brush_over_months_changes_the_linked_panel(visit: Opener) -> None:
    page = visit(CHAPTER)
    read_through(page)
    live = page.locator("[data-chart='fig-presence'] .chart-live")
    live.scroll_into_view_if_needed()
    bars = live.locator("g[class*='concat_1_layer_0_marks'] path")
    before = bars.evaluate_all("bars => bars.map(bar => bar.getAttribute('d'))")
    box = live.bounding_box()
    assert box
    page.mouse.move(box["x"] + 150, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 180, steps=8)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert bars.evaluate_all("bars => bars.map(bar => bar.getAttribute('d'))") != before


def test_what_is_clicked_in_a_legend_stands_out(visit: Opener) -> None:
    page = visit("chapters/03-defence-industry")
    picture = page.locator("[data-chart='fig-dicas-log']")
    picture.scroll_into_view_if_needed()
    entry = picture.locator(".chart-live g[class*='role-legend-symbol'] path").first
    entry.wait_for()
    faded = picture.locator(
        ".chart-live g[class*='role-mark'] :is(path[opacity^='0.1'], path[opacity^='0.2'])"
    )
    assert faded.count() == 0
    entry.click()
    faded.first.wait_for()
    everything = picture.locator(".chart-live g[class*='role-mark'] path").count()
    assert 0 < faded.count() < everything


def test_the_keyboard_chooses_in_a_legend_and_takes_it_back(visit: Opener) -> None:
    page = visit("chapters/03-defence-industry")
    picture = page.locator("[data-chart='fig-export-rules']")
    picture.scroll_into_view_if_needed()
    entries = picture.get_by_role("button", name="Highlight ")
    entries.first.wait_for()
    faded = picture.locator(".chart-live g[class*='role-mark'] path[opacity='0.2']")
    chosen = picture.locator("[aria-pressed='true']")
    entries.nth(1).focus()
    page.keyboard.press("Enter")
    faded.first.wait_for()
    assert chosen.all_inner_texts() == entries.nth(1).all_inner_texts()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Enter")
    assert chosen.count() == 2
    page.keyboard.press("Escape")
    assert chosen.count() == faded.count() == 0


def test_the_gallery_shows_each_figure_when_a_reader_comes_near(visit: Opener) -> None:
    page = visit("reference/figures")
    thumbs = page.locator(".thumb")
    assert thumbs.last.locator("svg").count() == 0
    thumbs.last.scroll_into_view_if_needed()
    thumbs.last.locator("svg").wait_for()


def test_a_fact_link_explains_itself_and_lands(visit: Opener) -> None:
    page = visit(CHAPTER)
    link = page.locator("article a[href*='#fact-']").first
    words = link.inner_text()
    link.scroll_into_view_if_needed()
    link.hover()
    note = page.locator("#book-note")
    assert note.is_visible()
    assert words in note.inner_text()
    assert "Source:" in note.inner_text()
    page.keyboard.press("Escape")
    assert note.is_hidden()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#fact-*")
    row = page.locator(":target")
    assert row.evaluate("e => e.tagName") == "TR"
    assert words in row.inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_section_reached_by_a_link_stands_out(theme: str, visit: Opener) -> None:
    page = visit(CHAPTER, theme=theme)
    entry = page.locator(".page-toc a[href^='#']").nth(1)
    heading = page.locator(f"{entry.get_attribute('href')} > h2")
    ground = "e => getComputedStyle(e).backgroundColor"
    before, others = heading.evaluate(ground), page.locator("article h2")
    entry.click()
    assert heading.evaluate(ground) != before
    assert [other.evaluate(ground) for other in others.all()].count(before) == others.count() - 1
    assert Axe().run(page, context="article h2").response["violations"] == []


def test_what_scrolls_is_a_stop_for_the_keyboard_once_it_is_open(visit: Opener) -> None:
    page = visit(CHAPTER, width=360)
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.wait_for_timeout(500)
    stops = page.evaluate(
        """[...document.querySelectorAll("article pre")].filter(e => e.getClientRects().length)
            .map(e => [e.scrollWidth > e.clientWidth, e.tabIndex === 0])"""
    )
    assert {scrolls for scrolls, _ in stops} == {True, False}
    assert [pair for pair in stops if pair[0] != pair[1]] == []


def test_a_fact_note_opens_on_focus_by_keyboard(visit: Opener) -> None:
    page = visit(CHAPTER)
    page.evaluate(
        """() => { const links = [...document.querySelectorAll('article a[href]')];
            links[links.findIndex(link => link.hash.startsWith('#fact-')) - 1].focus(); }"""
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash").startswith("#fact-")
    assert page.locator("#book-note").is_visible()


def test_without_scripts_a_fact_link_lands_on_its_row(visit: Opener) -> None:
    page = visit(CHAPTER, scripts=False)
    link = page.locator("article a[href*='#fact-']").first
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


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        (CHAPTER, "fig-presence"),
        (CHAPTER, "fig-presence-entries"),
        ("chapters/10-since-then", "fig-score-watch"),
    ],
)
def test_each_mark_tapped_shows_its_note_on_the_screen(
    name: str, figure: str, browser: Browser, site: Path
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto((site / f"{name}.html").as_uri())
    picture = page.locator(f"[data-chart='{figure}']")
    picture.evaluate("e => e.scrollIntoView({ block: 'center' })")
    page.wait_for_function("e => e.dataset.live", arg=picture.element_handle())
    page.wait_for_timeout(300)
    middles = picture.evaluate(
        """e => [...e.querySelectorAll('.chart-live g[class*="mark-"] > *')]
            .filter(mark => mark.__data__?.tooltip).map(mark => mark.getBoundingClientRect())
            .filter(box => box.width > 4 && box.y > 80 && box.bottom < 800)
            .map(box => [box.x + box.width / 2, box.y + box.height / 2])"""
    )
    tapped = middles[:: max(1, len(middles) // 7)]
    assert len(tapped) >= 5
    for x, y in tapped:
        page.touchscreen.tap(x, y)
        note = page.locator("#vg-tooltip-element.visible")
        box = note.bounding_box()
        assert box, (x, y)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert not re.search(r"\bnull\b|_", note.inner_text())
        page.touchscreen.tap(5, y)  # beside the marks the note goes
        page.keyboard.press("Escape")
    context.close()


@pytest.mark.parametrize("finger", [False, True])
def test_a_mark_of_a_living_figure_leads_to_its_claim(finger: bool, browser: Browser, site: Path) -> None:
    context = browser.new_context(has_touch=finger, reduced_motion="reduce")
    page = context.new_page()
    page.goto((site / "chapters" / "01-the-upgrade.html").as_uri())
    picture = page.locator("[data-chart='fig-claims']")
    meant = picture.locator(".wide a").last.evaluate("link => new URL(link.href.baseVal, location.href).href")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("e => e.dataset.live", arg=picture.element_handle())
    box = picture.locator(".chart-live .mark-rect.role-mark path").last
    if finger:
        box.tap()
        page.wait_for_timeout(300)
        assert page.url != meant, "the first tap shows the note"
        box.tap()
    else:
        box.click()
    page.wait_for_url(meant)
    context.close()


@pytest.mark.parametrize("figure", ["fig-claims", "fig-wording"])
def test_a_labelled_tile_answers_in_its_middle(figure: str, visit: Opener, site: Path) -> None:
    pages = (
        path for path in sorted((site / "chapters").glob("*.html")) if f'id="{figure}"' in path.read_text()
    )
    page = visit(f"chapters/{next(pages).stem}")
    picture = page.locator(f"[data-chart='{figure}']")
    picture.evaluate("e => e.scrollIntoView({ block: 'center' })")
    page.wait_for_function("e => e.dataset.live", arg=picture.element_handle())
    tiles = picture.locator(".chart-live g[class*='mark-rect'] > path")
    for i in range(0, tiles.count(), max(1, tiles.count() // 5)):
        box = tiles.nth(i).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.locator("#vg-tooltip-element.visible").count() == 1, i
        page.mouse.move(1, 1)


def test_the_ledger_filters_without_a_server(visit: Opener) -> None:
    page = visit("reference/claims")
    rows = page.locator("table.filterable tbody tr:visible")
    every = rows.count()
    page.get_by_label("Against the texts").select_option("contradicted")
    assert 0 < rows.count() < every
    page.locator(".table-filter input").fill("no such words anywhere")
    assert rows.count() == 0


@pytest.mark.parametrize(
    "name", ["reference/claims", "reference/sources", "reference/timeline", "chapters/10-since-then"]
)
def test_how_many_rows_are_found_is_seen_beside_the_search(visit: Opener, name: str) -> None:
    page = visit(name)
    bar = page.locator(".table-filter").first
    bar.locator("input").fill("japan")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        field, found = bar.locator("input").bounding_box(), bar.locator("output").bounding_box()
        assert field
        assert found
        assert found["x"] + found["width"] <= width
        assert abs(field["y"] + field["height"] / 2 - found["y"] - found["height"] / 2) < 8, "on one line"
        edge = bar.bounding_box()["x"] + bar.bounding_box()["width"]  # type: ignore[index]
        for choice in bar.locator("select").all():
            choice.scroll_into_view_if_needed()
            box = choice.bounding_box()
            assert box
            assert box["x"] + box["width"] <= edge + 1, "a choice can be reached"


def test_search_leads_to_the_very_place_from_disk(visit: Opener) -> None:
    page = visit("search")
    search = page.url
    for words in (
        "Senkaku",
        "Tomahawk",
        "Artemis",
        "joint operations command",
        "接続水域",
        "魚釣島",
        "1,168 scrambles",
        "jcg",
        "Chokai",
        "treaty of mutual",
    ):
        page.goto(search)
        page.locator("#book-search-field").fill(words)
        first = page.locator("#search-results a").first
        first.wait_for()
        said = page.locator("#search-results li").first.inner_text().lower()
        assert all(word in said for word in words.lower().split())
        if words == "接続水域":
            assert first.locator("[lang='ja']").inner_text() == words
        place = (first.get_attribute("href") or "").partition("#")[2]
        first.click()
        page.wait_for_url(f"**#{place}")
        assert page.locator(f"[id='{place}']").count() == 1, words


def test_search_takes_its_words_from_the_address_and_finds_nothing_where_there_is_nothing(
    visit: Opener,
) -> None:
    page = visit("search")
    page.goto(f"{page.url}?q=Jiyu")
    page.locator("#search-results a").first.wait_for()
    page.locator("#book-search-field").fill("no such words anywhere")
    assert page.locator("#search-results li").count() == 0
    assert page.locator("#book-search-count").inner_text() == "0 found"


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_an_address_carries_a_figure_s_settings(scheme: str, visit: Opener) -> None:
    page = visit("chapters/06-missile-defence", scheme=scheme)
    page.goto(f"{page.url}?fig-horizon.radar_m=500#fig-horizon")
    slider = page.locator("#fig-horizon input[type=range]").first
    slider.wait_for()
    assert slider.input_value() == "500"
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('radar_m=510')")
    assert "radar_m=510" in (page.locator("#fig-horizon .chart-link").get_attribute("href") or "")


@pytest.mark.parametrize(
    ("figure", "cases"),
    {
        "fig-horizon": [
            ("radar_m", "99999", 0, "2000"),
            ("radar_m", "-5", 0, "0"),
            ("radar_m", "503", 0, "500"),
            ("radar_m", "abc", 0, "10"),
            ("radar_m", "", 0, "10"),
            ("radar_m", "Infinity", 0, "10"),
            ("k", "0", 1, "1"),
        ],
        "fig-coverage": [("views", "2", 0, "2"), ("views", "3", 0, "1")],
        "fig-deliverables": [("show", "under way", 0, "under way"), ("show", "nothing", 0, "all")],
    }.items(),
)
def test_an_address_asks_only_for_what_the_control_offers(
    figure: str, cases: list[tuple[str, str, int, str]], visit: Opener, site: Path
) -> None:
    """The chart has the value that its control shows, and that lies within the control's reach."""
    chapters = sorted((site / "chapters").glob("*.html"))
    chapter = next(path for path in chapters if f'id="{figure}"' in path.read_text(encoding="utf-8"))
    page = visit("seminar/paper")  # a short page, to begin with
    page.add_init_script(
        """window.embedded = {};
        let embed;
        const note = async (host, spec, options) =>
          (embedded[spec.description] = await embed(host, spec, options));
        const noted = { get: () => embed && note, set: (each) => (embed = each) };
        Object.defineProperty(window, "vegaEmbed", noted);"""
    )
    for setting, asked, control, value in cases:
        page.goto(f"{chapter.as_uri()}?{figure}.{setting}={asked}#{figure}")
        picture = page.locator(f"#{figure} .chart-picture")
        page.wait_for_function("picture => picture.dataset.live", arg=picture.element_handle())
        state = picture.evaluate(
            "(picture, name) => embedded[picture.getAttribute('aria-label')].view.signal(name)", setting
        )
        assert str(state) == value
        element = page.locator(f"#{figure} .vega-bind").nth(control)
        assert element.locator("input:checked, input[type=range], select").input_value() == value
    assert page.noted == []  # type: ignore[attr-defined]


def test_a_figure_is_worked_by_keyboard_alone(visit: Opener) -> None:
    """Tab reaches the sliders, the data, the citation and every download, in reading order."""
    page = visit("chapters/06-missile-defence")
    figure = page.locator("#fig-horizon")
    figure.scroll_into_view_if_needed()
    figure.locator(".chart-live input").first.wait_for()
    figure.locator(".chart-live input").first.focus()
    before = figure.locator(".chart-live svg").inner_html()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('#fig-horizon .chart-live svg').innerHTML !== before", arg=before
    )
    walked = []
    for _ in range(40):
        page.keyboard.press("Tab")
        inside, text = page.evaluate(
            "[!!document.activeElement.closest('#fig-horizon'), document.activeElement.textContent]"
        )
        if not inside:
            break
        walked.append(text)
        if text.startswith("Data"):
            page.keyboard.press("Enter")
            figure.locator(".chart-data table").wait_for()  # the rows are fetched when asked for
    words = " ".join(walked)
    assert all(
        label in words for label in ("Data of", "Cite, embed, load", "CSV", "SVG", "PNG", "Vega-Lite", "Link")
    )


def test_the_line_for_python_loads_the_rows_that_a_figure_draws(visit: Opener) -> None:
    page, given = visit(CHAPTER), dict[str, list[str]]()
    exec(page.locator("#fig-presence .chart-load").text_content() or "", given)  # noqa: S102 - the page's own
    shown = page.locator("#fig-presence details", has_text="Data of").first
    shown.locator("summary").click()
    shown.locator("table").wait_for()
    assert len(given["rows"]) == shown.locator("tbody tr").count() > 0


def test_the_embed_code_names_a_page_that_shows_the_figure(visit: Opener) -> None:
    page = visit(CHAPTER)
    code = page.locator("#fig-presence .chart-embed").text_content() or ""
    address = code.split('src="')[1].split('"')[0]
    assert address.startswith("file:///")
    page.goto(address)
    assert page.locator("#fig-presence .chart-picture svg:visible").count() == 1


def test_every_embed_frame_holds_its_figure_on_a_phone(visit: Opener, site: Path) -> None:
    page = visit("_figures/fig-presence", width=360)
    page.set_viewport_size({"width": 360, "height": 100})
    cut = []
    for path in sorted((site / "_figures").glob("*.html")):
        page.goto(path.as_uri())
        height = int((page.locator(".chart-embed").text_content() or "").split('height="')[1].split('"')[0])
        needed = page.evaluate("document.documentElement.scrollHeight")
        if needed > height:
            cut.append(f"{path.stem}: {needed} of {height}")
    assert cut == []


def test_charts_keep_their_paper_in_forced_colours(visit: Opener) -> None:
    page = visit(CHAPTER)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    drawn = page.locator(".chart-picture").first
    ground, text = drawn.evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e.querySelector('svg text')).fill]"
    )
    assert ground != text
    icon = page.locator(".theme-switch-button i:visible").first
    assert icon.evaluate("e => getComputedStyle(e).backgroundColor") not in (
        "rgba(0, 0, 0, 0)",
        "rgb(0, 0, 0)",
    )


def test_a_page_may_run_no_code_from_strings_and_reach_no_other_host(visit: Opener) -> None:
    page = visit(CHAPTER, scheme="http")
    # Later, because what the test itself evaluates at once is exempt.
    tried = (
        "done => setTimeout(() => { try { eval('1'); done('ran'); } catch (error) { done(error.name); } })"
    )
    assert page.evaluate(f"() => new Promise({tried})") == "EvalError"
    refused = page.evaluate("() => fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    assert refused == "refused"
    assert any("Content Security Policy" in text for text in page.noted)  # type: ignore[attr-defined]


def sheets(page: Page) -> list[str]:
    """Return the text of each sheet of a page on paper."""
    return [" ".join(sheet.split()) for sheet in texts(page.pdf(prefer_css_page_size=True))]


@pytest.mark.parametrize("name", [name for name in PAGES if re.match(r"seminar/handouts/\d", name)])
def test_a_handout_is_one_sheet_of_paper(name: str, visit: Opener) -> None:
    front, back = sheets(visit(name))
    assert "Three questions" in front
    assert "Back: the chapter in short" in back


def test_a_role_card_is_complete_on_one_sheet(visit: Opener) -> None:
    page = visit("seminar/role-play/cards")
    cards = page.locator("article section section").count()
    printed = sheets(page)
    assert len(printed) == cards
    assert all("What you may cite" in sheet for sheet in printed)
    assert all("(grade " in sheet for sheet in printed), "paper has what a pointer shows"


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("seminar/session-")])
def test_what_is_handed_out_lies_on_sheets_without_the_answers(name: str, visit: Opener) -> None:
    page = visit(name)
    titles = page.locator("[id^='to-print'] > h2").all_inner_texts()
    handed_out = [sheet for sheet in sheets(page) if sheet.startswith("To print: ")]
    assert (
        len(handed_out) == len(titles) >= (1 if name in ("seminar/session-short", "seminar/session-8") else 2)
    )
    assert not any("for the teacher" in sheet for sheet in handed_out)


def test_the_glossary_is_one_sheet_on_both_sides(visit: Opener) -> None:
    assert len(sheets(visit("seminar/glossary-sheet"))) <= 2
