"""Run pages' cells as their worker does, without a browser: ``python as_a_page.py FOLDER``.

The folder has a list of cells for each page. Printed is JSON: by page, for each cell what it shows.
"""

import json
import sys
from pathlib import Path
from typing import Any

from helpers.live.cells import Session

folder = Path(sys.argv[1])
shown: dict[str, list[list[dict[str, Any]]]] = {}
for path in sorted(folder.rglob("*.json")):
    outputs = shown[path.relative_to(folder).with_suffix("").as_posix()] = []
    session = Session(lambda text, outputs=outputs: outputs[-1].append(json.loads(text)))
    for number, code in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
        outputs.append([])
        session.run(code, f"cell {number}", "wide")
json.dump(shown, sys.stdout)
