"""Print packs: all that a teacher prints for one session as one file, and all sessions as one.

A page of the seminar with a list of the class ``pack`` has a pack. Its first part is the page itself, for who
teaches; then follows what the list names, in its order: the page to which an item links or, where it links to
none, the next section of the list's own page whose title begins with "To print: ". A section of the class
``twice`` stands twice on its sheet, to be cut; the rows of a container ``cards`` are cards. A notebook of
exercises gives those that end in "With paper."; its solutions stand with the first part.
"""

import base64
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from helpers.make import pdf
from helpers.make.build import BUILD
from helpers.make.editions import anew
from helpers.settings import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

OWN = Path(__file__).parent / "leaves"
#: What the name of a pack in large print ends in, beside that in small.
LARGE = "-large"
#: How much larger the letters of large print are: the text's ten points become sixteen.
_SCALE = 1.6
#: The height of a page's text in millimetres: A4 without the margins of pack.css.
_ROOM = 297 - 14 - 17
#: A printout that is found again says how old it is.
_FOOT = '@page { @bottom-right { content: "{day} · " counter(page); font-size: 8pt; } }'


def make() -> Path:
    """Make all packs beside the last good ones, put them in their place, and return their folder.

    Each is called like its page. The one of all of them, if there are any, is called like the book.

    Raises
    ------
    BookError
        If there is no Chromium, or the book has faults; the last good packs are untouched.
    """
    final, day = BUILD / "seminar", settings().book.date
    with anew(final) as made:
        made.mkdir()
        with pdf.opened() as page:
            page.add_style_tag(path=OWN / "pack.css")
            page.add_style_tag(content=_FOOT.replace("{day}", f"{day.day} {day:%B %Y}"))
            page.evaluate("answers => { window.answers = answers; }", _answers())
            page.add_script_tag(path=OWN / "pack.js")
            titles: dict[str, str] = dict(page.evaluate("packs()"))
            for name, title in titles.items():
                _print(page, [name], title, made / PurePosixPath(name).name)
            if titles:
                _print(page, list(titles), settings().book.title, whole(made))
    return final


def whole(folder: Path) -> Path:
    """Return the file of all packs in a folder of them, without its ending."""
    return folder / f"{settings().book.slug}-{settings().folders.seminar}"


def _print(page: "Page", names: list[str], title: str, to: Path) -> None:
    """Print packs as one file, and in large print as another."""
    for ending, scale in (("", 1), (LARGE, _SCALE)):
        page.evaluate("given => show(...given)", [names, title, scale > 1])
        page.evaluate("given => fill(...given)", [pdf.places(page, scale), _ROOM / scale])
        pdf.save(pdf.lay_out(page, scale), to.with_name(f"{to.name}{ending}.pdf"), pdf.spoken(page))


def _answers() -> dict[str, str]:
    """Return the answer of each exercise in words, by its name."""
    path = Path("book") / settings().folders.seminar / "answers.json"
    recorded = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: _said(json.loads(base64.b64decode(answer))) for name, answer in recorded.items()}


def _said(answer: dict[str, Any]) -> str:
    """Return an answer as a teacher reads it: a count is exact, any other number has four digits."""
    if "number" in answer:
        number, units = answer["number"], answer.get("units", {})
        unit = next((unit for unit, size in units.items() if unit and size == 1), "")
        if not float(number).is_integer():
            return f"{number:,.4g} {unit}".strip()
        return f"{number:,.0f} {unit}" if unit else f"{number:.0f}"  # a year, say
    return str(answer.get("date") or ", ".join(answer["set"] if "set" in answer else answer["words"][:1]))
