"""Decks for a room, made from built pages, where figures are drawn, numbers checked and links resolved.

Figures, lists and tables that fit are a slide each; the text around them becomes the speaker's notes. A class
makes an exception: ``slide`` shows a paragraph to the room, ``teacher`` keeps anything from it.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from helpers.files import BookError
from helpers.make.build import BUILD
from helpers.make.editions import anew
from helpers.settings import settings

#: The most rows, head included, of a table that is shown, and the most letters of it that fit a slide.
ROWS, LETTERS = 14, 1400
PACKAGE = Path(__file__).parents[1]
#: What decks load: from the site, and from this package, since the site's styles are pruned for its pages.
SHARED = (
    *("_static/colours.css", "_static/book.js", "_static/tips.js"),
    *("lib/vega.js", "lib/vega-licences.txt"),
)
OWN = {
    "_static/book.css": PACKAGE / "pages" / "static" / "book.css",
    "_editions/slides.css": PACKAGE / "make" / "decks" / "slides.css",
    "_editions/slides.js": PACKAGE / "make" / "decks" / "slides.js",
}
#: Parts of a page that are for a reader at a desk, and are left out.
_DESK = (
    ".headerlink, .opening, .chart-tools, .narrow, .evidence, details:not(.chart-source), .exercise, "
    ".solution, .quiz, .live, script"
)

#: Parts of a page that are for the speaker alone.
_ASIDE = ".teacher, .admonition, .pack"


@dataclass
class Slide:
    """What a room sees, and the speaker's notes on it."""

    kind: str
    body: str
    notes: list[Tag] = field(default_factory=list)
    #: Its fragment in the deck's address; a slide without one has a number there.
    name: str = ""


def make() -> Path:
    """Make all decks beside the last good ones, put them in their place, and return their index.

    Raises
    ------
    BookError
        If the site is not built or a page lacks what a deck needs; the last good decks are untouched.
    """
    site, final = BUILD / "html", BUILD / "slides"
    articles = dict(_articles(site))
    if not articles:
        raise BookError(f"{site}: expected pages to make slides of, found none; run `make book` first")
    with anew(final) as made:
        for name, content in _files(articles, site).items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return final / "index.html"


def _articles(site: Path) -> Iterator[tuple[str, Tag]]:
    """Yield the name and the text of each chapter, and of each page of the seminar that asks for slides."""
    chapters, seminar = site / settings().folders.chapters, site / settings().folders.seminar
    for path in (*sorted(chapters.glob("*.html")), *sorted(seminar.glob("*.html"))):
        article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").article
        if article and (path.parent == chapters or article.select("section.slides > h1")):
            if not article.select("section > h1 + p"):
                raise BookError(f"{path}: expected a title and below it the answer, found none")
            for part in article.select(_DESK):
                part.decompose()
            yield path.name, article


def _files(articles: dict[str, Tag], site: Path) -> dict[str, bytes]:
    """Return the decks, their index and everything that they load, by name."""
    figures = {str(each["id"]): each for page in articles.values() for each in page.select("figure.chart")}
    shared = [*SHARED, *(f"_figures/{name}.js" for name in figures)]
    shared += [f"fonts/{path.name}" for path in (site / "fonts").iterdir()]
    files = {name: (site / name).read_bytes() for name in shared}
    files |= {name: path.read_bytes() for name, path in OWN.items()}
    entries = ""
    for name, article in articles.items():
        title = article.select("h1")[0].get_text()
        files[name] = _page("deck", title, "".join(_numbered(slides(article, figures))))
        entries += f'<li><a href="{name}">{escape(title)}</a> · <a href="{name}?notes">with notes</a></li>\n'
    return files | {"index.html": _page("index", "Slides", entries)}


def _page(template: str, title: str, body: str) -> bytes:
    page = (PACKAGE / "make" / "decks" / f"{template}.html").read_text(encoding="utf-8")
    named = page.replace("{title}", escape(title)).replace("{book}", escape(settings().book.title))
    return named.replace("{body}", body).encode()


def _numbered(deck: list[Slide]) -> Iterator[str]:
    """Yield slides as HTML, each with the way back and on."""
    names = [slide.name or f"slide-{number}" for number, slide in enumerate(deck, 1)]
    for i, slide in enumerate(deck):
        yield f"""<section id="{names[i]}">
<div class="view {slide.kind}">
{slide.body}
</div>
<nav><a href="#{names[i - 1]}">‹</a> {i + 1} / {len(deck)} <a href="#{names[i + 1 - len(deck)]}">›</a></nav>
<aside>{"".join(str(_plain(note)) for note in slide.notes)}</aside>
</section>
"""


def slides(article: Tag, figures: dict[str, Tag]) -> list[Slide]:
    """Return the slides of a page in its order; one without figures of its own shows those that it names."""
    named = {} if article.select("figure.chart") else dict(figures)
    parts = [part.extract() for part in article.select("h1 ~ section")]
    deck = [_opening(article)]
    deck[0].notes += [part for part in parts if part.css.match(".teacher")]
    for part in (article, *(part for part in parts if part not in deck[0].notes)):
        start, waiting = (0 if part is article else len(deck)), list(part.select("h2"))
        for block in part.select("h3, p, ul, ol, table, figure"):
            if block.find_parent(["li", "figure", "table"]):
                continue
            new = _shown(block)
            if not new:
                (deck[-1].notes if len(deck) > start else waiting).append(block)
                links = () if block.css.closest(_ASIDE) else block.select("a[href]")
                names = [str(link["href"]).partition("#")[2] for link in links]
                new = [_figure(named.pop(name)) for name in names if name in named]
            if new:
                new[0].notes[:0], waiting = waiting, []
                deck += new
        # A part that shows nothing is told with the slide before it.
        deck[-1].notes += waiting
    return deck


def _opening(article: Tag) -> Slide:
    title, answer = article.select("h1")[0], article.select("h1 + p")[0].extract()
    if answer.strong and answer.strong.get_text() == settings().labels.answer:
        answer.strong.extract()
    book = f'<p class="book">{escape(settings().book.title)}</p>'
    return Slide("opening", f"<h1>{_words(title)}</h1>\n<p>{_words(answer)}</p>\n{book}")


def _shown(block: Tag) -> list[Slide]:
    """Return the slides of a block; none if it is for the notes."""
    if block.css.closest(_ASIDE):
        return []
    if block.name == "figure":
        return [_figure(block)]
    if block.name == "table":
        return _table(block)
    if block.name in ("ul", "ol"):
        return [Slide("list", f"<h2>{_heading(block)}</h2>\n{_plain(block)}")]
    if block.css.match(".slide"):
        return [Slide("said", str(_plain(block)))]
    return []


def _figure(figure: Tag) -> Slide:
    """Return the slide of a figure, with its finding as title, its caption and its sources."""
    finding, caption, source = figure.find_all("p")
    publishers = _words(source.select(".sources")[0]).split("; ")
    more = [f"{len(publishers) - 3} more in the book"] if len(publishers) > 3 else []
    texts = {"caption": _words(caption), "source": "; ".join(publishers[:3] + more)}
    words = f'<p class="kicker">{_heading(figure)}</p>\n<h2>{_words(finding)}</h2>\n'
    words += "\n".join(f'<p class="{kind}">{text}</p>' for kind, text in texts.items())
    picture = figure.select(".chart-picture")[0]
    for link in picture.select("a"):
        link.unwrap()
    body = f'<div class="words">\n{words}\n</div>\n<div class="frame">{picture}</div>'
    return Slide("figure", body, [caption, source], str(figure["id"]))


def _table(table: Tag) -> list[Slide]:
    """Return a table's rows on as many slides as they need; a verdict's reasons are notes."""
    claims = table.css.match(".claims")
    title = settings().labels.claims_slide if claims else _heading(table)
    brief = _plain(table)
    for cell in brief.select("td:has([class*=badge-])"):
        cell.replace_with(BeautifulSoup(f"<td>{cell.select('[class*=badge-]')[0]}</td>", "html.parser"))
    head, *rows = map(str, brief.select("tr"))
    if len(rows) >= ROWS:
        return []
    count = 1 + len(brief.get_text()) // LETTERS
    caption = brief.caption or ""
    deck = []
    for i in range(count):
        part = "".join(rows[i * len(rows) // count : (i + 1) * len(rows) // count])
        body = f"<h2>{title}</h2>\n<table>{caption}<thead>{head}</thead>\n{part}</table>"
        deck.append(Slide("table", body, [table] if claims and not i else []))
    return deck


def _heading(block: Tag) -> str:
    """Return the heading under which a block stands."""
    return _words(block.find_all_previous(["h1", "h2", "h3"], limit=1)[0])


def _words(tag: Tag) -> str:
    return _plain(tag).decode_contents().strip()


def _plain(tag: Tag) -> Tag:
    """Return a copy without links and ids; numbers that are facts are marked instead."""
    tag = copy.copy(tag)
    for link in tag.select("a"):
        if "#fact-" in str(link.get("href")):
            link.name, link.attrs = "b", {}
        else:
            link.unwrap()
    for each in (tag, *tag.select("[id]")):
        each.attrs.pop("id", None)
    return tag
