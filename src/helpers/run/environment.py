"""The environment in which commands run: ``.venv`` in the clone, with the packages that were asked for.

``pyproject.toml`` says which packages each need has (its extras), ``requirements.lock`` which version of each
and, beside every pin, which packages want it. So a part of that one lock is enough for a need; with
``--require-hashes`` an installer refuses a part that lacks something. This module needs nothing but Python.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from pathlib import Path

from helpers.files import BookError
from helpers.programs import last_line

CLONE = Path(__file__).resolve().parents[3]
FOLDER = CLONE / ".venv"
LOCK, PROJECT = CLONE / "requirements.lock", CLONE / "pyproject.toml"
#: What the book needs, from notebooks to pages.
BOOK = ("run", "book")
#: Where tools lie that are wanted seldom, each in an environment of its own.
_TOOLS = Path("_build/tools")


def extras() -> dict[str, list[str]]:
    """Return the packages of each need, by its name.

    Raises
    ------
    BookError
        If this package was installed as a wheel: only a clone has a lock.
    """
    if not LOCK.is_file():
        raise BookError(f"{LOCK}: not found; only a clone can be set up")
    found: dict[str, list[str]] = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    return found


def part(needs: Iterable[str]) -> str:
    """Return the lines of the lock for some needs: their packages, and whatever these want.

    Raises
    ------
    BookError
        If the lock lacks a package of a need.
    """
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(each for need in needs for each in extras()[need])]
    # A package may have several pins, for several kinds of machine.
    pins = [(_name(pin), pin) for pin in re.split(r"\n(?=\w)", LOCK.read_text(encoding="utf-8").strip())]
    wanted_by = {name: set(re.findall(r"[\w.-]+", pin.partition("# via")[2])) for name, pin in pins}
    kept, waiting = set[str](), {_name(each) for each in wanted}
    while waiting:
        kept |= waiting
        waiting = {name for name, parents in wanted_by.items() if parents & waiting} - kept
    if lacking := sorted(kept - wanted_by.keys()):
        raise BookError(f"{LOCK.name}: expected {', '.join(lacking)}, found none; `lock` makes it anew")
    return "".join(f"{pin}\n" for name, pin in pins if name in kept)


def _name(requirement: str) -> str:
    """Return the package's name at the head of a requirement, as the index spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def python(folder: Path) -> Path:
    """Return where an environment has its Python, on this kind of machine."""
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(folder)})
    return Path(scripts) / ("python.exe" if sys.platform == "win32" else "python")


def ready(needs: Iterable[str]) -> Path:
    """Install what the environment lacks for some needs, and return its Python; nothing is done twice.

    Raises
    ------
    BookError
        If the needs are unknown, or an installer fails, which has then said why.
    """
    note = FOLDER / "ready"
    try:
        before = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    if unknown := sorted(set(needs) - extras().keys()):
        raise BookError(f"setup: expected some of {', '.join(extras())}, found {', '.join(unknown)}")
    digest = hashlib.sha256(LOCK.read_bytes() + PROJECT.read_bytes()).hexdigest()
    needed = sorted({*needs, *before.get("needs", [])})
    if before != {"digest": digest, "needs": needed} or not python(FOLDER).is_file():
        note.unlink(missing_ok=True)
        _install(needed)
        note.write_text(json.dumps({"digest": digest, "needs": needed}), encoding="utf-8")
    return python(FOLDER)


def _install(needs: list[str]) -> None:
    uv = shutil.which("uv")
    if not python(FOLDER).is_file() and uv:
        _run(uv, "venv", "--quiet", "--seed", "--python", sys.executable, FOLDER)
    elif not python(FOLDER).is_file():
        _run(sys.executable, "-m", "venv", FOLDER)
    # What is imported is compiled then; to compile all at once takes a minute and 120 MB.
    pip: list[str | Path] = [
        python(FOLDER),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--no-compile",
    ]
    install = [uv, "pip", "install", "--python", python(FOLDER)] if uv else pip
    pins = FOLDER / "pins.txt"
    pins.write_text(part(needs), encoding="utf-8")
    print(f"setting up {FOLDER} for {', '.join(needs)}; the first time takes a minute or two", flush=True)
    _run(*install, "--quiet", "--require-hashes", "--requirement", pins)
    _run(*install, "--quiet", "--no-deps", "--no-build-isolation", "--editable", CLONE)


def lock() -> None:
    """Renew every pin, with hashes, for every kind of machine, without any index address; uv does it."""
    options = ["--upgrade", "--generate-hashes", "--universal", "--no-header", "--no-emit-index-url"]
    options += ["--all-extras", PROJECT.name, "--output-file", LOCK.name]
    _run(tool("uv"), "pip", "compile", "--quiet", *options, folder=CLONE)


def fonts() -> None:
    """Make the fonts of the pages again, when a text has a letter that they lack; needs npm."""
    _run(_apart("fonts", "fonttools==4.68.0", "brotli==1.2.1"), CLONE / "tools" / "fonts.py")


def tool(name: str, package: str = "") -> str:
    """Return a tool that is on the path, or else one in an environment of its own; its package may differ.

    Raises
    ------
    BookError
        If it cannot be installed.
    """
    apart = f"{name}.exe" if sys.platform == "win32" else name
    return shutil.which(name) or str(_apart(name, package or name).with_name(apart))


def _apart(name: str, *packages: str) -> Path:
    """Return the Python of an environment of its own, with some packages."""
    folder = _TOOLS / name
    _run(sys.executable, "-m", "venv", folder)
    _run(python(folder), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *packages)
    return python(folder)


def _run(*command: str | Path, folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise BookError(f"{Path(command[0]).name}: {last_line(done.stderr)}")
