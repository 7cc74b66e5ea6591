"""The same sources give the same bytes: in another folder, at another time, with other settings."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT, needs_chromium

SECOND = ROOT / "tests" / "second_book"
EDITIONS = ("offline", "slides", "epub", "pdf")

#: Settings of a machine that is as unlike the usual one as can be; what is made must not care.
HOSTILE = {
    "PYTHONHASHSEED": "4242",
    "SOURCE_DATE_EPOCH": "1",
    "TZ": "Pacific/Kiritimati",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C",
    "COLUMNS": "40",
    "NO_COLOR": "1",
}


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of every file by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def made(sources: Path, copy: Path, commands: list[str], settings: dict[str, str]) -> Path:
    """Run commands in a copy of a book's sources, away from the first, and return what they have made."""
    hidden = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
    for name in ("book", "data", "src"):
        if (sources / name).is_dir():
            shutil.copytree(sources / name, copy / name, ignore=hidden)
    for path in sources.iterdir():
        if path.is_file():
            shutil.copyfile(path, copy / path.name)
    if (sources / "_build" / "live").is_dir():
        shutil.copytree(sources / "_build" / "live", copy / "_build" / "live")
    machine = copy if (copy / "src").is_dir() else ROOT
    environment = {**os.environ, "HOME": str(copy), "PYTHONPATH": str(machine / "src"), **settings}
    for command in commands:
        result = subprocess.run(
            [sys.executable, "-m", "helpers", *command.split()],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
        )
        assert result.returncode == 0, result.stderr[-2000:]
    return copy / "_build"


def test_a_second_build_elsewhere_has_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Every drawing is made anew; the Python that pages run is gathered, and so a part of the site."""
    one, two = digests(site), digests(made(ROOT, tmp_path / "zweites Büch", ["build"], HOSTILE) / "html")
    assert len(one) > 100
    assert sorted(one.keys() ^ two.keys()) == []
    assert [name for name, digest in one.items() if two[name] != digest] == []


@needs_chromium
def test_an_edition_made_elsewhere_has_the_same_bytes(tmp_path: Path) -> None:
    """Those of a small book, made on one machine.

    A print edition depends on the Chromium and the fonts that lay it out, a zip on zlib.
    """
    commands = ["rerun --all", "build", *EDITIONS]
    one = made(SECOND, tmp_path / "one", commands, {})
    two = made(SECOND, tmp_path / "zweites Büch", commands, HOSTILE)
    for edition in EDITIONS:
        assert digests(one / edition)
        assert digests(one / edition) == digests(two / edition), edition
