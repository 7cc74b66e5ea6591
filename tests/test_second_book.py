"""A book on another subject needs no change in the machine, and says nothing of the first."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, expect

from conftest import ROOT, digests, elsewhere, loose, needs_chromium, run
from helpers.settings import settings

SECOND = ROOT / "tests" / "second_book"
MACHINE = ROOT / "src"
SLUG, TITLE = "marlow-bay-by-bicycle", "Marlow Bay by Bicycle"
#: What the book is made with.
MADE = ("rerun --all", "check", "build", "offline", "epub", "slides")
#: Words of the first book that the second has no use for.
FOREIGN = ["Summit", "Japan", "Senkaku", "Kishida", "scramble", "missile", "alliance", "Noto Sans JP"]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second book, run, checked, built and made into its editions, in a folder away from the first."""
    book, before = tmp_path_factory.mktemp("second") / "book", digests(MACHINE)
    shutil.copytree(SECOND, book)
    for command in MADE:
        done = run(book, *command.split())
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert "WARNING" not in done.stderr
    assert digests(MACHINE) == before, "no file of the machine was changed"
    return book


@pytest.fixture
def broken(second: Path, tmp_path: Path) -> Path:
    """A copy of the second book, to break."""
    return Path(shutil.copytree(second, tmp_path / "broken", ignore=shutil.ignore_patterns("html", "slides")))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name}: {old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def page(second: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((second / "_build" / "html" / f"{name}.html").read_text(), "html.parser")


def test_a_wrong_number_in_its_text_stops_its_build_and_is_named(broken: Path) -> None:
    replace(broken / "book" / "pages" / "lanes.ipynb", "[2,960 riders]", "[2,690 riders]")
    done = run(broken, "build")
    assert done.returncode == 1
    assert re.search(
        r"pages/lanes\.ipynb: cell [\w-]+, line \d+: \[2,690 riders\].*the data says '2,960 riders'",
        done.stderr,
    ), done.stderr


def test_a_number_without_a_fact_stops_its_check(broken: Path) -> None:
    replace(broken / "book" / "index.md", "The lanes came first", "The 14 lanes came first")
    done = run(broken, "check")
    assert done.returncode == 1
    assert "book/index.md:5: '14' is not tied to a fact" in done.stdout


@pytest.mark.parametrize("begun", [False, True])
def test_without_a_commit_findings_are_printed_and_what_lacks_is_named(broken: Path, begun: bool) -> None:
    if begun:
        command = ["git", "init", "--quiet"]  # the git on the path
        subprocess.run(command, cwd=broken, check=True)
    replace(broken / "book" / "index.md", "The lanes came first", "The 14 lanes came first")
    done = run(broken, "check")
    assert done.returncode == 1
    assert "book/index.md:5: '14' is not tied to a fact" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("what has moved since the last commit is not listed: ")


def test_a_table_of_contents_that_is_none_is_a_message_and_no_traceback(broken: Path) -> None:
    with (broken / "book" / "_toc.yml").open("a") as file:
        file.write("  - file: index\n")
    done = run(broken, "build")
    assert done.returncode == 1
    assert "The Table of Contents file is malformed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_changed_cell_moves_its_number_and_then_the_sentence_is_named(broken: Path) -> None:
    replace(broken / "data" / "bridge_counts.csv", ",2960,", ",2961,")
    assert "lanes.ipynb: its data or code has changed since it ran" in run(broken, "check").stdout
    assert run(broken, "rerun").returncode == 0
    done = run(broken, "check")
    assert done.returncode == 1
    assert "the data says '2,961 riders'" in done.stdout


def test_a_broken_cell_stops_its_run_with_file_row_and_column(broken: Path) -> None:
    replace(broken / "data" / "bridge_counts.csv", ",2960,", ",29x0,")
    done = run(broken, "rerun")
    assert done.returncode == 1
    assert "bridge_counts.csv: row 4, column crossings: expected a whole number, found '29x0'" in done.stderr


def test_a_word_that_its_settings_do_not_know_stops_its_run(broken: Path) -> None:
    replace(broken / "book.toml", 'licence = "CC0 1.0"\n', "")
    done = run(broken, "check")
    assert (done.returncode, done.stderr) == (1, "book.toml: book: expected the key 'licence', found none\n")


def test_its_fact_carries_its_rows_and_its_claims_their_words(second: Path) -> None:
    lanes = page(second, "pages/lanes")
    proof = [
        cell.get_text(" ", strip=True) for cell in lanes.find("tr", id="fact-riders-newest").find_all("td")
    ]
    assert proof[0] == "2,960 riders"
    assert proof[2] == "bridge_counts , line 4, to 2030"
    assert "Marlow Bay Counters" in proof[3]
    box = lanes.select_one(".claims-box")
    assert [head.get_text() for head in box.find_all("th")] == [
        "The leaflet",
        "Against the counters",
        "Two years on",
    ]
    assert box.select_one(".box-title").get_text() == "What the plan’s leaflet says"
    assert [badge.get_text() for badge in box.select(".badge-verdict")] == ["measured", "overdone"]
    assert box.find("a", href="#fact-cars-left"), "a note leads to the fact that it prints"
    style = (second / "_build" / "html" / "_static" / "colours.css").read_text()
    assert ".badge-verdict.is-overdone" in style
    assert "--rb-c-bicycle:#1b7f4d" in style
    assert "is-confirmed" not in style + (second / "_build" / "html" / "_static" / "book.css").read_text()


def test_it_cites_itself(second: Path) -> None:
    said = page(second, "pages/lanes").select_one(".chart-reuse dd").get_text()
    assert said.startswith("Nobody in Marlow Bay (2031). More bicycles cross the Old Bridge, and fewer cars")
    assert f"In {TITLE}, version 3.1. Data: Marlow Bay Counters (invented) (2031). CC0 1.0." in said
    about = page(second, "pages/lanes").find("script", type="application/ld+json").get_text()
    assert '"inLanguage": "en-IE"' in about
    assert "creativecommons.org/publicdomain/zero" in about


def test_its_site_names_no_address_that_is_not_known(second: Path) -> None:
    site = second / "_build" / "html"
    assert (site / ".nojekyll").is_file()
    for name in ("sitemap.xml", "robots.txt", "404.html", "feed.xml"):
        assert not (site / name).exists()
    lanes = page(second, "pages/lanes")
    assert lanes.find("link", rel=["canonical", "alternate", "manifest"]) is None
    assert lanes.select('meta[property^="og:"]') == []
    assert len(lanes.select('script[type="application/ld+json"]')) == 1


def test_its_editions_bear_its_name(second: Path) -> None:
    made = second / "_build"
    with zipfile.ZipFile(made / "offline" / f"{SLUG}.zip") as site:
        assert site.read(f"{SLUG}/README.txt").decode().startswith(f"{TITLE}, to read without a network")
    with zipfile.ZipFile(made / "epub" / f"{SLUG}.epub") as book:
        package = book.read("content.opf").decode()
        assert f"<dc:title>{TITLE}</dc:title>" in package
        assert "Nobody in Marlow Bay" in package
        (named,) = re.findall("<dc:identifier[^>]*>(urn:uuid:[0-9a-f-]{36})</dc:identifier>", package)
        assert f'name="dtb:uid" content="{named}"' in book.read("toc.ncx").decode()
        shown = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml"))
        assert "<svg" in shown
        assert 'properties="cover-image"' in package
        pages = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")}
    assert loose(pages) == []
    assert TITLE in (made / "slides" / "lanes.html").read_text()


@needs_chromium
def test_its_editions_made_elsewhere_have_the_same_bytes(second: Path, tmp_path: Path) -> None:
    """On one machine: a print edition depends on the Chromium and fonts that lay it out, a zip on zlib."""
    assert run(second, "pdf").returncode == 0
    again = elsewhere(SECOND, tmp_path, *MADE, "pdf")
    for edition in ("offline", "epub", "slides", "pdf"):
        one = digests(second / "_build" / edition)
        assert one
        assert digests(again / edition) == one, edition


def contents(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file, or the files in an archive."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from contents(f"{name}/{member}", archive.read(member))
    else:
        yield name, content


def test_no_file_of_it_says_anything_of_the_first_book(second: Path) -> None:
    book = settings().book
    words = [*FOREIGN, book.title, book.slug, book.authors, book.motto]
    foreign = re.compile("|".join(map(re.escape, words)).encode(), re.IGNORECASE)
    found, seen = set(), 0
    for path in (second / "_build").rglob("*"):
        for name, content in contents(str(path), path.read_bytes()) if path.is_file() else ():
            seen += 1
            # Who holds the rights in the machine's own code stays said beside it.
            if "dist-info/licenses/LICENSE" not in name and not re.search(
                r"libraries\.zip|lib/vega\.js|/vega-", name
            ):
                found |= {f"{name}: {match[0].decode()}" for match in foreign.finditer(content)}
    assert seen > 100
    assert sorted(found) == []


@needs_chromium
def test_its_figure_is_alive_and_its_search_finds_it(second: Path, browser: Browser) -> None:
    opened, faults = browser.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    # What the next page cuts off, such as a slow icon, is no fault; a file that is not there fails otherwise.
    opened.on("requestfailed", lambda asked: asked.failure != "net::ERR_ABORTED" and faults.append(asked.url))
    site = second / "_build" / "html"
    opened.goto((site / "pages" / "lanes.html").as_uri())
    picture = opened.locator(".chart-picture")
    picture.hover()
    expect(picture).to_have_attribute("data-live", "wide")
    expect(picture.locator(".chart-live svg")).to_be_visible()
    opened.goto(f"{(site / 'search.html').as_uri()}?q=harbour")
    expect(opened.locator("#search-results li").first).to_contain_text("Cars are leaving the bridge")
    opened.goto(f"{(site / 'search.html').as_uri()}?q=old bridge")
    assert {kind.strip() for kind in opened.locator(".search-kind").all_inner_texts()} >= {
        "Claim",
        "Figure",
        "Number",
        "Table",
    }
    opened.goto(f"{(second / '_build' / 'slides' / 'lanes.html').as_uri()}")
    expect(opened.locator("h1").first).to_have_text("Did the lanes bring the riders?")
    assert faults == []
    opened.close()
