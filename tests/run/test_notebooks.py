"""A notebook is re-run when what made its outputs has changed, and only then; a fault leaves it as it was."""

import codecs
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from helpers.__main__ import main
from helpers.chapter import data
from helpers.files import BookError
from helpers.run import kernels, notebooks


@pytest.fixture
def package_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data that both this process and the kernels that it starts read."""
    folder = tmp_path / "data"
    shutil.copytree(data.FOLDER, folder)
    monkeypatch.setattr(data, "FOLDER", folder)
    return folder


def write(path: Path, *code: str) -> Path:
    cells = [
        new_markdown_cell("# Title", id="title"),
        *(new_code_cell(text, id=f"code-{i}") for i, text in enumerate(code)),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_a_run_stores_outputs_and_what_they_stand_on(tmp_path: Path) -> None:
    path = write(
        tmp_path / "page.ipynb",
        "from helpers import load",
        "print(len(load('events')))\nlen(load('glossary'))",
    )
    assert notebooks.is_stale(path)
    notebooks.run(path)
    assert not notebooks.is_stale(path)
    content = json.loads(path.read_text())
    assert content["metadata"]["report-book"]["tables"] == ["events", "glossary"]
    assert [cell.get("execution_count") for cell in content["cells"]] == [None, 1, 2]
    assert content["cells"][2]["outputs"][0]["text"] == [f"{len(data.load('events'))}\n"]


def test_what_is_printed_bit_by_bit_is_stored_as_one(tmp_path: Path) -> None:
    loop = "for word in ('one ', 'two'):\n    print(word, end='', flush=True)\n    time.sleep(0.5)"
    code = f"import sys, time\n{loop}"
    path = write(tmp_path / "page.ipynb", code)
    notebooks.run(path)
    (shown,) = nbformat.read(path, as_version=4).cells[1].outputs
    assert shown["text"] == "one two"


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    path = write(
        tmp_path / "page.ipynb", "from helpers import load\nprint(load('events').head(2).to_string())"
    )
    notebooks.run(path)
    first = path.read_bytes()
    notebooks.run(path)
    assert path.read_bytes() == first


def test_stale_means_code_table_or_helper_changed(tmp_path: Path, package_of_the_run: Path) -> None:
    notebook = nbformat.read(write(tmp_path / "page.ipynb", "1"), as_version=4)

    def now(modules: tuple[str, ...] = ("helpers", "helpers.chapter.data")) -> str:
        return notebooks.fingerprint(notebook, ["events"], modules)

    before = now()
    with (package_of_the_run / "glossary.csv").open("a") as file:
        file.write("\n")
    assert now() == before, "a table that the run did not ask for"
    with (package_of_the_run / "events.csv").open("a") as file:
        file.write("\n")
    assert now() != before, "a table that it asked for"
    after = now()
    notebook.cells[0].source = "# Another title"
    assert now() == after, "prose makes no output"
    notebook.cells[1].source = "2"
    assert now() != after, "code does"
    assert now() != now(("helpers", "helpers.chapter.theme")), "another module"
    assert now(("helpers.live",)) != now(("helpers.gone",)), "a package, and a module that is no longer there"


def test_stale_means_also_that_a_module_says_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.read(write(tmp_path / "page.ipynb", "1"), as_version=4)
    package = tmp_path / "helpers"
    package.mkdir()
    monkeypatch.setattr(notebooks, "__file__", str(package / "run" / "notebooks.py"))
    made = set()
    for text in ("x = 1", "x = 2"):
        (package / "model.py").write_text(text)
        made.add(notebooks.fingerprint(notebook, [], ["helpers.model"]))
    assert len(made) == 2


def test_a_run_records_the_tables_and_modules_that_it_used(tmp_path: Path) -> None:
    path = write(tmp_path / "page.ipynb", "from helpers.chapter.data import load\nload('events').shape[1]")
    notebooks.run(path)
    record = nbformat.read(path, as_version=4).metadata["report-book"]
    assert record["tables"] == ["events"]
    assert {"helpers", "helpers.chapter.data", "helpers.settings"} <= set(record["modules"])
    assert "helpers.chapter.vegalite" not in record["modules"], "what draws is loaded by who draws"
    assert not any(
        "sphinx" in name or name in ("helpers.pages.drawings", "helpers.run.kernels")
        for name in record["modules"]
    )


def test_a_kernel_has_loaded_what_is_slow_and_nothing_of_this_package(tmp_path: Path) -> None:
    loaded = "import sys\n[name in sys.modules for name in ('pandas', 'altair', 'helpers', 'vl_convert')]"
    path = write(tmp_path / "page.ipynb", loaded)
    notebooks.run(path)
    assert (
        nbformat.read(path, as_version=4).cells[1].outputs[0]["data"]["text/plain"]
        == "[True, True, False, False]"
    )


def test_a_kernel_shows_tables_as_one_that_jupyter_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = (
        "import pandas as pd\n"
        "names = pd._config.config._registered_options\n"
        "{key: pd.get_option(key) for key in names if key[:8] == 'display.'}"
    )
    path, shown = write(tmp_path / "page.ipynb", options), []
    for _ in range(2):
        notebooks.run(path)
        shown.append(nbformat.read(path, as_version=4).cells[1].outputs[0]["data"]["text/plain"])
        monkeypatch.setattr(kernels, "fork", lambda client: None)
    assert shown[0].casefold() == shown[1].casefold()  # they spell an encoding in two ways


def test_a_kernel_stands_beside_its_notebook_in_a_group_of_its_own_and_is_gone_after_the_run(
    tmp_path: Path,
) -> None:
    asked = f"import os\nprint(os.getcwd() == {str(tmp_path)!r}, os.getpid(), os.getpgid(0))"
    path = write(tmp_path / "page.ipynb", asked)
    notebooks.run(path)
    beside, kernel, group = nbformat.read(path, as_version=4).cells[1].outputs[0]["text"].split()
    kernel = int(kernel)
    assert (beside, int(group)) == ("True", kernel)
    with pytest.raises(ProcessLookupError):
        os.kill(kernel, 0)


def test_a_cell_that_raises_leaves_the_notebook_and_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "page.ipynb", "x = 1", "raise ValueError('no such\\nthing')")
    before = path.read_bytes()
    assert main(["rerun", str(path)]) == 1
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert capsys.readouterr().err == f"{path}: cell code-1: ValueError: no such thing\n"


def test_a_good_run_says_how_far_it_is_and_ends_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "page.ipynb", "x = 1")
    assert main(["rerun", str(path)]) == 0
    assert re.fullmatch(rf"\[1/1\] {path} ran \(\d\d? s\)\n", capsys.readouterr().out)


def test_a_cell_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "TIMEOUT", 1)
    path = write(tmp_path / "page.ipynb", "while True: pass")
    with pytest.raises(BookError, match=r"cell code-0: expected an end within 1 s, found none$"):
        notebooks.run(path)


def test_a_kernel_that_dies_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "page.ipynb", "import os\nos._exit(9)")
    with pytest.raises(BookError, match=r"cell code-0: the kernel died"):
        notebooks.run(path)


def test_what_is_no_notebook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    path.write_text("{")
    with pytest.raises(BookError, match="expected a notebook, found NotJSONError"):
        notebooks.is_stale(path)


def test_what_others_have_written_into_a_notebook_stays(tmp_path: Path) -> None:
    nbgrader = {"grade_id": "one", "points": 2, "grade": True}
    picture = {"a.png": {"image/png": "AA=="}}
    cells = [
        new_markdown_cell(
            "![x](attachment:a.png)", id="pasted", attachments=picture, metadata={"lang": "de"}
        ),
        new_raw_cell("\\newpage", id="raw", metadata={"raw_mimetype": "text/latex"}),
        new_code_cell(
            "1 + 1",
            id="sum",
            metadata={"nbgrader": nbgrader, "tags": ["x"], "execution": {"a": "b"}, "collapsed": True},
        ),
        new_code_cell("", id="empty"),
    ]
    notebook = new_notebook(
        cells=cells, metadata={"authors": [{"name": "A"}], "jupytext": {"formats": "ipynb"}}
    )
    nbformat.write(notebook, tmp_path / "page.ipynb")
    notebooks.run(tmp_path / "page.ipynb")
    after = nbformat.read(tmp_path / "page.ipynb", as_version=4)
    assert [(cell.id, cell.cell_type, cell.source) for cell in after.cells] == [
        (cell.id, cell.cell_type, cell.source) for cell in cells
    ]
    assert after.cells[0].attachments == picture
    assert [cell.metadata for cell in after.cells[:3]] == [
        {"lang": "de"},
        {"raw_mimetype": "text/latex"},
        {"nbgrader": nbgrader, "tags": ["x"]},
    ]
    assert (after.metadata.authors, after.metadata.jupytext) == ([{"name": "A"}], {"formats": "ipynb"})
    assert after.cells[2].outputs[0]["data"]["text/plain"] == "2"


def test_cells_without_ids_get_names_and_those_with_one_name_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "page.ipynb", "x = 1", "y = 2")
    content = json.loads(path.read_text())
    old = {**content, "nbformat_minor": 4, "cells": [{**cell} for cell in content["cells"]]}
    for cell in old["cells"]:
        del cell["id"]
    path.write_text(json.dumps(old))
    notebooks.run(path)
    assert [cell["id"] for cell in json.loads(path.read_text())["cells"]] == ["cell-0", "cell-1", "cell-2"]
    for cell in content["cells"]:
        cell["id"] = "same"
    path.write_text(json.dumps(content))
    with pytest.raises(BookError, match=r"page\.ipynb: expected an id for each cell, found 'same' again"):
        notebooks.run(path)


def test_a_kernel_keeps_the_time_of_greenwich_wherever_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    path = write(tmp_path / "page.ipynb", "import time\nprint(time.tzname[0], time.localtime(0).tm_hour)")
    notebooks.run(path)
    assert nbformat.read(path, as_version=4).cells[1].outputs[0]["text"] == "UTC 0\n"


@pytest.mark.parametrize("code", ["import altair\naltair.Chart({'values': [{}]}).mark_bar()"])
def test_a_cell_that_ends_in_a_plain_chart_is_named_and_the_notebook_stays(tmp_path: Path, code: str) -> None:
    path = write(tmp_path / "page.ipynb", code)
    before = path.read_bytes()
    with pytest.raises(BookError, match=r"cell code-0: .* a chart: end the cell in figure\(chart, …\)$"):
        notebooks.run(path)
    assert path.read_bytes() == before


def test_stored_outputs_of_the_book_are_current(root: Path) -> None:
    assert [path.name for path in notebooks.find(root / "book") if notebooks.is_stale(path)] == []


def test_no_book_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match=r"^book: expected a folder with pages, found none$"):
        notebooks.find()
    assert notebooks.find(Path("book") / "seminar" / "solutions") == [], "a book need have none"


@pytest.mark.parametrize(
    ("about", "content", "what"),
    [
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, b"", "found one in R"),
        ({"language_info": {"name": "julia"}}, b"", "found one in julia"),
        ({}, codecs.BOM_UTF8, "a byte-order mark before it; save it without one"),
    ],
)
def test_what_no_kernel_here_could_run_is_named_and_stays(
    tmp_path: Path, about: dict[str, Any], content: bytes, what: str
) -> None:
    path = tmp_path / "page.ipynb"
    whole = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x <- 1", id="one")], metadata=about)
    path.write_bytes(content + nbformat.writes(whole).encode())
    before = path.read_bytes()
    with pytest.raises(BookError, match=rf"page\.ipynb: expected a notebook.*{what}$"):
        notebooks.run(path)
    assert path.read_bytes() == before


def test_a_notebook_of_an_older_format_is_renewed(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": "1 + 1", "outputs": [], "language": "python", "metadata": {}}
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [cell], "metadata": {}}],
    }
    (tmp_path / "page.ipynb").write_text(json.dumps(old))
    notebook = notebooks.read(tmp_path / "page.ipynb")
    assert [cell.source for cell in notebook.cells] == ["1 + 1"]
    assert (notebook.nbformat, [cell.id for cell in notebook.cells]) == (4, ["cell-0"])


def test_a_cell_that_prints_without_measure_is_named_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "page.ipynb", "print('x' * 3_000_000)")
    before = path.read_bytes()
    with pytest.raises(
        BookError, match=r"cell \S+: expected at most 20,000 printed letters, found 3,000,001; "
    ):
        notebooks.run(path)
    assert path.read_bytes() == before
