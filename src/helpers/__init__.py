"""What a chapter imports: tables, evidence, figures, and Altair with the book's theme switched on."""

import altair as alt

from helpers.chapter import theme
from helpers.chapter.data import load
from helpers.chapter.exercises import answer, check
from helpers.chapter.fact import claims, fact
from helpers.chapter.figure import figure, table
from helpers.chapter.matters import with_status

__all__ = ["alt", "answer", "check", "claims", "fact", "figure", "load", "table", "theme", "with_status"]
