"""The pages of a book, their cells, and where in them something stands."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

#: How files end that people take for pages: texts in other languages, and the right ones in capitals.
_LIKE_PAGES = (".md", ".ipynb", ".rst", ".markdown", ".mdown", ".mdx", ".qmd", ".rmd", ".adoc", ".org")


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
    return [path for suffix in (".ipynb", ".md") for path in _written(book) if path.suffix == suffix]


def _written(book: Path) -> list[Path]:
    """Return what lies in a book folder, drafts and what begins with a dot left out."""
    found = ((path, path.relative_to(book).parts) for path in sorted(book.rglob("*")))
    return [path for path, parts in found if not any(part[0] in "._" for part in parts)]


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


def broken(book: Path) -> Iterator[Problem]:
    """Yield what makes a file of a book folder none of its pages, its name among it."""
    names = dict[str, Path]()
    for path in _written(book):
        if path.suffix not in (".ipynb", ".md") and path.suffix.lower() in _LIKE_PAGES:
            message = f"expected a page that ends in .md or .ipynb, found one in {path.suffix}; save it so"
            yield Problem(Place(str(path)), f"{message}, or let its name begin with _")
    for path in pages(book):
        if (other := names.setdefault(str(path.with_suffix("")).lower(), path)) != path:
            message = f"expected a name that no other page has, found that of {other.name}, but for capitals"
            yield Problem(Place(str(path)), message)
        if strange := re.search(r"[^A-Za-z0-9._/-]", path.relative_to(book).as_posix()):
            message = (
                "expected a file's name of plain letters, digits and hyphens, since pages are called like it"
            )
            yield Problem(Place(str(path)), f"{message}; found {strange[0]!r}")
        yield from (Problem(Place(str(path), line), fault) for line, fault in _broken(path))


def _broken(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what makes a file no page: a merge left open, a notebook that is cut off or written as text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        yield line, f"expected UTF-8, found the byte {error.object[error.start]:#04x}; save the file as UTF-8"
        return
    except OSError as error:
        yield 1, f"expected a file, found none: {error.strerror}"
        return
    if text.startswith("\ufeff"):
        yield 1, "expected UTF-8 without a byte-order mark, found one; save the file without it"
        return
    marks = list(re.finditer(r"^(?:<{7}|>{7}|\|{7}) ", text, re.MULTILINE))
    for mark in marks:
        line = text.count("\n", 0, mark.start()) + 1
        yield line, f"expected one text, found {mark[0].strip()!r}, the mark of a merge; settle it"
    if path.suffix == ".ipynb":
        try:
            content = json.loads(text)
            if isinstance(content, dict) and "worksheets" in content:
                yield (
                    1,
                    "expected a notebook of format 4, found an older one; `rerun` renews it",
                )
                return
            whole = all("source" in cell and "cell_type" in cell for cell in content["cells"])
        except (ValueError, LookupError, TypeError, RecursionError):
            whole = False
        if not whole and not marks:
            yield 1, "expected a notebook, found none (is the file cut off?)"
    elif re.match(r"---\n(?:(?!---\n).*\n)*?(?:file_format: mystnb|jupytext:|kernelspec:)", text):
        yield (
            1,
            "expected a page or a notebook, found a notebook as text; save it as .ipynb",
        )
