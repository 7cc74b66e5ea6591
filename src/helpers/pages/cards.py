"""The picture that a shared link shows: 1200 by 630 pixels with a finding, its drawing and the book's name.

The e-book's cover is one, too.

Each figure has one, and so has the book, for its pages without figures. They are made where the site's
address is known, which a shared link needs; each is drawn once and kept in the store of drawings.
"""

import re
import textwrap
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from helpers.chapter import theme, vegalite
from helpers.files import write_whole
from helpers.pages import drawings, figures, markup, records
from helpers.pages.previewed import is_preview
from helpers.settings import settings

#: The name of the book's own among those of figures.
BOOK = "book"
#: Height of letters in pixels and how many of them a line holds: of a title beside its drawing, from which
#: the first is taken whose lines end above the book's name, and of words alone.
TITLES = ((56, 15), (48, 18), (42, 20), (36, 24))
WORDS = ((72, 30),)
#: Where lines begin and must end, and the box of the drawing: across and down.
HEAD, END = 56, 540
LEFT, RIGHT, TOP, FOOT = 540, 1168, 40, 604


def whose(page: records.Page) -> str:
    """Return whose card a page has: its first figure's, or the book's."""
    return next(iter(page.figures), BOOK)


def card(title: str, drawn: list[str]) -> str:
    """Return a card as SVG in plain colours: a title beside that drawing of a figure which is seen larger.

    Beside, since the drawing for a phone, which most cards show, is as high as it is wide.
    """
    forms = [(size, letters, _even(title, letters)) for size, letters in (TITLES if drawn else WORDS)]
    fitting = (
        (size, lines)
        for size, letters, lines in forms
        if HEAD + 1.22 * size * (len(lines) + 0.25) < END and max(map(len, lines)) <= letters
    )
    size, lines = next(fitting, (forms[-1][0], forms[-1][2]))
    place, picture = 0.0, ""
    for each in drawn:
        width, height = markup.size(each)
        if (scale := min((RIGHT - LEFT) / width, (FOOT - TOP) / height)) > place:
            place, picture = scale, each
    width, height = markup.size(picture) if picture else (0, 0)
    across = (LEFT + RIGHT - place * width) / 2, (TOP + FOOT - place * height) / 2
    box = {"across": [round(each, 2) for each in across], "scale": round(place, 4)}
    # A group, not an SVG of its own: what a drawing clips would be lost in one.
    picture = re.sub(r"^\s*<svg[^>]*>|</svg>\s*$", "", picture)
    inks = {ink: light for ink, (light, _) in theme.INKS.items()}
    given = {"lines": lines, "size": size, "head": HEAD, "picture": picture, "box": box, "inks": inks}
    return markup.render("card", book=settings().book, **given)


def _even(text: str, letters: int) -> list[str]:
    """Return a text in lines of so many letters at most, as few and then as even as can be.

    A word that is longer stands on a line of its own.
    """
    wrapped = [
        textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        for width in range(1, letters + 1)
    ]
    return next(lines for lines in wrapped if len(lines) == len(wrapped[-1]))


def cover() -> bytes:
    """Return the e-book's cover as PNG."""
    book, inks = settings().book, {ink: light for ink, (light, _) in theme.INKS.items()}
    title, subtitle = textwrap.wrap(book.title, 16), textwrap.wrap(book.subtitle, 40)
    return vegalite.png(markup.render("cover", title=title, subtitle=subtitle, inks=inks, book=book), scale=1)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html" or is_preview(app) or not app.config.html_baseurl:
        return
    store, site = figures.store(app), Path(app.outdir) / markup.CARDS
    site.mkdir(exist_ok=True)
    cards = {BOOK: card(settings().book.subtitle, [])}
    for page in records.pages(app.env).values():
        for figure, spec in page.figures.items():
            cards[figure] = card(spec["title"], _drawn(spec, store))
    for figure, svg in cards.items():
        kept = store / f"card-{drawings.made_of(svg)}.png"
        if not kept.is_file():
            write_whole(kept, vegalite.png(svg, scale=1))
        (site / f"{figure}.png").write_bytes(kept.read_bytes())


def _drawn(spec: dict[str, Any], store: Path) -> list[str]:
    """Return a figure's drawings, for a page and for a phone, in plain light colours."""
    folder = drawings.folder(spec, store)
    return [theme.literal((folder / f"{variant}.svg").read_text("utf-8")) for variant in theme.WIDTHS]


def setup(app: Sphinx) -> None:
    """Register the writing, after the figures' own."""
    app.connect("build-finished", _write)
