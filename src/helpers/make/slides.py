"""Decks for a room, one for each chapter and each seminar session, made beside the last good ones.

A deck is made from a built page, where figures are drawn, numbers checked and links resolved; nothing is written a second
time for the room.
"""

import tempfile
from importlib.resources import files
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from helpers.files import BookError
from helpers.make import deck
from helpers.make.build import BUILD
from helpers.settings import settings

#: What the decks load: from reveal.js, from the site, and from the book as written, whose styles the site has pruned for its own pages.
REVEAL = ("dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js", "LICENSE")
SHARED = ("_static/colours.css", "_static/book.js", "lib/vega.js")
PACKAGE = Path(__file__).parents[1]
WRITTEN = {
    "_static/book.css": PACKAGE / "pages" / "static" / "book.css",
    "_editions/slides.css": PACKAGE / "make" / "decks" / "slides.css",
    "_editions/slides.js": PACKAGE / "make" / "decks" / "slides.js",
}
INDEX = """<main><h1>Slides</h1>
<p>Arrow keys or a clicker turn the slides; S opens the speaker’s notes in a second window, F fills the screen, O shows all slides.
To print, or to save as PDF, follow “print” and use the browser’s print dialogue.</p>
<h2>Chapters</h2>\n<ol>\n{chapters}</ol>\n<h2>Seminar sessions</h2>\n<ul>\n{seminar}</ul></main>
"""


def make() -> Path:
    """Make all decks and their index, and return the index; on a fault the last good ones are untouched.

    Raises
    ------
    BookError
        If the site is not built or a page lacks what a deck needs.
    """
    site, final = BUILD / "html", BUILD / "slides"
    chapters, seminar = site / settings().folders.chapters, site / settings().folders.seminar
    pages = [*sorted(chapters.glob("*.html")), *sorted(seminar.glob("session-*.html"))]
    if not pages:
        raise BookError(f"{chapters}: found no chapter; run `make book` first")
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="slides-") as work:
        _write(pages, site, Path(work) / "slides")
        if final.exists():
            final.rename(Path(work) / "previous")
        (Path(work) / "slides").rename(final)
    return final / "index.html"


def _write(pages: list[Path], site: Path, made: Path) -> None:
    """Write the decks, their index and everything that they load."""
    articles = {path: _article(path) for path in pages}
    figures = {
        str(figure["id"]): figure
        for article in articles.values()
        for figure in article.select("figure.chart")
    }
    decks, entries = {}, {"chapters": "", "seminar": ""}
    kinds = {settings().folders.chapters: "chapters", settings().folders.seminar: "seminar"}
    for path, article in articles.items():
        name, title, slides = path.name, deck.words(article.h1), list(deck.slides(article, figures))
        decks[name] = _page(title, f'<div class="reveal"><div class="slides">\n{"".join(slides)}</div></div>')
        prints = f'<a href="{name}?print-pdf">print</a> · <a href="{name}?print-pdf&amp;showNotes=separate-page">print with notes</a>'
        entries[kinds[path.parent.name]] += (
            f'<li><a href="{name}">{title}</a><br>{len(slides)} slides · {prints}</li>\n'
        )
    decks["index.html"] = _page("Slides", INDEX.format(**entries))
    shared = [
        *SHARED,
        *(f"_figures/{name}.js" for name in figures),
        *(f"fonts/{font.name}" for font in (site / "fonts").iterdir()),
    ]
    sources = {name: site / name for name in shared} | WRITTEN
    reveal = files("sphinx_revealjs") / "_static" / "revealjs"
    contents = {name: source.read_bytes() for name, source in sources.items()} | {
        name: text.encode() for name, text in decks.items()
    }
    contents |= {f"reveal/{Path(name).name}": (reveal / name).read_bytes() for name in REVEAL}
    style = "_editions/slides.css"
    contents[style] = contents[style].replace(b"{title}", settings().book.title.encode())
    for name, content in contents.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)


def _article(path: Path) -> Tag:
    """Return a page's text without what no slide shows."""
    article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    if not isinstance(article, Tag) or not article.select("section > h1 + p"):
        raise BookError(f"{path}: expected a title and below it the answer, found none")
    for furniture in article.select(
        ".headerlink, .chart-tools, .narrow, details, .exercise, .solution, .quiz, .live, script, style"
    ):
        furniture.decompose()
    return article


def _page(title: str, body: str) -> str:
    template = (PACKAGE / "make" / "decks" / "slides.html").read_text(encoding="utf-8")
    return template.replace("{book}", settings().book.title).replace("{title}", title).replace("{body}", body)
