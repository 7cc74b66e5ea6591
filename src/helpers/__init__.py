"""What a chapter imports: tables, evidence, figures, and Altair with the book's theme switched on."""

import altair as alt

from helpers import theme
from helpers.data import load
from helpers.evidence import claims, fact
from helpers.figure import figure, table

__all__ = ["alt", "claims", "fact", "figure", "load", "table", "theme"]
