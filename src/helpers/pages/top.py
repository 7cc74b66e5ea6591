"""What a site has at its top for those who serve it, find it, subscribe to it or keep it on their screen.

Hosts of pages get ``.nojekyll`` (else one of them leaves out each folder that begins with ``_``), browsers
a web manifest, icons and a page of downloads. Where the site's address is known there are also a sitemap, a
file for robots, a feed, and the page that a server sends for an address that the site does not have.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import vl_convert
from docutils import nodes
from sphinx.application import Sphinx

from helpers.pages import feed, markup, records
from helpers.pages.config import is_drawn
from helpers.pages.previewed import is_preview
from helpers.settings import settings

#: Widths of the icons in pixels: that of a phone's first screen, and those that a manifest should have.
ICONS = (180, 192, 512)
#: The page that lists the editions, which `helpers.make.site` puts beside it.
DOWNLOADS = "downloads/index"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _downloads(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that lists the editions."""
    if app.builder.name == "html":
        yield DOWNLOADS, {}, "downloads.html"


def _to_downloads(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, *_: Any
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """``{downloads}`words` ``: a link to the page of editions; on paper, which has none, the words."""
    env = inliner.document.settings.env
    if env.app.builder.name != "html":
        return [nodes.Text(text)], []
    up = "../" * env.docname.count("/")
    return [nodes.reference("", text, internal=True, refuri=f"{up}{DOWNLOADS}.html")], []


def _icons(app: Sphinx, site: Path) -> None:
    """Draw the site's icon in pixels, and say in the manifest where it lies."""
    icon, book = site / "_static" / Path(app.config.html_favicon or "").name, settings().book
    drawn: list[dict[str, str]] = []
    if is_drawn(icon.name):
        svg = icon.read_text(encoding="utf-8")
        width = float(svg.partition('viewBox="')[2].split()[2])
        for size in ICONS:
            name = f"_static/icon-{size}.png"
            (site / name).write_bytes(vl_convert.svg_to_png(svg, scale=size / width))
            drawn.append({"src": name, "sizes": f"{size}x{size}", "type": "image/png"})
    manifest = {
        "name": book.title,
        "short_name": book.title,
        "description": book.description,
        "lang": book.language,
        "start_url": "index.html",
        "display": "minimal-ui",
        "icons": drawn,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (site / "site.webmanifest").write_text(f"{text}\n", encoding="utf-8")


def sitemap(base: str, pages: list[str]) -> bytes:
    """Return a sitemap: the whole address of each page, and the day of the edition."""
    listed = ET.Element("urlset", xmlns=_SITEMAP)
    for page in pages:
        entry = ET.SubElement(listed, "url")
        ET.SubElement(entry, "loc").text = base + page
        ET.SubElement(entry, "lastmod").text = settings().book.date.isoformat()
    ET.indent(listed)
    whole: bytes = ET.tostring(listed, encoding="utf-8", xml_declaration=True)
    return whole


def _missing(app: Sphinx) -> str:
    """Return the page for addresses that the site does not have."""
    homes = [records.home(app.env, kind) for kind in ("claims", "figures", "glossary", "sources")]
    pages = {app.builder.get_target_uri(home): app.env.titles[home].astext() for home in homes if home}
    top, icon = urlsplit(app.config.html_baseurl).path, Path(app.config.html_favicon or "").name
    icon = f"{top}_static/{icon}" if icon else "data:,"
    return markup.render("missing", book=settings().book, top=top, icon=icon, pages=pages)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html" or is_preview(app):
        return
    site, base = Path(app.outdir), app.config.html_baseurl
    (site / ".nojekyll").touch()
    _icons(app, site)
    if base:
        pages = sorted(app.env.found_docs - {app.config.root_doc})
        addresses = ["", *map(app.builder.get_target_uri, [*pages, DOWNLOADS])]
        (site / "sitemap.xml").write_bytes(sitemap(base, addresses))
        robots = f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n"
        (site / "robots.txt").write_text(robots, encoding="utf-8")
        (site / "404.html").write_text(_missing(app), encoding="utf-8")
        feed.write(app, site)


def setup(app: Sphinx) -> None:
    """Register the writing, before the pages are guarded and trimmed."""
    app.add_role("downloads", _to_downloads)
    app.connect("html-collect-pages", _downloads)
    app.connect("build-finished", _write)
