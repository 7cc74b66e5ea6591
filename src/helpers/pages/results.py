"""``{data-checks}``: every named check of the data, run while the page is built, with its result."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from helpers.chapter import data
from helpers.judge import truths
from helpers.judge.tables import checks
from helpers.pages.elements import scrolling, table_link, table_node

logger = logging.getLogger(__name__)


class DataChecks(SphinxDirective):
    """The totals of what loads, the checks with their results, and what they except."""

    def run(self) -> list[nodes.Node]:
        """Run the checks; a fault is a warning, which the build turns into an error."""
        schemas = {r["name"]: r for r in data.package()["resources"] if "schema" in r}
        tables = [data.load(name) for name in schemas]
        keys = sum(len(r["schema"].get("foreignKeys", [])) for r in schemas.values())
        sums = sum("sumCheck" in r for r in schemas.values())
        rows_read, cells_read = sum(len(table) for table in tables), sum(table.size for table in tables)
        loaded = (
            f"{len(tables)} tables with {rows_read:,} rows and {cells_read:,} cells were read for this page.",
            "Every cell has its type and keeps its limits, and no key occurs twice in a table.",
            f"{keys} columns refer to rows of other tables, and each reference lands.",
            f"{sums} tables promise that parts make a total; where all parts are published, they do.",
        )
        rows: list[list[nodes.Node]] = []
        exceptions: list[list[nodes.Node]] = []
        for check in checks():
            result = truths.run(check)
            for fault in result.faults:
                logger.warning("%s: %s", check.name, fault, type="report", subtype="check")
            verdict = f"holds, with {len(result.excepted)} named below" if result.excepted else "holds"
            if result.faults:
                verdict = f"fails: {'; '.join(result.faults)}"
            texts = (verdict, check.proves, f"{result.compared:,}")
            rows.append([nodes.strong("", check.name), *map(nodes.Text, texts)])
            for label, reason in result.excepted.items():
                name, _, key = label.partition(": ")
                where = nodes.inline("", "", table_link(name), nodes.Text(f": {key}" if key else ""))
                exceptions.append([where, nodes.Text(check.name), nodes.Text(reason)])
        results = table_node(["Check", "Result", "What it demands", "Compared"], rows)
        excepted = table_node(["Where", "Check", "Why it is no mistake"], exceptions)
        explanation = (
            "These rows and columns break a check, for the reason beside them; "
            "one that stops doing so is a fault too."
        )
        return [
            nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", each)) for each in loaded)),
            scrolling(results),
            nodes.rubric("", "Exceptions"),
            nodes.paragraph("", explanation),
            scrolling(excepted),
        ]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("data-checks", DataChecks)
