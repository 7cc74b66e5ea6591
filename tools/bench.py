"""``make bench``, first part: this book beside the stock way, for one chapter, in one run.

It measures the time of a build, the time and bytes to the first chart, and the main thread's work.
The stock way is the same notebook with Altair's own HTML renderer, executed at each build by stock
Jupyter Book (`execute_notebooks: force`), with Vega's three scripts served from the same machine.
Prints a table in Markdown; BENCHMARKS.md keeps the last one and says how to read it.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from helpers.chapter import vegalite
from helpers.make.browser import launch

ROOT = Path(__file__).parents[1]
CHAPTER = "04-senkaku-article-v"
#: How often each way builds, and how often its page is opened.
ROUNDS, VISITS = 3, 7
#: Milliseconds in which a page comes to rest after its first chart.
REST = 5000
BIN = Path(sys.executable).parent


#: What the chapter calls, reduced to what stock tools do: show the chart, the table, the text.
SHIM = """import helpers
import altair as alt
from IPython.display import display
def figure(chart, *args, title, **kwargs):
    display(chart.properties(title=title))
helpers.figure = figure
helpers.table = lambda df, *args, **kwargs: display(df)
helpers.fact = helpers.claims = lambda *args, **kwargs: None
alt.renderers.enable('html')
"""


def stock_notebook(path: Path) -> dict[str, Any]:
    """Return a chapter that a stock tool can read: charts by Altair's renderer, nothing of our extension."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            source, cell["outputs"] = (
                source.replace("from helpers import", "import stock\nfrom helpers import", 1),
                [],
            )
        else:
            source = re.sub(r"\[([^\]]*)\]\((?:#[^)]*|[^)]*\.(?:ipynb|md))\)", r"\1", source)
            source = re.sub(r"\{numref\}`[^`]*`", "the figure", source)
            source = re.sub(r"```\{(?:exercise|solution|quiz)\}.*", "```{note}", source)
        cell["source"] = source
    return content


def stock_book(book: Path, pages: Sequence[str], execute: str = "force") -> None:
    """Write what a stock book has beside its pages: contents, options, and what the notebooks call."""
    first, *others = pages
    contents = f"format: jb-book\nroot: {first}\n"
    if others:
        contents += "chapters:\n" + "".join(f"  - file: {name}\n" for name in others)
    options = f"title: Stock\nexecute: {{execute_notebooks: {execute}, stderr_output: remove}}\n"
    options += "parse: {myst_enable_extensions: [colon_fence, dollarmath]}\n"
    (book / "_toc.yml").write_text(contents)
    (book / "_config.yml").write_text(options)
    (book.parent / "stock.py").write_text(SHIM)


def stock(folder: Path) -> None:
    """Write a stock book with the chapter."""
    book, page = folder / "book", f"{CHAPTER}.ipynb"
    book.mkdir()
    (book / page).write_text(json.dumps(stock_notebook(ROOT / "book" / "chapters" / page)))
    stock_book(book, [CHAPTER])


def build_stock(folder: Path) -> None:
    """Build the stock book into its own folder."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT / 'src'}"}
    command = [str(BIN / "jupyter-book"), "build", str(folder / "book"), "--all", "-q"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def serve_vega_locally(site: Path) -> None:
    """Point the pages at local copies of the three scripts, as a stock user with no internet would."""
    for page in site.glob("*.html"):
        text = re.sub(r"https://cdn\.jsdelivr\.net/npm/[^\"'\s]*", "vega-local.js", page.read_text())
        page.write_text(text)
    (site / "vega-local.js").write_text(vegalite.script())


def build_ours(folder: Path) -> None:
    """Build a book of the one chapter, from stored outputs; ``make book`` does this when nothing is stale."""
    shutil.copytree(ROOT / "book", folder / "book")
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "book" / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n  - chapters:\n"
        f"      - file: chapters/{CHAPTER}\n      - file: reference/sources\n"
        "      - file: reference/glossary\n      - file: reference/data\n"
    )
    for other in (folder / "book" / "chapters").glob("*.ipynb"):
        if other.stem != CHAPTER:
            other.unlink()
    (folder / "book" / "index.md").write_text("# Index\n\nThe book.\n")
    command = [
        str(BIN / "jupyter-book"),
        "build",
        "book",
        "--config",
        "_config.yml",
        "--path-output",
        "out",
        "--all",
        "-q",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


class Counting(SimpleHTTPRequestHandler):
    """A server that keeps the bytes of each answer."""

    sent: list[int] = []  # noqa: RUF012

    def copyfile(self, source: Any, outputfile: Any) -> None:
        body = source.read()
        self.sent.append(len(body))
        outputfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def first_chart(browser: Browser, address: str, selector: str) -> dict[str, float]:
    """Return the cost of the first chart on the screen, and of the page when it has come to rest."""
    Counting.sent.clear()
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    work = page.context.new_cdp_session(page)
    work.send("Performance.enable")
    page.add_init_script(
        f"""const look = () => {{ const e = document.querySelector({json.dumps(selector)});
            const drawn = e?.checkVisibility({{visibilityProperty: true}})
              && e.getBoundingClientRect().height > 50;
            if (drawn) window.seen = performance.now(); else requestAnimationFrame(look); }};
            requestAnimationFrame(look);
            window.shift = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))
              .observe({{type: "layout-shift", buffered: true}});"""
    )
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.seen", timeout=60_000)
    found = {"first chart, milliseconds": page.evaluate("window.seen")}
    found |= {"bytes until then": sum(Counting.sent), "requests until then": len(Counting.sent)}
    page.wait_for_timeout(REST)
    metrics = {each["name"]: each["value"] for each in work.send("Performance.getMetrics")["metrics"]}
    found |= {
        "main thread at rest, seconds": metrics["TaskDuration"],
        "layout shift": page.evaluate("window.shift"),
    }
    page.context.close()
    return found


def measure(pages: dict[str, tuple[Path, str, str]], browser: Browser) -> dict[str, dict[str, float]]:
    """Return the median of each measure for each way, given by its site, page and selector.

    The ways take turns, so that a slow minute hits both.
    """
    servers = {
        way: ThreadingHTTPServer(("127.0.0.1", 0), partial(Counting, directory=str(site)))
        for way, (site, _, _) in pages.items()
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    rounds: dict[str, list[dict[str, float]]] = {way: [] for way in pages}
    for _ in range(VISITS):
        for way, (_, path, selector) in pages.items():
            rounds[way].append(
                first_chart(browser, f"http://127.0.0.1:{servers[way].server_port}/{path}", selector)
            )
    for server in servers.values():
        server.shutdown()
    return {
        way: {name: statistics.median(found[name] for found in visits) for name in visits[0]}
        for way, visits in rounds.items()
    }


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Run both ways in turn and print the table."""
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        sync_playwright() as playwright,
    ):
        stock(Path(one))
        times: dict[str, list[float]] = {"stock": [], "ours": []}
        for _ in range(ROUNDS):
            times["stock"].append(timed(lambda: build_stock(Path(one))))
            for old in Path(two).iterdir():
                if old.is_file():
                    old.unlink()
                elif old.name != "_build":  # the drawings stay, as they do for who builds again
                    shutil.rmtree(old)
            times["ours"].append(timed(lambda: build_ours(Path(two))))
        plain, book = Path(one, "book", "_build", "html"), Path(two, "out", "_build", "html")
        serve_vega_locally(plain)
        browser = launch(playwright, "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        chapters = {
            "stock": (plain, f"{CHAPTER}.html", ".vega-embed svg, .vega-embed canvas"),
            "ours": (book, f"chapters/{CHAPTER}.html", ".chart-picture svg"),
        }
        pages = measure(chapters, browser)
        browser.close()
    for way in pages:
        pages[way] = {"build, seconds": statistics.median(times[way]), **pages[way]}
    print("| | stock | this book | ratio |\n| --- | ---: | ---: | ---: |")
    for name, value in pages["stock"].items():
        own = pages["ours"][name]
        ratio = f"{own / value:.2f}" if value else "–"
        digits = 0 if value > 100 else 3
        print(f"| {name} | {value:,.{digits}f} | {own:,.{digits}f} | {ratio} |")


if __name__ == "__main__":
    main()
