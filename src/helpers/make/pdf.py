"""The book on paper, printed by Chromium."""

import io
import re
from pathlib import Path

from helpers.files import BookError
from helpers.make.browser import launch
from helpers.make.build import jupyter_book
from helpers.make.described import describe
from helpers.settings import settings

#: By the place or address that a link leads to, what the first such link says: its title, or else its words,
#: without the number of a fact.
_WORDS = """Object.fromEntries([...document.querySelectorAll("a[href]")].reverse().map((link) => [
    link.protocol == "file:" ? decodeURIComponent(link.hash.slice(1)) : link.href,
    (link.title || [...link.childNodes].filter((node) => node.nodeName != "SUP")
        .map((node) => node.textContent).join(" ")).replace(/\\s+/g, " ").trim(),
]))"""


def pdf(made: Path, work: Path) -> None:
    """Print the book.

    Chromium lays the pages out twice: the first time tells on which page each heading is, the second has the
    contents filled in. Its file is then packed tightly, to a third, with an outline from the contents.

    Raises
    ------
    BookError
        If there is no Chromium, or the book has faults.
    """
    import pikepdf  # only this edition needs these two
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        book = jupyter_book(work, "singlehtml") / "index.html"
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda request: faults.append(f"{request.url} does not load"))
        page.goto(book.as_uri())
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
        sheets = work / "sheets.pdf"
        for _ in range(2):
            page.pdf(path=sheets, prefer_css_page_size=True, print_background=True, tagged=True)
            with pikepdf.open(sheets) as laid_out:
                pages = {
                    name[1:]: pikepdf.Page(place[0]).index + 1 for name, place in laid_out.Root.Dests.items()
                }
            page.evaluate("pages => fillPages(pages)", pages)
        headings, words = page.evaluate("outline()"), page.evaluate(_WORDS)
        browser.close()
    if faults:
        raise BookError(f"the printed page has faults: {'; '.join(faults)}")
    # Chromium names table heads by its count of nodes, which is not the same each time; their ranks are,
    # and just as long.
    content, mark = sheets.read_bytes(), rb"\(node\d{8}\)"
    ranks = {found: b"(node%08d)" % rank for rank, found in enumerate(sorted(set(re.findall(mark, content))))}
    with pikepdf.open(io.BytesIO(re.sub(mark, lambda found: ranks[found[0]], content))) as printed:
        with printed.open_outline() as outline:
            for level, title, name in headings:
                item = pikepdf.OutlineItem(title, destination=pikepdf.Name(f"/{name}"))
                (outline.root[-1].children if level == 2 else outline.root).append(item)
        del printed.docinfo["/Creator"]  # the browser's name and version
        day = f"D:{settings().book.date:%Y%m%d}000000Z"
        describe(printed, words)
        printed.docinfo["/CreationDate"] = printed.docinfo["/ModDate"] = day
        printed.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
