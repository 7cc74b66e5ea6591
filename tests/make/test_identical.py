"""The same sources give the same bytes: in another folder, at another time, with other settings."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from conftest import ROOT

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


def make(what: str, copy: Path, settings: dict[str, str], *built: str) -> dict[str, str]:
    """Make the site or an edition in a copy of the sources, some parts built already; return its digests."""
    hidden = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
    for name in ("book", "data", "src"):
        shutil.copytree(ROOT / name, copy / name, ignore=hidden)
    for name in built:
        if (ROOT / "_build" / name).is_dir():
            shutil.copytree(ROOT / "_build" / name, copy / "_build" / name)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copyfile(path, copy / path.name)
    if "html" in built:  # is what these sources give
        shutil.copy(ROOT / "_build" / "made.json", copy / "_build")
    environment = {**os.environ, "HOME": str(copy), "PYTHONPATH": str(copy / "src"), **settings}
    result = subprocess.run(
        [sys.executable, "-m", "helpers", what],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return digests(copy / "_build" / ("html" if what == "build" else what))


def test_a_second_build_elsewhere_has_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Every drawing is made anew; the Python that pages run is gathered, and so a part of the site."""
    one, two = digests(site), make("build", tmp_path / "zweites Büch", HOSTILE, "live")
    assert len(one) > 100
    assert sorted(one.keys() ^ two.keys()) == []
    assert [name for name, digest in one.items() if two[name] != digest] == []


@pytest.mark.parametrize("edition", ["offline", "slides", "epub", "pdf"])
def test_an_edition_made_elsewhere_has_the_same_bytes(
    edition: str, site: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """On one machine: a print edition depends on the Chromium and fonts that lay it out, a zip on zlib."""
    if edition == "pdf":
        request.getfixturevalue("browser")  # or there is none on this machine
    with FileLock(ROOT / "_build" / f"{edition}.lock"):  # other tests ask for it too
        subprocess.run([sys.executable, "-m", "helpers", edition], cwd=ROOT, check=True)
    one = digests(ROOT / "_build" / edition)
    assert one
    assert one == make(edition, tmp_path / "zweites Büch", HOSTILE, "html", "drawings")
