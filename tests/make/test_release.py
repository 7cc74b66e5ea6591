"""A release: one version everywhere, everything that belongs to it, and what is handed to the host."""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from rocrate.rocrate import ROCrate

from conftest import ROOT
from helpers import __main__ as command
from helpers.files import BookError
from helpers.judge import releases
from helpers.make import crate, forge, release
from helpers.programs import ask
from helpers.settings import settings


def _head(version: str, day: date) -> str:
    return f"{version} ({day.day} {day:%B %Y})"


def test_one_version_and_one_day_stand_everywhere_and_only_what_is_made_is_called_released() -> None:
    book, heads = settings().book, [each.head for each in releases.notes()]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    version, _, making = book.version.partition(".dev")
    assert cited["version"] == book.version
    assert cited.get("date-released") == (None if making else book.date)
    assert heads[0] == (f"{version} (not yet released)" if making else _head(version, book.date))
    for made in releases.known():
        assert _head(made.version, made.date) in heads
        assert not (making and made.version == version), "what comes next has a version of its own"


LOG = """# Changes

## 1.0 (2 May 2031)

New, and
read.

- [One](book/a.md):
  more.
- Two.

## 0.9

- Old.
"""
RECORD = "version,date,commit,summary\n0.9,2030-01-01,abc1234,First.\n"


@pytest.fixture
def root(book: Path) -> Path:
    """The folder of a small book with a log of changes and one release."""
    folder = book.parents[2]
    text = (folder / "book.toml").read_text()
    (folder / "book.toml").write_text(re.sub("(?m)^date = .*$", "date = 2031-05-02", text))
    (folder / "CHANGELOG.md").write_text(LOG)
    (folder / "releases.csv").write_text(RECORD)
    return folder


def test_a_release_is_a_commit_and_any_other_name_is_itself(root: Path) -> None:
    assert [releases.revision(name) for name in ("0.9", "v0.9", "HEAD~1")] == ["abc1234", "abc1234", "HEAD~1"]


@pytest.mark.parametrize(("before", "after"), [("2030-01-01", "last year"), ("abc1234", "")])
def test_a_record_that_is_not_whole_is_refused(root: Path, before: str, after: str) -> None:
    (root / "releases.csv").write_text(RECORD.replace(before, after))
    with pytest.raises(BookError, match=r"line 2: expected version, date, commit, summary; found"):
        releases.known()


def test_the_log_says_of_a_version_what_it_is_and_what_is_new(root: Path) -> None:
    newest, first = releases.notes()
    assert (newest.version, newest.summary) == ("1.0", "New, and read.")
    assert newest.lines == ("[One](book/a.md): more.", "Two.")
    assert newest.text == "New, and read.\n\n- One: more.\n- Two.", "elsewhere its links would lead nowhere"
    assert (first.version, first.summary, first.lines) == ("0.9", "", ("Old.",))


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (
            "book.toml",
            '"1.0"',
            '"1.0.dev0"',
            r"expected that of a release, such as 1\.2\.0, found 1\.0\.dev0",
        ),
        ("releases.csv", "0.9", "1.0", r"expected no 1\.0 yet, found it, of commit abc1234"),
        ("CHANGELOG.md", "2 May", "3 May", r"expected '1\.0 \(2 May 2031\)' first, found '1\.0 \(3 May"),
        ("CHANGELOG.md", LOG, "", "first, found 'nothing'"),
        ("CHANGELOG.md", "New, and\nread.\n", "", "expected a sentence for readers below '1.0"),
    ],
)
def test_no_release_is_due_before_all_say_the_same(
    root: Path, file: str, before: str, after: str, message: str
) -> None:
    text = (root / file).read_text()
    assert before in text
    (root / file).write_text(text.replace(before, after))
    with pytest.raises(BookError, match=message):
        releases.due()


def test_the_commit_of_a_release_is_written_down_once_when_all_is_in_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def git(*words: str) -> str:
        named = ["-c", "user.name=A", "-c", "user.email=a@book.example"]
        return ask("git", *named, *words).decode().strip()

    git("init", "--quiet")
    assert command.main(["release", "--record"]) == 1
    assert capsys.readouterr().err == "git rev-parse: fatal: Needed a single revision\n"
    git("add", ".")
    git("commit", "--quiet", "--message", "Version 1.0")
    (root / "CHANGELOG.md").write_text(f"{LOG}- More.\n")
    assert command.main(["release", "--record"]) == 1
    assert "expected everything committed, found M CHANGELOG.md" in capsys.readouterr().err
    git("checkout", "--quiet", "CHANGELOG.md")
    assert command.main(["release", "--record"]) == 0
    commit = git("rev-parse", "HEAD")
    line = f'1.0,2031-05-02,{commit},"New, and read."'
    assert (root / "releases.csv").read_text().splitlines() == [
        *RECORD.splitlines()[:1],
        line,
        *RECORD.splitlines()[1:],
    ]
    assert releases.revision("1.0") == commit
    assert command.main(["release", "--record"]) == 1, "a release is made once"


@pytest.mark.parametrize(
    "asked", [["release", "--record"], ["diff", "0.9"], ["forge", "propose", "A", "b.md"]]
)
def test_without_git_one_line_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert command.main(asked) == 1
    assert capsys.readouterr().err == "expected git on the path, found none\n"


@pytest.fixture
def made(book: Path) -> Path:
    """A small release."""
    root = book.parents[2]
    (root / "data").mkdir()
    licence = {"path": "https://terms.example/", "title": "Free"}
    (root / "data" / "datapackage.json").write_text(json.dumps({"licenses": [licence]}))
    folder = book.parents[1] / "site" / "downloads"
    folder.mkdir(parents=True)
    for name in ("index.html", "SHA256SUMS", "small.pdf", "small.sqlite"):
        (folder / name).write_text(name)
    (folder / "slides").mkdir()
    return release.make("- New.", lambda path: path.write_text("{}"))  # type: ignore[arg-type, return-value]


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


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `gh` that writes down what it is asked, and refuses what is called so; the file in which it does."""
    asked, place = tmp_path / "asked", tmp_path / "bin"
    place.mkdir()
    script = f"import sys; open({str(asked)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10)); "
    script += """print('[{"number": 7, "title": "Old"}]' if 'list' in sys.argv else ''); """
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


def test_an_issue_is_opened_once_and_what_the_host_refuses_is_one_line(
    gh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["forge", "issue", "Links", "README.md"]) == 0
    assert gh.read_text().splitlines()[-1] == "issue create --title Links --body-file README.md"
    assert command.main(["forge", "issue", "Old", "README.md"]) == 0
    assert gh.read_text().splitlines()[-1] == "issue edit 7 --body-file README.md", (
        "one issue, brought up to date"
    )
    assert command.main(["forge", "issue", "refused", "README.md"]) == 1
    assert capsys.readouterr().err == "gh issue: Not allowed\n"
