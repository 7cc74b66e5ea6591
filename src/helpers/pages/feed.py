"""The feed to which readers subscribe: what was corrected in the book, and each of its releases.

It is Atom, in ``feed.xml`` at the site's top, and is written where the site's address is known: an entry is
known by its address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from sphinx.application import Sphinx

from helpers.chapter import data
from helpers.judge import releases
from helpers.pages import records
from helpers.settings import settings

NAME = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Entry:
    """What readers are told: on which day, under which address of the site."""

    day: date
    title: str
    text: str
    place: str


def entries(app: Sphinx) -> list[Entry]:
    """Return what has been corrected and released, newest first."""
    return sorted(
        [*_corrections(app), *_releases(app)], key=lambda each: (each.day, each.title), reverse=True
    )


def _corrections(app: Sphinx) -> Iterator[Entry]:
    if not data.has("corrections"):
        return
    log, sources = records.home(app.env, "corrections"), records.home(app.env, "sources")
    for row in data.load("corrections").to_dict("records"):
        page = sources if row["name"].startswith("source-") else records.where(app.env, row["name"]) or log
        yield Entry(
            row["date"].date(),
            f"Corrected: {row['name']}",
            f"{row['wrong']} {row['fix']}",
            f"{app.builder.get_target_uri(page)}#{row['name']}" if page in app.env.found_docs else "",
        )


def _releases(app: Sphinx) -> Iterator[Entry]:
    page = records.home(app.env, "changes")
    place = app.builder.get_target_uri(page) if page else ""
    for release in releases.known():
        yield Entry(release.date, f"Version {release.version}", release.summary, place)


def atom(base: str, told: list[Entry]) -> bytes:
    """Return a feed of a site whose address is ``base``; its bytes depend on the entries alone."""
    book = settings().book
    feed = ET.Element("feed", xmlns=_ATOM)
    _say(feed, "id", base)
    _say(feed, "title", f"{book.title}: changes and corrections")
    _say(feed, "updated", _moment(max((entry.day for entry in told), default=book.date)))
    _say(ET.SubElement(feed, "author"), "name", book.authors)
    _say(feed, "rights", book.licences)
    ET.SubElement(feed, "link", rel="self", href=base + NAME)
    ET.SubElement(feed, "link", rel="alternate", href=base)
    for entry in told:
        item = ET.SubElement(feed, "entry")
        # An item may be corrected twice, which the day tells apart; two releases may be of one day.
        place, _, name = entry.place.partition("#")
        _say(item, "id", f"{base}{place}?{entry.day}#{name or quote(entry.title)}")
        _say(item, "title", entry.title)
        _say(item, "updated", _moment(entry.day))
        _say(item, "content", entry.text)
        ET.SubElement(item, "link", rel="alternate", href=base + entry.place)
    ET.indent(feed)
    whole: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _say(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _moment(day: date) -> str:
    return f"{day}T00:00:00Z"


def write(app: Sphinx, site: Path) -> None:
    """Write the feed at a site's top."""
    (site / NAME).write_bytes(atom(app.config.html_baseurl, entries(app)))
