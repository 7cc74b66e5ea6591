"""What is published: the built site with its editions in ``downloads/``, and a page that lists them."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from helpers.files import BookError
from helpers.make import database, packs
from helpers.make.build import BUILD
from helpers.make.editions import anew, pack
from helpers.settings import settings

#: Where the editions lie in the site, the file that has the digests of all of them, and the decks to open.
FOLDER, DIGESTS, DECKS = Path("downloads"), "SHA256SUMS", "slides"


def make(editions: dict[str, Path], slides: Path, printed: Path) -> Path:
    """Put the site and its editions together in ``_build/site``, beside the last good one, and return it.

    Parameters
    ----------
    editions
        Files by what the page of downloads calls them: ``zip``, ``pdf``, ``epub``, ``wheel``.
    slides
        The folder of the decks.
    printed
        The folder of the print packs.

    Raises
    ------
    BookError
        If the site is not built, or its page of downloads has no entry for an edition.
    """
    site, final = BUILD / "html", BUILD / "site"
    if not (site / FOLDER / "index.html").is_file():
        raise BookError(f"{site / FOLDER / 'index.html'}: not found; run `make book` first")
    with anew(final) as made:
        shutil.copytree(site, made)
        files, offers = _gather(editions, slides, made), []
        shutil.copytree(slides, made / FOLDER / DECKS)
        if (whole := packs.whole(printed).with_suffix(".pdf")).is_file():
            files["seminar"] = Path(shutil.copy(whole, made / FOLDER))
            offers = _offers(printed, files["zip"], made)
        digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
        lines = "".join(f"{digests[name]}  {path.name}\n" for name, path in files.items())
        (made / FOLDER / DIGESTS).write_text(lines, encoding="utf-8")
        page = made / FOLDER / "index.html"
        page.write_text(_listed(page.read_text(encoding="utf-8"), files, digests, offers), encoding="utf-8")
    return final / "index.html"


def _gather(editions: dict[str, Path], slides: Path, site: Path) -> dict[str, Path]:
    """Put the editions into the site; return their files by the names of their rows."""
    folder, slug = site / FOLDER, settings().book.slug
    files = {name: Path(shutil.copy(path, folder)) for name, path in editions.items()}
    files["slides"] = folder / f"{slug}-slides.zip"
    decks = [path for path in sorted(slides.rglob("*")) if path.is_file()]
    names = [f"{slug}-slides/{path.relative_to(slides).as_posix()}" for path in decks]
    pack(files["slides"], ((name, path.read_bytes()) for name, path in zip(names, decks, strict=True)))
    files["data"], files["sqlite"] = folder / f"{slug}-data.zip", folder / f"{slug}.sqlite"
    database.package(files["data"], site / "data")
    database.sqlite(files["sqlite"], site / "data")
    return files


@dataclass
class Offer:
    """What there is to take away of one page: the files by what they are called."""

    title: str
    files: dict[str, Path]

    def line(self, page: BeautifulSoup, folder: Path) -> Tag:
        """Return links to the files as a paragraph of a page in a folder."""
        line = page.new_tag("p")
        for words, file in self.files.items():
            href = os.path.relpath(file, folder).replace(os.sep, "/")
            line.append(", " if line.contents else "")
            if file.suffix == ".html":
                line.append(_tag(page, "a", words, href=href))
            else:
                line.append(_tag(page, "a", words, href=href, download=""))
                line.append(f" ({_size(file.stat().st_size)})")
        return line

    def named(self, page: BeautifulSoup, folder: Path) -> Tag:
        """Return such a paragraph that begins with the title."""
        line = self.line(page, folder)
        line.insert(0, f"{self.title}: ")
        return line


def _offers(printed: Path, zipped: Path, site: Path) -> list[Offer]:
    """Put each pack beside its page, and links to it, its slides and the whole site below the page's list.

    A container ``packs`` of another page gets a line for each. Return what each page offers, in the order of
    their names.
    """
    pages, offers = site / settings().folders.seminar, []
    folder = pages / "packs"
    folder.mkdir()
    for path in sorted(pages.rglob("*.html")):
        forms = {"Print pack": path.stem, "in large print": f"{path.stem}{packs.LARGE}"}
        made = {words: printed / f"{name}.pdf" for words, name in forms.items()}
        if not all(file.is_file() for file in made.values()):
            continue
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        offer = Offer(
            next(page.select("h1")[0].stripped_strings),
            {words: Path(shutil.copy(file, folder)) for words, file in made.items()},
        )
        offers.append(offer)
        if (deck := site / FOLDER / DECKS / path.name).is_file():
            offer.files["slides"] = deck
        offered = Offer(offer.title, {**offer.files, "the whole book for a stick": zipped})
        page.select("ul.pack")[0].insert_after(offered.line(page, path.parent))
        path.write_text(str(page), encoding="utf-8")
    for path in pages.rglob("*.html"):
        if 'class="packs' in (html := path.read_text(encoding="utf-8")):
            page = BeautifulSoup(html, "html.parser")
            page.select(".packs")[0].extend([offer.named(page, path.parent) for offer in offers])
            path.write_text(str(page), encoding="utf-8")
    return offers


def _listed(html: str, files: dict[str, Path], digests: dict[str, str], offers: list[Offer]) -> str:
    """Return the page of downloads with a link, a size and a digest for each edition that there is.

    Decks and packs have a link each besides.
    """
    page = BeautifulSoup(html, "html.parser")
    for entry in page.select("dt[data-edition]"):
        if entry["data-edition"] not in files:
            if told := entry.find_next_sibling("dd"):
                told.decompose()
            entry.decompose()
    for note in page.select(".no-editions"):
        note.decompose()
    for name, path in files.items():
        title = page.select_one(f'dt[data-edition="{name}"]')
        words = title and title.find_next_sibling("dd")
        if title is None or words is None:
            raise BookError(f"{FOLDER}/index.html: expected an entry for {name}, found none")
        link = _tag(page, "a", title.get_text(), href=path.name, download="")
        title.clear()
        title.extend([link, f", {_size(path.stat().st_size)}"])
        words.append(_tag(page, "code", f"SHA-256 {digests[name]}"))
        if name == "slides":
            words.append(_tag(page, "a", "Open them here", href=f"{DECKS}/index.html"))
        if name == "seminar":
            for offer in offers:
                words.append(offer.named(page, path.parent))
    if entries := page.select_one(".editions"):
        entries.insert_after(_tag(page, "a", "All digests in one file", href=DIGESTS))
    return str(page)


def _tag(page: BeautifulSoup, name: str, text: str, **attributes: str) -> Tag:
    tag = page.new_tag(name, attrs=attributes)
    tag.string = text
    return tag


def _size(count: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{max(count, 1000) / 1e3:.0f} kB"
