"""What a site says where its address is known, and that it works there: below a path, on a host of pages."""

import io
import json
import re
import struct
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import fromstring, parse

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser, expect

from conftest import PUBLISHED, ROOT, needs_chromium
from helpers.chapter import output, vegalite
from helpers.files import BookError
from helpers.judge.places import cells, pages
from helpers.pages import cards, feed
from helpers.settings import address

Published = tuple[Path, str]
TITLES = [
    figure["usermeta"]["title"]
    for path in pages(ROOT / "book")
    if path.suffix == ".ipynb"
    for cell in cells(path)
    for figure in cell.stored(output.FIGURE)
]
ATOM = {"": "http://www.w3.org/2005/Atom"}


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def said(site: Path, name: str) -> list[dict[str, object]]:
    """Return all that a page says as JSON-LD."""
    return [
        json.loads(block.string) for block in page(site, name).select('script[type="application/ld+json"]')
    ]


def test_the_environment_goes_before_the_settings_and_must_be_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOOK_URL", "https://book.example/here")
    assert address() == "https://book.example/here/"
    monkeypatch.setenv("BOOK_URL", "book.example")
    with pytest.raises(BookError, match=r"expected an address .*, found 'book.example'"):
        address()


def test_a_shared_page_says_its_address_and_shows_its_picture(published: Published) -> None:
    site, _ = published
    lanes = page(site, "pages/lanes")
    assert lanes.find("link", rel="canonical")["href"] == f"{PUBLISHED}pages/lanes.html"
    for name in ("index", "downloads/index"):
        assert page(site, name).find("meta", property="og:image:alt")["content"], name
        assert page(site, name).find("meta", {"name": "description"})["content"], name
    assert (
        page(site, "downloads/index").find("link", rel="canonical")["href"]
        == f"{PUBLISHED}downloads/index.html"
    )
    assert page(site, "index").find("link", rel="canonical")["href"] == PUBLISHED
    told = {tag["property"]: tag["content"] for tag in lanes.select("meta[property]")}
    assert told["og:url"] == f"{PUBLISHED}pages/lanes.html"
    assert told["og:image"].startswith(PUBLISHED)
    assert (site / told["og:image"].removeprefix(PUBLISHED)).is_file()
    assert told["og:image:alt"]
    alone = page(site, "_figures/fig-crossings")
    assert alone.find("link", rel="canonical")["href"] == f"{PUBLISHED}pages/lanes.html#fig-crossings"


@pytest.mark.parametrize("name", ["pages/lanes", "index", "_figures/fig-crossings"])
def test_a_card_has_the_size_that_sites_ask_for(published: Published, name: str) -> None:
    site, _ = published
    address = page(site, name).find("meta", property="og:image")["content"]
    picture = (site / address.removeprefix(PUBLISHED)).read_bytes()
    sizes = [
        page(site, name).find("meta", property=f"og:image:{side}")["content"] for side in ("width", "height")
    ]
    assert sizes == ["1200", "630"]
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    assert len(picture) <= 120_000


def test_a_card_has_its_finding_in_large_even_lines_beside_the_drawing_with_the_larger_letters() -> None:
    forms = {"page": (760, 500), "phone": (360, 300)}
    drawn = [f'<svg width="{w}" height="{h}"><path id="{form}"/></svg>' for form, (w, h) in forms.items()]
    short = cards.card("Up by half, and a long-range one", drawn)
    sizes = {words: re.search(r'font-size="(\d+)"', cards.card(words, drawn)) for words in ("Up", "Up " * 60)}
    assert [size and int(size[1]) for size in sizes.values()] == [56, 42]
    assert re.findall(r">([^<]+)</text>", short) == [
        "Up by half,",
        "and a",
        "long-range one",
        "After the Summit",
    ]
    assert '<path id="phone"/>' in short
    assert '<path id="page"/>' not in short
    assert short.count("<svg") == 1, "a drawing inside an SVG of its own loses what it clips"
    across, scale = re.search(r"translate\(([\d.]+),.*scale\(([\d.]+)\)", short).groups()  # type: ignore[union-attr]
    assert float(across) >= cards.LEFT
    assert float(across) + 360 * float(scale) <= cards.RIGHT


@pytest.mark.parametrize("title", TITLES)
def test_the_words_of_a_card_stay_beside_its_drawing_and_above_the_books_name(title: str) -> None:
    blank = '<svg width="320" height="300"><g/></svg>'
    drawn = Image.open(io.BytesIO(vegalite.png(cards.card(title, [blank]), scale=1))).convert("RGB")
    for box in ((cards.LEFT, 14, 1200, 630), (0, cards.END, 1200, 570)):
        assert len(drawn.crop(box).getcolors() or "many") == 1, box


def test_each_claim_is_a_review_of_what_the_text_says(published: Published) -> None:
    article, judged = said(published[0], "pages/lanes")
    assert article["url"] == f"{PUBLISHED}pages/lanes.html"
    assert article["image"] == page(published[0], "pages/lanes").find("meta", property="og:image")["content"]
    first, _ = judged["@graph"]  # type: ignore[misc]
    assert first["@type"] == "ClaimReview"
    assert first["claimReviewed"] == "More people cross the Old Bridge by bicycle than two years ago."
    assert first["reviewRating"] == {"@type": "Rating", "alternateName": "Measured"}
    assert first["itemReviewed"]["appearance"]["url"] == "https://example.org/leaflet"
    place = first["url"].removeprefix(f"{PUBLISHED}pages/lanes.html#")
    assert page(published[0], "pages/lanes").find(id=place)


def test_a_reader_can_answer_with_the_name_of_what_is_wrong(published: Published) -> None:
    lanes = page(published[0], "pages/lanes")
    forge = "https://forge.example/marlow/bay"
    assert lanes.find("a", string="Edit this page")["href"] == f"{forge}/edit/main/book/pages/lanes.ipynb"
    fact = lanes.select_one("#fact-riders-newest").find("a", string="Report a mistake")["href"]
    figure = lanes.select_one("#fig-crossings .chart-links").select_one('a[href*="issues/new"]')["href"]
    row = page(published[0], "index").find("tr", id="source-leaflet-2029")
    source = row.find("a", string="Report that it is gone")["href"]
    for place, name in (
        (fact, "fact-riders-newest"),
        (figure, "fig-crossings"),
        (source, "source-leaflet-2029"),
    ):
        asked = parse_qs(urlsplit(place).query)
        assert asked["name"] == [name]
        form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / asked["template"][0]).read_text())
        assert "name" in [part.get("id") for part in form["body"]]


def test_every_page_is_in_the_sitemap_and_no_other(published: Published) -> None:
    site, _ = published
    places = parse(site / "sitemap.xml").iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")  # noqa: S314
    listed = [place.text for place in places]
    assert listed == [PUBLISHED, f"{PUBLISHED}pages/lanes.html", f"{PUBLISHED}downloads/index.html"]
    assert f"Sitemap: {PUBLISHED}sitemap.xml" in (site / "robots.txt").read_text()


def test_a_phone_can_keep_the_book_on_its_screen(published: Published) -> None:
    site, _ = published
    manifest = json.loads((site / "site.webmanifest").read_text(encoding="utf-8"))
    assert (site / manifest["start_url"]).is_file()
    assert [icon["sizes"] for icon in manifest["icons"]] == ["180x180", "192x192", "512x512"]
    for icon in manifest["icons"]:
        size = struct.unpack(">II", (site / icon["src"]).read_bytes()[16:24])
        assert "{}x{}".format(*size) == icon["sizes"]


def test_a_feed_tells_what_was_corrected_under_addresses_that_stay() -> None:
    told = [
        feed.Entry(date(2031, 6, 1), "Corrected: fig-a", "Was 1. <Now> 2.", "pages/lanes.html#fig-a"),
        feed.Entry(date(2031, 5, 2), "Corrected: fig-a", "Was 0.", "pages/lanes.html#fig-a"),
        feed.Entry(date(2031, 5, 1), "Version 1.0", "It is new.", "changes.html"),
        feed.Entry(date(2031, 5, 1), "Version 1.0.1", "It is mended.", "changes.html"),
    ]
    read = fromstring(feed.atom(PUBLISHED, told))  # noqa: S314 - our own
    assert read.findtext("updated", namespaces=ATOM) == "2031-06-01T00:00:00Z"
    entries = read.findall("entry", ATOM)
    said = [each.findtext("content", namespaces=ATOM) for each in entries]
    assert said == ["Was 1. <Now> 2.", "Was 0.", "It is new.", "It is mended."]
    assert len({each.findtext("id", namespaces=ATOM) for each in entries}) == 4, (
        "corrected twice, two of a day"
    )
    link = entries[0].find("link", ATOM)
    assert link is not None
    assert link.get("href") == f"{PUBLISHED}pages/lanes.html#fig-a"


@needs_chromium
def test_a_host_of_pages_serves_the_book_below_a_path(published: Published, browser: Browser) -> None:
    _, top = published
    opened, faults = browser.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    opened.goto(top)
    opened.get_by_role("link", name="page on the lanes").click()
    picture = opened.locator(".chart-picture")
    picture.hover()
    expect(picture).to_have_attribute("data-live", "wide")
    with opened.expect_download():
        opened.get_by_role("link", name="CSV").first.click()
    for link in opened.eval_on_selector_all("link[href]", "links => links.map(link => link.href)"):
        if urlsplit(link).hostname == "127.0.0.1":
            assert opened.request.get(link).ok, link
    assert faults == []
    opened.close()


@needs_chromium
def test_an_address_that_is_gone_leads_back_into_the_book(published: Published, browser: Browser) -> None:
    _, top = published
    opened = browser.new_page()
    answer = opened.goto(f"{top}deep/down/gone.html")
    assert answer is not None
    assert answer.status == 404
    expect(opened.locator("h1")).to_have_css("font-family", re.compile("Source Sans Pro"))
    opened.get_by_label("Look in the book for").fill("harbour")
    opened.get_by_role("button", name="Search").click()
    expect(opened.locator("#search-results li").first).to_contain_text("Cars are leaving the bridge")
    opened.go_back()
    opened.get_by_role("link", name="from the front page").click()
    expect(opened.locator("h1")).to_contain_text("Marlow Bay by Bicycle")
    opened.close()
