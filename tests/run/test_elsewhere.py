"""What Windows and macOS lack is not needed: a run, a build and the command line go without it."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from conftest import ROOT

#: Takes away what only a Unix has, from every Python but Jupyter's own kernel.
#: (That kernel has parts for a Unix, which need what is taken away here, and others for Windows.)
WITHOUT = """
import sys
if "ipykernel_launcher" not in sys.orig_argv:
    import os, subprocess
    from multiprocessing import context
    for name in ("fcntl", "resource", "pwd", "grp", "termios"):
        sys.modules[name] = None
    for name in ("fork", "forkpty", "setsid", "getpgid", "killpg", "umask"):
        delattr(os, name)
    for name in ("fork", "forkserver"):
        context._concrete_contexts.pop(name)
    start = subprocess.Popen.__init__
    def plain(self, *arguments, preexec_fn=None, pass_fds=(), **named):
        assert preexec_fn is None and not pass_fds, "Windows has neither"
        named.update(umask=-1)
        start(self, *arguments, **named)
    subprocess.Popen.__init__ = plain
"""
MODULES = sorted(
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "src" / "helpers").rglob("*.py")
    if path.stem not in ("__main__", "kernels")  # the latter is for Linux alone
)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which Python starts without what only a Unix has."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text(WITHOUT)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "without"), str(ROOT / "src")]))
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on what says that it is no Linux, once the libraries have seen that it is one."""
    code = (
        "import sys, helpers.run.notebooks; from helpers.__main__ import main; sys.platform = 'elsewhere'; "
    )
    code += "status = main(sys.argv[1:]); assert 'helpers.run.kernels' not in sys.modules; sys.exit(status)"
    return python(folder, "-c", code, *arguments)


def test_every_file_is_read_and_written_as_utf_8_whatever_the_machine_prefers() -> None:
    rule = ["check", "--isolated", "--preview", "--select", "unspecified-encoding", "src", "tools"]
    done = python(ROOT, "-m", "ruff", *rule)
    assert done.returncode == 0, done.stdout


def test_what_is_taken_away_is_gone(elsewhere: Path) -> None:
    for code in (
        "import fcntl",
        "import os; os.fork()",
        "import multiprocessing as m; m.get_context('fork')",
    ):
        assert python(elsewhere, "-c", code).returncode == 1


def test_every_module_can_be_imported(elsewhere: Path) -> None:
    done = python(elsewhere, "-c", "; ".join(f"import {name}" for name in MODULES))
    assert done.returncode == 0, done.stderr
    assert len(MODULES) > 40


def test_the_command_line_lists_its_commands(elsewhere: Path) -> None:
    done = command(elsewhere, "--help")
    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout


def test_a_notebook_is_run(book: Path, elsewhere: Path) -> None:
    cells = [new_markdown_cell("# One", id="title"), new_code_cell("print(6 * 7)", id="sum")]
    nbformat.write(new_notebook(cells=cells), "book/one.ipynb")
    done = command(Path.cwd(), "rerun", "book/one.ipynb")
    assert done.returncode == 0, done.stderr
    assert nbformat.read("book/one.ipynb", as_version=4).cells[1].outputs[0]["text"] == "42\n"


def test_a_book_is_built_and_shown_page_by_page(book: Path, elsewhere: Path) -> None:
    done = command(Path.cwd(), "book")
    assert done.returncode == 0, done.stderr
    assert "Fine." in book.read_text()
    done = command(Path.cwd(), "page", "index")
    assert done.returncode == 0, done.stderr
    assert "Fine." in Path("_build/preview/html/index.html").read_text()
