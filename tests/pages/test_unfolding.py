"""The front page: a text read again, each claim marked, beside a picture that follows the reader."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page, expect

from conftest import needs_chromium
from helpers.chapter import data, matters
from helpers.pages import evidence, minutes

STEPS = ".unfolding > ol > li"
CLAIM = ".unfolding ol a.badge-verdict"
LIT = ".unfolding-board [data-step].lit"


@pytest.fixture(scope="module")
def front(site: Path) -> Tag:
    """The front page's text with its picture."""
    text = BeautifulSoup((site / "index.html").read_bytes(), "html.parser").select_one(".unfolding")
    assert text
    return text


@pytest.fixture(scope="module")
def claims() -> dict[str, list[dict[str, str]]]:
    """The claims of each paragraph, with their statuses."""
    table = matters.with_status(data.load("claims"))
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for claim in table.astype(object).where(table.notna(), "").to_dict("records"):
        found[str(claim["paragraph"])].append(claim)
    return found


def test_every_paragraph_marks_its_claims_by_their_verdicts(
    front: Tag, claims: dict[str, list[dict[str, str]]], site: Path
) -> None:
    paragraphs = front.select("ol > li")
    assert len(paragraphs) == len(claims)
    shapes = {path["d"] for path in front.select(".verdict-key path")}
    assert len(shapes) == len({claim["verdict"] for of in claims.values() for claim in of}), (
        "a shape a verdict"
    )
    for place, paragraph in enumerate(paragraphs, 1):
        links = {str(link["href"]).rpartition("#")[2]: link for link in paragraph.select("a")}
        assert set(links) == {f"claim-{claim['claim_id']}" for claim in claims[str(place)]}
        for claim in claims[str(place)]:
            link = links[f"claim-{claim['claim_id']}"]
            assert f"is-{claim['verdict']}" in link["class"]
            assert link.get_text().endswith(f" ({claim['verdict']})"), "said to who sees no colour"
            assert link.select_one("svg.claim-mark use")["href"] == f"#mark-{claim['verdict']}"  # type: ignore[index]
            said = str(link["title"])
            number = evidence.number(claim["claim_id"])
            assert said.startswith(f"Claim {number}: {claim['verdict']} | {claim['verdict_note']}")
            assert claim["status_now"].replace("-", " ") in said
            assert claim["status_note"] in said
            page, _, anchor = str(link["href"]).partition("#")
            assert f'id="{anchor}"' in (site / page).read_text(encoding="utf-8")


def test_every_box_of_the_picture_is_a_link(front: Tag, claims: dict[str, list[dict[str, str]]]) -> None:
    board = front.select_one(".unfolding-board")
    assert board
    drawn = [str(link["href"]).partition("#")[2] for link in board.select("a")]
    named = [claim for of in claims.values() for claim in of]
    names = [f"claim-{claim['claim_id']}" for claim in named]
    names += {f"matter-{claim['matter_id']}" for claim in named if claim["matter_id"]}
    assert sorted(drawn) == sorted(names)
    assert len(board.select("rect, use")) == len(drawn)


def test_minutes_are_counted_from_the_words(site: Path) -> None:
    page = BeautifulSoup((site / "index.html").read_bytes(), "html.parser")
    told = [place.get_text() for place in page.select("article .minutes")]
    assert len(told) > 2
    count = len(" ".join(p.get_text() for p in page.select("article p")).split())
    assert abs(int(told[0].split()[0]) - count / minutes.PACE) <= 1


@pytest.mark.parametrize(
    ("words", "said"), [(1, "1 minute"), (1540, "7 minutes"), (33_000, "2½ hours"), (26_400, "2 hours")]
)
def test_a_time_is_said_as_people_say_it(words: int, said: str) -> None:
    assert minutes.said(words) == said


@pytest.fixture
def opened(browser: Browser, site: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the front page as a reader's settings have it."""
    contexts = []

    def opener(width: int = 1280, **given: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **given)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        return page

    yield opener
    for context in contexts:
        context.close()


@needs_chromium
def test_the_picture_follows_the_reader_also_through_jumps(opened: Callable[..., Page]) -> None:
    page = opened()
    last = page.locator(STEPS).count()
    steps = page.locator(LIT)
    page.locator(STEPS).nth(10).evaluate("step => step.scrollIntoView()")
    expect(page.locator(".unfolding-board .now").first).to_be_attached()
    lit = {int(step) for step in steps.evaluate_all("all => all.map(each => each.dataset.step)")}
    assert max(lit) >= 11
    assert max(lit) < last
    assert lit == set(range(1, max(lit) + 1)), "every paragraph has a claim"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".unfolding-board [data-step]:not(.lit)")).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(f'.unfolding-board .lit[data-step="{last}"]')).to_have_count(0)


@needs_chromium
def test_on_a_phone_a_strip_at_the_top_edge_does(opened: Callable[..., Page]) -> None:
    page = opened(390)
    strip = page.locator(".unfolding-strip")
    expect(strip).to_be_hidden()
    page.locator(STEPS).nth(15).evaluate("step => step.scrollIntoView()")
    expect(strip).to_be_visible()
    expect(strip.locator("i.lit").first).to_be_visible()
    assert strip.inner_text().strip(), "it names the last matter that came"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(strip).to_be_hidden()


@needs_chromium
@pytest.mark.parametrize("given", [{"java_script_enabled": False}, {"reduced_motion": "reduce"}])
@pytest.mark.parametrize("width", [1280, 390])
def test_without_script_or_motion_all_of_it_is_there(
    given: dict[str, object], width: int, opened: Callable[..., Page]
) -> None:
    page = opened(width, **given)
    marks = page.locator(".unfolding-board [data-step]")
    faint = "all => all.filter(each => getComputedStyle(each).opacity !== '1').length"
    assert marks.count() > 50
    assert marks.evaluate_all(faint) == 0
    assert page.locator(".unfolding-strip").count() == 0
    assert page.locator(STEPS).last.is_visible()


@needs_chromium
def test_a_claim_says_why_when_pointed_at_focused_or_tapped(opened: Callable[..., Page]) -> None:
    page = opened()
    link = page.locator(CLAIM).nth(1)
    link.hover()
    note = page.get_by_role("tooltip")
    expect(note).to_contain_text("Claim 1: confirmed\n", use_inner_text=True)
    page.mouse.move(5, 5)
    expect(note).to_be_hidden()
    page.locator(CLAIM).first.focus()
    page.keyboard.press("Tab")
    expect(note).to_contain_text("Claim 1: confirmed")
    touched = opened(390, has_touch=True, is_mobile=True)
    touched.locator(CLAIM).nth(1).tap()
    note = touched.get_by_role("tooltip")
    expect(note).to_contain_text("Claim 1: confirmed")
    note.tap()
    touched.wait_for_url("**/chapters/*#claim-c01")


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_a_claim_is_underlined_to_its_end_where_its_mark_is_seen(
    width: int, opened: Callable[..., Page]
) -> None:
    """A box of its own would have neither its line's underline nor room for the mark."""
    ends = opened(width).locator(f"{CLAIM} .one-line")
    small = """all => all.filter(end => getComputedStyle(end).display != 'inline'
        || end.querySelector('svg').getBoundingClientRect().width < 5).map(end => end.textContent)"""
    assert ends.count() > 50
    assert ends.evaluate_all(small) == []
