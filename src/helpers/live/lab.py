"""Figures alive in JupyterLab, which draws Vega-Lite 5: for its kernels (`enliven`) and its server (`strip`).

A kernel adds to each figure a copy under the older type. A notebook is saved without these copies, so that
its stored outputs stay those that the tests compare with.
"""

import json
from typing import Any

from helpers.chapter import output, vegalite

#: What JupyterLab is started with, so that it saves no copy.
SAVE = f"--FileContentsManager.pre_save_hook={__name__}.strip"
_VEGALITE_5 = "application/vnd.vegalite.v5+json"


def enliven() -> None:
    """Let the running kernel add the copy to each figure that it shows."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None:  # a plain Python that runs the same start-up file has none
        shell.display_pub.register_hook(with_copy)  # type: ignore[attr-defined]


def with_copy(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message to the front end with the copy in it, if it shows a figure."""
    bundle = message["content"].get("data", {})
    if output.FIGURE in bundle:
        drawn = json.dumps(vegalite.alone(bundle[output.FIGURE]))
        bundle[_VEGALITE_5] = json.loads(drawn.replace("schema/vega-lite/v6", "schema/vega-lite/v5"))
    return message


def strip(model: dict[str, Any], **_: Any) -> None:
    """Take the copies out of a notebook that is being saved."""
    for cell in model["content"].get("cells", []) if model["type"] == "notebook" else []:
        for out in cell.get("outputs", []):
            out.get("data", {}).pop(_VEGALITE_5, None)
