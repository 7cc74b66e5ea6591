"""A build that fails, is interrupted or meets another one leaves the last good book readable."""

from pathlib import Path

import pytest
from filelock import FileLock

from conftest import settle
from helpers.__main__ import main


@pytest.fixture
def broken(book: Path) -> Path:
    """The small book with a link that leads nowhere."""
    Path("book/index.md").write_text("# Small\n\n[broken](#nowhere)\n")
    return book


def test_a_failed_build_keeps_the_last_book(broken: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == 1
    assert broken.read_text() == "good"
    assert (
        capfd.readouterr().err.splitlines()[-1]
        == "the book has faults (see above); the last good book is untouched"
    )


def test_a_good_build_takes_its_place(book: Path) -> None:
    assert main(["build"]) == 0
    assert "Fine." in book.read_text()
    assert sorted(path.name for path in Path("_build").iterdir()) == ["html", "lock", "made.json"]


def test_a_build_ended_between_its_two_renamings_is_mended(broken: Path) -> None:
    broken.parent.rename("_build/html.previous")
    assert main(["build"]) == 1
    assert broken.read_text() == "good"


def test_a_second_build_at_the_same_time_is_refused(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FileLock("_build/lock"):
        assert main(["build"]) == 1
    assert capsys.readouterr().err == "_build: another build is running; wait for its end\n"
    assert book.read_text() == "good"


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("_build").write_text("a file where the folder should be")
    assert main(["build"]) == 1
    assert capsys.readouterr().err.startswith("_build: File exists")


def test_what_a_killed_build_left_is_gone_after_the_next(book: Path) -> None:
    left = Path("_build/next-gone/_build/html")
    left.mkdir(parents=True)
    assert main(["build"]) == 0
    assert not Path("_build/next-gone").exists()
    assert "Fine." in book.read_text()
