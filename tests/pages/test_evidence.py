"""The notes of a claim lead to the facts that they print."""

from pathlib import Path

import pytest
from docutils import nodes
from sphinx import addnodes

from helpers.judge.lineage import Item, Lineage
from helpers.pages import evidence, records

FACTS = {"peak": "1,168 scrambles", "cost": "1.35 trillion yen", "eight": "8 days", "change": "−3.2 points"}


def test_a_note_links_each_fact_that_it_prints_in_either_form(monkeypatch: pytest.MonkeyPatch) -> None:
    items = {f"fact-{name}": Item(f"fact-{name}", parts={"text": text}) for name, text in FACTS.items()}
    monkeypatch.setattr(records, "read", lambda book: Lineage(items, []))
    claim = {
        "verdict": "confirmed",
        "verdict_note": "Of 1,168 scrambles 8 flew; 1.8 and 88 did not.",
        "source_id": "mod-scrambles-fy2025",
        "status_now": "done",
        "status_note": "It cost 1.35 trillion, down by −3.2.",
        "status_source_id": "",
        "status_date": "",
        "matter_id": "none",
        "facts": "peak cost eight change none",
    }
    notes = evidence.judged(claim, Path())
    links = [link for note in notes for link in note.findall(addnodes.pending_xref)]
    assert [(link["reftarget"], link.astext()) for link in links if "fact-" in link["reftarget"]] == [
        ("fact-peak", "1,168 scrambles"),
        ("fact-eight", "8"),
        ("fact-cost", "1.35 trillion"),
        ("fact-change", "−3.2"),
    ]
    assert all(isinstance(note, nodes.inline) for note in notes)
    assert claim["verdict_note"] in notes[0].astext()
