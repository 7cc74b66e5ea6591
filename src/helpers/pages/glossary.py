"""The terms, with their names in the book's second language: ``{glossary-table}``, ``{glossary-sheet}``."""

import pandas as pd
from docutils import nodes

from helpers.chapter import data
from helpers.pages.elements import join, link_to, page_link, source_link
from helpers.pages.listing import Listing, Rows
from helpers.settings import Language, settings


class Glossary(Listing):
    """Every term, in English order."""

    lists = "glossary"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        table = data.load("glossary").sort_values("term", key=lambda column: column.str.lower())
        rows: Rows = []
        language = settings().book.second_language
        column, linking = _column(language), self.linking("term")
        for _, term in table.iterrows():
            foreign = nodes.inline()
            if column and pd.notna(term[column]):
                foreign += [in_second_language(term[column]), nodes.Text(f" {term['reading']}")]
            meaning = nodes.inline("", f"{term['definition']} ")
            if pd.notna(term["source_id"]):
                meaning += source_link(term["source_id"])
            pages = join([page_link(page) for page in linking[term["term_id"]]], ", ")
            rows.append([nodes.strong("", term["term"]), foreign, meaning, pages])
        names = [f"term-{term_id}" for term_id in table["term_id"]]
        headers = {"Term": 20, (language.name if language else "Also"): 20, "Meaning": 40, "Used in": 20}
        return [self.listed(headers, rows, names, ["filterable", "cards"])]


class GlossarySheet(Listing):
    """The terms that have a name in the book's second language, short, for one sheet of paper."""

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        language = settings().book.second_language
        column, name = _column(language), language.name if language else ""
        table = data.load("glossary").dropna(subset=column)
        table = table.sort_values("term", key=lambda terms: terms.str.lower())
        rows: Rows = [
            [
                link_to(f"term-{term['term_id']}", term["term"]),
                in_second_language(term[column]),
                nodes.Text(term["reading"]),
            ]
            for term in table.to_dict("records")
        ]
        names = [f"sheet-{term_id}" for term_id in table["term_id"]]
        return [self.listed({"Term": 40, name: 30, "Reading": 30}, rows, names, ["sheet", "cards"])]


def _column(language: Language | None) -> str:
    """Return the column of the glossary that has the terms in the book's second language."""
    return language.name.lower() if language else ""


def in_second_language(text: str) -> nodes.inline:
    """Return words marked as the book's second language.

    A screen reader then says them right, and a browser picks its letters.
    """
    language = settings().book.second_language
    # docutils makes a lang attribute of such a class.
    return nodes.inline("", text, classes=[f"language-{language.code}"] if language else [])
