"""What the glossary says of a state, its users know: a definition names none that they do not."""

import re

import pandas as pd
import pytest

from conftest import ROOT
from helpers.chapter.data import load
from helpers.judge import places

#: States by the words of a definition, each with the words that a text may have for it as well.
STATES = {
    r"\bJapan": "Tokyo|日",
    r"\bChin(a|ese)\b": "Beijing|中",
    r"\bTaiwan": "台",
    r"\bRussia": "Moscow",
    r"\bSouth Korea": "Seoul|韓",
    r"\bNorth Korea": "Pyongyang|北朝鮮",
}
#: Defined by what one state does, told where the reader knows whose it is.
KNOWN = {"geosynchronous-orbit", "hvgp"}


def strangers(glossary: pd.DataFrame) -> list[str]:
    """Return the terms whose definition names a state that no text with them and not their source names."""
    blocks = [
        block
        for page in places.pages(ROOT / "book")
        for cell in places.cells(page)
        if cell.kind == "markdown"
        for block in cell.text.split("\n\n")
    ]
    sources = load("sources").set_index("source_id")
    found = []
    for term in glossary.fillna("").itertuples():
        said = [block for block in blocks if f"(#term-{term.term_id})" in block]
        said += [term.term, term.japanese]
        if term.source_id:
            said += [sources.title[term.source_id], sources.publisher[term.source_id]]
        text = "\n".join(said)
        found += [
            term.term_id
            for state, others in STATES.items()
            if re.search(state, term.definition) and not re.search(f"{state}|{others}", text)
        ]
    return found


def test_a_state_in_a_definition_is_one_of_which_its_users_speak() -> None:
    assert {*strangers(load("glossary"))} == KNOWN


@pytest.mark.parametrize("said", [("Japan", "Chinese"), ("Japanese", "Russian")])
def test_another_state_is_noticed(said: tuple[str, str]) -> None:
    glossary = load("glossary")
    one = glossary[glossary.definition.str.contains(rf"\b{said[0]}\b")]
    changed = one.assign(definition=one.definition.str.replace(rf"\b{said[0]}\b", said[1], regex=True))
    assert len(strangers(changed)) > len(one) / 2
