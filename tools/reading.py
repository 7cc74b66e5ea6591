"""How a chapter reads, in numbers: ``python tools/reading.py`` prints a line a chapter, for BENCHMARKS.

Running text is what stands in paragraphs and lists of a chapter's prose, of quizzes and code nothing. A
sentence ends as `helpers.judge.absence` ends one. What is too long or too dense, and each term of the
glossary that is not linked where it first stands, is named with ``--list``. The minutes are those of the text
alone; a page counts its questions too. Of a site that has been built, in ``_build/html`` or at ``--site``,
two columns more are printed: the minutes that it says, and how far down a chapter's first picture begins.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup

from helpers.chapter import data, output
from helpers.judge import absence, prose
from helpers.judge.places import cells
from helpers.make import browser
from helpers.pages.minutes import PACE
from helpers.settings import settings

#: The most words of a sentence, and linked numbers of a paragraph.
LONG, LINKED = 35, 3
#: The width of the screen on which a first picture is looked for.
WIDTH = 1280
_LINK = re.compile(r"\]\(#fact-[\w-]+\)")
#: Terms whose name is an everyday word too, and mostly is one.
EVERYDAY = {"claim-of-the-article", "combined", "commitment", "joint", "present-status"}


@dataclass
class Reading:
    """What was counted in one chapter; ``marked`` holds place and text of what a bound does not allow."""

    words: int = 0
    sentences: list[int] = field(default_factory=list)
    answer: int = 0
    marked: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return minutes, words, mean and longest sentence, long ones, dense paragraphs, terms, answer."""
        mean = sum(self.sentences) / len(self.sentences)
        long = sum(length > LONG for length in self.sentences)
        dense = len(self.marked) - long
        told = (f"{mean:.1f}", max(self.sentences), long, dense, len(self.unlinked), self.answer)
        return " | ".join(map(str, (round(self.words / PACE), self.words, *told)))


def paragraphs(text: str, first: int = 0) -> Iterator[tuple[int, str]]:
    """Yield line and Markdown of each paragraph and item of a text, those inside a box too."""
    heading = False
    for token in prose.parser().parse(text):
        start = first + (token.map[0] if token.map else 0)
        if token.type == "colon_fence" and not token.info.startswith("{quiz}"):
            yield from paragraphs(token.content, start + 1)
        elif token.type == "inline" and not heading:
            yield start, token.content
        heading = token.type == "heading_open"


def words(text: str) -> int:
    """Return how many words a Markdown text has: what stands between spaces and holds a letter or digit."""
    return sum(any(map(str.isalnum, word)) for word in absence.MARKUP.sub(r"\1", text).split())


def unlinked(prose_of: list[str]) -> Iterator[str]:
    """Yield the terms whose name stands in paragraphs first without, and not within, a link to them.

    What is linked to another term is that one's name, "extended deterrence" no mention of deterrence.
    """
    terms = data.load("glossary")
    for term, name in zip(terms.term_id, terms.term, strict=True):
        words_of = re.escape(re.sub(r"\s*\(.*\)", "", name)).replace(r"\ ", "[ -]")
        named = re.compile(rf"(?<![\w#/-]){words_of}(?![\w-])(?![^\s()]*\))", re.IGNORECASE)
        for whole in prose_of:
            paragraph = re.sub(rf"\[[^\]]*\]\(#term-(?!{term}\))[\w-]+\)", "", whole)
            link = re.search(rf"\[[^\]]*\]\(#term-{term}\)", paragraph)
            stands = named.search(paragraph)
            if link and (not stands or link.start() < stands.start()):
                break
            if stands and term not in EVERYDAY:
                yield f"{name}: … {paragraph[max(0, stands.start() - 40) : stands.end() + 30]} …"
                break


def read(path: Path) -> Reading:
    """Return what is counted in a chapter's prose and in the captions of its figures."""
    found, label = Reading(), f"**{settings().labels.answer}**"
    text = [part for cell in cells(path) if cell.kind == "markdown" for _, part in paragraphs(cell.text)]
    found.unlinked += unlinked(text)
    for cell in cells(path):
        for at, paragraph in paragraphs(cell.text) if cell.kind == "markdown" else ():
            place = cell.at(at)
            found.words += words(paragraph)
            if paragraph.startswith(label):
                found.answer = words(paragraph) - words(label)
            for sentence in absence.SENTENCE.split(" ".join(paragraph.split())):
                found.sentences.append(words(sentence))
                if found.sentences[-1] > LONG:
                    found.marked.append(f"{place}: {found.sentences[-1]} words: {sentence}")
            if (linked := len(_LINK.findall(paragraph))) > LINKED:
                found.marked.append(f"{place}: {linked} linked numbers: {paragraph[:90]} …")
    found.words += sum(words(spec["usermeta"]["caption"]) for spec in output.stored(path, output.FIGURE))
    return found


def told(site: Path) -> dict[str, str]:
    """Return by chapter the time that a built front page says beside its link, counted by `helpers.pages`."""
    page = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    times = page.select('strong:has(> a[href^="chapters/"]) + .minutes')
    links = page.select('strong:has(+ .minutes) > a[href^="chapters/"]')
    return {Path(str(a["href"])).stem: time.get_text() for a, time in zip(links, times, strict=True)}


def pictures(site: Path) -> dict[str, str]:
    """Return by chapter how many pixels down its first picture begins on a screen of `WIDTH`."""
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        tab = browser.launch(playwright).new_page(viewport={"width": WIDTH, "height": 900})
        for path in sorted((site / "chapters").glob("*.html")):
            tab.goto(path.resolve().as_uri())
            box = tab.locator("figure").first.bounding_box()
            found[path.stem] = f"{box['y']:.0f}" if box else "none"
    return found


def main() -> None:
    """Print the table, and with ``--list`` each sentence and paragraph over the bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="name what is too long or too dense")
    parser.add_argument(
        "--site", type=Path, default=settings().root / "_build" / "html", help="the built site"
    )
    given = parser.parse_args()
    built = [told(given.site), pictures(given.site)] if (given.site / "index.html").is_file() else []
    columns = [
        "chapter",
        "minutes",
        "words",
        "mean",
        "longest",
        "over 35",
        "dense paragraphs",
        "unlinked",
        "answer",
    ]
    columns += ["the site's minutes", f"first picture at {WIDTH}"] if built else []
    print(f"| {' | '.join(columns)} |")
    print(f"| {' | '.join('---' for _ in columns)} |")
    for path in sorted((settings().root / "book" / "chapters").glob("*.ipynb")):
        found = read(path)
        print(f"| {' | '.join([path.stem, found.line(), *(of.get(path.stem, '–') for of in built)])} |")
        if given.list:
            print(*found.marked, *found.unlinked, sep="\n")


if __name__ == "__main__":
    main()
