"""``make bench``, third part: the time from a saved edit to the page, beside the stock ways, each on a copy.

A sentence and then a code cell of one chapter are changed five times; the table has the medians. Pages are
asked for until they show the change, so that a browser's reload alone is left out.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench import ROOT
from bench_builds import mkdocs, run, stock_book, variables

CHAPTER = "chapters/08-spending"
TIMES = 5
#: Seconds after which a change is given up.
PATIENCE = 180


def save(notebook: Path, kind: str, word: str) -> None:
    """Put a word into the notebook's last cell of a kind, which this makes if it was not there."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cells = [cell for cell in content["cells"] if cell["id"] != f"bench-{kind}"]
    made = {"cell_type": kind, "id": f"bench-{kind}", "metadata": {}, "source": [f"Saved: {word}."]}
    if kind == "code":
        # The word is not in the code, which the page may show before it was run.
        code = f"print(*{word.split('-')}, sep='-')"
        made |= {"source": [code], "outputs": [], "execution_count": None}
    notebook.write_text(json.dumps({**content, "cells": [*cells, made]}), encoding="utf-8")


def seconds(notebook: Path, kind: str, shown: Callable[[str], bool]) -> float:
    """Return the median of the seconds from a saved change until it is shown."""
    taken = []
    for turn in range(TIMES):
        word = f"{kind}-{turn}-{os.getpid()}"
        started = time.perf_counter()
        save(notebook, kind, word)
        while not shown(word):
            if time.perf_counter() - started > PATIENCE:
                sys.exit(f"bench: {notebook}: expected {word} in its page, found none")
            time.sleep(0.02)
        taken.append(time.perf_counter() - started)
        time.sleep(5)  # whoever watches has come to rest, and reads
    return statistics.median(taken)


def served(command: list[str], folder: Path, page: str, notebook: Path) -> list[float]:
    """Return the seconds of both kinds under a command that serves pages and says at which address."""
    environment = {**variables(folder), "PYTHONUNBUFFERED": "1"}
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            address = _address(folder / "said", process)

            def shown(word: str) -> bool:
                try:
                    with urllib.request.urlopen(f"{address}{page}", timeout=60) as answer:  # noqa: S310 - this machine's
                        return word in answer.read().decode()
                except OSError:
                    return False

            return [seconds(notebook, kind, shown) for kind in ("markdown", "code")]
        finally:
            process.terminate()
            process.wait()


def _address(said: Path, process: "subprocess.Popen[bytes]") -> str:
    end = time.monotonic() + PATIENCE * 2
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*/", said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    sys.exit(f"bench: expected an address, found {said.read_text(encoding='utf-8')[-1500:]}")


def ours(folder: Path) -> list[float]:
    run(folder, "git", "clone", "--quiet", ROOT, ".")
    run(folder, sys.executable, "-m", "helpers", "rerun")
    command = [sys.executable, "-m", "helpers", "serve", "--port", "0"]
    return served(command, folder, f"{CHAPTER}.html", folder / "book" / f"{CHAPTER}.ipynb")


def stock(folder: Path) -> list[float]:
    build = stock_book(folder, "force")
    build()
    book = folder / "book-force"

    def shown(word: str) -> bool:
        build()
        return word in (book / "_build" / "html" / f"{CHAPTER}.html").read_text(encoding="utf-8")

    return [seconds(book / f"{CHAPTER}.ipynb", kind, shown) for kind in ("markdown", "code")]


def other(folder: Path) -> list[float]:
    mkdocs(folder)
    command = [
        str(folder / "env" / "bin" / "python"),
        "-m",
        "mkdocs",
        "serve",
        "--dev-addr",
        "127.0.0.1:8765",
    ]
    return served(command, folder, f"{CHAPTER}/", folder / "docs" / f"{CHAPTER}.ipynb")


def main() -> None:
    """Run every way in turn and print the table."""
    ways = {"this book, serve": ours, "Jupyter Book, build": stock, "mkdocs-jupyter serve": other}
    print("| seconds, median of five | a sentence | a cell |\n| --- | ---: | ---: |")
    for name, way in ways.items():
        with tempfile.TemporaryDirectory() as place:
            print(f"| {name} | {' | '.join(f'{value:.1f}' for value in way(Path(place)))} |", flush=True)


if __name__ == "__main__":
    main()
