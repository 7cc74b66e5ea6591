"""``make bench``, fifth part: what a phone waits for on each kind of page, by Lighthouse's mobile preset.

Lighthouse comes from the npm registry and takes this machine's Chromium; its phone is simulated, its four
categories are marks from 0 to 100. The built site is served in two ways: as hosts such as GitHub Pages send
it, packed and over lasting connections, and as ``python -m http.server`` does. Prints a table in Markdown,
the best of ``VISITS``, since whatever else a machine does only makes a page slower, and the other audits
that have fallen; ends with an error where a page is over its bounds.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench import ROOT

LIGHTHOUSE = "lighthouse@12.8.2"
SITE = ROOT / "_build" / "html"
VISITS = 3
#: The least mark of the front page, and the most kilobytes of pages that are read first.
FRONT, WEIGHT = 95, {"index": 400, "chapters": 500}
PAGES = [
    "index",
    *(f"chapters/{path.stem}" for path in sorted((ROOT / "book" / "chapters").glob("*.ipynb"))),
    *("reference/figures", "reference/claims"),
]
CHROME = "--headless=new --no-sandbox --disable-gpu"


class Plain(SimpleHTTPRequestHandler):
    """A server that sends files as they are, a connection each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Packed(Plain):
    """A server that packs what shrinks, keeps connections, and lets pages be kept for ten minutes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        kind, body = self.guess_type(path), path.read_bytes()
        self.send_response(200)
        if kind.partition("/")[0] == "text" or kind.endswith(("javascript", "json", "xml")):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        for name, value in {"Type": kind, "Length": str(len(body))}.items():
            self.send_header(f"Content-{name}", value)
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)


def visit(tool: Path, address: str) -> dict[str, Any]:
    """Return what Lighthouse says of a page, opened once."""
    command = [tool, address, "--quiet", f"--chrome-flags={CHROME}", "--output=json"]
    said = subprocess.run(command, check=True, capture_output=True, env=os.environ, text=True).stdout
    report: dict[str, Any] = json.loads(said)
    return report


def cells(report: dict[str, Any]) -> dict[str, str]:
    """Return the marks of a page and what they are made from, by the names of the columns."""
    marks = {name: f"{100 * part['score']:.0f}" for name, part in report["categories"].items()}
    seconds = {"first paint": "first-contentful-paint", "largest": "largest-contentful-paint"}
    value = {name: audit.get("numericValue", 0) for name, audit in report["audits"].items()}
    return {
        **marks,
        **{f"{name}, s": f"{value[audit] / 1000:.1f}" for name, audit in seconds.items()},
        "blocked, ms": f"{value['total-blocking-time']:.0f}",
        "shift": f"{value['cumulative-layout-shift']:.3f}",
        "KB": f"{value['total-byte-weight'] / 1000:.0f}",
    }


def below(report: dict[str, Any]) -> set[str]:
    """Return the audits of a page that have not the full mark."""
    scores = {name: audit["score"] for name, audit in report["audits"].items()}
    return {name for name, score in scores.items() if score is not None and score < 1}


def over(page: str, row: dict[str, str]) -> list[str]:
    """Return what a page is over its bounds in."""
    bound = WEIGHT.get(page.partition("/")[0])
    found = [f"{page}: {row['KB']} KB, expected {bound}"] if bound and int(row["KB"]) > bound else []
    if page == "index" and int(row["performance"]) < FRONT:
        found.append(f"{page}: performance {row['performance']}, expected {FRONT}")
    return found


def main() -> None:
    """Print a table for each way of serving; end with an error if a page is over its bounds when packed."""
    npm, chromium = shutil.which("npm"), shutil.which("chromium") or shutil.which("google-chrome")
    if not npm or not chromium:
        sys.exit("bench: expected npm and Chromium on this machine")
    os.environ["CHROME_PATH"] = chromium
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "install", "--silent", "--prefix", folder, LIGHTHOUSE], check=True)
        for way in (Packed, Plain):
            server = ThreadingHTTPServer(("127.0.0.1", 0), partial(way, directory=str(SITE)))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            fallen: set[str] = set()
            for page in PAGES:
                address = f"http://127.0.0.1:{server.server_port}/{page}.html"
                visits = [
                    visit(Path(folder, "node_modules", ".bin", "lighthouse"), address) for _ in range(VISITS)
                ]
                best = max(visits, key=lambda report: report["categories"]["performance"]["score"])
                row = cells(best)
                if page == "index":
                    print(f"\n| {way.__name__.lower()} | {' | '.join(row)} |\n| --- |{' ---: |' * len(row)}")
                print(f"| {page} | {' | '.join(row.values())} |", flush=True)
                faults += over(page, row) if way is Packed else []
                fallen.update(below(best))
            print(f"\nBelow the full mark: {', '.join(sorted(fallen))}.")
            server.shutdown()
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
