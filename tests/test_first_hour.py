"""The page "A table, a figure and a fact in one hour" is carried out on a copy, block by block."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from conftest import ROOT, run
from instructions import carry_out, steps, succeeds

PAGE = ROOT / "docs" / "first-hour.md"
NOTEBOOK = "book/chapters/99-northport.ipynb"


def test_every_block_says_what_to_do_with_it(tmp_path: Path) -> None:
    done = [do for do, *_ in steps(PAGE)]
    assert done.count("Run") == 3
    assert {*done} == {"Add to", "Write", "Run", "Make the cell", "Add the cell", "Its metadata"}
    (tmp_path / "page.md").write_text("Look at this\n\n```python\n1\n```\n")
    with pytest.raises(AssertionError, match="does not say"):
        steps(tmp_path / "page.md")


def test_the_hour_ends_with_a_page_whose_number_is_checked(copy: Path, site: Path) -> None:
    # As in a clone whose book has been made: the drawings of its figures are there. The seminar and the
    # chapters but one are left out, which the first look at a page would have to read.
    shutil.copytree(site.parent / "drawings", copy / "_build" / "drawings")
    contents = copy / "book" / "_toc.yml"
    toc, kept = yaml.safe_load(contents.read_text(encoding="utf-8")), "00-the-alliance"
    shutil.rmtree(copy / "book" / "seminar")
    for chapter in copy.glob("book/chapters/*"):
        if chapter.stem != kept:
            chapter.unlink()
    for part in toc["parts"]:
        part["chapters"] = [
            page for page in part["chapters"] if re.search(f"{kept}|^reference", page["file"])
        ]
    toc["parts"] = [part for part in toc["parts"] if part["chapters"]]
    contents.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    printed: dict[str, str] = {}
    for step in steps(PAGE):
        printed |= carry_out(copy, NOTEBOOK, step)
    found = printed["python -m helpers check"].splitlines()
    assert [line for line in found if "99-northport" in line or "port_calls" in line] == []
    site = re.search(r"\S+99-northport\.html", printed["python -m helpers page chapters/99-northport"])
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
    succeeds(copy, f"python -m helpers rerun {NOTEBOOK}")
    said = run(copy, "check").stdout
    assert re.search(
        r"99-northport\.ipynb: cell [\w-]+, line \d+: \[23 ships\].*the data says '24 ships'", said
    )
