"""What a chapter imports: tables, evidence, figures, and Altair with the book's theme switched on.

Each is loaded when it is asked for, so that the command line starts at once, and with nothing installed.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

    from helpers.chapter import theme
    from helpers.chapter.data import load
    from helpers.chapter.exercises import answer, check
    from helpers.chapter.fact import claims, fact
    from helpers.chapter.figure import figure, table
    from helpers.chapter.marks import label, remark
    from helpers.chapter.matters import with_status

__all__ = [
    "alt",
    "answer",
    "check",
    "claims",
    "fact",
    "figure",
    "label",
    "load",
    "remark",
    "table",
    "theme",
    "with_status",
]

_HOMES = {
    "alt": "theme",  # whoever draws has the theme switched on
    "answer": "exercises",
    "check": "exercises",
    "claims": "fact",
    "fact": "fact",
    "figure": "figure",
    "label": "marks",
    "load": "data",
    "remark": "marks",
    "table": "figure",
    "theme": "theme",
    "with_status": "matters",
}

# Altair loads jsonschema, which would spend a second on a grammar of web addresses; no chart has any.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"helpers.chapter.{_HOMES[name]}")
    return home if name == "theme" else getattr(home, name)
