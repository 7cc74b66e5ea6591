"""What has changed since a revision: facts, figures, verdicts, statuses, each with both texts and source."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from conftest import settle
from helpers import __main__ as command
from helpers.chapter import data, output
from helpers.judge import changes, corrections, lineage

OLD, NEW = "mod-scrambles-fy2025", "japantimes-scrambles-2017"


def write(
    book: Path, *, peak: str = "1,168", source: str = OLD, rows: Any = ((2016, 1168),), **more: Any
) -> None:
    """Write a book of one fact, one figure and one claim."""
    fact = {
        "name": more.get("fact", "peak"),
        "text": f"{peak} scrambles",
        "sources": [source],
        "definition": "",
        "rows": [],
    }
    drawn = [{"year": year, "count": count, "source_id": source} for year, count in rows]
    about = {
        "name": "fig-x",
        "title": more.get("title", "It rose"),
        "caption": more.get("caption", "All 2 years."),
        "sources": [OLD],
    }
    claim = {
        "claim_id": "c36",
        "claim": "They flew.",
        "verdict": more.get("verdict", "confirmed"),
        "source_id": OLD,
    }
    claim |= {"status_now": more.get("status", "done"), "status_source_id": NEW}
    contents = {
        output.FACT: fact,
        output.FIGURE: {
            "usermeta": about,
            "datasets": {more.get("dataset", "data-1"): drawn},
            "mark": more.get("mark", "bar"),
        },
        output.CLAIMS: {"claims": [claim]},
    }
    plain = f"x-1: {more.get('answer', '42 days')}"
    contents[output.ANSWER] = {"name": "x-1"}
    outputs = [
        new_output("display_data", data={kind: content, "text/plain": plain})
        for kind, content in contents.items()
    ]
    nbformat.write(new_notebook(cells=[new_code_cell("1", id="a", outputs=outputs)]), book / "x.ipynb")


def git(*arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "x@x.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **names})  # noqa: S607


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one release of a small book."""
    settle(tmp_path)
    monkeypatch.chdir(tmp_path)
    book = Path("book")
    book.mkdir()
    write(book)
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "One")
    git("tag", "v1")
    return book


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({}, []),
        ({"dataset": "data-2", "mark": "line"}, []),
        ({"peak": "1,169"}, [f"fact-peak, text: 1,168 scrambles → 1,169 scrambles ({OLD})"]),
        (
            {"peak": "1,169", "source": NEW},
            [
                f"fact-peak, text: 1,168 scrambles → 1,169 scrambles ({NEW})",
                f"fig-x, data: source_id {OLD} → source_id {NEW} ({NEW})",
            ],
        ),
        (
            {"fact": "top"},
            [
                f"fact-peak, text: gone: 1,168 scrambles ({OLD})",
                f"fact-top, text: new: 1,168 scrambles ({OLD})",
            ],
        ),
        ({"rows": [(2016, 1169)]}, [f"fig-x, data: count 1168 → count 1169 ({OLD})"]),
        ({"rows": [(2016, 1168), (2017, 904)]}, [f"fig-x, data: 0 rows gone → 1 row new ({OLD})"]),
        ({"rows": [(2016, 1168), (2016, 1168)]}, [f"fig-x, data: 0 rows gone → 1 row new ({OLD})"]),
        ({"rows": [(2016, 1), (2016, 2), (2016, 2)]}, [f"fig-x, data: 1 row gone → 3 rows new ({OLD})"]),
        ({"title": "It fell"}, [f"fig-x, title: It rose → It fell ({OLD})"]),
        ({"answer": "43 days"}, ["answer-x-1, answer: 42 days → 43 days"]),
        ({"caption": "All of 2 years."}, []),
        ({"caption": "All 3 years."}, [f"fig-x, caption: All 2 years. → All 3 years. ({OLD})"]),
        ({"verdict": "imprecise"}, [f"claim-c36, verdict: confirmed → imprecise ({OLD})"]),
        ({"status": "stalled"}, [f"claim-c36, status: done → stalled ({NEW})"]),
    ],
)
def test_what_has_moved_is_told_and_nothing_else(
    now: dict[str, Any], expected: list[str], book: Path
) -> None:
    write(book, **now)
    assert [str(change) for change in changes.since("v1", book)] == expected


def test_a_repeated_row_that_loses_a_copy_is_a_change(book: Path) -> None:
    write(book, rows=[(2016, 1168)] * 3)
    git("commit", "-qam", "Three")
    write(book, rows=[(2016, 1168)])
    (change,) = changes.since("HEAD", book)
    assert (change.before, change.after) == ("2 rows gone", "0 rows new")


def test_a_column_that_only_one_side_has_is_no_change(book: Path) -> None:
    write(book)
    text = (book / "x.ipynb").read_text()
    (book / "x.ipynb").write_text(text.replace('"count": 1168', '"count": 1168, "more": null'))
    assert changes.since("HEAD", book) == []


def test_the_command_prints_the_changes(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["diff", "v1"]) == 0
    assert capsys.readouterr().out == "nothing has changed since v1\n"
    write(book, peak="1,169")
    assert command.main(["diff", "v1"]) == 0
    assert capsys.readouterr().out == f"fact-peak, text: 1,168 scrambles → 1,169 scrambles ({OLD})\n"


def test_what_a_person_must_read_again_is_listed_once_with_its_place(book: Path) -> None:
    (book / "page.md").write_text(
        "# Page\n\n"
        "Of {numref}`fig-x` [1,168 scrambles](#fact-peak), says [the claim](#claim-c36).\nNothing.\n"
    )
    write(book, peak="1,169", title="It fell")
    assert [
        re.sub(r"ipynb: cell \w+, line \d+", "ipynb:n", line)
        for line in changes.to_read(changes.since("v1", book), book)
    ] == [
        f"book/x.ipynb:n: read again: fact-peak, text: 1,168 scrambles → 1,169 scrambles ({OLD})",
        f"book/x.ipynb:n: read again: fig-x, title: It rose → It fell ({OLD})",
        "book/page.md:3: read again, for fact-peak, fig-x changed: Of fig-x 1,168 scrambles, says the claim.",
        f"data/claims.csv:{_line('c36')}: read again, for fact-peak, fig-x changed: claim-c36, They flew. "
        "(confirmed; now done)",
    ]


def _line(claim_id: str) -> int:
    claims = data.load("claims")
    return int(claims.index[claims["claim_id"] == claim_id][0])


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("v9", "expected a revision of this book, found 'v9': git says 'fatal: "),
        ("v1:book", "expected a revision of this book, found 'v1:book': git says"),
        (
            "empty",
            "expected a revision of this book, found 'empty': "
            "git says \"fatal: pathspec 'book' did not match any files\"",
        ),
    ],
)
def test_an_unknown_revision_is_one_line(
    revision: str, message: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git("checkout", "-q", "--orphan", "other")
    git("rm", "-q", "--cached", "-r", ".")
    git("commit", "-q", "--allow-empty", "-m", "Nothing")
    git("tag", "empty")
    assert command.main(["diff", revision]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1


def test_no_clone_and_no_git_are_one_line(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path.cwd().parent))
    assert command.main(["diff", "v1"]) == 1
    assert "git says 'fatal: not a git repository" in capsys.readouterr().err
    monkeypatch.setenv("PATH", "")
    assert command.main(["diff", "v1"]) == 1
    assert capsys.readouterr().err == "expected git on the path, found none\n"


def test_saved_changes_are_a_table_of_the_package(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data.FOLDER, folder)
    write(book, peak="1,169", verdict="imprecise")
    more = [
        changes.Change("fig-x", "alt", "Up to 1.", "Up to 2.", [OLD]),
        changes.Change("fact-old", "text", "5 ships", "", ["gone-since-1999"]),
    ]
    changes.save("v1", [*changes.since("v1", book), *more], folder)
    table = data.load("changes", folder)
    assert table[["since", "name", "part", "before", "after", "source_id"]].to_numpy().tolist() == [
        ["v1", "claim-c36", "verdict", "confirmed", "imprecise", OLD],
        ["v1", "fact-peak", "text", "1,168 scrambles", "1,169 scrambles", OLD],
        ["v1", "fig-x", "alt", "Up to 1.", "Up to 2.", OLD],
    ], "each part has its place, and a source that is gone has none"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in data.FOLDER.iterdir()
    )


def test_a_correction_is_told_of_what_it_corrects(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data.FOLDER, folder)
    with (folder / "corrections.csv").open("a") as file:
        file.write(f"2026-12-01,fig-invented,The year 2016 had 1169.,2026-11-23,It has 1168.,{OLD}\n")
    assert corrections.told("fig-invented", folder=folder) == [
        "Corrected on 2026-12-01: The year 2016 had 1169. It has 1168."
    ]
    assert corrections.told("fig-another", folder=folder) == []


def test_a_correction_of_a_source_is_told_of_what_rests_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data.FOLDER, folder)
    with (folder / "corrections.csv").open("a") as file:
        file.write(f"2026-12-01,source-{OLD},It was of 2024.,2026-11-23,It is of 2025.,{OLD}\n")
    said = ["Corrected on 2026-12-01: It was of 2024. It is of 2025."]
    assert corrections.told("fact-peak", [OLD, NEW], folder) == said
    assert corrections.told("fact-peak", [NEW], folder) == []


def test_the_log_of_corrections_is_made_from_the_table(root: Path) -> None:
    assert (root / "CORRECTIONS.md").read_text(encoding="utf-8") == corrections.log(), "`package` makes it"


def test_a_changed_source_is_a_change_and_what_rests_on_it_is_read_again(book: Path) -> None:
    table = Path("data/sources.csv")
    table.parent.mkdir()
    text = (data.FOLDER / "sources.csv").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"{OLD},"))
    other = row.replace(",A,true", ",B,false").replace("://", "://www.")
    table.write_text(text.replace(row, other), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "Sources")
    found = changes.since("HEAD", book)
    assert [change.part for change in found] == ["url", "grade", "party"], "in the file's order"
    assert str(found[1]) == f"source-{OLD}, grade: B → A ({OLD})"
    (line,) = changes.to_read(found[1:2], book)
    assert line.startswith("data/sources.csv: read again what rests on it, ")
    assert "fact-peak" in line


def test_every_correction_and_change_is_of_something_in_the_book(root: Path) -> None:
    known = set(lineage.read(root / "book").items)
    known |= {f"source-{source_id}" for source_id in data.load("sources")["source_id"]}
    assert set(data.load("corrections")["name"]) <= known
    table = data.load("changes")
    assert set(table.loc[table["after"].notna(), "name"]) <= known
