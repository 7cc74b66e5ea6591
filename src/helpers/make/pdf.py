"""The book on paper, printed by Chromium."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.files import BookError
from helpers.make import sources
from helpers.make.browser import launch
from helpers.make.build import BUILD, jupyter_book
from helpers.make.described import describe, state
from helpers.make.editions import anew
from helpers.settings import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: The book as one page for paper, from which it and the packs are printed.
SHEETS = BUILD / "paper"
#: By the place or address that a link leads to, what the first such link says: its title, or else its words,
#: without the number of a fact.
_WORDS = """Object.fromEntries([...document.querySelectorAll("a[href]")].reverse().map((link) => [
    link.protocol == "file:" ? decodeURIComponent(link.hash.slice(1)) : link.href,
    (link.title || [...link.childNodes].filter((node) => node.nodeName != "SUP")
        .map((node) => node.textContent).join(" ")).replace(/\\s+/g, " ").trim(),
]))"""


def pdf(made: Path, _: Path) -> None:
    """Print the book.

    Chromium lays the pages out twice: the first time tells on which page each heading is, the second has the
    contents filled in. Its file is then packed tightly, to a third, with an outline from the contents.

    Raises
    ------
    BookError
        If there is no Chromium, or the book has faults.
    """
    with opened() as page:
        pages = {name: number for name, (number, _) in places(page).items()}
        page.evaluate("pages => fillPages(pages)", pages)
        printed, words, headings = lay_out(page), spoken(page), page.evaluate("outline()")
    save(printed, made, words, headings)


@contextmanager
def opened() -> "Iterator[Page]":
    """Open the book as one page for paper, with every font.

    Raises
    ------
    BookError
        If there is no Chromium, or the book has faults, of which the page's own show when it is left.
    """
    from playwright.sync_api import sync_playwright  # only what is printed needs it

    with sync_playwright() as playwright:
        browser = launch(playwright)
        book = _fresh_page()
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda request: faults.append(f"{request.url} does not load"))
        page.goto(book.absolute().as_uri())
        # A link to a file beside the page would print where this machine has built it.
        page.evaluate(
            "document.querySelectorAll('a[href]')"
            ".forEach(a => a.hash || a.protocol != 'file:' || a.removeAttribute('href'))"
        )
        # Every font, also one that only paper needs, and then a layout from nothing: what a busy machine had
        # measured before a font came would stay, and some words begin a tenth of a pixel elsewhere.
        page.evaluate("Promise.all([...document.fonts].map(face => face.load())).then(() => null)")
        page.evaluate(
            "const { style } = document.body;"
            " style.display = 'none'; document.body.offsetHeight; style.display = '';"
        )
        yield page
        browser.close()
    if faults:
        raise BookError(f"the printed page has faults: {'; '.join(faults)}")


def _fresh_page() -> Path:
    """Build the book as one page unless it is what the sources give; who asks at the same time waits."""
    from filelock import FileLock

    def build() -> None:
        with anew(SHEETS) as made:
            jupyter_book(made.parent, "singlehtml").rename(made)

    BUILD.mkdir(exist_ok=True)
    with FileLock(SHEETS.with_suffix(".lock")):
        return sources.fresh(SHEETS.name, SHEETS, build) / "index.html"


def lay_out(page: "Page", scale: float = 1) -> bytes:
    """Return what Chromium prints of a page: tagged, each letter `scale` times as large."""
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, scale=scale)


def spoken(page: "Page") -> dict[str, str]:
    """Return what the links of a page say, by the id or the address that they lead to."""
    words: dict[str, str] = page.evaluate(_WORDS)
    return words


def places(page: "Page", scale: float = 1) -> dict[str, tuple[int, float]]:
    """Return the sheet of each target of a page's links, by its id, and where on it that is.

    The place is in millimetres below the head of the text, as the styles count them: not enlarged.
    """
    import pikepdf

    # What is not seen takes its room, and is laid out in a third of the time.
    page.evaluate("document.body.style.visibility = 'hidden'")
    printed = page.pdf(prefer_css_page_size=True, scale=scale)
    page.evaluate("document.body.style.visibility = ''")
    with pikepdf.open(io.BytesIO(printed)) as laid_out:
        found = {}
        for name, place in laid_out.Root.get("/Dests", {}).items():
            sheet = pikepdf.Page(place[0])
            found[name[1:]] = (sheet.index + 1, float(sheet.mediabox[3] - place[3]) * 25.4 / 72)
        return found


def save(
    printed: bytes, made: Path, words: Mapping[str, str], headings: Sequence[tuple[int, str, str]] = ()
) -> None:
    """Write what was printed: described, packed tightly, the same bytes each time, with an outline.

    ``words`` are what links say, as `spoken` has them. A heading of the outline is its level, 1 or 2, its
    words and the id that a link leads to. What has an outline, the whole book, states its standard for
    access; a pack does not, whose parts may begin with a lower heading.
    """
    import pikepdf

    # Chromium names table heads by its count of nodes, which is not the same each time; their ranks are,
    # and just as long.
    mark = rb"\(node\d{8}\)"
    ranks = {found: b"(node%08d)" % rank for rank, found in enumerate(sorted(set(re.findall(mark, printed))))}
    with pikepdf.open(io.BytesIO(re.sub(mark, lambda found: ranks[found[0]], printed))) as file:
        with file.open_outline() as outline:
            for level, title, name in headings:
                item = pikepdf.OutlineItem(title, destination=pikepdf.Name(f"/{name}"))
                (outline.root[-1].children if level == 2 else outline.root).append(item)
        del file.docinfo["/Creator"]  # the browser's name and version
        day = f"D:{settings().book.date:%Y%m%d}000000Z"
        describe(file, words)
        if headings:
            state(file)
        file.docinfo["/CreationDate"] = file.docinfo["/ModDate"] = day
        file.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
