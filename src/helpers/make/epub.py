"""The e-book: what Sphinx writes, tidied."""

import re
import zipfile
from pathlib import Path

from helpers.make.build import jupyter_book
from helpers.make.editions import pack
from helpers.settings import settings


def epub(made: Path, work: Path) -> None:
    """Tidy the e-book that Sphinx writes: only what pages use, and every page's kinds of content declared.

    Raises
    ------
    BookError
        If the book has faults.
    """
    with zipfile.ZipFile(jupyter_book(work, "epub") / f"{settings().book.slug}.epub") as book:
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
    pack(made, [*first, *((name, content) for name, content in sorted(parts.items()) if name not in unused)])
