"""`make lab`: a chapter in JupyterLab, in a real browser with the network cut, has its figures alive."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from conftest import ROOT, needs_chromium
from helpers.chapter import output
from helpers.live.lab import SAVE
from helpers.run import notebooks

pytestmark = needs_chromium


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab, started as `lab` starts it, over a chapter's first figure."""
    notebook = notebooks.read(ROOT / "book" / "chapters" / "08-spending.ipynb")
    last = next(
        i
        for i, cell in enumerate(notebook.cells)
        if any(output.FIGURE in out.get("data", {}) for out in cell.get("outputs", []))
    )
    notebook.cells = [cell for cell in notebook.cells[: last + 1] if cell.cell_type == "code"]
    nbformat.write(notebook, tmp_path / "chapter.ipynb")
    own = {
        "PYTHONSTARTUP": str(ROOT / "binder" / "startup.py"),
        "HOME": str(tmp_path),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
    }
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        SAVE,
        "--allow-root",
        "--no-browser",
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        str(tmp_path),
    ]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)
    try:
        for _ in range(600):
            found = list((tmp_path / "run").glob("jpserver-*.json"))
            if found and found[0].read_text():  # written, not only begun
                break
            time.sleep(0.1)
        told = json.loads(found[0].read_text())
        yield f"http://127.0.0.1:{told['port']}/lab/tree/chapter.ipynb?token={told['token']}"
    finally:
        server.terminate()
        server.wait(30)


def test_a_figure_comes_alive_when_run_and_is_saved_as_it_was(
    lab: str, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(lab)
    expect(page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible(timeout=90_000)
    expect(page.get_by_text("| Idle").first).to_be_visible(timeout=90_000)
    assert page.locator(".vega-embed").count() == 0
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    expect(page.locator(".vega-embed canvas, .vega-embed svg.marks").first).to_be_visible(timeout=90_000)
    path = tmp_path / "chapter.ipynb"
    before = path.read_text()
    page.keyboard.press("Control+s")
    after = before
    for _ in range(300):
        after = path.read_text()
        if after.endswith("}\n") and after != before:  # not empty or half-written: JupyterLab writes in place
            break
        page.wait_for_timeout(100)
    page.close()
    assert after != before, "the notebook was saved"
    assert output.FIGURE in after
    assert "vegalite.v5" not in after
