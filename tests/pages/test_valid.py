"""The checker of the HTML standard has no objection to any page."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

#: The Nu checker, as the npm registry has it: built for any machine that has Java.
JUDGE = "vnu-jar@26.9.27"
#: What no checker yet knows of style sheets that browsers read.
YOUNGER = "CSS:"


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that checks pages; .ci/run installs what it runs on."""
    npm, java = shutil.which("npm"), shutil.which("java")
    if npm is None or java is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("npm and java: expected on this machine")
    folder = tmp_path_factory.mktemp("judge")
    subprocess.run([npm, "install", "--silent", "--ignore-scripts", "--prefix", folder, JUDGE], check=True)
    return [java, "-jar", str(next(folder.rglob("vnu.jar")))]


def faults(judge: list[str], pages: list[Path]) -> list[str]:
    """Return what the checker calls an error, each with its page and line."""
    options = ["--errors-only", "--exit-zero-always", "--format", "json", "--stdout"]
    done = subprocess.run([*judge, *options, *pages], capture_output=True, text=True, check=True)
    return [
        f"{Path(fault['url']).stem}:{fault.get('lastLine')}: {fault['message']}"
        for fault in json.loads(done.stdout)["messages"]
        if not fault["message"].startswith(YOUNGER)
    ]


def test_the_checker_of_html_finds_no_error_on_any_page(judge: list[str], site: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text(
        "<!doctype html><html lang=en><title>x</title><i id=a></i><i id=a></i>", encoding="utf-8"
    )
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 100
    found = faults(judge, [*pages, wrong])
    assert found == ["wrong:1: Duplicate ID “a”."]
