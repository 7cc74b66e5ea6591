"""Every command needs Python alone to begin with, starts at once, and does nothing twice."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from conftest import ROOT
from helpers import __main__ as command
from helpers.files import BookError
from helpers.run import environment

#: What takes a second to import.
HEAVY = "{'altair', 'pandas', 'nbformat', 'nbclient', 'sphinx', 'docutils', 'playwright'}"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place in which an environment would be made, with the project's own lock."""
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".venv")
    return tmp_path


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", lock))


def write_notebook() -> None:
    """Give the small book a page that has to be run."""
    cells = [new_markdown_cell("# One", id="title"), new_code_cell("print(6 * 7)", id="sum")]
    nbformat.write(new_notebook(cells=cells), "book/one.ipynb")
    Path("book/_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: one\n")


def test_with_nothing_installed_it_says_what_it_can_do() -> None:
    bare = [sys.executable, "-I", "-S", "src/helpers"]
    done = subprocess.run([*bare, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in command.COMMANDS)
    done = subprocess.run([*bare, "setup", "jam"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == "setup: expected some of run, book, pdf, refresh, lab, test, found jam\n"


def test_what_tests_import_comes_with_what_quick_installs() -> None:
    """It gathers all of them, those too that it leaves out."""
    installed = set(map(environment._name, pins(environment.part(command.COMMANDS["quick"].needs))))
    trees = [ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in ROOT.glob("tests/**/*.py")]
    nodes = [node for tree in trees for node in tree]
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    names += [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    known = packages_distributions()
    homes = {name: known.get(name, []) for name in {name.partition(".")[0] for name in names}}
    loose = [
        name for name, found in homes.items() if found and not {*map(environment._name, found)} & installed
    ]
    assert [name for name in loose if name != "helpers"] == []


def test_it_starts_without_what_is_slow_to_import() -> None:
    code = f"import helpers.__main__, sys; sys.exit(str({HEAVY} & sys.modules.keys() or ''))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_a_command_without_its_packages_names_what_sets_them_up(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "filelock", None)
    assert command.main(["build"]) == 1
    assert capsys.readouterr().err == "build: filelock is not installed: `setup run book` installs it\n"


def test_what_the_book_needs_is_a_part_of_the_lock_and_whole() -> None:
    whole = pins(environment.LOCK.read_text())
    book = pins(environment.part(environment.BOOK))
    assert book.items() < whole.items()
    assert {"altair", "pandas", "sphinx", "jupyter-book", "ipykernel", "vl-convert-python"} <= book.keys()
    assert not {"playwright", "jupyterlab", "mypy", "pytest", "hypothesis"} & book.keys()
    assert pins(environment.part(environment.extras())) == whole, "what no need has is no pin"
    # pip refuses a part that lacks something, for each pin has its hash.
    assert all("--hash=sha256:" in pin for pin in re.split(r"\n(?=\w)", environment.part(["pdf"])))


def test_the_lock_names_no_address_of_an_index() -> None:
    assert not re.search(r"https?:|--(extra-)?index|--find-links", environment.LOCK.read_text())


def test_a_need_that_the_lock_does_not_have_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(re.sub(r"(?m)^playwright==", "playwrong==", environment.LOCK.read_text()))
    monkeypatch.setattr(environment, "LOCK", lock)
    with pytest.raises(BookError, match=r"^requirements\.lock: expected playwright, found none"):
        environment.part(["pdf"])


def test_setting_up_does_nothing_twice_and_only_what_is_asked(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[list[str]] = []

    def install(needs: list[str]) -> None:
        environment.python(environment.FOLDER).parent.mkdir(parents=True, exist_ok=True)
        environment.python(environment.FOLDER).touch()
        done.append(needs)

    monkeypatch.setattr(environment, "_install", install)
    for needs in (("run", "book"), ("book", "run"), ("run",), ("pdf",), ("run", "book", "pdf")):
        assert environment.ready(needs) == environment.python(environment.FOLDER)
    assert done == [["book", "run"], ["book", "pdf", "run"]]


def test_a_set_up_that_failed_is_done_again(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def fails(needs: list[str]) -> None:
        calls.append(needs)
        raise BookError("pip: no network")

    (clone / ".venv").mkdir()
    monkeypatch.setattr(environment, "_install", fails)
    for _ in range(2):
        with pytest.raises(BookError, match="no network"):
            environment.ready(["run"])
    assert calls == [["run"], ["run"]]


def test_a_book_that_is_made_is_not_made_again(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook()
    assert command.main(["book"]) == 0
    assert "42" in book.with_name("one.html").read_text()
    built = book.stat().st_mtime_ns
    capsys.readouterr()
    code = "import sys; from helpers.__main__ import main; main(['book']); "
    code += f"sys.exit(str({HEAVY} & sys.modules.keys() or ''))"
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (again.stdout, again.stderr.strip()) == ("The book is in _build/html/index.html\n", "")
    assert book.stat().st_mtime_ns == built
    page = Path("book/index.md")
    before = page.read_text()
    page.write_text(f"{before}\nMore.\n")
    os.utime("book/_toc.yml")
    page.write_text(before)
    assert command.main(["book"]) == 0
    assert book.stat().st_mtime_ns == built, "touched, and changed and changed back, is not changed"
    page.write_text(f"{before}\nMore.\n")
    assert command.main(["book"]) == 0
    assert "More." in book.read_text()


def test_a_build_alone_leaves_stale_notebooks_to_be_run(book: Path) -> None:
    write_notebook()
    assert command.main(["build"]) == 0
    assert not nbformat.read("book/one.ipynb", as_version=4).cells[1].outputs
    assert command.main(["book"]) == 0
    assert nbformat.read("book/one.ipynb", as_version=4).cells[1].outputs


def test_a_command_works_from_any_folder_of_the_book(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("book")
    assert command.main(["build"]) == 0
    assert "Fine." in book.read_text()


def make(folder: Path, *arguments: str) -> Sequence[str]:
    """Run make with a Python that only says, slowly, that it begins and ends; return what it has said."""
    stub = folder / "python"
    stub.write_text('#!/bin/sh\necho "begin $2 $3"\nsleep 0.2\necho "end $2 $3"\n')
    stub.chmod(0o755)
    found = shutil.which("make")
    if not found:
        pytest.skip("no make on this machine, and none is needed")
    command = [found, "--no-print-directory", f"PYTHON={stub}", *arguments]
    # Not as a part of the make that may run these tests.
    free = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run(command, cwd=ROOT, env=free, capture_output=True, text=True, check=True)
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_make_runs_commands_in_their_order_however_many_it_may_run_at_once(tmp_path: Path) -> None:
    said = make(tmp_path, "--jobs=2", "rerun", "book")
    assert said == ["begin rerun", "end rerun", "begin book", "end book"]


def test_make_takes_every_command_that_needs_no_more_words(tmp_path: Path) -> None:
    alone = [
        name
        for name, each in command.COMMANDS.items()
        if not each.kinds
        and all(word.startswith("-") or more.get("nargs") == "*" for word, more in each.arguments.items())
    ]
    assert make(tmp_path, *alone)[::2] == [f"begin {name}" for name in alone]
    assert make(tmp_path, "page", "PAGE=index")[0] == "begin page index"
    assert make(tmp_path, "rerun", "ARGS=--all")[0] == "begin rerun --all"


def test_a_clone_has_the_same_bytes_whatever_git_is_told_to_do_with_the_ends_of_lines() -> None:
    names = ["data/sources.csv", ".ci/run", "book/index.md", "src/helpers/__init__.py", "Makefile", "x.json"]
    command = ["git", "-c", "core.autocrlf=true", "check-attr", "eol", "--", *names]  # the git on the path
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this is no clone with git: {error}")
    assert done.stdout.splitlines() == [f"{name}: eol: lf" for name in names]
