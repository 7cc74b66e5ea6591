"""What others say of the pins and the links, and that their silence is no fault."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from helpers.files import BookError
from helpers.run import environment, outside


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What a tool answers, to be filled in."""
    given: dict[str, object] = {"returncode": 0, "stdout": "", "stderr": ""}
    monkeypatch.setattr(environment, "tool", lambda *_: "tool")
    monkeypatch.setattr(outside, "_run", lambda *command: CompletedProcess(command, **given))  # type: ignore[call-overload]
    return given


def test_an_audit_that_hears_nothing_says_so_and_is_no_fault(
    answer: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    answer |= {"returncode": 1, "stderr": "Traceback …\nConnectionError: no route"}
    outside.audit()
    assert "did not answer, so nothing is known: ConnectionError: no route" in capsys.readouterr().out


def test_an_audit_that_finds_a_flaw_is_a_fault(answer: dict[str, object]) -> None:
    answer |= {"returncode": 1, "stdout": "pkg 1.0 GHSA-1"}
    with pytest.raises(BookError, match="a pin has a known vulnerability"):
        outside.audit()


def test_an_audit_without_its_tool_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(*_: str) -> str:
        raise BookError("pip: no network")

    monkeypatch.setattr(environment, "tool", none)
    outside.audit()
    assert capsys.readouterr().out == "audit: nothing was asked: pip: no network\n"


def test_links_that_do_not_answer_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*command: object) -> "CompletedProcess[str]":
        (tmp_path / "links.md").write_text("| Status | Count |\n| ⏳ Timeouts | 1 |\n| 🚫 Errors | 2 |\n")
        return CompletedProcess(command, 2, "", "")  # type: ignore[arg-type]

    monkeypatch.setattr(environment, "tool", lambda *_: "tool")
    monkeypatch.setattr(outside, "_run", ask)
    with pytest.raises(BookError, match="links: 3 do not answer"):
        outside.links(tmp_path, tmp_path / "links.md")


@pytest.mark.whole
def test_every_pin_is_in_the_bill_of_materials(tmp_path: Path) -> None:
    try:
        outside.materials(tmp_path / "materials.json")
    except BookError as error:
        pytest.skip(f"the tool cannot be had here: {error}")
    listed = json.loads((tmp_path / "materials.json").read_text())["components"]
    lines = environment.LOCK.read_text(encoding="utf-8").splitlines()
    assert {each["name"] for each in listed} == {
        line.partition("==")[0] for line in lines if line[:1].isalnum()
    }
