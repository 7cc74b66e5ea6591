"""A book, a chapter and a figure, from skeletons."""

import ast
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from string import Template

import nbformat
from nbformat import v4

from helpers.chapter import data, package
from helpers.files import BookError, write_whole
from helpers.settings import settings

SKELETON = Path(__file__).with_name("skeleton")
_NAME = r"[a-z0-9]+(-[a-z0-9]+)*"
#: For the first column of a table that has such a type: how a figure draws it, and its mark.
_ACROSS = {"date": ("T", "line"), "yearmonth": ("T", "line"), "year": ("O", "bar"), "string": ("N", "bar")}


def book(folder: Path) -> list[str]:
    """Write a book that can be run, checked and built at once; return what is left to do.

    Parameters
    ----------
    folder
        Where; the book is called like it until its ``book.toml`` says otherwise.

    Raises
    ------
    BookError
        If something stands there already, or no such name can be that of a file for download.
    """
    if folder.exists():
        raise BookError(f"{folder}: expected a folder that is not there yet, found one")
    if not re.fullmatch(_NAME, folder.name):
        raise BookError(f"{folder}: expected a name in lower case with hyphens, found {folder.name!r}")
    given = {"slug": folder.name, "title": _title(folder.name)}
    sources = SKELETON / "book"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        made = Path(work) / folder.name
        for path in (path for path in sources.rglob("*") if path.is_file()):
            target = made / path.relative_to(sources)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_filled(path, given), encoding="utf-8")
        made.rename(folder)
    left = [line for path in sorted(folder.rglob("*")) if path.is_file() for line in unwritten(path)]
    commands = (f"python -m helpers {command}" for command in ("rerun", "check", "build"))
    return [f"{folder}: in this folder run {', '.join(commands)}", *left]


def chapter(name: str) -> list[str]:
    """Write a notebook into the book that is worked on and into its contents; return what is left to do.

    Parameters
    ----------
    name
        The file's name without its ending, such as ``"11-ports"``.

    Raises
    ------
    BookError
        If the name is none or is taken, or the contents have no place for a chapter. Nothing is written then.
    """
    page, contents = f"{settings().folders.chapters}/{name}", Path("book/_toc.yml")
    path = Path("book") / f"{page}.ipynb"
    if not re.fullmatch(_NAME, name):
        raise BookError(f"{name}: expected a name in lower case with hyphens, such as 11-ports")
    if path.exists():
        raise BookError(f"{path}: expected a name that no chapter has, found one")
    listed = _listed(contents, page)
    title = _title(re.sub(r"^\d+-", "", name))
    text = _filled(SKELETON / "chapter.ipynb", {"title": title, "answer": settings().labels.answer})
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    write_whole(contents, listed.encode())
    return [f"{path}: a chapter, listed in {contents}", *unwritten(path)]


def figure(name: str, table: str, path: Path) -> list[str]:
    """Write a section with a figure of a table to the end of a notebook; return what is left to do.

    Parameters
    ----------
    name
        The figure's permanent name, ``fig-…``.
    table
        A table of the data package: its first column of times or names runs across, its first number up.
    path
        The notebook.

    Raises
    ------
    BookError
        If the name is none or is taken in the notebook, or the table has no column to draw.
    """
    if not re.fullmatch(f"fig-{_NAME}", name):
        raise BookError(f"{name}: expected a name in lower case with hyphens that begins with fig-")
    if not path.is_file():
        raise BookError(f"{path}: expected a notebook, found none; `new chapter` begins one")
    try:
        notebook = nbformat.read(path, as_version=4)
    except (ValueError, LookupError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise BookError(f"{path}: expected a notebook, found {type(error).__name__}") from error
    if any(cell.get("id") == name[4:] or f'"{name}"' in cell.source for cell in notebook.cells):
        raise BookError(f"{path}: expected a name that no figure of it has, found {name}")
    trees = list(_trees(notebook))
    rows = _variable(trees, table)
    given = {"name": name, "table": table, "rows": rows or table, "chart": name.replace("-", "_")}
    given |= _drawn(table)
    lines, before = [], len(list(unwritten(path)))
    if missing := sorted({"alt", "figure", *(() if rows else ("load",))} - _imported(trees)):
        lines.append(f"from helpers import {', '.join(missing)}\n")
    if not rows:
        lines.append(f'{table} = load("{table}")')
    said = Template((SKELETON / "figure.md").read_text(encoding="utf-8")).substitute(given)
    code = Template((SKELETON / "figure.code").read_text(encoding="utf-8")).substitute(given)
    notebook.cells += [
        v4.new_markdown_cell(said.strip(), id=f"on-{name[4:]}"),
        v4.new_code_cell("\n".join([*lines, code.strip()]), id=name[4:], metadata={"tags": ["hide-input"]}),
    ]
    write_whole(path, f"{nbformat.writes(notebook)}\n".encode())
    return [f"{path}: the figure {name}, in its last two cells", *list(unwritten(path))[before:]]


def unwritten(path: Path) -> Iterator[str]:
    """Yield a line for each text of a file that is still to be written: its first sentence."""
    parts = [(f"{path}:", path.read_text(encoding="utf-8"))]
    if path.suffix == ".ipynb":
        parts = [(f"{path}: cell {cell.id}, line ", cell.source) for cell in nbformat.read(path, 4).cells]
    for place, written in parts:
        for number, line in enumerate(written.split("\n"), start=1):
            for text in line.split(package.MARK)[1:]:
                sentence = re.split(r'[."]', text)[0]  # a line may be one of Python
                yield f"{place}{number}: still to be written: {sentence}"


def _drawn(table: str) -> dict[str, str]:
    """Return the axes and the mark of a figure of a table, and how its numbers are called."""
    fields = list(data.fields(table, package.make(Path("data").resolve()).parent).values())
    across = next((field for field in fields if field["type"] in _ACROSS), None)
    up = next((field for field in fields if field["type"] in ("integer", "number")), None)
    if not across or not up:
        raise BookError(f"{table}: expected a column of times or names and one of numbers, found no such two")
    kind, mark = _ACROSS[across["type"]]
    title = json.dumps(up["title"].lower(), ensure_ascii=False)
    return {"across": f"{across['name']}:{kind}", "up": f"{up['name']}:Q", "mark": mark, "title": title}


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _filled(path: Path, given: dict[str, str]) -> str:
    return Template(path.read_text(encoding="utf-8")).safe_substitute(given)


def _listed(contents: Path, page: str) -> str:
    """Return the table of contents with a page behind the last chapter, or else behind the first page."""
    lines = contents.read_text(encoding="utf-8").split("\n")
    folder = page.partition("/")[0]
    files = [i for i, line in enumerate(lines) if re.match(rf" *- file: {re.escape(folder)}/", line)]
    if not files:
        starts = [i for i, line in enumerate(lines) if re.match(r" *(?:- )?chapters:", line)]
        if not starts:
            raise BookError(f"{contents}: expected a list of chapters, found none")
        files = [i for i, line in enumerate(lines) if i > starts[0] and "- file:" in line][:1]
        if not files:
            raise BookError(f"{contents}: line {starts[0] + 1}: expected a file in the list, found none")
    at = files[-1]
    indent = lines[at].partition("-")[0]
    return "\n".join([*lines[: at + 1], f"{indent}- file: {page}", *lines[at + 1 :]])


def _trees(notebook: nbformat.NotebookNode) -> Iterator[ast.Module]:
    """Yield the code of cells as far as it is plain Python: what binds names stands there."""
    for cell in notebook.cells:
        with suppress(SyntaxError):
            yield ast.parse(cell.source if cell.cell_type == "code" else "")


def _variable(trees: list[ast.Module], table: str) -> str | None:
    """Return the name under which a notebook has loaded a table, if it has."""
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        if isinstance(node.targets[0], ast.Name) and ast.unparse(node.value) == f"load({table!r})":
            return node.targets[0].id
    return None


def _imported(trees: list[ast.Module]) -> set[str]:
    """Return the names that a notebook imports from the library."""
    froms = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {name.name for node in froms if node.module == "helpers" for name in node.names}
