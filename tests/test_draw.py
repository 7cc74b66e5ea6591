"""A draw by lot gives the same sentences for the same seed, each with rows and sources to check it by."""

import re
import sys

import pytest

from conftest import ROOT
from helpers.judge import lineage

sys.path.insert(0, str(ROOT / "tools"))
import draw


@pytest.fixture(scope="module")
def book() -> lineage.Lineage:
    return lineage.read(ROOT / "book")


def test_the_same_seed_draws_the_same_sentences(book: lineage.Lineage) -> None:
    first, again, other = (draw.drawn(book, seed, 20) for seed in (7, 7, 8))
    assert first == again != other
    assert len(set(map(id, first))) == 20, "none is drawn twice"
    assert [book.sentences.index(each) for each in first] == sorted(map(book.sentences.index, first))


def test_a_sentence_stands_above_its_rows_and_sources(book: lineage.Lineage) -> None:
    sentence = next(each for each in book.sentences if "fact-scrambles-peak" in each.names)
    shown = list(draw.shown(book, sentence))
    place = next(i for i, line in enumerate(shown) if line.startswith("  fact-scrambles-peak: "))
    assert shown[0].startswith(f"{sentence.place}: ")
    assert "1,168 scrambles in FY2016" in shown[place]
    assert re.match(r"    scrambles:\d+: .*scrambles 1168", shown[place + 1])
    assert re.match(r"    mod-[\w-]+: .* \(grade A, a party\): .*, https?://", shown[place + 2])


def test_every_drawn_sentence_names_something_recorded(book: lineage.Lineage) -> None:
    for sentence in draw.drawn(book, 1, 10**6):
        assert [line for line in draw.shown(book, sentence) if line.startswith("  ")], sentence
