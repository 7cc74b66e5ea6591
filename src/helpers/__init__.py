"""What a chapter imports: tables, evidence, figures, and Altair with the book's theme switched on."""

import sys

from helpers.files import BookError
from helpers.settings import settings

# Imported for a command, this says in one line what is wrong with the settings.
if sys.argv[:1] == ["-m"]:
    try:
        settings()
    except BookError as error:
        sys.exit(str(error))

import altair as alt

from helpers.chapter import theme
from helpers.chapter.data import load
from helpers.chapter.exercises import answer, check
from helpers.chapter.fact import claims, fact
from helpers.chapter.figure import figure, table

__all__ = ["alt", "answer", "check", "claims", "fact", "figure", "load", "table", "theme"]
