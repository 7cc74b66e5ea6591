"""Carries out a page of instructions: each fenced block, as the line before it says."""

import json
import re
from pathlib import Path

import nbformat
from nbformat import v4

from conftest import python

#: What the line before a block may say of it.
_SAID = re.compile(
    r"(?P<do>Add to|Change in|Write|Make the cell|Add the cell|Run|Its metadata)\b"
    r"(?:.*?`(?P<where>[^`]+)`)?[^:]*:$"
)
Step = tuple[str, str, str, str]


def steps(page: Path) -> list[Step]:
    """Return what each fenced block of a page is for, of what, its language and its text."""
    found = []
    text = page.read_text(encoding="utf-8")
    for block in re.finditer(r"([^\n]*)\n\n(```+)(\w+)\n(.*?)\n\2\n", text, re.DOTALL):
        said = _SAID.search(block[1])
        assert said, f"a block after {block[1]!r}, which does not say what to do with it"
        found.append((said["do"], said["where"] or "", block[3], f"{block[4]}\n"))
    return found


def carry_out(book: Path, notebook: str, step: Step) -> dict[str, str]:
    """Do what a block says in a book, its cells in a notebook; return what each command in it has printed."""
    do, where, _, text = step
    if do == "Run":
        return {line: succeeds(book, line) for line in text.splitlines()}
    if do == "Write":
        (book / where).parent.mkdir(exist_ok=True)
        (book / where).write_text(text, encoding="utf-8")
    elif do == "Add to":
        with (book / where).open("a", encoding="utf-8") as file:
            file.write(text)
    elif do == "Change in":
        before, after = (
            "".join(line[1:] for line in text.splitlines(keepends=True) if line[0] in kept)
            for kept in (" -", " +")
        )
        content = (book / where).read_text(encoding="utf-8")
        assert content.count(before) == 1, f"{where} has {content.count(before)} times {before!r}"
        (book / where).write_text(content.replace(before, after), encoding="utf-8")
    else:
        _write_cell(book / notebook, step)
    return {}


def _write_cell(notebook: Path, step: Step) -> None:
    """Write a cell, or the metadata of the cell that was written last."""
    do, where, language, text = step
    content = nbformat.read(notebook, as_version=4)
    if do == "Add the cell":
        content.cells.append(v4.new_code_cell(text.strip(), id=where))
    elif do == "Make the cell":
        (cell,) = [cell for cell in content.cells if cell.id == where]
        assert (cell.cell_type == "markdown") == (language == "markdown")
        cell.source = text.strip()
    else:
        content.cells[-1].metadata = json.loads(text)
    nbformat.write(content, notebook)


def succeeds(book: Path, line: str) -> str:
    """Run a line of a console in a book; return what it has printed.

    ``check`` may find what it likes in the rest of the book, of which other tests judge whether it is fresh.
    """
    done = python(book, *line.split()[1:])
    assert "invalid choice" not in done.stderr, f"the command of `{line}` is missing: {done.stderr}"
    if "helpers check" not in line:
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout
