"""The page "A table, a figure and a fact in one hour" is carried out on a copy, block by block."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from conftest import ROOT

PAGE = ROOT / "docs" / "first-hour.md"
NOTEBOOK = "book/chapters/99-northport.ipynb"
#: What the line before a block may say of it.
_SAID = re.compile(
    r"(?P<do>Add to|Write|Make the cell|Add the cell|Run|Its metadata)\b(?:.*`(?P<where>[^`]+)`)?.*:$"
)


def steps(text: str) -> list[tuple[str, str, str, str]]:
    """Return what each fenced block is for, of what, its language and its text."""
    found = []
    for block in re.finditer(r"([^\n]*)\n\n```(\w+)\n(.*?)```", text, re.DOTALL):
        said = _SAID.search(block[1])
        assert said, f"a block after {block[1]!r}, which does not say what to do with it"
        found.append((said["do"], said["where"] or "", block[2], block[3]))
    return found


def run(copy: Path, line: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy / "src")}
    command = [sys.executable, *line.split()[1:]]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def cells(copy: Path) -> Any:
    return nbformat.read(copy / NOTEBOOK, as_version=4)


def carry_out(copy: Path, do: str, where: str, language: str, text: str) -> list[str]:
    """Do what a block says; return what the commands in it have printed."""
    if do == "Add to":
        with (copy / where).open("a", encoding="utf-8") as file:
            file.write(text)
    elif do == "Write":
        (copy / where).write_text(text, encoding="utf-8")
    elif do == "Run":
        return [_succeeds(copy, line) for line in text.splitlines()]
    else:
        notebook = cells(copy)
        if do == "Make the cell":
            (cell,) = [cell for cell in notebook.cells if cell.id == where]
            assert (cell.cell_type == "markdown") == (language == "markdown")
            cell.source = text.strip()
        elif do == "Add the cell":
            notebook.cells.append(v4.new_code_cell(text.strip(), id=where))
        else:
            notebook.cells[-1].metadata = json.loads(text)
        nbformat.write(notebook, copy / NOTEBOOK)
    return []


def _succeeds(copy: Path, line: str) -> str:
    done = run(copy, line)
    assert "invalid choice" not in done.stderr, f"the command of `{line}` is missing: {done.stderr}"
    if "helpers check" in line:  # of the rest of the book another test judges whether it is fresh
        ours = [said for said in done.stdout.splitlines() if "99-northport" in said or "port_calls" in said]
        assert ours == [], line
    else:
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout


def test_every_block_says_what_to_do_with_it() -> None:
    done = [do for do, *_ in steps(PAGE.read_text(encoding="utf-8"))]
    assert done.count("Run") == 3
    assert {*done} == {"Add to", "Write", "Run", "Make the cell", "Add the cell", "Its metadata"}
    with pytest.raises(AssertionError, match="does not say"):
        steps("Look at this\n\n```python\n1\n```\n")


def test_the_hour_ends_with_a_page_whose_number_is_checked(copy: Path) -> None:
    for step in steps(PAGE.read_text(encoding="utf-8")):
        printed = carry_out(copy, *step)
    site = re.search(r"\S+99-northport\.html", printed[-1])
    assert site, "the last command says where the page is"
    page = BeautifulSoup(
        Path(copy, site[0].removeprefix("file://")).read_text(encoding="utf-8"), "html.parser"
    )
    assert page.select_one("figure#fig-port-calls svg")
    proof = page.find("tr", id="fact-port-calls-newest")
    assert "port_calls, line 4" in proof.get_text(" ").replace(" ,", ",")
    assert page.find("a", href="#fact-port-calls-newest").get_text() == "23 ships"
    data = copy / "data" / "port_calls.csv"
    data.write_text(data.read_text().replace("2024,23,", "2024,24,"))
    _succeeds(copy, f"python -m helpers rerun {NOTEBOOK}")
    said = run(copy, "python -m helpers check").stdout
    assert re.search(
        r"99-northport\.ipynb: cell [\w-]+, line \d+: \[23 ships\].*the data says '24 ships'", said
    )
