"""How a chapter reads, in numbers: ``python tools/reading.py`` prints a line a chapter, for BENCHMARKS.

Running text is what stands in paragraphs and lists of a chapter's prose, of quizzes and code nothing. A
sentence ends as `helpers.judge.absence` ends one. What is too long or too dense is named with ``--list``.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helpers.chapter import output
from helpers.judge import absence, prose
from helpers.judge.places import cells
from helpers.pages.minutes import PACE
from helpers.settings import settings

#: The most words of a sentence, and linked numbers of a paragraph.
LONG, LINKED = 35, 3
_LINK = re.compile(r"\]\(#fact-[\w-]+\)")


@dataclass
class Reading:
    """What was counted in one chapter; ``marked`` holds place and text of what a bound does not allow."""

    words: int = 0
    sentences: list[int] = field(default_factory=list)
    answer: int = 0
    marked: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return minutes, words, mean and longest sentence, long ones, dense paragraphs, words of answer."""
        mean = sum(self.sentences) / len(self.sentences)
        long = sum(length > LONG for length in self.sentences)
        dense = len(self.marked) - long
        length = f"{mean:.1f} | {max(self.sentences)} | {long}"
        return f"{self.words / PACE:.0f} | {self.words} | {length} | {dense} | {self.answer}"


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


def read(path: Path) -> Reading:
    """Return what is counted in a chapter's prose and in the captions of its figures."""
    found, label = Reading(), f"**{settings().labels.answer}**"
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


def main() -> None:
    """Print the table, and with ``--list`` each sentence and paragraph over the bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="name what is too long or too dense")
    listed = parser.parse_args().list
    print("| chapter | minutes | words | mean | longest | over 35 | dense paragraphs | answer |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for path in sorted((settings().root / "book" / "chapters").glob("*.ipynb")):
        found = read(path)
        print(f"| {path.stem} | {found.line()} |")
        if listed:
            print("\n".join(found.marked))


if __name__ == "__main__":
    main()
