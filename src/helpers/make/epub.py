"""The e-book: what Sphinx writes, tidied."""

import re
import zipfile
from pathlib import Path

from helpers.make.build import jupyter_book
from helpers.make.editions import pack
from helpers.settings import settings

#: What a reader who does not see, or not well, has of it, in the words of schema.org. Each figure says its
#: pattern in words, and each number its rows.
_ACCESS = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": (
        "alternativeText",
        "MathML",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
    ),
    "accessibilityHazard": ("none",),
    "accessibilitySummary": (
        "All text can be read aloud and resized. Each figure says in words what it shows; formulas are "
        "MathML; tables have heads. Nothing moves or flashes.",
    ),
}


#: What pages load, and the cover; else the toolchain's styles and scripts, which none does.
_KEPT = ("_static/paper.css", "_static/cover.png")


def epub(target: Path, work: Path) -> None:
    """Tidy the e-book that Sphinx writes: drop what no page uses, and say what its parts hold.

    Raises
    ------
    BookError
        If the book has faults.
    """
    with zipfile.ZipFile(jupyter_book(work, "epub") / f"{settings().book.slug}.epub") as book:
        parts = tidied({name: book.read(name) for name in book.namelist()})
    first = [(name, parts.pop(name)) for name in ("mimetype", "content.opf")]
    pack(target, [*first, *sorted(parts.items())])


def tidied(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts of an e-book that pages use.

    The list of parts says which hold SVG or MathML, which is the cover, and what there is for those who
    cannot see.
    """
    unused = {name for name in parts if name.startswith("_static/") and name not in _KEPT}

    def item(match: re.Match[str]) -> str:
        name = match[1]
        if name in unused:
            return ""
        content = parts.get(name, b"") if name.endswith(".xhtml") else b""
        kinds = [kind for kind, tag in (("svg", b"<svg"), ("mathml", b"<math")) if tag in content]
        kinds += ["cover-image"] if name == _KEPT[1] else []
        return match[0].replace(" />", f' properties="{" ".join(kinds)}" />') if kinds else match[0]

    listed = r'<item id="[^"]*" href="([^"]*)" media-type="[^"]*" />'
    manifest = re.sub(listed, item, parts["content.opf"].decode())
    manifest = re.sub(r"\s*<dc:contributor>unknown</dc:contributor>", "", manifest)
    said = (f'<meta property="schema:{name}">{word}</meta>\n' for name in _ACCESS for word in _ACCESS[name])
    manifest = manifest.replace("</metadata>", f"{''.join(said)}</metadata>")
    # Older readers' contents name the book as the manifest does; Sphinx writes the name of an element there.
    (identifier,) = re.findall("<dc:identifier[^>]*>([^<]*)</dc:identifier>", manifest)
    contents = re.sub('(name="dtb:uid" content=")[^"]*', rf"\g<1>{identifier}", parts["toc.ncx"].decode())
    return {
        **{name: content for name, content in parts.items() if name not in unused},
        "nav.xhtml": parts["nav.xhtml"].replace(b'epub:type="toc"', b'epub:type="toc" role="doc-toc"'),
        "content.opf": manifest.encode(),
        "toc.ncx": contents.encode(),
    }
