"""A release: one version everywhere, everything that belongs to it, and what is handed to the host."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from rocrate.rocrate import ROCrate

from conftest import ROOT
from helpers import __main__ as command
from helpers.files import BookError
from helpers.judge import releases
from helpers.make import crate, forge, release
from helpers.settings import settings


def test_one_version_and_one_day_stand_everywhere() -> None:
    book, newest = settings().book, releases.known()[0]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (newest.version, newest.date) == (book.version, book.date)
    assert (cited["version"], cited["date-released"]) == (book.version, book.date.isoformat())
    assert f"## {book.version} ({book.date.day} {book.date:%B %Y})" in log


def test_a_release_is_a_commit_and_any_other_name_is_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.toml").touch()
    lines = "version,date,commit,summary\n2.0,2031-05-02,,Newest.\n1.0,2030-01-01,abc123,First.\n"
    (tmp_path / "releases.csv").write_text(lines)
    monkeypatch.chdir(tmp_path)
    assert [releases.revision(name) for name in ("1.0", "v1.0", "HEAD~1")] == ["abc123", "abc123", "HEAD~1"]
    with pytest.raises(BookError, match=r"expected the commit of 2\.0"):
        releases.revision("2.0")
    (tmp_path / "releases.csv").write_text(lines.replace("2030-01-01", "last year"))
    with pytest.raises(BookError, match="line 3: expected version, date, commit, summary; found"):
        releases.known()


def test_the_commit_of_a_release_is_written_down_once_when_it_is_there(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = book.parents[2]
    record = root / "releases.csv"
    lines = 'version,date,commit,summary\n1.0,2031-05-02,,"New, and read."\n0.9,2030-01-01,abc123,First.\n'
    record.write_text(lines)

    def git(*words: str) -> str:
        named = ["-c", "user.name=A", "-c", "user.email=a@book.example"]
        done = subprocess.run(["git", *named, *words], cwd=root, capture_output=True, text=True, check=True)  # noqa: S607
        return done.stdout.strip()

    git("init", "--quiet")
    assert command.main(["release", "--record"]) == 1
    assert "expected a commit, found none" in capsys.readouterr().err
    git("add", ".")
    git("commit", "--quiet", "--message", "Version 1.0")
    assert command.main(["release", "--record"]) == 0
    commit = git("rev-parse", "HEAD")
    assert record.read_text() == lines.replace("05-02,,", f"05-02,{commit},")
    assert releases.revision("1.0") == commit
    assert command.main(["release", "--record"]) == 1, "a release is made once"
    record.write_text(lines.replace("abc123", ""))
    with pytest.raises(BookError, match=r"expected the commit of 0\.9, which is not the newest, found none"):
        releases.known()


@pytest.fixture
def made(book: Path) -> Path:
    """A small release."""
    root = book.parents[2]
    (root / "CHANGELOG.md").write_text("# Changes\n\n## 1.0 (January)\n\n- New.\n\n## 0.9\n\n- Old.\n")
    (root / "data").mkdir()
    licence = {"path": "https://terms.example/", "title": "Free"}
    (root / "data" / "datapackage.json").write_text(json.dumps({"licenses": [licence]}))
    folder = book.parents[1] / "site" / "downloads"
    folder.mkdir(parents=True)
    for name in ("index.html", "SHA256SUMS", "small.pdf", "small.sqlite"):
        (folder / name).write_text(name)
    return release.make(lambda path: path.write_text("{}"))  # type: ignore[arg-type, return-value]


def test_a_release_has_its_files_their_digests_and_the_notes_on_it(made: Path) -> None:
    files = {path.name for path in made.iterdir()}
    assert files == {
        "small.pdf",
        "small.sqlite",
        release.MATERIALS,
        crate.NAME,
        "SHA256SUMS",
        "NOTES.md",
    }
    assert (made / "NOTES.md").read_text() == "- New.\n"
    digests = dict(reversed(line.split("  ")) for line in (made / "SHA256SUMS").read_text().splitlines())
    assert set(digests) == files - {"SHA256SUMS", "NOTES.md"}
    assert digests["small.pdf"] == hashlib.sha256(b"small.pdf").hexdigest()


def test_a_release_describes_itself_as_an_ro_crate(made: Path) -> None:
    read = ROCrate(made)
    assert {part.id for part in read.root_dataset["hasPart"]} == {
        "small.pdf",
        "small.sqlite",
        release.MATERIALS,
    }
    assert read.root_dataset["license"].id == "https://terms.example/"
    assert read.dereference("small.sqlite")["encodingFormat"] == "application/vnd.sqlite3"


def test_a_version_without_notes_is_no_release(book: Path) -> None:
    (book.parents[2] / "CHANGELOG.md").write_text("# Changes\n\n## 1.0.1\n\n- New.\n")
    with pytest.raises(BookError, match=r"expected a part on 1\.0, found none"):
        release.make(lambda path: None)


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `gh` that writes down what it is asked, and refuses what is called so; the file in which it does."""
    asked, place = tmp_path / "asked", tmp_path / "bin"
    place.mkdir()
    script = f"import sys; open({str(asked)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10)); "
    script += "sys.exit('Not allowed' if 'refused' in sys.argv else 0)"
    (place / "gh").write_text(f"#!{sys.executable}\n{script}\n")
    (place / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return asked


def test_the_host_gets_the_release_with_all_its_files(made: Path, gh: Path) -> None:
    forge.release()
    said = gh.read_text()
    assert said.startswith("release create v1.0 --verify-tag --title small 1.0 --notes-file ")
    assert set(re.findall(r"_build/release/(\S+)", said)) == {path.name for path in made.iterdir()}


def test_new_vintages_are_proposed_on_a_branch_of_their_own(
    gh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone, host = tmp_path / "clone", tmp_path / "host"

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=True)  # noqa: S607
        return done.stdout

    git("init", "--quiet", "--bare", str(host))
    git("clone", "--quiet", str(host), str(clone))
    monkeypatch.chdir(clone)
    for name in ("book", "data"):
        (clone / name).mkdir()
        (clone / name / "a.csv").write_text("1")
    for setting in ("user.name=A", "user.email=a@book.example"):
        git("config", *setting.split("="))
    git("add", ".")
    git("commit", "--quiet", "--message", "All")
    forge.propose("New vintages", Path("notes.md"))
    assert capsys.readouterr().out == "nothing to propose\n"
    (clone / "data" / "a.csv").write_text("2")
    (clone / "other").write_text("not proposed")
    forge.propose("New vintages", Path("notes.md"))
    branch = git("branch", "--show-current").strip()
    assert re.fullmatch(r"new-vintages-\d{4}-\d\d-\d\d", branch)
    assert git("show", "--name-only", "--format=%s", f"origin/{branch}").split() == [
        "New",
        "vintages",
        "data/a.csv",
    ]
    assert gh.read_text() == f"pr create --title New vintages --body-file notes.md --head {branch}\n"


def test_what_the_host_refuses_is_one_line(gh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["forge", "issue", "Links", "README.md"]) == 0
    assert gh.read_text() == "issue create --title Links --body-file README.md\n"
    assert command.main(["forge", "issue", "refused", "README.md"]) == 1
    assert capsys.readouterr().err == "gh issue: Not allowed\n"
