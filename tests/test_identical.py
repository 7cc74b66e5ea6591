"""The same sources give the same bytes: in another folder, at another time, with other settings, every drawing made anew."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Settings of a machine that is as unlike the usual one as can be; the build must not care.
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
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_second_build_elsewhere_has_the_same_bytes(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "zweites Büch"
    hidden = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
    for name in ("book", "data", "src"):
        shutil.copytree(ROOT / name, copy / name, ignore=hidden)
    if (ROOT / "_build" / "live").is_dir():  # gathered, and so a part of the site
        shutil.copytree(ROOT / "_build" / "live", copy / "_build" / "live")
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copyfile(path, copy / path.name)
    environment = {**os.environ, **HOSTILE, "HOME": str(tmp_path), "PYTHONPATH": str(copy / "src")}
    result = subprocess.run(
        [sys.executable, "-m", "helpers", "build"], cwd=copy, env=environment, capture_output=True, text=True, check=False, umask=0o077
    )
    assert result.returncode == 0, result.stderr[-2000:]
    one, two = digests(site), digests(copy / "_build" / "html")
    assert len(one) > 100
    assert sorted(one.keys() ^ two.keys()) == []
    assert [name for name, digest in one.items() if two[name] != digest] == []
