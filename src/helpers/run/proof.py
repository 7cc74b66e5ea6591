"""What proves that the book and the machine are right; each command is started as a person would start it."""

import subprocess
import sys
from pathlib import Path

from helpers.files import BookError
from helpers.run.environment import CLONE, PROJECT

#: Folders with Python in them, of which a book has those that it needs.
_CODE = ("src", "tests", "tools", "book")


def lint() -> None:
    """Hold all code, that in notebooks too, against the rules of style and against its types."""
    code = [name for name in _CODE if Path(name).is_dir()]
    rules = [] if Path(PROJECT.name).is_file() else ["--config", str(PROJECT)]
    python("ruff", "check", "--quiet", *rules, *code)
    python("ruff", "format", "--check", "--quiet", *rules, *code)
    if Path("src").is_dir():
        python("mypy")


def test(*arguments: str) -> None:
    """Run tests side by side, as many as there are cores; a book that has none passes."""
    if Path("tests").is_dir():
        python("pytest", "--numprocesses", "logical", *arguments)


def rerun() -> None:
    """Run every notebook and compare what it gives with its stored outputs."""
    test("--nbval", "--nbval-current-env", "--dist", "loadfile", "book")


def tool(name: str) -> None:
    """Run one of the clone's tools."""
    _run(str(CLONE / "tools" / f"{name}.py"))


def python(module: str, *arguments: str) -> None:
    """Run a module.

    Raises
    ------
    BookError
        If it does not end well; what is wrong it has then said.
    """
    _run("-m", module, *arguments)


def _run(*arguments: str) -> None:
    if subprocess.run([sys.executable, *arguments], check=False).returncode:
        raise BookError(f"{' '.join(arguments[:3])}: see above")
