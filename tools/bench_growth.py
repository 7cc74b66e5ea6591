"""``make bench``, fourth part: what a book of two and four times as many chapters costs, in time and memory.

Each book is a clone in which the chapters stand again under other names, with the figures, tables and facts
that they record. Memory is what all processes of a command have for themselves, at its highest.
"""

import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from bench import ROOT
from bench_builds import change_a_row, run
from bench_loop import save

from helpers.chapter import output

TIMES = (1, 2, 4)
CHAPTERS = sorted((ROOT / "book" / "chapters").glob("*.ipynb"))

#: What a text names for links, up to the end of the name.
TARGET = re.compile(r"^(?:(?::label:|```\{solution\}) .*|\([\w-]+(?=\)=$))", re.MULTILINE)
#: What a copied chapter calls instead, so that what it records has another name.
SHIM = """
def renamed(record):
    def call(*given, **words):
        at = next((i for i, value in enumerate(given) if isinstance(value, str)), None)
        if at is None:
            return record(*given, **{**words, "name": f"{words['name']}-TURN"})
        return record(*given[:at], f"{given[at]}-TURN", *given[at + 1 :], **words)

    return call


fact, figure, table = map(renamed, (helpers.fact, helpers.figure, helpers.table))
"""


def again(path: Path, turn: int) -> dict[str, object]:
    """Return a chapter's notebook with another name for all that it records, and without its claims."""
    names = [fact["name"] for fact in output.stored(path, output.FACT)]
    names += [spec["usermeta"]["name"] for spec in output.stored(path, output.FIGURE)]
    names += [table["report-book"]["name"] for table in output.stored(path, output.TABLE)]
    name = re.compile(rf"(?<=#fact-)(?:{'|'.join(names)})(?=\))|(?<=[`<])(?:{'|'.join(names)})(?=[`>])")
    content = json.loads(path.read_text(encoding="utf-8"))
    cells = []
    for cell in content["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = TARGET.sub(rf"\g<0>-{turn}", text)
            cells.append({**cell, "source": name.sub(lambda found: f"{found[0]}-{turn}", text)})
        elif not re.search(r"^claims\(", text, re.MULTILINE):
            if cell["id"] == "imports":
                text = f"import helpers\n{text}\n{SHIM.replace('TURN', str(turn))}"
            cells.append({**cell, "source": text, "outputs": [], "execution_count": None})
    return {**content, "cells": cells}


def grown(folder: Path, times: int) -> None:
    """Make a clone in which each chapter stands so many times."""
    run(folder, "git", "clone", "--quiet", ROOT, ".")
    toc = folder / "book" / "_toc.yml"
    last = f"      - file: chapters/{CHAPTERS[-1].stem}\n"
    files = ""
    for turn in range(2, times + 1):
        for path in CHAPTERS:
            copy = f"{turn}{path.stem}"
            (folder / "book" / "chapters" / f"{copy}.ipynb").write_text(
                json.dumps(again(path, turn), indent=1)
            )
            files += f"      - file: chapters/{copy}\n"
    toc.write_text(toc.read_text(encoding="utf-8").replace(last, last + files), encoding="utf-8")


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds and gigabytes of what this process starts meanwhile."""
    highest, over = 0, threading.Event()

    def watch() -> None:
        nonlocal highest
        while not over.wait(0.2):
            held = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    held += process.memory_full_info().uss
                except psutil.Error:
                    continue  # it has ended since
            highest = max(highest, held)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    try:
        work()
    finally:
        over.set()
        watcher.join()
    return time.perf_counter() - started, highest / 1e9


def costs(folder: Path) -> list[tuple[float, float]]:
    """Return seconds and gigabytes of: everything anew, nothing to do, a changed row, a changed sentence."""

    def helpers(*arguments: str) -> Callable[[], None]:
        return lambda: run(folder, sys.executable, "-m", "helpers", *arguments)

    cold = measured(lambda: (helpers("rerun", "--all")(), helpers("book")()))
    nothing = measured(helpers("book"))
    change_a_row(folder)
    row = measured(helpers("book"))
    save(folder / "book" / "chapters" / CHAPTERS[7].name, "markdown", "sentence")
    return [cold, nothing, row, measured(helpers("book"))]


def main() -> None:
    """Measure each size in turn and print the table."""
    print("| chapters | everything anew | nothing to do | one row | one sentence |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for times in TIMES:
        with tempfile.TemporaryDirectory() as place:
            grown(Path(place), times)
            cells = (f"{seconds:.1f} s, {memory:.1f} GB" for seconds, memory in costs(Path(place)))
            print(f"| {times * len(CHAPTERS)} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
