"""The pages of a book, their cells, and where in them something stands."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


class Place(NamedTuple):
    """A line of a file and, in a notebook, the cell and its line, by which who opens it finds the place.

    Examples
    --------
    >>> str(Place("index.md", 3)), str(Place("lanes.ipynb", 115, "riders", 2))
    ('index.md:3', 'lanes.ipynb: cell riders, line 2')
    """

    file: str
    line: int = 1
    cell: str = ""
    within: int = 1

    def __str__(self) -> str:
        return (
            f"{self.file}: cell {self.cell}, line {self.within}" if self.cell else f"{self.file}:{self.line}"
        )


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place, and what to do."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook; a Markdown page is one, too. ``at`` gives the place of a line, counted from 0."""

    kind: str
    text: str
    at: Callable[[int], Place]
    tags: tuple[str, ...] = ()
    #: What its run has stored, by MIME type.
    bundles: tuple[dict[str, Any], ...] = ()

    def stored(self, kind: str) -> list[Any]:
        """Return the contents of one MIME type among its outputs, in order."""
        return [bundle[kind] for bundle in self.bundles if kind in bundle]


def pages(book: Path) -> list[Path]:
    """Return the notebooks of a book folder and then its Markdown pages, each in the order of their names."""
    written = [
        path
        for path in sorted(book.rglob("*"))
        if not any(part[0] in "._" for part in path.relative_to(book).parts)
    ]
    return [path for suffix in (".ipynb", ".md") for path in written if path.suffix == suffix]


def cells(path: Path) -> Iterator[Cell]:
    """Yield the cells of a page; one without an id is called by its number."""
    raw = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        yield Cell("markdown", raw, lambda line: Place(str(path), line + 1))
        return
    # Of one depth are the keys of cells alone: what an output holds lies deeper.
    depth = re.search(r'^( *)"cell_type":', raw, re.MULTILINE)
    key = re.compile(rf'{depth[1] if depth else ""}"source": *(\[?)')
    # Not at the other characters that end a line: an output may hold them.
    starts = [(i, found[1]) for i, line in enumerate(raw.split("\n")) if (found := key.match(line))]
    written = json.loads(raw)["cells"]
    for number, cell in enumerate(written):
        # Where another program has put all on one line, that is where everything stands.
        start, lines = starts[number] if len(starts) == len(written) else (0, "")

        def place(
            line: int,
            name: str = str(cell.get("id", f"cell-{number}")),
            start: int = start,
            lines: str = lines,
        ) -> Place:
            return Place(str(path), start + (line + 2 if lines else 1), name, line + 1)

        tags = tuple(cell.get("metadata", {}).get("tags", []))
        bundles = tuple(out.get("data", {}) for out in cell.get("outputs", []))
        yield Cell(cell["cell_type"], "".join(cell["source"]), place, tags, bundles)
