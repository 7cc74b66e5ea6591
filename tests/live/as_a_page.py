"""Run pages' cells as their worker does, without a browser: ``python as_a_page.py FOLDER``.

The folder has a list of cells for each page. Printed is JSON: by page, for each cell what it shows.
"""

import json
import sys
from pathlib import Path
from typing import Any

from helpers.live.cells import Session

Shown = list[list[dict[str, Any]]]


def run(cells: Path) -> Shown:
    """Return what each of a page's cells shows."""
    outputs: Shown = []
    session = Session(lambda text: outputs[-1].append(json.loads(text)))
    for number, code in enumerate(json.loads(cells.read_text(encoding="utf-8")), start=1):
        outputs.append([])
        session.run(code, f"cell {number}", "wide")
    return outputs


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    pages = {
        path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.rglob("*.json"))
    }
    json.dump({name: run(cells) for name, cells in pages.items()}, sys.stdout)
