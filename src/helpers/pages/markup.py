"""What a figure is in HTML: its drawings, what it rests on, its rows and tools, and a page with it alone."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from helpers.chapter import data, theme
from helpers.judge import corrections, lineage
from helpers.pages import drawings, repository, reuse, tips
from helpers.settings import address, settings

#: The folder of the built site that holds what belongs to a figure.
FIGURES = "_figures"
#: The folder with the pictures that shared links show, see `helpers.pages.cards`.
CARDS = "cards"
#: The marks of verdicts, in the order in which the settings have them; any more of them share the first.
MARKS = "●◐○✕◇■"
#: What a drawn row weighs by its source's grade: of a primary text or of scholars like three of the press.
_WEIGHTS = {"A": 3, "S": 3, "B": 1}
#: HTML with places; what is put in is text, unless a template says that it is safe.
_TEMPLATES = Environment(
    loader=PackageLoader("helpers.pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@cache
def drawing(folder: Path, name: str, variant: str, *, links: bool = False) -> str:
    """Return one of a figure's drawings, from the folder in which they lie, as SVG for use inside a page.

    With ``links`` its marks lead where the chart says, in the words of the book: ``#claim-…``.
    """
    drawn = slim((folder / f"{variant}.svg").read_text(encoding="utf-8"), f"{name}-{variant[0]}")
    return drawn if links else drawings.unlinked(drawn)


def sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends with a mark of its own."""
    return text if re.search(r"[.?!…]['\"’”)]*$", text) else f"{text}."


def marks() -> str:
    """Return the rules that give each verdict a mark of its own, for those who see no colours."""
    return "".join(
        f'.badge-verdict.is-{verdict}::before{{content:"{mark} "}}'
        for verdict, mark in zip(settings().verdicts, MARKS, strict=False)
    )


def size(drawn: str) -> tuple[float, float]:
    """Return the width and the height of an SVG in CSS pixels."""
    width, height = re.findall(r' (?:width|height)="([\d.]+)"', drawn)[:2]
    return float(width), float(height)


def shape(drawn: str) -> str:
    """Return the attribute with a drawing's shape: what is off the screen keeps its place undrawn."""
    width, height = size(drawn)
    return f' style="--width:{width};--height:{height}"'


def picture_html(
    spec: dict[str, Any], store: Path, *, whole: bool = True, lead: Callable[[str], str] | None = None
) -> str:
    """Return a figure's drawings, one for a page and one for a phone, of which a style sheet shows what fits.

    Unless ``whole``, the phone's is a place of the right shape, which the page script fills when a reader is
    near. ``lead`` says where from this page a name such as ``claim-c07`` is, to which a mark leads; without
    it marks lead nowhere.
    """
    folder, name, variants = drawings.folder(spec, store), spec["usermeta"]["name"], []
    linked = False
    for variant in theme.WIDTHS:
        drawn = drawing(folder, name, variant, links=bool(lead))
        if lead and "<a href=" in drawn:
            drawn, linked = _led(drawn, lead), True
        # A part that pages share knows no page's addresses.
        later = "" if whole or linked or variant == "wide" else f' data-part="{name}.{variant}"'
        variants.append(f'<div class="{variant}"{shape(drawn)}{later}>{"" if later else drawn}</div>')
    controls = _controls(spec)
    alt = escape(spec["description"])
    return (
        f'<div class="chart-picture" data-chart="{name}" role="{"group" if linked else "img"}"'
        f' aria-label="{alt}"'
        f' style="--controls:{controls}">{"".join(variants)}</div>'
    )


def _led(drawn: str, lead: Callable[[str], str]) -> str:
    """Return a drawing with the addresses of what its marks lead to.

    The Tab key passes them by: they are many, and the table of the figure's data has each as a link.
    """

    def opened(found: re.Match[str]) -> str:
        words = found[1].replace("-", " ").capitalize()
        return f'<a href="{escape(lead(found[1]))}" tabindex="-1"><title>{words}</title>'

    return re.sub(r'<a href="#([^"]*)">', opened, drawn)


def _controls(spec: dict[str, Any]) -> int:
    """Return how many sliders, menus and the like a figure has."""
    return json.dumps(spec.get("params", [])).count('"bind": {')


def headers(spec: dict[str, Any], columns: list[str]) -> list[str]:
    """Return the columns' titles with units, from the schemas of the tables that the figure names."""
    known = {name: tips.heading(field) for name, field in drawings.fields(spec).items()}
    return [known.get(column, tips.plain(column)) for column in columns]


def source_line(source_ids: list[str], listed: str | None) -> str:
    """Return the HTML that names a figure's sources: each publisher once, with grade, its dates as links."""
    dates: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source_id in source_ids:
        row = data.source(source_id)
        link = _link(listed, f"source-{source_id}", row["published"] or "undated")
        dates[row["publisher"], lineage.grade(row)].append(link)
    return "; ".join(
        f"{escape(publisher)}, {', '.join(links)} ({grade})" for (publisher, grade), links in dates.items()
    )


def _link(page: str | None, anchor: str, text: str) -> str:
    return text if page is None else f'<a href="{page}#{anchor}">{text}</a>'


def slim(drawing: str, prefix: str) -> str:
    """Return an SVG for use inside a page: own ids, and nothing that the page gives already."""
    # Tags only: a label is never touched.
    drawing = re.sub(r'<(?:[^>"]|"[^"]*")*>', lambda tag: _slim_tag(tag[0], prefix), drawing)
    drawing = re.sub(r'<path(?: class="background")? d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>', "", drawing)
    return re.sub(r"<g></g>", "", drawing)


def _slim_tag(tag: str, prefix: str) -> str:
    tag = re.sub(r' (?:aria-[\w-]+|role|font-family|xmlns(?::\w+)?|version|pointer-events)="[^"]*"', "", tag)
    given = (
        r'(?:(?:stroke-|fill-)?opacity|stroke-width)="1"|stroke-miterlimit="4"|transform="translate\(0,0\)"'
    )
    tag = re.sub(f" (?:{given})", "", tag)
    tag = re.sub(r' class="(?!background)[^"]*"', "", tag)
    tag = re.sub(r"var\((--rb-[\w-]+), #[0-9a-f]{6}\)", r"var(\1)", tag)
    tag = re.sub(r'(id="|url\(#)(?=(?:clip|gradient_)\d)', rf"\g<1>{prefix}-", tag)
    return re.sub(r"(\d\.\d)\d+", r"\1", tag)


def backing_html(
    content: dict[str, Any], sources: str | None, catalogue: str | None, *, again: bool = False
) -> str:
    """Return what a figure or table rests on: sources with dates and grades, unit, span, data, notes.

    Parameters
    ----------
    content
        The stored output of ``figure`` or ``table``.
    sources, catalogue
        Addresses of the list of sources and of the data catalogue, or None where the book has none.
    again
        Whether it stands on a sheet that has it from another page, which says what was corrected.
    """
    meta = content.get("usermeta") or content["report-book"]
    lines = [f'<span class="sources">Source: {source_line(meta["sources"], sources)}.</span>']
    if meta.get("unit"):
        lines.append(f"Unit: {sentence(escape(meta['unit']))}")
    if "datasets" in content and (span := drawings.span(content)):
        lines.append(f"Span: {span}.")
    if names := meta.get("tables"):
        links = (_link(catalogue, f"table-{name.replace('_', '-')}", name) for name in names)
        vintage = max(data.resource(name).get("vintage", "") for name in names)
        lines.append(f"Data: {', '.join(links)}, to {vintage}.")
    if meta.get("note"):
        lines.append(f"Note: {escape(meta['note'])}")
    if again:
        days = corrections.days(meta["name"], meta["sources"])
        lines += (f"Corrected on {day}; its own page says what." for day in days)
    else:
        lines += map(escape, corrections.told(meta["name"], meta["sources"]))
    return f'<p class="chart-source">{" ".join(lines)}</p>'


def source_html(
    content: dict[str, Any], sources: str | None, catalogue: str | None, *, again: bool = False
) -> str:
    """Return what `backing_html` does, folded behind one publisher, how many others, and the unit."""
    meta = content.get("usermeta") or content["report-book"]
    named = publishers(meta)
    more = f" and {len(named) - 1} more" if len(named) > 1 else ""
    unit = f" · {meta['unit']}" if meta.get("unit") else ""
    whole = backing_html(content, sources, catalogue, again=again)
    return render("source", first=f"Source: {', '.join(named[:1])}", rest=f"{more}{unit}", whole=whole)


def publishers(meta: dict[str, Any]) -> list[str]:
    """Return the publishers of a figure's sources; the one whose drawn rows weigh most comes first.

    Publishers of equal weight stay in the order of the sources.
    """
    weights = dict.fromkeys((data.source(source_id)["publisher"] for source_id in meta["sources"]), 0)
    for table in meta.get("tables", []):
        rows = data.load(table)
        if drawn := meta.get("lines", {}).get(table):
            rows = rows.loc[data.numbered(drawn)]
        if "source_id" in rows:
            for source_id in rows["source_id"][rows["source_id"].isin(meta["sources"])]:
                source = data.source(source_id)
                weights[source["publisher"]] += _WEIGHTS.get(source["grade"], 0)
    return sorted(weights, key=weights.__getitem__, reverse=True)


def leads(spec: dict[str, Any], store: Path, lead: Callable[[str], str]) -> dict[str, str]:
    """Return the addresses to which marks lead, by what a row says: ``c07`` for ``claim-c07``."""
    drawn = drawing(drawings.folder(spec, store), spec["usermeta"]["name"], "wide", links=True)
    names = re.findall(r'<a href="#([^"]*)">', drawn)
    return {name.partition("-")[2]: lead(name) for name in names}


def rows_html(spec: dict[str, Any], leads: Mapping[str, str]) -> str:
    """Return the rows that a figure draws as a table, in which what a mark leads to is a link."""
    columns, records = drawings.rows(spec)
    rows = [[_written(column, row.get(column)) for column in columns] for row in records]
    return render("rows", heads=headers(spec, columns), rows=rows, leads=leads)


def _written(column: str, value: Any) -> str:
    """Return a value as a reader should see it, years without the comma of thousands."""
    return str(value) if column.endswith("year") and isinstance(value, int) else drawings.shown(value)


def tools_html(spec: dict[str, Any], root: str, store: Path, *, rows: str = "", code: str = "") -> str:
    """Return a figure's data as a table, its code and downloads, and how to cite and reuse it.

    ``root`` leads to the site's top, ``store`` holds the drawings. Without ``rows`` the page script fetches
    the table when a reader opens it.
    """
    meta, folder = spec["usermeta"], drawings.folder(spec, store)
    tallest = max(size(drawing(folder, meta["name"], variant))[1] for variant in theme.WIDTHS)
    given = {
        "citation": reuse.citation(meta),
        "downloads": drawings.FORMATS,
        "folder": root + FIGURES,
        "height": 420 + round(tallest) + 80 * _controls(spec),  # with its words, on a phone too
        "rows": rows,
        "code": code,
        "report": repository.report(meta["name"]),
    }
    return render("tools", **{key: meta.get(key) for key in ("name", "title", "tables", "lines")}, **given)


def render(template: str, **given: Any) -> str:
    """Return what a template makes of what it is given."""
    html: str = _TEMPLATES.get_template(f"{template}.html").render(given)
    return html


def alone(
    spec: dict[str, Any],
    home: str,
    store: Path,
    sources: str | None = None,
    catalogue: str | None = None,
    icon: str = "",
    lead: Callable[[str], str] | None = None,
) -> str:
    """Return a page with one figure, which lies in a folder of its own beside the book's pages.

    ``home`` is its chapter's page, ``sources`` and ``catalogue`` list these, from the site's top, if the book
    does; ``icon`` is the name of the site's icon. ``lead`` says where from the site's top a mark leads.
    """
    meta = spec["usermeta"]
    up = [page and f"../{page}" for page in (sources, catalogue)]
    above = lead and (lambda name: f"../{lead(name)}")
    return render(
        "alone",
        **{key: meta[key] for key in ("name", "title", "caption")},
        book=settings().book,
        site=address(),
        folder=FIGURES,
        cards=CARDS,
        alt=spec["description"],
        icon=f"../_static/{icon}" if icon else "data:,",
        home=f"{home}#{meta['name']}",
        picture=picture_html(spec, store, lead=above),
        backing=source_html(spec, *up),
        tools=tools_html(
            spec, "../", store, rows=rows_html(spec, leads(spec, store, above) if above else {})
        ),
    )
