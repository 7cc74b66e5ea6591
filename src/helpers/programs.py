"""Other programs on this machine that a command asks: git, and the host's ``gh``."""

import shutil
import subprocess
from pathlib import Path

from helpers.files import BookError


class RefusedError(BookError):
    """A program did not do what it was asked; ``said`` is the last line of what it says of that."""

    def __init__(self, asked: str, said: str) -> None:
        super().__init__(f"{asked}: {said}")
        self.said = said


def ask(program: str, *arguments: str | Path) -> bytes:
    """Return what a program prints.

    Raises
    ------
    BookError
        If it is not on the path.
    RefusedError
        If it ends with a fault.
    """
    command = shutil.which(program)
    if command is None:
        raise BookError(f"expected {program} on the path, found none")
    done = subprocess.run([command, *arguments], capture_output=True, check=False)
    if done.returncode:
        said = last_line((done.stderr or done.stdout).decode(errors="replace"))
        raise RefusedError(f"{program} {arguments[0]}", said)
    return done.stdout


def last_line(said: str) -> str:
    """Return the last line of what a program has said: most say there what is wrong."""
    return (said.strip() or "it ended without a word").splitlines()[-1]
