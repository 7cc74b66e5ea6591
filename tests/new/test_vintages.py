"""What can be fetched is refreshed, and what cannot is told to who reviews it."""

import io
from http.client import IncompleteRead
from pathlib import Path

import pytest

from helpers.new import refresh, vintages


@pytest.fixture
def builders(tmp_path: Path) -> Path:
    """A data folder with four builders, of which all but one say where their file is."""
    folder = tmp_path / "data" / "builders"
    folder.mkdir(parents=True)
    (folder / "alone.py").write_text("def build(file, today): ...\n")
    (folder / "gone.py").write_text('FILE = "https://gone.example/gone.csv"\n')
    (folder / "half.py").write_text('FILE = "https://half.example/half.csv"\n')
    (folder / "new.py").write_text('FILE = "https://new.example/new.csv"\n')
    return tmp_path / "data"


def test_each_table_that_says_where_its_file_is_is_fetched(
    builders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(address: str, timeout: int) -> io.BytesIO:
        if "gone" in address:
            raise OSError("no such\nhost")
        if "half" in address:
            raise IncompleteRead(b"year,", 995)
        return io.BytesIO(b"year,count\n")

    monkeypatch.setattr(vintages, "urlopen", answer)
    monkeypatch.setattr(refresh, "refresh", lambda table, file, folder: [f"{table}: {file.read_text()[:4]}"])
    assert dict(vintages.renew(builders, tmp_path / "fetched")) == {
        "gone": ["not refreshed: https://gone.example/gone.csv: no such host"],
        "half": [
            "not refreshed: https://half.example/half.csv: IncompleteRead(5 bytes read, 995 more expected)"
        ],
        "new": ["new: year"],
    }


def test_a_reviewer_reads_what_moved_and_what_to_read_again() -> None:
    told = vintages.report({"a": ["2026: 1 → 2"], "b": []}, ["book/x.md:1: read again"])
    assert "## a\n\n- 2026: 1 → 2\n\n## b\n\n- no cell has moved\n\n## To be read again" in told
