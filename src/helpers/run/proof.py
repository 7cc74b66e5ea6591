"""Linting and testing the book and the machine; each tool is started as a person would start it."""

import subprocess
import sys
from pathlib import Path

from helpers.files import BookError
from helpers.run.environment import CLONE, PROJECT

#: Folders with Python in them; a book has those that it needs.
_CODE = ("src", "tests", "tools", "book")


def lint() -> None:
    """Check the style and the types of all code; the style also of that in notebooks."""
    code = [name for name in _CODE if Path(name).is_dir()]
    rules = [] if Path(PROJECT.name).is_file() else ["--config", str(PROJECT)]
    python("ruff", "check", "--quiet", *rules, *code)
    python("ruff", "format", "--check", "--quiet", *rules, *code)
    if Path("src").is_dir():
        python("mypy")


def test(*arguments: str) -> None:
    """Run tests, as many side by side as there are cores; a book without tests passes.

    Each process has neighbouring tests, so that what they share is made once and waited for by no other.
    """
    if Path("tests").is_dir():
        python("pytest", "--numprocesses", "logical", "--dist", "worksteal", *arguments)


def rerun() -> None:
    """Run every notebook and compare its new outputs with the stored ones."""
    test("--nbval", "--nbval-current-env", "--dist", "loadfile", "book")


def tool(name: str) -> None:
    """Run one of the clone's tools."""
    _run(str(CLONE / "tools" / f"{name}.py"))


def python(module: str, *arguments: str) -> None:
    """Run a module.

    Raises
    ------
    BookError
        If it fails; it has then printed why.
    """
    _run("-m", module, *arguments)


def _run(*arguments: str) -> None:
    if subprocess.run([sys.executable, *arguments], check=False).returncode:
        raise BookError(f"{' '.join(arguments[:3])}: see above")
