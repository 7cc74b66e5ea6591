"""The built site has every page and figure, every link lands, and nothing comes from elsewhere."""

import base64
import csv
import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageChops, ImageStat

from conftest import ROOT
from helpers.chapter import output, vegalite
from helpers.chapter.data import load, source
from helpers.pages import markup
from helpers.run import notebooks

SITE = ROOT / "_build" / "html"
PAGES = ["index", *re.findall(r"- file: (\S+)", (ROOT / "book" / "_toc.yml").read_text())]


@cache
def page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def places(path: Path) -> set[str]:
    """Return the ids that a link into a page can name."""
    return {tag["id"] for tag in page(path).find_all(id=True)}


def outputs(kind: str) -> list[tuple[str, Any]]:
    """Return (page, content) of every stored output of a kind."""
    book = ROOT / "book"
    return [
        (path.relative_to(book).with_suffix("").as_posix(), content)
        for path in notebooks.find(book)
        for content in output.stored(path, kind)
    ]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there_and_says_something(name: str, site: Path) -> None:
    article = page(site / f"{name}.html").find("article")
    assert article is not None
    assert len(article.get_text().split()) > 40
    assert article.find("h1") is not None


def test_no_notebook_is_left_out_of_the_book() -> None:
    listed = {
        path.relative_to(ROOT / "book").with_suffix("").as_posix() for path in notebooks.find(ROOT / "book")
    }
    assert listed <= set(PAGES)


def test_every_figure_is_drawn_twice_and_has_its_files(site: Path) -> None:
    figures = outputs(output.FIGURE)
    assert figures
    for name, spec in figures:
        about = spec["usermeta"]
        figure = page(site / f"{name}.html").find("figure", id=about["name"])
        assert figure, about["name"]
        assert figure.select_one(".chart-picture .wide svg"), about["name"]
        picture = figure.find(class_="chart-picture")
        assert picture["aria-label"] == spec["description"]
        assert figure.find("figcaption").get_text().strip().startswith("Fig.")
        (rows,) = re.findall(
            r"<table>.*</table>", (site / "_figures" / f"{about['name']}.rows.js").read_text(encoding="utf-8")
        )
        drawn = (site / "_figures" / f"{about['name']}.csv").read_text(encoding="utf-8")
        assert rows.count("<tr>") == len(list(csv.reader(drawn.splitlines()))) > 1, (
            "the rows drawn, below their heads"
        )
        for suffix in ("csv", "svg", "png", "vl.json", "js", "narrow.js", "bib", "ris", "html"):
            assert (site / "_figures" / f"{about['name']}.{suffix}").stat().st_size > 50


@pytest.mark.parametrize(
    "path",
    [path for path in notebooks.find(ROOT / "book") if output.stored(path, output.FIGURE)],
    ids=lambda path: path.stem,
)
def test_a_notebook_s_pictures_are_those_of_its_charts_and_the_downloads(path: Path, site: Path) -> None:
    for number, bundle in enumerate(output.bundles(path, output.FIGURE)):
        spec, stored = bundle[output.FIGURE], base64.b64decode(bundle[output.PICTURE])
        download = site / "_figures" / spec["usermeta"]["name"]
        assert download.with_suffix(".png").read_bytes() == stored
        picture = Image.open(io.BytesIO(stored))
        shape = markup.size(download.with_suffix(".svg").read_text(encoding="utf-8"))
        assert picture.size == pytest.approx([2 * side for side in shape], abs=2)
        if not number:  # drawing is slow, and one run drew them all
            drawn = Image.open(io.BytesIO(vegalite.png(vegalite.svg(vegalite.alone(spec)))))
            assert (
                ImageStat.Stat(ImageChops.difference(picture.convert("L"), drawn.convert("L"))).mean[0] < 0.5
            )


def test_every_figure_has_a_page_alone_a_citation_and_a_place_in_the_gallery(site: Path) -> None:
    shown = {
        link["href"].partition("#")[2]
        for link in page(site / "reference" / "figures.html").select(".gallery a[href]")
    }
    for name, spec in outputs(output.FIGURE):
        about = spec["usermeta"]
        assert about["name"] in shown
        alone = page(site / "_figures" / f"{about['name']}.html")
        assert alone.find("h1").get_text() == about["title"]
        assert len(alone.select("figure svg")) == 2
        assert alone.find("a", href=f"../{name}.html#{about['name']}"), "the way back to the chapter"
        publishers = {source(source_id)["publisher"] for source_id in about["sources"]}
        cited = page(site / f"{name}.html").select_one(f"[id='{about['name']}'] .chart-reuse dd").get_text()
        assert about["title"] in cited
        for publisher in publishers:
            assert publisher in cited
            assert publisher in (site / "_figures" / f"{about['name']}.ris").read_text(encoding="utf-8")


def test_every_page_forbids_other_hosts_and_code_made_from_strings(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        (policy,) = page(path).select("meta[http-equiv='Content-Security-Policy']")
        assert "script-src 'self'" in policy["content"], path
        assert re.search(r"\*|\b(?:https?|wss?):", policy["content"]) is None, path
        assert "'unsafe-eval'" not in policy["content"], path


def test_a_page_says_its_title_and_its_width_once(site: Path) -> None:
    for path in (site / f"{name}.html" for name in (*PAGES, "search")):
        head = page(path).head
        assert head
        assert len(head.select('meta[name="viewport"]')) == 1, path
        said = str(head.title.string).split(" — ") if head.title else []
        assert said, path
        assert len(said) == len(set(said)), path


def test_every_fact_and_claim_has_its_row(site: Path) -> None:
    for name, fact in outputs(output.FACT):
        row = page(site / f"{name}.html").find("tr", id=f"fact-{fact['name']}")
        assert fact["text"] in " ".join(row.get_text(" ").split())
    for name, box in outputs(output.CLAIMS):
        for claim in box["claims"]:
            assert page(site / f"{name}.html").find("tr", id=f"claim-{claim['claim_id']}")


def test_every_source_has_its_row(site: Path) -> None:
    listed = {row["id"] for row in page(site / "reference" / "sources.html").find_all("tr", id=True)}
    assert listed == {f"source-{source_id}" for source_id in load("sources")["source_id"]}


def test_every_internal_link_lands(site: Path) -> None:
    broken = []
    for path in sorted(site.rglob("*.html")):
        for tag in page(path).find_all(lambda tag: tag.has_attr("href") or tag.has_attr("src")):
            link = urlsplit(tag.get("href") or tag["src"])
            if link.scheme or link.netloc:
                continue
            target = (path.parent / unquote(link.path)).resolve() if link.path else path
            if not target.exists() or (
                link.fragment and target.suffix == ".html" and unquote(link.fragment) not in places(target)
            ):
                broken.append(f"{path.relative_to(site)}: {link.geturl()}")
    assert broken == []


#: Attributes whose value names elements of the same document, by their ids.
_NAMING = ("for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")


def test_in_every_document_each_id_is_there_once_and_each_reference_lands(site: Path) -> None:
    """Clips and gradients of drawings too: two drawings on one page may not share them."""
    wrong = []
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.svg")]):
        text = path.read_text(encoding="utf-8")
        ids = re.findall(r'<[^>]*?\sid="([^"]*)"', text)
        naming = "|".join(_NAMING)
        named = re.findall(r"url\(#([^)\"]*)\)", text) + re.findall(r'\shref="#([^"]+)"', text)
        named += [
            name for names in re.findall(rf'<[^>]*\s(?:{naming})="([^"]*)"', text) for name in names.split()
        ]
        twice = {name for name in ids if ids.count(name) > 1} if len(set(ids)) < len(ids) else set()
        wrong += [
            f"{path.relative_to(site)}: {name}" for name in {*twice, *map(unquote, named)} - ({*ids} - twice)
        ]
    assert wrong == []


def test_what_leads_on_is_called_by_a_title_and_no_label(site: Path) -> None:
    titles = {
        title.get_text() for path in site.rglob("*.html") for title in page(path).select(".prev-next-title")
    }
    assert len(titles) > len(PAGES) / 2
    assert [title for title in titles if re.search(r"\((?:fig|tab|eq|sec)-|[{}`]|^\s*$", title)] == []


def test_every_page_is_two_clicks_from_the_front(site: Path) -> None:
    reached = {(site / "index.html").resolve()}
    for _ in range(2):
        for path in list(reached):
            links = (urlsplit(tag["href"]) for tag in page(path).find_all("a", href=True))
            reached |= {
                (path.parent / unquote(link.path)).resolve()
                for link in links
                if link.path.endswith(".html") and not link.netloc
            }
    assert [name for name in PAGES if (site / f"{name}.html").resolve() not in reached] == []


@pytest.mark.parametrize(
    "name", [".vega-bind", "#vg-tooltip-element", ".book-note", ".table-sort", ".search-kind", ".quiz-said"]
)
def test_styles_of_what_only_scripts_make_are_kept(name: str, site: Path) -> None:
    assert name in (site / "_static" / "book.css").read_text(encoding="utf-8")


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    foreign = []
    for path in sorted(site.rglob("*.html")):
        for tag in page(path).find_all(
            ["script", "link", "img", "iframe", "source", "video", "audio", "object", "embed"]
        ):
            address = tag.get("src") or tag.get("href") or tag.get("data") or ""
            if re.match(r"(?:https?:)?//", address):
                foreign.append(f"{path.relative_to(site)}: {address}")
    for path in sorted((site / "_static").rglob("*.css")):
        foreign += [
            f"{path.relative_to(site)}: {address}"
            for address in re.findall(r"url\([\"']?((?:https?:)?//[^)\"']+)", path.read_text())
        ]
    assert foreign == []


def test_text_from_the_data_is_shown_as_text(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        assert not page(path).select("table script"), path


def test_each_item_of_a_role_card_has_a_source(site: Path) -> None:
    items = page(site / "seminar" / "role-play" / "cards.html").select("article section section li")
    unsourced = [item.get_text() for item in items if not item.select("a[title*='(grade ']")]
    assert unsourced == ["Anything that a team has said in public"]
    assert len(items) > 40


def test_libraries_travel_with_their_licences(site: Path) -> None:
    assert "lib/vega-licences.txt" in (site / "lib" / "vega.js").read_text(encoding="utf-8")[:200]
    assert "Copyright" in (site / "lib" / "vega-licences.txt").read_text(encoding="utf-8")
    for name in ("pydata-sphinx-theme", "sphinx", "sphinx-book-theme"):
        assert "Copyright" in (site / "_static" / f"{name}-licence.txt").read_text(encoding="utf-8")
    packed = zipfile.ZipFile(site / "live" / "libraries.zip").namelist()
    libraries = {name.partition("/")[0] for name in packed if ".dist-info/" in name}
    licensed = {
        name.partition("/")[0] for name in packed if re.search(r"\.dist-info/.*(?:LICEN[CS]E|COPYING)", name)
    }
    assert libraries
    assert libraries == licensed


def test_no_note_of_a_mark_speaks_of_columns(site: Path) -> None:
    """Its titles are those of the schemas; a column's name has an underscore, a title none."""
    spoken = []
    for path in sorted((site / "_figures").glob("fig-*.js")):
        text = path.read_text(encoding="utf-8")
        if not text.startswith("reportBook.charts"):
            continue
        drawn = json.loads(text.partition("]=")[2].removesuffix(";\n"))
        waiting = [drawn["wide"], drawn["narrow"]]
        while waiting:
            part = waiting.pop()
            waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
            tooltip = part.get("tooltip") if isinstance(part, dict) else None
            told = tooltip if isinstance(tooltip, list) else []
            spoken += [f"{path.stem}: {each}" for each in told if "_" in each.get("title", "_")]
    assert spoken == []


def test_a_page_names_no_repository_that_the_book_does_not_have() -> None:
    """The toolchain has one of its own where a book names none."""
    named = {
        path.name for path in SITE.rglob("*.html") if "github.com/executablebooks/" in path.read_text("utf-8")
    }
    assert named == set()
