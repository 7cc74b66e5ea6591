"""What an e-book says of itself, and what is left out of it, without a book being made."""

import re
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import loose
from helpers.make import epub

PARTS = {
    "mimetype": b"application/epub+zip",
    "content.opf": b"""<package><metadata>
    <dc:contributor>unknown</dc:contributor>
    <dc:identifier id="small">urn:uuid:1</dc:identifier>
  </metadata><manifest>
    <item id="epub-0" href="index.xhtml" media-type="application/xhtml+xml" />
    <item id="epub-1" href="drawn.xhtml" media-type="application/xhtml+xml" />
    <item id="epub-2" href="_static/basic.css" media-type="text/css" />
    <item id="epub-3" href="_static/paper.css" media-type="text/css" />
    <item id="epub-4" href="_static/cover.png" media-type="image/png" />
    <item id="epub-5" href="_images/svg.png" media-type="image/png" />
    <item id="epub-6" href="nav.xhtml" media-type="application/xhtml+xml" />
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml" />
</manifest></package>""",
    "toc.ncx": b'<meta name="dtb:uid" content="small"/>',
    "index.xhtml": b"<p>x</p>",
    "nav.xhtml": b'<nav epub:type="toc"></nav>',
    "drawn.xhtml": b"<svg></svg><math></math>",
    "_static/basic.css": b"",
    "_static/paper.css": b"",
    "_static/cover.png": b"<svg",
    "_images/svg.png": b"<svg",
}


@pytest.fixture(scope="module")
def tidied() -> dict[str, bytes]:
    return epub.tidied(PARTS)


@pytest.fixture(scope="module")
def manifest(tidied: dict[str, bytes]) -> BeautifulSoup:
    return BeautifulSoup(tidied["content.opf"], "html.parser")


def test_what_no_page_loads_is_left_out_and_listed_nowhere(
    tidied: dict[str, bytes], manifest: BeautifulSoup
) -> None:
    assert tidied.keys() == PARTS.keys() - {"_static/basic.css"}
    assert {item["href"] for item in manifest.select("item")} == tidied.keys() - {"mimetype", "content.opf"}


def test_each_part_says_what_a_reader_must_be_able_to_draw(manifest: BeautifulSoup) -> None:
    assert {item["href"]: item.get("properties") for item in manifest.select("item[properties]")} == {
        "drawn.xhtml": "svg mathml",
        "_static/cover.png": "cover-image",
    }


def test_both_contents_name_the_book_alike(tidied: dict[str, bytes]) -> None:
    assert tidied["toc.ncx"] == b'<meta name="dtb:uid" content="urn:uuid:1"/>'


def test_who_cannot_see_is_told_what_there_is(tidied: dict[str, bytes]) -> None:
    manifest = tidied["content.opf"].decode()
    said = set(re.findall(r'<meta property="(schema:\w+)">([^<]*)</meta>', manifest))
    assert {name for name, _ in said} == {
        f"schema:{name}"
        for name in (
            "accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard",
            "accessibilitySummary",
        )
    }  # fmt: skip
    assert {("schema:accessMode", "textual"), ("schema:accessibilityFeature", "alternativeText")} <= said
    assert all(words.strip() for _, words in said)
    assert "contributor" not in manifest, "nobody is called unknown"


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ({"a.xhtml": '<p id="x"></p><p id="x"></p>'}, ["a.xhtml: x twice"]),
        ({"a.xhtml": '<svg><g clip-path="url(#c)"/></svg>'}, ["a.xhtml: c is not there"]),
        ({"a.xhtml": '<p aria-labelledby="x y" id="x"/>'}, ["a.xhtml: y is not there"]),
        (
            {"a/a.xhtml": '<a href="../b.xhtml#x">', "b.xhtml": "<p>"},
            ["a/a.xhtml: ../b.xhtml#x is not there"],
        ),
        ({"a/a.xhtml": '<a href="../b.xhtml#x">', "b.xhtml": '<p id="x">'}, []),
        ({"a.xhtml": '<a href="#x">'}, ["a.xhtml: #x is not there"]),
        ({"a.xhtml": '<a href="https://example.org/#x">'}, []),
    ],
)
def test_what_is_loose_is_seen(parts: dict[str, str], wrong: list[str]) -> None:
    assert loose(parts) == wrong


def test_the_book_packed_by_sphinx_is_tidied_and_begins_with_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(work: Path, builder: str) -> Path:
        with zipfile.ZipFile(work / f"{epub.settings().book.slug}.epub", "w") as book:
            for name, content in PARTS.items():
                book.writestr(name, content)
        return work

    monkeypatch.setattr(epub, "jupyter_book", written)
    epub.epub(tmp_path / "made.epub", tmp_path)
    with zipfile.ZipFile(tmp_path / "made.epub") as book:
        assert book.namelist()[0] == "mimetype"
        assert book.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert "_static/basic.css" not in book.namelist()
