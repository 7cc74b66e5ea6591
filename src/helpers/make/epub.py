"""The e-book: what Sphinx writes, tidied."""

import re
import zipfile
from pathlib import Path

from helpers.make.build import jupyter_book
from helpers.make.editions import pack
from helpers.settings import settings


def epub(target: Path, work: Path) -> None:
    """Tidy the e-book that Sphinx writes: drop what no page uses, and declare which pages hold SVG or MathML.

    Raises
    ------
    BookError
        If the book has faults.
    """
    with zipfile.ZipFile(jupyter_book(work, "epub") / f"{settings().book.slug}.epub") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    unused = [name for name in parts if name.startswith("_static/") and name != "_static/paper.css"]

    def item(match: re.Match[str]) -> str:
        name = match[1]
        if name in unused:
            return ""
        content = parts.get(name, b"") if name.endswith(".xhtml") else b""
        kinds = [kind for kind, tag in (("svg", b"<svg"), ("mathml", b"<math")) if tag in content]
        return match[0].replace(" />", f' properties="{" ".join(kinds)}" />') if kinds else match[0]

    manifest = re.sub(
        r'<item id="[^"]*" href="([^"]*)" media-type="[^"]*" />', item, parts.pop("content.opf").decode()
    )
    first = [("mimetype", parts.pop("mimetype")), ("content.opf", manifest.encode())]
    pack(
        target, [*first, *((name, content) for name, content in sorted(parts.items()) if name not in unused)]
    )
