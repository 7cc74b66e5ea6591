"""Facts and claims in the page: records become targets, and the prose is held against them."""

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from helpers import data, output, prose
from helpers.sphinx_ext import record
from helpers.sphinx_ext.figures import join, source_link, table_link, table_node

logger = logging.getLogger(__name__)


class FactRenderer:
    """myst-nb plugin for facts: nothing where they stand, a row in the page's evidence."""

    mime_priority_overrides: ClassVar = [("*", output.FACT, 1)]

    @staticmethod
    def handle_mime(renderer: Any, mime: Any, inline: bool) -> list[nodes.Element] | None:
        """Record the fact."""
        if inline or mime.mime_type != output.FACT:
            return None
        record.keep(renderer.renderer.sphinx_env, "facts", mime.content["name"], mime.content)
        return [nodes.comment("", mime.content["name"])]  # an empty list would let the plain text through


class ClaimsRenderer:
    """myst-nb plugin for the claims that a chapter answers."""

    mime_priority_overrides: ClassVar = [("*", output.CLAIMS, 1)]

    @staticmethod
    def handle_mime(renderer: Any, mime: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the box at the chapter's head."""
        if inline or mime.mime_type != output.CLAIMS:
            return None
        rows: list[list[nodes.Node]] = []
        for claim in mime.content["claims"]:
            record.keep(renderer.renderer.sphinx_env, "claims", claim["claim_id"], claim)
            rows.append([_said(claim), _verdict(claim), _status(claim)])
        table = table_node(["What the article says", "Against the texts of April 2024", "Since then"], rows)
        table["classes"] += ["claims"]
        for claim, row in zip(mime.content["claims"], table.traverse(nodes.tbody)[0], strict=True):
            record.target(renderer.renderer.document, row, f"claim-{claim['claim_id']}")
        return [
            nodes.container(
                "", nodes.paragraph("", "The article’s claims in this chapter", classes=["box-title"]), table, classes=["claims-box"]
            )
        ]


def _said(claim: dict[str, str]) -> nodes.inline:
    return nodes.inline("", claim["claim"] + " ", nodes.inline("", f"(paragraph {claim['paragraph']}, {claim['kind']})", classes=["aside"]))


def _verdict(claim: dict[str, str]) -> nodes.inline:
    return nodes.inline(
        "", "", badge("verdict", claim["verdict"]), nodes.Text(" " + claim["verdict_note"] + " "), source_link(claim["source_id"])
    )


def _status(claim: dict[str, str]) -> nodes.inline:
    status = nodes.inline("", "", badge("status", claim["status_now"]), nodes.Text(" " + claim["status_note"] + " "))
    if claim["status_source_id"]:
        status += source_link(claim["status_source_id"])
    if claim["status_date"]:
        status += nodes.Text(f" (as of {claim['status_date']})")
    return status


def badge(kind: str, word: str) -> nodes.inline:
    """Return a verdict or a status as a marked word."""
    return nodes.inline("", word.replace("-", " "), classes=["badge-" + kind, f"is-{word}"])


class EvidenceSection(SphinxTransform):
    """Append a page's facts as a table, so that every number's link lands on its proof."""

    default_priority = 400  # before Sphinx numbers and collects the targets

    def apply(self, **_: Any) -> None:
        """Append the section if the page records facts."""
        facts = record.pages(self.env)[self.env.docname].facts if self.env.docname in record.pages(self.env) else {}
        if not facts:
            return
        section = nodes.section("", nodes.title("", "Evidence"), classes=["evidence"])
        record.target(self.document, section, f"evidence-{self.env.docname.rsplit('/', 1)[-1]}")
        section += nodes.paragraph("", "Every number in the text above, the rows of data that it stands on and where they come from.")
        rows: list[list[nodes.Node]] = []
        for fact in facts.values():
            parts = [nodes.inline("", "", table_link(part["table"]), nodes.Text(f", {part['lines']}")) for part in fact["rows"]]
            sources = join([source_link(source_id) for source_id in fact["sources"]], "; ")
            rows.append([nodes.strong("", fact["text"]), nodes.Text(fact["definition"]), join(parts, "; "), sources])
        table = table_node(["In the text", "What it is", "Data", "Source"], rows)
        for name, row in zip(facts, table.traverse(nodes.tbody)[0], strict=True):
            record.target(self.document, row, f"fact-{name}")
        section += nodes.container("", table, classes=["scrolls"])
        home = next((node for node in self.document if isinstance(node, nodes.section)), self.document)
        home += section


def _explain_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to a fact or a term its explanation as a title: hover works without a script."""
    facts = {name: fact for page in record.pages(app.env).values() for name, fact in page.facts.items()}
    terms = data.load("glossary").set_index("term_id")
    for link in doctree.findall(nodes.reference):
        kind, _, name = (link.get("refid") or link.get("refuri", "").rpartition("#")[2]).partition("-")
        if kind == "fact" and name in facts:
            sources = [data.source(source_id) for source_id in facts[name]["sources"]]
            said = "; ".join(
                f"{row['publisher']}{', ' + row['published'] if row['published'] else ''} (grade {row['grade']})" for row in sources
            )
            link["reftitle"] = f"{facts[name]['text']}: {facts[name]['definition']}.\nSource: {said}"
        elif kind == "term" and name in terms.index:
            term = terms.loc[name]
            japanese = f" ({term['japanese']}, {term['reading']})" if isinstance(term["japanese"], str) else ""
            link["reftitle"] = f"{term['term']}{japanese}: {term['definition']}"


def _check_prose(app: Sphinx) -> None:
    """Warn of every number in prose that the data does not bear out; the build turns warnings into errors."""
    for problem in prose.check_book(Path(app.srcdir)):
        logger.warning("%s", problem, type="report", subtype="number")


def setup(app: Sphinx) -> None:
    """Register the check of the prose and the evidence section."""
    app.connect("builder-inited", _check_prose)
    app.connect("doctree-resolved", _explain_links)
    app.add_transform(EvidenceSection)
