"""How a chapter reads is counted alike with and without a built site."""

import sys
from pathlib import Path

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import reading


@pytest.mark.parametrize(
    ("paragraph", "named"),
    [
        ("They call it deterrence.", True),
        ("They call it [deterrence](#term-deterrence), and deterrence it is.", False),
        ("Talks on [extended deterrence](#term-extended-deterrence) were held.", False),
        ("Talks on [extended deterrence](#term-extended-deterrence) strengthen deterrence.", True),
    ],
)
def test_a_term_within_the_link_of_another_is_not_unlinked(paragraph: str, named: bool) -> None:
    assert any(each.startswith("Deterrence: ") for each in reading.unlinked([paragraph])) is named


def test_the_time_beside_the_link_of_a_chapter_is_the_one_that_the_site_says(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<p><strong><span class="minutes">3 hours</span></strong>: <a href="chapters/10-b.html">all</a></p>'
        '<p><strong><a href="chapters/00-a.html">A</a></strong> <span class="minutes">12 minutes</span></p>',
        encoding="utf-8",
    )
    assert reading.told(tmp_path) == {"00-a": "12 minutes"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "book" / "chapters").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_a_chapter_reads_lightly(path: Path) -> None:
    """An answer of 35 words, no longer sentence, few numbers in a paragraph, terms linked at first."""
    found = reading.read(path)
    assert 0 < found.answer <= 35
    assert found.marked == []
    assert found.unlinked == []
    assert sum(found.sentences) / len(found.sentences) <= 16
