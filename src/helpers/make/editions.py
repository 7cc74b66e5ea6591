"""The book as one file: each edition is made beside its last good one and then put in its place.

`offline` packs the built site; `pdf` prints the book as one page with Chromium; `epub` tidies what Sphinx writes.
None touches ``_build/html``.
"""

import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from helpers.files import BookError
from helpers.make.build import BUILD, jupyter_book

NAME = "after-the-summit"
#: Fixed, so that two builds of the same sources give the same bytes.
MOMENT = (2026, 1, 1, 0, 0, 0)

README = """After the Summit, to read without a network: unpack this folder and open index.html in it by a double click.
Everything works from the folder, or from a USB stick: pages, search, living charts and downloads.
"""


def offline(made: Path, work: Path) -> None:
    """Pack the built site into one zip with one folder.

    Raises
    ------
    BookError
        If the site is not built.
    """
    site = BUILD / "html"
    if not (site / "index.html").is_file():
        raise BookError(f"{site / 'index.html'}: not found; run `make book` first")
    # Not the Python that pages run: browsers let no page from disk have it, and the switch then says so.
    files = [
        path
        for path in sorted(site.rglob("*"))
        if path.is_file() and (path.parent != site / "live" or path.suffix in (".js", ".css"))
    ]
    files = [path for path in files if not {"pyodide", "cells", "hosted"} & set(path.relative_to(site).parts)]
    parts = [(path.relative_to(site).as_posix(), path.read_bytes()) for path in files]
    _pack(made, [(f"{NAME}/{name}", content) for name, content in [("README.txt", README.encode()), *parts]])


def pdf(made: Path, work: Path) -> None:
    """Print the book.

    Chromium lays the pages out twice: the first time tells on which page each heading is, the second has the contents
    filled in. Its file is then packed tightly, to a third, with an outline from the contents.

    Raises
    ------
    BookError
        If there is no Chromium, or the book has faults.
    """
    import pikepdf  # only this edition needs these two
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not chromium:
        raise BookError(
            "no Chromium on this machine: `apt-get install chromium`, or set CHROMIUM to its path"
        )
    book = jupyter_book(work, "singlehtml") / "index.html"
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda request: faults.append(f"{request.url} does not load"))
        page.goto(book.as_uri())
        # A link to a file beside the page would print where this machine has built it.
        page.evaluate(
            "document.querySelectorAll('a[href]').forEach(a => a.hash || a.protocol != 'file:' || a.removeAttribute('href'))"
        )
        # Every font, also one that only paper needs, and then a layout from nothing: what a busy machine had measured before a font
        # came would stay, and some words begin a tenth of a pixel elsewhere.
        page.evaluate("Promise.all([...document.fonts].map(face => face.load())).then(() => null)")
        page.evaluate(
            "const { style } = document.body; style.display = 'none'; document.body.offsetHeight; style.display = '';"
        )
        sheets = work / "sheets.pdf"
        for _ in range(2):
            page.pdf(path=sheets, prefer_css_page_size=True, print_background=True, tagged=True)
            with pikepdf.open(sheets) as laid_out:
                pages = {
                    name[1:]: pikepdf.Page(place[0]).index + 1 for name, place in laid_out.Root.Dests.items()
                }
            page.evaluate("pages => fillPages(pages)", pages)
        headings = page.evaluate("outline()")
        browser.close()
    if faults:
        raise BookError(f"the printed page has faults: {'; '.join(faults)}")
    # Chromium names table heads by its count of nodes, which is not the same each time; their ranks are, and just as long.
    content, mark = sheets.read_bytes(), rb"\(node\d{8}\)"
    ranks = {found: b"(node%08d)" % rank for rank, found in enumerate(sorted(set(re.findall(mark, content))))}
    with pikepdf.open(io.BytesIO(re.sub(mark, lambda found: ranks[found[0]], content))) as printed:
        with printed.open_outline() as outline:
            for level, title, name in headings:
                item = pikepdf.OutlineItem(title, destination=pikepdf.Name(f"/{name}"))
                (outline.root[-1].children if level == 2 else outline.root).append(item)
        del printed.docinfo["/Creator"]  # the browser's name and version
        printed.docinfo["/CreationDate"] = printed.docinfo["/ModDate"] = (
            "D:{:04}{:02}{:02}{:02}{:02}{:02}Z".format(*MOMENT)
        )
        printed.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def epub(made: Path, work: Path) -> None:
    """Tidy the e-book that Sphinx writes: only what pages use, and every page's kinds of content declared.

    Raises
    ------
    BookError
        If the book has faults.
    """
    with zipfile.ZipFile(jupyter_book(work, "epub") / f"{NAME}.epub") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    unused = [name for name in parts if name.startswith("_static/") and name != "_static/paper.css"]

    def item(match: re.Match[str]) -> str:
        content = parts.get(match[1], b"")
        kinds = [
            kind
            for kind, mark in (("svg", b"<svg"), ("mathml", b"<math"))
            if mark in content and match[1].endswith(".xhtml")
        ]
        return (
            ""
            if match[1] in unused
            else match[0].replace(" />", f' properties="{" ".join(kinds)}" />' if kinds else " />")
        )

    manifest = re.sub(
        r'<item id="[^"]*" href="([^"]*)" media-type="[^"]*" />', item, parts.pop("content.opf").decode()
    )
    first = [("mimetype", parts.pop("mimetype")), ("content.opf", manifest.encode())]
    _pack(made, [*first, *((name, content) for name, content in sorted(parts.items()) if name not in unused)])


EDITIONS: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "offline": (offline, "zip"),
    "pdf": (pdf, "pdf"),
    "epub": (epub, "epub"),
}


def make(edition: str) -> Path:
    """Make an edition and return its file; on a fault the last good one is untouched."""
    build, ending = EDITIONS[edition]
    final = BUILD / edition / f"{NAME}.{ending}"
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=f"{edition}-") as work:
        made = Path(work).resolve() / final.name
        build(made, made.parent)
        made.replace(final)
    return final


def _pack(to: Path, parts: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip whose bytes depend on the parts alone; a ``mimetype`` stays uncompressed, as readers of e-books expect."""
    with zipfile.ZipFile(to, "w") as pack:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
