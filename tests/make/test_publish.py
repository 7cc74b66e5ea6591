"""What is published: the site with its editions beside it, and the data to take away in two forms."""

import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from frictionless import Package

from conftest import ROOT
from helpers.chapter import data
from helpers.files import BookError
from helpers.make import database, packs, site


@pytest.fixture
def made(book: Path, published: tuple[Path, str]) -> Path:
    """The second book's site in a folder of its own, with editions that are made up."""
    built, decks = book.parent, book.parents[1] / "slides"
    for name in ("downloads", "data"):
        shutil.copytree(published[0] / name, built / name)
    decks.mkdir()
    for name in ("index", "lesson"):
        (decks / f"{name}.html").write_text("decks")
    editions = {}
    for name in ("zip", "pdf", "epub", "wheel"):
        editions[name] = book.parents[1] / f"small.{name}"
        editions[name].write_bytes(name.encode() * 100_000)
    lessons, printed = built / "seminar" / "games", book.parents[1] / "packs"
    lessons.mkdir(parents=True)
    listed = '<ul class="simple pack"><li>A sheet</li></ul>'
    (lessons / "lesson.html").write_text(f'<h1>Ferries<a href="#ferries">#</a></h1>{listed}')
    (lessons / "alone.html").write_text("<ul><li>No pack</li></ul>")
    (lessons.parent / "guide.html").write_text('<div class="packs docutils container"><p>To print</p></div>')
    printed.mkdir()
    for name in ("lesson", "lesson-large", packs.whole(printed).name):
        (printed / f"{name}.pdf").write_bytes(b"%PDF" * 50_000)
    return site.make(editions, decks, printed).parent


def test_each_edition_lies_beside_the_page_that_says_its_size_and_digest(made: Path) -> None:
    folder = made / "downloads"
    page = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    offered = {title.a["href"]: title for title in page.select("dt[data-edition]")}
    beside = {"index.html", site.DIGESTS, site.DECKS}
    assert set(offered) == {path.name for path in folder.iterdir()} - beside
    for name, title in offered.items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert digest in title.find_next_sibling("dd").get_text()
        assert f"{digest}  {name}\n" in (folder / site.DIGESTS).read_text()
    assert offered["small.pdf"].get_text() == "PDF, 0.3 MB"
    assert page.select(".no-editions") == []


def test_a_page_with_a_pack_leads_to_it_to_its_slides_and_to_the_book(made: Path) -> None:
    lesson = made / "seminar" / "games" / "lesson.html"
    page = BeautifulSoup(lesson.read_text(encoding="utf-8"), "html.parser")
    links = [link["href"] for link in page.select("ul.pack + p a")]
    assert links == [
        *("../packs/lesson.pdf", "../packs/lesson-large.pdf"),
        *("../../downloads/slides/lesson.html", "../../downloads/small.zip"),
    ]
    assert all((lesson.parent / link).is_file() for link in links)
    assert "0.2 MB" in page.select("ul.pack + p")[0].get_text()
    assert "packs" not in (lesson.parent / "alone.html").read_text()


def test_a_page_that_asks_for_it_leads_to_every_pack(made: Path) -> None:
    page = BeautifulSoup((made / "seminar" / "guide.html").read_text(encoding="utf-8"), "html.parser")
    first, listed = page.select(".packs > p")
    assert first.get_text() == "To print"
    assert listed.get_text() == "Ferries: Print pack (0.2 MB), in large print (0.2 MB), slides"
    assert all((made / "seminar" / link["href"]).is_file() for link in listed.select("a"))


def test_the_page_of_downloads_leads_to_each_pack_and_to_the_decks(made: Path) -> None:
    folder = made / "downloads"
    page = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    packed, decks = (
        page.select_one(f'dt[data-edition="{name}"]').find_next_sibling("dd")
        for name in ("seminar", "slides")
    )
    assert packed.p.get_text() == "Ferries: Print pack (0.2 MB), in large print (0.2 MB), slides"
    links = [link["href"] for link in (*packed.select("p a"), *decks.select("a"))]
    assert links[1:] == ["../seminar/packs/lesson-large.pdf", "slides/lesson.html", "slides/index.html"]
    assert all((folder / link).is_file() for link in links)


def test_the_page_without_editions_says_where_they_are(published: tuple[Path, str]) -> None:
    html = (published[0] / "downloads" / "index.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    assert "python src/helpers site" in page.select_one(".no-editions").get_text()
    assert page.select("dt a") == []
    front = BeautifulSoup((published[0] / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert front.article.find("a", string="other forms")["href"] == "downloads/index.html"
    lanes = BeautifulSoup((published[0] / "pages" / "lanes.html").read_text(encoding="utf-8"), "html.parser")
    assert lanes.find("a", string="Downloads")["href"] == "../downloads/index.html"


def test_nothing_is_published_of_no_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match="run `make book` first"):
        site.make({}, tmp_path, tmp_path)


def test_the_zipped_data_package_is_whole_and_valid(tmp_path: Path) -> None:
    database.package(tmp_path / "data.zip", ROOT / "data")
    with zipfile.ZipFile(tmp_path / "data.zip") as packed:
        packed.extractall(tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    package = Package(str(folder / "datapackage.json"))
    assert all((folder / resource.path).is_file() for resource in package.resources)
    assert re.fullmatch(r".*version \S+: the data\..*\n", (folder / "README.txt").read_text())


def test_the_database_has_every_row_with_its_type_and_its_keys(tmp_path: Path) -> None:
    database.sqlite(tmp_path / "book.sqlite", ROOT / "data")
    with sqlite3.connect(tmp_path / "book.sqlite") as opened:
        for resource in json.loads((ROOT / "data" / "datapackage.json").read_text())["resources"]:
            if "schema" in resource:
                (count,) = opened.execute(f'SELECT count(*) FROM "{resource["name"]}"').fetchone()  # noqa: S608
                assert count == len(data.load(resource["name"])), resource["name"]
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        kept = opened.execute("SELECT scrambles, status FROM scrambles WHERE fiscal_year = 1958").fetchall()
        assert kept == [(25, None)], "numbers are numbers, and what is missing is none"
        units = opened.execute("SELECT count(*) FROM _fields WHERE unit != ''").fetchone()
    assert units > (50,)
