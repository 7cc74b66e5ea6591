"""What a chapter imports: tables, evidence, figures, and Altair with the book's theme switched on."""

import sys

# Altair's checks load jsonschema, which at each start would spend a second on a grammar of web addresses; no chart has any.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import altair as alt  # noqa: E402

from helpers import theme  # noqa: E402
from helpers.data import load  # noqa: E402
from helpers.evidence import claims, fact  # noqa: E402
from helpers.figure import figure, table  # noqa: E402

__all__ = ["alt", "claims", "fact", "figure", "load", "table", "theme"]
